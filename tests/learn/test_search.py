"""/cari/: everybody finds a lesson by what it says, and a typing error does no harm."""

from importlib import import_module

import pytest
from django.apps import apps
from wagtail.models import Page, PageViewRestriction

from courses.models import Figure, LessonPage, ModulePage, Passage
from courses.search import find, index, index_missing
from tests import factories
from tests.learn.test_languages import choose, restricted, translated
from tests.pages import soup, text

pytestmark = pytest.mark.django_db


def found(asked: str) -> list[str]:
    """The slugs of the lessons, in their order."""
    return [result.page.slug for result in find(asked).results]


@pytest.fixture
def lesson() -> LessonPage:
    """The only one that says «panglong» and «berselancar»."""
    lesson = factories.lessons("merek")[0]
    lesson.body = [
        {"type": "heading", "id": "h", "value": "Pembuka"},
        {
            "type": "key_points",
            "id": "k",
            "value": [{"type": "item", "id": "i", "value": "Pergi ke panglong. Beli papan."}],
        },
        {"type": "paragraph", "id": "p", "value": "<p>Nelayan <b>berselancar</b> pagi.</p>"},
    ]
    lesson.save_revision().publish()
    return lesson


# --- What is found --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("asked", ["berselancar", "selancar", "Peselancar", "berselncar", "nelayan yang berselancar"])
def test_a_lesson_is_found_by_its_stems_and_with_a_typing_error(lesson, asked):
    assert found(asked)[0] == lesson.slug


def test_kemasn_finds_the_module_of_kemasan():
    (first, *_) = find("kemasn").results
    assert (first.module.title, find("kemasn").instead) == (factories.module("kemasan").title, "kemasan")


def test_each_module_is_found_by_its_title(client):
    """They are what an empty search offers."""
    for module in ModulePage.objects.live():
        assert find(module.title).results


def test_the_sentence_is_shown_with_the_way_to_it(client, lesson):
    page = soup(client.get("/cari/", {"q": "panglong"}))
    (result,) = page.select("main ol > li")
    assert result.a["href"] == f"{lesson.url}#b2"
    assert soup(client.get(lesson.url)).find(id="b2").select_one(".points")
    assert text(result.select_one("p:last-child")) == "Pergi ke panglong ."
    assert [text(mark) for mark in result.select("mark")] == ["panglong"]


def test_the_lesson_with_more_of_the_words_comes_first(lesson):
    assert found("pembeli berselancar ke panglong")[0] == lesson.slug


def test_a_figure_in_a_sentence_is_shown_as_it_is_now(client, lesson):
    figure = Figure.objects.first()
    lesson.body = [{"type": "tip", "id": "t", "value": f"Ongkos panglong {{{figure.slug}}} sekali."}]
    lesson.save_revision().publish()
    Figure.objects.filter(pk=figure.pk).update(value="Rp9.999")
    assert "Rp9.999 sekali" in text(soup(client.get("/cari/", {"q": "panglong"})).main)


# --- What is not ----------------------------------------------------------------------------------------------------


def test_what_is_taken_back_is_not_found(lesson):
    lesson.unpublish()
    assert found("panglong") == []
    assert not Passage.objects.filter(page=lesson).exists()


def test_a_draft_is_not_found(lesson):
    lesson.title = "Perahu cadik"
    lesson.save_revision()
    assert found("cadik") == []


def test_what_an_edition_no_longer_says_is_not_found(lesson):
    lesson.body = [{"type": "tip", "id": "t", "value": "Menanam kecombrang."}]
    lesson.save_revision().publish()
    assert (found("panglong"), found("kecombrang")) == ([], [lesson.slug])


@pytest.mark.parametrize("where", ["lesson", "module"])
def test_what_not_everybody_may_read_is_not_found(lesson, where):
    page = lesson if where == "lesson" else lesson.get_parent()
    PageViewRestriction.objects.create(page=page, restriction_type=PageViewRestriction.LOGIN)
    assert found("panglong") == []


@pytest.mark.parametrize("change", [{"live": False}, {"for_learners": False}], ids=["taken back", "companions'"])
def test_lessons_of_a_module_that_learners_do_not_see_are_not_found(lesson, change):
    ModulePage.objects.filter(pk=lesson.get_parent().pk).update(**change)
    assert found("panglong") == []


def test_a_scheduled_page_that_is_deleted_leaves_nothing(lesson):
    Page.objects.get(pk=lesson.pk).delete()
    assert found("panglong") == []


# --- In another language --------------------------------------------------------------------------------------------


@pytest.fixture
def jawa(lesson) -> LessonPage:
    """The lesson as it is told in Javanese."""
    told = translated(lesson, "Jeneng sing becik")
    told.body = [
        {"type": "heading", "id": "h", "value": "Pambuka"},
        {"type": "tip", "id": "t", "value": "Lunga menyang panglong. Tuku blabag."},
    ]
    told.save_revision().publish()
    return LessonPage.objects.get(pk=told.pk)


def results(client, asked: str) -> list[tuple]:
    """Of each result: where it leads, and what it tells, with the language."""
    items = soup(client.get("/cari/", {"q": asked})).select("main ol > li")
    return [(item.a["href"], *((tag.get("lang"), text(tag)) for tag in item.select("a, p"))) for item in items]


@pytest.mark.parametrize("who", ["visitor", "learner"])
def test_who_reads_in_javanese_finds_words_of_it_and_the_sentence_opens_in_it(client, request, lesson, jawa, who):
    if who == "learner":
        request.getfixturevalue("sari")
    choose(client, "jv")
    module = factories.module("merek").title
    assert results(client, "blabag") == [
        (f"/jv{lesson.url}#b2", ("jv", "Jeneng sing becik"), (None, module), ("jv", "Tuku blabag .")),
    ]
    assert soup(client.get(f"/jv{lesson.url}")).find(id="b2").select_one(".tip")


def test_she_finds_indonesian_words_too_and_each_lesson_once(client, lesson, jawa):
    above = jawa.get_parent().specific
    above.alias_of, above.title = None, "Jenenge dagangan"
    above.save_revision().publish()
    choose(client, "jv")
    title, module = ("jv", "Jeneng sing becik"), ("jv", "Jenenge dagangan")
    assert results(client, "nelayan") == [
        (f"/jv{lesson.url}#b3", title, module, (None, "Nelayan berselancar pagi.")),
    ]
    assert results(client, "panglong") == [
        (f"/jv{lesson.url}#b2", title, module, ("jv", "Lunga menyang panglong .")),
    ]


def test_who_reads_in_indonesian_finds_no_word_of_another_language(client, lesson, jawa):
    assert results(client, "blabag") == []
    assert [href for href, *_ in results(client, "panglong")] == [f"{lesson.url}#b2"]


@pytest.mark.parametrize("closed", ["lesson", "module", "translation"])
def test_what_is_closed_in_any_language_is_not_found_in_javanese(client, lesson, jawa, closed):
    restricted({"lesson": lesson, "module": lesson.get_parent(), "translation": jawa}[closed])
    choose(client, "jv")
    assert results(client, "blabag") == []


@pytest.mark.parametrize("page", ["lesson", "translation"])
def test_what_is_taken_back_is_not_found_in_javanese(client, lesson, jawa, page):
    (lesson if page == "lesson" else jawa).unpublish()
    choose(client, "jv")
    assert results(client, "blabag") == []


def test_copies_of_the_original_are_not_kept_twice(lesson, jawa):
    copy = translated(factories.lessons("merek")[1], "Milih jeneng")
    original = factories.lessons("merek")[2]
    alias = original.copy_for_translation(copy.locale, alias=True)
    original.save_revision().publish()
    assert not alias.passages.exists()
    assert index_missing() == 0


def modules(client, asked: str) -> list[tuple]:
    """Of each module that is found by its name: where it leads, its language, and its title."""
    found = soup(client.get("/cari/", {"q": asked})).select("section[aria-labelledby=modul] a")
    return [(one["href"], one.span.get("lang"), text(one)) for one in found]


def test_a_module_is_found_by_its_name_though_no_lesson_says_it(client, lesson):
    module = lesson.get_parent().specific
    module.title = "Kecombrang Andalan"
    module.save_revision().publish()
    there = [("/modul/merek/", None, "Kecombrang Andalan")]
    assert modules(client, "kecombrang andalan") == there
    assert modules(client, "modul kecombrng") == modules(client, "beli kecombrang") == there
    assert "Yang dicari: kecombrang " in text(soup(client.get("/cari/", {"q": "modul kecombrng"})).main)
    page = soup(client.get("/cari/", {"q": "modul kecombrang"}))
    assert not page.select("section[aria-labelledby=coba]")
    assert modules(client, "kecombrang yang dijual nelayan") == []


@pytest.mark.parametrize("change", ["taken back", "closed", "companions'"])
def test_a_module_that_learners_do_not_see_is_not_found_by_its_name(client, lesson, change):
    module = lesson.get_parent()
    hers = (module.url, None, module.title)
    assert hers in modules(client, module.title)
    if change == "closed":
        restricted(module)
    else:
        ModulePage.objects.filter(pk=module.pk).update(**{"live" if change == "taken back" else "for_learners": False})
    assert hers not in modules(client, module.title)


def test_who_reads_in_javanese_finds_a_module_by_either_name_and_is_offered_what_she_would_read(client, jawa):
    module = factories.module("merek")
    above = jawa.get_parent().specific
    above.alias_of, above.title = None, "Jenenge dagangan"
    above.save_revision().publish()
    choose(client, "jv")
    there = [("/jv/modul/merek/", "jv", "Jenenge dagangan")]
    assert modules(client, "dagangan") == modules(client, module.title) == there
    offered = soup(client.get("/cari/")).select("section[aria-labelledby=coba] a span")
    titles = [(one.get("lang"), text(one)) for one in offered]
    assert ("jv", "Jenenge dagangan") in titles and (None, module.title) not in titles
    assert (None, factories.module("kemasan").title) in titles
    choose(client, "id")
    assert modules(client, "dagangan") == []


# --- The screen -----------------------------------------------------------------------------------------------------


def test_the_form_is_a_plain_get_and_keeps_what_was_typed(client):
    form = soup(client.get("/cari/", {"q": "merek"})).select_one("main form")
    assert (form["method"], form["action"], form.input["value"]) == ("get", "/cari/", "merek")


def test_without_words_it_offers_some(client):
    offered = soup(client.get("/cari/")).select("main li a")
    assert text(offered[0]) == ModulePage.objects.live().order_by("path").first().title


def test_where_nothing_is_found_it_says_so_and_offers_others(client):
    page = soup(client.get("/cari/", {"q": "xyzzyq"}))
    assert text(page.select_one("[role=status]")) == "Belum ketemu: xyzzyq . Coba kata lain."
    assert page.select("main li a")


def test_it_is_one_tap_away_from_everywhere(client):
    assert soup(client.get("/modul/")).select_one("main form[action='/cari/'] input[name=q]")
    client.force_login(factories.learner(pin=None).user)
    assert soup(client.get("/belajar/")).select_one("nav.foot a[href='/cari/']")


@pytest.mark.parametrize(
    "asked",
    [
        "a" * 10_000,
        "kata " * 5_000,
        "a\0b",
        "\U0001f600",
        "%",
        "_",
        "' OR 1=1 --",
        "{x}",
        "<script>alert(1)</script>",
        "\ud800",
    ],
    ids=lambda asked: ascii(asked[:9]),
)
def test_anything_may_be_asked(client, asked):
    """W5"""
    response = client.get("/cari/", {"q": asked.encode(errors="surrogatepass")})
    assert response.status_code == 200
    assert "<script>alert(1)" not in response.text


def test_all_lessons_are_searched_in_few_queries(client, django_assert_num_queries):
    client.get("/cari/", {"q": "usaha"})  # the site's addresses are kept from now on
    assert LessonPage.objects.live().count() == 43
    with django_assert_num_queries(6):
        client.get("/cari/", {"q": "usaha pembeli harga"})
    with django_assert_num_queries(8):
        client.get("/cari/", {"q": "kemasn"})


def test_a_search_in_javanese_asks_little_more(client, jawa, django_assert_num_queries):
    choose(client, "jv")
    client.get("/cari/", {"q": "usaha"})
    with django_assert_num_queries(9):
        client.get("/cari/", {"q": "usaha pembeli harga panglong"})


def test_lessons_published_before_there_was_a_search_are_taken_in(lesson, jawa):
    Passage.objects.filter(page__in=[lesson, jawa]).delete()
    assert (index_missing(), index_missing()) == (2, 0)
    assert found("panglong") == [lesson.slug]


def test_what_an_older_server_took_for_one_word_is_found_after_an_update(lesson):
    lesson.goal = "Warung buka Senin–Jumat."
    lesson.save_revision().publish()
    lesson.passages.filter(text=lesson.goal).update(words=" warung buka seninjumat ", stems=" warung buka seninjumat ")
    assert lesson.slug not in found("jumat")
    import_module("courses.migrations.0014_passages_anew").forget(apps, None)
    index_missing()
    assert lesson.slug in found("jumat")


def test_who_published_first_and_is_indexed_last_leaves_what_is_published_now(lesson):
    older = LessonPage.objects.get(pk=lesson.pk)
    lesson.goal = "Warung buka tiap pagi."
    lesson.save_revision().publish()
    index(older)
    assert lesson.passages.filter(text=lesson.goal).exists()


def test_who_publishes_a_lesson_while_it_is_taken_back_leaves_no_sentence_of_it(lesson):
    older = LessonPage.objects.get(pk=lesson.pk)
    lesson.unpublish()
    index(older)
    assert not lesson.passages.exists()

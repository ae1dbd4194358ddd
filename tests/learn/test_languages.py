"""A module in Javanese beside Indonesian: what is not told yet is read in Indonesian; what is learned counts once."""

import json
from collections import defaultdict

import pytest
from django.test import Client
from django.utils import timezone
from wagtail.models import Locale, PageViewRestriction
from wagtail.rich_text import RichText

from badges.models import BadgeAward
from courses.models import Figure, LessonPage, ModulePage
from learn import intake
from learn.models import RefusedWork
from progress.facts import outline
from progress.models import LessonCompletion, ModuleAssignment
from quizzes.models import QuizPage
from tests import factories as make
from tests.pages import links, soup, text

pytestmark = pytest.mark.django_db
LESSON = "/modul/merek/memilih-nama/"
MODULE = "/modul/merek/"


def translated(page, title: str, code: str = "jv", *, live: bool = True):
    """As an editor translates a page with Wagtail: the pages above it follow as copies."""
    copy = page.copy_for_translation(Locale.objects.get(language_code=code), copy_parents=True)
    copy.title = copy.draft_title = title
    revision = copy.save_revision()
    if live:
        revision.publish()
    return copy


@pytest.fixture
def jawa():
    """The second lesson of «Merek» is told in Javanese."""
    return translated(make.lessons("merek")[1], "Milih jeneng")


@pytest.fixture
def lesson() -> LessonPage:
    return make.lessons("merek")[1]


def choose(client, code: str, page=None):
    key = (page or make.module("merek")).translation_key
    return client.post(f"/bahasa/{key}/", {"language": code})


def languages(response) -> list[str]:
    """What stands in the row of languages; the one that is read has a mark."""
    buttons = soup(response).select("form[aria-label=Bahasa] button")
    return [f"{'✓ ' if button.has_attr('aria-current') else ''}{text(button)}" for button in buttons]


# --- Where there is no other language -----------------------------------------------------------------------------


def test_without_a_translation_nothing_shows_and_no_address_leads_elsewhere(client):
    for address in (MODULE, LESSON):
        page = client.get(address)
        assert languages(page) == []
        assert not soup(page).select("main [lang]:not([lang=id])")
        assert client.get(f"/jv{address}").headers["Location"] == address


def test_a_language_that_was_chosen_changes_nothing_where_it_is_not_offered(client, jawa):
    choose(client, "jv")
    assert client.get("/modul/kemasan/").status_code == 200
    assert client.get("/").status_code == client.get("/modul/").status_code == 200
    assert client.get("/jv/").status_code == 404


# --- Reading -------------------------------------------------------------------------------------------------------


def test_a_lesson_is_read_in_javanese_under_its_address_with_jv_before_it(client, jawa, lesson):
    assert lesson.url == LESSON
    page = client.get(f"/jv{LESSON}")
    assert page.status_code == 200
    assert text(soup(page).h1) == "Milih jeneng"
    assert soup(page).select_one("article")["lang"] == "jv"
    assert soup(page).html["lang"] == "id", "all that is said around it"
    assert languages(page) == ["Indonesia", "✓ Basa Jawa"]
    assert languages(client.get(LESSON)) == ["✓ Indonesia", "Basa Jawa"]


def test_our_own_words_in_a_javanese_lesson_are_marked_as_indonesian(client, sari, lesson):
    """Whatever part of a lesson there is: only what its author wrote is told in Javanese."""
    written = "Basane"
    told = translated(lesson, written)
    told.goal = written
    picture = {"image": make.picture(), "alt_text": written, "caption": written}
    told.body = [
        *((kind, written) for kind in ("heading", "text", "tip", "warning")),
        ("paragraph", RichText(f"<p>{written}</p>")),
        ("example", {"title": written, "text": written}),
        ("key_points", [written]),
        ("steps", [{"text": written, "image": None, "alt_text": ""}]),
        ("picture", picture),
        ("figure", Figure.objects.first()),
        ("voice", make.recording()),
        ("audio", {"title": written, "media": make.recording(), "transcript": written}),
        ("video", {"title": written, "media": make.recording("video"), "transcript": written}),
        ("quick_check", {"question": written, "choices": [], "explanation": ""}),
    ]
    told.practice = [("task", {"instruction": written, "evidence": ["photo"]})]
    told.save_revision().publish()
    for headers in ({}, {"HTTP_SAVE_DATA": "on"}):
        article = soup(client.get(f"/jv{LESSON}", **headers)).article
        said = defaultdict(set)
        for words in article.find_all(string=True):
            if words.strip() and words.find_parent(["script", "style"]) is None:
                said[words.find_parent(lang=True)["lang"]].add(words.strip())
        assert said["jv"] == {written}
        assert {"Inti", "Langkah", "Hati-hati", "Saran", "Cek paham", "Praktik di rumah", "Dengarkan"} <= said["id"]
        assert written not in said["id"]


def test_what_is_not_told_in_javanese_yet_is_read_in_indonesian_and_says_so(client, jawa):
    first = make.lessons("merek")[0]
    page = client.get(f"/jv{first.url}")
    assert text(soup(page).h1) == first.title
    assert not soup(page).article.has_attr("lang")
    assert "Pelajaran ini belum ada dalam Basa Jawa." in text(soup(page).main)
    assert soup(page).select_one("[data-next]")["data-next"] == f"/jv{LESSON}", "the way on stays in the language"


@pytest.mark.parametrize("page", ["lesson", "module"])
def test_an_address_in_javanese_leads_on_where_its_page_has_another_since(client, jawa, lesson, committed, page):
    moved = lesson if page == "lesson" else make.module("merek")
    moved.slug = "yang-baru"
    with committed():
        moved.save_revision().publish()
    now = f"/jv{LessonPage.objects.get(pk=lesson.pk).url}"
    assert client.get(f"/jv{LESSON}", follow=True).redirect_chain == [(now, 301)]
    assert client.get("/jv/modul/merek/tidak-ada/").status_code == 404


def test_an_old_address_to_which_its_page_came_back_and_was_taken_down_leads_nowhere(client, jawa, lesson, committed):
    before = lesson.slug
    for slug in ("yang-baru", before):
        lesson.slug = slug
        with committed():
            lesson.save_revision().publish()
    lesson.unpublish()
    assert client.get(f"/jv{LESSON}").status_code == 404


def test_the_module_lists_each_lesson_as_it_is_told(client, jawa):
    page = client.get(f"/jv{MODULE}")
    rows = {text(row.b): (row.b.get("lang"), row["href"]) for row in soup(page).select("ol.rows a.row")}
    assert rows["Milih jeneng"] == ("jv", f"/jv{LESSON}")
    assert all(href.startswith("/jv/modul/merek/") for _, href in rows.values())
    assert [lang for lang, _ in rows.values()].count("jv") == 1


def test_a_title_in_javanese_is_marked_so_wherever_a_learner_meets_it(client, sari):
    for slug in ("pengenalan-motivasi", "merek"):
        for page in (make.module(slug), make.lessons(slug)[0]):
            translated(page, f"Basane {page.title}")
    choose(client, "jv")
    unmarked, seen = [], 0
    for address in ("/belajar/", f"/jv{MODULE}", f"/jv{MODULE}kuis/", "/jv/modul/pengenalan-motivasi/kuis/"):
        for words in soup(client.get(address)).main.find_all(string=lambda words: words and "Basane" in words):
            seen += 1
            if words.find_parent(lang=True)["lang"] != "jv":
                unmarked.append((address, str(words)))
    assert unmarked == []
    assert seen > 10


def translated_module(slug: str, title: str, summary: str):
    told = translated(make.module(slug), title)
    told.summary = summary
    told.save_revision().publish()


@pytest.mark.parametrize("who", ["visitor", "learner"])
def test_the_list_of_modules_tells_each_as_it_is_read_and_leads_there(client, request, jawa, who):
    if who == "learner":
        request.getfixturevalue("sari")
    translated_module("kemasan", "Wadhah", "Piye milih wadhah?")
    choose(client, "jv")
    for address in ("/", "/modul/"):
        page = soup(client.get(address))
        cards = {card.a["href"]: card for card in page.select("li.mod")}
        assert [(tag.get("lang"), text(tag)) for tag in cards["/jv/modul/kemasan/"].select("a, p")] == [
            ("jv", "Wadhah"),
            ("jv", "Piye milih wadhah?"),
        ]
        merek = make.module("merek")
        assert [(tag.get("lang"), text(tag)) for tag in cards["/jv/modul/merek/"].select("a, p")] == [
            (None, merek.title),
            (None, merek.summary),
        ], "only a lesson of it is told"
        others = {href for href in cards if not href.startswith("/jv/")}
        assert (len(cards), len(others)) == (8, 6)


def test_who_reads_in_indonesian_gets_the_list_of_modules_in_indonesian(client, jawa):
    translated_module("kemasan", "Wadhah", "Piye milih wadhah?")
    for address in ("/", "/modul/"):
        page = client.get(address)
        assert "Wadhah" not in page.text
        assert not soup(page).select("main [lang]")
        assert "/modul/kemasan/" in links(page)


def test_a_draft_is_not_offered(client, lesson):
    translated(lesson, "Milih jeneng", live=False)
    assert languages(client.get(LESSON)) == []
    assert client.get(f"/jv{LESSON}").status_code == 302


def test_two_languages_stand_side_by_side(client, jawa):
    translated(make.lessons("merek")[0], "Naon ari merek", "su")
    assert languages(client.get(f"/su{MODULE}")) == ["Indonesia", "Basa Jawa", "✓ Basa Sunda"]


def restricted(page):
    """«Privasi: hanya yang masuk»."""
    return PageViewRestriction.objects.create(page=page, restriction_type=PageViewRestriction.LOGIN)


@pytest.mark.parametrize("where", ["lesson", "module"])
def test_what_is_closed_to_the_public_is_closed_in_every_language(client, jawa, lesson, where):
    restricted(lesson if where == "lesson" else make.module("merek"))
    for address in (LESSON, f"/jv{LESSON}"):
        page = client.get(address)
        assert (page.status_code, page.headers["Location"]) == (302, f"/_util/login/?next={address}")
        assert "no-store" in page.headers["Cache-Control"]


def test_a_translation_that_is_closed_is_closed_however_one_comes_to_it(client, jawa):
    restricted(jawa)
    closed = f"/_util/login/?next=/jv{LESSON}"
    assert client.get(f"/jv{LESSON}").headers["Location"] == closed
    choose(client, "jv")
    assert client.get(client.get(LESSON).headers["Location"]).headers["Location"] == closed


def test_who_may_read_a_closed_lesson_reads_it_in_her_language(client, sari, jawa, lesson):
    restricted(lesson)
    page = client.get(f"/jv{LESSON}")
    assert text(soup(page).h1) == "Milih jeneng"
    assert "no-store" in page.headers["Cache-Control"]


def test_an_editor_is_led_to_the_translation_and_not_to_its_original(client, jawa):
    jawa.slug = "milih-jeneng"
    jawa.save_revision().publish()
    client.force_login(make.staff("Peninjau materi"))
    assert f"/jv{LESSON}" in links(client.get(f"/kelola/pages/{jawa.pk}/edit/"))
    assert LESSON not in links(client.get(f"/kelola/pages/{jawa.pk}/edit/"))
    assert LessonPage.objects.get(pk=jawa.pk).full_url.endswith(f"/jv{LESSON}")


# --- Remembering ---------------------------------------------------------------------------------------------------


def test_a_visitors_choice_is_remembered_by_the_browser(client, jawa):
    assert choose(client, "jv").headers["Location"] == f"/jv{MODULE}"
    assert client.get(LESSON).headers["Location"] == f"/jv{LESSON}"
    assert choose(client, "id").headers["Location"] == MODULE
    assert client.get(LESSON).status_code == 200


def test_a_learners_choice_is_remembered_with_her_account(client, sari, jawa):
    choose(client, "jv")
    other_phone = Client()
    other_phone.force_login(sari.user)
    assert other_phone.get(LESSON).headers["Location"] == f"/jv{LESSON}"
    assert f"/jv{MODULE}" in links(other_phone.get("/belajar/"))
    assert Client().get(LESSON).status_code == 200, "nobody else's"


def test_a_visitors_choice_goes_on_after_the_sign_in_until_she_makes_one_of_her_own(client, sari, jawa):
    phone = Client()
    choose(phone, "jv")
    phone.force_login(sari.user)
    assert phone.get(LESSON).headers["Location"] == f"/jv{LESSON}"
    assert f"/jv{MODULE}" in links(phone.get("/belajar/"))
    choose(phone, "id")
    assert phone.get(LESSON).status_code == 200
    assert f"/jv{MODULE}" not in links(phone.get("/belajar/"))


def test_what_a_learner_chose_herself_goes_before_what_another_chose_on_the_familys_phone(client, sari, jawa):
    choose(client, "id")
    shared = Client()
    choose(shared, "jv")
    shared.force_login(sari.user)
    assert shared.get(LESSON).status_code == 200


@pytest.mark.parametrize("code", ["", "en", "jv/../..", "//lain.example"])
def test_a_language_that_there_is_not_is_not_found(client, jawa, code):
    """W7"""
    assert choose(client, code).status_code == 404


# --- What is learned counts once -----------------------------------------------------------------------------------


def test_what_was_understood_in_javanese_counts_in_indonesian(client, sari, jawa, lesson):
    page = client.get(f"/jv{LESSON}")
    client.post(soup(page).select_one("form.actions")["action"])
    done = LessonCompletion.objects.get(learner=sari)
    assert (done.lesson_key, done.module_key) == (lesson.translation_key, make.module("merek").translation_key)
    assert "Pelajaran ini selesai." in text(soup(client.get(LESSON)).main)
    assert client.post(soup(page).select_one("form.actions")["action"]).status_code == 302
    assert LessonCompletion.objects.filter(learner=sari).count() == 1


def test_quiz_badge_and_assignment_are_the_same_in_every_language(client, sari, jawa):
    module = make.module("pengenalan-motivasi")
    for number, page in enumerate(make.lessons("pengenalan-motivasi")):
        translated(page, f"Wulangan {number}")
    ModuleAssignment.objects.assign([sari.household], module.translation_key, by=make.companion().user)
    for told in LessonPage.objects.filter(locale__language_code="jv", title__startswith="Wulangan").order_by("path"):
        intake.complete_lesson(sari, told.translation_key)
    make.tried(sari, "pengenalan-motivasi")
    assert BadgeAward.objects.filter(learner=sari).count() == 1
    card = client.get("/belajar/").context["home"].cards
    [mine] = [one for one in card if one.page.translation_key == module.translation_key]
    assert (bool(mine.assignment), mine.pace) == (True, "done")


def test_translations_and_the_copies_above_them_are_no_modules_of_their_own(jawa):
    before = {page.pk for page in (*LessonPage.objects.original(), *ModulePage.objects.original())}
    content = outline()
    assert {page.pk for page in content.lesson_pages.values()} <= before
    assert len(content.modules) == 8
    assert ModulePage.objects.filter(slug="merek").count() == 2, "the copy is there"
    assert {quiz.locale.language_code for quiz in QuizPage.objects.original()} == {"id"}


# --- Taking along, and what it costs -------------------------------------------------------------------------------


def test_what_is_taken_along_is_in_the_language_that_is_read(client, jawa):
    address = soup(client.get(f"/jv{MODULE}")).select_one("save-module")["list"]
    kept = client.get(address).json()
    words = [file["url"] for file in kept["files"] if file["kind"] == "words"]
    assert kept["url"] == f"/jv{MODULE}"
    assert f"/jv{LESSON}" in words and all(url.startswith("/jv/") for url in words)
    assert {row["url"] for row in kept["lessons"]} <= set(words)
    plain = client.get(soup(client.get(MODULE)).select_one("save-module")["list"]).json()
    assert LESSON in [file["url"] for file in plain["files"]]
    assert client.get(f"{address}x").status_code == 404


@pytest.mark.parametrize("told", [0, 1, 4])
def test_any_number_of_translations_costs_one_query(client, sari, told, django_assert_num_queries):
    for page in make.lessons("merek")[:told]:
        translated(page, "Wulangan")
    client.get(LESSON)
    with django_assert_num_queries(14) as seen:
        client.get("/belajar/")
    assert sum('"alias_of_id" IS NULL' in query["sql"] for query in seen.captured_queries) == 1


@pytest.mark.parametrize(("code", "queries"), [("id", 9), ("jv", 14)])
@pytest.mark.parametrize("told", [1, 4])
def test_the_list_of_modules_costs_the_same_for_any_number_of_translations(
    client, told, code, queries, django_assert_num_queries
):
    for slug in ("merek", "kemasan", "riset-pasar", "foto-produk")[:told]:
        translated_module(slug, f"Basane {slug}", "Cekak.")
    choose(client, code)
    client.get("/modul/")
    with django_assert_num_queries(queries):
        client.get("/modul/")


# --- What companions read stays Indonesian ------------------------------------------------------------------------


def test_what_she_takes_on_the_road_and_what_was_refused_bear_the_indonesian_title(client, jawa, lesson):
    rina = make.companion()
    sari = make.learner(make.household(rina), pin=None)
    make.practised(sari, number=1)
    RefusedWork.objects.create(
        user=sari.user,
        reason="lesson",
        refused_at=timezone.now(),
        content=json.dumps({"kind": "lesson", "work": {"lesson": str(lesson.translation_key)}}),
    )
    client.force_login(rina.user)
    assert [practice["title"] for practice in client.get("/dampingan/luring.json").json()["practices"]] == [
        lesson.title
    ]
    refused = client.get("/dampingan/kiriman/").text
    assert lesson.title in refused
    assert jawa.title not in refused


def test_a_quiz_says_that_it_asks_in_indonesian_to_whoever_reads_in_javanese(client, jawa):
    person = make.learner()
    client.force_login(person.user)
    make.finished(person, "pengenalan-motivasi")
    make.read(person)
    said = "Soalnya dalam bahasa Indonesia"
    quiz = make.quiz("merek").url
    assert said not in text(soup(client.get(quiz)).main)
    choose(client, "jv")
    assert said in text(soup(client.get(quiz)).main)


def test_a_task_is_told_as_its_lesson_is(client, sari, lesson):
    told = lesson.copy_for_translation(Locale.objects.get(language_code="jv"), copy_parents=True)
    told.title = told.draft_title = "Milih jeneng"
    told.practice[0].value["instruction"] = "Tulis telung jeneng."
    told.save_revision().publish()
    task = f"/belajar/praktik/{lesson.translation_key}/"
    assert "Tulis telung jeneng." not in text(soup(client.get(task)).main)
    choose(client, "jv")
    page = soup(client.get(task))
    assert text(page.select_one("section[aria-labelledby=tugas] [lang=jv]")) == "Tulis telung jeneng."
    assert (text(page.select_one("main a.link")), page.select_one("main a.link")["href"]) == (
        "Milih jeneng",
        f"/jv{LESSON}",
    )
    assert client.post(task, {"note": "Sari Rasa"}).status_code == 302
    assert sari.practices.get().lesson_key == lesson.translation_key


def test_what_to_read_again_after_a_quiz_bears_the_title_that_it_is_read_under(client, jawa, lesson):
    person = make.learner()
    client.force_login(person.user)
    make.finished(person, "pengenalan-motivasi")
    make.read(person)
    tried = make.tried(person, right=0)
    choose(client, "jv")
    again = soup(client.get(f"/belajar/percobaan/{tried.pk}/hasil/")).select("li.answer a.link")
    assert next(text(link) for link in again if link["href"] == lesson.url) == "Baca lagi: Milih jeneng"

"""The content tree, and who may read what in it."""

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from wagtail.models import Page, Site

from courses.models import GuidePart, HomePage, LessonPage, ModuleIndexPage, ModulePage, ModulePrerequisite
from quizzes.models import QuizPage
from tests import factories, pages

pytestmark = pytest.mark.django_db

OURS = {HomePage, ModuleIndexPage, ModulePage, LessonPage, QuizPage}


def lesson(slug: str = "memilih-nama") -> LessonPage:
    return LessonPage.objects.get(slug=slug)


# --- The tree ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("parent", "children"),
    [
        (HomePage, {ModuleIndexPage}),
        (ModuleIndexPage, {ModulePage}),
        (ModulePage, {LessonPage, QuizPage}),
        (LessonPage, set()),
        (QuizPage, set()),
    ],
)
def test_a_page_stands_only_where_it_belongs(parent, children):
    assert set(parent.allowed_subpage_models()) & OURS == children


def test_only_the_front_page_stands_at_the_root():
    assert {page for page in OURS if Page in page.allowed_parent_page_models()} == {HomePage}


def test_a_module_has_one_quiz():
    module = factories.module()
    assert not QuizPage.can_create_at(module)
    factories.quiz().delete()
    assert QuizPage.can_create_at(factories.module())


def test_there_is_one_front_page_and_one_list_of_modules():
    assert Site.objects.get(is_default_site=True).root_page.specific == HomePage.objects.get()
    assert not HomePage.can_create_at(Page.get_first_root_node())
    assert not ModuleIndexPage.can_create_at(HomePage.objects.get())


def test_an_editor_cannot_put_a_page_where_it_does_not_belong(client):
    client.force_login(factories.staff("Penulis materi"))
    module, page = factories.module(), lesson()
    assert client.get(f"/kelola/pages/add/courses/lessonpage/{module.pk}/").status_code == 200
    assert client.get(f"/kelola/pages/add/courses/lessonpage/{page.pk}/").status_code != 200
    assert client.get(f"/kelola/pages/add/quizzes/quizpage/{module.pk}/").status_code != 200


def saved(client: Client, module: ModulePage, name: str, *rows: dict):
    """The answer to the module's form with these rows alone in its list ``name``."""
    path = f"/kelola/pages/{module.pk}/edit/"
    form = pages.sends(pages.soup(client.get(path)).select_one(f"form[action='{path}']"))
    data = {field: value for field, value in form.items() if not field.startswith(f"{name}-")}
    data |= {f"{name}-TOTAL_FORMS": len(rows), f"{name}-INITIAL_FORMS": 0}
    data |= {f"{name}-{number}-{field}": value for number, row in enumerate(rows) for field, value in row.items()}
    return client.post(path, data)


def test_a_business_type_chosen_twice_is_told_in_the_editors_words(client):
    client.force_login(factories.staff("Peninjau materi"))
    refused = saved(client, factories.module(), "business_types", {"code": "kuliner"}, {"code": "kuliner"})
    assert "Ada pilihan yang sama dua kali. Hapus salah satunya." in refused.text


def test_a_module_that_waits_for_itself_is_refused_at_the_field(client):
    client.force_login(factories.staff("Peninjau materi"))
    first, second, third = (factories.module(slug) for slug in ("merek", "kemasan", "riset-pasar"))
    ModulePrerequisite.objects.all().delete()
    ModulePrerequisite.objects.create(page=second, module=first)
    ModulePrerequisite.objects.create(page=third, module=second)

    def needing(other: ModulePage, **row):
        return saved(client, first, "prerequisites", {"module": other.pk} | row)

    assert "Modul tidak bisa menunggu dirinya sendiri. Pilih modul lain." in needing(first).text
    assert f"«{third.title}» sendiri menunggu modul ini. Pilih modul lain." in needing(third).text
    assert needing(third, DELETE="on").status_code == 302
    assert needing(factories.module("foto-produk")).status_code == 302


def test_a_quiz_is_always_at_kuis():
    module = factories.module()
    factories.quiz().delete()
    made = factories.module().add_child(instance=QuizPage(title="Coba-coba", slug="coba", questions=[]))
    assert made.slug == "kuis"
    made.slug = "lain"
    made.save()
    assert made.url == f"{module.url}kuis/"


def test_no_lesson_takes_the_address_of_the_quiz():
    page = lesson()
    page.slug = "kuis"
    with pytest.raises(ValidationError, match="Alamat ini untuk kuis modulnya"):
        page.full_clean()


@pytest.mark.parametrize(("minutes", "is_fine"), [(0, False), (1, True), (30, True), (31, False)])
def test_a_lesson_takes_one_to_thirty_minutes(minutes, is_fine):
    page = lesson()
    page.minutes = minutes
    if is_fine:
        page.full_clean()
    else:
        with pytest.raises(ValidationError):
            page.full_clean()


def test_the_lessons_of_a_module_are_its_published_ones_in_order():
    module, before = factories.module(), factories.lessons()
    before[1].unpublish()
    before[-1].move(before[0], pos="left")
    assert list(module.live_lessons()) == [before[-1], before[0], *before[2:-1]]


def test_the_companions_material_is_the_lines_of_each_part_that_is_written():
    page = ModulePage(guide_rubric="Cek nama.\n\n  Cek logo. \n", guide_mistakes=" \n", guide_goals="Punya nama.")
    assert page.rubric_points == ["Cek nama.", "Cek logo."]
    assert page.guide == [
        GuidePart("goals", "Tujuan", ["Punya nama."]),
        GuidePart("rubric", "Cara mengecek praktik", ["Cek nama.", "Cek logo."]),
    ]
    assert ModulePage().guide == []


# --- Reading -----------------------------------------------------------------------------------------------------


def everybody() -> dict[str, Client]:
    """A signed-in browser for each kind of person, and a visitor's."""
    users = {
        "learner": factories.learner(pin=None).user,
        "companion": factories.companion().user,
        "coordinator": factories.coordinator(factories.region()).user,
        "editor": factories.staff("Penulis materi"),
    }
    browsers = {"visitor": Client()} | {who: Client() for who in users}
    for who, user in users.items():
        browsers[who].force_login(user)
    return browsers


def test_lessons_are_open_to_everyone():
    pages_ = [HomePage.objects.get(), ModuleIndexPage.objects.get(), factories.module(), lesson()]
    for who, browser in everybody().items():
        for page in pages_:
            assert browser.get(page.url).status_code == 200, (who, page)


def test_every_lesson_that_comes_with_the_product_opens(client):
    for page in LessonPage.objects.all():
        shown = pages.soup(client.get(page.url))
        assert pages.text(shown.h1) == page.title
        assert pages.text(shown.select_one("#praktik h2")) == "Praktik di rumah"


@pytest.mark.parametrize("headers", [{}, {"save-data": "on"}])
def test_a_lesson_whose_pictures_and_recordings_were_deleted_is_read_without_them(client, headers):
    page, picture = lesson(), factories.picture()
    voice, video = factories.recording(), factories.recording("video")
    words = {"title": "Bungkus", "transcript": "Bungkusnya rapat."}
    page.body = [
        ("picture", {"image": picture, "alt_text": "Label", "caption": "Labelnya besar."}),
        ("voice", voice),
        ("audio", words | {"media": voice}),
        ("video", words | {"media": video}),
    ]
    page.save_revision().publish()
    for gone in (picture, voice, video):
        gone.delete()
    shown = pages.soup(client.get(page.url, headers=headers)).article
    assert not shown.select("play-voice, video, figcaption, show-picture")
    assert pages.text(shown).count("Bungkusnya rapat.") == 2
    assert "Tonton sekarang" not in pages.text(shown)


@pytest.mark.parametrize("who", ["visitor", "learner", "companion", "editor"])
def test_an_unpublished_lesson_is_not_found(who):
    page = lesson()
    page.unpublish()
    assert everybody()[who].get(page.url).status_code == 404


def test_a_lesson_that_was_never_published_is_not_found(client):
    draft = LessonPage(title="Segera", slug="segera", goal="Nanti.", live=False)
    factories.module().add_child(instance=draft)
    draft.save_revision()
    assert client.get(f"{factories.module().url}segera/").status_code == 404


def test_a_draft_is_read_by_nobody_before_it_is_published(client):
    page = lesson()
    page.title = "Judul baru"
    revision = page.save_revision()
    assert "Judul baru" not in client.get(lesson().url).content.decode()
    revision.publish()
    assert "Judul baru" in client.get(lesson().url).content.decode()


def test_an_unpublished_module_is_neither_listed_nor_found(client):
    module = factories.module()
    module.unpublish()
    assert module.url not in pages.links(client.get("/modul/"))
    assert client.get(module.url).status_code == 404


def test_the_list_shows_the_published_modules_for_learners_in_order(client):
    ModulePage.objects.filter(slug="kemasan").update(for_learners=False, for_companions=True)
    shown = [link for link in pages.links(client.get("/modul/")) if link.startswith("/modul/") and link != "/modul/"]
    expected = [module.url for module in ModulePage.objects.exclude(slug="kemasan").order_by("path")]
    assert list(dict.fromkeys(shown)) == expected


def test_an_empty_list_of_modules_says_so(client):
    ModulePage.objects.update(live=False)
    assert "Belum ada modul. Nanti muncul di sini." in client.get("/modul/").content.decode()


@pytest.mark.parametrize("who", ["visitor", "learner"])
def test_a_learner_does_not_see_what_is_written_for_companions(who):
    module = factories.module()
    html = everybody()[who].get(module.url).content.decode()
    assert module.guide
    assert not [point for part in module.guide for point in part.points if point in html]


def test_words_of_an_editor_are_shown_as_words(client):
    page = lesson()
    page.title, page.goal = "<i>Nama</i> & merek", "<script>alert(1)</script>"
    page.body = [("tip", "<img src=x onerror=alert(1)>"), ("heading", "<b>Awas</b>")]
    page.save_revision().publish()
    shown = pages.soup(client.get(page.url))
    assert pages.text(shown.h1) == "<i>Nama</i> & merek"
    assert pages.text(shown.select_one(".tip p")) == "<img src=x onerror=alert(1)>"
    assert not shown.main.select("script:not([src^='/static/']), img, i, b")


@pytest.mark.parametrize(
    "path", ["/modul/merek/tidak-ada/", "/modul/tidak-ada/", "/tidak-ada/", "/modul/merek/memilih-nama/x/"]
)
def test_an_address_that_leads_nowhere_is_not_found(client, path):
    response = client.get(path)
    assert response.status_code == 404
    assert pages.soup(response).html["lang"] == "id"


@pytest.mark.parametrize("description", ["", 'Dua bungkus, satu "baru".'])
def test_a_modules_picture_is_described_by_its_own_words_and_else_passed_over(client, description):
    """Its title stands beside it."""
    module = factories.module()
    module.picture = factories.picture()
    module.picture.description = description
    module.picture.save()
    module.save_revision().publish()
    assert pages.soup(client.get(module.url)).select_one("figure.pic img")["alt"] == description

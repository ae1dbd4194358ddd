"""The lessons that come with the product pass their own checks."""

import pytest
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from wagtail.models import Locale

from courses.checks import Kind, Severity
from courses.models import LessonPage, Picture
from courses.weight import page_bytes, weigh
from desk.findings import Row, every_finding, findings_of
from tests import factories
from tests.pages import soup, text

pytestmark = pytest.mark.django_db


def test_the_shipped_content_has_no_warning_left():
    rows = every_finding(weighed=True)
    assert [(row.page.slug, row.sentence) for row in rows if row.finding.severity != Severity.NOTE] == []


def test_a_finding_leads_to_its_field():
    page = LessonPage.objects.get(slug="memilih-nama")
    page.goal = "kata " * 16
    row = findings_of(page)[0]
    assert row.edit_url == f"/kelola/pages/{page.pk}/edit/#:w:contentpath=goal"


def test_a_finding_names_the_module_that_its_draft_has_moved_to():
    page = LessonPage.objects.get(slug="memilih-nama")
    page.goal = "kata " * 16
    page.save_revision()
    page.move(factories.module("kemasan"), pos="last-child")
    [row] = [row for row in every_finding() if row.finding.place == "goal"]
    assert row.module == factories.module("kemasan").title


def test_a_finding_of_a_translation_names_its_language_and_the_module_above_it():
    page = LessonPage.objects.get(slug="memilih-nama")
    copy = page.copy_for_translation(Locale.objects.get(language_code="jv"), copy_parents=True)
    copy.goal = "tembung " * 16
    copy.save_revision()
    [row] = [row for row in every_finding() if row.finding.place == "goal"]
    assert (row.title, row.module) == ("Memilih nama (Basa Jawa)", "Merek Usaha")


def test_a_translation_whose_original_is_gone_must_be_mended_for_nobody_can_read_it():
    page = LessonPage.objects.get(slug="memilih-nama")
    copy = page.copy_for_translation(Locale.objects.get(language_code="jv"), copy_parents=True)
    page = LessonPage.objects.get(pk=page.pk)
    assert Kind.NO_ORIGINAL not in {row.finding.kind for row in (*findings_of(copy), *every_finding())}
    page.delete()
    [row] = [row for row in every_finding() if row.finding.severity == Severity.BLOCKING]
    assert (row.page.pk, row.finding) == (copy.pk, findings_of(copy)[0].finding)
    assert "aslinya dalam bahasa Indonesia tidak ada" in row.sentence


def behind(page) -> list[Row]:
    return [row for row in findings_of(page) if row.finding.kind == Kind.BEHIND]


def published(page, **fields):
    """The page once it is published with these fields."""
    page = type(page).objects.get(pk=page.pk)
    for name, value in fields.items():
        setattr(page, name, value)
    page.save_revision().publish()
    return type(page).objects.get(pk=page.pk)


def translated(page, *, live: bool = True):
    copy = page.copy_for_translation(Locale.objects.get(language_code="jv"), copy_parents=True)
    return published(copy, title="Milih jeneng") if live else copy


@pytest.mark.parametrize("live", [True, False], ids=["published", "only begun"])
def test_a_translation_is_behind_once_its_original_says_something_else_until_it_is_published_after_it(client, live):
    page = LessonPage.objects.get(slug="memilih-nama")
    copy = translated(page, live=live)
    published(page, goal="Pilih satu nama usaha.")
    [row] = [row for row in every_finding() if row.finding.kind == Kind.BEHIND]
    assert (row.page.pk, [row.sentence]) == (copy.pk, [one.sentence for one in behind(copy)])
    assert row.sentence.startswith(f"Aslinya berubah pada {date_format(timezone.localdate(), 'j F Y')}")
    client.force_login(factories.staff("Penulis materi"))
    [link] = soup(client.get(f"/kelola/periksa/{copy.pk}/")).select("a:-soup-contains('Lihat yang berubah')")
    both = text(soup(client.get(link["href"])).main)
    assert page.goal.split()[0] in both and "Pilih satu nama usaha." in both
    above = soup(client.get(f"/kelola/pages/{copy.pk}/edit/")).select_one(".messages")
    assert row.sentence in text(above) and above.a["href"] == link["href"]
    type(copy).objects.get(pk=copy.pk).save_revision()  # she goes on with it
    assert behind(copy)
    assert behind(published(copy)) == []


def test_a_translation_is_not_behind_where_only_its_originals_looks_changed():
    page = LessonPage.objects.get(slug="memilih-nama")
    copy = translated(page)
    published(page, minutes=6, voice=factories.recording(), goal=f"{page.goal} ")
    assert behind(copy) == []
    published(page, goal="Pilih satu nama usaha.")
    published(page, minutes=7)
    assert behind(copy)
    published(page, goal=page.goal)  # it says again what was translated
    assert behind(copy) == []


def test_who_deletes_an_original_is_told_of_its_translation_which_says_above_its_form_that_nobody_reads_it(client):
    client.force_login(factories.administrator())
    page = LessonPage.objects.get(slug="memilih-nama")
    copy = translated(page)
    told = soup(client.post(f"/kelola/pages/{page.pk}/delete/", follow=True)).select_one(".messages")
    assert "Terjemahannya masih ada, dan tidak tampil lagi: «Milih jeneng (Basa Jawa)»." in text(told)
    form = soup(client.get(told.select("a")[-1]["href"]))
    assert form.select_one("[name=title]")["value"] == copy.title
    assert "aslinya dalam bahasa Indonesia tidak ada" in text(form.select_one(".messages"))


def test_a_published_translation_whose_original_is_taken_down_says_that_it_does_not_show():
    page = LessonPage.objects.get(slug="memilih-nama")
    copy = translated(page)
    LessonPage.objects.get(pk=page.pk).unpublish()
    [finding] = [row.finding for row in findings_of(copy) if row.finding.kind == Kind.NO_ORIGINAL]
    assert (finding.severity, "aslinya tidak terbit" in finding.sentence) == (Severity.WARNING, True)
    copy.unpublish()
    assert Kind.NO_ORIGINAL not in {row.finding.kind for row in findings_of(copy)}


def test_a_draft_that_waited_while_its_translation_was_published_leaves_it_behind_once_it_is_published():
    page = LessonPage.objects.get(slug="memilih-nama")
    page.goal = "Pilih satu nama usaha."
    draft = page.save_revision()
    copy = translated(LessonPage.objects.get(pk=page.pk))
    assert behind(copy) == []
    draft.publish()
    assert behind(copy)


def test_a_translation_with_a_newer_draft_than_the_one_that_was_published_last_is_not_behind(client):
    page = LessonPage.objects.get(slug="memilih-nama")
    copy = translated(page)
    published(page, goal="Pilih satu nama usaha.")
    waiting = type(copy).objects.get(pk=copy.pk).save_revision()
    type(copy).objects.get(pk=copy.pk).get_latest_revision_as_object().save_revision()
    waiting.publish()
    client.force_login(factories.staff("Penulis materi"))
    form = soup(client.get(f"/kelola/pages/{copy.pk}/edit/"))
    assert not form.select(".messages:-soup-contains('Aslinya berubah')")
    assert Kind.BEHIND not in {row.finding.kind for row in every_finding()}


def test_an_original_that_is_first_published_after_its_translation_leaves_it_behind_only_with_other_words():
    module = factories.module("merek")
    page = module.add_child(
        instance=LessonPage(title="Contoh", goal="Coba satu contoh.", minutes=3, body=[], live=False)
    )
    page.save_revision()
    copy = translated(page)
    page.save_revision().publish()
    assert behind(copy) == []
    published(page, goal="Coba dua contoh.")
    assert behind(copy)


def test_a_quiz_in_another_language_is_never_behind_since_nobody_is_asked_by_it():
    quiz = factories.quiz("merek")
    copy = translated(quiz)
    published(quiz, title="Kuis merek")
    assert behind(copy) == []


def test_a_page_weighs_what_a_phone_loads_for_it():
    page = factories.lessons("merek")[0]
    alone = page_bytes(page)
    assert 4_000 < alone < 14_000
    picture = factories.picture(factories.image_file(width=1200))
    page.body.append(("picture", {"image": picture, "alt_text": "Label keripik", "caption": ""}))
    avif = picture.get_rendition("format-avif|width-720")
    assert page_bytes(page) - alone == pytest.approx(avif.file.size, abs=1_000)


def test_a_draft_is_weighed_once(django_assert_num_queries):
    page = factories.lessons("merek")[0]
    first = weigh([page])
    with django_assert_num_queries(2):  # what is remembered, and how much all pictures are
        assert weigh([page]) == first


def with_picture(page: LessonPage, picture: Picture) -> None:
    page.body = [("picture", {"image": picture, "alt_text": "Label keripik", "caption": ""})]


def test_a_draft_that_its_form_writes_over_is_weighed_anew():
    page, writer = factories.lessons("merek")[0], factories.staff("Penulis materi")
    draft = page.save_revision(user=writer)
    before = weigh([page])[page.pk]
    with_picture(page, factories.picture(factories.image_file(width=1200)))
    page.save_revision(user=writer, overwrite_revision=draft)
    written = LessonPage.objects.get(pk=page.pk).get_latest_revision_as_object()
    assert weigh([written])[page.pk] < before  # one block in the place of all


def test_a_draft_is_weighed_anew_where_the_file_of_its_picture_is_another(client):
    client.force_login(factories.administrator())
    page, picture = factories.lessons("merek")[0], factories.picture(factories.image_file(width=1200, height=2400))
    with_picture(page, picture)
    page.save_revision().publish()
    before = weigh([page])[page.pk]
    small = {"title": picture.title, "file": factories.image_file(width=60, height=40)}
    client.post(reverse("wagtailimages:edit", args=[picture.pk]), small)
    assert weigh([LessonPage.objects.get(pk=page.pk)])[page.pk] < before

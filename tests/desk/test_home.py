"""The front page of /kelola/: what waits for the one who looks."""

from datetime import timedelta

import pytest
from django.core.cache import cache
from django.utils import timezone
from wagtail.models import Locale, Workflow

from courses.models import Figure, LessonPage
from desk.waiting import waiting_for
from quizzes.models import Answer
from quizzes.statistics import ENOUGH
from tests import factories, pages

pytestmark = pytest.mark.django_db


def what_waits(user) -> dict[str, int]:
    return {one.words: one.count for one in waiting_for(user)}


def lesson() -> LessonPage:
    return LessonPage.objects.get(slug="memilih-nama")


def test_a_draft_waits_for_the_one_who_wrote_it():
    writer, other = factories.staff("Penulis materi"), factories.staff("Penulis materi")
    lesson().save_revision(user=writer)
    assert what_waits(writer)["draf saya belum terbit"] == 1
    assert "draf saya belum terbit" not in what_waits(other)


def test_a_review_waits_for_reviewers():
    writer, reviewer = factories.staff("Penulis materi"), factories.staff("Peninjau materi")
    page = lesson()
    page.save_revision(user=writer)
    Workflow.objects.get().start(page, writer)
    assert what_waits(reviewer)["halaman menunggu ditinjau"] == 1
    assert "halaman menunggu ditinjau" not in what_waits(writer)


@pytest.mark.parametrize(("days", "is_due"), [(14, True), (15, False), (-1, True)])
def test_a_figure_waits_from_two_weeks_before_its_date(days, is_due):
    figure = Figure.objects.get(slug="biaya-nib")
    Figure.objects.update(check_again_by=timezone.localdate() + timedelta(days=400))
    Figure.objects.filter(pk=figure.pk).update(check_again_by=timezone.localdate() + timedelta(days=days))
    assert ("angka perlu dicek lagi" in what_waits(factories.staff("Penulis materi"))) == is_due
    assert "dua minggu sebelumnya" in Figure._meta.get_field("check_again_by").help_text


def written(block: str, value) -> None:
    page = lesson()
    page.body = [(block, value)]
    page.save_revision().publish()


def chosen(figure: Figure) -> None:
    written("figure", figure)


def named(figure: Figure) -> None:
    written("tip", f"Bayar {{{figure.slug}}}.")


def taken_back(figure: Figure) -> None:
    named(figure)
    lesson().unpublish()


def drafted(figure: Figure) -> None:
    page = lesson()
    page.body = [("figure", figure)]
    page.save_revision()


def still_published(figure: Figure) -> None:
    named(figure)
    page = lesson()
    page.body = [("tip", "Tanya dulu.")]
    page.save_revision()


def translated(figure: Figure) -> None:
    copy = lesson().copy_for_translation(Locale.objects.get(language_code="jv"), copy_parents=True)
    copy.body = [("tip", f"Mbayar {{{figure.slug}}}.")]
    copy.save_revision().publish()


def asked(figure: Figure) -> None:
    page = factories.quiz()
    page.questions[0].value["explanation"] = f"Biayanya {{{figure.slug}}}."
    page.save_revision().publish()


@pytest.mark.parametrize("shown", [chosen, named, taken_back, drafted, still_published, translated, asked])
def test_a_figure_waits_only_where_some_page_shows_it_and_the_list_behind_shows_as_many(client, shown):
    """An older release brought some that are in no lesson any more."""
    client.force_login(writer := factories.staff("Penulis materi"))
    Figure.objects.update(check_again_by=timezone.localdate() + timedelta(days=400))
    left = Figure.objects.get(slug="biaya-nib")
    left.pk, left.slug, left.label = None, "dari-dulu", "Angka dari dulu"
    left.check_again_by = timezone.localdate()
    left.save()
    assert "angka perlu dicek lagi" not in what_waits(writer)
    shown(left)
    [waiting] = [one for one in waiting_for(writer) if one.words == "angka perlu dicek lagi"]
    [row] = pages.soup(client.get(waiting.url)).select("table tbody tr")
    assert waiting.count == 1
    assert left.label in pages.text(row)


def test_questions_that_most_get_wrong_wait_and_are_counted_once_an_hour():
    writer = factories.staff("Penulis materi")
    cache.delete("desk:wrong")
    for _ in range(ENOUGH):
        learner = factories.learner(pin=None)
        factories.read(learner, "pengenalan-motivasi")
        factories.tried(learner, "pengenalan-motivasi", right=0)
    assert what_waits(writer)["soal yang banyak keliru"] == 10
    Answer.objects.all().delete()
    assert what_waits(writer)["soal yang banyak keliru"] == 10
    cache.delete("desk:wrong")
    assert "soal yang banyak keliru" not in what_waits(writer)


def test_a_question_is_counted_by_what_was_asked_whatever_its_translation_says():
    learners = [factories.learner(pin=None) for _ in range(ENOUGH)]
    for learner in learners:
        factories.read(learner, "pengenalan-motivasi")
        factories.tried(learner, "pengenalan-motivasi", right=0)
    jawa = Locale.objects.get(language_code="jv")
    copy = factories.quiz("pengenalan-motivasi").copy_for_translation(jawa, copy_parents=True)
    for question in copy.questions:
        question.value["question"] = "Apa tegese?"
    copy.save_revision().publish()
    cache.delete("desk:wrong")
    assert what_waits(factories.staff("Penulis materi"))["soal yang banyak keliru"] == 10


def test_a_dead_link_waits_for_everyone():
    page = lesson()
    page.body.append(("paragraph", page.body.stream_block.child_blocks["paragraph"].to_python('<a href="/x/">x</a>')))
    page.save_revision()
    assert what_waits(factories.staff("Penulis materi"))["tautan buntu"] == 1


def test_a_translation_that_is_behind_its_original_waits_under_its_own_name(client):
    page = lesson()
    copy = page.copy_for_translation(Locale.objects.get(language_code="jv"), copy_parents=True)
    copy.save_revision().publish()
    page.goal = "Pilih satu nama usaha."
    page.save_revision().publish()
    client.force_login(writer := factories.staff("Penulis materi"))
    [waiting] = [one for one in waiting_for(writer) if one.words == "terjemahan tertinggal dari aslinya"]
    [row] = pages.soup(client.get(waiting.url)).select("table tbody tr")
    assert (waiting.count, "Memilih nama (Basa Jawa)" in pages.text(row)) == (1, True)
    assert "peringatan lain dari pemeriksaan" not in what_waits(writer)


def test_a_number_of_the_checks_is_as_many_as_the_list_behind_it_shows(client):
    """With a gap of every weight: a dead link, a figure that is not there, a sentence that is too long."""
    client.force_login(writer := factories.staff("Penulis materi"))
    page, paragraph = lesson(), LessonPage.body.field.stream_block.child_blocks["paragraph"]
    page.body.append(("paragraph", paragraph.to_python('<a href="/x/">x</a> {tidak-ada}')))
    page.goal = "kata " * 16
    page.save_revision(user=writer)
    of_checks = [one for one in waiting_for(writer) if one.url.startswith("/kelola/reports/pemeriksaan/?")]
    listed = {one.words: len(pages.soup(client.get(one.url)).select("table tbody tr")) for one in of_checks}
    assert listed == {one.words: one.count for one in of_checks}
    assert list(listed.items())[:3] == [
        ("harus diperbaiki", 1),
        ("tautan buntu", 1),
        ("peringatan lain dari pemeriksaan", 1),
    ]


def test_each_number_leads_to_a_page_that_opens(client):
    writer = factories.staff("Penulis materi")
    client.force_login(writer)
    Figure.objects.update(check_again_by=timezone.localdate())
    lesson().save_revision(user=writer)
    links = pages.soup(client.get("/kelola/")).select("#menunggu a, .desk-waiting a")
    assert len(links) >= 3
    assert {client.get(link["href"]).status_code for link in links if link["href"].startswith("/")} == {200}


def test_nothing_waiting_is_said_calmly(client):
    LessonPage.objects.all().delete()  # no lesson, none without a voice
    client.force_login(factories.staff("Penulis materi"))
    for module in list(factories.module("merek").get_siblings()):
        module.delete()
    Figure.objects.update(check_again_by=timezone.localdate() + timedelta(days=400))
    assert "Tidak ada yang menunggu. Selamat menulis." in client.get("/kelola/").text


@pytest.mark.parametrize("drafts", [1, 30])
def test_it_takes_the_same_few_queries_however_much_waits(django_assert_num_queries, drafts):
    writer = factories.staff("Penulis materi")
    for page in LessonPage.objects.all()[:drafts]:
        page.save_revision(user=writer)
    waiting_for(writer)  # content types are remembered
    with django_assert_num_queries(13):
        waiting_for(writer)

"""A figure is kept once and shows everywhere, with the month in which it was checked."""

import re
from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from wagtail.models import Locale

from courses.models import Figure, LessonPage
from tests import factories, pages

pytestmark = pytest.mark.django_db

BULK = "/kelola/bulk/courses/figure/delete/?id={}"
MARK = re.compile(r"\{biaya-nib\}")


@pytest.fixture
def nib() -> Figure:
    """What a business number costs: one of the figures that come with the product."""
    return Figure.objects.get(slug="biaya-nib")


def users() -> list[LessonPage]:
    """The lessons that show it."""
    return [page for page in LessonPage.objects.order_by("path") if MARK.search(str(page.body.raw_data[:]))]


def readings(client) -> list[str]:
    """What a visitor reads in each of them."""
    return [pages.text(pages.soup(client.get(page.url)).main) for page in users()]


def test_it_shows_with_its_month_in_every_lesson_that_names_it(client, nib):
    assert len(users()) > 1
    assert all(f"{nib.value} (per November 2026)" in text for text in readings(client))


def test_it_changes_everywhere_at_once_with_the_new_month(client, nib):
    old = nib.value
    nib.value, nib.checked_on = "Rp12.345", date(2027, 2, 1)
    nib.save()
    for text in readings(client):
        assert "Rp12.345 (per Februari 2027)" in text
        assert f"{old} (per November 2026)" not in text


def test_an_editor_changes_it_in_wagtail(client, nib):
    client.force_login(factories.staff("Penulis materi"))
    path = f"/kelola/snippets/courses/figure/edit/{nib.pk}/"
    form = pages.soup(client.get(path)).select_one(f"form[action='{path}']")
    answers = {"value": "Rp12.345", "checked_on": "2027-02-01", "check_again_by": "2027-08-01"}
    assert client.post(path, pages.sends(form) | answers).status_code == 302
    client.logout()
    assert all("Rp12.345 (per Februari 2027)" in text for text in readings(client))


def test_its_short_name_stays_while_a_published_lesson_has_it(client, nib):
    client.force_login(factories.staff("Penulis materi"))
    path = f"/kelola/snippets/courses/figure/edit/{nib.pk}/"
    answers = pages.sends(pages.soup(client.get(path)).select_one(f"form[action='{path}']")) | {"slug": "nib-2027"}
    refused = client.post(path, answers)
    assert f"Nama singkat ini dipakai di pelajaran «{nib.shown_in}». Jangan diubah." in refused.text
    for page in users():
        page.unpublish()
    assert client.post(path, answers).status_code == 302


@pytest.mark.parametrize("slug", ["harga_gula", "Harga-gula"])
def test_a_short_name_that_no_text_could_name_is_refused(client, nib, slug):
    client.force_login(factories.staff("Penulis materi"))
    path = "/kelola/snippets/courses/figure/add/"
    answers = pages.sends(pages.soup(client.get(path)).select_one(f"form[action='{path}']"))
    written = {name: str(getattr(nib, name)) for name in answers if hasattr(nib, name)}
    refused = client.post(path, answers | written | {"slug": slug})
    assert "Pakai huruf kecil, angka, dan tanda hubung saja, misalnya harga-gula." in refused.text
    assert not Figure.objects.filter(slug=slug).exists()


@pytest.mark.parametrize("address", ["/kelola/snippets/courses/figure/delete/{}/", BULK])
def test_it_is_not_deleted_while_a_published_lesson_shows_it(client, nib, address):
    client.force_login(factories.administrator())
    told = client.post(address.format(nib.pk), follow=True).text
    assert f"«{nib.label}» dipakai di pelajaran «{nib.shown_in}». Ubah pelajaran itu dulu." in told
    for page in users():
        page.unpublish()
    client.post(address.format(nib.pk))
    assert not Figure.objects.filter(pk=nib.pk).exists()


@pytest.mark.parametrize("language", ["id", "jv"])
@pytest.mark.parametrize("field", ["feedback", "explanation"])
def test_it_is_not_deleted_where_it_shows_in_a_quick_check_or_in_another_language_alone(client, nib, language, field):
    """Of neither does the search keep a sentence."""
    client.force_login(factories.administrator())
    for page in users():
        page.unpublish()
    lesson = factories.lessons("merek")[1]
    name = lesson.title
    if language != "id":
        lesson = lesson.copy_for_translation(Locale.objects.get(language_code=language), copy_parents=True)
        name = f"{lesson.title} (Basa Jawa)"  # it has its original's title yet
    words = {"feedback": "Betul.", "explanation": ""} | {field: "Biayanya {biaya-nib}."}
    choices = [{"text": "Ya", "correct": True, "feedback": words["feedback"]}, {"text": "Tidak", "feedback": "Belum."}]
    lesson.body = [("quick_check", {"question": "Perlu?", "choices": choices, "explanation": words["explanation"]})]
    lesson.save_revision().publish()
    told = client.post(f"/kelola/snippets/courses/figure/delete/{nib.pk}/", follow=True).text
    assert f"«{nib.label}» dipakai di pelajaran «{name}». Ubah pelajaran itu dulu." in told
    assert Figure.objects.filter(pk=nib.pk).exists()


def test_a_figure_that_is_gone_leaves_a_dash_and_a_lesson_to_read(client, nib):
    nib.delete()
    for text in readings(client):
        assert "{biaya-nib}" not in text
        assert "–" in text


def test_no_lesson_that_comes_with_the_product_shows_a_bare_name_or_a_dash(client):
    known = set(Figure.objects.values_list("slug", flat=True))
    for page in LessonPage.objects.all():
        stored = str([page.body.raw_data[:], page.practice.raw_data[:], page.goal, page.title])
        assert set(re.findall(r"\{([a-z0-9-]+)\}", stored)) <= known, page
        assert not re.search(r"\{[a-z0-9-]+\}", client.get(page.url).content.decode().split("</style>")[1]), page


@pytest.mark.parametrize("blocks", [1, 20])
def test_all_figures_of_a_lesson_are_read_at_once(client, blocks):
    page = factories.lessons()[0]
    page.body = [("tip", "Mengurus NIB: {biaya-nib}. Syarat: {syarat-nib}.") for _ in range(blocks)]
    page.save_revision().publish()
    with CaptureQueriesContext(connection) as captured:
        client.get(page.url)
    assert len([query for query in captured if "courses_figure" in query["sql"]]) == 1


@pytest.mark.parametrize(
    ("checked_on", "month"), [(date(2026, 11, 22), "November 2026"), (date(2027, 5, 1), "Mei 2027")]
)
def test_a_month_is_said_in_indonesian(checked_on, month):
    assert Figure(checked_on=checked_on).checked_month == month

"""/kelola/reports/pemeriksaan/ and its file, and the list beside the form."""

import csv
from io import StringIO

import pytest

from courses.models import LessonPage
from tests import factories, pages

pytestmark = pytest.mark.django_db
REPORT = "/kelola/reports/pemeriksaan/"


@pytest.fixture
def editor(client):
    client.force_login(factories.staff("Penulis materi"))
    return client


@pytest.fixture
def long_goal() -> LessonPage:
    """A lesson whose draft has a sentence that is too long, and a title that a spreadsheet would run."""
    page = LessonPage.objects.get(slug="memilih-nama")
    page.title, page.goal = "=1+1", "kata " * 16
    page.save_revision()
    return page


def rows(client, query: str = "") -> list[str]:
    return [pages.text(row) for row in pages.soup(client.get(REPORT + query)).select("table tbody tr")]


def test_the_gravest_stands_first_and_leads_to_its_field(editor, long_goal):
    first = pages.soup(editor.get(REPORT)).select_one("table tbody tr")
    assert "Kalimat «kata kata kata kata …» punya 16 kata." in pages.text(first)
    assert first.select_one("a")["href"] == f"/kelola/pages/{long_goal.pk}/edit/#:w:contentpath=goal"


@pytest.mark.parametrize(
    ("query", "count"),
    [
        ("?kind=kalimat-panjang", 1),
        ("?severity=warning", 1),
        ("?severity=blocking", 0),
        ("?kind=tanpa-suara&module={merek}", 5),
        ("?kind=kalimat-panjang&module={kemasan}", 0),
        ("?severity=apa", None),  # not one of the choices: not filtered
    ],
)
def test_it_can_be_filtered(editor, long_goal, query, count):
    query = query.format(merek=factories.module("merek").pk, kemasan=factories.module("kemasan").pk)
    found = rows(editor, query)
    assert len(found) == (44 if count is None else count)


def test_it_can_be_taken_away_as_a_file_that_runs_nothing(editor, long_goal):
    """W9"""
    response = editor.get(f"{REPORT}?export=csv&kind=kalimat-panjang")
    header, row = csv.reader(StringIO(b"".join(response.streaming_content).decode()))
    assert header == ["Modul", "Halaman", "Beratnya", "Tentang", "Yang ditemukan"]
    assert row[:4] == ["Merek Usaha", "'=1+1", "Perlu dilihat", "Kalimat terlalu panjang"]


@pytest.mark.parametrize("report", ["aging-pages", "site-history", "draf-saya"])
def test_nor_do_the_files_of_wagtails_own_reports(client, long_goal, report):
    """W9"""
    admin = factories.administrator()
    client.force_login(admin)
    LessonPage.objects.filter(pk=long_goal.pk).update(title="=1+1")
    long_goal.save_revision(user=admin, log_action=True)
    response = client.get(f"/kelola/reports/{report}/?export=csv")
    cells = [cell for row in csv.reader(StringIO(b"".join(response.streaming_content).decode())) for cell in row]
    assert "'=1+1" in cells and "=1+1" not in cells


def test_the_list_beside_the_form_is_of_the_latest_draft(editor, long_goal):
    piece = editor.get(f"/kelola/periksa/{long_goal.pk}/").text
    assert "punya 16 kata" in piece and "contentpath=goal" in piece
    assert "Tidak ada yang perlu diperbaiki." in editor.get(f"/kelola/periksa/{factories.quiz('merek').pk}/").text


def test_the_form_bears_the_findings_from_the_start(editor, long_goal):
    assert "punya 16 kata" in editor.get(f"/kelola/pages/{long_goal.pk}/edit/").text


@pytest.mark.parametrize(("in_panel", "marks"), [(True, ["kalimat-panjang"]), (False, [])])
def test_the_preview_beside_the_form_bears_a_mark_for_wagtails_own_checker(long_goal, in_panel, marks):
    attributes = {"in_preview_panel": in_panel}
    response = long_goal.make_preview_request(preview_mode="pelajar", extra_request_attrs=attributes)
    assert [mark["data-finding"] for mark in pages.soup(response).select("[data-finding]")] == marks


def test_a_learner_never_gets_the_marks_nor_the_checker(client, long_goal):
    long_goal.get_latest_revision().publish()
    text = client.get(long_goal.url).text
    assert "data-finding" not in text and "userbar" not in text

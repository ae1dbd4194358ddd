"""The report as a file, at ``/laporan/unduh/``: the same as on the page."""

from datetime import datetime, timedelta
from io import BytesIO

import pytest
from django.utils import timezone
from django.utils.formats import date_format
from openpyxl import load_workbook

from people.months import last_months
from people.spreadsheets import XLSX
from tests import factories as make

from .reading import companions, counts, named, page, table

pytestmark = pytest.mark.django_db
WORKBOOK = "/laporan/unduh/"
FIRST = "pengenalan-motivasi"


@pytest.fixture
def hadi(client, places):
    made = make.coordinator(places["36"])
    client.force_login(made.user)
    return made


def sheets(client, **asked) -> list[list[tuple]]:
    """The rows of both sheets."""
    response = client.get(WORKBOOK, asked)
    assert (response.status_code, response["Content-Type"]) == (200, XLSX)
    return [[*sheet.iter_rows(values_only=True)] for sheet in load_workbook(BytesIO(response.content)).worksheets]


def as_shown(value) -> str:
    if isinstance(value, datetime):
        return date_format(value, "j M Y")
    return "–" if value in ("", None) else str(value).replace(".", ",")


def test_the_file_holds_what_the_page_shows(client, places, hadi):
    rina, agus = named("Rina"), named("Agus")
    sari = make.learner(make.household(rina, place=places["36.71.01"]), pin=None)
    make.finished(sari, FIRST)
    make.feedback(make.practised(sari, FIRST), rina)
    sari.practices.update(handed_in_at=timezone.now() - timedelta(hours=36))
    make.practised(sari)
    make.read(make.learner(make.household(agus, place=places["36.7"]), pin=None), "merek")
    make.household(rina, place=places["73.71"])
    make.household(place=places["36.71"])
    found, this = page(client), last_months(timezone.localdate())[0]
    shown = table(found, "kabupaten/kota") | companions(found)

    [header, total, *lines], month = sheets(client)
    labels = [label.removesuffix(f" ({this})") for label in header[2:]]
    told = {line[1]: [*zip(labels, map(as_shown, line[2:]), strict=True)] for line in lines}
    assert told == {name: [*line.items()] for name, line in shown.items()}
    assert [line[0] for line in lines] == ["kabupaten/kota"] * 2 + ["pendamping"] * 3
    assert total[:6] == ("seluruh wilayah", "Banten", *counts(found).values())
    assert ("Praktik dijawab", 1) in month


def test_the_file_is_of_the_region_and_the_month_that_were_asked_for(client, places, hadi):
    make.read(make.learner(make.household(named("Rina"), place=places["36.71"]), pin=None), FIRST)
    last = last_months(timezone.localdate())[1]
    response = client.get(WORKBOOK, {"wilayah": "36.71", "bulan": last.value})
    assert response["Content-Disposition"] == f'attachment; filename="laporan-36.71-{last.value}.xlsx"'
    _, month = sheets(client, wilayah="36.71", bulan=last.value)
    assert (month[0], month[2]) == (("Kota Tangerang", str(last)), ("Pelajaran selesai", 0))


def test_the_file_says_on_which_day_it_was_made(client, places, hadi):
    """A month that was not over yet looked like a whole one."""
    _, month = sheets(client)
    assert ("Dibuat", date_format(timezone.localdate(), "j F Y")) in month


def test_the_day_since_when_a_practice_waits_can_be_sorted_by(client, places, hadi):
    """As words «9 Nov» came after «10 Des»."""
    sari = make.learner(make.household(place=places["36"]), pin=None)
    make.practised(sari)
    [header, total, *_], _ = sheets(client)
    assert total[header.index("Sejak")].date() == timezone.localdate()


def test_no_label_is_cut_off_by_its_neighbour(client, places, hadi):
    """«Dihubungi atau dikunjungi (November 2026)» ended before its month."""
    table, month = load_workbook(BytesIO(client.get(WORKBOOK).content)).worksheets
    assert all(cell.alignment.wrap_text for cell in table[1])
    assert month.column_dimensions["A"].width >= max(len(cell.value) for cell in month["A"])


def test_a_name_is_never_a_formula(client, places, hadi):
    """W9"""
    make.household(named("=1+1"), place=places["36"])
    [_, _, line], _ = sheets(client)
    assert line[1] == "'=1+1 Uji"


def test_the_file_is_never_kept_in_a_cache_and_names_no_family(client, places, hadi):
    sari = make.learner(make.household(named("Rina"), place=places["36"]), pin=None)
    assert "no-store" in client.get(WORKBOOK)["Cache-Control"]
    told = str(sheets(client))
    assert [word for word in (sari.household.name, sari.first_name, sari.user.username) if word in told] == []

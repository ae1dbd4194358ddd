"""From a region to those below it and back, at ``/laporan/?wilayah=…``; never beyond the coordinator's own."""

import pytest

from tests import factories as make
from tests.pages import soup, text

from .reading import REPORT, companions, counts, households, named, page, table

pytestmark = pytest.mark.django_db
WORKBOOK = "/laporan/unduh/"


def links(found) -> dict[str, str]:
    return {text(link): link["href"] for link in found.select("main a[href^='?wilayah']")}


def test_a_province_leads_to_its_regencies_and_they_to_their_districts_and_back(client, places):
    for code in ("36.71.01", "36.71.01", "36.7", "73.71"):
        make.learner(make.household(named(f"Rina {code}"), place=places[code]), pin=None)
    client.force_login(make.coordinator(places["36"]).user)
    above = page(client)
    lines = table(above, "kabupaten/kota")
    assert {name: line["Keluarga"] for name, line in lines.items()} == {"Bukan Tangerang": "1", "Kota Tangerang": "2"}

    below = soup(client.get(REPORT + links(above)["Kota Tangerang"]))
    assert text(below.select_one(".where")) == "Kota Tangerang"
    assert counts(below)["keluarga"] == 2
    assert list(companions(below)) == ["Rina 36.71.01 Uji"] * 1
    assert [line["Pelajar"] for line in table(below, "kecamatan").values()] == ["2"]

    district = soup(client.get(REPORT + links(below)["Tangerang"]))
    assert list(links(district)) == ["Banten", "Kota Tangerang"]
    assert [shown["aria-label"] for shown in district.select("table")] == ["Per pendamping"]
    assert counts(soup(client.get(REPORT + links(district)["Banten"])))["keluarga"] == 3


def test_the_lines_add_up_also_where_a_household_is_not_known_that_far(client, places):
    rina, agus = named("Rina"), named("Agus")
    make.household(rina, place=places["36.71"])
    shared = make.household(rina, place=places["36.71.01"])
    shared.companionships.create(companion=agus)
    client.force_login(make.coordinator(places["36.71"]).user)
    found = page(client)
    lines = table(found, "kecamatan")
    assert {name: line["Keluarga"] for name, line in lines.items()} == {
        "Kecamatan belum dicatat": "1",
        "Tangerang": "1",
    }
    assert counts(found)["keluarga"] == 2
    assert households(found) == [("Agus Uji", 1), ("Rina Uji", 2)]


def test_there_is_nothing_below_where_no_household_is_known_that_far(client, places):
    make.household(named("Rina"), place=places["36.71"])
    client.force_login(make.coordinator(places["36.71"]).user)
    assert table(page(client), "kecamatan") == {}


@pytest.mark.parametrize("address", [REPORT, WORKBOOK])
@pytest.mark.parametrize("code", ["36", "73", "73.71", "36.711", "36.7", "36.71.99", "36.71.\x00", "x" * 5000])
def test_what_is_not_in_her_region_is_not_there(client, places, address, code):
    """Z2: above, beside, alike, unknown, or no code at all."""
    client.force_login(make.coordinator(places["36.71"]).user)
    assert client.get(address, {"wilayah": code}).status_code == 404


def test_many_companions_come_page_by_page(client, places, monkeypatch):
    monkeypatch.setattr("reports.views.PER_PAGE", 2)
    for name in ("Agus", "Dewi", "Rina"):
        make.household(named(name), place=places["36.71"])
    client.force_login(make.coordinator(places["36"]).user)
    first = page(client, wilayah="36.71")
    assert list(companions(first)) == ["Agus Uji", "Dewi Uji"]
    following = next(link["href"] for link in first.select("nav[aria-label=Halaman] a"))
    second = soup(client.get(REPORT + following.partition("#")[0]))
    assert (list(companions(second)), text(second.select_one(".where"))) == (["Rina Uji"], "Kota Tangerang")

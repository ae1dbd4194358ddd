"""``/laporan/``: a coordinator's region in numbers; its own and what lies below, no more."""

import pytest
from django.utils import timezone
from django.utils.formats import date_format

from learn import rights
from people.models import Companionship
from tests import factories as make
from tests.pages import text

from .reading import REPORT, companions, counts, households, named, page, table, told

pytestmark = pytest.mark.django_db
FIRST = "pengenalan-motivasi"


@pytest.mark.parametrize(
    ("scope", "expected"),
    [("36", 4), ("36.71", 2), ("36.71.01", 1), ("36.7", 1), ("73", 1), ("73.71", 1)],
)
def test_a_coordinator_sees_the_region_and_what_lies_below_it(client, places, scope, expected):
    """Z2. A code that merely begins alike is another place."""
    for code in ("36.71", "36.71.01", "36.7", "36.711", "73.71"):
        make.learner(make.household(place=places[code]), pin=None)
    client.force_login(make.coordinator(places[scope]).user)
    found = page(client)
    assert places[scope].name in text(found.select_one(".where"))
    assert counts(found) == {"keluarga": expected, "pelajar": expected, "sudah mulai": 0, "modul selesai": 0}


def test_the_numbers_count_learners_who_began_and_modules_done(client, places):
    home = make.household(place=places["36.71"])
    sari, dedi, _ = (make.learner(home, pin=None) for _ in range(3))
    make.finished(sari, FIRST, "merek")
    make.read(dedi, FIRST)
    elsewhere = make.learner(make.household(place=places["73.71"]), pin=None)
    make.finished(elsewhere, FIRST)
    client.force_login(make.coordinator(places["36"]).user)
    assert counts(page(client)) == {"keluarga": 1, "pelajar": 3, "sudah mulai": 2, "modul selesai": 2}


def test_each_companion_is_listed_with_her_households_in_the_region(client, places):
    rina, agus, tono = named("Rina"), named("Agus"), named("Tono")
    for _ in range(3):
        make.household(rina, place=places["36.71"])
    make.household(rina, place=places["73.71"])
    make.household(agus, place=places["36"])
    make.household(tono, place=places["73.71"])
    client.force_login(make.coordinator(places["36"]).user)
    assert households(page(client)) == [("Agus Uji", 1), ("Rina Uji", 3)]


def test_a_household_of_two_companions_counts_for_each_and_once_in_all(client, places):
    rina, agus = named("Rina"), named("Agus")
    make.household(rina, place=places["36.71"]).companionships.create(companion=agus)
    client.force_login(make.coordinator(places["36"]).user)
    found = page(client)
    assert households(found) == [("Agus Uji", 1), ("Rina Uji", 1)]
    assert counts(found)["keluarga"] == 1


def test_an_ended_companionship_counts_no_more(client, places):
    rina = named("Rina")
    make.household(rina, place=places["36.71"]).companionships.update(ended_at=timezone.now())
    client.force_login(make.coordinator(places["36"]).user)
    found = page(client)
    assert households(found) == [("Belum ada pendamping", 1)]
    assert counts(found)["keluarga"] == 1


def test_what_those_have_done_whom_nobody_accompanies_stands_in_a_line_of_its_own(client, places):
    """And first: nobody else looks after them."""
    make.household(named("Agus"), place=places["36.71"])
    sari, gone = (make.learner(make.household(place=places[code]), pin=None) for code in ("36.71", "36.71.01"))
    for learner in (sari, gone):
        make.finished(learner, FIRST)
    rights.erase(gone)
    client.force_login(make.coordinator(places["36"]).user)
    found = page(client)
    assert households(found) == [("Belum ada pendamping", 2), ("Agus Uji", 1)]
    labels = ("Pelajar", "Sudah mulai", "Modul selesai")
    assert told(companions(found)["Belum ada pendamping"], *labels) == ["1", "1", "1"]
    assert counts(found)["modul selesai"] == 2, "what was erased counts in the region, and is nobody's"


def test_where_everybody_has_a_companion_there_is_no_such_line(client, places):
    make.household(named("Rina"), place=places["36.71"])
    rights.erase(make.learner(make.household(named("Agus"), place=places["36.71"]), pin=None))
    client.force_login(make.coordinator(places["36"]).user)
    assert households(page(client)) == [("Agus Uji", 1), ("Rina Uji", 1)]


def test_where_there_are_no_households_there_are_no_companions(client, places):
    client.force_login(make.coordinator(places["36"]).user)
    assert "Belum ada pendamping di wilayah ini." in text(page(client))


def test_each_companions_row_tells_what_her_households_have_done(client, places):
    rina, agus = named("Rina"), named("Agus")
    sari, _ = (make.learner(make.household(rina, place=places["36.71"]), pin=None) for _ in range(2))
    make.finished(sari, FIRST)
    make.practised(sari)
    shared = make.learner(make.household(agus, place=places["36.71"]), pin=None)
    shared.household.companionships.create(companion=rina)
    make.read(shared, FIRST)
    beyond = make.learner(make.household(rina, place=places["73.71"]), pin=None)
    make.finished(beyond, FIRST)
    make.practised(beyond)
    client.force_login(make.coordinator(places["36"]).user)
    said = companions(page(client))
    labels = ("Keluarga", "Sudah mulai", "Pelajar", "Modul selesai", "Praktik menunggu", "Sejak")
    assert told(said["Agus Uji"], *labels) == ["1", "1", "1", "0", "0", "–"]
    today = date_format(timezone.localdate(), "j M Y")
    assert told(said["Rina Uji"], *labels) == ["3", "2", "3", "1", "1", today]


def test_what_no_longer_is_hers_counts_for_her_no_more(client, places):
    rina, agus = named("Rina"), named("Agus")
    sari = make.learner(make.household(rina, place=places["36.71"]), pin=None)
    make.household(rina, place=places["36.71"])
    make.finished(sari, FIRST)
    make.practised(sari)
    Companionship.objects.hand_over([sari.household], rina, agus, by=agus.user)
    client.force_login(make.coordinator(places["36"]).user)
    said = companions(page(client))
    labels = ("Keluarga", "Sudah mulai", "Modul selesai", "Praktik menunggu")
    assert told(said["Agus Uji"], *labels) == ["1", "1", "1", "1"]
    assert told(said["Rina Uji"], *labels) == ["1", "0", "0", "0"]


def test_households_of_a_closed_account_are_pointed_out(client, places):
    rina, agus = named("Rina"), named("Agus")
    for who in (rina, agus):
        make.household(who, place=places["36.71"])
    rina.user.is_active = False
    rina.user.save()
    client.force_login(make.coordinator(places["36"]).user)
    found = page(client)
    pointed_out = [
        text(row) for row in found.select("tbody tr") if "Akunnya ditutup. Serahkan keluarganya." in text(row)
    ]
    assert [words.startswith("Rina Uji") for words in pointed_out] == [True]
    assert found.select_one(f"a[href='/laporan/serah-terima/{rina.pk}/?wilayah=36']")


@pytest.mark.parametrize(("scope", "expected"), [("36", 1), ("36.71", 1), ("36.7", 0), ("73", 0)])
def test_modules_done_do_not_shrink_when_a_learners_data_is_erased(client, places, scope, expected):
    sari = make.learner(make.household(place=places["36.71"]), pin=None)
    make.finished(sari, FIRST)
    rights.erase(sari)
    client.force_login(make.coordinator(places[scope]).user)
    assert counts(page(client))["modul selesai"] == expected


def test_modules_done_do_not_grow_when_a_learner_is_erased_who_had_withdrawn(client, places):
    """Three years later they did, and nobody had learned anything."""
    sari = make.learner(make.household(place=places["36.71"]), pin=None)
    make.finished(sari, FIRST)
    rights.withdraw(sari, by=sari.user)
    client.force_login(make.coordinator(places["36"]).user)
    before = counts(page(client))
    rights.erase(sari)
    assert counts(page(client)) == before


def test_no_name_of_a_family_is_in_the_report(client, places):
    home = make.household(named("Rina"), place=places["36.71"])
    sari = make.learner(home, pin=None)
    client.force_login(make.coordinator(places["36"]).user)
    source = client.get(REPORT).text
    assert [word for word in (home.name, sari.first_name, sari.last_name, sari.user.username) if word in source] == []


def test_a_visitor_is_sent_to_sign_in_and_back(client):
    assert client.get(REPORT)["Location"] == f"/masuk/?next={REPORT}"


@pytest.mark.parametrize("who", ["learner", "companion", "editor"])
def test_others_are_refused(client, who):
    people = {
        "learner": lambda: make.learner(pin=None).user,
        "companion": lambda: make.companion().user,
        "editor": make.staff,
    }
    client.force_login(people[who]())
    assert client.get(REPORT).status_code == 403


def test_a_coordinator_gets_to_no_companions_screen(client, places):
    home = make.household(make.companion(), place=places["36.71"])
    client.force_login(make.coordinator(places["36"]).user)
    for address in ("/dampingan/", f"/dampingan/keluarga/{home.pk}/", "/dampingan/tugaskan/"):
        assert client.get(address).status_code == 403


@pytest.mark.parametrize("method", ["post", "put", "delete"])
def test_the_report_is_only_read(client, places, method):
    client.force_login(make.coordinator(places["36"]).user)
    assert getattr(client, method)(REPORT).status_code == 405


def test_it_is_never_kept_in_a_cache(client, places):
    client.force_login(make.coordinator(places["36"]).user)
    assert "no-store" in client.get(REPORT)["Cache-Control"]


@pytest.mark.parametrize("number", [1, 12])
def test_it_takes_the_same_queries_at_any_number_of_companions_and_regions(
    client, places, number, django_assert_num_queries
):
    for place in range(number):
        district = make.region(f"36.71.{place + 10}", f"Kecamatan {place}", "district")
        make.learner(make.household(named(f"Rina {place:02}"), place=district), pin=None)
    client.force_login(make.coordinator(places["36.71"]).user)
    with django_assert_num_queries(14):
        found = page(client)
    assert (len(companions(found)), len(table(found, "kecamatan"))) == (number, number)

"""Households that nobody accompanies get a companion, at /laporan/serah-terima/."""

import pytest

from people.models import Companion, Companionship, Household, HouseholdEvent
from tests import factories, pages

from .reading import REPORT, named, page

pytestmark = pytest.mark.django_db
PATH = "/laporan/serah-terima/"


@pytest.fixture
def hadi(places):
    return factories.coordinator(places["36"])


@pytest.fixture
def rina(places) -> Companion:
    """A companion of the region."""
    made = named("Rina")
    factories.household(by=made, place=places["36.71"])
    return made


@pytest.fixture
def melati(places):
    """A group of two households that nobody accompanies."""
    made = factories.group(places["36.71"])
    for _ in range(2):
        factories.household(in_group=made, place=places["36.71"])
    return made


@pytest.fixture
def alone(places) -> Household:
    """A household in no group that nobody accompanies."""
    return factories.household(place=places["36.71.01"])


def caseload(companion) -> set[int]:
    return set(Household.objects.for_companion(companion.user).values_list("pk", flat=True))


def companionships() -> list:
    return list(Companionship.objects.order_by("pk").values())


def test_the_reports_line_leads_there(client, hadi, melati):
    client.force_login(hadi.user)
    link = page(client).select_one("[aria-label='Per pendamping'] tbody tr a")
    assert pages.text(link) == "Pilih pendamping"
    assert link["href"] == f"{PATH}?wilayah=36"
    assert "2 keluarga belum ada pendamping" in pages.text(pages.soup(client.get(link["href"])).main)


def test_how_many_would_get_her_is_shown_first_and_then_they_do(client, hadi, rina, melati, alone):
    client.force_login(hadi.user)
    before, hers = companionships(), caseload(rina)
    preview = pages.soup(client.post(PATH, {"new": rina.pk}))
    assert pages.text(preview.h1) == "3 keluarga dapat pendamping?"
    assert str(rina) in pages.text(preview.main)
    assert companionships() == before

    sent = pages.sends(preview.select_one("main form"))
    response = client.post(PATH, sent | {"pasti": "ya"}, follow=True)
    assert response.redirect_chain == [(f"{REPORT}?wilayah=36", 302)]
    assert f"3 keluarga sekarang didampingi {rina}." in pages.text(pages.soup(response).main)
    assert caseload(rina) == hers | {alone.pk, *melati.households.values_list("pk", flat=True)}
    told = alone.events.get(kind=HouseholdEvent.Kind.COMPANION_STARTED)
    assert (told.text, told.by) == (str(rina), hadi.user)


def test_a_newcomer_is_found_by_her_name(client, hadi, melati):
    agus = factories.companion()
    client.force_login(hadi.user)
    client.post(PATH, {"newcomer": agus.user.username, "pasti": "ya"})
    assert len(caseload(agus)) == 2


def test_only_the_chosen_group_gets_her(client, hadi, rina, melati, alone):
    client.force_login(hadi.user)
    options = pages.soup(client.get(PATH)).select("[name=group] option")
    assert [pages.text(option) for option in options] == ["Semua (3 keluarga)", f"{melati} (2 keluarga)"]
    client.post(PATH, {"new": rina.pk, "group": melati.pk, "pasti": "ya"})
    assert not alone.companionships.exists()
    assert len(caseload(rina)) == 3


def test_only_those_of_the_place_in_the_report_get_her(client, hadi, rina, melati, alone):
    client.force_login(hadi.user)
    client.post(f"{PATH}?wilayah=36.71.01", {"new": rina.pk, "pasti": "ya"})
    assert caseload(rina) & {alone.pk, *melati.households.values_list("pk", flat=True)} == {alone.pk}


def test_sent_twice_it_changes_nothing(client, hadi, rina, melati):
    client.force_login(hadi.user)
    form = {"new": rina.pk, "pasti": "ya"}
    client.post(PATH, form)
    once, events = companionships(), HouseholdEvent.objects.count()
    again = client.post(PATH, form, follow=True)
    assert (companionships(), HouseholdEvent.objects.count()) == (once, events)
    assert "Semua keluarga di wilayah ini sudah didampingi." in pages.text(pages.soup(again).main)


def test_a_household_that_has_got_a_companion_meanwhile_keeps_only_her(hadi, rina, alone):
    agus, chosen = factories.companion(), [alone]
    Companionship.objects.start(alone, agus, by=hadi.user)
    assert Companionship.objects.hand_over(chosen, None, rina, by=hadi.user) == 0
    assert alone.companionships.get().companion == agus


def test_a_household_whose_companion_has_left_is_one_of_them(client, hadi, rina, places):
    left = factories.household(by=factories.companion(), place=places["36"])
    Companionship.objects.end_all([left], left.companions.get(), by=hadi.user)
    client.force_login(hadi.user)
    client.post(PATH, {"new": rina.pk, "pasti": "ya"})
    assert left.pk in caseload(rina)


def test_wrong_input_is_said_at_its_field_and_what_was_typed_stays(client, hadi, rina, melati):
    before = companionships()
    client.force_login(hadi.user)
    response = client.post(PATH, {"group": melati.pk, "newcomer": "siapa.ini", "pasti": "ya"})
    assert response.status_code == 422
    assert pages.field_error(response, "newcomer").startswith("Tidak ada pendamping tanpa keluarga")
    sent = pages.sends(pages.soup(response).select_one("main form"))
    assert (sent["newcomer"], sent["group"]) == (["siapa.ini"], [str(melati.pk)])
    assert companionships() == before


# --- Not beyond the region ---------------------------------------------------------------------------------------


def test_another_regions_households_group_or_companion_are_out_of_reach(client, hadi, rina, melati, places):
    """Z2"""
    far = factories.household(place=places["73.71"], in_group=factories.group(places["73.71"]))
    near = factories.household(place=places["36.711"], in_group=factories.group(places["36.711"]))
    stranger = factories.companion()
    factories.household(by=stranger, place=places["73.71"])
    hers = factories.coordinator(places["36.71"])
    client.force_login(hers.user)
    for wrong in ({"new": rina.pk, "group": far.group_id}, {"new": rina.pk, "group": near.group_id}):
        assert client.post(PATH, wrong | {"pasti": "ya"}).status_code == 422
    assert client.post(PATH, {"new": stranger.pk, "pasti": "ya"}).status_code == 422
    assert client.post(f"{PATH}?wilayah=73.71", {"new": rina.pk, "pasti": "ya"}).status_code == 404
    client.post(PATH, {"new": rina.pk, "pasti": "ya"})
    assert {far.pk, near.pk} & caseload(rina) == set()


def test_another_coordinator_is_told_that_all_of_hers_are_accompanied(client, rina, melati, places):
    """Z2"""
    before = companionships()
    client.force_login(factories.coordinator(places["73"]).user)
    response = client.post(PATH, {"new": rina.pk, "pasti": "ya"})
    assert (response.status_code, response["Location"]) == (302, f"{REPORT}?wilayah=73")
    assert companionships() == before


@pytest.mark.parametrize("who", ["learner", "companion", "writer", "visitor"])
def test_nobody_else_gives_a_companion(client, rina, melati, who):
    """Z1"""
    users = {
        "learner": lambda: factories.learner(melati.households.first()).user,
        "companion": lambda: rina.user,
        "writer": lambda: factories.staff("Penulis materi"),
    }
    if who in users:
        client.force_login(users[who]())
    before = companionships()
    response = client.post(PATH, {"new": rina.pk, "pasti": "ya"})
    assert response.status_code == (403 if who in users else 302)
    assert companionships() == before


@pytest.mark.parametrize("number", [1, 20])
def test_it_takes_the_same_queries_for_any_number(client, hadi, rina, places, number, django_assert_num_queries):
    homes = [
        factories.household(in_group=factories.group(places["36.71"]), place=places["36.71"]) for _ in range(number)
    ]
    client.force_login(hadi.user)
    with django_assert_num_queries(11):
        client.get(PATH)
    with django_assert_num_queries(11):
        client.post(PATH, {"new": rina.pk})
    with django_assert_num_queries(10):
        assert Companionship.objects.hand_over(homes, None, rina, by=hadi.user) == number

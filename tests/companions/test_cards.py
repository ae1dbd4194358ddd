"""A companion prints and sends the cards of her own households, and of no others."""

from io import BytesIO

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from PIL import Image

from people.models import Companionship, Consent
from tests import factories, pages

pytestmark = pytest.mark.django_db


@pytest.fixture
def rina():
    return factories.companion()


@pytest.fixture
def home(rina):
    return factories.household(rina, in_group=factories.group())


@pytest.fixture
def sari(home):
    return factories.learner(home, code="SAR1PENA")


@pytest.fixture
def client(client, rina):
    client.force_login(rina.user)
    return client


def addresses(learner) -> list[str]:
    """Everything that shows the learner's card."""
    home = learner.household
    return [
        f"/dampingan/keluarga/{home.pk}/kartu/",
        f"/dampingan/kartu/?kelompok={home.group_id}",
        f"/dampingan/pelajar/{learner.pk}/kartu.png",
    ]


def codes(response) -> list[str]:
    return [pages.text(code) for code in pages.soup(response).select(".paper .code b")]


def test_a_household_has_a_card_for_each_learner(client, home, sari):
    factories.learner(home, first_name="Dedi", last_name="", address_form="bapak", code="DED1PENA")
    page = pages.soup(client.get(f"/dampingan/keluarga/{home.pk}/kartu/"))
    cards = {pages.text(card.h2): pages.text(card.select_one(".code b")) for card in page.select(".paper")}
    assert cards == {"Bu Sari Wulandari": "SAR1 PENA", "Pak Dedi": "DED1 PENA"}
    assert len(page.select(".paper svg.scan path")) == 4
    assert pages.text(page.select_one(".paper .how")) == "Pindai Buat PIN Belajar"


def test_the_card_of_whoever_was_added_last_comes_first(client, home, sari):
    """It is the one that is to be handed over now: beneath another's, the wrong one was sent."""
    factories.learner(home, first_name="Tini", code="T1N1PENA")
    assert codes(client.get(f"/dampingan/keluarga/{home.pk}/kartu/")) == ["T1N1 PENA", "SAR1 PENA"]


def test_no_card_bears_a_pin(client, sari):
    for address in addresses(sari)[:2]:
        assert factories.PIN not in client.get(address).content.decode()


def test_a_page_without_cards_says_so(client, home):
    for address in (f"/dampingan/keluarga/{home.pk}/kartu/", f"/dampingan/kartu/?kelompok={home.group_id}"):
        assert "Tidak ada yang sedang belajar" in pages.text(pages.soup(client.get(address)).main)


@pytest.mark.parametrize(("learners", "sheets"), [(1, [1]), (8, [8]), (9, [8, 1])])
def test_a_group_comes_in_sheets_of_eight(client, home, learners, sheets):
    for _ in range(learners):
        factories.learner(home, pin=None)
    page = pages.soup(client.get(f"/dampingan/kartu/?kelompok={home.group_id}"))
    assert [len(sheet.select(".paper")) for sheet in page.select(".sheet")] == sheets


def test_a_group_shared_with_another_companion_shows_only_ones_own_households(client, home, sari):
    """Z1"""
    factories.learner(factories.household(factories.companion(), in_group=home.group))
    assert codes(client.get(f"/dampingan/kartu/?kelompok={home.group_id}")) == ["SAR1 PENA"]


def test_without_a_group_there_are_the_groups_to_choose_from(client, sari):
    factories.household(factories.companion(), in_group=factories.group())
    page = client.get("/dampingan/kartu/")
    chips = [pages.text(chip) for chip in pages.soup(page).select(".chip")]
    assert chips == [sari.household.group.name]
    assert codes(page) == []


@pytest.fixture
def wati(rina):
    """Of a household without a group."""
    return factories.learner(factories.household(rina), first_name="Wati", code="WAT1PENA")


def test_all_households_without_a_group_come_in_sheets_too(client, rina, sari, wati):
    for _ in range(8):
        factories.learner(factories.household(rina), pin=None)
    chips = {pages.text(chip): chip["href"] for chip in pages.soup(client.get("/dampingan/kartu/")).select(".chip")}
    assert list(chips) == [sari.household.group.name, "Tanpa kelompok"]
    page = client.get(f"/dampingan/kartu/{chips['Tanpa kelompok']}")
    assert [len(sheet.select(".paper")) for sheet in pages.soup(page).select(".sheet")] == [8, 1]
    assert (codes(page)[0], "SAR1 PENA" in codes(page)) == ("WAT1 PENA", False)
    assert "9 kartu keluarga tanpa kelompok" in pages.text(pages.soup(page).main)


def test_where_nobody_is_in_a_group_their_cards_are_there_at_once(client, wati):
    assert codes(client.get("/dampingan/kartu/")) == ["WAT1 PENA"]


def test_a_strangers_household_without_a_group_is_not_among_them(client, sari):
    """Z1"""
    factories.learner(factories.household(factories.companion()))
    assert "Tanpa kelompok" not in pages.text(pages.soup(client.get("/dampingan/kartu/")).main)
    assert codes(client.get("/dampingan/kartu/?kelompok=tanpa")) == []


def test_the_list_of_households_leads_to_all_cards(client, wati):
    page = client.get("/dampingan/keluarga/")
    assert "/dampingan/kartu/" in pages.links(page)


@pytest.mark.parametrize("wanted", ["0", "x", "9" * 30, "1 OR 1=1", "²"])
def test_an_unknown_group_is_not_found(client, sari, wanted):
    assert client.get("/dampingan/kartu/", {"kelompok": wanted}).status_code == 404


def test_the_picture_is_a_file_whose_name_does_not_tell_the_code(client, sari):
    response = client.get(addresses(sari)[2])
    assert response["Content-Disposition"] == 'attachment; filename="kartu-bu-sari-wulandari.png"'
    assert response["Content-Type"] == "image/png"
    assert Image.open(BytesIO(response.content)).format == "PNG"


def test_cards_are_kept_in_no_cache(client, sari):
    assert ["no-store" in client.get(address)["Cache-Control"] for address in addresses(sari)] == [True] * 3


def test_a_strangers_household_has_no_cards_for_her(client):
    """Z1"""
    stranger = factories.learner(factories.household(factories.companion(), in_group=factories.group()))
    assert [client.get(address).status_code for address in addresses(stranger)] == [404] * 3


def test_a_household_that_changed_hands_has_none_for_her_either(client, rina, home, sari):
    """Z4"""
    assert [client.get(address).status_code for address in addresses(sari)] == [200] * 3
    Companionship.objects.end_all([home], rina, by=rina.user)
    assert [client.get(address).status_code for address in addresses(sari)] == [404] * 3


def test_a_learner_who_withdrew_has_no_card(client, sari):
    """P2"""
    Consent.objects.withdraw(sari, by=sari.user)
    household, group, picture = (client.get(address) for address in addresses(sari))
    assert codes(household) == codes(group) == []
    assert picture.status_code == 404


def test_only_companions_have_cards(client, sari):
    client.force_login(sari.user)
    assert [client.get(address).status_code for address in addresses(sari)] == [403] * 3
    client.logout()
    assert [client.get(address).status_code for address in addresses(sari)] == [302] * 3


def test_cards_are_only_read(client, sari):
    """W3"""
    assert [client.post(address).status_code for address in addresses(sari)] == [405] * 3


@pytest.mark.parametrize("path", [0, 1, 2])
def test_many_cards_cost_no_more_queries_than_one(client, home, sari, wati, path, django_assert_num_queries):
    address = [*addresses(sari)[:2], "/dampingan/kartu/?kelompok=tanpa"][path]
    with CaptureQueriesContext(connection) as one:
        client.get(address)
    for _ in range(5):
        factories.learner(home, pin=None)
        factories.learner(wati.household, pin=None)
    with django_assert_num_queries(len(one)):
        client.get(address)

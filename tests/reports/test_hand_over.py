"""Households change hands, at /laporan/serah-terima/."""

import pytest
from django.test import Client

from people.models import Companion, Companionship, Household, HouseholdEvent
from tests import factories, pages

pytestmark = pytest.mark.django_db

PATH = "/laporan/serah-terima/"


def signed_in(user) -> Client:
    client = Client()
    client.force_login(user)
    return client


@pytest.fixture
def rina() -> Companion:
    return factories.companion()


@pytest.fixture
def agus() -> Companion:
    return factories.companion()


@pytest.fixture
def melati(rina):
    """A group of two households of Rina; one learner has read a module."""
    made = factories.group()
    for _ in range(2):
        home = factories.household(by=rina, in_group=made, place=made.region)
        factories.learner(home)
    factories.read(home.learners.get())
    return made


@pytest.fixture
def hadi(melati):
    return factories.coordinator(factories.region("36", "Banten", "province"))


def hand_over(hadi, old, new, group="") -> object:
    form = {"old": old.pk, "new": new.pk, "group": group and group.pk}
    return signed_in(hadi.user).post(PATH, form, follow=True)


def caseload(companion) -> set[int]:
    return set(Household.objects.for_companion(companion.user).values_list("pk", flat=True))


def companionships() -> list:
    return list(Companionship.objects.order_by("pk").values())


def offered(user, field: str) -> set[str]:
    page = pages.soup(signed_in(user).get(PATH))
    return {option["value"] for option in page.select(f"[name={field}] option")} - {""}


# --- From one to the other ---------------------------------------------------------------------------------------


def test_all_households_of_a_companion_change_hands(hadi, rina, agus, melati):
    both = caseload(rina)
    response = hand_over(hadi, rina, agus)
    assert response.redirect_chain == [("/laporan/", 302)]
    assert f"2 keluarga pindah dari {rina} ke {agus}." in pages.text(pages.soup(response).main)
    assert (caseload(rina), caseload(agus)) == (set(), both)


def test_only_the_chosen_group_changes_hands(hadi, rina, agus, melati):
    stays = factories.household(by=rina, place=melati.region)
    hand_over(hadi, rina, agus, melati)
    assert caseload(rina) == {stays.pk}
    assert len(caseload(agus)) == 2


def test_the_old_companion_loses_access_at_once(hadi, rina, agus, melati):
    """Z4: in the session that is open already, on every screen, reading and writing."""
    phone = signed_in(rina.user)
    home = melati.households.first()
    sari = home.learners.get()
    own = [
        f"/dampingan/keluarga/{home.pk}/",
        f"/dampingan/keluarga/{home.pk}/riwayat/",
        f"/dampingan/pelajar/{sari.pk}/",
    ]
    assert [phone.get(path).status_code for path in own] == [200] * 3

    hand_over(hadi, rina, agus)

    assert [phone.get(path).status_code for path in own] == [404] * 3
    form = {"first_name": "Dicuri", "address_form": "ibu", "module": factories.module().translation_key}
    assert [phone.post(path, form).status_code for path in (own[0], own[2])] == [404] * 2
    assert phone.post(f"/dampingan/pelajar/{sari.pk}/pin/").status_code == 404
    everywhere = phone.get("/dampingan/").content.decode() + phone.get("/dampingan/tugaskan/").content.decode()
    assert not [text for text in (home.name, melati.name, sari.first_name) if text in everywhere]
    sari.refresh_from_db()
    assert sari.first_name == "Sari"
    assert sari.user.check_password(factories.PIN)


def test_the_new_companion_sees_history_and_progress(hadi, rina, agus, melati):
    """Z4"""
    home = melati.households.last()
    HouseholdEvent.objects.record(home, HouseholdEvent.Kind.CORRECTED, by=rina.user, text="Sri → Sari")
    hand_over(hadi, rina, agus)
    phone = signed_in(agus.user)

    history = pages.text(pages.soup(phone.get(f"/dampingan/keluarga/{home.pk}/riwayat/")).main)
    assert "Sri → Sari" in history, "what was before her time"
    assert f"Pendampingan berakhir {rina}" in history
    assert f"Mulai didampingi {agus}" in history

    screen = pages.text(pages.soup(phone.get(f"/dampingan/keluarga/{home.pk}/")).main)
    module, total = factories.module(), len(factories.lessons())
    assert f"{module.title} {total} dari {total} pelajaran" in screen


def test_the_coordinator_stands_in_the_history(hadi, rina, agus, melati):
    hand_over(hadi, rina, agus)
    for home in melati.households.all():
        ended, started = reversed(home.events.all()[:2])
        assert (ended.kind, ended.text, ended.by) == ("companion_ended", str(rina), hadi.user)
        assert (started.kind, started.text, started.by) == ("companion_started", str(agus), hadi.user)


def test_done_twice_it_changes_nothing(hadi, rina, agus, melati):
    hand_over(hadi, rina, agus, melati)
    once, events = companionships(), HouseholdEvent.objects.count()
    response = hand_over(hadi, rina, agus, melati)
    assert companionships() == once
    assert HouseholdEvent.objects.count() == events
    assert response.status_code in (200, 422)


def test_a_household_that_both_accompany_keeps_the_new_one_once(hadi, rina, agus, melati):
    home = melati.households.first()
    Companionship.objects.start(home, agus, by=hadi.user)
    hand_over(hadi, rina, agus)
    assert home.companionships.current().get().companion == agus


def test_a_second_companion_of_the_household_stays(hadi, rina, agus, melati):
    home, dewi = melati.households.first(), factories.companion()
    Companionship.objects.start(home, dewi, by=hadi.user)
    hand_over(hadi, rina, agus)
    assert set(home.companionships.current().values_list("companion", flat=True)) == {agus.pk, dewi.pk}


def test_opening_the_page_changes_nothing(hadi, rina, agus, melati):
    """W3"""
    before = companionships()
    signed_in(hadi.user).get(PATH, query_params={"old": rina.pk, "new": agus.pk})
    assert companionships() == before


# --- Not beyond the region ---------------------------------------------------------------------------------------


@pytest.fixture
def far():
    """A companion with a household in another province."""
    made = factories.companion()
    place = factories.region("73.71", "Kota Makassar")
    factories.household(by=made, place=place, in_group=factories.group(place))
    return made


def test_a_coordinator_is_offered_her_own_companions_and_groups(hadi, rina, agus, melati, far):
    """Z2"""
    assert offered(hadi.user, "old") == {str(rina.pk)}
    assert offered(hadi.user, "new") == {str(rina.pk), str(agus.pk)}, "and whoever accompanies nobody yet"
    assert offered(hadi.user, "group") == {str(melati.pk)}


def test_another_regions_companion_or_group_cannot_be_chosen(hadi, rina, agus, melati, far):
    """Z2: whatever the browser sends."""
    foreign_group = far.households.get().group
    before = companionships()
    for form in (
        {"old": far.pk, "new": agus.pk, "group": ""},
        {"old": rina.pk, "new": far.pk, "group": ""},
        {"old": rina.pk, "new": agus.pk, "group": foreign_group.pk},
    ):
        response = signed_in(hadi.user).post(PATH, form)
        assert response.status_code == 422
        assert "Pilih satu dari daftar." in pages.text(pages.soup(response).main)
    assert companionships() == before


def test_only_the_households_in_the_region_change_hands(hadi, rina, agus, melati):
    """Z2: a companion who works on both sides of the border keeps those beyond it."""
    beyond = factories.household(by=rina, place=factories.region("73.71", "Kota Makassar"))
    hand_over(hadi, rina, agus)
    assert caseload(rina) == {beyond.pk}


def test_a_region_whose_code_only_begins_alike_is_another(rina, agus, melati):
    """Z2: 36.7 is not above 36.71."""
    near = factories.coordinator(factories.region("36.7", "Bukan Tangerang"))
    assert offered(near.user, "old") == set()


# --- Wrong input -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("wrong", "field", "words"),
    [
        ({"old": ""}, "old", "Pilih dulu."),
        ({"new": ""}, "new", "Pilih dulu."),
        ({"new": "x"}, "new", "Pilih satu dari daftar."),
        ({"old": "0"}, "old", "Pilih satu dari daftar."),
        ({"group": "0"}, "group", "Pilih satu dari daftar."),
        ({"new": "{rina}"}, "new", "Pilih pendamping yang lain."),
    ],
)
def test_what_is_wrong_is_said_at_its_field_and_nothing_changes(hadi, rina, agus, melati, wrong, field, words):
    before = companionships()
    form = {"old": str(rina.pk), "new": str(agus.pk), "group": str(melati.pk)}
    form |= {name: value.format(rina=rina.pk) for name, value in wrong.items()}
    response = signed_in(hadi.user).post(PATH, form)
    assert response.status_code == 422
    assert pages.field_error(response, field) == words
    assert pages.sends(pages.soup(response).select_one("main form")).get("group", [""]) in ([str(melati.pk)], [""])
    assert companionships() == before


def test_a_companion_whose_account_is_closed_takes_nothing_over(hadi, rina, agus, melati):
    agus.user.is_active = False
    agus.user.save()
    assert str(agus.pk) not in offered(hadi.user, "new")


@pytest.mark.parametrize("who", ["learner", "companion", "writer", "visitor"])
def test_nobody_else_hands_over(client, rina, agus, melati, who):
    """Z1"""
    user = {
        "learner": factories.learner().user,
        "companion": rina.user,
        "writer": factories.staff("Penulis materi"),
    }.get(who)
    if user:
        client.force_login(user)
    before = companionships()
    response = client.post(PATH, {"old": rina.pk, "new": agus.pk, "group": ""})
    assert response.status_code == (403 if user else 302)
    assert companionships() == before

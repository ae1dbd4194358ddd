"""Households change hands, at /laporan/serah-terima/…/."""

import pytest
from django.test import Client

from people.models import Companion, Companionship, Household, HouseholdEvent, User
from tests import factories, pages

pytestmark = pytest.mark.django_db


def path(old) -> str:
    return f"/laporan/serah-terima/{old.pk}/"


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
    """To whoever accompanies somebody already by choosing her, to anyone else by name."""
    to = {"new": new.pk} if new.households.exists() else {"newcomer": new.user.username}
    form = to | {"group": group and group.pk, "pasti": "ya"}
    return signed_in(hadi.user).post(path(old), form, follow=True)


def caseload(companion) -> set[int]:
    return set(Household.objects.for_companion(companion.user).values_list("pk", flat=True))


def companionships() -> list:
    return list(Companionship.objects.order_by("pk").values())


def offered(user, old, field: str) -> set[str]:
    page = pages.soup(signed_in(user).get(path(old)))
    return {option["value"] for option in page.select(f"[name={field}] option")} - {""}


# --- From one to the other ---------------------------------------------------------------------------------------


def test_all_households_of_a_companion_change_hands(hadi, rina, agus, melati):
    both = caseload(rina)
    response = hand_over(hadi, rina, agus)
    assert response.redirect_chain == [("/laporan/?wilayah=36", 302)]
    assert f"2 keluarga pindah dari {rina} ke {agus}." in pages.text(pages.soup(response).main)
    assert (caseload(rina), caseload(agus)) == (set(), both)


def test_a_newcomer_is_found_by_her_name_in_any_case(hadi, rina, agus, melati):
    form = {"newcomer": agus.user.username.title(), "pasti": "ya"}
    assert signed_in(hadi.user).post(path(rina), form).status_code == 302
    assert len(caseload(agus)) == 2


def test_a_newcomer_whose_account_is_written_with_capitals_is_found(hadi, rina, agus, melati):
    User.objects.filter(pk=agus.user_id).update(username="Budi.Baru")
    assert signed_in(hadi.user).post(path(rina), {"newcomer": "Budi.Baru", "pasti": "ya"}).status_code == 302


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
    assert f"{rina} tidak lagi mendampingi keluarga di wilayah ini." in pages.text(pages.soup(response).main)


@pytest.mark.parametrize("is_new", [False, True])
def test_a_second_tap_for_a_group_finds_that_it_has_changed_hands(hadi, rina, agus, melati, is_new):
    factories.household(by=rina)
    if not is_new:
        factories.household(by=agus)
    to = {"newcomer": agus.user.username} if is_new else {"new": agus.pk}
    tap = to | {"group": melati.pk, "pasti": "ya"}
    first, second = (signed_in(hadi.user).post(path(rina), tap, follow=True) for _ in range(2))
    assert f"2 keluarga pindah dari {rina} ke {agus}." in pages.text(pages.soup(first).main)
    assert second.status_code == 200
    assert f"{rina} tidak lagi mendampingi kelompok itu." in pages.text(pages.soup(second).main)


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
    signed_in(hadi.user).get(path(rina), query_params={"newcomer": agus.user.username, "pasti": "ya"})
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
    factories.household(by=agus, place=melati.region, in_group=factories.group(melati.region))
    assert offered(hadi.user, rina, "new") == {str(agus.pk)}
    assert offered(hadi.user, rina, "group") == {str(melati.pk)}, "only of the households that change hands"


def test_another_regions_companion_or_group_cannot_be_chosen(hadi, rina, agus, melati, far):
    """Z2: whatever the browser sends."""
    foreign_group = far.households.get().group
    before = companionships()
    assert signed_in(hadi.user).post(path(far), {"newcomer": agus.user.username, "pasti": "ya"}).status_code == 404
    for form in (
        {"new": far.pk},
        {"newcomer": far.user.username},
        {"newcomer": agus.user.username, "group": foreign_group.pk},
    ):
        assert signed_in(hadi.user).post(path(rina), form | {"pasti": "ya"}).status_code == 422
    assert companionships() == before


def test_only_the_households_in_the_region_change_hands(hadi, rina, agus, melati):
    """Z2: a companion who works on both sides of the border keeps those beyond it."""
    beyond = factories.household(by=rina, place=factories.region("73.71", "Kota Makassar"))
    hand_over(hadi, rina, agus)
    assert caseload(rina) == {beyond.pk}


def test_only_those_of_the_place_in_the_report_change_hands(hadi, rina, agus, melati):
    stays = factories.household(by=rina, place=factories.region("36.72", "Kota Cilegon"))
    form = {"newcomer": agus.user.username, "pasti": "ya"}
    signed_in(hadi.user).post(f"{path(rina)}?wilayah=36.71", form)
    assert caseload(rina) == {stays.pk}


def test_a_region_whose_code_only_begins_alike_is_another(rina, agus, melati):
    """Z2: 36.7 is not above 36.71."""
    near = factories.coordinator(factories.region("36.7", "Bukan Tangerang"))
    assert signed_in(near.user).get(path(rina)).status_code == 404


# --- Wrong input -------------------------------------------------------------------------------------------------


CHOOSE_ONE = "Pilih satu pendamping, atau tulis satu nama akun."
NOT_FREE = "Tidak ada pendamping tanpa keluarga dengan nama akun itu. Periksa lagi."


@pytest.mark.parametrize(
    ("wrong", "field", "words"),
    [
        ({"new": ""}, "new", CHOOSE_ONE),
        ({"newcomer": "{agus}"}, "new", CHOOSE_ONE),
        ({"new": "x"}, "new", "Pilih satu dari daftar."),
        ({"new": "{rina}"}, "new", "Pilih satu dari daftar."),
        ({"group": "0"}, "group", "Pilih satu dari daftar."),
        ({"new": "", "newcomer": "siapa.ini"}, "newcomer", NOT_FREE),
        ({"new": "", "newcomer": "{busy}"}, "newcomer", NOT_FREE),
        ({"new": "", "newcomer": "{hadi}"}, "newcomer", NOT_FREE),
    ],
)
def test_what_is_wrong_is_said_at_its_field_and_nothing_changes(hadi, rina, agus, melati, wrong, field, words):
    busy = factories.companion()
    factories.household(by=busy, place=melati.region)
    before = companionships()
    names = {"rina": rina.pk, "agus": agus.user.username, "busy": busy.user.username, "hadi": hadi.user.username}
    form = {"new": str(busy.pk), "newcomer": "", "group": str(melati.pk), "pasti": "ya"}
    form |= {name: value.format(**names) for name, value in wrong.items()}
    response = signed_in(hadi.user).post(path(rina), form)
    assert response.status_code == 422
    assert pages.field_error(response, field) == words
    sent = pages.sends(pages.soup(response).select_one("main form"))
    assert sent["newcomer"] == [form["newcomer"]], "what was typed stays"
    assert companionships() == before


def test_a_companion_whose_account_is_closed_takes_nothing_over(hadi, rina, agus, melati):
    dewi = factories.companion()
    factories.household(by=dewi, place=melati.region)
    for closed in (agus, dewi):
        closed.user.is_active = False
        closed.user.save()
    assert offered(hadi.user, rina, "new") == set()
    assert hand_over(hadi, rina, agus).status_code == 422


# --- Seen before it is done --------------------------------------------------------------------------------------


def test_how_many_would_change_hands_is_shown_before_anything_does(hadi, rina, agus, melati):
    factories.household(by=rina, place=melati.region)
    before = companionships()
    form = {"newcomer": agus.user.username, "group": melati.pk}
    preview = signed_in(hadi.user).post(path(rina), form)
    shown = pages.soup(preview)
    assert pages.text(shown.h1) == "2 keluarga pindah?"
    assert [str(one) in pages.text(shown.main) for one in (rina, agus, melati)] == [True] * 3
    assert companionships() == before

    sent = pages.sends(shown.select_one("main form"))
    signed_in(hadi.user).post(path(rina), sent | {"pasti": "ya"})
    assert len(caseload(agus)) == 2


def test_what_was_chosen_can_still_be_changed(hadi, rina, agus, melati):
    form = {"newcomer": agus.user.username, "group": melati.pk}
    preview = signed_in(hadi.user).post(path(rina), form)
    sent = pages.sends(pages.soup(preview).select_one("main form"))
    again = pages.soup(signed_in(hadi.user).post(path(rina), sent | {"ubah": "ya"}))
    kept = pages.sends(again.select_one("main form"))
    assert (kept["newcomer"], kept["group"]) == ([agus.user.username], [str(melati.pk)])


@pytest.mark.parametrize("households", [1, 20])
def test_handing_over_takes_the_same_queries_for_any_number(rina, agus, households, django_assert_num_queries):
    homes = [factories.household(by=rina) for _ in range(households)]
    with django_assert_num_queries(14):
        assert Companionship.objects.hand_over(homes, rina, agus, by=agus.user) == households


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
    response = client.post(path(rina), {"newcomer": agus.user.username, "pasti": "ya"})
    assert response.status_code == (403 if user else 302)
    assert companionships() == before

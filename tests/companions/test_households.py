"""The companion's help at the door: households, learners, names, moves, temporary PINs, consent, history."""

import time
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.db import connection
from django.test import Client
from django.utils import timezone

from learn import rights
from people.models import Companionship, Consent, Household, HouseholdEvent, Learner, TemporaryPin, User
from people.rules import parse_card_code
from tests import factories, pages

pytestmark = pytest.mark.django_db

NEW = "/dampingan/keluarga/baru/"
ERIK = {"first_name": "Erik", "last_name": "Saputra", "address_form": "bapak"}


@pytest.fixture
def rina():
    return factories.companion()


@pytest.fixture
def phone(client, rina) -> Client:
    """The phone of Rina, who is signed in."""
    client.force_login(rina.user)
    return client


@pytest.fixture
def melati(rina):
    """A group in which Rina accompanies one household already."""
    made = factories.group()
    factories.household(by=rina, in_group=made, place=made.region)
    return made


@pytest.fixture
def sari(rina) -> Learner:
    return factories.learner(factories.household(by=rina), code="SAR1PENA")


def everything() -> dict:
    """All that these screens could write."""
    models = [Household, Learner, User, HouseholdEvent, TemporaryPin, Consent]
    counts = {model.__name__: model.objects.count() for model in models}
    return counts | {
        "learners": list(Learner.objects.order_by("pk").values_list("first_name", "last_name", "household_id")),
        "secrets": list(User.objects.order_by("pk").values_list("username", "password", "is_active")),
    }


def kinds(household) -> list[str]:
    return list(household.events.values_list("kind", flat=True))


def alerts(response) -> list[str]:
    return [pages.text(alert) for alert in pages.soup(response).select("main [role=alert]")]


def said(response) -> list[str]:
    """What the page after it says in reply."""
    return [pages.text(note) for note in pages.soup(response).select("main .note[role=status]")]


# --- A household -------------------------------------------------------------------------------------------------


def household_form(**more) -> dict:
    whole = {"name": "Keluarga Erik", "group": "", "region": "", "business_type": "kuliner"}
    return whole | ERIK | more


def test_where_she_has_no_group_only_the_region_is_asked_for(phone):
    found = pages.soup(phone.get(NEW)).main
    assert not found.select("[name=group]")
    assert pages.text(found.select_one("[name=region] option")) == "Pilih wilayah…"
    refused = phone.post(NEW, household_form())
    assert pages.field_error(refused, "region") == "Pilih wilayahnya dulu."
    phone.post(NEW, household_form(region=factories.region().code))
    assert Household.objects.get(name="Keluarga Erik").group is None


def test_a_household_is_made_with_its_first_learner(phone, rina, melati):
    response = phone.post(NEW, household_form(group=melati.pk), follow=True)
    home = Household.objects.get(name="Keluarga Erik")
    assert response.redirect_chain == [(f"/dampingan/keluarga/{home.pk}/kartu/", 302)], "the next step at the door"
    assert (home.group, home.region, home.business_type) == (melati, melati.region, "kuliner")
    assert Household.objects.for_companion(rina.user).filter(pk=home.pk).exists()
    erik = home.learners.get()
    assert erik.greeting_name == "Pak Erik"
    assert parse_card_code(erik.user.username) == erik.user.username
    assert not erik.user.has_usable_password(), "he chooses his PIN himself"
    assert said(response) == ["Keluarga Erik sudah dicatat. Sekarang berikan kartunya."]


def test_a_household_is_made_with_its_number_and_whether_it_likes_messages(phone, rina, melati):
    """So that of a new family nothing is left to write at its door."""
    phone.post(NEW, household_form(group=melati.pk, phone="0813 4567 8901", messages_welcome="on"))
    home = Household.objects.get(name="Keluarga Erik")
    assert (home.phone, home.may_be_messaged) == ("+6281345678901", True)
    assert not home.events.filter(text__contains="81345678901").exists(), "the history never tells a number"


@pytest.mark.parametrize(
    ("typed", "answer"),
    [
        ({"phone": "12"}, "Nomor HP ada 10 sampai 13 angka, mulai dari 08."),
        ({"messages_welcome": "on"}, "Tulis nomornya dulu, atau hapus centang pesan WhatsApp."),
    ],
)
def test_a_number_that_is_not_clear_makes_no_household_and_stays_as_it_was_typed(phone, melati, typed, answer):
    before = everything()
    refused = phone.post(NEW, household_form(group=melati.pk, **typed))
    assert refused.status_code == 422
    assert pages.field_error(refused, "phone") == answer
    assert pages.soup(refused).main.select_one("[name=phone]").get("value", "") == typed.get("phone", "")
    assert pages.soup(refused).main.select_one("[name=first_name]")["value"] == "Erik"
    assert everything() == before


def test_making_it_stands_in_its_history_with_her_name(phone, rina, melati):
    phone.post(NEW, household_form(group=melati.pk))
    home = Household.objects.get(name="Keluarga Erik")
    assert sorted(kinds(home)) == ["companion_started", "household_made", "learner_added"]
    assert set(home.events.values_list("by", flat=True)) == {rina.user_id}


def test_a_household_without_a_group_says_where_it_is(phone, rina, melati):
    phone.post(NEW, household_form(region=melati.region_id))
    home = Household.objects.get(name="Keluarga Erik")
    assert (home.group, home.region) == (None, melati.region)


def test_the_form_offers_her_own_groups_and_regions_only(phone, melati):
    foreign = factories.household(
        by=factories.companion(),
        in_group=factories.group(factories.region("73.71", "Kota Makassar")),
        place=factories.region("73.71", "Kota Makassar"),
    )
    page = pages.soup(phone.get(NEW))
    offered = {option["value"] for option in page.select("select option")}
    assert {str(melati.pk), melati.region_id} <= offered
    assert foreign.region_id not in offered
    before = everything()
    for stolen in ({"group": foreign.group_id}, {"region": foreign.region_id}):
        response = phone.post(NEW, household_form(group=melati.pk) | stolen)
        assert response.status_code == 422
    assert everything() == before


@pytest.mark.parametrize(
    ("wrong", "field", "words"),
    [
        ({"name": ""}, "name", "Tulis nama keluarganya dulu."),
        ({"name": "   "}, "name", "Tulis nama keluarganya dulu."),
        ({"group": ""}, "region", "Pilih wilayah atau kelompoknya."),
        ({"first_name": ""}, "first_name", "Tulis nama depannya dulu."),
    ],
)
def test_what_is_wrong_is_said_at_its_field_and_nothing_is_half_made(phone, melati, wrong, field, words):
    before = everything()
    response = phone.post(NEW, household_form(group=melati.pk) | wrong)
    assert response.status_code == 422
    assert alerts(response) == [words]
    assert pages.field_error(response, field) == words
    assert everything() == before


def test_what_was_typed_stays(phone, melati):
    response = phone.post(NEW, household_form(group=melati.pk, first_name="", last_name="<Saputra>"))
    typed = pages.sends(pages.soup(response).select_one("main form"))
    assert typed["name"] == ["Keluarga Erik"]
    assert typed["group"] == [str(melati.pk)]
    assert typed["business_type"] == ["kuliner"]
    assert typed["last_name"] == ["<Saputra>"]
    assert typed["address_form"] == ["bapak"]


@pytest.mark.parametrize(
    "wrong",
    [
        {"name": "x" * 121},
        {"first_name": "x" * 61},
        {"last_name": "x" * 61},
        {"address_form": "tante"},
        {"business_type": "tambang"},
        {"group": "0"},
        {"group": "abc"},
        {"region": "99.99"},
        {"name": "a\x00b"},
        {"first_name": "\x00"},
    ],
)
def test_odd_input_is_answered_in_indonesian_and_makes_nothing(phone, melati, wrong):
    before = everything()
    response = phone.post(NEW, household_form(group=melati.pk) | wrong)
    assert response.status_code == 422
    words = " ".join(alerts(response))
    assert words
    assert not {"Ensure", "Select", "valid", "characters", "field"} & set(words.split()), words
    assert everything() == before


def form_of(phone, path: str) -> dict:
    """The form as its page came, which bears an id of its own."""
    form = pages.soup(phone.get(path)).select_one("main form")
    return {name: values[0] for name, values in pages.sends(form).items()}


def test_a_new_household_sent_twice_is_one_with_one_card(phone, melati):
    form = form_of(phone, NEW) | household_form(group=melati.pk)
    first, second = (phone.post(NEW, form, follow=True) for _ in range(2))
    home = Household.objects.get(name="Keluarga Erik")
    assert first.redirect_chain == second.redirect_chain == [(f"/dampingan/keluarga/{home.pk}/kartu/", 302)]
    assert home.learners.count() == 1
    assert sorted(kinds(home)) == ["companion_started", "household_made", "learner_added"]


def at(monkeypatch, *moment: int) -> None:
    """From here on it is this moment in Jakarta."""
    now = datetime(*moment, tzinfo=ZoneInfo("Asia/Jakarta"))
    monkeypatch.setattr(timezone, "now", lambda: now)
    monkeypatch.setattr(time, "time_ns", lambda: int(now.timestamp()) * 10**9)


@pytest.mark.parametrize("evening", [(2026, 11, 23, 20, 0), (2026, 11, 23, 23, 59)])
def test_a_household_whose_answer_was_lost_in_the_evening_and_that_is_sent_again_the_next_day_is_one(
    phone, melati, monkeypatch, evening
):
    """Without a signal its page stays open, with what was typed and «Coba lagi»."""
    at(monkeypatch, *evening)
    form = form_of(phone, NEW) | household_form(group=melati.pk)
    phone.post(NEW, form)
    at(monkeypatch, 2026, 11, 24, 8, 0)
    phone.post(NEW, form)
    assert [home.learners.count() for home in Household.objects.filter(name="Keluarga Erik")] == [1]


def test_a_household_saved_again_after_going_back_past_midnight_is_one(phone, melati, monkeypatch):
    """The page of the form comes anew."""
    at(monkeypatch, 2026, 11, 23, 23, 58)
    phone.post(NEW, form_of(phone, NEW) | household_form(group=melati.pk))
    at(monkeypatch, 2026, 11, 24, 0, 2)
    phone.post(NEW, form_of(phone, NEW) | household_form(group=melati.pk))
    assert Household.objects.filter(name="Keluarga Erik").count() == 1


def test_a_family_of_the_same_words_is_made_on_another_day(phone, melati, monkeypatch):
    for day in (23, 24):
        at(monkeypatch, 2026, 11, day, 10, 0)
        phone.post(NEW, form_of(phone, NEW) | household_form(group=melati.pk))
    assert Household.objects.filter(name="Keluarga Erik").count() == 2


@pytest.mark.parametrize("other", [{}, {"last_name": ""}, {"business_type": ""}])
def test_a_household_saved_again_after_going_back_is_one_unless_anything_differs(phone, melati, other):
    """The page of the form comes anew, and the browser puts back what was typed."""
    for more in ({}, other):
        phone.post(NEW, form_of(phone, NEW) | household_form(group=melati.pk) | more)
    assert Household.objects.filter(name="Keluarga Erik").count() == (2 if other else 1)


def test_whoever_writes_another_family_in_the_same_words_is_told_that_it_is_taken_for_the_first(phone, melati):
    first, other = (phone.post(NEW, household_form(group=melati.pk), follow=True) for _ in range(2))
    assert said(first) == ["Keluarga Erik sudah dicatat. Sekarang berikan kartunya."]
    assert said(other) == ["Keluarga Erik sudah tersimpan tadi. Ini keluarga lain? Beri nama yang sedikit beda."]


def test_the_same_words_of_another_companion_make_his_own_household_and_tell_nothing_of_hers(phone, melati):
    form = household_form(group=melati.pk)
    phone.post(NEW, form)
    agus = factories.companion()
    factories.household(by=agus, in_group=melati, place=melati.region)
    his = Client()
    his.force_login(agus.user)
    response = his.post(NEW, form, follow=True)
    own = Household.objects.for_companion(agus.user).get(name="Keluarga Erik")
    assert response.redirect_chain == [(f"/dampingan/keluarga/{own.pk}/kartu/", 302)]
    assert own.learners.count() == 1
    assert Household.objects.filter(name="Keluarga Erik").count() == 2


# --- One more learner --------------------------------------------------------------------------------------------


def test_a_learner_is_added_to_a_household(phone, rina, sari):
    response = phone.post(f"/dampingan/keluarga/{sari.household_id}/pelajar/baru/", ERIK, follow=True)
    assert response.redirect_chain == [(f"/dampingan/keluarga/{sari.household_id}/kartu/", 302)]
    assert said(response) == ["Pak Erik sudah dicatat. Sekarang berikan kartunya."]
    assert set(sari.household.learners.values_list("first_name", flat=True)) == {"Sari", "Erik"}
    event = sari.household.events.first()
    assert (event.kind, event.by, event.text) == (HouseholdEvent.Kind.LEARNER_ADDED, rina.user, "Erik Saputra")


def test_a_new_learner_sent_twice_or_again_after_going_back_is_one(phone, sari):
    path = f"/dampingan/keluarga/{sari.household_id}/pelajar/baru/"
    first, second = (phone.post(path, form_of(phone, path) | ERIK, follow=True) for _ in range(2))
    assert said(first) == ["Pak Erik sudah dicatat. Sekarang berikan kartunya."]
    assert said(second) == ["Pelajar ini sudah tersimpan tadi. Periksa namanya, lalu berikan kartunya."]
    assert sorted(sari.household.learners.values_list("first_name", flat=True)) == ["Erik", "Sari"]
    assert kinds(sari.household).count("learner_added") == 2, "Sari and Erik"


def test_whoever_gets_the_name_that_another_was_given_by_mistake_is_added_the_same_day(phone, rina, sari):
    path = f"/dampingan/keluarga/{sari.household_id}/pelajar/baru/"
    siti = ERIK | {"first_name": "Siti"}
    form = form_of(phone, path) | siti
    phone.post(path, form)
    Learner.objects.correct(Learner.objects.get(first_name="Siti"), by=rina.user, first_name="Sitti")
    phone.post(path, form)  # its answer had been lost on its way: this is still the first
    assert sorted(sari.household.learners.values_list("first_name", flat=True)) == ["Sari", "Sitti"]
    another = form_of(phone, path) | siti
    for form in (another, another, form_of(phone, path) | siti):
        phone.post(path, form)
    assert sorted(sari.household.learners.values_list("first_name", flat=True)) == ["Sari", "Siti", "Sitti"]


def test_whoever_was_erased_is_added_again_the_same_day(phone, sari):
    path = f"/dampingan/keluarga/{sari.household_id}/pelajar/baru/"
    phone.post(path, form_of(phone, path) | ERIK)
    rights.erase(Learner.objects.get(first_name="Erik"))
    for _ in range(2):
        phone.post(path, form_of(phone, path) | ERIK)
    assert sorted(sari.household.learners.values_list("first_name", flat=True)) == ["Erik", "Sari"]


def test_a_family_of_the_words_that_were_another_ones_by_mistake_is_made_the_same_day(phone, rina, melati):
    first = form_of(phone, NEW) | household_form(group=melati.pk)
    phone.post(NEW, first)
    Learner.objects.correct(Learner.objects.get(first_name="Erik"), by=rina.user, first_name="Erika")
    other = form_of(phone, NEW) | household_form(group=melati.pk)
    for form in (first, other, other):
        phone.post(NEW, form)
    assert sorted(Learner.objects.values_list("first_name", flat=True)) == ["Erik", "Erika"]
    assert [home.learners.count() for home in Household.objects.filter(name="Keluarga Erik")] == [1, 1]


@pytest.mark.parametrize("page", ["", "x", "ffffffff-ffff-ffff-ffff-ffffffffffff"])
def test_an_odd_id_of_a_page_adds_a_learner_once(phone, sari, page):
    path = f"/dampingan/keluarga/{sari.household_id}/pelajar/baru/"
    for _ in range(2):
        phone.post(path, ERIK | {"page": page})
    assert sari.household.learners.count() == 2


@pytest.mark.parametrize("first_name", ["", " ", "x" * 61, "Erik 3671014505800001"])
def test_a_learner_without_a_good_name_is_not_added(phone, sari, first_name):
    before = everything()
    response = phone.post(f"/dampingan/keluarga/{sari.household_id}/pelajar/baru/", ERIK | {"first_name": first_name})
    assert response.status_code == 422
    assert len(alerts(response)) == 1
    assert pages.soup(response).select_one("[name=last_name]")["value"] == "Saputra"
    assert everything() == before


def test_no_name_of_a_new_household_holds_an_identity_number(phone, rina):
    before = everything()
    for typed in ({"name": "Keluarga 3671014505800001"}, {"last_name": "3671014505800001"}):
        response = phone.post(NEW, form_of(phone, NEW) | ERIK | {"name": "Keluarga Erik"} | typed)
        assert response.status_code == 422
        assert [pages.field_error(response, name) for name in typed] == [
            "Ini mirip nomor NIK, KK, atau KKS. Hapus nomornya dulu."
        ]
    assert everything() == before


# --- Names -------------------------------------------------------------------------------------------------------


def test_a_name_is_corrected_and_the_history_keeps_the_old_one(phone, rina, sari):
    path = f"/dampingan/pelajar/{sari.pk}/"
    right = {"first_name": "Sarinah", "last_name": "Wulandari", "address_form": "kak"}
    response = phone.post(path, right, follow=True)
    assert response.redirect_chain == [(path, 302)]
    sari.refresh_from_db()
    assert (sari.full_name, sari.greeting_name) == ("Sarinah Wulandari", "Kak Sarinah")
    event = sari.household.events.first()
    assert (event.kind, event.by) == (HouseholdEvent.Kind.CORRECTED, rina.user)
    assert event.text == "Sari Wulandari → Sarinah Wulandari"


def test_a_page_that_was_open_while_she_corrected_her_name_herself_does_not_bring_the_old_one_back(phone, sari):
    address = f"/dampingan/pelajar/{sari.pk}/"
    form = pages.soup(phone.get(address)).select_one("form[aria-labelledby=nama]")
    Learner.objects.correct(sari, by=sari.user, first_name="Suharti")
    phone.post(address, pages.sends(form) | {"address_form": "kak"})
    assert Learner.objects.values_list("first_name", "address_form").get(pk=sari.pk) == ("Suharti", "kak")


def test_the_longest_names_are_corrected_too(phone, sari):
    """The history's line is shorter than two whole names and an arrow could be."""
    for letter in "ab":
        long = {"first_name": letter * 60, "last_name": letter * 60, "address_form": "ibu"}
        assert phone.post(f"/dampingan/pelajar/{sari.pk}/", long).status_code == 302
    sari.refresh_from_db()
    assert sari.full_name == f"{'b' * 60} {'b' * 60}"


def test_a_wrong_correction_shows_the_true_name_and_keeps_what_was_typed(phone, sari):
    before = everything()
    response = phone.post(
        f"/dampingan/pelajar/{sari.pk}/", {"first_name": "", "last_name": "Lestari", "address_form": "kak"}
    )
    assert response.status_code == 422
    assert alerts(response) == ["Tulis nama depannya dulu."]
    page = pages.soup(response)
    assert pages.text(page.h1) == "Bu Sari"
    assert page.select_one("[name=last_name]")["value"] == "Lestari"
    assert everything() == before


# --- Moving ------------------------------------------------------------------------------------------------------


def test_a_learner_moves_with_all_that_she_has_done(phone, rina, sari):
    factories.read(sari)
    old, new = sari.household, factories.household(by=rina)
    response = phone.post(f"/dampingan/pelajar/{sari.pk}/pindah/", {"household": new.pk})
    assert response.headers["Location"] == f"/dampingan/keluarga/{new.pk}/"
    sari.refresh_from_db()
    assert sari.household == new
    assert sari.completions.count() == len(factories.lessons())
    for home in (old, new):
        event = home.events.first()
        assert (event.kind, event.by) == (HouseholdEvent.Kind.LEARNER_MOVED, rina.user)
        assert event.text == f"Sari Wulandari: {old} → {new}"


def test_a_second_tap_on_move_finds_her_moved(phone, rina, sari):
    to = {"household": factories.household(by=rina).pk}
    responses = [phone.post(f"/dampingan/pelajar/{sari.pk}/pindah/", to, follow=True) for _ in range(2)]
    assert {response.redirect_chain[0][0] for response in responses} == {f"/dampingan/keluarga/{to['household']}/"}
    assert said(responses[1]) == ["Bu Sari sudah di keluarga ini."]


@pytest.mark.parametrize("whose", ["nobody", "another companion", "no household", "nothing"])
def test_she_moves_to_no_household_but_another_of_the_same_companion(phone, rina, sari, whose):
    to = {
        "nobody": lambda: factories.household().pk,
        "another companion": lambda: factories.household(by=factories.companion()).pk,
        "no household": lambda: 0,
        "nothing": lambda: "",
    }[whose]()
    before = everything()
    response = phone.post(f"/dampingan/pelajar/{sari.pk}/pindah/", {"household": to})
    assert response.status_code == 422
    words = "Pilih keluarganya dulu." if whose == "nothing" else "Pilih satu keluarga dari daftar."
    assert alerts(response) == [words]
    assert everything() == before


# --- The temporary PIN's screen ----------------------------------------------------------------------------------


def test_the_temporary_pin_is_shown_once_and_large(phone, sari):
    response = phone.post(f"/dampingan/pelajar/{sari.pk}/pin/")
    shown = pages.text(pages.soup(response).select_one("main .score b"))
    assert User.objects.get(pk=sari.user_id).check_password(shown.replace(" ", ""))
    again = phone.get(f"/dampingan/pelajar/{sari.pk}/")
    assert shown not in again.content.decode() and shown.replace(" ", "") not in again.content.decode()
    assert "PIN sementara, berlaku sampai" in pages.text(pages.soup(again).main)


def test_a_temporary_pin_that_is_over_is_told_so(phone, sari):
    phone.post(f"/dampingan/pelajar/{sari.pk}/pin/")
    sari.temporary_pins.update(expires_at=timezone.now() - timedelta(hours=1))
    told = pages.text(pages.soup(phone.get(f"/dampingan/pelajar/{sari.pk}/")).main)
    assert "PIN sementara sudah habis" in told
    assert "berlaku sampai" not in told


@pytest.mark.parametrize(("pin", "is_told"), [(factories.PIN, True), (None, False)])
def test_what_a_temporary_pin_ends_is_told_before_it_is_given(phone, rina, pin, is_told):
    her = factories.learner(factories.household(by=rina), pin=pin)
    told = pages.text(pages.soup(phone.get(f"/dampingan/pelajar/{her.pk}/")).main)
    assert ("Semua HP-nya keluar dulu." in told) == is_told


def test_a_second_tap_gives_no_second_pin(phone, sari):
    """Its answer would come in the place of the first, which may be the one that counts."""
    page = pages.soup(phone.get(f"/dampingan/pelajar/{sari.pk}/"))
    assert page.select_one("form[data-send-once]")["action"] == f"/dampingan/pelajar/{sari.pk}/pin/"
    assert page.select_one("script[src*=send-once]")


def test_opening_its_address_gives_no_pin(phone, sari):
    """W3"""
    before = everything()
    assert phone.get(f"/dampingan/pelajar/{sari.pk}/pin/").status_code == 405
    assert everything() == before


def test_a_learner_who_has_withdrawn_gets_no_temporary_pin(phone, sari):
    """P2: after a withdrawal nothing of hers is changed until she agrees anew."""
    Consent.objects.withdraw(sari, by=sari.user)
    page = pages.soup(phone.get(f"/dampingan/pelajar/{sari.pk}/"))
    assert not page.select(f"form[action='/dampingan/pelajar/{sari.pk}/pin/']")
    before = everything()
    assert phone.post(f"/dampingan/pelajar/{sari.pk}/pin/").status_code == 404, "from a page that was open before"
    assert everything() == before


def test_what_another_in_the_family_agreed_to_is_not_hers(phone, sari):
    dedi = factories.learner(sari.household)
    dedi.consents.all().delete()
    page = pages.soup(phone.get(f"/dampingan/pelajar/{dedi.pk}/"))
    assert page.select(f"form[action='/dampingan/pelajar/{dedi.pk}/persetujuan/']")
    assert "Setuju sejak" not in pages.text(page.main)


@pytest.mark.parametrize("has_agreed", [True, False])
def test_an_account_that_was_closed_is_not_said_to_be_withdrawn(phone, sari, has_agreed):
    if not has_agreed:
        sari.consents.all().delete()
    User.objects.filter(pk=sari.user_id).update(is_active=False)
    for address in (f"/dampingan/pelajar/{sari.pk}/", f"/dampingan/keluarga/{sari.household_id}/"):
        page = pages.soup(phone.get(address))
        assert "Persetujuan ditarik" not in pages.text(page.main)
        assert not page.select(f"a[href='/dampingan/pelajar/{sari.pk}/praktik/']"), "nothing is recorded of her"


# --- Consent at the door -----------------------------------------------------------------------------------------


@pytest.fixture
def erik(rina) -> Learner:
    """A learner who has not agreed yet."""
    return Learner.objects.enrol(factories.household(by=rina), **ERIK)


def test_consent_at_the_door_has_the_companion_as_witness(phone, rina, erik):
    """P1"""
    response = phone.post(f"/dampingan/pelajar/{erik.pk}/persetujuan/", {"age": "dewasa", "guardian_name": ""})
    assert response.headers["Location"] == f"/dampingan/pelajar/{erik.pk}/"
    consent = Consent.objects.get(learner=erik)
    assert (consent.method, consent.witness) == (Consent.Method.AT_THE_DOOR, rina.user)
    assert consent.version and consent.given_at and consent.purposes
    event = erik.household.events.first()
    assert (event.kind, event.by) == (HouseholdEvent.Kind.CONSENT_GIVEN, rina.user)


def test_then_he_is_not_asked_again(phone, erik):
    """P1"""
    phone.post(f"/dampingan/pelajar/{erik.pk}/persetujuan/", {"age": "dewasa"})
    his = Client()
    his.post("/masuk/pertama/", {"code": erik.user.username, "pin": "395812", "again": "395812"})
    assert his.get("/belajar/").status_code == 200


def test_a_child_needs_a_guardian(phone, erik):
    """P5"""
    path = f"/dampingan/pelajar/{erik.pk}/persetujuan/"
    response = phone.post(path, {"age": "anak", "guardian_name": "  "})
    assert response.status_code == 422
    assert alerts(response) == ["Tulis nama ayah, ibu, atau wali yang setuju."]
    assert not Consent.objects.filter(learner=erik).exists()
    phone.post(path, {"age": "anak", "guardian_name": "Dewi Saputra"})
    assert Consent.objects.get(learner=erik).guardian_name == "Dewi Saputra"


@pytest.mark.parametrize("age", ["", "tua"])
def test_the_age_is_asked_in_words(phone, erik, age):
    response = phone.post(f"/dampingan/pelajar/{erik.pk}/persetujuan/", {"age": age, "guardian_name": "Dewi"})
    assert response.status_code == 422
    assert alerts(response) == ["Pilih umurnya dulu."]
    assert pages.soup(response).select_one("[name=guardian_name]")["value"] == "Dewi"
    assert not Consent.objects.filter(learner=erik).exists()


def test_what_is_wrong_in_a_consent_is_not_folded_away(phone, erik):
    """Without scripts nobody would unfold it for her."""
    response = phone.post(f"/dampingan/pelajar/{erik.pk}/persetujuan/", {"age": ""})
    assert pages.soup(response).select_one("[role=alert]").find_parent("details").has_attr("open")
    before = pages.soup(phone.get(f"/dampingan/pelajar/{erik.pk}/"))
    assert not before.select_one("#setuju ~ details").has_attr("open")


@pytest.mark.parametrize(("part", "form", "place"), [("", "first_name", "nama"), ("pindah/", "household", "pindah")])
def test_a_long_page_says_at_its_top_where_something_is_wrong(phone, erik, part, form, place):
    response = phone.post(f"/dampingan/pelajar/{erik.pk}/{part}", {form: ""})
    link = pages.soup(response).select_one("main .note.warn a")
    assert link["href"] == f"#{place}"
    assert pages.soup(response).find(id=place).find_parent("form").select("[role=alert]")


def test_consent_given_twice_is_one(phone, erik):
    for _ in range(2):
        phone.post(f"/dampingan/pelajar/{erik.pk}/persetujuan/", {"age": "dewasa"})
    assert Consent.objects.filter(learner=erik).count() == 1
    assert kinds(erik.household).count("consent_given") == 1


def test_after_a_withdrawal_a_new_consent_lets_her_in_again(phone, sari):
    """P2: withdrawn is not for ever."""
    Consent.objects.withdraw(sari, by=sari.user)
    phone.post(f"/dampingan/pelajar/{sari.pk}/persetujuan/", {"age": "dewasa"})
    hers = Client()
    hers.post("/masuk/", {"login": "SAR1PENA", "password": factories.PIN})
    assert hers.get("/belajar/").status_code == 200


def test_a_consent_for_an_account_that_an_administrator_closed_is_kept_and_tells_that_it_stays_closed(phone, sari):
    User.objects.filter(pk=sari.user_id).update(is_active=False)
    phone.post(f"/dampingan/pelajar/{sari.pk}/persetujuan/tarik/")
    response = phone.post(f"/dampingan/pelajar/{sari.pk}/persetujuan/", {"age": "dewasa"}, follow=True)
    assert "Akunnya tetap tertutup. Hanya administrator yang bisa membukanya." in pages.text(pages.soup(response))
    assert not User.objects.get(pk=sari.user_id).is_active


# --- History -----------------------------------------------------------------------------------------------------


def test_the_history_tells_who_did_what_the_newest_first(phone, rina, sari):
    phone.post(f"/dampingan/pelajar/{sari.pk}/pin/")
    phone.post(f"/dampingan/keluarga/{sari.household_id}/pelajar/baru/", ERIK)
    response = phone.get(f"/dampingan/keluarga/{sari.household_id}/riwayat/")
    rows = [pages.text(row) for row in pages.soup(response).select("main ol > li")]
    assert rows[0].startswith("Pelajar ditambahkan Erik Saputra")
    assert rows[1].startswith("PIN sementara diberikan Sari")
    assert rows[0].endswith(f"· {rina}") and rows[1].endswith(f"· {rina}")


def test_the_history_shows_everything_page_by_page(phone, rina, django_assert_num_queries):
    """Also where a page ends among lines of the same moment."""
    home = factories.household(by=rina)
    noted, early = [f"Kunjungan {number:03}." for number in range(120)], timezone.now() - timedelta(days=400)
    HouseholdEvent.objects.bulk_create(
        HouseholdEvent(household=home, kind="visited", text=words, at=early + timedelta(days=number // 40))
        for number, words in enumerate(noted)
    )
    address, older, shown = f"/dampingan/keluarga/{home.pk}/riwayat/", "", []
    for queries in (9, 10, 10):
        with django_assert_num_queries(queries):
            found = pages.soup(phone.get(address + older)).main
        shown.append([pages.text(row.span).split()[2] for row in found.select("ol > li")])
        older = next((link["href"] for link in found.select("nav a") if "Lebih lama" in pages.text(link)), None)
    assert [len(lines) for lines in shown] == [50, 50, 20]
    assert [f"Kunjungan {words}" for lines in shown for words in lines] == noted[::-1]
    assert older is None


@pytest.mark.parametrize("wrong", ["x", "0", "99999999999999999999", "{foreign}"])
def test_older_than_a_line_that_is_not_in_this_history_is_the_newest(phone, sari, wrong):
    foreign = HouseholdEvent.objects.record(factories.household(), "visited", by=None)
    address = f"/dampingan/keluarga/{sari.household_id}/riwayat/"
    found = pages.soup(phone.get(f"{address}?sebelum={wrong.format(foreign=foreign.pk)}")).main
    assert pages.text(found) == pages.text(pages.soup(phone.get(address)).main)


def test_the_history_shows_what_was_typed_as_text(phone, sari):
    """W5"""
    phone.post(f"/dampingan/keluarga/{sari.household_id}/pelajar/baru/", ERIK | {"first_name": "<b>Erik</b>"})
    response = phone.get(f"/dampingan/keluarga/{sari.household_id}/riwayat/")
    assert "<b>Erik</b> Saputra" in pages.text(pages.soup(response).main)


# --- Another's households ----------------------------------------------------------------------------------------


def test_a_move_tells_of_another_family_only_whoever_accompanies_both(phone, rina, sari):
    """Z4: what one companion knows of a family, its name included, the next one of the other is not told."""
    old, new = sari.household, factories.household(by=rina)
    Household.objects.filter(pk=new.pk).update(name="Keluarga Baru")
    new.refresh_from_db()
    Learner.objects.move(sari, new, by=rina.user)

    def told(home: Household) -> str:
        return pages.text(pages.soup(phone.get(f"/dampingan/keluarga/{home.pk}/riwayat/")).main)

    whole = f"{sari}: {old} → {new}"
    assert whole in told(old)
    assert whole in told(new)
    Companionship.objects.hand_over([old], rina, agus := factories.companion(), by=None)
    for companion, home, other in ((rina, new, old), (agus, old, new)):
        phone.force_login(companion.user)
        assert f"Pelajar pindah keluarga {sari} " in told(home)
        assert other.name not in told(home)


HOUSEHOLD_PATHS = ["/dampingan/keluarga/{}/", "/dampingan/keluarga/{}/riwayat/", "/dampingan/keluarga/{}/pelajar/baru/"]
ERASED_MEANWHILE = {
    "": ERIK,
    "pindah/": {"household": "{other}"},
    "pin/": {},
    "persetujuan/": {"age": "dewasa"},
}


@pytest.mark.parametrize("part", ERASED_MEANWHILE)
def test_who_is_erased_while_her_companion_writes_is_not_found_and_nothing_is_kept_of_her(phone, rina, sari, part):
    other, gone = factories.household(by=rina), []

    def erased_behind_the_door(execute, sql, *rest):
        answer = execute(sql, *rest)
        if "people_learner" in sql and "people_companionship" in sql and not gone:
            gone.append(sari.pk)
            rights.erase(Learner.objects.get(pk=sari.pk))
        return answer

    sent = {name: value.format(other=other.pk) for name, value in ERASED_MEANWHILE[part].items()}
    with connection.execute_wrapper(erased_behind_the_door):
        response = phone.post(f"/dampingan/pelajar/{sari.pk}/{part}", sent)
    assert (response.status_code, gone) == (404, [sari.pk])
    assert not Learner.objects.filter(pk=sari.pk).exists() and not Consent.objects.filter(learner=sari.pk).exists()
    assert not TemporaryPin.objects.exists() and not HouseholdEvent.objects.filter(text__contains="Sari").exists()


LEARNER_PATHS = [f"/dampingan/pelajar/{{}}/{part}" for part in ("", "pindah/", "pin/", "persetujuan/")]
SENT = ERIK | {"age": "dewasa", "household": "{own}", "module": "{module}"}


@pytest.mark.parametrize("whose", ["another companion's", "nobody's", "handed over", "not there"])
@pytest.mark.parametrize("path", HOUSEHOLD_PATHS + LEARNER_PATHS)
def test_a_foreign_household_or_learner_is_not_found(phone, rina, path, whose):
    """Z1: neither read nor changed, and no different from one that is not there."""
    own = factories.household(by=rina)
    home = factories.household(by={"another companion's": factories.companion(), "handed over": rina}.get(whose))
    foreign = factories.learner(home)
    if whose == "handed over":
        home.companionships.current().end_all([home], rina, by=rina.user)
    pk = 0 if whose == "not there" else foreign.household_id if path in HOUSEHOLD_PATHS else foreign.pk
    filled = {"own": own.pk, "module": factories.module().translation_key}
    data = {name: value.format(**filled) for name, value in SENT.items()}
    before = everything()
    only_post = path.endswith(("/pindah/", "/pin/", "/persetujuan/"))
    assert phone.get(path.format(pk)).status_code == (405 if only_post else 404)
    assert phone.post(path.format(pk), data).status_code == 404
    assert everything() == before
    assert not foreign.household.assignments.exists()


@pytest.mark.parametrize("path", [NEW, *HOUSEHOLD_PATHS, *LEARNER_PATHS])
def test_nobody_but_a_companion_comes_to_these_screens(client, sari, path):
    """Z1: with the household's own coordinator, its learner and an administrator."""
    pk = sari.household_id if path in HOUSEHOLD_PATHS else sari.pk
    before = everything()
    strangers = [
        sari.user,
        factories.coordinator(sari.household.region).user,
        factories.staff("Penulis materi"),
        factories.administrator(),
    ]
    before = everything()
    signed_out = client.post(path.format(pk), ERIK)
    assert (signed_out.status_code, "/masuk/" in pages.links(signed_out)) == (401, True)
    for user in strangers:
        client.force_login(user)
        assert client.get(path.format(pk)).status_code in (403, 405), user
        assert client.post(path.format(pk), ERIK).status_code == 403, user
    assert everything()["learners"] == before["learners"]
    assert everything()["secrets"] == before["secrets"]

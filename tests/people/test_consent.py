"""Consent under UU 27/2022: asked at the first sign-in, recorded so that it can be proven, given again at the door."""

from datetime import timedelta
from hashlib import sha256

import pytest
from bs4 import BeautifulSoup
from django.template.loader import render_to_string
from django.utils import timezone

from learn.management.commands.apply_retention import WITHDRAWN_KEPT
from people.consent import PURPOSES, VERSION
from people.models import Consent, HouseholdEvent, Learner, User
from tests import factories as make
from tests.pages import field_error, soup, text

pytestmark = pytest.mark.django_db

CONSENT = "/masuk/persetujuan/"
# What people agreed to, by version. Another text is another version: add it, change VERSION, and all are asked anew.
TEXTS = {"2026-11": "1957f1afad4e0e09", "2026-12": "1b96b37cd03056e7"}


@pytest.fixture
def rina():
    return make.companion()


@pytest.fixture
def sari(client, rina):
    """A learner who has a PIN and has not been asked yet."""
    sari = make.learner(make.household(rina), code="SAR1PENA")
    Consent.objects.all().delete()
    sari.household.events.all().delete()
    client.force_login(sari.user)
    return sari


def words_of_consent() -> str:
    page = BeautifulSoup(render_to_string("people/consent_text.html"), "html.parser")
    return "\n".join(text(tag) for tag in page.select("#isi-persetujuan :is(h2, p)"))


# --- The text ----------------------------------------------------------------------------------------------------


def test_the_version_stands_for_exactly_this_text():
    """P1: what somebody agreed to can be shown years later."""
    assert TEXTS[VERSION] == sha256(words_of_consent().encode()).hexdigest()[:16]


def test_the_text_promises_the_period_that_is_kept():
    assert f"paling lama {WITHDRAWN_KEPT.days // 365} tahun" in words_of_consent()


def test_the_text_says_what_why_who_how_long_and_that_it_can_be_withdrawn():
    """P1"""
    page = BeautifulSoup(render_to_string("people/consent_text.html"), "html.parser")
    assert [text(tag) for tag in page.select("h2")] == [
        "Yang disimpan",
        "Untuk apa",
        "Siapa yang melihat",
        "Berapa lama",
        "Yang tidak diminta",
        "Boleh berubah pikiran",
    ]


@pytest.mark.parametrize(
    "kept",
    ["Jenis usaha", "nomor HP", "izin mengirim pesan", "jawaban kuis", "pertemuan", "foto", "suara", "catatan", "uang"],
)
def test_the_text_names_what_is_kept_of_a_family(kept):
    """P1"""
    page = BeautifulSoup(render_to_string("people/consent_text.html"), "html.parser")
    assert kept in text(page.find("h2", string="Yang disimpan").parent)


# --- Asked at the first sign-in ----------------------------------------------------------------------------------


def test_nothing_is_counted_before_she_agrees(client, sari):
    """P1"""
    lesson = make.lessons()[0]
    response = client.post(f"/belajar/pelajaran/{lesson.translation_key}/paham/")
    assert response.headers["Location"] == CONSENT
    assert not sari.completions.exists()


def test_what_she_agreed_to_is_recorded(client, sari):
    """P1: version, purposes, method, witness, time, and who pressed the button."""
    before = timezone.now()
    assert client.post(CONSENT, {"age": "dewasa"}).headers["Location"] == "/saya/"
    consent = Consent.objects.get()
    assert (consent.learner, consent.version, consent.purposes) == (sari, VERSION, PURPOSES)
    assert (consent.method, consent.witness, consent.guardian_name) == (Consent.Method.OWN_PHONE, None, "")
    assert before <= consent.given_at <= timezone.now()
    assert consent.withdrawn_at is None
    event = sari.household.events.get()
    assert (event.kind, event.by) == (HouseholdEvent.Kind.CONSENT_GIVEN, sari.user)
    assert client.get("/belajar/").status_code == 200


def test_agreeing_twice_is_one_consent(client, sari):
    for _ in range(2):
        client.post(CONSENT, {"age": "dewasa"})
    assert Consent.objects.count() == 1
    assert sari.household.events.count() == 1


def test_a_new_text_is_asked_anew_and_the_old_record_stays(client, sari):
    """P1"""
    client.post(CONSENT, {"age": "dewasa"})
    Consent.objects.update(version="2020-01")
    assert client.get("/belajar/").headers["Location"] == CONSENT
    client.post(CONSENT, {"age": "dewasa"})
    assert set(Consent.objects.values_list("version", flat=True)) == {"2020-01", VERSION}


def test_she_may_leave_without_agreeing(client, sari):
    page = soup(client.get(CONSENT))
    assert page.select_one("a[href='/keluar/']")
    assert not Consent.objects.exists()


# --- Under 18 ----------------------------------------------------------------------------------------------------


def test_a_guardian_agrees_for_a_minor(client, sari):
    """P5"""
    client.post(CONSENT, {"age": "anak", "guardian_name": " Pak Karyo "})
    assert Consent.objects.get().guardian_name == "Pak Karyo"


@pytest.mark.parametrize("name", ["", "   "])
def test_without_a_guardian_a_minor_does_not_begin(client, sari, name):
    """P5"""
    response = client.post(CONSENT, {"age": "anak", "guardian_name": name})
    assert response.status_code == 422
    assert field_error(response, "guardian_name") == "Tulis nama ayah, ibu, atau wali yang setuju."
    assert soup(response).select_one("input[value=anak]").has_attr("checked"), "what was chosen stays"
    assert not Consent.objects.exists()


def test_an_adult_needs_no_guardian_and_none_is_kept(client, sari):
    """P5"""
    client.post(CONSENT, {"age": "dewasa", "guardian_name": "Pak Karyo"})
    assert Consent.objects.get().guardian_name == ""


@pytest.mark.parametrize("age", ["", "12", "<b>"])
def test_the_age_must_be_chosen(client, sari, age):
    response = client.post(CONSENT, {"age": age, "guardian_name": "Pak Karyo"})
    assert response.status_code == 422
    assert "Pilih umurnya dulu." in text(soup(response).main)
    assert soup(response).select_one("[name=guardian_name]")["value"] == "Pak Karyo"
    assert not Consent.objects.exists()


# --- Who ---------------------------------------------------------------------------------------------------------


def test_only_a_learner_is_asked(client, sari, rina):
    client.force_login(rina.user)
    assert client.get(CONSENT).status_code == 403
    assert client.post(CONSENT, {"age": "dewasa"}).status_code == 403
    client.logout()
    assert client.get(CONSENT).headers["Location"] == f"/masuk/?next={CONSENT}"
    assert not Consent.objects.exists()


# --- Withdrawn, and given again ----------------------------------------------------------------------------------


def test_the_companion_is_the_witness_at_the_door(sari, rina):
    """P1"""
    consent = Consent.objects.give(sari, method=Consent.Method.AT_THE_DOOR, by=rina.user)
    assert (consent.method, consent.witness) == (Consent.Method.AT_THE_DOOR, rina.user)


def test_withdrawing_ends_consent_and_account_at_once(sari):
    """P2"""
    Consent.objects.give(sari, method=Consent.Method.OWN_PHONE, by=sari.user)
    Consent.objects.withdraw(sari, by=sari.user)
    assert not Consent.objects.valid().exists()
    assert timezone.now() - Consent.objects.get().withdrawn_at < timedelta(minutes=1)
    assert not User.objects.get(pk=sari.user_id).is_active
    assert not Learner.objects.active().exists()


def test_withdrawing_again_changes_nothing(sari):
    Consent.objects.give(sari, method=Consent.Method.OWN_PHONE, by=sari.user)
    for _ in range(2):
        Consent.objects.withdraw(sari, by=sari.user)
    assert sari.household.events.filter(kind=HouseholdEvent.Kind.CONSENT_WITHDRAWN).count() == 1


def test_a_consent_at_the_door_opens_the_account_again(sari, rina):
    """P2: both consents stay as proof."""
    Consent.objects.give(sari, method=Consent.Method.OWN_PHONE, by=sari.user)
    Consent.objects.withdraw(sari, by=sari.user)
    Consent.objects.give(sari, method=Consent.Method.AT_THE_DOOR, by=rina.user)
    assert User.objects.get(pk=sari.user_id).is_active
    first, second = Consent.objects.order_by("pk")
    assert (first.method, first.withdrawn_at is None) == ("own_phone", False)
    assert (second.method, second.withdrawn_at is None) == ("at_the_door", True)


def test_whoever_agrees_on_her_phone_while_her_companion_withdraws_can_still_come_back(sari, rina):
    """Her consent was to an older text; agreed to at a closed account, the new one would stand there for good."""
    Consent.objects.give(sari, method=Consent.Method.OWN_PHONE, by=sari.user)
    Consent.objects.update(version="2020-01")
    on_her_phone = Learner.objects.select_related("user").get(pk=sari.pk)
    Consent.objects.withdraw(sari, by=rina.user)
    with pytest.raises(User.DoesNotExist):
        Consent.objects.give(on_her_phone, method=Consent.Method.OWN_PHONE, by=on_her_phone.user)
    Consent.objects.give(sari, method=Consent.Method.AT_THE_DOOR, by=rina.user)
    assert User.objects.get(pk=sari.user_id).is_active


@pytest.mark.parametrize("has_agreed", [True, False])
def test_an_account_closed_for_another_reason_stays_closed(sari, rina, has_agreed):
    if has_agreed:
        Consent.objects.give(sari, method=Consent.Method.OWN_PHONE, by=sari.user)
        Consent.objects.update(version="2020-01")
    sari.user.is_active = False
    sari.user.save()
    Consent.objects.give(sari, method=Consent.Method.AT_THE_DOOR, by=rina.user)
    assert not User.objects.get(pk=sari.user_id).is_active


@pytest.mark.parametrize("had_come_back", [True, False])
def test_what_an_administrator_closed_no_companion_opens_by_withdrawing_and_agreeing_anew(sari, rina, had_come_back):
    Consent.objects.give(sari, method=Consent.Method.OWN_PHONE, by=sari.user)
    if had_come_back:
        Consent.objects.withdraw(sari, by=rina.user)
        Consent.objects.give(sari, method=Consent.Method.AT_THE_DOOR, by=rina.user)
    account = User.objects.get(pk=sari.user_id)
    account.is_active = False
    account.save()
    sari = Learner.objects.get(pk=sari.pk)
    Consent.objects.withdraw(sari, by=rina.user)
    assert Consent.objects.filter(learner=sari, withdrawn_at=None).count() == 0, "her right to withdraw stays"
    Consent.objects.give(sari, method=Consent.Method.AT_THE_DOOR, by=rina.user)
    assert not User.objects.get(pk=sari.user_id).is_active


def test_an_account_that_an_administrator_opened_and_closed_after_a_withdrawal_stays_closed(sari, rina):
    Consent.objects.give(sari, method=Consent.Method.OWN_PHONE, by=sari.user)
    Consent.objects.withdraw(sari, by=sari.user)
    for is_active in (True, False):
        account = User.objects.get(pk=sari.user_id)
        account.is_active = is_active
        account.save()
    Consent.objects.give(Learner.objects.get(pk=sari.pk), method=Consent.Method.AT_THE_DOOR, by=rina.user)
    assert not User.objects.get(pk=sari.user_id).is_active


def test_an_account_that_is_opened_and_closed_in_a_list_stays_closed(client, sari, rina):
    Consent.objects.give(sari, method=Consent.Method.OWN_PHONE, by=sari.user)
    Consent.objects.withdraw(sari, by=sari.user)
    client.force_login(make.administrator())
    for is_active in ("True", "False"):
        client.post(f"/kelola/bulk/people/user/set_active_state/?id={sari.user_id}", {"mark_as_active": is_active})
    Consent.objects.give(Learner.objects.get(pk=sari.pk), method=Consent.Method.AT_THE_DOOR, by=rina.user)
    assert not User.objects.get(pk=sari.user_id).is_active

"""A learner's PIN: chosen at the first sign-in, helped out by a temporary one, changed with the old one."""

import logging
from datetime import timedelta

import pytest
from django.core.cache import cache
from django.core.cache.backends.db import DatabaseCache
from django.db import connection
from django.test import Client, RequestFactory
from django.utils import timezone

from learn import rights
from people import rules, views
from people.models import Consent, HouseholdEvent, Learner, TemporaryPin, User
from people.pins import AlreadyChosen, WeakPin, choose_pin, random_pin
from tests import factories, pages
from tests.people.test_signing_in import NOT_RIGHT, TOO_OFTEN, WRONG_PIN, is_signed_in, message, sign_in

pytestmark = pytest.mark.django_db

FIRST, NEW, AGREE = "/masuk/pertama/", "/masuk/pin-baru/", "/masuk/persetujuan/"
OWN_PIN = "395812"
NOT_A_NEW_CARD = "Kode ini belum cocok, atau PIN-nya sudah dibuat. Periksa kartu, atau tanya pendamping."
LAPSED = "PIN sementara ini sudah lewat 72 jam. Minta yang baru ke pendamping."
LEARNER_PAGES = ["/belajar/", "/belajar/percobaan/01920000-0000-7000-8000-000000000000/hasil/"]


@pytest.fixture
def rina():
    return factories.companion()


@pytest.fixture
def nia(rina) -> Learner:
    """A learner who has her card and nothing else."""
    home = factories.household(by=rina)
    return Learner.objects.enrol(home, first_name="Nia", last_name="Kurnia", address_form="kak", code="N1AKVRN1")


@pytest.fixture
def sari(rina) -> Learner:
    """A learner with a PIN of her own, who has agreed."""
    return factories.learner(factories.household(by=rina), code="SAR1PENA")


def claim(client: Client, code: str, pin: str = OWN_PIN, again: str | None = None):
    """Sends the form of the first sign-in."""
    return client.post(FIRST, {"code": code, "pin": pin, "again": pin if again is None else again})


def help_out(learner: Learner, companion) -> str:
    """The companion gives a temporary PIN at her own screen; what she reads there."""
    client = Client()
    client.force_login(companion.user)
    response = client.post(f"/dampingan/pelajar/{learner.pk}/pin/")
    assert response.status_code == 200
    return pages.text(pages.soup(response).select_one("main .score b")).replace(" ", "")


def let_hours_pass(learner: Learner, hours: float) -> None:
    """What the clock does to the temporary PIN of ``learner``."""
    for pin in learner.temporary_pins.all():
        pin.expires_at -= timedelta(hours=hours)
        pin.save()


def kinds(household) -> list[str]:
    """What happened to the household, the newest first."""
    return list(household.events.values_list("kind", flat=True))


# --- The first sign-in -------------------------------------------------------------------------------------------


def test_the_sign_in_leads_to_the_first_sign_in_and_back(client):
    assert FIRST in pages.links(client.get("/masuk/"))
    assert "/masuk/" in pages.links(client.get(FIRST))


def test_a_first_pin_signs_in_and_leads_to_consent_and_then_home(client, nia):
    response = claim(client, "n1ak-vrn1")
    assert response.headers["Location"] == "/belajar/"
    assert client.session["_auth_user_id"] == str(nia.user_id)
    assert client.get("/belajar/").headers["Location"] == AGREE
    assert client.post(AGREE, {"age": "dewasa"}).headers["Location"] == "/saya/"
    assert client.get("/saya/").headers["Location"] == "/belajar/"
    assert client.get("/belajar/").status_code == 200


def test_with_her_own_pin_she_signs_in_again(client, nia):
    claim(client, "N1AKVRN1")
    again = Client()
    assert sign_in(again, "N1AKVRN1", OWN_PIN).headers["Location"] == "/belajar/"
    assert is_signed_in(again)


def test_a_first_pin_is_in_the_history_of_the_household_and_is_hers(client, nia):
    """Z5: who and what, without the PIN."""
    claim(client, "N1AKVRN1")
    event = nia.household.events.first()
    assert (event.kind, event.by) == (HouseholdEvent.Kind.PIN_CHOSEN, nia.user)
    assert OWN_PIN not in str(list(nia.household.events.values()))


def without_what_was_typed(response, code: str) -> str:
    page = pages.soup(response)
    for token in page.select("[name=csrfmiddlewaretoken]"):
        token.decompose()
    return str(page).replace(code, "…")


@pytest.mark.parametrize("tries", [1, 6])
def test_an_unknown_code_and_a_claimed_one_get_the_same_answer(sari, tries):
    """A7: nobody learns here which codes exist."""
    withdrawn = factories.learner(pin=None, code="W1THDRWN")
    Consent.objects.withdraw(withdrawn, by=withdrawn.user)
    answers = set()
    for code in ("SAR1PENA", "N0B0DY77", "W1THDRWN"):
        response = [claim(Client(), code) for _ in range(tries)][-1]
        answers.add((response.status_code, without_what_was_typed(response, code)))
    assert len(answers) == 1


def test_sent_again_after_its_answer_was_lost_it_signs_in(client, nia):
    claim(Client(), "N1AKVRN1")
    assert claim(client, "N1AKVRN1").headers["Location"] == "/belajar/"
    assert client.session["_auth_user_id"] == str(nia.user_id)
    assert kinds(nia.household).count(HouseholdEvent.Kind.PIN_CHOSEN) == 1
    assert [message(claim(Client(), "N1AKVRN1", "604183")) for _ in range(6)] == [NOT_A_NEW_CARD] * 5 + [TOO_OFTEN]


def test_at_this_door_too_a_lapsed_temporary_pin_opens_nothing(client, sari, rina):
    pin = help_out(sari, rina)
    let_hours_pass(sari, 73)
    assert message(claim(client, "SAR1PENA", pin)) == LAPSED
    assert not is_signed_in(client)


def test_that_answer_is_one_sentence_and_the_code_stays(client, sari):
    response = claim(client, "sar1 pena")
    assert response.status_code == 422
    assert message(response) == NOT_A_NEW_CARD
    assert pages.soup(response).select_one("[name=code]")["value"] == "sar1 pena"
    assert not is_signed_in(client)
    assert User.objects.get(pk=sari.user_id).check_password(factories.PIN), "her PIN stays hers"


def test_going_through_codes_counts_as_wrong_pins_do():
    """A2: the sixth try at one code is refused."""
    said = [message(claim(Client(), "N0B0DY77")) for _ in range(6)]
    assert said == [NOT_A_NEW_CARD] * 5 + [TOO_OFTEN]


def test_both_doors_share_one_count(sari):
    """A2: whoever tried here has fewer tries there, and the other way round."""
    for _ in range(3):
        claim(Client(), "SAR1PENA")
    assert [message(sign_in(Client(), "SAR1PENA", WRONG_PIN)) for _ in range(3)] == [NOT_RIGHT] * 2 + [TOO_OFTEN]
    assert message(claim(Client(), "sar1-pena")) == TOO_OFTEN


def test_a_first_pin_uses_up_no_tries(client, nia):
    claim(client, "N1AKVRN1")
    assert [message(sign_in(Client(), "N1AKVRN1", WRONG_PIN)) for _ in range(6)] == [NOT_RIGHT] * 5 + [TOO_OFTEN]


def test_a_locked_code_takes_no_first_pin(nia):
    """A2"""
    for _ in range(5):
        sign_in(Client(), "N1AKVRN1", WRONG_PIN)
    client = Client()
    assert message(claim(client, "N1AKVRN1")) == TOO_OFTEN
    assert not is_signed_in(client)
    assert not User.objects.get(pk=nia.user_id).has_usable_password()


@pytest.mark.parametrize(
    ("weak", "words"),
    [
        ("12345", "PIN terdiri dari 6 angka."),
        ("rahasia", "PIN terdiri dari 6 angka."),
        ("١٢٣٤٥٦", "PIN terdiri dari 6 angka."),
        ("123456", "PIN ini berurutan. Pilih angka yang acak."),
        ("112211", "PIN ini terlalu mudah ditebak. Pakai tiga angka berbeda atau lebih."),
        ("170845", "PIN ini seperti tanggal. Pilih angka lain."),
    ],
)
def test_a_weak_first_pin_is_refused_kindly(client, nia, weak, words):
    """A8: the reason stands at the field, the code stays, the PIN is not sent back, no try is used up."""
    for _ in range(6):
        response = claim(client, "N1AKVRN1", weak)
    assert response.status_code == 422
    page = pages.soup(response)
    assert [pages.text(alert) for alert in page.select("[role=alert]")] == [words]
    assert page.select_one("[name=code]")["value"] == "N1AKVRN1"
    assert not page.select_one("[name=pin]").get("value")
    assert not User.objects.get(pk=nia.user_id).has_usable_password()
    assert claim(client, "N1AKVRN1").headers["Location"] == "/belajar/"


@pytest.mark.parametrize(
    ("data", "words"),
    [
        ({"code": "", "pin": "", "again": ""}, ["Tulis kode kartu dulu.", "Tulis PIN baru dulu.", "Ulangi PIN-nya."]),
        ({"code": "SARI"}, ["Kode kartu ada delapan huruf dan angka. Periksa lagi di kartu."]),
        ({"again": "395813"}, ["PIN kedua belum sama. Ulangi pelan-pelan."]),
    ],
)
def test_what_is_missing_is_said_at_its_field(client, nia, data, words):
    whole = {"code": "N1AKVRN1", "pin": OWN_PIN, "again": OWN_PIN}
    response = client.post(FIRST, whole | data)
    assert response.status_code == 422
    assert [pages.text(alert) for alert in pages.soup(response).select("[role=alert]")] == words


@pytest.mark.parametrize("code", ["\x00", "N1AK\x00VRN", "👩🏽‍🌾", "x" * 5000, "\ud7ff"])
def test_a_strange_code_is_only_not_right(client, code):
    assert claim(client, code).status_code == 422


def test_a_second_first_pin_at_the_same_moment_is_refused(nia):
    """Two phones with the same new card: the first one has it."""
    choose_pin(nia, OWN_PIN, first=True)
    with pytest.raises(AlreadyChosen):
        choose_pin(nia, "604183", first=True)
    assert User.objects.get(pk=nia.user_id).check_password(OWN_PIN)


def test_whoever_is_erased_while_she_chooses_her_first_pin_is_told_that_the_code_does_not_fit(client, nia):
    asked = []

    def erase_before_it_is_stored(execute, sql, *args):
        if sql.startswith("SAVEPOINT") and any('"username" = ' in one for one in asked) and "erased" not in asked:
            asked.append("erased")
            rights.erase(nia)
        asked.append(sql)
        return execute(sql, *args)

    with connection.execute_wrapper(erase_before_it_is_stored):
        assert message(claim(client, "N1AKVRN1")) == NOT_A_NEW_CARD
    assert "erased" in asked
    assert not Learner.objects.exists()


def test_the_verb_itself_takes_no_weak_pin(nia):
    """A8"""
    with pytest.raises(WeakPin, match="berurutan"):
        choose_pin(nia, "123456", first=True)


def test_opening_the_first_sign_in_changes_nothing(client, nia):
    """W3"""
    client.get(FIRST, query_params={"code": "N1AKVRN1", "pin": OWN_PIN, "again": OWN_PIN})
    assert not is_signed_in(client)
    assert not User.objects.get(pk=nia.user_id).has_usable_password()


def test_a_first_pin_gives_a_new_session(client, nia):
    """S1"""
    planted = client.session
    planted["planted"] = True
    planted.save()
    client.cookies["sessionid"] = planted.session_key
    claim(client, "N1AKVRN1")
    assert client.cookies["sessionid"].value != planted.session_key


# --- The temporary PIN -------------------------------------------------------------------------------------------


def test_a_temporary_pin_is_random_and_strong():
    """A9: a thousand draws, none weak, hardly any twice."""
    drawn = [random_pin() for _ in range(1000)]
    assert not [pin for pin in drawn if rules.pin_weakness(pin)]
    assert len(set(drawn)) > 990
    for place in range(6):
        assert {pin[place] for pin in drawn} == set("0123456789")


def test_a_temporary_pin_opens_only_the_choice_of_ones_own(client, sari, rina):
    """A9: nothing that is hers opens before it is changed."""
    pin = help_out(sari, rina)
    sign_in(client, "SAR1PENA", pin)
    for page in LEARNER_PAGES:
        assert client.get(page).headers["Location"] == NEW
    lesson = factories.lessons()[0]
    assert client.post(f"/belajar/pelajaran/{lesson.translation_key}/paham/").headers["Location"] == NEW
    assert not sari.completions.exists()
    assert client.get(AGREE).headers["Location"] == NEW

    response = client.post(NEW, {"pin": OWN_PIN, "again": OWN_PIN})
    assert response.headers["Location"] == "/saya/"
    assert client.get("/belajar/").status_code == 200, "she stays signed in"


def test_with_a_temporary_pin_the_quiz_leads_to_the_choice_too(client, sari, rina):
    """A9: the quiz's own page is a learner's page as well."""
    sign_in(client, "SAR1PENA", help_out(sari, rina))
    response = client.get(factories.quiz().get_url())
    assert response.headers.get("Location") == NEW


def test_after_the_choice_the_temporary_pin_opens_nothing(client, sari, rina):
    pin = help_out(sari, rina)
    sign_in(client, "SAR1PENA", pin)
    client.post(NEW, {"pin": OWN_PIN, "again": OWN_PIN})
    assert message(sign_in(Client(), "SAR1PENA", pin)) == NOT_RIGHT
    assert sign_in(Client(), "SAR1PENA", OWN_PIN).status_code == 302
    assert not TemporaryPin.objects.waiting().exists()
    assert kinds(sari.household)[:2] == ["pin_chosen", "pin_reset"]


def test_a_new_pin_that_is_weak_or_typed_two_ways_is_refused_in_words(client, sari, rina):
    """A8"""
    sign_in(client, "SAR1PENA", help_out(sari, rina))
    weak = client.post(NEW, {"pin": "123456", "again": "123456"})
    assert (weak.status_code, message(weak)) == (422, "PIN ini berurutan. Pilih angka yang acak.")
    different = client.post(NEW, {"pin": OWN_PIN, "again": "395813"})
    assert (different.status_code, message(different)) == (422, "PIN kedua belum sama. Ulangi pelan-pelan.")
    assert client.get("/belajar/").headers["Location"] == NEW


def test_the_temporary_pin_is_not_taken_for_ones_own(client, sari, rina):
    """A9: her companion knows it."""
    pin = help_out(sari, rina)
    sign_in(client, "SAR1PENA", pin)
    response = client.post(NEW, {"pin": pin, "again": pin})
    assert (response.status_code, message(response)) == (422, "Ini masih PIN sementara. Pilih PIN lain.")
    assert client.get("/belajar/").headers["Location"] == NEW
    assert kinds(sari.household)[0] == "pin_reset"


@pytest.mark.parametrize(("hours", "is_open"), [(71.9, True), (72.1, False)])
def test_a_temporary_pin_is_good_for_72_hours(client, sari, rina, hours, is_open):
    """A9"""
    pin = help_out(sari, rina)
    let_hours_pass(sari, hours)
    response = sign_in(client, "SAR1PENA", pin)
    assert is_signed_in(client) is is_open
    assert is_open or message(response) == LAPSED


def test_a_wrong_pin_does_not_tell_that_the_temporary_one_has_lapsed(client, sari, rina):
    """A7"""
    help_out(sari, rina)
    let_hours_pass(sari, 73)
    assert message(sign_in(client, "SAR1PENA", WRONG_PIN)) == NOT_RIGHT


def test_after_a_lapsed_pin_a_new_one_helps(client, sari, rina):
    help_out(sari, rina)
    let_hours_pass(sari, 73)
    assert sign_in(client, "SAR1PENA", help_out(sari, rina)).status_code == 302
    assert client.get("/belajar/").headers["Location"] == NEW


def test_only_the_last_temporary_pin_opens(sari, rina):
    first, second = help_out(sari, rina), help_out(sari, rina)
    assert message(sign_in(Client(), "SAR1PENA", first)) == NOT_RIGHT
    assert sign_in(Client(), "SAR1PENA", second).status_code == 302
    assert TemporaryPin.objects.waiting().count() == 1


def test_a_temporary_pin_ends_all_sessions(sari, rina):
    """S3: every phone, at once."""
    phones = [Client(), Client()]
    for phone in phones:
        sign_in(phone, "SAR1PENA")
        assert phone.get("/belajar/").status_code == 200
    help_out(sari, rina)
    for phone in phones:
        assert phone.get("/belajar/").headers["Location"] == "/masuk/?next=/belajar/"


def test_a_temporary_pin_that_is_given_while_she_chooses_stays(sari, rina):
    """Or whoever has the phone that was lost keeps the account just when it is taken from her."""
    phone, asked, given = Client(), [], []
    sign_in(phone, "SAR1PENA", help_out(sari, rina))

    def reset_before_it_is_stored(execute, sql, *args):
        if sql.startswith("SAVEPOINT") and any('"people_temporarypin"' in one for one in asked) and not given:
            given.append("")
            given[0] = help_out(sari, rina)
        asked.append(sql)
        return execute(sql, *args)

    with connection.execute_wrapper(reset_before_it_is_stored):
        phone.post(NEW, {"pin": OWN_PIN, "again": OWN_PIN})
    assert User.objects.get(pk=sari.user_id).check_password(given[0])
    assert phone.get("/belajar/").headers["Location"] == "/masuk/?next=/belajar/"


def test_a_second_tap_on_her_new_pin_leads_on(sari, rina, rf):
    help_out(sari, rina)
    user = User.objects.get(pk=sari.user_id)
    assert user.learner_or_none.must_choose_pin, "so the second request was told, before the first had its say"
    choose_pin(Learner.objects.get(pk=sari.pk), OWN_PIN)
    request = rf.post(NEW, {"pin": OWN_PIN, "again": OWN_PIN})
    request.user = user
    assert views.new_pin(request).headers["Location"] == "/saya/"


def test_her_own_new_pin_ends_the_other_sessions(sari, rina):
    """S3: whoever overheard the temporary PIN is signed out."""
    pin = help_out(sari, rina)
    hers, overheard = Client(), Client()
    for phone in (hers, overheard):
        sign_in(phone, "SAR1PENA", pin)
    hers.post(NEW, {"pin": OWN_PIN, "again": OWN_PIN})
    assert hers.get("/belajar/").status_code == 200
    assert overheard.get("/belajar/").headers["Location"] == "/masuk/?next=/belajar/"


def test_a_temporary_pin_ends_no_session_of_another_learner(sari, nia, rina):
    phone = Client()
    claim(phone, "N1AKVRN1")
    help_out(sari, rina)
    assert is_signed_in(phone) and phone.get("/belajar/").headers["Location"] == AGREE


def test_anothers_temporary_pin_stays_one_whoever_gets_one_or_chooses_hers(sari, rina):
    """A9: as one that was replaced it would open for good."""
    dedi = factories.learner(sari.household)
    for learner in (dedi, sari):
        help_out(learner, rina)
    assert set(TemporaryPin.objects.waiting().values_list("learner", flat=True)) == {dedi.pk, sari.pk}
    choose_pin(Learner.objects.get(pk=sari.pk), OWN_PIN)
    assert TemporaryPin.objects.waiting().get().learner == dedi


def test_a_temporary_pin_lets_her_try_again_at_once(sari, rina):
    """A9: it clears the limiter, that of the day included."""
    for _ in range(6):
        sign_in(Client(), "SAR1PENA", WRONG_PIN)
    pin = help_out(sari, rina)
    assert [message(sign_in(Client(), "SAR1PENA", WRONG_PIN)) for _ in range(4)] == [NOT_RIGHT] * 4
    assert sign_in(Client(), "SAR1PENA", pin).status_code == 302


def test_it_lets_her_try_again_at_whatever_address_her_companion_works(sari, rina):
    for _ in range(6):
        sign_in(Client(), "SAR1PENA", WRONG_PIN)
    client = Client(headers={"host": "localhost"})
    client.force_login(rina.user)
    response = client.post(f"/dampingan/pelajar/{sari.pk}/pin/")
    pin = pages.text(pages.soup(response).select_one("main .score b")).replace(" ", "")
    assert sign_in(Client(), "SAR1PENA", pin).status_code == 302


def test_a_temporary_pin_is_in_the_history_and_the_log_without_itself(sari, rina, caplog):
    """A9, Z5"""
    with caplog.at_level(logging.DEBUG):
        pin = help_out(sari, rina)
    event = sari.household.events.first()
    assert (event.kind, event.by) == (HouseholdEvent.Kind.PIN_RESET, rina.user)
    assert f"temporary PIN for learner {sari.pk} by user {rina.user_id}" in caplog.messages
    assert pin not in caplog.text
    assert pin not in str(list(sari.household.events.values()))
    assert pin not in str(list(TemporaryPin.objects.values()))


def test_no_log_line_of_signing_in_has_a_pin(sari, nia, rina, caplog):
    """Z5"""
    with caplog.at_level(logging.DEBUG):
        pin = help_out(sari, rina)
        client = Client()
        claim(client, "N1AKVRN1")
        sign_in(Client(), "SAR1PENA", WRONG_PIN)
        sign_in(client, "SAR1PENA", pin)
        client.post(NEW, {"pin": "604183", "again": "604183"})
    assert [secret for secret in (pin, OWN_PIN, WRONG_PIN, "604183") if secret in caplog.text] == []


def test_the_page_with_the_temporary_pin_is_kept_nowhere(client, sari, rina):
    """The phone of a companion is shared too: back in its history shows no PIN."""
    client.force_login(rina.user)
    response = client.post(f"/dampingan/pelajar/{sari.pk}/pin/")
    assert "no-store" in response.headers["Cache-Control"]
    assert client.get(f"/dampingan/pelajar/{sari.pk}/pin/").status_code == 405


def test_a_learner_who_never_signed_in_is_helped_the_same_way(client, nia, rina):
    pin = help_out(nia, rina)
    assert sign_in(client, "N1AKVRN1", pin).status_code == 302
    client.post(NEW, {"pin": OWN_PIN, "again": OWN_PIN})
    assert client.get("/belajar/").headers["Location"] == AGREE


def test_a_temporary_pin_cannot_be_replaced_from_outside(client, sari, rina):
    """A9: the card alone is not enough while a temporary PIN waits."""
    help_out(sari, rina)
    assert message(claim(client, "SAR1PENA")) == NOT_A_NEW_CARD
    assert not is_signed_in(client)


def test_the_verb_gives_the_pin_to_nobody_but_its_caller(sari, rina):
    request = RequestFactory().post("/")
    pin = TemporaryPin.objects.issue(sari, by=rina.user, request=request)
    waiting = TemporaryPin.objects.waiting().get()
    assert User.objects.get(pk=sari.user_id).check_password(pin)
    assert waiting.expires_at - waiting.issued_at == timedelta(hours=72)
    assert abs(waiting.issued_at - timezone.now()) < timedelta(minutes=1)


# --- Changing a PIN ----------------------------------------------------------------------------------------------


def test_whoever_has_a_pin_of_her_own_cannot_set_one_without_it(client, sari, rina):
    """A10: the page for after a temporary PIN is no way round the old one, nor is another's temporary PIN."""
    help_out(factories.learner(sari.household), rina)
    client.force_login(sari.user)
    assert client.get(NEW).headers["Location"] == "/akun/ganti-pin/"
    assert client.post(NEW, {"pin": OWN_PIN, "again": OWN_PIN}).headers["Location"] == "/akun/ganti-pin/"
    assert User.objects.get(pk=sari.user_id).check_password(factories.PIN)
    with pytest.raises(AlreadyChosen):
        choose_pin(sari, OWN_PIN)


def test_a_pin_changed_with_the_temporary_one_is_her_own(client, sari, rina):
    """A9, A10: whichever door she took, her own PIN does not lapse after 72 hours."""
    pin = help_out(sari, rina)
    sign_in(client, "SAR1PENA", pin)
    client.post("/akun/ganti-pin/", {"oldpassword": pin, "password1": OWN_PIN, "password2": OWN_PIN})
    if not User.objects.get(pk=sari.user_id).check_password(OWN_PIN):
        client.post(NEW, {"pin": OWN_PIN, "again": OWN_PIN})
    let_hours_pass(sari, 73)
    assert sign_in(Client(), "SAR1PENA", OWN_PIN).status_code == 302


def test_changing_a_pin_ends_the_other_sessions(sari):
    """S3"""
    hers, other = Client(), Client()
    for phone in (hers, other):
        sign_in(phone, "SAR1PENA")
    hers.post("/akun/ganti-pin/", {"oldpassword": factories.PIN, "password1": OWN_PIN, "password2": OWN_PIN})
    assert hers.get("/belajar/").status_code == 200
    assert other.get("/belajar/").headers["Location"] == "/masuk/?next=/belajar/"


@pytest.mark.parametrize("path", [NEW, AGREE])
def test_the_pages_of_the_first_steps_are_for_learners(client, path):
    assert client.get(path).headers["Location"] == f"/masuk/?next={path}"
    client.force_login(factories.companion().user)
    assert client.get(path).status_code == 403


def test_the_limiter_is_kept_where_all_workers_share_it():
    """A2: the count of wrong PINs lies in the database, not in one process."""
    assert isinstance(cache._connections[cache._alias], DatabaseCache)

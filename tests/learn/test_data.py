"""«Data saya»: a learner sees, corrects, takes along, withdraws, erases. Her companion and outsiders do not."""

import re
from datetime import timedelta
from io import BytesIO
from zipfile import ZipFile

import pytest
from django.template.loader import get_template
from django.test import Client
from django.utils import timezone

from learn import rights
from people.consent import PURPOSES, VERSION
from people.models import Consent, Household, HouseholdEvent, Learner, TemporaryPin, User
from progress.models import ModuleAssignment
from tests import factories as make
from tests.pages import field_error, links, sends, soup, text

pytestmark = pytest.mark.django_db

DATA = "/belajar/data/"
CORRECT, DOWNLOAD, WITHDRAW, ERASE = (f"{DATA}{name}/" for name in ("perbaiki", "unduh", "tarik", "hapus"))
FORMS = [CORRECT, WITHDRAW, ERASE]
ALL = [DATA, DOWNLOAD, *FORMS]
WRONG_PIN = "860427"


@pytest.fixture
def sari(client, rina):
    sari = make.learner(make.household(rina), code="SAR1PENA")
    client.force_login(sari.user)
    return sari


def again(person: Learner) -> Learner:
    return Learner.objects.select_related("user").get(pk=person.pk)


def correction(**changes: str) -> dict[str, str]:
    return {"first_name": "Sari", "last_name": "Wulandari", "address_form": "ibu", "face": "bunga"} | changes


# --- See ---------------------------------------------------------------------------------------------------------


def test_her_home_leads_there(client, sari):
    assert DATA in links(client.get("/belajar/"))


def test_everything_that_is_kept_is_there_in_words(client, sari, rina):
    make.finished(sari, "pengenalan-motivasi")
    now = timezone.now()
    TemporaryPin.objects.create(
        learner=sari, issued_by=rina.user, issued_at=now, expires_at=now + timedelta(hours=72), replaced_at=now
    )
    Household.objects.filter(pk=sari.household_id).update(
        phone="+6281200001111", messages_welcome=True, interest="kemasan"
    )
    page = text(soup(client.get(DATA)).main)
    for words in (
        "Minat Kemasan dan mutu", "Nomor HP +6281200001111", "Pesan WhatsApp Boleh", "HP terakhir mengirim",
        "Bu Sari", "Sari Wulandari", "Bunga", "SAR1PENA", sari.household.name, "Kota Tangerang", "Staf",
        f"Sendiri, di HP · versi {VERSION}", PURPOSES,
        "Lihat 5 pelajaran selesai", "Lihat 1 percobaan kuis", "10 dari 10 benar", "Siap Berusaha",
        "PIN sementara", "Pelajar ditambahkan", "Persetujuan diberikan",
    ):  # fmt: skip
        assert words in page


@pytest.mark.parametrize("field", [field.name for field in Household._meta.concrete_fields if not field.primary_key])
def test_each_field_of_her_household_has_its_place_there(field):
    """A new one is easily forgotten: its own number was."""
    assert f"learner.household.{field}" in get_template("learn/data_parts.html").template.source


def test_who_stood_by_and_who_agreed_for_a_minor_are_said(client, sari, rina):
    """P1, P5"""
    Consent.objects.all().delete()
    Consent.objects.give(sari, method=Consent.Method.AT_THE_DOOR, by=rina.user, guardian_name="Pak Karyo")
    page = text(soup(client.get(DATA)).main)
    assert f"Di depan pendamping · versi {VERSION} · saksi Staf · wali Pak Karyo" in page


def test_a_new_learner_has_an_empty_page_in_words(client, sari):
    page = text(soup(client.get(DATA)).main)
    assert "Belum ada pelajaran yang selesai." in page
    assert "Belum ada kuis yang dikerjakan." in page


def test_another_in_the_family_is_not_on_it(client, sari):
    make.finished(make.learner(sari.household, first_name="Maimunah", code="MA1MUNAH"), "pengenalan-motivasi")
    page = text(soup(client.get(DATA)).main)
    assert "Maimunah" not in page
    assert "MA1MUNAH" not in page


@pytest.mark.parametrize("rows", [1, 3])
def test_it_takes_the_same_queries_at_any_number_of_rows(client, sari, rows, django_assert_num_queries):
    for slug in ["pengenalan-motivasi", "merek", "kemasan"][:rows]:
        make.finished(sari, slug)
    client.get(DATA)
    with django_assert_num_queries(19):
        assert client.get(DATA).status_code == 200


def test_what_is_no_longer_there_is_called_what_it_was(client, sari, rina):
    make.read(sari)
    merek = make.module("merek")
    ModuleAssignment.objects.assign([sari.household], merek.translation_key, by=rina.user, word="Semangat!")
    merek.delete()
    page = text(soup(client.get(DATA)).main)
    assert "Pelajaran yang sudah tidak terbit" in page
    assert "Modul yang sudah tidak terbit" in page


# --- Correct -----------------------------------------------------------------------------------------------------


def test_she_corrects_her_name_and_chooses_a_face(client, sari):
    page = client.get(CORRECT)
    form = soup(page).select_one("main form")
    assert sends(form).items() >= {name: [value] for name, value in correction().items()}.items()
    assert len(form.select("input[name=face]")) == 12
    assert len(form.select("label.choice svg.pictogram")) == 12, "as big pictures"
    changed = correction(first_name="Sri", last_name="", address_form="kak", face="ikan")
    assert client.post(CORRECT, changed).headers["Location"] == DATA
    sari = again(sari)
    assert (sari.full_name, sari.greeting_name, sari.face) == ("Sri", "Kak Sri", "ikan")
    event = sari.household.events.get(kind=HouseholdEvent.Kind.CORRECTED)
    assert (event.by, event.text) == (sari.user, "Sari Wulandari → Sri")


def test_a_page_that_was_open_meanwhile_does_not_bring_back_what_her_companion_corrected(client, sari, rina):
    form = soup(client.get(CORRECT)).select_one("main form")
    Learner.objects.correct(sari, by=rina.user, first_name="Suharti")
    client.post(CORRECT, sends(form) | {"face": "ikan"})
    assert (again(sari).first_name, again(sari).face) == ("Suharti", "ikan")


def test_nothing_changed_leaves_no_line(client, sari):
    assert client.post(CORRECT, correction()).headers["Location"] == DATA
    assert not sari.household.events.filter(kind=HouseholdEvent.Kind.CORRECTED).exists()


@pytest.mark.parametrize(
    ("field", "value", "words"),
    [
        ("first_name", "", "Tulis nama panggilannya dulu."),
        ("first_name", "   ", "Tulis nama panggilannya dulu."),
        ("first_name", "Sari 3671", "Nama ditulis dengan huruf, tanpa angka."),
        ("last_name", "3671012345678901", "Nama ditulis dengan huruf, tanpa angka."),
    ],
)
def test_a_name_that_is_none_is_told_at_its_field_and_the_rest_stays(client, sari, field, value, words):
    response = client.post(CORRECT, correction(face="ikan") | {field: value})
    assert response.status_code == 422
    assert field_error(response, field) == words
    assert sends(soup(response).select_one("main form"))["face"] == ["ikan"]
    assert again(sari).full_name == "Sari Wulandari"


@pytest.mark.parametrize(("field", "words"), [("face", "Pilih satu gambar."), ("address_form", "Pilih satu sapaan.")])
def test_a_choice_that_is_none_is_told_at_its_group(client, sari, field, words):
    response = client.post(CORRECT, correction(**{field: "<script>"}))
    assert response.status_code == 422
    assert field_error(response, field) == words


def test_an_empty_form_is_refused(client, sari):
    response = client.post(CORRECT, {})
    assert response.status_code == 422
    assert field_error(response, "first_name") == "Tulis nama panggilannya dulu."


# --- Take along --------------------------------------------------------------------------------------------------


def test_the_download_is_one_file_of_pages_and_json(client, sari):
    """P3"""
    response = client.get(DOWNLOAD)
    assert response["Content-Type"] == "application/zip"
    assert re.fullmatch(r'attachment; filename="data-saya-\d{4}-\d\d-\d\d\.zip"', response["Content-Disposition"])
    assert "no-store" in response["Cache-Control"]
    with ZipFile(BytesIO(response.content)) as files:
        assert files.testzip() is None
        assert set(files.namelist()) == {"baca-data-saya.html", "baca-jawaban-saya.html", "data-saya.json"}


# --- Withdraw ----------------------------------------------------------------------------------------------------


def test_withdrawing_is_asked_first_and_ends_everything(client, sari):
    """P2"""
    other_phone = Client()
    other_phone.force_login(sari.user)
    assert client.get(WITHDRAW).status_code == 200
    assert Consent.objects.valid().filter(learner=sari).exists(), "asking changes nothing"
    response = client.post(WITHDRAW, follow=True)
    assert response.redirect_chain == [("/masuk/", 302)]
    assert "Persetujuan sudah ditarik. Mau belajar lagi? Tanya pendamping." in text(soup(response).main)
    assert not Consent.objects.valid().filter(learner=sari).exists()
    for phone in (client, other_phone):
        assert phone.get("/belajar/").headers["Location"] == "/masuk/?next=/belajar/"
    assert sari.household.events.first().kind == HouseholdEvent.Kind.CONSENT_WITHDRAWN


def test_who_withdrew_is_told_so_at_the_sign_in(client, sari):
    """P2"""
    client.post(WITHDRAW)
    response = client.post("/masuk/", {"login": "SAR1PENA", "password": make.PIN}, follow=True)
    assert "Mungkin persetujuan sudah ditarik. Tanya pendamping." in text(soup(response).main)
    assert "_auth_user_id" not in client.session


def test_who_withdrew_is_no_longer_among_the_active(client, sari):
    """P2: every list, count and export asks for these."""
    assert sari in Learner.objects.active()
    client.post(WITHDRAW)
    assert sari not in Learner.objects.active()


def test_nobody_writes_to_a_family_of_which_all_have_withdrawn(client, sari, rina):
    """P2"""
    home = sari.household
    Household.objects.correct(home, by=rina.user, phone="+6281234567890", messages_welcome=True)
    dedi = make.learner(home, first_name="Dedi")
    client.post(WITHDRAW)
    assert Household.objects.get(pk=home.pk).may_be_messaged, "Dedi still learns"
    client.force_login(dedi.user)
    client.post(WITHDRAW)
    assert not Household.objects.get(pk=home.pk).may_be_messaged
    companion = Client()
    companion.force_login(rina.user)
    assert "Pesan WhatsApp" not in companion.get(f"/dampingan/keluarga/{home.pk}/").text


@pytest.mark.parametrize("last", ["erased", "never agreed", "moved away"])
def test_nobody_writes_to_a_family_of_which_some_have_withdrawn_and_nobody_else_agrees(sari, rina, last):
    """P2"""
    home = sari.household
    Household.objects.correct(home, by=rina.user, phone="+6281234567890", messages_welcome=True)
    dedi = make.learner(home, first_name="Dedi")
    if last == "never agreed":
        dedi.consents.all().delete()
    rights.withdraw(sari, by=sari.user)
    if last == "erased":
        rights.erase(dedi)
    if last == "moved away":
        Learner.objects.move(dedi, make.household(rina), by=rina.user)
    assert not Household.objects.get(pk=home.pk).may_be_messaged


def test_a_new_consent_at_the_door_brings_all_back(client, sari, rina):
    """P2"""
    make.read(sari, "merek")
    client.post(WITHDRAW)
    Consent.objects.give(again(sari), method=Consent.Method.AT_THE_DOOR, by=rina.user)
    assert client.post("/masuk/", {"login": "SAR1PENA", "password": make.PIN}).headers["Location"] == "/belajar/"
    assert sari.completions.count() == 5


# --- Erase -------------------------------------------------------------------------------------------------------


def test_erasing_asks_for_the_pin(client, sari):
    """P4"""
    assert client.get(ERASE).status_code == 200
    response = client.post(ERASE, {"pin": WRONG_PIN})
    assert (response.status_code, field_error(response, "pin")) == (422, "PIN belum tepat. Coba lagi.")
    assert WRONG_PIN not in response.content.decode()
    response = client.post(ERASE, {})
    assert (response.status_code, field_error(response, "pin")) == (422, "Tulis PIN dulu.")
    assert Learner.objects.filter(pk=sari.pk).exists()
    response = client.post(ERASE, {"pin": make.PIN}, follow=True)
    assert "Semua data sudah dihapus." in text(soup(response).main)
    assert not User.objects.filter(pk=sari.user_id).exists()


def test_wrong_pins_are_counted_as_at_the_sign_in(client, sari):
    """A2: a phone that lies about is no way to guess a PIN."""
    for _ in range(5):
        client.post(ERASE, {"pin": WRONG_PIN})
    response = client.post(ERASE, {"pin": make.PIN})
    assert field_error(response, "pin") == "Sudah terlalu sering dicoba. Tunggu 15 menit, atau tanya pendamping."
    assert Learner.objects.filter(pk=sari.pk).exists()


def test_the_card_of_who_is_erased_is_unknown(client, sari):
    client.post(ERASE, {"pin": make.PIN})
    response = client.post("/masuk/", {"login": "SAR1PENA", "password": make.PIN})
    assert "Kode kartu atau PIN belum tepat." in text(soup(response).main)


def test_the_browser_drops_the_pages_that_it_kept(client, sari):
    """P7"""
    assert client.post(WITHDRAW)["Clear-Site-Data"] == '"cache"'


# --- Who ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("path", ALL)
def test_a_visitor_signs_in_first(client, path):
    assert client.get(path).headers["Location"] == f"/masuk/?next={path}"
    assert client.post(path).status_code == (302 if path in FORMS else 405)


@pytest.mark.parametrize("path", ALL)
@pytest.mark.parametrize("role", ["her companion", "her coordinator", "an editor"])
def test_staff_are_refused(client, sari, rina, role, path):
    """Z1"""
    people = {
        "her companion": lambda: rina.user,
        "her coordinator": lambda: make.coordinator(make.region()).user,
        "an editor": lambda: make.staff("Penulis materi"),
    }
    client.force_login(people[role]())
    assert client.get(path).status_code == 403
    assert client.post(path, {"pin": make.PIN}).status_code == (403 if path in FORMS else 405)
    assert again(sari).user.is_active


@pytest.mark.parametrize("path", ALL)
def test_a_get_changes_nothing_and_no_page_is_kept(client, sari, path):
    """W3"""
    response = client.get(path, {"pin": make.PIN})
    assert response.status_code == 200
    assert "no-store" in response["Cache-Control"]
    assert again(sari).user.is_active


@pytest.mark.parametrize("path", FORMS)
def test_another_site_cannot_send_these_forms(sari, path):
    """W3"""
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(sari.user)
    assert strict.post(path, {"pin": make.PIN}).status_code == 403
    assert again(sari).user.is_active


@pytest.mark.parametrize("path", ALL)
def test_a_temporary_pin_does_not_open_them(client, sari, rina, path):
    """A9: the companion knows that PIN."""
    now = timezone.now()
    TemporaryPin.objects.create(learner=sari, issued_by=rina.user, issued_at=now, expires_at=now + timedelta(hours=72))
    assert client.get(path).headers["Location"] == "/masuk/pin-baru/"
    assert client.post(path, {"pin": make.PIN}).status_code == (302 if path in FORMS else 405)
    assert again(sari).user.is_active


def test_who_never_agreed_has_nothing_to_withdraw_and_stays_signed_in(client, sari, rina):
    """Her account would be closed, and no consent at the door could open it again."""
    Consent.objects.all().delete()
    assert WITHDRAW not in links(client.get(DATA))
    response = client.post(WITHDRAW, follow=True)
    assert "Belum ada persetujuan, jadi tidak ada yang perlu ditarik." in text(soup(response).main)
    assert again(sari).user.is_active


def test_who_does_not_agree_has_these_rights_too(client, sari):
    """P2, P4: without consent there are no lessons, but her data is hers."""
    Consent.objects.all().delete()
    assert client.get("/belajar/").headers["Location"] == "/masuk/persetujuan/"
    assert DATA in links(client.get("/masuk/persetujuan/"))
    for path in ALL:
        assert client.get(path).status_code == (302 if path == WITHDRAW else 200)
    client.post(ERASE, {"pin": make.PIN})
    assert not Learner.objects.filter(pk=sari.pk).exists()

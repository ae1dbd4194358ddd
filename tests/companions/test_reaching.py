"""Reaching a household: a message that leaves only by her own tap, a visit with a note, and a number that was given."""

from datetime import timedelta
from urllib.parse import parse_qs, urlsplit

import pytest
from django.test import Client
from django.utils import timezone
from django.utils.formats import date_format

from companions.rules import Kind
from learn import rights
from people.ids import new_id
from people.models import Companionship, Household, HouseholdEvent
from people.reaching import ABOUT, Way
from progress.models import ModuleAssignment
from tests import factories as make
from tests.pages import field_error, sends, soup, text

pytestmark = pytest.mark.django_db
PHONE, WRITTEN = "+6281200001111", "081200001111"


@pytest.fixture
def rina(client):
    person = make.companion()
    type(person.user).objects.filter(pk=person.user_id).update(first_name="Rina")
    client.force_login(person.user)
    return person


@pytest.fixture
def home(rina):
    """A household that wants messages at its number."""
    home = make.household(rina)
    Household.objects.filter(pk=home.pk).update(phone=PHONE, messages_welcome=True)
    make.learner(home, pin=None)
    return Household.objects.get(pk=home.pk)


def url(home, part: str) -> str:
    return f"/dampingan/keluarga/{home.pk}/{part}/"


def whatsapp(response) -> str | None:
    """The text that the link opens WhatsApp with; None where there is no link."""
    links = soup(response).select("a[href*='wa.me']")
    return parse_qs(urlsplit(links[0]["href"]).query)["text"][0] if links else None


def events(home) -> list[tuple[str, str]]:
    kinds = [HouseholdEvent.Kind.CONTACTED, HouseholdEvent.Kind.VISITED]
    return list(home.events.filter(kind__in=kinds).order_by("pk").values_list("kind", "text"))


# --- A message ----------------------------------------------------------------------------------------------------


def test_the_message_is_ready_and_nothing_has_been_noted(client, home):
    response = client.get(url(home, "pesan"))
    ready = "Halo Bu Sari, ini Rina. Apa kabar? Bagaimana belajarnya? Ada yang sulit? Balas saja pesan ini."
    assert text(soup(response).select_one("textarea[name=text]")) == ready
    assert whatsapp(response) == ready
    link = soup(response).select_one("a[href*='wa.me']")
    assert link["href"].startswith("https://wa.me/6281200001111?text=")
    assert set(link["rel"]) == {"noopener", "noreferrer"}
    assert events(home) == []


def test_it_speaks_of_what_comes_next_and_not_of_assistance(client, home):
    sari = home.learners.get()
    make.read(sari, "pengenalan-motivasi")
    make.read(sari, "merek")  # whose quiz waits for that of the first module
    make.moved_back(sari, 8)
    about = whatsapp(client.get(f"{url(home, 'pesan')}?perihal=diam-7"))
    assert about.startswith("Halo Bu Sari, ini Rina. Apa kabar? Kuis modulnya sudah terbuka.")
    assert "PENA" not in about


@pytest.mark.parametrize(("code", "zone"), [("36.71", 7), ("52.71", 8), ("91.71", 9)], ids=["WIB", "WITA", "WIT"])
def test_it_tells_when_a_pin_lapses_by_the_familys_clock(client, home, rina, code, zone):
    Household.objects.filter(pk=home.pk).update(region=make.region(code, code))
    now = timezone.now()
    lapses = now + timedelta(hours=20)
    home.learners.get().temporary_pins.create(issued_by=rina.user, issued_at=now, expires_at=lapses)
    there = date_format(lapses + timedelta(hours=zone), "l, j F \\j\\a\\m H.i")
    assert f"berlaku sampai {there}." in whatsapp(client.get(f"{url(home, 'pesan')}?perihal=pin"))


@pytest.mark.parametrize(
    ("days", "said"), [(1, "kita selesaikan paling lambat"), (0, "paling lambat"), (-1, "masih terbuka")]
)
def test_it_asks_for_no_day_that_is_past(client, home, rina, days, said):
    due = timezone.localdate() + timedelta(days=days)
    ModuleAssignment.objects.assign([home], make.module().translation_key, by=rina.user, due_on=due)
    ready = whatsapp(client.get(f"{url(home, 'pesan')}?perihal=tenggat"))
    assert said in ready
    assert (date_format(due, "l, j F") in ready) is (days >= 0)


def test_it_asks_nobody_to_use_a_pin_that_has_lapsed(client, home, rina):
    now = timezone.now()
    home.learners.get().temporary_pins.create(issued_by=rina.user, issued_at=now, expires_at=now)
    assert "Nanti saya beri yang baru." in whatsapp(client.get(f"{url(home, 'pesan')}?perihal=pin"))


def test_it_speaks_of_a_quiz_where_only_that_is_left(client, home):
    sari = home.learners.get()
    make.finished(sari, "pengenalan-motivasi")
    make.read(sari)
    make.moved_back(sari, 8)
    assert "Kuis «Merek Usaha» sudah terbuka." in whatsapp(client.get(f"{url(home, 'pesan')}?perihal=diam-7"))


def test_without_javascript_changed_words_come_into_the_link_by_a_button(client, home):
    response = client.post(url(home, "pesan"), {"text": "Halo & <b>apa</b> kabar?", "ubah": "ya"})
    assert response.status_code == 200
    assert whatsapp(response) == "Halo & <b>apa</b> kabar?"
    assert text(soup(response).select_one("textarea")) == "Halo & <b>apa</b> kabar?"
    assert events(home) == []


def test_that_it_was_opened_is_noted_without_its_words_or_the_number(client, home):
    """P6"""
    response = client.post(f"{url(home, 'pesan')}?perihal=kuis", {"text": "Halo Bu", "catat": "ya"}, follow=True)
    assert response.redirect_chain == [("/dampingan/", 302)]
    assert f"Dicatat: pesan untuk {home.name}." in text(soup(response).main)
    assert events(home) == [("contacted", "Pesan WhatsApp dibuka, tentang kuis")]


@pytest.mark.parametrize(
    ("typed", "message"),
    [
        ("", "Tulis pesannya dulu."),
        (" ", "Tulis pesannya dulu."),
        ("a" * 601, "Pesan ini terlalu panjang. Ringkas sedikit."),
    ],
)
def test_a_message_that_cannot_be_is_refused_at_its_field_and_kept(client, home, typed, message):
    response = client.post(url(home, "pesan"), {"text": typed, "catat": "ya"})
    assert response.status_code == 422
    assert field_error(response, "text") == message
    assert text(soup(response).select_one("textarea")) == typed.strip()
    assert events(home) == []


@pytest.mark.parametrize(("came_with", "back"), [("", "/dampingan/keluarga/{}/"), ("?perihal=diam-7", "/dampingan/")])
def test_the_way_back_from_a_message_leads_to_where_she_came_from(client, home, came_with, back):
    found = soup(client.get(url(home, "pesan") + came_with)).main
    assert found.select_one("a.link")["href"] == back.format(home.pk)


@pytest.mark.parametrize("contact", [{"phone": ""}, {"messages_welcome": False}])
def test_only_a_number_given_for_this_is_messaged(client, home, contact):
    Household.objects.filter(pk=home.pk).update(**contact)
    for response in (client.get(url(home, "pesan")), client.post(url(home, "pesan"), {"text": "Halo"})):
        assert whatsapp(response) is None
        assert "Keluarga ini belum memberi nomor untuk pesan WhatsApp." in text(soup(response).main)
    assert events(home) == []


def tap(client, home) -> str:
    """Its id on the page of the household."""
    return soup(client.get(f"/dampingan/keluarga/{home.pk}/")).select_one("form[action$='/dihubungi/'] [name=id]")[
        "value"
    ]


def test_a_tap_is_the_same_until_the_household_was_reached(client, home, monkeypatch):
    """Else one that waits on the phone, and one on a page that was opened meanwhile, would count twice."""
    now = timezone.now()
    monkeypatch.setattr(timezone, "now", lambda: now)  # of one day, also where this runs at midnight
    first = tap(client, home)
    assert tap(client, home) == first
    HouseholdEvent.objects.reach(home, Way.CALL, by=make.companion().user)
    assert tap(client, home) != first


def test_a_tap_under_anothers_id_is_noted_all_the_same(home, rina):
    """Whoever knows an id cannot make another's tap vanish."""
    agus, id = make.companion(), new_id()
    assert HouseholdEvent.objects.reach(make.household(agus), Way.CALL, by=agus.user, told_as=id)
    assert HouseholdEvent.objects.reach(home, Way.CALL, by=rina.user, told_as=id)
    assert not HouseholdEvent.objects.reach(home, Way.CALL, by=rina.user, told_as=id)


def test_a_tap_is_another_for_each_household_each_companion_and_each_day(client, home, rina, monkeypatch):
    other, agus = make.household(rina), make.companion()
    Companionship.objects.start(home, agus, by=agus.user)
    Household.objects.filter(pk=other.pk).update(phone=PHONE)
    taps = {tap(client, home), tap(client, other)}
    client.force_login(agus.user)
    taps.add(tap(client, home))
    client.force_login(rina.user)
    tomorrow = timezone.now() + timedelta(days=1)
    monkeypatch.setattr(timezone, "now", lambda: tomorrow)
    assert len(taps | {tap(client, home)}) == 4


def test_whatever_a_household_needs_has_its_words_in_the_history():
    assert set(ABOUT) == set(Kind)


# --- A visit ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("typed", ["KTP-nya 3671014505800001.", "KKS 4539 1488 0343 6467"])
def test_a_visit_keeps_no_identity_number(client, home, typed):
    response = client.post(url(home, "kunjungan"), {"text": typed})
    assert response.status_code == 422
    assert field_error(response, "text") == "Ini mirip nomor NIK, KK, atau KKS. Hapus nomornya dulu."
    assert text(soup(response).select_one("textarea")) == typed
    assert events(home) == []


@pytest.mark.parametrize("typed", ["Warungnya ramai, <b>Bu</b> senang.", ""])
def test_a_visit_is_noted_with_or_without_words(client, home, typed):
    client.post(url(home, "kunjungan"), {"text": typed})
    assert events(home) == [("visited", typed)]
    assert typed in text(soup(client.get(url(home, "riwayat"))).main)


def top(client, home) -> str:
    return text(soup(client.get(f"/dampingan/keluarga/{home.pk}/")).main.h1.parent)


def test_the_page_of_the_household_begins_with_the_last_contact(client, home):
    assert "Di" not in top(client, home).replace(home.name, "")
    client.post(url(home, "dihubungi"), {"cara": "telepon"})
    client.post(url(home, "kunjungan"), {"text": "Warungnya ramai."})
    today = date_format(timezone.localtime(), "j M Y")
    assert f"Dikunjungi {today}: Warungnya ramai." in top(client, home)


def test_a_colleagues_contact_bears_her_name(client, home):
    agus = make.companion().user
    HouseholdEvent.objects.record(home, HouseholdEvent.Kind.CONTACTED, by=agus, text="Telepon")
    assert f"oleh {agus.first_name}: Telepon" in top(client, home)


def test_a_visit_noted_as_the_signal_drops_stands_once(client, home):
    """Its page may be sent again, and the phone keeps it under the same id."""
    told = {"id": str(new_id()), "text": "Warungnya ramai."}
    for words in (f"Dicatat: {home.name} sudah dikunjungi.", "Ini sudah tersimpan tadi. Tidak ada yang berubah."):
        assert words in text(soup(client.post(url(home, "kunjungan"), told, follow=True)).main)
    assert events(home) == [("visited", "Warungnya ramai.")]


def test_a_visit_saved_again_after_going_back_stands_once(client, home):
    """The page comes anew with another id, and the browser puts back what was typed."""
    client.post(url(home, "kunjungan"), {"id": str(new_id()), "text": "Warungnya ramai."})
    again = client.post(url(home, "kunjungan"), {"id": str(new_id()), "text": "Warungnya ramai."}, follow=True)
    assert "Ini sudah tersimpan tadi. Tidak ada yang berubah." in text(soup(again).main)
    assert events(home) == [("visited", "Warungnya ramai.")]
    client.post(url(home, "kunjungan"), {"id": str(new_id()), "text": "Lupa: butuh kemasan."})
    assert len(events(home)) == 2, "other words, another visit"


def test_a_visit_whose_words_she_changed_on_the_form_that_she_went_back_to_is_another_one(client, home):
    id = str(new_id())
    for words in ("Warungnya ramai.", "Lupa: butuh kemasan.", "Lupa: butuh kemasan."):
        client.post(url(home, "kunjungan"), {"id": id, "text": words})
    assert sorted(events(home)) == [("visited", "Lupa: butuh kemasan."), ("visited", "Warungnya ramai.")]


def test_a_visit_of_two_lines_stands_once_however_a_phone_ends_them(client, rina, home):
    id = new_id()
    HouseholdEvent.objects.note(home, "visited", by=rina.user, text="Ramai.\nLaris.", told_as=id, from_outbox=True)
    client.post(url(home, "kunjungan"), {"id": str(id), "text": "Ramai.\r\nLaris."})
    assert events(home) == [("visited", "Ramai.\nLaris.")]


def test_a_note_that_is_too_long_is_refused_at_its_field_and_kept(client, home):
    response = client.post(url(home, "kunjungan"), {"text": "a" * 251})
    assert response.status_code == 422
    assert field_error(response, "text") == "Catatan ini terlalu panjang. Ringkas sedikit."
    assert text(soup(response).select_one("textarea")) == "a" * 251
    assert events(home) == []


# --- A slip -------------------------------------------------------------------------------------------------------


def take_back(client, home):
    """«Batalkan catatan ini», as the household's page shows it; None where it does not."""
    form = soup(client.get(f"/dampingan/keluarga/{home.pk}/")).select_one("form[action$='/dihubungi/batal/']")
    return form and client.post(form["action"], sends(form), follow=True)


def test_a_tap_that_was_a_slip_is_taken_back_and_the_household_waits_again(client, home):
    client.post(url(home, "dihubungi"), {"cara": "telepon"})
    answer = take_back(client, home)
    assert "Catatannya dibatalkan." in text(soup(answer).main)
    assert events(home) == []
    client.post(url(home, "dihubungi"), {"cara": "telepon"})
    assert events(home) == [("contacted", "Telepon")], "what is true afterwards is noted"


def test_a_visit_of_the_wrong_household_is_taken_back_and_the_one_before_it_stands(client, home):
    client.post(url(home, "dihubungi"), {"cara": "telepon"})
    client.post(url(home, "kunjungan"), {"text": "Warung baru buka."})
    take_back(client, home)
    assert events(home) == [("contacted", "Telepon")]


def test_a_slip_that_is_taken_back_twice_says_that_nothing_changed(client, home):
    client.post(url(home, "dihubungi"), {"cara": "telepon"})
    form = soup(client.get(f"/dampingan/keluarga/{home.pk}/")).select_one("form[action$='/dihubungi/batal/']")
    for _ in range(2):
        answer = client.post(form["action"], sends(form), follow=True)
    assert "Tidak ada yang berubah." in text(soup(answer).main)


def test_after_a_day_a_contact_is_history(client, home):
    client.post(url(home, "dihubungi"), {"cara": "telepon"})
    page = soup(client.get(f"/dampingan/keluarga/{home.pk}/"))
    sent = sends(page.select_one("form[action$='/dihubungi/batal/']"))
    home.events.update(at=timezone.now() - timedelta(days=1))
    assert take_back(client, home) is None
    client.post(url(home, "dihubungi/batal"), sent)
    assert events(home) == [("contacted", "Telepon")]


@pytest.mark.parametrize("whose", ["another's", "another household's", "no contact", "none"])
def test_only_ones_own_contact_of_that_household_is_taken_back(client, home, rina, whose):
    other = make.household(rina)
    by = make.companion().user if whose == "another's" else rina.user
    of, kind = (other if whose == "another household's" else home), HouseholdEvent.Kind.CONTACTED
    if whose == "no contact":
        kind = HouseholdEvent.Kind.CORRECTED
    line = HouseholdEvent.objects.record(of, kind, by=by)
    told = {"catatan": "x" if whose == "none" else line.pk}
    before = HouseholdEvent.objects.count()
    answer = client.post(url(home, "dihubungi/batal"), told, follow=True)
    assert HouseholdEvent.objects.count() == before
    assert "Tidak ada yang berubah." in text(soup(answer).main)


# --- How it may be reached ----------------------------------------------------------------------------------------


def data(**more) -> dict:
    return {"phone": WRITTEN, "messages_welcome": "on", "business_type": "kuliner", "interest": "kemasan"} | more


def kept(home) -> tuple:
    home.refresh_from_db()
    return home.phone, home.messages_welcome, home.business_type, home.interest


@pytest.mark.parametrize("typed", ["0813-4567-8901", "+62 813 4567 8901", "6281345678901", "81345678901"])
def test_a_number_is_kept_as_people_write_it(client, home, typed):
    response = client.post(url(home, "data"), data(phone=typed))
    assert response["Location"] == f"/dampingan/keluarga/{home.pk}/"
    assert kept(home) == ("+6281345678901", True, "kuliner", "kemasan")
    form = soup(client.get(url(home, "data"))).main.form
    assert sends(form)["phone"] == ["081345678901"]


@pytest.mark.parametrize("typed", ["0812", "0212345678", "satu dua", "0812 / 0813", "9" * 41, "3671014101900001"])
def test_an_unclear_number_is_refused_at_its_field_and_kept(client, home, typed):
    before = kept(home)
    response = client.post(url(home, "data"), data(phone=typed))
    assert response.status_code == 422
    assert field_error(response, "phone")
    assert sends(soup(response).main.form)["phone"] == [typed]
    assert kept(home) == before


def test_messages_without_a_number_are_refused(client, home):
    response = client.post(url(home, "data"), data(phone=""))
    assert field_error(response, "phone") == "Tulis nomornya dulu, atau hapus centang pesan WhatsApp."
    assert kept(home)[0] == PHONE


def test_a_number_may_be_taken_out(client, home):
    client.post(url(home, "data"), {"phone": "", "business_type": "", "interest": ""})
    assert kept(home) == ("", False, "", "")


def test_a_page_that_was_open_while_the_last_who_agreed_withdrew_does_not_bring_the_leave_to_write_back(client, home):
    form = soup(client.get(url(home, "data"))).select_one("main form")
    sari = home.learners.get()
    rights.withdraw(sari, by=sari.user)
    client.post(url(home, "data"), sends(form) | {"interest": "kemasan"})
    assert kept(home) == (PHONE, False, "", "kemasan")


@pytest.mark.parametrize("field", ["business_type", "interest"])
def test_what_is_not_offered_is_refused_at_its_field(client, home, field):
    response = client.post(url(home, "data"), data(**{field: "tambang"}))
    assert field_error(response, field) == "Pilih satu dari daftar."


# --- Another's ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("part", ["pesan", "kunjungan", "data", "dihubungi"])
def test_a_foreign_household_is_not_found_and_unchanged(client, rina, part):
    """Z1"""
    foreign = make.household(make.companion())
    sent = data(text="Halo", cara="telepon")
    for response in (client.get(url(foreign, part)), client.post(url(foreign, part), sent)):
        assert response.status_code == (
            405 if response.request["REQUEST_METHOD"] == "GET" and part == "dihubungi" else 404
        )
    assert not foreign.events.exists()
    assert kept(foreign)[0] == ""


@pytest.mark.parametrize("part", ["pesan", "kunjungan", "data", "dihubungi"])
def test_without_the_token_of_its_form_nothing_is_stored(rina, home, part):
    """W3"""
    before = kept(home)
    client = Client(enforce_csrf_checks=True)
    client.force_login(rina.user)
    assert client.post(url(home, part), data(text="Halo", phone="")).status_code == 403
    assert (kept(home), events(home)) == (before, [])


def test_only_the_companions_own_page_bears_the_number_in_a_link(client, home):
    """P6: it leaves by WhatsApp and the phone's own dialler alone, never in an address of ours."""
    for part in ("pesan", "kunjungan", "data", "riwayat"):
        for link in soup(client.get(url(home, part))).select("[href], [action], [src]"):
            address = link.get("href") or link.get("action") or link.get("src")
            assert PHONE[1:] not in address or address.startswith(("https://wa.me/", "tel:"))

"""One sign-in for all: a card code with a PIN, or a staff name with a password."""

import re
from urllib.parse import unquote

import pytest
from argon2 import PasswordHasher
from argon2.exceptions import VerifyMismatchError
from django.contrib.auth.hashers import check_password
from django.test import Client
from django.urls import URLPattern, get_resolver

from people.hashers import PepperedArgon2PasswordHasher
from people.models import Learner, User
from people.sessions import SessionStore
from tests import factories, pages
from tests.people.test_rules import full_width

pytestmark = pytest.mark.django_db

WRONG_PIN = "860427"
NOT_RIGHT = "Kode kartu atau PIN belum tepat. Periksa lagi, lalu coba."
TOO_OFTEN = "Sudah terlalu sering dicoba. Tunggu 15 menit, atau tanya pendamping."


@pytest.fixture
def sari():
    return factories.learner(code="SAR1PENA")


@pytest.fixture
def rina():
    return factories.companion().user


def sign_in(client: Client, login: str, secret: str = factories.PIN, **more):
    return client.post("/masuk/", {"login": login, "password": secret} | more)


def is_signed_in(client: Client) -> bool:
    return "_auth_user_id" in client.session


def message(response) -> str:
    """What the page says is wrong; empty where it says nothing."""
    alert = pages.soup(response).select_one("[role=alert]") if response.content else None
    return pages.text(alert) if alert else ""


# --- With the right secret ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "written",
    [
        "SAR1PENA",
        "sar1pena",
        " SAR1 PENA ",
        "sar1-pena",
        "SARIPENA",
        "sarlpena",
        "SAR1\u00a0PENA",
        full_width("SaRiPeNa"),
    ],
)
def test_a_learner_signs_in_with_her_code_as_she_writes_it(client, sari, written):
    assert sign_in(client, written).headers["Location"] == "/belajar/"
    assert client.session["_auth_user_id"] == str(sari.user_id)


@pytest.mark.parametrize("shown", [str, str.upper, str.title, full_width, "  {}  ".format])
def test_staff_sign_in_with_their_name_in_any_case(client, rina, shown):
    assert sign_in(client, shown(rina.username), factories.PASSWORD).headers["Location"] == "/dampingan/"


def test_each_role_comes_to_its_own_first_screen(client):
    reader = factories.staff()
    roles = {
        "/belajar/": (factories.learner().user, factories.PIN),
        "/dampingan/": (factories.companion().user, factories.PASSWORD),
        "/laporan/": (factories.coordinator(factories.region()).user, factories.PASSWORD),
        "/kelola/": (factories.staff("Penulis materi"), factories.PASSWORD),
        "/": (reader, factories.PASSWORD),
    }
    for home, (user, secret) in roles.items():
        client = Client()
        assert sign_in(client, user.username, secret).headers["Location"] == home
        assert client.get("/saya/").headers["Location"] == home
        assert client.get("/masuk/").headers["Location"] == home, "signed in already"


@pytest.mark.parametrize("name", ["Admin", "operator"])
def test_an_account_that_was_made_at_the_command_line_signs_in(client, name):
    """The second reads as a card code does."""
    User.objects.create_superuser(name, password=factories.PASSWORD)
    assert sign_in(client, name, factories.PASSWORD).headers["Location"] == "/kelola/"


def test_a_visitor_has_no_page_of_her_own(client):
    assert client.get("/saya/").headers["Location"] == "/masuk/?next=/saya/"


# --- With a wrong one --------------------------------------------------------------------------------------------


def test_a_wrong_pin_is_told_in_words_and_the_code_stays(client, sari):
    response = sign_in(client, "sar1pena", WRONG_PIN)
    assert response.status_code == 200
    assert message(response) == NOT_RIGHT
    assert pages.soup(response).select_one("[name=login]")["value"] == "sar1pena"
    assert not is_signed_in(client)


def test_what_was_left_empty_is_told_at_its_field(client):
    response = sign_in(client, "", "")
    assert pages.field_error(response, "login") == "Tulis kode kartu dulu."
    assert pages.field_error(response, "password") == "Tulis PIN dulu."


def test_a_pin_is_never_sent_back(client, sari):
    assert WRONG_PIN not in sign_in(client, "SAR1PENA", WRONG_PIN).content.decode()


def without_what_was_typed(response, login: str) -> str:
    html = response.content.decode().replace(login, "…")
    return re.sub(r'name="csrfmiddlewaretoken" value="\w+"', "", html)


@pytest.mark.parametrize("tries", [1, 6])
def test_an_unknown_code_and_a_wrong_pin_look_the_same(sari, tries):
    """A7, the locked sign-in included."""
    answers = set()
    for login in ("SAR1PENA", "N0B0DY77"):
        client = Client()
        response = [sign_in(client, login, WRONG_PIN) for _ in range(tries)][-1]
        answers.add((response.status_code, without_what_was_typed(response, login)))
    assert len(answers) == 1


def test_a_learner_without_a_pin_looks_unknown(client):
    dedi = factories.learner(pin=None)
    assert message(sign_in(client, dedi.user.username, WRONG_PIN)) == NOT_RIGHT


@pytest.mark.parametrize(
    ("login", "pin", "words"), [("", WRONG_PIN, "Tulis kode kartu dulu."), ("SAR1PENA", "", "Tulis PIN dulu.")]
)
def test_what_is_missing_is_said_at_its_field(client, login, pin, words):
    assert message(sign_in(client, login, pin)) == words


def test_how_long_it_may_be_is_said_as_people_speak(client):
    assert message(sign_in(client, "x" * 151, WRONG_PIN)) == "Ini terlalu panjang: 151 huruf. Paling banyak 150."


@pytest.mark.parametrize("login", ["\x00", "SAR1\x00PENA", "' OR 1=1 --", "x" * 5000, "👩🏽‍🌾", "%", "\ud7ff"])
def test_a_strange_login_is_only_not_right(client, login):
    response = sign_in(client, login, WRONG_PIN)
    assert response.status_code == 200
    assert not is_signed_in(client)


# --- The limiter -------------------------------------------------------------------------------------------------


def test_five_wrong_pins_lock_the_learner(client, sari):
    """A2, in one process."""
    assert [message(sign_in(client, "SAR1PENA", WRONG_PIN)) for _ in range(6)] == [NOT_RIGHT] * 5 + [TOO_OFTEN]
    assert message(sign_in(client, "SAR1PENA", factories.PIN)) == TOO_OFTEN
    assert not is_signed_in(client)


def test_another_learner_on_the_same_phone_is_not_locked(client, sari):
    """A4"""
    dedi = factories.learner()
    for _ in range(6):
        sign_in(client, "SAR1PENA", WRONG_PIN)
    assert sign_in(client, dedi.user.username).headers["Location"] == "/belajar/"


def test_all_ways_to_write_a_code_are_counted_together(client, sari):
    """A3"""
    for written in ("SAR1PENA", "sar1pena", "SARIPENA", " SAR1-PENA", full_width("sarlpena")):
        sign_in(client, written, WRONG_PIN)
    assert message(sign_in(client, "sar1 pena")) == TOO_OFTEN


def test_all_ways_to_write_a_staff_name_are_counted_together(client, rina):
    name = rina.username
    for written in (name, name.upper(), f" {name}", full_width(name), name.title()):
        sign_in(client, written, WRONG_PIN)
    assert message(sign_in(client, name, factories.PASSWORD)) == TOO_OFTEN


def test_the_right_pin_in_between_gives_no_new_tries(client, sari):
    for _ in range(4):
        sign_in(client, "SAR1PENA", WRONG_PIN)
    assert sign_in(Client(), "SAR1PENA").status_code == 302
    assert message(sign_in(client, "SAR1PENA", WRONG_PIN)) == NOT_RIGHT
    assert message(sign_in(client, "SAR1PENA", WRONG_PIN)) == TOO_OFTEN


def test_signing_in_rightly_uses_up_no_tries(sari):
    for _ in range(7):
        assert sign_in(Client(), "SAR1PENA").status_code == 302


@pytest.mark.parametrize(
    "headers",
    [
        {"host": "localhost"},
        {"host": "localhost:81"},
        {"host": "127.0.0.1:81"},
        {"x-forwarded-host": "example.org"},
        {"x-forwarded-for": "203.0.113.7"},
        {"user-agent": "another browser"},
    ],
)
def test_a_locked_learner_stays_locked_however_one_asks(client, sari, headers):
    """A6: nothing that the browser says of itself opens a new count."""
    for _ in range(5):
        client.post("/masuk/", {"login": "SAR1PENA", "password": WRONG_PIN}, headers={"host": "127.0.0.1"})
    again = {"login": "SAR1PENA", "password": factories.PIN}
    assert message(Client().post("/masuk/", again, headers={"host": "127.0.0.1"} | headers)) == TOO_OFTEN


# --- An account that is closed -----------------------------------------------------------------------------------


def test_a_closed_account_is_told_so_to_its_owner_only(client, sari):
    User.objects.filter(pk=sari.user_id).update(is_active=False)
    assert message(sign_in(client, "SAR1PENA", WRONG_PIN)) == NOT_RIGHT
    response = sign_in(client, "SAR1PENA")
    assert response.headers["Location"] == "/akun/tidak-aktif/"
    assert client.get("/akun/tidak-aktif/").status_code == 200
    assert not is_signed_in(client)


def test_closing_an_account_ends_its_sessions(client, sari):
    client.force_login(sari.user)
    User.objects.filter(pk=sari.user_id).update(is_active=False)
    assert client.get("/belajar/").headers["Location"] == "/masuk/?next=/belajar/"


def test_an_account_that_is_erased_while_its_pin_is_checked_opens_nothing(client, sari, monkeypatch):
    verify = PepperedArgon2PasswordHasher.verify

    def erasing(*args):
        User.objects.filter(pk=sari.user_id).delete()
        return verify(*args)

    monkeypatch.setattr(PepperedArgon2PasswordHasher, "verify", erasing)
    assert sign_in(client, "SAR1PENA").status_code == 302
    assert client.get("/belajar/").headers["Location"] == "/masuk/?next=/belajar/"


# --- Where to, afterwards ----------------------------------------------------------------------------------------


def test_after_signing_in_one_is_where_one_wanted_to_go(client, sari):
    page = client.get("/belajar/", follow=True)
    wanted = pages.soup(page).select_one("[name=next]")["value"]
    assert sign_in(client, "SAR1PENA", next=wanted).headers["Location"] == "/belajar/"


FOREIGN = [
    "https://evil.example/",
    "//evil.example/",
    "///evil.example/",
    "/\\evil.example/",
    "\\\\evil.example",
    "http:evil.example",
    "https:///evil.example",
    "javascript:alert(1)",
    " //evil.example",
    "/\t/evil.example",
    "http://testserver@evil.example/",
    "http://testserver.evil.example/",
]


@pytest.mark.parametrize("address", FOREIGN)
def test_signing_in_leads_to_no_other_host(client, sari, address):
    """W7"""
    assert sign_in(client, "SAR1PENA", next=address).headers["Location"] == "/belajar/"


@pytest.mark.parametrize("address", FOREIGN)
@pytest.mark.parametrize("path", ["/masuk/", "/keluar/"])
def test_nor_does_it_when_one_is_signed_in_already_or_signs_out(client, sari, path, address):
    client.force_login(sari.user)
    method = client.get if path == "/masuk/" else client.post
    response = method(path, query_params={"next": address})
    assert response.headers["Location"] in ("/belajar/", "/masuk/")


# --- The only door -----------------------------------------------------------------------------------------------


def paths(patterns=None, prefix: str = "") -> list[str]:
    """All addresses of the site without a variable part."""
    found = []
    for entry in patterns if patterns is not None else get_resolver().url_patterns:
        path = prefix + str(entry.pattern)
        found += [path] if isinstance(entry, URLPattern) else paths(entry.url_patterns, path)
    return [f"/{path.removeprefix('/')}" for path in found if not re.search(r"[<(^\\]", path)]


OTHER_DOORS = ["/kelola/login/", "/django-admin/login/", "/_util/login/"]


@pytest.mark.parametrize("path", OTHER_DOORS)
def test_the_other_login_pages_lead_to_the_one_sign_in(client, path):
    response = client.get(path, query_params={"next": "/kelola/"})
    assert unquote(response.headers["Location"]) == "/masuk/?next=/kelola/"


def test_no_other_address_takes_a_password():
    """A1: walks the whole site with an administrator's right name and password."""
    admin = factories.administrator()
    secrets = {"login": admin.username, "username": admin.username, "password": factories.PASSWORD}
    doors = []
    for path in paths():
        client = Client()
        client.post(path, secrets)
        doors += [path] if is_signed_in(client) else []
    assert doors == ["/masuk/"]


def test_a_password_in_the_address_signs_nobody_in(client, sari):
    client.get("/masuk/", query_params={"login": "SAR1PENA", "password": factories.PIN})
    assert not is_signed_in(client)


@pytest.mark.parametrize("path", ["/akun/daftar/", "/akun/lupa/"])
def test_nobody_signs_up_alone(client, path):
    people = User.objects.count()
    response = client.post(path, {"username": "SAR2PENA", "login": "SAR2PENA", "password1": factories.PIN})
    assert response.headers["Location"].partition("?")[0] == "/masuk/"
    assert User.objects.count() == people


def test_the_sign_in_offers_no_sign_up(client):
    links = pages.links(client.get("/masuk/"))
    assert not [link for link in links if "akun" in link or "signup" in link]


def test_signing_in_needs_the_token_of_its_form(sari):
    """W3"""
    client = Client(enforce_csrf_checks=True)
    assert sign_in(client, "SAR1PENA").status_code == 403
    assert not is_signed_in(client)


# --- Sessions ----------------------------------------------------------------------------------------------------


def test_signing_in_gives_a_new_session(client, sari):
    """S1: whoever planted the old one has nothing."""
    planted = client.session
    planted["planted"] = True
    planted.save()
    client.cookies["sessionid"] = planted.session_key
    sign_in(client, "SAR1PENA")
    assert client.cookies["sessionid"].value != planted.session_key
    assert not SessionStore().exists(planted.session_key)


def test_signing_out_kills_the_session_on_the_server(client, sari):
    """S2: a copy of the cookie opens nothing."""
    sign_in(client, "SAR1PENA")
    copy = Client()
    copy.cookies["sessionid"] = client.cookies["sessionid"].value
    assert copy.get("/belajar/").status_code == 200
    assert client.post("/keluar/").headers["Location"] == "/masuk/"
    assert copy.get("/belajar/").headers["Location"] == "/masuk/?next=/belajar/"
    assert not SessionStore().exists(copy.cookies["sessionid"].value)


def test_opening_the_sign_out_page_signs_nobody_out(client, sari):
    """W3"""
    client.force_login(sari.user)
    assert client.get("/keluar/").status_code == 200
    assert is_signed_in(client)


def test_another_phone_stays_signed_in(client, sari):
    sign_in(client, "SAR1PENA")
    other = Client()
    sign_in(other, "SAR1PENA")
    client.post("/keluar/")
    assert other.get("/belajar/").status_code == 200


def test_a_learner_stays_signed_in_for_ninety_days(client, sari):
    """S5"""
    sign_in(client, "SAR1PENA")
    assert client.cookies["sessionid"]["max-age"] == 90 * 24 * 3600


# --- The stored secret -------------------------------------------------------------------------------------------


def enrolled() -> User:
    """By the product's verb: the learners of tests/factories.py share a hash."""
    return Learner.objects.enrol(factories.household(), first_name="Sari", pin=factories.PIN).user


def test_a_stored_pin_is_argon2_with_the_pepper(settings):
    """A11"""
    stored = enrolled().password
    assert stored.startswith("peppered_argon2id$argon2id$v=19$m=19456,t=2,p=1$")
    assert check_password(factories.PIN, stored)
    settings.PIN_PEPPER = "the thief has the table and every line of code, but not this"
    assert not check_password(factories.PIN, stored)


def test_a_stored_pin_is_no_plain_argon2_of_it():
    """A11"""
    _, stored = enrolled().password.split("$", 1)
    with pytest.raises(VerifyMismatchError):
        PasswordHasher().verify(f"${stored}", factories.PIN)


def test_the_same_pin_is_stored_differently_for_each():
    assert enrolled().password != enrolled().password


def test_signing_in_leaves_the_stored_secret_as_it_is(client, sari):
    """No hash is made anew each time: that would cost a group at the door twice the time."""
    sign_in(client, "SAR1PENA")
    assert User.objects.get(pk=sari.user_id).password == sari.user.password

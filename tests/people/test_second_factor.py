"""Editors and administrators show a second factor before any page of the staff's own paths."""

import time

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import SECRET_SESSION_KEY, format_hotp_value, hotp_value
from django.test import Client

from people.models import User
from tests import factories, pages
from tests.addresses import addresses
from tests.people.test_signing_in import is_signed_in, message, sign_in

pytestmark = pytest.mark.django_db

HALL, ACTIVATE, ASK = "/akun/pengaman/", "/akun/pengaman/totp/activate/", "/akun/pengaman/authenticate/"
PERIOD = 30  # seconds a code is good for


@pytest.fixture(autouse=True)
def as_in_production(settings):
    settings.REQUIRE_SECOND_FACTOR = True
    settings.MFA_TOTP_TOLERANCE = 1  # a code made in the last moment of its half minute is no failed test


def administrator() -> User:
    return factories.administrator(first_name="Admin")


def writer() -> User:
    return factories.staff("Penulis materi")


def reviewer() -> User:
    return factories.staff("Peninjau materi")


STAFF = {
    "writer": (writer, "/kelola/"),
    "reviewer": (reviewer, "/kelola/"),
    "administrator": (administrator, "/kelola/"),
}


def paths_below(*starts: str) -> list[str]:
    """Every address that begins so, with something in its variable parts."""
    return [one.any_path() for one in addresses() if one.template.startswith(starts)]


def code(secret: str) -> str:
    """What an authenticator app shows now."""
    return format_hotp_value(hotp_value(secret, int(time.time()) // PERIOD))


def open_activation(client: Client) -> None:
    """Says the password again, as the way there asks, and opens the page that shows the app's secret."""
    again = client.get(ACTIVATE).headers["Location"]
    response = client.post(again, {"password": factories.PASSWORD})
    assert response.headers["Location"] == ACTIVATE
    assert client.get(ACTIVATE).status_code == 200


def set_up(client: Client, user: User, run_after_commit) -> str:
    """Signs in and sets up an authenticator app, as its owner does. Returns the app's secret."""
    sign_in(client, user.username, factories.PASSWORD)
    open_activation(client)
    secret = client.session[SECRET_SESSION_KEY]
    with run_after_commit(execute=True):
        response = client.post(ACTIVATE, {"code": code(secret)})
    assert response.status_code == 302
    assert Authenticator.objects.filter(user=user, type=Authenticator.Type.TOTP).exists()
    return secret


# --- Without one -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("make", [writer, reviewer, administrator])
def test_without_a_second_factor_no_address_of_the_staff_shows_a_page(client, make):
    """A12: walks all URLs, reading and writing."""
    client.force_login(make())
    paths = paths_below("kelola/", "django-admin/")
    assert len(paths) > 300
    shown = [
        (method.__name__, path, response.status_code)
        for path in paths
        for method in (client.get, client.post)
        if (response := method(path)).headers.get("Location") != HALL and response.status_code != 403
    ]
    assert shown == []


def test_nor_do_the_administrators_imports_and_exports(client):
    """A12: the whole list of families leaves by these addresses."""
    client.force_login(administrator())
    open_now = [path for path in paths_below("impor/") if client.get(path).headers.get("Location") != HALL]
    assert open_now == []


def test_nor_does_what_was_not_taken_of_all_families(client):
    """A12"""
    client.force_login(administrator())
    assert client.get("/dampingan/kiriman/").headers["Location"] == HALL


@pytest.mark.parametrize("path", ["/kelola", "/django-admin", "/kelola//", "/django-admin/people/../people/user/"])
def test_nor_does_an_address_written_another_way(client, path):
    """A12"""
    client.force_login(administrator())
    response = client.get(path, follow=True)
    assert response.status_code == 404 or response.redirect_chain[-1][0] == HALL


def test_the_page_that_it_leads_to_says_why_and_offers_what_to_do(client):
    client.force_login(writer())
    response = client.get("/kelola/", follow=True)
    assert response.redirect_chain == [(HALL, 302)]
    assert "Pasang pengaman kedua dulu." in pages.text(pages.soup(response).main)
    assert ACTIVATE in pages.links(response)
    assert "/akun/pengaman/webauthn/add/" in str(pages.soup(response)) or "/akun/pengaman/webauthn/" in pages.links(
        response
    )


def test_one_word_stands_for_it_on_every_page(django_capture_on_commit_callbacks):
    client, user = Client(), writer()
    sign_in(client, user.username, factories.PASSWORD)
    open_activation(client)
    shown = [client.get(path) for path in ("/akun/", HALL, ACTIVATE)]
    set_up(Client(), user, django_capture_on_commit_callbacks)
    asked = Client()
    sign_in(asked, user.username, factories.PASSWORD)
    shown.append(asked.get(ASK))
    texts = [pages.text(pages.soup(page)).casefold() for page in shown]
    assert ["dua faktor" in text for text in texts] == [False] * 4
    assert ["pengaman kedua" in text for text in texts] == [True, True, False, True]


def test_its_pages_speak_as_all_others_do(django_capture_on_commit_callbacks):
    """Of «Ibu atau Bapak», never of «Anda»; and a wrong code is «belum tepat»."""
    client, user = Client(), administrator()
    set_up(client, user, django_capture_on_commit_callbacks)
    shown = [client.get(f"{HALL}{path}") for path in ("", "totp/deactivate/", "recovery-codes/generate/")]
    shown.append(client.get(f"{HALL}reauthenticate/"))
    shown.append(client.post(f"{HALL}reauthenticate/", {"code": "000000"}))
    texts = [pages.text(pages.soup(page).main) for page in shown]
    assert [text for text in texts if "Anda" in text or "salah" in text.lower()] == []
    assert "Kode belum tepat. Coba lagi." in texts[-1]


def test_a_key_is_asked_for_its_name_in_our_words(client):
    sign_in(client, writer().username, factories.PASSWORD)
    path = f"{HALL}webauthn/add/"
    client.post(client.get(path).headers["Location"], {"password": factories.PASSWORD})
    assert [pages.text(label) for label in pages.soup(client.get(path)).select("main label")] == ["Nama kunci"]


def test_the_codes_for_a_lost_phone_alone_are_none(client):
    """A12: allauth asks nobody for them at the sign-in."""
    user = writer()
    codes = {"seed": "00", "used_mask": 0}
    Authenticator.objects.create(user=user, type=Authenticator.Type.RECOVERY_CODES, data=codes)
    sign_in(client, user.username, factories.PASSWORD)
    assert is_signed_in(client)
    assert client.get("/kelola/").headers["Location"] == HALL


@pytest.mark.parametrize("path", ["/kelola/", "/django-admin/", "/kelola/pages/", "/django-admin/people/user/"])
def test_a_visitor_signs_in_first(client, path):
    response = client.get(path, follow=True)
    assert response.redirect_chain[-1][0].startswith("/masuk/?next=")


@pytest.mark.parametrize("who", ["companion", "coordinator"])
def test_companions_and_coordinators_work_without_one(client, who):
    user = factories.companion().user if who == "companion" else factories.coordinator(factories.region()).user
    path = "/dampingan/" if who == "companion" else "/laporan/"
    sign_in(client, user.username, factories.PASSWORD)
    assert client.get(path).status_code == 200
    assert client.get(HALL).status_code == 200, "they may have one too"


# --- Setting one up ----------------------------------------------------------------------------------------------


def test_a_wrong_code_sets_nothing_up(client):
    user = writer()
    sign_in(client, user.username, factories.PASSWORD)
    open_activation(client)
    right = code(client.session[SECRET_SESSION_KEY])
    wrong = f"{(int(right) + 500_000) % 1_000_000:06}"
    assert client.post(ACTIVATE, {"code": wrong}).status_code in (200, 422)
    assert not Authenticator.objects.exists()
    assert client.get("/kelola/").headers["Location"] == HALL


def test_setting_one_up_needs_the_password_again(client):
    """A12: a browser left open does not let a stranger add his own."""
    sign_in(client, writer().username, factories.PASSWORD)
    again = client.get(ACTIVATE).headers["Location"]
    assert again.startswith("/akun/pastikan/")
    assert client.post(again, {"password": "bukan-kata-sandinya"}).status_code in (200, 422)
    assert client.get(ACTIVATE).headers["Location"] == again


@pytest.mark.parametrize("role", STAFF)
def test_having_set_one_up_the_pages_open(client, role, django_capture_on_commit_callbacks):
    """A12"""
    make, home = STAFF[role]
    set_up(client, make(), django_capture_on_commit_callbacks)
    assert client.get(home).status_code == 200


def test_what_the_password_alone_had_opened_before_ends(client, django_capture_on_commit_callbacks):
    """A12: it opened these pages from then on, without a code, until its eight hours were over."""
    user, elsewhere = writer(), Client()
    sign_in(elsewhere, user.username, factories.PASSWORD)
    set_up(client, user, django_capture_on_commit_callbacks)
    assert is_signed_in(client)
    assert not is_signed_in(elsewhere)


# --- With one ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("role", STAFF)
def test_signing_in_asks_for_the_code_and_then_pages_open(role, django_capture_on_commit_callbacks):
    """A12"""
    make, home = STAFF[role]
    user = make()
    secret = set_up(Client(), user, django_capture_on_commit_callbacks)

    client = Client()
    assert sign_in(client, user.username, factories.PASSWORD).headers["Location"] == ASK
    assert not is_signed_in(client)
    assert client.get(home).headers["Location"].startswith("/masuk/"), "the password alone opens nothing"

    assert client.get(ASK).status_code == 200
    assert client.post(ASK, {"code": code(secret)}).headers["Location"] == home
    assert is_signed_in(client)
    assert client.get(home).status_code == 200
    assert client.get("/kelola/pages/", follow=True).status_code == 200


def test_an_administrator_with_the_code_opens_the_other_desk_too(django_capture_on_commit_callbacks):
    admin = administrator()
    secret = set_up(Client(), admin, django_capture_on_commit_callbacks)
    client = Client()
    sign_in(client, admin.username, factories.PASSWORD)
    client.post(ASK, {"code": code(secret)})
    assert client.get("/django-admin/people/user/").status_code == 200


def test_a_wrong_code_signs_nobody_in_and_says_so(django_capture_on_commit_callbacks):
    user = writer()
    secret = set_up(Client(), user, django_capture_on_commit_callbacks)
    client = Client()
    sign_in(client, user.username, factories.PASSWORD)
    response = client.post(ASK, {"code": f"{(int(code(secret)) + 500_000) % 1_000_000:06}"})
    assert not is_signed_in(client)
    assert message(response)


def test_a_code_is_good_once(django_capture_on_commit_callbacks):
    """A12: whoever looks over a shoulder comes too late."""
    user = writer()
    secret = set_up(Client(), user, django_capture_on_commit_callbacks)
    first, second = Client(), Client()
    for phone in (first, second):
        sign_in(phone, user.username, factories.PASSWORD)
    once = code(secret)
    first.post(ASK, {"code": once})
    second.post(ASK, {"code": once})
    assert is_signed_in(first)
    assert not is_signed_in(second)


def test_guessing_codes_is_limited(django_capture_on_commit_callbacks):
    """A12: a known password does not open the way to a million guesses."""
    user = writer()
    secret = set_up(Client(), user, django_capture_on_commit_callbacks)
    client = Client()
    sign_in(client, user.username, factories.PASSWORD)
    wrong = f"{(int(code(secret)) + 500_000) % 1_000_000:06}"
    for _ in range(10):
        client.post(ASK, {"code": wrong})
    client.post(ASK, {"code": code(secret)})
    assert not is_signed_in(client)


def test_after_the_second_factor_staff_stay_for_eight_hours(django_capture_on_commit_callbacks):
    """S5"""
    user = writer()
    secret = set_up(Client(), user, django_capture_on_commit_callbacks)
    client = Client()
    sign_in(client, user.username, factories.PASSWORD)
    client.post(ASK, {"code": code(secret)})
    assert client.cookies["sessionid"]["max-age"] == 8 * 3600
    assert client.session.get_expiry_age() == 8 * 3600


# --- Whoever has no business there -------------------------------------------------------------------------------


@pytest.mark.parametrize("is_required", [True, False])
@pytest.mark.parametrize("path", ["/kelola/", "/django-admin/", "/kelola/pages/", "/django-admin/people/learner/"])
@pytest.mark.parametrize("who", ["learner", "companion"])
def test_a_learner_or_companion_is_refused_and_not_sent_round(client, settings, is_required, path, who):
    """Z1: she is told once that this page is not hers, with or without the rule of the second factor."""
    settings.REQUIRE_SECOND_FACTOR = is_required
    client.force_login(factories.learner().user if who == "learner" else factories.companion().user)
    response = client.get(path)
    assert response.status_code == 403, response.headers.get("Location")


def test_nothing_keeps_the_apps_secret_or_the_codes_for_a_lost_phone():
    """On an office's computer the next one presses «back»."""
    client = Client()
    client.force_login(administrator())
    open_activation(client)
    shown = [client.get(ACTIVATE), client.get(HALL)]
    client.post(ACTIVATE, {"code": code(client.session[SECRET_SESSION_KEY])})
    shown.append(client.get(f"{HALL}recovery-codes/"))
    shown.append(client.get(f"{HALL}recovery-codes/download/"))
    assert [response.status_code for response in shown] == [200] * 4
    assert all("no-store" in response.headers.get("Cache-Control", "") for response in shown)

"""When many sign in at once: a few wait their turn, the others are asked to wait, and whoever reads goes on reading."""

import http.client
import os
import threading
import time
from contextlib import ExitStack
from urllib.parse import urlencode

import pytest
from django.contrib.auth.hashers import Argon2PasswordHasher, check_password, make_password
from django.http import HttpResponse
from django.test import Client, RequestFactory

from people import waiting
from people.models import TemporaryPin, User
from people.rules import new_card_code
from people.waiting import PLACES, SECONDS, in_line
from tests import databases, factories, pages
from tests.people.test_signing_in import WRONG_PIN, is_signed_in, sign_in
from tests.server import running


@pytest.fixture
def crowd():
    """Others have taken every place in the line; ``close`` lets them go."""
    with ExitStack() as places:
        for _ in range(PLACES):
            places.enter_context(waiting._places)
        yield places


def asked_to_wait(response) -> bool:
    heading = pages.soup(response).select_one("h1")
    return response.status_code == 503 and pages.text(heading) == "Sebentar, antre"


def sent_again(client: Client, page) -> HttpResponse:
    """What the button of the page sends."""
    form = pages.soup(page).select_one("main form")
    fields = {field["name"]: field["value"] for field in form.select("input[name]")}
    return client.post(page.wsgi_request.get_full_path(), fields)


# --- The page ----------------------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_past_the_line_she_is_asked_to_wait_a_moment(client, crowd):
    factories.learner(code="SAR1PENA")
    page = sign_in(client, "SAR1PENA")
    assert asked_to_wait(page)
    assert SECONDS[0] <= int(page.headers["Retry-After"]) <= SECONDS[1]
    assert "no-store" in page.headers["Cache-Control"]
    assert not is_signed_in(client)


@pytest.mark.django_db
def test_its_button_sends_what_was_typed(client, crowd):
    """Without JavaScript too, and on to the lesson that she came from."""
    factories.learner(code="SAR1PENA")
    page = client.post("/masuk/?next=/modul/", {"login": "sar1 pena", "password": factories.PIN, "next": "/modul/"})
    assert asked_to_wait(page)
    crowd.close()
    assert sent_again(client, page).headers["Location"] == "/modul/"
    assert is_signed_in(client)


@pytest.mark.django_db
def test_what_was_typed_comes_back_as_text(client, crowd):
    """W5"""
    page = client.post("/masuk/", {"login": '"><script>alert(1)</script>', "password": "<b>"})
    field, secret = pages.soup(page).select("main form input:not([name=csrfmiddlewaretoken])")
    assert (field["value"], secret["value"]) == ('"><script>alert(1)</script>', "<b>")
    assert "<script>alert" not in page.content.decode()


@pytest.mark.django_db
def test_waiting_uses_up_no_try(client, crowd):
    factories.learner(code="SAR1PENA")
    for _ in range(6):
        assert asked_to_wait(sign_in(client, "SAR1PENA", WRONG_PIN))
    crowd.close()
    assert sign_in(client, "SAR1PENA").status_code == 302


def learner_with_a_temporary_pin() -> User:
    learner = factories.learner()
    request = RequestFactory().post("/")
    TemporaryPin.objects.issue(learner, by=factories.staff(), request=request)
    return learner.user


def companion_of_learner_one() -> User:
    companion = factories.companion()
    factories.learner(factories.household(companion), pk=1)
    return companion.user


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("path", "who", "fields"),
    [
        ("/masuk/", None, {"login": "SAR1PENA", "password": factories.PIN}),
        ("/masuk/pertama/", None, {"code": "SAR1PENA", "pin": "395812", "again": "395812"}),
        ("/masuk/pin-baru/", learner_with_a_temporary_pin, {"pin": "395812", "again": "395812"}),
        ("/akun/ganti-pin/", lambda: factories.learner().user, {"oldpassword": factories.PIN}),
        ("/akun/pastikan/", factories.staff, {"password": factories.PASSWORD}),
        ("/belajar/data/hapus/", lambda: factories.learner().user, {"pin": factories.PIN}),
        ("/dampingan/pelajar/1/pin/", companion_of_learner_one, {}),
    ],
)
def test_every_form_that_has_a_secret_hashed_stands_in_the_one_line(client, crowd, path, who, fields):
    if who:
        client.force_login(who())
    assert asked_to_wait(client.post(path, fields))
    crowd.close()
    assert client.post(path, fields).status_code != 503


@pytest.mark.django_db
def test_opening_a_page_never_waits(client, crowd):
    assert client.get("/masuk/").status_code == 200
    assert client.get("/masuk/pertama/").status_code == 200


def test_a_place_is_free_again_whatever_happened():
    @in_line
    def breaks(request):
        raise ZeroDivisionError

    for _ in range(PLACES + 1):
        with pytest.raises(ZeroDivisionError):
            breaks(RequestFactory().post("/"))


# --- The work ----------------------------------------------------------------------------------------------------


def test_a_worker_computes_one_hash_at_a_time(monkeypatch):
    """The rest of its threads, and the other cores, stay for those who read."""
    running_now, most = threading.Semaphore(0), []

    def counted(slow):
        def run(*args, **kwargs):
            running_now.release()
            try:
                return slow(*args, **kwargs)
            finally:
                most.append(running_now._value)
                running_now.acquire()

        return run

    stored = make_password(factories.PIN)
    for name in ("encode", "verify"):
        monkeypatch.setattr(Argon2PasswordHasher, name, counted(getattr(Argon2PasswordHasher, name)))
    work = [lambda: make_password(factories.PIN), lambda: check_password(factories.PIN, stored)] * 4
    threads = [threading.Thread(target=job) for job in work]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert most == [1] * 8


def test_hashing_stands_back_from_whoever_reads(monkeypatch):
    """Where cores are few, a reader's thread goes first."""
    found, encode = [], Argon2PasswordHasher.encode

    def niceness() -> int:
        return os.getpriority(os.PRIO_PROCESS, threading.get_native_id())

    monkeypatch.setattr(Argon2PasswordHasher, "encode", lambda *args: found.append(niceness()) or encode(*args))
    make_password(factories.PIN)
    assert found[0] > niceness()


def test_whoever_reads_is_answered_while_a_crowd_signs_in(tmp_path, demo_database, static_root):
    """One worker, forty who sign in and send again a moment after they are asked to wait; a reader comes in between."""
    crowd, seen, waiting_still = 40, set(), threading.Semaphore(0)
    database = databases.new_name(tmp_path, "crowd")
    databases.copy(demo_database, database)
    with running(tmp_path, database, static_root, WORKERS="1", ALLAUTH_TRUSTED_PROXY_COUNT="1") as server:

        def ask(method: str, path: str, body: str = "", **headers: str) -> int:
            wire = http.client.HTTPConnection("127.0.0.1", server.port, timeout=120)
            wire.request(method, path, body, {"Connection": "close"} | headers)
            with wire.getresponse() as answer:
                answer.read()
                return answer.status

        def sign_in_until_answered(number: int):
            token = "t" * 32
            body = urlencode({"login": new_card_code(), "password": WRONG_PIN, "csrfmiddlewaretoken": token})
            headers = {"Content-Type": "application/x-www-form-urlencoded", "Cookie": f"csrftoken={token}"}
            start.wait()
            status = 503
            while status == 503:
                status = ask("POST", "/masuk/", body, **headers, **{"X-Forwarded-For": f"198.51.100.{number}"})
                seen.add(status)
                time.sleep(0.1 * (status == 503))
            waiting_still.acquire()

        start = threading.Barrier(crowd + 1)
        threads = [threading.Thread(target=sign_in_until_answered, args=[number]) for number in range(crowd)]
        for thread in threads:
            thread.start()
            waiting_still.release()
        start.wait()
        read = [ask("GET", "/modul/merek/memilih-nama/") for _ in range(3)]
        unfinished = waiting_still._value
        for thread in threads:
            thread.join()
    assert read == [200] * 3
    assert unfinished > 0, "the reader was answered only after everybody had signed in"
    assert seen == {200, 503}, "all were answered in the end, and some were asked to wait"

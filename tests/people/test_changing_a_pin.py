"""Whoever is signed in changes her own secret at /akun/ganti-pin/."""

import pytest
from django.db import connection
from django.test import Client, RequestFactory

from learn import rights
from people.models import Learner, TemporaryPin, User
from tests import factories, pages
from tests.people.test_signing_in import TOO_OFTEN, message, sign_in

pytestmark = pytest.mark.django_db

PATH = "/akun/ganti-pin/"
NEW_PIN = "395812"
OWN_PASSWORD = "hanya-saya-yang-tahu"


def change(user, old: str, new: str, again: str | None = None):
    """Signs in as ``user`` and sends the form. Returns its answer."""
    client = Client()
    client.force_login(user)
    return client.post(PATH, {"oldpassword": old, "password1": new, "password2": new if again is None else again})


def opens(user, secret: str) -> bool:
    return User.objects.get(pk=user.pk).check_password(secret)


def test_a_learner_changes_her_pin_with_the_old_one():
    sari = factories.learner().user
    change(sari, factories.PIN, NEW_PIN)
    assert opens(sari, NEW_PIN)
    assert not opens(sari, factories.PIN)


def test_at_an_open_session_nobody_tries_one_pin_after_the_other():
    """A wrong one counts as at the sign-in."""
    sari = factories.learner().user
    for guess in range(5):
        answer = change(sari, f"86042{guess}", NEW_PIN)
    assert pages.field_error(answer, "oldpassword") == "Yang lama belum tepat. Coba lagi."
    assert message(sign_in(Client(), sari.username, factories.PIN)) == TOO_OFTEN


def test_whoever_tried_too_often_at_the_sign_in_waits_here_too():
    sari = factories.learner().user
    for guess in range(5):
        sign_in(Client(), sari.username, f"86042{guess}")
    assert pages.field_error(change(sari, factories.PIN, NEW_PIN), "oldpassword") == TOO_OFTEN
    assert opens(sari, factories.PIN)


def test_djangos_own_page_for_it_leads_here():
    """It counts no tries, and knows nothing of temporary passwords."""
    admin = factories.administrator()
    client = Client()
    client.force_login(admin)
    typed = {"old_password": factories.PASSWORD, "new_password1": OWN_PASSWORD, "new_password2": OWN_PASSWORD}
    assert client.post("/django-admin/password_change/", typed).headers["Location"] == PATH
    assert opens(admin, factories.PASSWORD)


@pytest.mark.parametrize("old", ["", "860427", NEW_PIN])
def test_without_the_old_one_it_stays(old):
    """A10"""
    sari = factories.learner().user
    change(sari, old, NEW_PIN)
    assert opens(sari, factories.PIN)


@pytest.mark.parametrize("weak", ["", "12345", "123456", "112211", "170845", factories.PASSWORD])
def test_a_weak_pin_is_not_taken(weak):
    """A8"""
    sari = factories.learner().user
    change(sari, factories.PIN, weak)
    assert opens(sari, factories.PIN)


def test_why_a_pin_is_weak_is_said():
    response = change(factories.learner().user, factories.PIN, "170845")
    assert "PIN ini seperti tanggal. Pilih angka lain." in pages.text(pages.soup(response).main)


def test_whoever_tries_many_weak_ones_in_a_minute_is_led_back_here(client):
    client.force_login(factories.learner().user)
    typed = {"oldpassword": factories.PIN, "password1": "170845", "password2": "170845"}
    answers = [client.post(PATH, typed) for _ in range(6)]
    assert answers[-1].status_code == 429
    page = pages.soup(answers[-1]).main
    assert "Ini terlalu sering dicoba." in pages.text(page)
    assert page.select_one("a.btn.main")["href"] == PATH


def test_a_pin_typed_two_ways_is_not_taken():
    sari = factories.learner().user
    response = change(sari, factories.PIN, NEW_PIN, again="395813")
    assert opens(sari, factories.PIN)
    assert "Yang kedua belum sama." in pages.text(pages.soup(response).main)


def test_whoever_is_erased_meanwhile_gets_no_account_back():
    """P4: on her other phone, just when this one's PIN is to be written."""
    sari = factories.learner()

    def erase_first(execute, sql, *rest):
        if sql.startswith('UPDATE "people_user" SET "password"') and Learner.objects.exists():
            rights.erase(sari)
        return execute(sql, *rest)

    with connection.execute_wrapper(erase_first):
        assert change(sari.user, factories.PIN, NEW_PIN).headers["Location"] == "/masuk/"
    assert not User.objects.exists()


def test_a_temporary_pin_that_is_given_meanwhile_stays():
    """Or whoever knew the old one would keep the account just when it is taken from her."""
    sari, rina = factories.learner(), factories.companion()
    given = []

    def reset_first(execute, sql, *rest):
        if sql.startswith('UPDATE "people_user" SET "password"') and not given:
            given.append(None)
            request = RequestFactory().post("/")
            given[0] = TemporaryPin.objects.issue(Learner.objects.get(pk=sari.pk), by=rina.user, request=request)
        return execute(sql, *rest)

    with connection.execute_wrapper(reset_first):
        change(sari.user, factories.PIN, NEW_PIN)
    assert opens(sari.user, given[0])


def labels(user) -> list[str]:
    client = Client()
    client.force_login(user)
    return [pages.text(label) for label in pages.soup(client.get(PATH)).select("label")]


def test_the_form_speaks_of_what_she_has():
    assert labels(factories.learner().user) == ["PIN lama", "PIN baru", "Ulangi PIN baru"]
    assert labels(factories.staff()) == ["Kata sandi lama", "Kata sandi baru", "Ulangi yang baru"]


@pytest.mark.parametrize(
    ("make", "page"),
    [(lambda: factories.learner().user, "/belajar/data/"), (lambda: factories.companion().user, "/akun/")],
)
def test_from_her_name_at_the_top_she_finds_it(client, make, page):
    client.force_login(make())
    top = pages.soup(client.get("/modul/")).select_one("header a.who")
    assert top["href"] == page
    assert PATH in pages.links(client.get(page))


def test_staff_are_offered_a_second_factor(client):
    client.force_login(factories.companion().user)
    assert "/akun/pengaman/" in pages.links(client.get("/akun/"))


@pytest.mark.parametrize(("new", "is_taken"), [("sebelas-11.", False), ("dua-belas-12", True), (NEW_PIN, False)])
def test_a_staff_password_has_twelve_letters_or_more(new, is_taken):
    rina = factories.companion().user
    change(rina, factories.PASSWORD, new)
    assert opens(rina, new) is is_taken


def test_a_visitor_signs_in_first(client):
    assert client.get(PATH).headers["Location"] == f"/masuk/?next={PATH}"

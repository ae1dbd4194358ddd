"""How long a phone stays signed in. What the cookies are like in production stands in tests/lms/test_settings.py."""

from datetime import timedelta

import pytest
from django.contrib.sessions.models import Session
from django.test import Client
from django.utils import timezone

from people.models import Learner, User
from tests import factories
from tests.people.test_signing_in import is_signed_in, sign_in

pytestmark = pytest.mark.django_db

HOUR = 3600
LEARNER, STAFF = 90 * 24 * HOUR, 8 * HOUR


def lasts(client: Client) -> list[int]:
    """For how many seconds the cookie, the session and its row on the server are good."""
    row = Session.objects.get(pk=client.session.session_key)
    in_database = (row.expire_date - timezone.now()).total_seconds()
    return [client.cookies["sessionid"]["max-age"], client.session.get_expiry_age(), round(in_database, -2)]


def test_a_learner_stays_for_ninety_days(client):
    """S5"""
    factories.learner(code="SAR1PENA")
    sign_in(client, "SAR1PENA")
    assert lasts(client) == [LEARNER] * 3


def test_a_learner_who_has_just_chosen_her_pin_stays_as_long(client):
    """S5"""
    Learner.objects.enrol(factories.household(), first_name="Nia", code="N1AKVRN1")
    client.post("/masuk/pertama/", {"code": "N1AKVRN1", "pin": "395812", "again": "395812"})
    assert lasts(client) == [LEARNER] * 3


def staff() -> dict[str, User]:
    return {
        "companion": factories.companion().user,
        "coordinator": factories.coordinator(factories.region()).user,
        "writer": factories.staff("Penulis materi"),
        "reviewer": factories.staff("Peninjau materi"),
        "administrator": factories.administrator(),
        "nobody yet": factories.staff(),
    }


@pytest.mark.parametrize("role", ["companion", "coordinator", "writer", "reviewer", "administrator", "nobody yet"])
def test_staff_stay_for_eight_hours(client, role):
    """S5"""
    sign_in(client, staff()[role].username, factories.PASSWORD)
    assert lasts(client) == [STAFF] * 3


def test_staff_who_change_their_password_stay_no_longer(client):
    """S5"""
    rina = factories.companion().user
    sign_in(client, rina.username, factories.PASSWORD)
    new = "kata-sandi-yang-baru"
    client.post("/akun/ganti-pin/", {"oldpassword": factories.PASSWORD, "password1": new, "password2": new})
    assert is_signed_in(client)
    assert lasts(client) == [STAFF] * 3


@pytest.mark.parametrize(("hours", "is_in"), [(7, True), (9, False)])
def test_after_eight_hours_the_server_lets_staff_in_no_more(client, hours, is_in):
    """S5: however long the browser keeps the cookie."""
    rina = factories.companion().user
    sign_in(client, rina.username, factories.PASSWORD)
    for row in Session.objects.all():
        row.expire_date -= timedelta(hours=hours)
        row.save()
    assert (client.get("/dampingan/").status_code == 200) is is_in


def test_a_phone_that_staff_leave_to_a_learner_keeps_her_as_long_as_her_own(client):
    """S5: the eight hours of the one before do not stick to the phone."""
    factories.learner(code="SAR1PENA")
    sign_in(client, factories.companion().user.username, factories.PASSWORD)
    client.post("/keluar/")
    sign_in(client, "SAR1PENA")
    assert lasts(client) == [LEARNER] * 3

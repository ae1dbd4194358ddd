"""How long a phone stays signed in, and whose a session is. The cookies in production: tests/lms/test_settings.py."""

from datetime import timedelta
from importlib import import_module

import pytest
from django.contrib.auth.signals import user_logged_in
from django.contrib.sessions.models import Session as FormerSession
from django.core.management import call_command
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.test import Client
from django.utils import timezone

from people.models import Learner, Session, User
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


# --- Whose a session is ------------------------------------------------------------------------------------------


@pytest.fixture
def sari():
    return factories.learner(code="SAR1PENA").user


def accounts() -> list[int | None]:
    return list(Session.objects.values_list("account_id", flat=True))


def copy_of(client: Client) -> Client:
    """Another browser with the same session."""
    copy = Client()
    copy.cookies["sessionid"] = client.cookies["sessionid"].value
    return copy


def test_who_signs_in_is_written_beside_her_session(client, sari):
    sign_in(client, "SAR1PENA")
    assert accounts() == [sari.pk]


def test_a_session_of_nobody_bears_no_account(client):
    client.session.save()
    assert accounts() == [None]


def test_signing_out_leaves_no_session_of_hers(client, sari):
    sign_in(client, "SAR1PENA")
    client.post("/keluar/")
    assert sari.pk not in accounts()


def test_who_signs_in_on_the_same_phone_takes_the_session_from_the_one_before(client, sari):
    sign_in(client, "SAR1PENA")
    client.force_login(nia := factories.learner().user)
    assert accounts() == [nia.pk]


def test_a_new_pin_leaves_one_session_that_opens_anything(client, sari):
    sign_in(client, "SAR1PENA")
    other_phone, before = Client(), copy_of(client)
    other_phone.force_login(sari)
    client.post("/akun/ganti-pin/", {"oldpassword": factories.PIN, "password1": "395812", "password2": "395812"})
    assert [is_signed_in(client), client.get("/belajar/").status_code] == [True, 200]
    assert [phone.get("/belajar/").status_code for phone in (before, other_phone)] == [302, 302]
    assert Session.objects.get(account_id=sari.pk).pk == client.session.session_key


def test_another_account_beside_a_session_signs_in_nobody_else(client, sari):
    sign_in(client, "SAR1PENA")
    Session.objects.update(account_id=factories.administrator().pk)
    assert client.get("/belajar/").wsgi_request.user == sari
    assert client.get("/kelola/").status_code == 403


def test_an_account_beside_data_that_nobody_signed_signs_in_nobody(client, sari):
    sign_in(client, "SAR1PENA")
    Session.objects.update(session_data="e30:1abc:forged")
    assert client.get("/belajar/").headers["Location"] == "/masuk/?next=/belajar/"


def test_a_sign_in_whose_account_is_erased_meanwhile_opens_nothing(client, sari):
    def erase(user, **told):
        User.objects.filter(pk=user.pk).delete()

    user_logged_in.connect(erase)
    try:
        assert sign_in(client, "SAR1PENA").status_code == 302
    finally:
        user_logged_in.disconnect(erase)
    assert accounts() == [sari.pk]
    assert client.get("/belajar/").headers["Location"] == "/masuk/?next=/belajar/"


@pytest.mark.parametrize("place", ["the form", "the list"])
def test_a_lost_phone_stays_out_once_an_administrator_opens_the_account_again(client, sari, place):
    lost, desk = Client(), Client()
    lost.force_login(sari)
    desk.force_login(factories.administrator())
    if place == "the list":
        for is_active in ("False", "True"):
            address = f"/kelola/bulk/people/user/set_active_state/?id={sari.pk}"
            assert desk.post(address, {"mark_as_active": is_active}).status_code == 302
    else:
        for is_active in (False, True):
            account = User.objects.get(pk=sari.pk)
            account.is_active = is_active
            account.save()
    assert User.objects.get(pk=sari.pk).is_active
    assert lost.get("/belajar/").headers["Location"] == "/masuk/?next=/belajar/"


def test_djangos_own_command_clears_what_is_over(client, sari):
    for _ in range(2):
        Client().force_login(sari)
    kept, over = Session.objects.all()
    Session.objects.filter(pk=over.pk).update(expire_date=timezone.now() - timedelta(minutes=1))
    call_command("clearsessions")
    assert Session.objects.get() == kept


# --- From before sessions bore an account ------------------------------------------------------------------------


def migrate(name: str = "") -> None:
    """To this state of the tables, or to today's."""
    executor = MigrationExecutor(connection)
    executor.migrate([("people", name)] if name else executor.loader.graph.leaf_nodes("people"))


@pytest.mark.django_db(transaction=True)
def test_an_update_signs_nobody_out(client, sari, monkeypatch):
    """Learners stay for ninety days, on shared phones, and forget their PIN."""
    monkeypatch.setattr(import_module("people.migrations.0010_sessions"), "A_BATCH", 2)
    phones = [client, Client(), Client()]
    for phone in phones:
        phone.force_login(sari)
    of_nobody = Client().session
    of_nobody["chosen"] = "jv"
    of_nobody.save()
    rows = [FormerSession(**row) for row in Session.objects.values("session_key", "session_data", "expire_date")]
    later, before = timezone.now() + timedelta(days=1), timezone.now() - timedelta(days=1)
    rows.append(FormerSession(session_key="broken", session_data="e30:1abc:forged", expire_date=later))
    rows.append(FormerSession(session_key="over", session_data=rows[0].session_data, expire_date=before))
    migrate("0009_told_as")
    FormerSession.objects.bulk_create(rows)
    migrate()
    assert [phone.get("/belajar/").status_code for phone in phones] == [200] * 3
    expected = {phone.session.session_key: sari.pk for phone in phones} | {of_nobody.session_key: None}
    assert dict(Session.objects.values_list("session_key", "account_id")) == expected
    assert not FormerSession.objects.exists()

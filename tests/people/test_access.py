"""Whoever asks for what is not hers is refused, and it can be seen later who asked."""

import pytest
from django.test import Client

from people.models import Companionship, Household, Session, User
from tests import factories
from tests.lms.world import World
from tests.pages import links, soup
from tests.people.importing.files import HOUSEHOLD, xlsx

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("quick_hashes")]

PHONE = "+6281298765432"


@pytest.mark.parametrize(
    ("role", "path"),
    [
        ("learner", "/dampingan/"),
        ("companion", "/laporan/"),
        ("coordinator", "/impor/"),
        ("companion", "/kelola/"),
        ("editor", "/django-admin/people/learner/"),
        ("companion", "/kelola/login/"),
        ("learner", "/akun/pengaman/"),
    ],
)
def test_a_screen_of_another_role_is_refused_and_noted(role, path, caplog):
    """Z5"""
    world = World()
    client = world.client(role)
    caplog.clear()
    assert client.get(path).status_code == 403
    assert caplog.messages == [f"user {world.users[role].pk} refused at {path}"]
    assert [line.exc_info for line in caplog.records] == [None], "a traceback tells nothing more"


def test_nobody_writes_lines_of_her_own_into_the_log(caplog):
    world = World()
    assert world.client("companion").get("/kelola/%0Auser 1 refused at /dampingan/").status_code == 403
    [message] = [message for message in caplog.messages if message.startswith("user")]
    assert "\n" not in message


@pytest.mark.parametrize(
    ("role", "path"),
    [
        ("other companion", "/dampingan/keluarga/{household}/"),
        ("other companion", "/dampingan/keluarga/{household}/riwayat/"),
        ("other companion", "/dampingan/pelajar/{learner}/"),
        ("other companion", "/dampingan/pelajar/{learner}/kartu.png"),
        ("other learner", "/belajar/percobaan/{attempt}/soal/1/"),
        ("other learner", "/belajar/percobaan/{attempt}/hasil/"),
    ],
)
def test_what_belongs_to_others_is_not_found_and_noted(role, path, caplog):
    """Z5: whoever goes through numbers leaves a trace."""
    world = World()
    path = path.format(**world.own)
    assert world.client(role).get(path).status_code == 404
    assert f"user {world.users[role].pk} found nothing at {path}" in caplog.messages


@pytest.mark.parametrize(("role", "is_sent"), [("other companion", False), ("other learner", True)])
def test_where_nothing_is_found_a_learner_is_sent_to_her_companion_and_a_companion_to_nobody(role, is_sent):
    world = World()
    path = "/dampingan/keluarga/{household}/" if role == "other companion" else "/belajar/percobaan/{attempt}/hasil/"
    page = soup(world.client(role).get(path.format(**world.own)))
    assert page.h1.text == "Halaman ini tidak ada"
    assert ("Tanya pendamping" in page.text) == is_sent


def test_what_is_hers_leaves_no_such_trace(caplog):
    world = World()
    assert world.client("companion").get(f"/dampingan/keluarga/{world.own['household']}/").status_code == 200
    assert [line for line in caplog.messages if line.startswith("user ")] == []


def test_a_file_with_phone_numbers_leaves_none_in_the_log(caplog):
    """P6: neither a good one nor one that is refused."""
    desk = World().client("administrator")
    factories.region("36.71.01", "Tangerang", "district")
    rows = [["K-1", "Keluarga Sari", "36.71.01", PHONE], ["K-2", "Keluarga Dedi", "36.71.01", "0812987654321098"]]
    with caplog.at_level("DEBUG"):
        page = desk.post("/impor/", {"kind": "keluarga", "file": xlsx(HOUSEHOLD, *rows)})
        desk.post(f"{page.headers['Location']}simpan/", follow=True)
    assert Household.objects.get(reference="K-1").phone == PHONE
    assert "812987654" not in caplog.text


# --- A form that was open when its session ended ------------------------------------------------------------------


def opened(user: User, path: str) -> tuple[Client, dict[str, str]]:
    """A phone with the form at ``path`` open, and what the form sends as it is."""
    phone = Client(enforce_csrf_checks=True)
    phone.force_login(user)
    fields = soup(phone.get(path)).select("main form [name]")
    return phone, {field["name"]: field.get("value", "") for field in fields}


@pytest.mark.parametrize(
    ("role", "path"),
    [
        ("companion", "/dampingan/keluarga/{household}/kunjungan/"),
        ("learner", "/belajar/praktik/{lesson}/"),
    ],
)
def test_where_a_session_has_ended_a_phone_can_tell_that_its_form_was_not_taken(role, path):
    """A redirect to the sign-in looks to it as one onwards does."""
    world = World()
    path = path.format(**world.own)
    phone, form = opened(world.users[role], path)
    Session.objects.all().delete()
    response = phone.post(path, form)
    assert response.status_code == 401
    assert "/masuk/" in links(response)


@pytest.mark.parametrize(
    ("path", "field"), [("/dampingan/keluarga/{household}/kunjungan/", "text"), ("/dampingan/tugaskan/", "word")]
)
def test_what_was_written_while_the_session_ended_is_shown_to_be_copied(path, field):
    world = World()
    path = path.format(**world.own)
    phone, form = opened(world.users["companion"], path)
    Session.objects.all().delete()
    response = phone.post(path, form | {field: "Sudah punya label.\n<Bagus>"})
    assert "Sudah punya label.<br>&lt;Bagus&gt;" in response.text


def test_a_new_family_that_was_typed_while_the_session_ended_is_shown_to_be_copied():
    phone, form = opened(World().users["companion"], "/dampingan/keluarga/baru/")
    Session.objects.all().delete()
    typed = {"name": "Keluarga Siti Aminah", "first_name": "Siti", "last_name": "Aminah <Binti>"}
    response = phone.post("/dampingan/keluarga/baru/", form | typed)
    assert response.status_code == 401
    assert [quote.text.strip() for quote in soup(response).select(".quote")] == list(typed.values())
    assert "no-store" in response["Cache-Control"], "whoever holds the phone next finds no family there"


def test_a_phone_number_that_was_typed_while_the_session_ended_is_shown_to_be_copied():
    world = World()
    path = f"/dampingan/keluarga/{world.own['household']}/data/"
    phone, form = opened(world.users["companion"], path)
    Session.objects.all().delete()
    assert "0812-9876-5432" in phone.post(path, form | {"phone": "0812-9876-5432"}).text


def test_a_guardians_name_that_was_typed_at_the_door_while_the_session_ended_is_shown_to_be_copied():
    world = World()
    phone, form = opened(world.users["companion"], "/dampingan/pelajar/{learner}/".format(**world.own))
    Session.objects.all().delete()
    path = "/dampingan/pelajar/{learner}/persetujuan/".format(**world.own)
    typed = {"csrfmiddlewaretoken": form["csrfmiddlewaretoken"], "age": "anak", "guardian_name": "Pak Karyo"}
    response = phone.post(path, typed)
    assert [quote.text.strip() for quote in soup(response).select(".quote")] == ["Pak Karyo"]


def test_what_was_written_of_a_household_that_was_handed_over_meanwhile_is_shown_to_be_copied():
    world = World()
    path = f"/dampingan/keluarga/{world.own['household']}/kunjungan/"
    phone, form = opened(world.users["companion"], path)
    home, rina = Household.objects.get(pk=world.own["household"]), world.users["companion"]
    Companionship.objects.end_all([home], rina.companion, by=rina)
    response = phone.post(path, form | {"text": "Sudah punya label.\n<Bagus>"})
    assert response.status_code == 404
    assert "Sudah punya label.<br>&lt;Bagus&gt;" in response.text
    assert "Tanya pendamping" not in response.text, "she is the companion"


def test_a_form_that_cannot_wait_and_has_no_words_leads_to_the_sign_in_where_its_session_has_ended():
    world = World()
    path = f"/dampingan/keluarga/{world.own['household']}/data/"
    phone, form = opened(world.users["companion"], path)
    Session.objects.all().delete()
    response = phone.post(path, form)
    assert (response.status_code, response["Location"]) == (302, "/masuk/?next=/")


def test_a_form_that_was_left_open_is_nobodys_after_signing_out():
    """R8: its phone would keep what another types into it, as hers."""
    world = World()
    path = f"/dampingan/keluarga/{world.own['household']}/kunjungan/"
    phone, form = opened(world.users["companion"], path)
    phone.post("/keluar/", {"csrfmiddlewaretoken": form["csrfmiddlewaretoken"]})
    assert phone.post(path, form).status_code == 403


@pytest.mark.parametrize(("comes_back", "shown"), [("companion", ["Sudah punya label."]), ("learner", []), (None, [])])
def test_what_was_written_before_signing_in_once_more_is_shown_to_its_writer_alone(comes_back, shown):
    """Whoever has the phone by then could have the browser send once more what another had written."""
    world = World()
    path = f"/dampingan/keluarga/{world.own['household']}/kunjungan/"
    phone, form = opened(world.users["companion"], path)
    phone.post("/keluar/", {"csrfmiddlewaretoken": form["csrfmiddlewaretoken"]})
    if comes_back:
        phone.force_login(world.users[comes_back])
    response = phone.post(path, form | {"text": "Sudah punya label."})
    assert response.status_code == 403
    assert [quote.text.strip() for quote in soup(response).select(".quote")] == shown
    assert "no-store" in response["Cache-Control"]

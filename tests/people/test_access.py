"""Whoever asks for what is not hers is refused, and it can be seen later who asked."""

import pytest

from people.models import Household
from tests import factories
from tests.lms.world import World
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
    ],
)
def test_a_screen_of_another_role_is_refused_and_noted(role, path, caplog):
    """Z5"""
    world = World()
    assert world.client(role).get(path).status_code == 403
    assert f"user {world.users[role].pk} refused at {path}" in caplog.messages


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

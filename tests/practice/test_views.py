"""``/bukti/<uuid>/``: who sees a photo or a recording, and how one arrives."""

from uuid import uuid4

import pytest
from django.test import Client

from people.models import Companionship
from practice.models import Evidence, private_storage
from practice.rules import MAX_WAITING
from tests import factories as make

from .files import EXE, picture, sound, upload, written

pytestmark = pytest.mark.django_db


@pytest.fixture
def people(sari, rina):
    """Everybody around one photo."""
    former = make.companion()
    Companionship.objects.start(sari.household, former, by=rina.user)
    Companionship.objects.end_all([sari.household], former, by=rina.user)
    return {
        "owner": sari.user,
        "companion": rina.user,
        "former companion": former.user,
        "other companion": make.companion().user,
        "sister in the same household": make.learner(sari.household, pin=None).user,
        "other learner": make.learner(pin=None).user,
        "coordinator of the region": make.coordinator(sari.household.region).user,
        "editor": make.staff("Penulis materi"),
        "visitor": None,
    }


def get(user, file: Evidence):
    client = Client()
    if user:
        client.force_login(user)
    return client.get(f"/bukti/{file.pk}/")


@pytest.mark.parametrize("kind", ["photo", "voice"])
def test_its_owner_and_who_accompanies_her_now_see_it_and_nobody_else(sari, people, kind):
    """U3, Z4"""
    file = getattr(make, kind)(sari)
    statuses = {who: get(user, file).status_code for who, user in people.items()}
    assert statuses == dict.fromkeys(people, 404) | {"owner": 200, "companion": 200}


def test_a_recording_of_her_companion_is_for_the_same_two(sari, rina, people):
    """U3"""
    feedback = make.feedback(make.practised(sari), rina, voice=make.voice(sari).pk)
    statuses = {who: get(user, feedback.voice).status_code for who, user in people.items()}
    assert statuses == dict.fromkeys(people, 404) | {"owner": 200, "companion": 200}


def test_a_new_companion_sees_what_came_before_her(sari, rina):
    """Z4"""
    file, agus = make.photo(sari), make.companion()
    Companionship.objects.hand_over([sari.household], rina, agus, by=rina.user)
    assert get(rina.user, file).status_code == 404
    assert get(agus.user, file).status_code == 200


def test_of_who_withdrew_her_consent_nobody_sees_anything(sari, rina):
    file = make.photo(sari)
    sari.user.is_active = False
    sari.user.save()
    assert get(rina.user, file).status_code == 404


def test_it_bears_its_own_type_and_is_kept_nowhere(sari):
    """U4"""
    for file, content_type in ((make.photo(sari), "image/webp"), (make.voice(sari), "audio/webm")):
        answer = get(sari.user, file)
        assert answer["Content-Type"] == content_type
        assert answer["X-Content-Type-Options"] == "nosniff"
        assert "no-store" in answer["Cache-Control"]
        assert b"".join(answer.streaming_content) == file.file.read()


def test_no_other_address_leads_to_it(sari, client):
    """U3: not as an editor's file."""
    file = make.photo(sari)
    client.force_login(sari.user)
    assert client.get(f"/media/{file.file.name}").status_code == 404
    assert client.get(f"/media/../private/{file.file.name}").status_code == 400


# --- How one arrives ----------------------------------------------------------------------------------------------


def send(client, field: str, data: bytes, id=None):
    return client.post(f"/belajar/praktik/bukti/{id or uuid4()}/", {field: upload(data)})


@pytest.fixture
def phone(client, sari):
    client.force_login(sari.user)
    return client


@pytest.mark.parametrize(
    ("field", "data"), [("photo", lambda: written(picture(), "JPEG")), ("voice", lambda: sound(1))]
)
def test_a_file_is_acknowledged_by_its_own_id_and_sent_again_it_is_one(phone, sari, field, data):
    id, data = uuid4(), data()
    answers = [send(phone, field, data, id).json() for _ in range(2)]
    kept = Evidence.objects.get()
    assert answers == [{"id": str(id), "bytes": kept.bytes}] * 2
    assert (kept.pk, kept.kind, kept.learner) == (id, field, sari)


@pytest.mark.parametrize(("field", "data"), [("photo", EXE), ("voice", EXE), ("photo", b"x" * (13 * 1024 * 1024))])
def test_what_cannot_be_kept_is_refused_in_words(phone, field, data):
    answer = send(phone, field, data)
    assert answer.status_code == 422
    assert answer.json()["error"].endswith((".",))
    assert not Evidence.objects.exists()


def test_files_that_belong_to_no_practice_do_not_fill_the_disk(phone, sari):
    for _ in range(MAX_WAITING - 1):
        make.voice(sari)
    ids, data = [uuid4(), uuid4()], written(picture(), "JPEG")
    answers = [send(phone, "photo", data, id) for id in [*ids, ids[0]]]
    assert [answer.status_code for answer in answers] == [200, 422, 200], "what is there already is acknowledged"
    assert Evidence.objects.count() == MAX_WAITING
    make.practised(sari, files=[ids[0]])
    assert send(phone, "photo", data, ids[1]).status_code == 200


def test_an_id_of_somebody_else_is_refused(phone):
    theirs = make.photo(make.learner(pin=None))
    assert send(phone, "photo", written(picture(), "JPEG"), theirs.pk).status_code == 409
    assert Evidence.objects.get() == theirs


def test_a_file_that_the_disk_has_lost_is_not_found(sari):
    file = make.photo(sari)
    private_storage().delete(file.file.name)
    assert get(sari.user, file).status_code == 404


def test_a_file_opened_alone_may_do_nothing_but_show_itself(sari):
    """U3, W1"""
    policy = get(sari.user, make.photo(sari))["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "sandbox" in policy
    assert "script-src" not in policy

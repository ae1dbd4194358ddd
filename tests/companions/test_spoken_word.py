"""A companion's word in her own voice: given with a module, heard by the household alone, gone with its learner."""

from datetime import timedelta
from io import BytesIO
from zipfile import ZipFile

import pytest
from django.core.management import call_command
from django.test import Client
from django.utils import timezone

from courses.recordings import NOT_A_RECORDING, SILENT
from learn import rights
from people.models import Companionship
from practice.models import private_storage
from practice.recordings import TOO_LONG
from progress.models import ModuleAssignment, SpokenWord
from tests import factories as make
from tests.pages import sends, soup
from tests.practice.files import EXE, sound, upload, wav

pytestmark = pytest.mark.django_db
MANY = "/dampingan/tugaskan/"


@pytest.fixture
def rina():
    return make.companion()


@pytest.fixture
def desk(client, rina) -> Client:
    client.force_login(rina.user)
    return client


@pytest.fixture
def sari(rina):
    return make.learner(make.household(rina), pin=None)


def form(**more) -> dict:
    return {"module": str(make.module("merek").translation_key), "due_on": "", "word": ""} | more


def voice(data: bytes | None = None):
    return upload(data or sound(2), "suara.webm", "audio/webm")


def said(rina, *people) -> SpokenWord:
    """A word given with a module to the households of these learners."""
    word = SpokenWord.objects.store(sound(1), by=rina.user)
    homes = [person.household for person in people]
    key = make.module("merek").translation_key
    ModuleAssignment.objects.assign(homes, key, by=rina.user, spoken=word.pk)
    return word


def get(user, word):
    browser = Client()
    if user:
        browser.force_login(user)
    return browser.get(f"/kata/{word.pk}/")


def test_a_learner_hears_what_her_companion_recorded_for_her(desk, sari):
    home = sari.household
    assert desk.post(f"/dampingan/keluarga/{home.pk}/", form(voice=voice())).status_code == 302
    word = home.assignments.get().spoken
    hers = Client()
    hers.force_login(sari.user)
    for address in ("/belajar/", "/modul/merek/"):
        assert [tag["src"] for tag in soup(hers.get(address)).select("main audio")] == [f"/kata/{word.pk}/"]
    answer = hers.get(f"/kata/{word.pk}/")
    assert (answer.status_code, answer["Content-Type"]) == (200, "audio/webm")
    assert b"".join(answer.streaming_content)[:4] == b"\x1a\x45\xdf\xa3"


def test_for_many_it_is_heard_before_it_is_given_and_stored_once(desk, rina):
    homes = [make.household(rina) for _ in range(3)]
    preview = desk.post(MANY, form(group="", business_type="", region="", voice=voice()))
    word = SpokenWord.objects.get()
    assert soup(preview).select_one("main audio")["src"] == f"/kata/{word.pk}/"
    assert desk.get(f"/kata/{word.pk}/").status_code == 200
    assert not ModuleAssignment.objects.exists()
    desk.post(MANY, sends(soup(preview).select_one("form.actions")) | {"pasti": "ya"})
    assert {row.spoken for row in ModuleAssignment.objects.all()} == {word}
    assert ModuleAssignment.objects.count() == len(homes)


BAD = {
    "an EXE": (lambda: EXE, NOT_A_RECORDING),
    "nobody speaks": (lambda: wav(2, loudness=10), SILENT),
    "63 seconds": (lambda: wav(63), TOO_LONG),
}


@pytest.mark.parametrize("name", BAD)
def test_an_unusable_recording_gets_one_sentence_and_what_was_typed_stays(desk, sari, name):
    """U1"""
    make_file, sentence = BAD[name]
    sent = form(word="Pelan saja.", voice=voice(make_file()))
    answer = desk.post(f"/dampingan/keluarga/{sari.household_id}/", sent)
    assert (answer.status_code, answer.text.count(sentence)) == (422, 1)
    assert soup(answer).select_one("textarea[name=word]").text.strip() == "Pelan saja."
    assert not SpokenWord.objects.exists() and not ModuleAssignment.objects.exists()


def test_a_recording_is_not_sent_twice_where_something_else_was_missing(desk, sari):
    address = f"/dampingan/keluarga/{sari.household_id}/"
    first = desk.post(address, form(due_on="2020-01-01", voice=voice()))
    assert first.status_code == 422
    [kept] = soup(first).select("input[name=evidence][checked]")
    assert desk.post(address, form(evidence=kept["value"])).status_code == 302
    assert str(sari.household.assignments.get().spoken_id) == kept["value"]


def test_nobody_gives_the_word_of_another(desk, sari):
    of_agus = SpokenWord.objects.store(sound(1), by=make.companion().user)
    desk.post(f"/dampingan/keluarga/{sari.household_id}/", form(evidence=str(of_agus.pk)))
    assert sari.household.assignments.get().spoken is None
    assert get(sari.user, of_agus).status_code == 404


def test_only_her_household_and_its_companions_hear_it(rina, sari):
    """U3"""
    word, others = said(rina, sari), make.learner(make.household(make.companion()))
    people = {
        "learner": sari.user,
        "companion": rina.user,
        "other learner": others.user,
        "other companion": make.companion().user,
        "coordinator": make.coordinator(sari.household.region).user,
        "editor": make.staff("Penulis materi"),
        "visitor": None,
    }
    statuses = {who: get(user, word).status_code for who, user in people.items()}
    assert statuses == dict.fromkeys(people, 404) | {"learner": 200, "companion": 200}


def test_a_companion_who_has_handed_the_household_over_hears_it_no_more(rina, sari):
    """Z4"""
    word, agus = said(rina, sari), make.companion()
    Companionship.objects.hand_over([sari.household], rina, agus, by=rina.user)
    assert (get(rina.user, word).status_code, get(agus.user, word).status_code) == (404, 200)


def test_it_is_in_her_export(rina, sari):
    """P3"""
    word = said(rina, sari)
    said(rina, make.learner(make.household(rina)))
    with ZipFile(BytesIO(rights.export(sari))) as files:
        assert [name for name in files.namelist() if name.startswith("kata/")] == [word.file.name]
        assert files.read(word.file.name) == word.file.read()
        assert f'href="{word.file.name}"' in files.read("baca-data-saya.html").decode()


@pytest.mark.parametrize("alone", [True, False])
def test_it_goes_with_her_unless_it_was_said_to_others_too(rina, sari, alone):
    """P4"""
    others = [] if alone else [make.learner(make.household(rina))]
    word = said(rina, sari, *others)
    unsent = SpokenWord.objects.store(sound(1), by=rina.user)
    rights.erase(sari)
    assert private_storage().exists(word.file.name) == SpokenWord.objects.filter(pk=word.pk).exists() == (not alone)
    assert not sari.household.assignments.exclude(spoken=None).exists()
    assert SpokenWord.objects.filter(pk=unsent.pk).exists(), "somebody is about to give it"


def test_what_was_recorded_and_never_given_goes_after_a_week_and_what_was_given_stays(rina, sari):
    kept, unsent = said(rina, sari), SpokenWord.objects.store(sound(1), by=rina.user)
    SpokenWord.objects.update(said_at=timezone.now() - timedelta(days=8))
    call_command("apply_retention")
    assert list(SpokenWord.objects.all()) == [kept]
    assert private_storage().exists(kept.file.name)
    assert not private_storage().exists(unsent.file.name)


RULES = [
    # has (word, spoken), gets (word, spoken), what stays
    (("Pelan.", None), ("", None), ("Pelan.", None)),
    (("", "a"), ("", None), ("", "a")),
    (("Pelan.", None), ("", "a"), ("", "a")),
    (("", "a"), ("Pelan.", None), ("Pelan.", None)),
    (("", "a"), ("Pelan.", "b"), ("Pelan.", "b")),
]


@pytest.mark.parametrize(("has", "gets", "then"), RULES)
def test_a_new_word_takes_the_place_of_the_old_one_written_or_spoken(rina, sari, has, gets, then):
    words = {name: SpokenWord.objects.store(sound(1), by=rina.user).pk for name in "ab"} | {None: None}
    key = make.module("merek").translation_key
    for written, spoken in (has, gets):
        ModuleAssignment.objects.assign([sari.household], key, by=rina.user, word=written, spoken=words[spoken])
    current = sari.household.assignments.get(withdrawn_at=None)
    assert (current.word, current.spoken_id) == (then[0], words[then[1]])

"""The verbs of practice: handed in, taken back, answered; each once, however often it is sent."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import connection

from practice.models import (
    AlreadyAnswered,
    EmptyFeedback,
    Evidence,
    Feedback,
    MissingEvidence,
    PracticeSubmission,
    TakenId,
    Withdrawn,
    private_storage,
)
from practice.rules import State
from tests import factories as make

pytestmark = pytest.mark.django_db
RIGHT, TO_IMPROVE = Feedback.Verdict


def hand_in(person, **sent):
    lesson = make.lessons()[0]
    return PracticeSubmission.objects.hand_in(
        person, lesson.translation_key, make.module().translation_key, **{"note": "Sudah."} | sent
    )


def stored_files() -> set[str]:
    folders, files = private_storage().listdir(".")
    return {f"{folder}/{name}" for folder in folders for name in private_storage().listdir(folder)[1]} | set(files)


# --- Handing in ---------------------------------------------------------------------------------------------------


def test_what_is_handed_in_waits(sari):
    submission, is_new = hand_in(sari, note="  Tiga nama.  ")
    assert is_new
    assert (submission.note, submission.state, submission.recorded_by) == ("Tiga nama.", State.WAITING, None)
    assert list(PracticeSubmission.objects.waiting()) == [submission]


def test_sent_again_under_the_same_id_it_is_one(sari):
    id, photo = uuid4(), make.photo(sari)
    first, _ = hand_in(sari, id=id, files=[photo.pk])
    again, is_new = hand_in(sari, id=id, files=[photo.pk], note="Lain.")
    assert (again.pk, again.note, is_new) == (first.pk, "Sudah.", False)
    assert PracticeSubmission.objects.count() == 1
    assert list(again.evidence.all()) == [photo]


def test_handed_in_again_is_another_one_and_the_history_stays(sari):
    submissions = [hand_in(sari)[0] for _ in range(2)]
    assert set(sari.practices.all()) == set(submissions)


def test_the_photos_keep_their_order(sari):
    photos = [make.photo(sari) for _ in range(3)]
    submission, _ = hand_in(sari, files=[photo.pk for photo in reversed(photos)])
    assert list(submission.evidence.all()) == photos[::-1]


@pytest.mark.parametrize("whose", ["nobody", "neighbour", "used"])
def test_a_file_that_is_not_there_for_it_is_refused_and_nothing_is_stored(sari, whose):
    neighbour = make.learner(pin=None)
    files = {"nobody": uuid4(), "neighbour": make.photo(neighbour).pk, "used": make.photo(sari).pk}
    hand_in(sari, files=[files["used"]])
    with pytest.raises(MissingEvidence):
        hand_in(sari, files=[files[whose]])
    assert PracticeSubmission.objects.count() == 1


def test_an_id_of_another_learner_is_refused(sari):
    submission, _ = hand_in(make.learner(pin=None))
    with pytest.raises(TakenId):
        hand_in(sari, id=submission.pk)


# --- Photos and recordings ----------------------------------------------------------------------------------------


def test_a_file_sent_again_is_stored_once(sari):
    id, before = uuid4(), stored_files()
    for _ in range(2):
        kept = Evidence.objects.store(sari, Evidence.Kind.PHOTO, b"foto", id=id)
    assert (kept.pk, kept.bytes, kept.file.read()) == (id, 4, b"foto")
    assert stored_files() - before == {kept.file.name}


def test_a_file_under_anothers_id_is_refused_and_leaves_nothing(sari):
    theirs = make.photo(make.learner(pin=None))
    before = stored_files()
    with pytest.raises(TakenId):
        Evidence.objects.store(sari, Evidence.Kind.PHOTO, b"foto", id=theirs.pk)
    assert stored_files() == before


@pytest.mark.parametrize(
    ("kind", "suffix", "content_type"),
    [(Evidence.Kind.PHOTO, ".webp", "image/webp"), (Evidence.Kind.VOICE, ".webm", "audio/webm")],
)
def test_a_file_has_a_random_name_and_a_fixed_type(sari, kind, suffix, content_type):
    """U4"""
    kept = [Evidence.objects.store(sari, kind, b"isi", id=uuid4()) for _ in range(2)]
    names = {file.file.name for file in kept}
    assert len(names) == 2
    for file in kept:
        assert file.file.name.endswith(suffix)
        assert str(file.pk) not in file.file.name
        assert file.pk.hex not in file.file.name
        assert file.content_type == content_type


# --- Taking back --------------------------------------------------------------------------------------------------


def test_taken_back_its_photos_go_and_the_row_stays(sari, django_capture_on_commit_callbacks):
    photo, other = make.photo(sari), make.photo(sari)
    submission, _ = hand_in(sari, files=[photo.pk])
    still_there, _ = hand_in(sari, files=[other.pk])
    with django_capture_on_commit_callbacks(execute=True):
        assert PracticeSubmission.objects.withdraw(submission) is True
    submission.refresh_from_db()
    assert submission.state == State.WITHDRAWN
    assert list(PracticeSubmission.objects.waiting()) == [still_there]
    assert photo.file.name not in stored_files() and other.file.name in stored_files()
    assert list(Evidence.objects.all()) == [other]


def test_a_file_that_is_claimed_while_old_ones_are_deleted_stays(sari):
    photo, old = make.photo(sari), make.photo(sari)
    claims = iter([lambda: make.practised(sari, files=[photo.pk])])

    def meanwhile(execute, sql, *rest):
        if "practice_evidence" in sql and (claim := next(claims, None)):
            found = execute(sql, *rest)
            claim()
            return found
        return execute(sql, *rest)

    with connection.execute_wrapper(meanwhile):
        names = Evidence.objects.waiting().forget()
    assert names == [old.file.name]
    assert [kept.file.name for kept in Evidence.objects.all()] == [photo.file.name]


@pytest.mark.parametrize("differs", ["who did it", "who recorded it", "the words", "the hour"])
def test_what_a_companion_records_is_new_where_anything_differs(sari, rina, differs):
    first, _ = hand_in(sari, by=None if differs == "who recorded it" else rina.user)
    if differs == "the hour":
        PracticeSubmission.objects.update(handed_in_at=first.handed_in_at - timedelta(hours=1))
    person = make.learner(sari.household) if differs == "who did it" else sari
    second, is_new = hand_in(person, by=rina.user, note="Sudah dua." if differs == "the words" else "Sudah.")
    assert is_new and second != first


def test_taken_back_twice_changes_nothing(sari):
    submission, _ = hand_in(sari)
    PracticeSubmission.objects.withdraw(submission)
    at = PracticeSubmission.objects.get().withdrawn_at
    assert PracticeSubmission.objects.withdraw(submission) is False
    assert PracticeSubmission.objects.get().withdrawn_at == at


def test_what_is_answered_cannot_be_taken_back(sari, rina):
    submission, _ = hand_in(sari)
    make.feedback(submission, rina)
    with pytest.raises(AlreadyAnswered):
        PracticeSubmission.objects.withdraw(submission)


# --- Answering ----------------------------------------------------------------------------------------------------


def give(submission, by, verdict=RIGHT, **said):
    said = said or {"praise": "Bagus.", "suggestion": "Lanjut."}
    return Feedback.objects.give(submission, verdict, by=by.user, **said)


@pytest.mark.parametrize(("verdict", "state"), [(RIGHT, State.RIGHT), (TO_IMPROVE, State.TO_IMPROVE)])
def test_an_answer_gives_the_state(sari, rina, verdict, state):
    submission, _ = hand_in(sari)
    feedback, is_new = give(submission, rina, verdict)
    assert (is_new, feedback.by) == (True, rina.user)
    assert PracticeSubmission.objects.get().state == state
    assert not PracticeSubmission.objects.waiting().exists()


def test_a_second_answer_changes_nothing(sari, rina):
    submission, _ = hand_in(sari)
    first, _ = give(submission, rina)
    again, is_new = give(submission, make.companion(), TO_IMPROVE)
    assert (again.pk, again.verdict, is_new) == (first.pk, RIGHT, False)
    assert Feedback.objects.count() == 1


def test_what_was_taken_back_is_not_answered(sari, rina):
    submission, _ = hand_in(sari)
    PracticeSubmission.objects.withdraw(submission)
    with pytest.raises(Withdrawn):
        give(submission, rina)


@pytest.mark.parametrize("said", [{"praise": " "}, {"praise": "Bagus."}, {"suggestion": "Lanjut."}])
def test_an_answer_without_words_is_none(sari, rina, said):
    submission, _ = hand_in(sari)
    with pytest.raises(EmptyFeedback):
        give(submission, rina, **said)


def test_a_voice_says_it_all(sari, rina):
    submission, _ = hand_in(sari)
    voice = Evidence.objects.store(sari, Evidence.Kind.VOICE, b"suara")
    feedback, _ = give(submission, rina, voice=voice.pk)
    assert feedback.voice == voice
    assert not Evidence.objects.waiting().exists()


@pytest.mark.parametrize("wrong", ["photo", "neighbour", "nothing"])
def test_only_a_recording_made_for_her_is_a_voice(sari, rina, wrong):
    ids = {
        "photo": make.photo(sari).pk,
        "neighbour": Evidence.objects.store(make.learner(pin=None), Evidence.Kind.VOICE, b"suara").pk,
        "nothing": uuid4(),
    }
    submission, _ = hand_in(sari)
    with pytest.raises(MissingEvidence):
        give(submission, rina, voice=ids[wrong])
    assert not Feedback.objects.exists()


# --- Who waits ----------------------------------------------------------------------------------------------------


def test_only_her_own_households_wait_for_a_companion(sari, rina):
    submission, _ = hand_in(sari)
    hand_in(make.learner(make.household(make.companion()), pin=None))
    assert list(PracticeSubmission.objects.waiting().for_companion(rina.user)) == [submission]
    sari.household.companionships.update(ended_at="2026-11-22T10:00:00Z")
    assert not PracticeSubmission.objects.for_companion(rina.user).exists()


def test_nothing_waits_of_a_learner_who_withdrew(sari):
    hand_in(sari)
    sari.user.is_active = False
    sari.user.save()
    assert not PracticeSubmission.objects.waiting().exists()

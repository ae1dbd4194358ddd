"""Practice from a learner's phone, and what companions do on the road: each item through its own verb, and only for
whom it is."""

import hashlib
import json
from datetime import timedelta
from decimal import Decimal
from uuid import UUID

import pytest
from django.core.management import call_command
from django.test import Client
from django.utils import timezone

from badges import meetings
from badges.consequences import answer_practice
from learn import items, rights
from learn.kinds import OfLearner
from learn.models import RefusedWork, SentWork
from people.models import Companionship, HouseholdEvent
from practice.models import Evidence, Feedback, PracticeSubmission
from progress.meetings import today_in
from progress.models import GroupSession, LessonCompletion
from tests import factories as make
from tests.learn.phone import new_id, phone_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("quick_hashes")]
SLUG = "pengenalan-motivasi"


@pytest.fixture
def sari(rina, group):
    return make.learner(make.household(rina, in_group=group))


@pytest.fixture
def phone(sari):
    return phone_of(sari)


@pytest.fixture
def rinas_phone(rina, sari):
    return phone_of(rina)


def practice(phone, **more):
    work = {"lesson": str(make.lessons(SLUG)[0].translation_key), "note": "", "number": "", "files": []}
    return phone.item("practice", work | more)


def send_photo(phone, id: str, *, practice: str = "", learner: int | None = None):
    asked = f"?praktik={practice}" + (f"&pelajar={learner}" if learner else "")
    return Client().post(
        f"/belajar/kirim/berkas/{id}/{asked}",
        {"photo": make.image_file()},
        headers={"Authorization": f"Bearer {phone.key}"},
    )


def reasons(answers: list[dict]) -> list[str]:
    return [answer.get("reason", answer["status"]) for answer in answers]


def test_a_kind_that_nobody_stores_is_never_acknowledged(monkeypatch, phone):
    """Whoever adds one: its item would be in the ledger, gone from the phone, and nowhere else."""
    monkeypatch.setitem(items.READERS, "sale", items.read_lesson)
    monkeypatch.setattr(OfLearner, "KINDS", OfLearner.KINDS | {"sale"})
    with pytest.raises(KeyError):
        phone.send(phone.item("sale", {"lesson": str(make.lessons(SLUG)[0].translation_key)}))
    assert not SentWork.objects.exists()


# --- Practice -----------------------------------------------------------------------------------------------------


def test_a_practice_is_handed_in_once_under_its_own_id(phone, sari):
    item = practice(phone, note="Sudah saya coba.", number="Rp7.500")
    assert phone.statuses(item) == phone.statuses(item) == ["sent"]
    sent = PracticeSubmission.objects.get()
    assert (str(sent.pk), sent.learner, sent.note, sent.number) == (item["id"], sari, "Sudah saya coba.", Decimal(7500))
    call_command("rebuild_progress", "--check")


def test_a_number_that_nobody_can_read_is_kept_as_it_was_typed(phone):
    phone.send(practice(phone, note="Modal saya:", number="kira-kira segitu!"))
    sent = PracticeSubmission.objects.get()
    assert (sent.number, sent.note) == (None, "Modal saya:\nkira-kira segitu!")


@pytest.mark.parametrize(("note", "number"), [("KTP 3671014505800001.", ""), ("KTP", "3671014505800001")])
def test_an_identity_number_in_a_practice_from_the_phone_is_not_kept(phone, note, number):
    """Nobody is there to be asked for other words; and her photos come all the same."""
    assert phone.statuses(practice(phone, note=note, number=number)) == ["sent"]
    sent = PracticeSubmission.objects.get()
    assert (sent.note.split(), sent.number) == (["KTP", "…." if note.endswith(".") else "…"], None)


@pytest.mark.parametrize("order", ["file first", "practice first"])
def test_photos_and_practice_find_each_other_in_whatever_order_they_come(phone, order):
    id = new_id()
    item = practice(phone, files=[id])
    if order == "practice first":
        phone.send(item)
    assert send_photo(phone, id, practice=item["id"]).status_code == 200
    assert send_photo(phone, id, practice=item["id"]).status_code == 200, "sent again, it is there once"
    phone.send(item)
    assert str(Evidence.objects.get().submission_id) == item["id"]


def test_a_photo_under_a_stolen_or_ended_key_is_refused(phone):
    phone.key = "x"
    assert send_photo(phone, new_id()).status_code == 401
    assert not Evidence.objects.exists()


def test_a_photo_cannot_join_anothers_practice(phone, sari):
    item = practice(phone)
    phone.send(item)
    other = phone_of(make.learner(sari.household))
    send_photo(other, new_id(), practice=item["id"])
    assert Evidence.objects.get().submission is None


# --- Companions ---------------------------------------------------------------------------------------------------


def meeting(phone, of, *learners, **more):
    work = {
        "group": of.pk,
        "held_on": today_in(of).isoformat(),
        "place": "Balai desa",
        "lessons": [str(make.lessons(SLUG)[0].translation_key)],
        "learners": [learner.pk for learner in learners],
    }
    return phone.item("attendance", work | more)


def recorded(told: dict, group, by, **more) -> GroupSession:
    """The meeting that a phone tells of, recorded by the form."""
    session, _ = meetings.record(
        group,
        held_on=today_in(group),
        place=told["place"],
        lesson_keys=[UUID(key) for key in told["lessons"]],
        learner_ids=told["learners"],
        by=by.user,
        **more,
    )
    return session


def feedback(phone, submission, **more):
    work = {"practice": str(submission.pk), "verdict": "right", "praise": "Bagus.", "suggestion": "", "voice": None}
    return phone.item("feedback", work | {"suggestion": "Teruskan."} | more)


def test_a_meeting_counts_its_lessons_for_those_present_and_once(rinas_phone, group, sari):
    item = meeting(rinas_phone, group, sari)
    assert rinas_phone.statuses(item) == rinas_phone.statuses(item) == ["sent"]
    assert str(GroupSession.objects.get().pk) == item["id"]
    assert LessonCompletion.objects.get().learner == sari
    call_command("rebuild_progress", "--check")


def test_a_meeting_is_taken_though_a_lesson_was_unpublished_on_the_way(rinas_phone, group, sari):
    lessons = make.lessons(SLUG)[:2]
    item = meeting(rinas_phone, group, sari, lessons=[str(lesson.translation_key) for lesson in lessons])
    lessons[1].unpublish()
    assert rinas_phone.statuses(item) == ["sent"]
    assert LessonCompletion.objects.filter(learner=sari).count() == 2


def test_a_meeting_with_somebody_who_is_hers_no_longer_says_to_record_it_without_her(rinas_phone, rina, group, sari):
    """Of the others nothing is recorded either: the meeting is one piece of work."""
    wati = make.learner(make.household(rina, in_group=group))
    item = meeting(rinas_phone, group, sari, wati)
    Companionship.objects.hand_over([wati.household], rina, make.companion(), by=rina.user)
    [answer] = rinas_phone.send(item)
    assert (answer["reason"], answer["text"].endswith("Catat lagi tanpa dia.")) == ("present", True)
    assert not GroupSession.objects.exists()


def test_an_identity_number_in_a_visit_from_the_road_is_not_kept(rinas_phone, sari):
    """Nobody is there to be asked for other words."""
    note = "Ibu sehat, KTP 3671014505800001, HP 0812-3456-7890."
    rinas_phone.send(rinas_phone.item("visit", {"household": sari.household_id, "text": note}))
    assert sari.household.events.get(kind="visited").text == "Ibu sehat, KTP …, HP 0812-3456-7890."


def test_no_other_work_from_a_phone_keeps_one_either(rinas_phone, phone, group, sari):
    written, kept = "Balai 3671014505800001.", "Balai …."
    phone.send(practice(phone, note=written))
    sent = PracticeSubmission.objects.get()
    rinas_phone.send(meeting(rinas_phone, group, sari, place=written))
    rinas_phone.send(feedback(rinas_phone, sent, praise=written, suggestion=written))
    said = Feedback.objects.get()
    assert [sent.note, GroupSession.objects.get().place, said.praise, said.suggestion] == [kept] * 4


def test_what_is_refused_keeps_no_identity_number_either(phone):
    """It waits 90 days for somebody to look, and lies in every backup of that time. What it is about is still told."""
    lesson = "01920000-0000-7000-8000-000000000000"  # a card's number, if one saw only its digits
    phone.send(phone.item("practice", {"lesson": lesson, "note": "KTP 3671014505800001.", "number": "", "files": []}))
    phone.send(["3671014505800001"])
    said = [work.content for work in RefusedWork.objects.order_by("pk")]
    assert [json.loads(said[0])["work"]["lesson"], json.loads(said[0])["work"]["note"]] == [lesson, "KTP …."]
    assert json.loads(said[1]) == ["…"]


def test_a_visit_is_noted_once(rinas_phone, rina, sari):
    item = rinas_phone.item("visit", {"household": sari.household_id, "text": "Ibu sehat."})
    assert rinas_phone.statuses(item) == rinas_phone.statuses(item) == ["sent"]
    event = HouseholdEvent.objects.get(kind=HouseholdEvent.Kind.VISITED)
    assert (event.household, event.by, event.text) == (sari.household, rina.user, "Ibu sehat.")


def test_visits_of_two_days_that_arrive_together_both_stand(rinas_phone, sari):
    """Without a word they look alike."""
    work = {"household": sari.household_id, "text": ""}
    assert rinas_phone.statuses(*(rinas_phone.item("visit", work) for _ in range(2))) == ["sent", "sent"]
    assert sari.household.events.filter(kind="visited").count() == 2


def tap(phone, home, way="telepon", about="", **more):
    return phone.item("contact", {"household": home.pk, "way": way, "about": about}, **more)


@pytest.mark.parametrize(
    ("way", "about"), [("telepon", "kuis"), ("kunjungan", "diam-7"), ("langsung", ""), ("pesan", "")]
)
def test_a_tap_that_waited_tells_what_it_would_have_told_with_a_signal(client, rinas_phone, rina, sari, way, about):
    client.force_login(rina.user)
    client.post(f"/dampingan/keluarga/{sari.household_id}/dihubungi/", {"cara": way, "perihal": about})
    assert rinas_phone.statuses(tap(rinas_phone, sari.household, way, about)) == ["sent"]
    told = sari.household.events.filter(kind__in=HouseholdEvent.REACHED).order_by("pk")
    online, waited = told.values_list("kind", "text", "by")
    assert online == waited


def test_a_tap_stands_once_though_its_form_came_by_itself(client, rinas_phone, rina, sari):
    id = new_id()
    client.force_login(rina.user)
    client.post(f"/dampingan/keluarga/{sari.household_id}/dihubungi/", {"cara": "telepon", "id": id})
    item = tap(rinas_phone, sari.household, id=id)
    assert rinas_phone.statuses(item) == rinas_phone.statuses(item) == ["sent"]
    assert sari.household.events.filter(kind="contacted").count() == 1


@pytest.mark.parametrize(
    "more", [{"way": "merpati"}, {"way": 7}, {"about": 7}, {"about": "x" * 21}, {"household": "5"}]
)
def test_a_tap_that_cannot_be_is_refused(rinas_phone, sari, more):
    work = {"household": sari.household_id, "way": "telepon", "about": ""} | more
    assert reasons(rinas_phone.send(rinas_phone.item("contact", work))) == ["shape"]
    assert not sari.household.events.filter(kind="contacted").exists()


def test_feedback_is_given_once_to_what_it_is_about(rinas_phone, phone, rina):
    for note in ("Sudah.", "Sudah dua.", "Sudah tiga."):
        phone.send(practice(phone, note=note))
    item = feedback(rinas_phone, PracticeSubmission.objects.get(note="Sudah dua."))
    assert rinas_phone.statuses(item) == rinas_phone.statuses(item) == ["sent"]
    said = Feedback.objects.get()
    assert (str(said.pk), said.by, said.verdict, said.praise) == (item["id"], rina.user, "right", "Bagus.")
    assert said.submission.note == "Sudah dua."


def test_what_comes_after_the_household_was_handed_over_is_refused_with_a_reason(rinas_phone, phone, rina, sari, group):
    """Z4: the old companion's phone was without a signal when she lost the household."""
    phone.send(practice(phone, note="Sudah."))
    items = [
        feedback(rinas_phone, PracticeSubmission.objects.get()),
        rinas_phone.item("visit", {"household": sari.household_id, "text": ""}),
        tap(rinas_phone, sari.household),
        meeting(rinas_phone, group, sari),
    ]
    Companionship.objects.hand_over([sari.household], rina, make.companion(), by=rina.user)
    answers = rinas_phone.send(*items)
    assert reasons(answers) == ["household"] * 4
    assert "didampingi orang lain" in answers[0]["text"]
    assert not (Feedback.objects.exists() or GroupSession.objects.exists() or LessonCompletion.objects.exists())
    assert RefusedWork.objects.count() == 4
    assert SentWork.objects.get().user == sari.user, "only what was taken is in the ledger"


def test_what_came_before_the_household_was_hers_can_be_sent_again(rinas_phone, rina):
    household = make.household(make.companion())
    visit = rinas_phone.item("visit", {"household": household.pk, "text": "Ibu sehat."})
    [answer] = rinas_phone.send(visit)
    assert "kirim lagi" in answer["text"], "so that its phone has a button for it"
    Companionship.objects.start(household, rina, by=rina.user)
    assert reasons(rinas_phone.send(visit)) == ["sent"]
    assert household.events.filter(text="Ibu sehat.").count() == 1


def test_an_answer_that_came_second_is_refused_and_says_so(rinas_phone, phone, sari):
    phone.send(practice(phone, note="Sudah."))
    submission = PracticeSubmission.objects.get()
    agus = make.companion()
    Companionship.objects.start(sari.household, agus, by=agus.user)
    agus_phone = phone_of(agus)
    assert agus_phone.statuses(feedback(agus_phone, submission)) == ["sent"]
    assert reasons(rinas_phone.send(feedback(rinas_phone, submission))) == ["answered"]


@pytest.mark.parametrize("note", ["Sudah.", "Sudah, dan laku."])
def test_a_practice_whose_form_came_by_itself_loses_nothing_of_what_she_changed_without_a_signal(phone, sari, note):
    """The outbox has never seen the form, and takes its id."""
    item = practice(phone, note=note)
    make.practised(sari, SLUG, id=UUID(item["id"]), note="Sudah.")
    assert phone.statuses(item) == phone.statuses(item) == ["sent"]
    assert set(PracticeSubmission.objects.values_list("note", flat=True)) == {"Sudah.", note}
    assert PracticeSubmission.objects.count() == len({"Sudah.", note})


@pytest.mark.parametrize("how", ["ahead", "in the form"])
def test_a_form_that_comes_between_its_item_and_its_photo_is_the_same_practice(client, phone, sari, how):
    lesson = next(one for one in make.lessons("merek") if "photo" in one.practice[0].value["evidence"])
    id, photo = new_id(), make.image_file()
    sealed = f'["{id}","photo",0,{photo.size}]'.encode()
    file = str(UUID(hashlib.sha256(sealed).hexdigest()[:32])) if how == "in the form" else new_id()
    work = {"lesson": str(lesson.translation_key), "note": "Sudah.", "number": "", "files": [file]}
    assert phone.statuses(phone.item("practice", work, id=id)) == ["sent"]
    client.force_login(sari.user)
    if how == "ahead":
        Evidence.objects.store(sari, "photo", make.image_file(40, 30, kind="WEBP").read(), id=UUID(file))
    brought = {"photo": photo} if how == "in the form" else {"evidence": [file]}
    for _ in range(2):
        photo.seek(0)
        form = {"id": id, "note": "Sudah."} | brought
        assert client.post(f"/belajar/praktik/{lesson.translation_key}/", form).status_code == 302
    assert send_photo(phone, file, practice=id).status_code == 200
    assert [str(one.pk) for one in PracticeSubmission.objects.get().evidence.all()] == [file]


def test_a_visit_whose_form_came_by_itself_loses_nothing_of_what_she_changed_without_a_signal(rinas_phone, rina, sari):
    item = rinas_phone.item("visit", {"household": sari.household_id, "text": "Lupa: butuh kemasan."})
    HouseholdEvent.objects.note(sari.household, "visited", by=rina.user, text="Ramai.", told_as=UUID(item["id"]))
    assert rinas_phone.statuses(item) == rinas_phone.statuses(item) == ["sent"]
    lines = sari.household.events.filter(kind="visited").values_list("text", flat=True)
    assert sorted(lines) == ["Lupa: butuh kemasan.", "Ramai."]


def test_whoever_changes_her_own_answer_without_a_signal_is_told_that_the_first_one_counts(rinas_phone, phone, rina):
    phone.send(practice(phone, note="Sudah."))
    submission = PracticeSubmission.objects.get()
    item = feedback(rinas_phone, submission)
    answer_practice(
        submission, "to_improve", by=rina.user, praise="Rapi.", suggestion="Coba lagi.", id=UUID(item["id"])
    )
    [answer] = rinas_phone.send(item)
    assert (answer["reason"], "Yang sudah ada yang dipakai." in answer["text"]) == ("changed", True)


@pytest.mark.parametrize("more", [{"learners": "both"}, {"place": "Rumah ketua"}, {"lessons": 2}, {}])
def test_whoever_changes_a_meeting_whose_form_came_by_itself_is_told_that_the_first_one_counts(
    rinas_phone, rina, group, sari, more
):
    dedi = make.learner(sari.household)
    changed = {"learners": [sari.pk, dedi.pk], "place": "Rumah ketua"}
    changed["lessons"] = [str(lesson.translation_key) for lesson in make.lessons(SLUG)[:2]]
    item = meeting(rinas_phone, group, sari, **{name: changed[name] for name in more})
    meetings.record(
        group,
        held_on=today_in(group),
        place="Balai desa",
        lesson_keys=[make.lessons(SLUG)[0].translation_key],
        learner_ids=[sari.pk],
        by=rina.user,
        id=UUID(item["id"]),
    )
    assert reasons(rinas_phone.send(item)) == ["changed" if more else "sent"]
    assert GroupSession.objects.count() == LessonCompletion.objects.count() == 1


def test_a_meeting_whose_form_came_by_itself_is_known_also_once_somebody_who_was_there_has_withdrawn(
    rinas_phone, rina, group, sari
):
    """It was refused, and its companion told to record it again without her: a second meeting."""
    dedi = make.learner(sari.household)
    item = meeting(rinas_phone, group, sari, learners=[sari.pk, dedi.pk])
    recorded(item["work"], group, rina, id=UUID(item["id"]))
    rights.withdraw(dedi, by=dedi.user)
    assert reasons(rinas_phone.send(item)) == ["sent"]


def test_a_meeting_whose_form_came_by_itself_is_known_also_once_it_was_corrected(rinas_phone, rina, group, sari):
    """It was refused as another one, and told to be recorded again as it had been before."""
    dedi = make.learner(sari.household)
    item = meeting(rinas_phone, group, sari, learners=[sari.pk, dedi.pk])
    session = recorded(item["work"], group, rina, id=UUID(item["id"]))
    meetings.correct(session, [sari.pk], by=rina.user)
    assert reasons(rinas_phone.send(item)) == ["sent"]
    assert [row.learner for row in session.attendance.all()] == [sari]
    other = rinas_phone.item("attendance", item["work"] | {"place": "Rumah ketua"}, id=item["id"])
    assert reasons(rinas_phone.send(other)) == ["changed"]


def test_a_meeting_that_waited_on_the_phone_is_known_also_where_she_recorded_and_corrected_it_online(
    rinas_phone, rina, group, sari
):
    """It became a second meeting, with whoever had not been there."""
    dedi = make.learner(sari.household)
    item = meeting(rinas_phone, group, sari, learners=[sari.pk, dedi.pk])
    session = recorded(item["work"], group, rina)
    meetings.correct(session, [sari.pk], by=rina.user)
    assert reasons(rinas_phone.send(item)) == ["sent"]
    assert [row.learner for row in session.attendance.all()] == [sari] and GroupSession.objects.count() == 1


def test_an_answer_to_whoever_has_withdrawn_is_refused(rinas_phone, phone, sari):
    """P2: her companion's phone was without a signal when she did."""
    phone.send(practice(phone, note="Sudah."))
    rights.withdraw(sari, by=sari.user)
    assert reasons(rinas_phone.send(feedback(rinas_phone, PracticeSubmission.objects.get()))) == ["household"]
    assert not Feedback.objects.exists()


def test_an_answer_to_what_was_taken_back_is_refused(rinas_phone, phone):
    phone.send(practice(phone, note="Sudah."))
    submission = PracticeSubmission.objects.get()
    PracticeSubmission.objects.withdraw(submission)
    assert reasons(rinas_phone.send(feedback(rinas_phone, submission))) == ["withdrawn"]


@pytest.mark.parametrize(
    ("more", "reason"),
    [
        ({"held_on": "2026-99-01"}, "shape"),
        ({"held_on": (timezone.now() + timedelta(days=9)).date().isoformat()}, "day"),
        ({"learners": []}, "shape"),
        ({"learners": [2**52]}, "present"),
        ({"lessons": [new_id()]}, "lesson"),
        ({"group": 2**52}, "household"),
    ],
)
def test_a_meeting_that_cannot_be_is_refused_and_harms_no_other_item(rinas_phone, group, sari, more, reason):
    visit = rinas_phone.item("visit", {"household": sari.household_id, "text": ""})
    assert reasons(rinas_phone.send(meeting(rinas_phone, group, sari, **more), visit)) == [reason, "sent"]
    assert not LessonCompletion.objects.exists()


def test_each_sends_what_is_hers_to_send(rinas_phone, phone, group, sari):
    assert reasons(phone.send(meeting(phone, group, sari))) == ["kind"]
    assert reasons(rinas_phone.send(rinas_phone.lesson(make.lessons(SLUG)[0]))) == ["kind"]


def test_a_companions_recording_is_kept_for_a_learner_of_hers_only(rinas_phone, sari):
    assert send_photo(rinas_phone, new_id(), learner=sari.pk).status_code == 200
    assert send_photo(rinas_phone, new_id(), learner=make.learner().pk).status_code == 404
    assert Evidence.objects.get().learner == sari


# --- What a companion's phone carries ------------------------------------------------------------------------------


def still_hers(phone, ids):
    return phone.post(ids, path="/belajar/kirim/keluarga/")


def test_a_phone_whose_session_has_run_out_learns_which_households_are_still_hers(rinas_phone, rina, sari):
    """Z4, P7"""
    ids = [sari.household_id, make.household(rina).pk, make.household(make.companion()).pk]
    assert still_hers(rinas_phone, ids).json() == {"households": ids[:2]}
    assert still_hers(rinas_phone, ids[1:]).json() == {"households": ids[1:2]}, "of those that it carries"
    Companionship.objects.hand_over([sari.household], rina, make.companion(), by=rina.user)
    assert still_hers(rinas_phone, ids).json() == {"households": ids[1:2]}


def test_a_learners_key_is_told_of_no_household(phone, sari):
    assert still_hers(phone, [sari.household_id]).json() == {"households": []}


@pytest.mark.parametrize("carried", [{}, "1", [True], [0], [-1], ["1"], [1.5], [2**53], [None], list(range(1, 2002))])
def test_what_is_no_list_of_ids_is_refused(rinas_phone, carried):
    assert still_hers(rinas_phone, carried).status_code == 400

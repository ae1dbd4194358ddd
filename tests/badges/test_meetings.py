"""A group meeting and what follows from it: lessons done for those present, and taken back without touching a learner's
own work."""

from uuid import uuid4

import pytest
from django.core.management import call_command
from django.utils import timezone

from badges import meetings
from badges.models import criteria
from courses.models import LessonPage
from learn import intake
from people.models import Consent
from progress.facts import facts_of, outline
from progress.meetings import TakenId, today_in
from progress.models import Attendance, GroupSession, LessonCompletion, ModuleProgress, QuizOpening
from quizzes.models import Attempt
from tests import factories as make
from tests.factories import A_DAY

pytestmark = pytest.mark.django_db
SLUG = "pengenalan-motivasi"  # five lessons, no prerequisite


class Circle:
    """Rina's group with two of her learners; a third household of the group is Agus's."""

    def __init__(self):
        self.rina, self.agus = make.companion(), make.companion()
        self.group = make.group()
        self.sari = make.learner(make.household(self.rina, in_group=self.group), pin=None)
        self.dedi = make.learner(make.household(self.rina, in_group=self.group), first_name="Dedi", pin=None)
        self.wati = make.learner(make.household(self.agus, in_group=self.group), first_name="Wati", pin=None)

    def met(self, *present, lessons=None, by=None, held_on=None, id=None) -> GroupSession:
        return self.recorded(*present, lessons=lessons, by=by, held_on=held_on, id=id)[0]

    def recorded(self, *present, lessons=None, by=None, held_on=None, id=None):
        lessons = make.lessons(SLUG)[:2] if lessons is None else lessons
        return meetings.record(
            self.group,
            held_on=held_on or today_in(self.group),
            place="Balai desa",
            lesson_keys=[lesson.translation_key for lesson in lessons],
            learner_ids=[learner.pk for learner in present],
            by=(by or self.rina).user,
            id=id,
        )


@pytest.fixture
def circle():
    return Circle()


def done(learner) -> dict:
    """Lesson key: the meeting that brought it, or None where the learner said it herself."""
    return dict(LessonCompletion.objects.filter(learner=learner).values_list("lesson_key", "session_id"))


def keys(lessons) -> list:
    return [lesson.translation_key for lesson in lessons]


def stored(model) -> list[dict]:
    return list(model.objects.order_by("pk").values())


def a_day_later(session) -> None:
    GroupSession.objects.filter(pk=session.pk).update(recorded_at=session.recorded_at - A_DAY)


@pytest.fixture(autouse=True)
def summaries_stay_right():
    yield
    call_command("rebuild_progress", "--check")


# --- What it brings -----------------------------------------------------------------------------------------------


def test_the_lessons_count_as_done_for_those_present_and_bear_the_meeting(circle):
    session = circle.met(circle.sari)
    assert done(circle.sari) == dict.fromkeys(keys(make.lessons(SLUG)[:2]), session.pk)
    assert done(circle.dedi) == {}
    facts = facts_of([circle.sari])[circle.sari.pk]
    assert facts.lessons_done == facts.lessons_at_meetings == frozenset(keys(make.lessons(SLUG)[:2]))
    assert ModuleProgress.objects.get().learner == circle.sari


def test_what_she_had_done_herself_stays_her_own(circle):
    first = make.lessons(SLUG)[0]
    intake.complete_lesson(circle.sari, first.translation_key)
    mine = LessonCompletion.objects.get()
    session = circle.met(circle.sari)
    assert LessonCompletion.objects.get(pk=mine.pk).completed_at == mine.completed_at
    assert sorted(map(str, done(circle.sari).values())) == sorted(["None", str(session.pk)])


def test_the_last_lesson_opens_the_quiz_for_each_who_was_there(circle):
    circle.met(circle.sari, circle.dedi, lessons=make.lessons(SLUG))
    key = make.module(SLUG).translation_key
    assert set(QuizOpening.objects.values_list("learner", "module_key")) == {
        (circle.sari.pk, key),
        (circle.dedi.pk, key),
    }
    assert set(ModuleProgress.objects.exclude(quiz_opened_at=None).values_list("learner", flat=True)) == {
        circle.sari.pk,
        circle.dedi.pk,
    }


def test_a_past_meeting_counts_from_its_own_day(circle):
    day = today_in(circle.group) - 3 * A_DAY
    circle.met(circle.sari, held_on=day)
    assert {timezone.localdate(row.completed_at) for row in LessonCompletion.objects.all()} == {day}


def test_sent_again_under_the_same_id_it_changes_nothing(circle):
    id = uuid4()
    circle.met(circle.sari, id=id)
    before = stored(LessonCompletion), stored(Attendance), stored(GroupSession)
    assert circle.recorded(circle.sari, circle.dedi, id=id)[1] is False
    assert (stored(LessonCompletion), stored(Attendance), stored(GroupSession)) == before


def test_the_id_of_somebody_elses_meeting_is_refused(circle):
    theirs = circle.met(circle.wati, by=circle.agus)
    with pytest.raises(TakenId):
        circle.met(circle.sari, id=theirs.pk)


# --- What is no meeting -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("days", [1, -400])
def test_a_day_to_come_or_long_past_is_refused(circle, days):
    with pytest.raises(meetings.WrongDay):
        circle.met(circle.sari, held_on=today_in(circle.group) + days * A_DAY)
    assert not GroupSession.objects.exists()


def test_a_meeting_without_anybody_or_anything_is_refused(circle):
    with pytest.raises(meetings.NobodyThere):
        circle.met()
    with pytest.raises(meetings.NobodyThere):
        circle.met(circle.sari, lessons=[])
    assert not GroupSession.objects.exists()


def test_a_lesson_that_was_unpublished_since_was_treated_all_the_same(circle):
    lessons = make.lessons(SLUG)[:2]
    lessons[0].unpublish()
    session = circle.met(circle.sari, lessons=lessons)
    assert done(circle.sari) == dict.fromkeys(keys(lessons), session.pk)


def test_a_lesson_that_is_gone_takes_nothing_of_the_meeting_along(circle):
    gone, here = make.lessons(SLUG)[:2]
    LessonPage.objects.get(pk=gone.pk).delete()
    session = circle.met(circle.sari, lessons=[gone, here])
    assert done(circle.sari) == {here.translation_key: session.pk}


def test_a_lesson_that_was_never_published_is_refused(circle):
    lesson = make.lessons(SLUG)[0]
    lesson.live, lesson.first_published_at = False, None
    lesson.save(clean=False)
    with pytest.raises(meetings.NotPublished):
        circle.met(circle.sari, lessons=[lesson])


def test_only_her_own_learners_of_the_group_who_have_agreed_can_be_there(circle):
    """Z1"""
    elsewhere = make.learner(make.household(circle.rina, in_group=make.group()), pin=None)
    gone = make.learner(make.household(circle.rina, in_group=circle.group), pin=None)
    Consent.objects.withdraw(gone, by=gone.user)
    silent = make.learner(make.household(circle.rina, in_group=circle.group), pin=None)
    Consent.objects.filter(learner=silent).delete()
    for stranger in (circle.wati, elsewhere, gone, silent):
        with pytest.raises(meetings.NotExpected):
            circle.met(circle.sari, stranger)
    assert not GroupSession.objects.exists()
    assert not LessonCompletion.objects.exists()


# --- Undone -------------------------------------------------------------------------------------------------------


def test_undoing_takes_back_exactly_what_the_meeting_brought(circle):
    first, _, third = make.lessons(SLUG)[:3]
    intake.complete_lesson(circle.sari, first.translation_key)
    intake.complete_lesson(circle.sari, third.translation_key)
    before = stored(LessonCompletion), stored(ModuleProgress)
    session = circle.met(circle.sari, circle.dedi)
    meetings.undo(session)
    assert (stored(LessonCompletion), stored(ModuleProgress)) == before


def test_what_she_said_herself_after_the_meeting_is_hers_and_stays(circle):
    first, second = make.lessons(SLUG)[:2]
    session = circle.met(circle.sari)
    intake.complete_lesson(circle.sari, first.translation_key)
    meetings.undo(session)
    assert done(circle.sari) == {first.translation_key: None}
    assert second.translation_key not in done(circle.sari)


def test_what_another_meeting_treated_too_stays_with_that_one(circle):
    first, second = circle.met(circle.sari), circle.met(circle.sari, lessons=make.lessons(SLUG)[1:3])
    meetings.undo(first)
    assert done(circle.sari) == dict.fromkeys(keys(make.lessons(SLUG)[1:3]), second.pk)


def test_a_quiz_that_only_the_meeting_had_opened_closes_again(circle):
    session = circle.met(circle.sari, lessons=make.lessons(SLUG))
    meetings.undo(session)
    assert not QuizOpening.objects.exists()
    assert not ModuleProgress.objects.exists()


@pytest.mark.parametrize("order", [[0, 1], [1, 0]])
def test_a_quiz_that_only_undone_meetings_had_opened_closes_again_whichever_was_undone_last(circle, order):
    """Recorded twice, with one lesson more."""
    lessons = make.lessons(SLUG)
    sessions = [circle.met(circle.sari, lessons=lessons + more) for more in ([], make.lessons("merek")[:1])]
    for place in order:
        meetings.undo(sessions[place])
    assert not LessonCompletion.objects.exists()
    assert not QuizOpening.objects.exists()


def test_a_quiz_that_she_has_begun_stays_open(circle):
    session = circle.met(circle.sari, circle.dedi, lessons=make.lessons(SLUG))
    intake.begin_attempt(circle.sari, make.quiz(SLUG))
    Attempt.objects.begin(circle.dedi, make.quiz("merek"), make.module("merek").translation_key)
    meetings.undo(session)
    assert [opening.learner for opening in QuizOpening.objects.all()] == [circle.sari], "Dedi has begun another one"


def test_a_quiz_that_her_own_work_opened_since_stays_open_though_its_module_grew(circle):
    session = circle.met(circle.sari, lessons=make.lessons("merek")[:2])
    make.read(circle.sari, SLUG)
    make.lessons("kemasan")[0].move(make.module(SLUG), pos="last-child")
    meetings.undo(session)
    assert QuizOpening.objects.get().module_key == make.module(SLUG).translation_key


def test_a_quiz_stays_open_that_the_meeting_was_not_needed_for_though_a_practice_is_asked_for_since(circle):
    session = circle.met(circle.sari)
    make.read(circle.sari, SLUG)
    module = make.module(SLUG)
    module.practice_needed = "quiz"
    module.save()
    meetings.undo(session)
    assert QuizOpening.objects.get().module_key == module.translation_key


def test_a_quiz_that_was_open_before_stays_open(circle):
    make.read(circle.sari, SLUG)
    before = stored(QuizOpening)
    session = circle.met(circle.sari, lessons=make.lessons(SLUG))
    meetings.undo(session)
    assert stored(QuizOpening) == before


def test_a_badge_once_given_stays(circle):
    session = circle.met(circle.sari, lessons=make.lessons(SLUG))
    make.tried(circle.sari, SLUG)
    meetings.undo(session)
    assert circle.sari.badge_awards.count() == 1
    assert done(circle.sari) == {}


def test_a_meeting_that_was_undone_can_be_recorded_anew(circle):
    meetings.undo(circle.met(circle.sari))
    session, is_new = circle.recorded(circle.sari)
    assert is_new and set(done(circle.sari).values()) == {session.pk}


def test_undone_twice_is_too_late_and_changes_nothing(circle):
    session = circle.met(circle.sari)
    meetings.undo(session)
    before = stored(GroupSession)
    with pytest.raises(meetings.TooLate):
        meetings.undo(session)
    assert stored(GroupSession) == before


def test_a_lesson_that_moved_between_two_meetings_leaves_nothing_behind_once_both_are_undone(circle):
    lesson = make.lessons("merek")[0]
    first = circle.met(circle.sari, lessons=[lesson])
    lesson.move(make.module("kemasan"), pos="last-child")
    second = circle.met(circle.sari, lessons=[lesson, make.lessons("kemasan")[0]])
    meetings.undo(first)
    meetings.undo(second)
    assert not ModuleProgress.objects.exists()


# --- One person ---------------------------------------------------------------------------------------------------


def test_one_person_is_taken_out_and_another_put_in(circle):
    session = circle.met(circle.sari)
    meetings.correct(session, [circle.dedi.pk], by=circle.rina.user)
    assert done(circle.sari) == {}
    assert done(circle.dedi) == dict.fromkeys(keys(make.lessons(SLUG)[:2]), session.pk)
    assert not ModuleProgress.objects.filter(learner=circle.sari).exists()


def test_corrected_to_what_it_is_nothing_changes(circle):
    session = circle.met(circle.sari)
    before = stored(LessonCompletion), stored(Attendance)
    meetings.correct(session, [circle.sari.pk], by=circle.rina.user)
    assert (stored(LessonCompletion), stored(Attendance)) == before


def test_a_colleague_ticks_her_own_learners_and_leaves_the_others(circle):
    session = circle.met(circle.sari)
    meetings.correct(session, [circle.wati.pk], by=circle.agus.user)
    assert set(Attendance.objects.values_list("learner", flat=True)) == {circle.sari.pk, circle.wati.pk}
    meetings.correct(session, [], by=circle.agus.user)
    assert set(Attendance.objects.values_list("learner", flat=True)) == {circle.sari.pk}


def test_nobody_left_is_refused(circle):
    session = circle.met(circle.sari)
    with pytest.raises(meetings.NobodyThere):
        meetings.correct(session, [], by=circle.rina.user)
    assert Attendance.objects.count() == 1


def test_who_is_not_shown_is_not_taken_out(circle):
    session = circle.met(circle.sari, circle.dedi)
    Consent.objects.withdraw(circle.dedi, by=circle.dedi.user)
    meetings.correct(session, [circle.sari.pk], by=circle.rina.user)
    assert Attendance.objects.count() == 2


def test_from_the_next_day_on_nothing_is_corrected_or_undone(circle):
    session = circle.met(circle.sari)
    a_day_later(session)
    before = stored(LessonCompletion), stored(Attendance)
    with pytest.raises(meetings.TooLate):
        meetings.correct(session, [circle.dedi.pk], by=circle.rina.user)
    with pytest.raises(meetings.TooLate):
        meetings.undo(session)
    assert (stored(LessonCompletion), stored(Attendance)) == before


# --- Many ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("count", [1, 50])
def test_fifty_people_take_as_many_queries_as_one(django_assert_num_queries, count):
    rina, group = make.companion(), make.group()
    home = make.household(rina, in_group=group)
    people = [make.learner(home, pin=None) for _ in range(count)]
    lessons = make.lessons(SLUG)[:2]
    arguments = {
        "held_on": today_in(group),
        "place": "Balai desa",
        "lesson_keys": keys(lessons),
        "learner_ids": [person.pk for person in people],
        "by": rina.user,
    }
    criteria()  # kept from now on
    outline(pages=False)
    with django_assert_num_queries(27):
        session, _ = meetings.record(group, **arguments)
    assert LessonCompletion.objects.count() == 2 * count
    with django_assert_num_queries(25):
        meetings.undo(session)
    assert not LessonCompletion.objects.exists()

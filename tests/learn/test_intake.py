"""The one way in for a learner's work: the fact, and what follows from it."""

from datetime import date, timedelta

import pytest
from django.core.management import call_command
from django.utils import timezone

from badges.models import BadgeAward
from learn import intake
from people.models import Learner
from practice.models import AlreadyAnswered
from progress.models import LessonCompletion, ModuleAssignment, ModuleProgress, QuizOpening
from progress.rules import State
from quizzes.models import Answer, Attempt
from tests import factories as make

pytestmark = pytest.mark.django_db
FIRST = "pengenalan-motivasi"


@pytest.fixture
def sari():
    return make.learner(pin=None)


# --- A lesson -----------------------------------------------------------------------------------------------------


def test_a_lesson_is_recorded_with_its_module(sari):
    lesson = make.lessons(FIRST)[0]
    outcome = intake.complete_lesson(sari, lesson.translation_key)
    fact = LessonCompletion.objects.get()
    assert (fact.lesson_key, fact.module_key) == (lesson.translation_key, make.module(FIRST).translation_key)
    assert outcome == intake.Outcome()
    assert ModuleProgress.objects.get().last_fact_at == fact.completed_at


def test_the_last_lesson_opens_the_quiz_and_only_that_once(sari):
    lessons = make.lessons(FIRST)
    opened = [bool(intake.complete_lesson(sari, lesson.translation_key).opened) for lesson in [*lessons, lessons[-1]]]
    assert opened == [False, False, False, False, True, False]
    assert QuizOpening.objects.get().module_key == make.module(FIRST).translation_key


def test_the_lessons_may_be_read_in_any_order(sari):
    keys = [lesson.translation_key for lesson in reversed(make.lessons(FIRST))]
    opened = [bool(intake.complete_lesson(sari, key).opened) for key in keys]
    assert opened == [False, False, False, False, True]


def test_a_prerequisite_keeps_the_quiz_shut_until_it_is_done(sari):
    make.read(sari, "merek")
    assert not QuizOpening.objects.exists()
    make.finished(sari, FIRST)
    intake.begin_attempt(sari, make.quiz("merek"))
    assert QuizOpening.objects.filter(module_key=make.module("merek").translation_key).exists()


def test_a_lesson_that_came_later_leaves_the_opened_quiz_open(sari):
    new = make.lessons(FIRST)[0]
    new.unpublish()
    make.read(sari, FIRST)
    new.save_revision().publish()
    assert intake.begin_attempt(sari, make.quiz(FIRST))


@pytest.mark.parametrize("what", ["lesson", "module"])
def test_what_is_not_published_is_not_recorded(sari, what):
    lesson = make.lessons(FIRST)[0]
    (lesson if what == "lesson" else make.module(FIRST)).unpublish()
    lesson.refresh_from_db()
    with pytest.raises(intake.NotPublished):
        intake.complete_lesson(sari, lesson.translation_key)
    assert not LessonCompletion.objects.exists()
    assert not ModuleProgress.objects.exists()


# --- A quiz -------------------------------------------------------------------------------------------------------


def test_a_locked_quiz_says_what_is_missing_and_records_nothing(sari):
    lessons = make.lessons("merek")
    intake.complete_lesson(sari, lessons[0].translation_key)
    with pytest.raises(intake.QuizLocked) as refusal:
        intake.begin_attempt(sari, make.quiz("merek"))
    gate = refusal.value.gate
    assert gate.state == State.LOCKED
    assert gate.missing_lessons == tuple(lesson.translation_key for lesson in lessons[1:])
    assert gate.missing_modules == (make.module(FIRST).translation_key,)
    assert not Attempt.objects.exists()
    assert not QuizOpening.objects.exists()


@pytest.mark.parametrize("what", ["quiz", "module"])
def test_a_quiz_that_is_not_published_cannot_be_begun(sari, what):
    make.read(sari, FIRST)
    quiz = make.quiz(FIRST)
    (quiz if what == "quiz" else make.module(FIRST)).unpublish()
    with pytest.raises(intake.NotPublished):
        intake.begin_attempt(sari, quiz)
    assert not Attempt.objects.exists()


def test_an_attempt_begun_before_goes_on(sari):
    make.read(sari, FIRST)
    attempt = intake.begin_attempt(sari, make.quiz(FIRST))
    assert intake.begin_attempt(sari, make.quiz(FIRST)) == attempt
    assert Attempt.objects.count() == 1


def limited(to: int, slug: str = FIRST):
    quiz = make.quiz(slug)
    quiz.attempts_per_day = to
    quiz.save_revision().publish()
    return quiz


def test_the_attempts_of_a_day_are_limited(sari):
    limited(to=2)
    make.read(sari, FIRST)
    for _ in range(2):
        make.tried(sari, FIRST, right=0)
    with pytest.raises(intake.NoAttemptsLeft):
        intake.begin_attempt(sari, make.quiz(FIRST))
    assert Attempt.objects.count() == 2


def test_another_learner_has_her_own_attempts(sari):
    limited(to=1)
    dedi = make.learner(sari.household, pin=None)
    for person in (sari, dedi):
        make.read(person, FIRST)
        make.tried(person, FIRST, right=0)
    assert Attempt.objects.count() == 2


def test_what_another_has_passed_is_no_attempt_of_hers(sari):
    """Her quiz opens only as she begins: the lesson that she had not read is gone."""
    *read, last = make.lessons(FIRST)
    for lesson in read:
        intake.complete_lesson(sari, lesson.translation_key)
    make.finished(make.learner(sari.household, pin=None), FIRST)
    last.unpublish()
    assert intake.begin_attempt(sari, make.quiz(FIRST)).learner == sari


def test_each_quiz_has_its_own_attempts(sari):
    make.finished(sari, FIRST)
    limited(to=1, slug="merek")
    make.read(sari, "merek")
    intake.begin_attempt(sari, make.quiz("merek"))
    assert Attempt.objects.count() == 2


def test_yesterdays_attempts_do_not_count_today(sari):
    limited(to=1)
    make.read(sari, FIRST)
    attempt = make.tried(sari, FIRST, right=0)
    attempt.submitted_at -= make.A_DAY
    attempt.save()
    assert intake.begin_attempt(sari, make.quiz(FIRST)) != attempt


def test_a_begun_attempt_may_be_finished_though_the_limit_came_down(sari):
    make.read(sari, FIRST)
    make.tried(sari, FIRST, right=0)
    attempt = intake.begin_attempt(sari, make.quiz(FIRST))
    assert intake.begin_attempt(sari, limited(to=1)) == attempt


def test_zero_means_no_limit(sari):
    limited(to=0)
    make.read(sari, FIRST)
    for _ in range(6):
        make.tried(sari, FIRST, right=0)
    assert intake.begin_attempt(sari, make.quiz(FIRST))


def test_handing_in_judges_keeps_the_summary_and_awards(sari):
    make.read(sari, FIRST)
    attempt = make.answered(sari, FIRST, right=7)
    outcome = intake.submit_attempt(attempt)
    attempt.refresh_from_db()
    assert (attempt.right, attempt.total, attempt.passed) == (7, 10, True)
    assert ModuleProgress.objects.get().passed_at == attempt.submitted_at
    assert outcome.awards == list(BadgeAward.objects.filter(learner=sari))


def test_handed_in_twice_changes_nothing(sari):
    make.read(sari, FIRST)
    attempt = make.answered(sari, FIRST)
    intake.submit_attempt(attempt)
    before = [list(model.objects.values()) for model in (Attempt, Answer, BadgeAward, ModuleProgress)]
    assert intake.submit_attempt(attempt) == intake.Outcome()
    assert [list(model.objects.values()) for model in (Attempt, Answer, BadgeAward, ModuleProgress)] == before


def test_a_quiz_that_a_finished_prerequisite_opened_stays_open(sari):
    """Its last missing piece was the quiz of another module; a lesson that comes now takes nothing away."""
    make.read(sari, "merek")
    make.finished(sari, FIRST)
    new = make.module("merek").add_child(instance=_a_lesson())
    new.save_revision().publish()
    assert intake.begin_attempt(sari, make.quiz("merek"))


def _a_lesson():
    source = make.lessons("merek")[0]
    return type(source)(title="Pelajaran baru", slug="pelajaran-baru", goal="Tahu.", minutes=3, body=source.body)


def test_an_attempt_goes_on_when_its_quiz_is_unpublished_meanwhile(sari):
    make.read(sari, FIRST)
    attempt = make.answered(sari, FIRST)
    make.module(FIRST).unpublish()
    intake.submit_attempt(attempt)
    attempt.refresh_from_db()
    assert attempt.passed


# --- A module of her own choice -----------------------------------------------------------------------------------


def test_a_module_that_she_chose_stands_as_an_assignment_made_by_her(sari):
    assert intake.take_module(sari, make.module()) is True
    row = ModuleAssignment.objects.get()
    assert (row.household, row.module_key) == (sari.household, make.module().translation_key)
    assert (row.assigned_by, row.due_on, row.word) == (sari.user, None, "")


def test_what_her_companion_gave_already_stays_as_it_is(sari):
    key = make.module().translation_key
    due = date(2030, 1, 31)
    ModuleAssignment.objects.assign([sari.household], key, by=make.companion().user, due_on=due, word="Ayo!")
    before = list(ModuleAssignment.objects.values())
    assert intake.take_module(sari, make.module()) is False
    assert list(ModuleAssignment.objects.values()) == before


def test_an_unpublished_module_cannot_be_chosen(sari):
    module = make.module()
    module.unpublish()
    with pytest.raises(intake.NotPublished):
        intake.take_module(sari, module)
    assert not ModuleAssignment.objects.exists()


# --- When her phone last sent something ---------------------------------------------------------------------------


def work_of(person) -> dict:
    """Each kind of work that comes in, by name; the quiz of the first module is open."""
    make.read(person, FIRST)
    attempt = make.answered(person, FIRST)
    asked = attempt.asked[0]
    return {
        "a lesson": lambda: intake.complete_lesson(person, make.lessons("merek")[0].translation_key),
        "a quiz begun": lambda: intake.begin_attempt(person, make.quiz(FIRST)),
        "an answer": lambda: intake.answer(attempt, asked.id, asked.rule.key),
        "a quiz handed in": lambda: intake.submit_attempt(attempt),
        "a module chosen": lambda: intake.take_module(person, make.module()),
    }


@pytest.mark.parametrize("kind", ["a lesson", "a quiz begun", "an answer", "a quiz handed in", "a module chosen"])
def test_each_accepted_work_says_when_her_phone_last_sent(sari, kind):
    other = make.learner(sari.household, first_name="Dedi", pin=None)
    work = work_of(sari)[kind]
    long_ago = timezone.now() - timedelta(days=9)
    Learner.objects.update(phone_last_sent_at=long_ago)
    before = timezone.now()
    work()
    sari.refresh_from_db()
    other.refresh_from_db()
    assert before <= sari.phone_last_sent_at <= timezone.now()
    assert other.phone_last_sent_at == long_ago


def test_work_that_is_refused_leaves_it(sari):
    with pytest.raises(intake.QuizLocked):
        intake.begin_attempt(sari, make.quiz("merek"))
    sari.refresh_from_db()
    assert sari.phone_last_sent_at is None


# --- A practice ---------------------------------------------------------------------------------------------------


def test_a_practice_that_was_taken_back_is_no_work(sari):
    """A household whose only fact was taken back has begun nothing."""
    intake.withdraw_practice(sari, make.practised(sari))
    assert not ModuleProgress.objects.exists()
    call_command("rebuild_progress", "--check")


def test_once_a_practice_was_taken_back_her_last_work_is_what_came_before(sari):
    intake.complete_lesson(sari, make.lessons()[0].translation_key)
    intake.withdraw_practice(sari, make.practised(sari))
    assert ModuleProgress.objects.get().last_fact_at == sari.completions.get().completed_at
    call_command("rebuild_progress", "--check")


def test_a_practice_that_cannot_be_taken_back_stays_her_last_work_as_of_its_answer(sari):
    sent = make.practised(sari)
    make.feedback(sent, make.companion())
    with pytest.raises(AlreadyAnswered):
        intake.withdraw_practice(sari, sent)
    assert ModuleProgress.objects.get().last_fact_at == sent.feedback.given_at

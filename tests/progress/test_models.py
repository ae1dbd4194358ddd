"""The verbs that write facts about learning, and the summary that they keep."""

import uuid
from datetime import date, timedelta
from importlib import import_module

import pytest
from django.apps import apps
from django.core.management import CommandError, call_command
from django.db import IntegrityError, transaction
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as some

from learn import intake
from progress.models import LessonCompletion, ModuleAssignment, ModuleProgress, QuizOpening, summaries
from quizzes.models import Attempt
from tests import factories as make
from tests.properties import steady

pytestmark = pytest.mark.django_db
A, B = uuid.UUID(int=1), uuid.UUID(int=2)  # modules
LESSON = uuid.UUID(int=11)
SOON = date(2030, 1, 31)
LATER = date(2030, 2, 28)


@pytest.fixture
def sari():
    return make.learner(pin=None)


# --- «Sudah paham» ------------------------------------------------------------------------------------------------


def test_a_lesson_is_recorded_with_who_and_when(sari):
    before = timezone.now()
    assert LessonCompletion.objects.record(sari, LESSON, A) is True
    fact = LessonCompletion.objects.get()
    assert (fact.learner, fact.lesson_key, fact.module_key) == (sari, LESSON, A)
    assert before <= fact.completed_at <= timezone.now()


def test_a_lesson_recorded_again_changes_nothing(sari):
    LessonCompletion.objects.record(sari, LESSON, A)
    before = list(LessonCompletion.objects.values())
    assert LessonCompletion.objects.record(sari, LESSON, A) is False
    assert list(LessonCompletion.objects.values()) == before


def test_two_learners_of_a_household_each_have_their_own_lessons(sari):
    dedi = make.learner(sari.household, first_name="Dedi", pin=None)
    LessonCompletion.objects.record(sari, LESSON, A)
    assert LessonCompletion.objects.record(dedi, LESSON, A) is True


# --- A quiz opens -------------------------------------------------------------------------------------------------


def test_a_quiz_that_opened_again_changes_nothing(sari):
    assert QuizOpening.objects.record(sari, A) is True
    before = list(QuizOpening.objects.values())
    assert QuizOpening.objects.record(sari, A) is False
    assert list(QuizOpening.objects.values()) == before


# --- Assignments --------------------------------------------------------------------------------------------------


@pytest.fixture
def rina():
    return make.companion()


@pytest.fixture
def homes(rina):
    return [make.household(rina) for _ in range(3)]


def assign(households, module_key=A, *, by, due_on=SOON) -> int:
    return ModuleAssignment.objects.assign(households, module_key, by=by.user, due_on=due_on)


def current(household) -> list[tuple]:
    return list(ModuleAssignment.objects.current().filter(household=household).values_list("module_key", "due_on"))


def test_a_module_is_assigned_to_every_household_given(homes, rina):
    assert assign(homes, by=rina) == 3
    assert [current(home) for home in homes] == [[(A, SOON)]] * 3
    assert {row.assigned_by for row in ModuleAssignment.objects.all()} == {rina.user}


@pytest.mark.parametrize("due_on", [SOON, None])
def test_assigned_twice_changes_nothing(homes, rina, due_on):
    assign(homes, by=rina, due_on=due_on)
    before = list(ModuleAssignment.objects.values())
    assert assign(homes, by=make.companion(), due_on=due_on) == 0
    assert list(ModuleAssignment.objects.values()) == before


def test_only_the_households_without_it_get_something_new(homes, rina):
    assign(homes[:1], by=rina)
    assert assign(homes, by=rina) == 2
    assert ModuleAssignment.objects.count() == 3


@pytest.mark.parametrize(("first", "then"), [(SOON, LATER), (None, SOON)])
def test_another_due_date_takes_the_old_assignment_back(homes, rina, first, then):
    agus = make.companion()
    assign(homes[:1], by=rina, due_on=first)
    assert assign(homes[:1], by=agus, due_on=then) == 1
    old, new = ModuleAssignment.objects.order_by("pk")
    assert (old.due_on, old.withdrawn_by, new.due_on, new.withdrawn_at) == (first, agus.user, then, None)
    assert old.withdrawn_at is not None
    assert current(homes[0]) == [(A, then)]


@pytest.mark.parametrize(
    ("had", "given", "new", "has"),
    [
        ("", "", 0, ""),
        ("", "Ayo, Bu!", 1, "Ayo, Bu!"),
        ("Ayo, Bu!", "Ayo, Bu!", 0, "Ayo, Bu!"),
        ("Ayo, Bu!", "", 0, "Ayo, Bu!"),
        ("Ayo, Bu!", "Pelan saja.", 1, "Pelan saja."),
    ],
)
def test_a_word_is_replaced_by_another_and_never_by_none(homes, rina, had, given, new, has):
    ModuleAssignment.objects.assign(homes[:1], A, by=rina.user, due_on=SOON, word=had)
    assert ModuleAssignment.objects.assign(homes[:1], A, by=rina.user, due_on=SOON, word=given) == new
    assert ModuleAssignment.objects.current().get().word == has


def test_another_due_date_keeps_the_word(homes, rina):
    ModuleAssignment.objects.assign(homes[:1], A, by=rina.user, due_on=SOON, word="Ayo, Bu!")
    assign(homes[:1], by=rina, due_on=LATER)
    assert ModuleAssignment.objects.current().get().word == "Ayo, Bu!"


def test_no_due_date_keeps_the_one_they_have(homes, rina):
    assign(homes[:1], by=rina, due_on=SOON)
    assert assign(homes, by=rina, due_on=None) == 2
    assert current(homes[0]) == [(A, SOON)]
    assert current(homes[1]) == [(A, None)]


def test_modules_are_assigned_independently(homes, rina):
    assign(homes, A, by=rina)
    assert assign(homes, B, by=rina) == 3
    assert sorted(current(homes[0])) == [(A, SOON), (B, SOON)]


def test_assigned_to_nobody_is_nothing(rina):
    assert assign([], by=rina) == 0


def test_the_database_refuses_a_second_current_assignment(homes, rina):
    assign(homes[:1], by=rina)
    with pytest.raises(IntegrityError), transaction.atomic():
        ModuleAssignment.objects.create(household=homes[0], module_key=A, due_on=LATER, assigned_by=rina.user)


def test_an_assignment_is_taken_back_once(homes, rina):
    assign(homes, by=rina)
    given = ModuleAssignment.objects.get(household=homes[0])
    assert ModuleAssignment.objects.withdraw(given, by=rina.user) is True
    before = list(ModuleAssignment.objects.values())
    assert ModuleAssignment.objects.withdraw(given, by=make.staff()) is False
    assert list(ModuleAssignment.objects.values()) == before
    assert [current(home) for home in homes] == [[], [(A, SOON)], [(A, SOON)]]


def test_what_was_taken_back_can_be_assigned_again(homes, rina):
    assign(homes[:1], by=rina)
    ModuleAssignment.objects.withdraw(ModuleAssignment.objects.get(), by=rina.user)
    assert assign(homes[:1], by=rina) == 1
    assert current(homes[0]) == [(A, SOON)]


def test_taking_an_assignment_back_keeps_what_was_learned(sari, rina):
    assign([sari.household], by=rina)
    LessonCompletion.objects.record(sari, LESSON, A)
    facts, progress = list(LessonCompletion.objects.values()), list(ModuleProgress.objects.values())
    ModuleAssignment.objects.withdraw(ModuleAssignment.objects.get(), by=rina.user)
    assert list(LessonCompletion.objects.values()) == facts
    assert list(ModuleProgress.objects.values()) == progress


# --- The summary --------------------------------------------------------------------------------------------------

MODULES = ("pengenalan-motivasi", "merek")
WORK = ["read", "open", "try", "practise"]


def some_steps(kinds):
    number = some.integers(0, 9)  # which lesson, how many answers are right
    return some.lists(some.tuples(some.sampled_from(kinds), some.sampled_from(MODULES), number), max_size=6)


with_a_database = settings(steady, max_examples=12, suppress_health_check=[HealthCheck.function_scoped_fixture])


def take(person, step: str, slug: str, number: int) -> None:
    key = make.module(slug).translation_key
    if step == "read":
        lessons = make.lessons(slug)
        LessonCompletion.objects.record(person, lessons[number % len(lessons)].translation_key, key)
    elif step == "open":
        QuizOpening.objects.record(person, key)
    elif step == "practise":
        make.practised(person, slug)
    elif step == "take back":
        for sent in person.practices.filter(module_key=key):
            intake.withdraw_practice(person, sent)
    else:
        attempt = Attempt.objects.begin(person, make.quiz(slug), key)
        for asked in attempt.asked[:number]:
            Attempt.objects.answer(attempt, asked.id, asked.rule.key)
        intake.submit_attempt(attempt)


def counted(person) -> dict:
    """The summaries as anybody would count them from the facts, one by one."""
    found = {}
    for slug in MODULES:
        key = make.module(slug).translation_key
        lessons = list(person.completions.filter(module_key=key))
        openings = list(person.quiz_openings.filter(module_key=key))
        attempts = list(person.attempts.filter(module_key=key, submitted_at__isnull=False))
        times = [row.completed_at for row in lessons] + [row.submitted_at for row in attempts]
        times += [row.handed_in_at for row in person.practices.filter(module_key=key, withdrawn_at=None)]
        if times := times or [row.opened_at for row in openings]:
            found[key] = {
                "quiz_opened_at": openings[0].opened_at if openings else None,
                "passed_at": min((row.submitted_at for row in attempts if row.passed), default=None),
                "last_fact_at": max(times),
            }
    return found


def stored(person) -> dict:
    return {
        row.pop("module_key"): {name: row[name] for name in row if name not in ("id", "learner_id")}
        for row in ModuleProgress.objects.filter(learner=person).values()
    }


@with_a_database
@given(some_steps([*WORK, "take back"]))
def test_the_summary_equals_the_facts_whatever_is_done(steps):
    person = make.learner(pin=None)
    for step in steps:
        take(person, *step)
    assert stored(person) == counted(person)


def test_an_older_servers_summaries_forget_the_practices_that_were_taken_back(sari):
    """It counted them on; an update leaves them out, whatever else is known of their module."""
    make.read(sari, "merek")
    for slug in MODULES:
        intake.withdraw_practice(sari, make.practised(sari, slug))
        key = make.module(slug).translation_key
        ModuleProgress.objects.update_or_create(learner=sari, module_key=key, defaults={"last_fact_at": timezone.now()})
    import_module("progress.migrations.0006_practices_taken_back").leave_out(apps, None)
    assert ModuleProgress.objects.count() == 1
    call_command("rebuild_progress", "--check")


def test_an_older_servers_summaries_tell_the_last_work_as_this_one_does(sari):
    """To it an answer was nothing, and a quiz that opened was work; one that is all there is still tells when."""
    make.read(sari, "pengenalan-motivasi")
    make.feedback(make.practised(sari, "merek"), make.companion())
    QuizOpening.objects.record(sari, make.module("kemasan").translation_key)
    before = {"pengenalan-motivasi": timezone.now(), "merek": sari.practices.get().handed_in_at}
    for slug, at in before.items():
        assert sari.module_progress.filter(module_key=make.module(slug).translation_key).update(last_fact_at=at)
    import_module("progress.migrations.0007_last_work").tell_anew(apps, None)
    call_command("rebuild_progress", "--check")


@with_a_database
@given(some_steps(WORK), some.randoms())
def test_the_same_work_in_any_order_ends_in_the_same_state(steps, random):
    """But for the times, which say when each came."""
    other_order = random.sample(steps, len(steps))
    ends = []
    for order in (steps, other_order):
        person = make.learner(pin=None)
        for step in order:
            take(person, *step)
        ends.append(
            {key: (row["quiz_opened_at"] is None, row["passed_at"] is None) for key, row in stored(person).items()}
        )
    assert ends[0] == ends[1]


def test_an_attempt_that_is_not_handed_in_is_not_in_the_summary(sari):
    key = make.module().translation_key
    Attempt.objects.begin(sari, make.quiz(), key)
    QuizOpening.objects.record(sari, key)
    assert stored(sari)[key]["passed_at"] is None


def test_the_summary_keeps_the_first_pass(sari):
    make.read(sari, "pengenalan-motivasi")
    _, first, *_ = [make.tried(sari, "pengenalan-motivasi", right=right) for right in (3, 7, 10, 0)]
    assert stored(sari)[first.module_key]["passed_at"] == first.submitted_at


def test_many_learners_are_summed_up_in_one_query(django_assert_num_queries):
    people = [make.learner(pin=None) for _ in range(8)]
    for person in people:
        take(person, "read", "merek", 0)
        take(person, "open", "merek", 0)
        take(person, "try", "merek", 1)
        make.practised(person)
    for some_people in (people[:1], people):
        with django_assert_num_queries(1):
            found = summaries([person.pk for person in some_people])
        assert len(found) == len(some_people)


# --- manage.py rebuild_progress -----------------------------------------------------------------------------------


def forget_the_opening(row):
    row.quiz_opened_at = None
    row.save()


def forget_the_pass(row):
    row.passed_at = None
    row.save()


def lose(row):
    row.delete()


def invent(row):
    ModuleProgress.objects.create(learner=row.learner, module_key=B, last_fact_at=timezone.now())


def shift_the_time(row):
    row.last_fact_at += timedelta(seconds=1)
    row.save()


@pytest.fixture
def done(sari):
    """A learner with a finished module, and another one who must stay as she is."""
    make.finished(sari, "pengenalan-motivasi")
    take(make.learner(pin=None), "read", "merek", 0)
    return ModuleProgress.objects.get(learner=sari)


def rebuild(*arguments: str) -> None:
    call_command("rebuild_progress", *arguments)


def everything() -> list[dict]:
    rows = ModuleProgress.objects.order_by("learner", "module_key").values()
    return [{name: value for name, value in row.items() if name != "id"} for row in rows]


def test_the_check_passes_where_nothing_differs(done):
    rebuild("--check")


tampered = pytest.mark.parametrize("tamper", [forget_the_opening, forget_the_pass, lose, invent, shift_the_time])


@tampered
def test_the_check_fails_on_a_difference_and_changes_nothing(done, tamper):
    tamper(done)
    before = list(ModuleProgress.objects.order_by("pk").values())
    with pytest.raises(CommandError, match="1 ringkasan") as failure:
        rebuild("--check")
    assert failure.value.returncode != 0
    assert list(ModuleProgress.objects.order_by("pk").values()) == before


@tampered
def test_rebuilding_makes_the_summary_what_the_facts_say(done, tamper, capsys):
    right = everything()
    tamper(done)
    rebuild()
    assert "1 ringkasan diperbaiki" in capsys.readouterr().out
    assert everything() == right
    rebuild("--check")


def test_rebuilding_again_finds_nothing_to_mend(done, capsys):
    rebuild()
    assert "0 ringkasan diperbaiki" in capsys.readouterr().out

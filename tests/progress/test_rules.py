"""What is done, open and locked: progress/rules.py as tables. Names stand for keys: A, B, C are modules, a1 is a lesson
of A."""

from dataclasses import replace
from datetime import date
from uuid import NAMESPACE_OID, UUID, uuid5

import pytest
from hypothesis import given
from hypothesis import strategies as some

from progress.rules import (
    Facts,
    Gate,
    Module,
    Pace,
    PracticeNeed,
    State,
    Step,
    StepKind,
    awaits_others,
    gate,
    is_done,
    is_ready_to_teach,
    learning_order,
    may_correct_meeting,
    may_have_met,
    misses_practice,
    next_lesson,
    next_step,
    pace,
    untried_practice,
)
from tests.properties import steady

LOCKED, OPEN, DONE = State.LOCKED, State.OPEN, State.DONE


def key(name: str) -> UUID:
    return uuid5(NAMESPACE_OID, name)


def keys(names: str) -> tuple[UUID, ...]:
    return tuple(key(name) for name in names.split())


def module(name: str, lessons: str = "", *, quiz: bool = True, needs: str = "") -> Module:
    return Module(key(name), keys(lessons), quiz, keys(needs))


def did(lessons: str = "", *, opened: str = "", passed: str = "") -> Facts:
    return Facts(frozenset(keys(lessons)), frozenset(keys(opened)), frozenset(keys(passed)))


def begun(module_name: str, *done, **more) -> Facts:
    return replace(did(*done, **more), quizzes_begun=frozenset(keys(module_name)))


def names(modules) -> str:
    known = {key(letter): letter for letter in "ABCDE"}
    return "".join(known[module.key] for module in modules)


# --- The gate of a quiz ------------------------------------------------------------------------------------------

A = module("A", "a1 a2")
A_GREW = module("A", "a1 a2 a3")
A_SHRANK = module("A", "a1")
A_NEEDS_B = module("A", "a1 a2", needs="B")
B = module("B", "b1")


@pytest.mark.parametrize(
    ("module", "facts", "expected"),
    [
        pytest.param(A, did(), Gate(LOCKED, keys("a1 a2")), id="nothing read: both lessons are missing"),
        pytest.param(A, did("a1"), Gate(LOCKED, keys("a2")), id="one read: the other is missing"),
        pytest.param(A, did("b1 c1"), Gate(LOCKED, keys("a1 a2")), id="lessons of other modules count nothing"),
        pytest.param(A, did("a1 a2"), Gate(OPEN), id="all read: open"),
        pytest.param(A, did("a1 a2", opened="A"), Gate(OPEN), id="opened: open"),
        pytest.param(A, did("a1 a2", opened="A", passed="A"), Gate(DONE), id="passed: done"),
        pytest.param(A, did("a1 a2", passed="B"), Gate(OPEN), id="another quiz passed counts nothing"),
        pytest.param(A_GREW, did("a1 a2"), Gate(LOCKED, keys("a3")), id="a lesson came before it opened: missing"),
        pytest.param(A_GREW, did("a1 a2", opened="A"), Gate(OPEN), id="a lesson came after it opened: stays open"),
        pytest.param(A_GREW, did("a1 a2", passed="A"), Gate(DONE), id="a lesson came after it was passed: stays done"),
        pytest.param(A_SHRANK, did("a1"), Gate(OPEN), id="the unread lesson was taken out: open"),
        pytest.param(A_SHRANK, did("a1 a2"), Gate(OPEN), id="a lesson read was taken out: open"),
    ],
)
def test_the_gate_opens_by_lessons(module, facts, expected):
    assert gate(module, facts, {module.key: module}) == expected


@pytest.mark.parametrize(
    "facts", [did(), did("a1 a2"), did("a1 a2", opened="A"), did("a1 a2", opened="A", passed="A")], ids=str
)
@pytest.mark.parametrize(
    "unfinished", [module("A"), module("A", "a1 a2", quiz=False), module("A", quiz=False)], ids=str
)
def test_a_module_without_lesson_or_quiz_is_never_done_nor_open(unfinished, facts):
    assert not unfinished.can_be_done
    assert not is_done(unfinished, facts)
    assert gate(unfinished, facts, {unfinished.key: unfinished}).state == LOCKED
    assert pace(unfinished, facts) != Pace.DONE


@pytest.mark.parametrize(
    ("module", "facts", "expected"),
    [
        pytest.param(A_NEEDS_B, did("a1 a2"), Gate(LOCKED, (), keys("B")), id="read: the prerequisite is missing"),
        pytest.param(A_NEEDS_B, did("a1"), Gate(LOCKED, keys("a2"), keys("B")), id="both kinds are missing"),
        pytest.param(A_NEEDS_B, did("a1 a2 b1"), Gate(LOCKED, (), keys("B")), id="its lessons read are not enough"),
        pytest.param(A_NEEDS_B, did("a1 a2 b1", opened="B"), Gate(LOCKED, (), keys("B")), id="its open quiz is not"),
        pytest.param(A_NEEDS_B, did("a1", passed="B"), Gate(LOCKED, keys("a2")), id="done: the lessons remain"),
        pytest.param(A_NEEDS_B, did("a1 a2", passed="B"), Gate(OPEN), id="done and read: open"),
        pytest.param(A_NEEDS_B, did("a1 a2", opened="A"), Gate(OPEN), id="asked for later: what was open stays open"),
        pytest.param(A_NEEDS_B, did(passed="A"), Gate(DONE), id="asked for later: what is done stays done"),
    ],
)
def test_a_prerequisite_locks_the_quiz(module, facts, expected):
    assert gate(module, facts, {A.key: module, B.key: B}) == expected


@pytest.mark.parametrize(
    ("module", "others"),
    [
        pytest.param(A_NEEDS_B, [module("B")], id="it has no lesson"),
        pytest.param(A_NEEDS_B, [module("B", "b1", quiz=False)], id="it has no quiz"),
        pytest.param(A_NEEDS_B, [], id="it is not published"),
        pytest.param(module("A", "a1 a2", needs="A"), [], id="it is the module itself"),
        pytest.param(A_NEEDS_B, [module("B", "b1", needs="A")], id="it waits for this module"),
        pytest.param(A_NEEDS_B, [module("B", "b1", needs="C"), module("C", "c1", needs="A")], id="a circle of three"),
    ],
)
def test_a_prerequisite_that_nobody_could_finish_locks_nothing(module, others):
    modules = {one.key: one for one in [module, *others]}
    assert gate(module, did("a1 a2"), modules) == Gate(OPEN)


def test_a_prerequisite_behind_one_that_nobody_could_finish_still_locks():
    modules = {one.key: one for one in [A_NEEDS_B, module("B", "b1", needs="C"), module("C", quiz=False)]}
    assert gate(A_NEEDS_B, did("a1 a2"), modules) == Gate(LOCKED, (), keys("B"))


# --- The practice that the editors want ---------------------------------------------------------------------------

NOTHING, FOR_QUIZ, FOR_BADGE = PracticeNeed


def wanting(need: PracticeNeed, tasks: str = "a2") -> Module:
    return Module(key("A"), keys("a1 a2"), True, (), keys(tasks), need)


def handed_in(
    lessons: str = "", *, approved: str = "", waiting: str = "", to_improve: str = "", right: str = "", **more
) -> Facts:
    practice = {"practices_approved": approved, "practices_waiting": waiting, "practices_to_improve": to_improve}
    practice["practices_right"] = right
    return replace(did(lessons, **more), **{name: frozenset(keys(value)) for name, value in practice.items()})


@pytest.mark.parametrize(
    ("module", "facts", "expected"),
    [
        pytest.param(wanting(NOTHING), handed_in("a1 a2"), Gate(OPEN), id="not wanted: open"),
        pytest.param(wanting(FOR_BADGE), handed_in("a1 a2"), Gate(OPEN), id="wanted for the badge: open"),
        pytest.param(wanting(FOR_QUIZ), handed_in("a1 a2"), Gate(LOCKED, (), (), True), id="none: locked, and said"),
        pytest.param(wanting(FOR_QUIZ), handed_in("a1"), Gate(LOCKED, keys("a2"), (), True), id="both are missing"),
        pytest.param(
            wanting(FOR_QUIZ), handed_in("a1 a2", waiting="a2"), Gate(LOCKED, (), (), True), id="not answered: locked"
        ),
        pytest.param(
            wanting(FOR_QUIZ), handed_in("a1 a2", to_improve="a2"), Gate(LOCKED, (), (), True), id="not right: locked"
        ),
        pytest.param(wanting(FOR_QUIZ), handed_in("a1 a2", approved="A"), Gate(OPEN), id="right: open"),
        pytest.param(
            wanting(FOR_QUIZ), handed_in("a1 a2", approved="A", waiting="a2"), Gate(OPEN), id="right once is enough"
        ),
        pytest.param(
            wanting(FOR_QUIZ), handed_in("a1 a2", approved="B"), Gate(LOCKED, (), (), True), id="of another module: no"
        ),
        pytest.param(
            wanting(FOR_QUIZ),
            handed_in("a1 a2", approved="B", right="a2"),
            Gate(OPEN),
            id="its lesson moved here: open",
        ),
        pytest.param(wanting(FOR_QUIZ, tasks=""), handed_in("a1 a2"), Gate(OPEN), id="no task to hand in: open"),
        pytest.param(
            wanting(FOR_QUIZ), handed_in("a1 a2", opened="A"), Gate(OPEN), id="wanted later: what was open stays open"
        ),
        pytest.param(
            wanting(FOR_QUIZ), handed_in("a1 a2", passed="A"), Gate(DONE), id="wanted later: what is done stays done"
        ),
    ],
)
def test_a_practice_that_is_wanted_locks_the_quiz(module, facts, expected):
    assert gate(module, facts, {module.key: module}) == expected


@pytest.mark.parametrize(
    ("module", "facts", "missing"),
    [
        (wanting(FOR_BADGE), handed_in(), True),
        (wanting(FOR_BADGE), handed_in(waiting="a2"), True),
        (wanting(FOR_BADGE), handed_in(approved="A"), False),
        (wanting(FOR_BADGE, tasks=""), handed_in(), False),
        (wanting(FOR_QUIZ), handed_in(), False),
        (wanting(NOTHING), handed_in(), False),
    ],
)
def test_whether_a_practice_is_missing_for_the_badge(module, facts, missing):
    assert misses_practice(module, facts, FOR_BADGE) is missing


@pytest.mark.parametrize(
    ("module", "facts", "expected"),
    [
        pytest.param(wanting(NOTHING), handed_in("a1 a2"), Step(StepKind.QUIZ, key("A")), id="not wanted"),
        pytest.param(
            wanting(NOTHING),
            handed_in("a1", to_improve="a2"),
            Step(StepKind.PRACTICE, key("A"), key("a2")),
            id="what the companion wants better comes first",
        ),
        pytest.param(
            wanting(NOTHING),
            handed_in("a1 a2", passed="A", to_improve="a2"),
            Step(StepKind.PRACTICE, key("A"), key("a2")),
            id="in a module that is done too",
        ),
        pytest.param(
            wanting(NOTHING, tasks=""), handed_in("a1 a2", passed="A", to_improve="a2"), None, id="its task is gone"
        ),
        pytest.param(
            wanting(FOR_QUIZ), handed_in("a1"), Step(StepKind.LESSON, key("A"), key("a2")), id="the lessons first"
        ),
        pytest.param(
            wanting(FOR_QUIZ),
            handed_in("a1 a2"),
            Step(StepKind.PRACTICE, key("A"), key("a2")),
            id="then the practice that locks the quiz",
        ),
        pytest.param(wanting(FOR_QUIZ), handed_in("a1 a2", waiting="a2"), None, id="which she then waits for"),
        pytest.param(
            wanting(FOR_QUIZ), handed_in("a1 a2", opened="A"), Step(StepKind.QUIZ, key("A")), id="open already"
        ),
        pytest.param(
            wanting(FOR_BADGE), handed_in("a1 a2", opened="A"), Step(StepKind.QUIZ, key("A")), id="the quiz first"
        ),
        pytest.param(
            wanting(FOR_BADGE),
            handed_in("a1 a2", passed="A"),
            Step(StepKind.PRACTICE, key("A"), key("a2")),
            id="then the practice that the badge wants",
        ),
        pytest.param(wanting(FOR_BADGE), handed_in("a1 a2", passed="A", approved="A"), None, id="all is earned"),
    ],
)
def test_the_next_step_leads_to_a_practice(module, facts, expected):
    assert next_step([module], facts) == expected


@pytest.mark.parametrize(
    ("facts", "expected"),
    [
        pytest.param(Facts(), "a2", id="the first task"),
        pytest.param(handed_in("a1 a2", waiting="a2"), None, id="not one that waits for its answer"),
        pytest.param(handed_in("a1 a2", right="a2"), None, id="nor one that was right"),
    ],
)
def test_what_was_never_tried_is_the_first_task_that_was_not_handed_in(facts, expected):
    step = untried_practice([module("B"), wanting(NOTHING)], facts)
    assert step == (expected and Step(StepKind.PRACTICE, key("A"), key(expected)))


@pytest.mark.parametrize(
    ("module", "facts", "expected"),
    [
        pytest.param(wanting(FOR_QUIZ), handed_in("a1 a2", waiting="a2"), True, id="her companion is to answer"),
        pytest.param(wanting(FOR_QUIZ), handed_in("a1", waiting="a2"), False, id="a lesson is left"),
        pytest.param(wanting(FOR_QUIZ), handed_in("a1 b1", waiting="a2"), False, id="as many, but another's"),
        pytest.param(wanting(FOR_QUIZ), handed_in("a1 a2"), False, id="the practice is left"),
        pytest.param(wanting(FOR_QUIZ), handed_in("a1 a2", waiting="b1"), False, id="another module's has no answer"),
        pytest.param(
            wanting(FOR_QUIZ, "a1 a2"), handed_in("a1 a2", waiting="a2", to_improve="a1"), False, id="one is to mend"
        ),
        pytest.param(wanting(FOR_QUIZ), handed_in("a1 a2", waiting="a2", approved="A"), False, id="one was right"),
        pytest.param(wanting(FOR_QUIZ), handed_in("a1 a2", waiting="a2", opened="A"), False, id="it is open already"),
        pytest.param(wanting(FOR_BADGE), handed_in("a1 a2", waiting="a2"), False, id="the quiz wants none"),
        pytest.param(module("A", "a1 a2", quiz=False), did("a1 a2"), True, id="editors are to publish a quiz"),
        pytest.param(module("A", "a1 a2", quiz=False), did("a1 b1"), False, id="no quiz, and a lesson is left"),
    ],
)
def test_whether_all_that_is_left_is_for_others_to_do(module, facts, expected):
    assert awaits_others(module, facts) is expected


# --- How far ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("module", "facts", "expected"),
    [
        (A, did(), Pace.NOT_STARTED),
        (A, did("b1"), Pace.NOT_STARTED),
        (A, did("a2"), Pace.IN_PROGRESS),
        (A, did("a1 a2"), Pace.IN_PROGRESS),
        (A, did("a1 a2", opened="A"), Pace.IN_PROGRESS),
        (A, did(opened="A"), Pace.IN_PROGRESS),
        (A, Facts(practices_waiting=frozenset(keys("a1"))), Pace.IN_PROGRESS),
        (A, Facts(practices_to_improve=frozenset(keys("a1"))), Pace.IN_PROGRESS),
        (A, Facts(practices_right=frozenset(keys("a1"))), Pace.IN_PROGRESS),
        (A, Facts(practices_waiting=frozenset(keys("b1"))), Pace.NOT_STARTED),
        (A, did("a1 a2", opened="A", passed="A"), Pace.DONE),
        (A_GREW, did("a1 a2", passed="A"), Pace.DONE),
    ],
)
def test_the_pace_of_a_module(module, facts, expected):
    assert pace(module, facts) == expected


# --- What next ----------------------------------------------------------------------------------------------------

LONG = module("A", "a1 a2 a3 a4")


@pytest.mark.parametrize(
    ("done", "after", "expected"),
    [
        ("", None, "a1"),
        ("a1", None, "a2"),
        ("a2", None, "a1"),
        ("a1 a2 a3 a4", None, None),
        ("a1", "a1", "a2"),
        ("a1 a3", "a3", "a4"),
        ("a1 a3 a4", "a3", "a2"),  # on from there, then from the start
        ("a4", "a4", "a1"),
        ("a1 a2 a3", "a3", "a4"),
        ("a1 a3 a4", "a2", "a2"),  # itself comes last
        ("a1 a2 a3 a4", "a2", None),
        ("a1", "b1", "a2"),  # a lesson that is not there (any more)
    ],
)
def test_the_next_lesson(done, after, expected):
    found = next_lesson(LONG, did(done), after=key(after) if after else None)
    assert found == (key(expected) if expected else None)


def read_next(lesson: str) -> Step:
    return Step(StepKind.LESSON, key(lesson[0].upper()), key(lesson))


def quiz_next(name: str) -> Step:
    return Step(StepKind.QUIZ, key(name))


C = module("C", "c1", needs="B")


@pytest.mark.parametrize(
    ("order", "facts", "expected"),
    [
        pytest.param([A, B], did(), read_next("a1"), id="nothing done: the first lesson of the first module"),
        pytest.param([B, A], did(), read_next("b1"), id="the order decides"),
        pytest.param([A, B], did("a1"), read_next("a2"), id="then the next lesson"),
        pytest.param([A, B], did("a1 a2"), quiz_next("A"), id="then the quiz, before the next module"),
        pytest.param([A, B], did("a1 a2", opened="A"), quiz_next("A"), id="an opened quiz, too"),
        pytest.param([A, B], did("a1 a2", passed="A"), read_next("b1"), id="passed: on to the next module"),
        pytest.param([A_GREW, B], did("a1 a2", opened="A"), read_next("a3"), id="a new lesson comes before the quiz"),
        pytest.param([A_GREW, B], did("a1 a2", passed="A"), read_next("b1"), id="done: its new lesson waits"),
        pytest.param([A_GREW, B], did("a1 a2 b1", passed="A B"), read_next("a3"), id="all done: now the new lesson"),
        pytest.param([C, B], did("c1"), read_next("b1"), id="a quiz that waits for another module: that module"),
        pytest.param([C, B], did("b1 c1"), quiz_next("B"), id="and its quiz first"),
        pytest.param([C, B], did("b1 c1", passed="B"), quiz_next("C"), id="then the one that waited"),
        pytest.param([module("A", "a1", quiz=False), B], did("a1"), read_next("b1"), id="no quiz: on to the next"),
        pytest.param([module("A"), B], did(), read_next("b1"), id="no lesson: on to the next"),
        pytest.param([A, B], did("a1 a2 b1", passed="A B"), None, id="all done: nothing"),
        pytest.param([], did(), None, id="no modules: nothing"),
        pytest.param([B, A], begun("A", "a1 a2", opened="A"), quiz_next("A"), id="a quiz left in the middle: first"),
        pytest.param([B, A], begun("A", "a1 a2", passed="A"), read_next("b1"), id="but not once it is passed"),
    ],
)
def test_the_next_step(order, facts, expected):
    assert next_step(order, facts) == expected


PATH = [module(letter, f"{letter.lower()}1 {letter.lower()}2") for letter in "ABCDE"]


@pytest.mark.parametrize(
    ("assigned", "facts", "expected"),
    [
        pytest.param("", did(), "ABCDE", id="the order of the path"),
        pytest.param("D", did(), "DABCE", id="an assigned module first"),
        pytest.param("D B", did(), "DBACE", id="more than one: in the order given, by due date"),
        pytest.param("", did("d1 c1"), "CDABE", id="begun before not begun, in the order of the path"),
        pytest.param("E", did("d1"), "EDABC", id="assigned before begun"),
        pytest.param("D B", did("b1"), "DBACE", id="among the assigned the due date decides, begun or not"),
        pytest.param("", did(passed="A C"), "BDEAC", id="done comes last"),
        pytest.param("D B", did(passed="D"), "BDACE", id="done and assigned: last of the assigned"),
        pytest.param("D", did("b1", passed="D A"), "DBCEA", id="both parts, each with what is done last"),
        pytest.param("D Z", did(), "DABCE", id="assigned but not published: not there"),
    ],
)
def test_the_order_to_learn_in(assigned, facts, expected):
    assert names(learning_order(PATH, keys(assigned), facts)) == expected


# --- Whatever happens ---------------------------------------------------------------------------------------------

LESSONS = {letter: [key(f"{letter.lower()}{number}") for number in (1, 2, 3)] for letter in "ABC"}
MODULE_KEYS = [key(letter) for letter in "ABC"]


@some.composite
def paths(draw) -> dict[UUID, Module]:
    modules = {}
    for letter in "ABC":
        lessons = tuple(draw(some.lists(some.sampled_from(LESSONS[letter]), unique=True)))
        modules[key(letter)] = Module(
            key(letter),
            lessons,
            draw(some.booleans()),
            tuple(draw(some.lists(some.sampled_from(MODULE_KEYS), unique=True))),
            lessons[: draw(some.integers(0, 3))],
            draw(some.sampled_from(PracticeNeed)),
        )
    return modules


some_facts = some.builds(
    Facts,
    some.frozensets(some.sampled_from([lesson for lessons in LESSONS.values() for lesson in lessons])),
    some.frozensets(some.sampled_from(MODULE_KEYS)),
    some.frozensets(some.sampled_from(MODULE_KEYS)),
    some.frozensets(some.sampled_from(MODULE_KEYS)),
)


def both(one: Facts, other: Facts) -> Facts:
    return Facts(
        one.lessons_done | other.lessons_done,
        one.quizzes_opened | other.quizzes_opened,
        one.quizzes_passed | other.quizzes_passed,
        one.practices_approved | other.practices_approved,
    )


@steady
@given(paths(), some_facts, some_facts)
def test_more_facts_never_close_a_gate_nor_make_more_missing(modules, earlier, more):
    for module in modules.values():
        before, after = gate(module, earlier, modules), gate(module, both(earlier, more), modules)
        assert list(State).index(after.state) >= list(State).index(before.state)
        if after.state == LOCKED:
            assert set(after.missing_lessons) <= set(before.missing_lessons)
            assert set(after.missing_modules) <= set(before.missing_modules)
            assert after.missing_practice <= before.missing_practice


@steady
@given(paths(), some_facts, some_facts)
def test_more_facts_never_turn_the_pace_back(modules, earlier, more):
    for module in modules.values():
        before, after = pace(module, earlier), pace(module, both(earlier, more))
        assert list(Pace).index(after) >= list(Pace).index(before)


@steady
@given(paths(), some_facts, some.data())
def test_a_lesson_added_later_takes_nothing_earned_away(modules, facts, data):
    facts = both(facts, did(opened="A B C"))  # the quizzes had opened
    new = key("new")
    for module in modules.values():
        place = data.draw(some.integers(0, len(module.lessons)))
        grown = Module(module.key, (*module.lessons[:place], new, *module.lessons[place:]), True, module.prerequisites)
        before, after = gate(module, facts, modules), gate(grown, facts, modules | {grown.key: grown})
        assert list(State).index(after.state) >= list(State).index(before.state)


@steady
@given(paths(), some_facts)
def test_a_locked_quiz_says_what_is_missing_unless_the_module_is_unfinished(modules, facts):
    for module in modules.values():
        found = gate(module, facts, modules)
        if found.state == LOCKED and module.can_be_done:
            assert found.missing_lessons or found.missing_modules or found.missing_practice
        if found.state != LOCKED:
            assert not found.missing_lessons
            assert not found.missing_modules
            assert not found.missing_practice


@steady
@given(paths(), some_facts, some.lists(some.sampled_from(MODULE_KEYS), unique=True))
def test_the_order_to_learn_in_keeps_every_module_once(modules, facts, assigned):
    order = list(modules.values())
    assert sorted(learning_order(order, assigned, facts), key=lambda one: one.key) == sorted(
        order, key=lambda one: one.key
    )


@steady
@given(paths(), some_facts)
def test_the_next_step_can_be_taken_and_is_not_yet_done(modules, facts):
    step = next_step(list(modules.values()), facts)
    if step is None:
        assert all(next_lesson(module, facts) is None for module in modules.values())
    elif step.kind == StepKind.LESSON:
        assert step.lesson in modules[step.module].lessons
        assert step.lesson not in facts.lessons_done
    elif step.kind == StepKind.PRACTICE:
        assert step.lesson in modules[step.module].tasks
        assert step.module not in facts.practices_approved
    else:
        assert gate(modules[step.module], facts, modules).state == OPEN


# --- Meetings, and the companion's own learning -------------------------------------------------------------------

TODAY = date(2026, 11, 24)


@pytest.mark.parametrize(
    ("held_on", "may"),
    [
        (date(2026, 11, 25), False),
        (TODAY, True),
        (date(2026, 11, 23), True),
        (date(2025, 11, 23), True),
        (date(2025, 11, 22), False),
        (date(2062, 11, 24), False),
    ],
)
def test_a_meeting_is_recorded_for_today_or_a_day_of_the_last_year(held_on, may):
    assert may_have_met(held_on, TODAY) is may


@pytest.mark.parametrize(
    ("recorded_on", "may"), [(TODAY, True), (date(2026, 11, 23), False), (date(2026, 11, 25), False)]
)
def test_a_meeting_is_corrected_on_the_day_on_which_it_was_recorded(recorded_on, may):
    assert may_correct_meeting(recorded_on, TODAY) is may


@pytest.mark.parametrize(
    ("parts", "learned", "ready"),
    [
        ("", "", True),
        ("goals rubric", "", False),
        ("goals rubric", "goals", False),
        ("goals rubric", "goals rubric", True),
        ("goals rubric", "rubric goals mistakes", True),
        ("goals rubric", "mistakes", False),
    ],
)
def test_a_companion_is_ready_when_every_part_that_is_written_is_learned(parts, learned, ready):
    assert is_ready_to_teach(parts.split(), learned.split()) is ready

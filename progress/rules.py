"""What is done, open and locked. Pure: facts in, states out; nothing here is stored.

- A lesson is done when its learner has said «Sudah paham».
- A lesson treated at a meeting of her group is done as well, for those who were there.
- A module's quiz opens when all its published lessons are done and its prerequisites are; once opened it stays open.
- A module is done when its quiz is passed, and stays done. One without a lesson or without a quiz is never done.
- Prerequisites lock a quiz, never reading. A prerequisite that nobody could finish locks nothing.
- Where the editors want it, a practice of the module that its companion found right must come before its quiz, or
  before its badge. A module without a practice task wants none.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from uuid import UUID


class State(StrEnum):
    LOCKED = "locked"
    OPEN = "open"
    DONE = "done"


class Pace(StrEnum):
    """How far a learner is in a module, in the words of the screen: belum mulai, sedang dikerjakan, selesai."""

    NOT_STARTED = "not_started"
    IN_PROGRESS = "in_progress"
    DONE = "done"


class PracticeNeed(StrEnum):
    """What an approved practice is needed for in a module."""

    NONE = "none"
    QUIZ = "quiz"
    BADGE = "badge"


@dataclass(frozen=True)
class Module:
    """The published content of one module: what there is to do."""

    key: UUID
    lessons: tuple[UUID, ...]  # in reading order
    has_quiz: bool
    prerequisites: tuple[UUID, ...] = ()
    tasks: tuple[UUID, ...] = ()  # those of the lessons that end in a practice task
    practice_needed: PracticeNeed = PracticeNeed.NONE

    @property
    def can_be_done(self) -> bool:
        return bool(self.lessons) and self.has_quiz


@dataclass(frozen=True)
class Facts:
    """What one learner has done, whatever the content says today."""

    lessons_done: frozenset[UUID] = frozenset()
    quizzes_opened: frozenset[UUID] = frozenset()  # module keys
    quizzes_passed: frozenset[UUID] = frozenset()  # module keys
    practices_approved: frozenset[UUID] = frozenset()  # module keys
    practices_waiting: frozenset[UUID] = frozenset()  # lesson keys: the last one handed in has no answer yet
    practices_to_improve: frozenset[UUID] = frozenset()  # lesson keys: the last one handed in was not right yet
    practices_right: frozenset[UUID] = frozenset()  # lesson keys: the last one handed in was right
    lessons_at_meetings: frozenset[UUID] = frozenset()  # those of lessons_done that a meeting brought
    quizzes_begun: frozenset[UUID] = frozenset()  # module keys: an attempt is not handed in yet
    quizzes_waiting: frozenset[UUID] = frozenset()  # module keys: a whole attempt from her phone waits for the quiz

    @property
    def practices(self) -> frozenset[UUID]:
        """The lessons of which something was handed in."""
        return self.practices_waiting | self.practices_to_improve | self.practices_right


@dataclass(frozen=True)
class Gate:
    """The state of a module's quiz and, while it is locked, what is missing."""

    state: State
    missing_lessons: tuple[UUID, ...] = ()
    missing_modules: tuple[UUID, ...] = ()
    missing_practice: bool = False


def is_done(module: Module, facts: Facts) -> bool:
    return module.can_be_done and module.key in facts.quizzes_passed


def gate(module: Module, facts: Facts, modules: Mapping[UUID, Module]) -> Gate:
    """The gate of the quiz of ``module``; ``modules`` holds all published modules by key."""
    if is_done(module, facts):
        return Gate(State.DONE)
    if module.can_be_done and module.key in facts.quizzes_opened:
        return Gate(State.OPEN)
    missing_lessons = tuple(key for key in module.lessons if key not in facts.lessons_done)
    missing_modules = tuple(
        key
        for key in module.prerequisites
        if key in modules
        and modules[key].can_be_done
        and not is_done(modules[key], facts)
        and not _needs(modules[key], module.key, modules)
    )
    missing_practice = misses_practice(module, facts, PracticeNeed.QUIZ)
    locked = missing_lessons or missing_modules or missing_practice or not module.can_be_done
    return Gate(State.LOCKED if locked else State.OPEN, missing_lessons, missing_modules, missing_practice)


def misses_practice(module: Module, facts: Facts, need: PracticeNeed) -> bool:
    """Whether the module wants an approved practice for ``need`` and the learner has none."""
    if module.practice_needed != need or not module.tasks or module.key in facts.practices_approved:
        return False
    return facts.practices_right.isdisjoint(module.tasks)  # also those of another module, whose lesson moved here since


def _needs(module: Module, key: UUID, modules: Mapping[UUID, Module]) -> bool:
    """Whether ``module`` needs the module ``key`` first, directly or through others: a circle nobody could enter."""
    seen: set[UUID] = set()
    waiting = [module]
    while waiting:
        for needed in waiting.pop().prerequisites:
            if needed == key:
                return True
            if needed in modules and needed not in seen:
                seen.add(needed)
                waiting.append(modules[needed])
    return False


def pace(module: Module, facts: Facts) -> Pace:
    if is_done(module, facts):
        return Pace.DONE
    worked = facts.lessons_done | facts.practices
    started = module.key in facts.quizzes_opened or not worked.isdisjoint(module.lessons)
    return Pace.IN_PROGRESS if started else Pace.NOT_STARTED


def next_lesson(module: Module, facts: Facts, after: UUID | None = None) -> UUID | None:
    """The first lesson not yet done, looking from ``after`` on and then from the start; None where all are done."""
    start = module.lessons.index(after) + 1 if after in module.lessons else 0
    for key in module.lessons[start:] + module.lessons[:start]:
        if key not in facts.lessons_done:
            return key
    return None


class StepKind(StrEnum):
    LESSON = "lesson"
    PRACTICE = "practice"
    QUIZ = "quiz"


@dataclass(frozen=True)
class Step:
    """The one thing to do next."""

    kind: StepKind
    module: UUID
    lesson: UUID | None = None


def next_step(order: Sequence[Module], facts: Facts) -> Step | None:
    """The next thing to do, over modules in the order that matters to the learner; None when nothing is left.

    A quiz that she left in the middle comes first, then a practice that her companion wants better. Within a module:
    its next lesson, else its quiz if that is open, else the practice that the quiz wants; once it is done, the practice
    that its badge wants. A quiz locked by a prerequisite waits: the prerequisite is a module of its own in ``order``.
    """
    modules = {module.key: module for module in order}
    for module in order:
        if module.key in facts.quizzes_begun and gate(module, facts, modules).state == State.OPEN:
            return Step(StepKind.QUIZ, module.key)
    for module in order:
        for lesson in module.tasks:
            if lesson in facts.practices_to_improve:
                return Step(StepKind.PRACTICE, module.key, lesson)
    for module in order:
        if is_done(module, facts):
            if lesson := wanted_practice(module, facts, PracticeNeed.BADGE):
                return Step(StepKind.PRACTICE, module.key, lesson)
            continue
        if lesson := next_lesson(module, facts):
            return Step(StepKind.LESSON, module.key, lesson)
        if gate(module, facts, modules).state == State.OPEN:
            return Step(StepKind.QUIZ, module.key)
        if lesson := wanted_practice(module, facts, PracticeNeed.QUIZ):
            return Step(StepKind.PRACTICE, module.key, lesson)
    for module in order:  # all that is left was earned before a lesson was added
        if lesson := next_lesson(module, facts):
            return Step(StepKind.LESSON, module.key, lesson)
    return None


def awaits_others(module: Module, facts: Facts) -> bool:
    """Whether in a module that is not done nothing is left to do before somebody else has answered a practice, or
    published its quiz."""
    return next_step([module], facts) is None


def wanted_practice(module: Module, facts: Facts, need: PracticeNeed) -> UUID | None:
    """The lesson whose practice to hand in for ``need``; None where none is wanted, or one waits for its answer."""
    if not misses_practice(module, facts, need) or facts.practices_waiting.intersection(module.tasks):
        return None
    return practice_to_do(module, facts)


def practice_to_do(module: Module, facts: Facts) -> UUID:
    """The lesson whose practice comes next in a module with tasks: the one that waits for its answer, or the first."""
    return next((lesson for lesson in module.tasks if lesson in facts.practices_waiting), module.tasks[0])


def untried_practice(order: Sequence[Module], facts: Facts) -> Step | None:
    """The first practice task that she has never handed in: nothing wants it, and it is what she learned for."""
    for module in order:
        for lesson in module.tasks:
            if lesson not in facts.practices:
                return Step(StepKind.PRACTICE, module.key, lesson)
    return None


def learning_order(order: Sequence[Module], assigned: Sequence[UUID], facts: Facts) -> list[Module]:
    """All modules as the learner should take them: the assigned by due date, as given; then the others in the order of
    the path, those begun first. In both, what is done comes last."""
    rank = {key: place for place, key in enumerate(assigned)}
    paces = [Pace.IN_PROGRESS, Pace.NOT_STARTED, Pace.DONE]

    def place(module: Module) -> tuple[bool, bool, int, int]:
        now = pace(module, facts)
        is_assigned = module.key in rank
        return (not is_assigned, now == Pace.DONE, rank[module.key] if is_assigned else 0, paces.index(now))

    return sorted(order, key=place)  # stable: equals stay in the order of the path


OLDEST_MEETING = timedelta(days=366)  # what is older was mistyped


def may_have_met(held_on: date, today: date) -> bool:
    """Whether a meeting can be recorded for that day: not for a day to come, nor for one long past."""
    return today - OLDEST_MEETING <= held_on <= today


def may_correct_meeting(recorded_on: date, today: date) -> bool:
    """A meeting is corrected or undone on the day on which it was recorded, and stays as it is from the next day on."""
    return recorded_on == today


def is_ready_to_teach(parts: Collection[str], learned: Collection[str]) -> bool:
    """Whether a companion has learned every part of a module's material. Where none is written, there is none to
    learn."""
    return set(parts) <= set(learned)

"""How households stand: loads what companions/rules.py needs, for many at once, in a constant number of queries."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

from django.db.models import Count, Max, Q
from django.utils import timezone

from people.models import Household, HouseholdEvent, Learner, TemporaryPin
from people.prepared import Prepared
from practice.models import PracticeSubmission
from progress.facts import Outline, facts_of
from progress.models import ModuleAssignment, ModuleProgress
from progress.rules import PracticeNeed, StepKind, awaits_others, next_step
from quizzes.models import Attempt

from .rules import (
    FAILED_OFTEN,
    ORDER,
    RESTS_AFTER_VISIT,
    Begun,
    Contact,
    Failed,
    Given,
    Kind,
    Known,
    Need,
    Stage,
    WaitingPin,
    Worked,
    days_told,
    going,
    is_done,
    needs,
    rests,
    signal_is_doubtful,
    stage,
)


@dataclass(frozen=True)
class Case:
    """One household by its facts alone, at one moment. ``learners`` are those whose data may be used."""

    household: int
    learners: tuple[int, ...]
    known: Known
    now: datetime

    @cached_property
    def needs(self) -> list[Need]:
        return needs(self.known, self.now) if self.learners else []

    @cached_property
    def pressing(self) -> list[Need]:
        """The needs that do not rest."""
        return [need for need in self.needs if not rests(need, self.known.contacts, self.now)]

    @property
    def presses_most(self) -> Need | None:
        return self.pressing[0] if self.pressing else None

    @property
    def last_contact(self) -> Contact | None:
        """The last one that may still let a need rest."""
        return max(self.known.contacts, default=None)

    def waits_for(self, kind: Kind) -> bool:
        """Whether Hari ini shows the household under that heading: one reason each, and none that rests."""
        return bool(self.presses_most) and self.presses_most.kind == kind

    @property
    def stage(self) -> Stage:
        return stage(self.known, self.now)

    @property
    def waits_for_module(self) -> bool:
        return bool(self.learners) and self.stage == Stage.NO_MODULE

    @property
    def days_quiet(self) -> int:
        """0 where it is not quiet. Who was given something and never began is quiet, too, as in Hari ini."""
        quiet = next((need for need in self.needs if need.kind in (Kind.QUIET, Kind.LONG_QUIET)), None)
        return days_told(quiet, self.now) if quiet else 0

    @property
    def has_stopped(self) -> bool:
        """Whether it is quiet in the midst of something; what was given after all else was done, nobody has begun."""
        return bool(going(self.known))

    def is_at(self, place: Stage | Kind) -> bool:
        """Whether the household stands at that stage, or has that need; seven days quiet hold fourteen, and who has not
        started holds who has no module."""
        if place == Stage.NO_MODULE:
            return self.waits_for_module
        kinds = {need.kind for need in self.needs}
        wider = {Kind.QUIET: Kind.LONG_QUIET in kinds, Stage.NOT_STARTED: self.stage == Stage.NO_MODULE}
        return place == self.stage or place in kinds or wider.get(place, False)


@dataclass(frozen=True)
class Situation:
    """A case with the people of whom a screen tells."""

    case: Case
    household: Household
    learners: dict[int, Learner]

    @property
    def phone_last_sent_at(self) -> datetime | None:
        times = [person.phone_last_sent_at for person in self.learners.values() if person.phone_last_sent_at]
        return max(times, default=None)

    @property
    def signal_is_doubtful(self) -> bool:
        return signal_is_doubtful(self.phone_last_sent_at, self.case.now)


def cases(households: Sequence[int], content: Outline) -> list[Case]:
    """How each household stands, in six to eight queries however many there are: more where some wait for others."""
    now = timezone.localtime()
    people: dict[int, list[int]] = defaultdict(list)
    home: dict[int, int] = {}
    for household, learner in _learners(households=households) if households else ():
        people[household].append(learner)
        home[learner] = household
    found = {name: defaultdict(list) for name in Known.__dataclass_fields__}
    for learner, one in [*_begun(home, content), *_failed(home, content), *_pins(home)] if home else ():
        found[_PLACES[type(one)]][home[learner]].append(one)
    for household, one in [*_given(households, content), *_contacts(households, now)] if households else ():
        found[_PLACES[type(one)]][household].append(one)
    return [
        Case(
            household,
            tuple(people.get(household, ())),
            Known(**{name: tuple(rows.get(household, ())) for name, rows in found.items()}),
            now,
        )
        for household in households
    ]


def in_turn(cases: Iterable[Case]) -> list[Case]:
    """Those that wait for her: under what presses most first, and there whoever waits longest."""
    waiting = [case for case in cases if case.presses_most]
    return sorted(waiting, key=lambda case: (ORDER[case.presses_most.kind], case.presses_most.at))


def situations(households: Iterable[Household], content: Outline) -> list[Situation]:
    """The situation of each household, in one query more than ``cases``."""
    households = list(households)
    return situated(cases([household.pk for household in households], content), households)


def situated(cases: Sequence[Case], households: Iterable[Household]) -> list[Situation]:
    """The cases of these households with their people, in one query."""
    by_id = {household.pk: household for household in households}
    shown = [case for case in cases if case.household in by_id]
    home = {learner: case.household for case in shown for learner in case.learners}
    people: dict[int, dict[int, Learner]] = defaultdict(dict)
    for person in Learner.objects.filter(pk__in=list(home)) if home else ():
        people[home[person.pk]][person.pk] = person
    return [Situation(case, by_id[case.household], people[case.household]) for case in shown]


_PLACES = {Begun: "begun", Worked: "worked", Failed: "failed", WaitingPin: "pins", Given: "given", Contact: "contacts"}


_learners = Prepared(  # in no order: to sort them by name costs as much as to find them
    lambda households: (
        Learner.objects.active().filter(household__in=[households]).order_by().values_list("household_id", "pk")
    ),
    households=int,
)
_progress = Prepared(
    lambda learners: ModuleProgress.objects.filter(learner__in=[learners]).values_list(
        "learner_id", "module_key", "passed_at", "last_fact_at", "quiz_opened_at"
    ),
    learners=int,
)
_unanswered = Prepared(
    lambda learners: (
        PracticeSubmission.objects.current()
        .filter(learner__in=[learners], feedback=None)
        .order_by()
        .values_list("learner_id")
    ),
    learners=int,
)
_tried_often = Prepared(
    lambda learners: (
        Attempt.objects.submitted()
        .filter(learner__in=[learners])
        .values_list("learner_id", "module_key")
        .annotate(times=Count("pk"), passes=Count("pk", filter=Q(passed=True)), last=Max("submitted_at"))
        .filter(times__gte=FAILED_OFTEN, passes=0)
    ),
    learners=int,
)
_waiting_pins = Prepared(
    lambda learners: (
        TemporaryPin.objects.waiting().filter(learner__in=[learners]).values_list("learner_id", "expires_at")
    ),
    learners=int,
)
_assignments = Prepared(
    lambda households: (
        ModuleAssignment.objects.current()
        .filter(household__in=[households])
        .values_list("household_id", "module_key", "assigned_at", "due_on")
    ),
    households=int,
)
_reached = Prepared(
    lambda households, since: HouseholdEvent.objects.filter(
        household__in=[households],
        kind__in=HouseholdEvent.REACHED,
        at__gt=since,
    ).values_list("household_id", "at", "kind"),
    households=int,
    since=datetime,
)


def _begun(learners: Collection[int], content: Outline):
    """In one query, and up to two more where some may wait for others: by their lessons, as they stand today."""
    rows, unopened, may_wait = [], set(), set()
    for learner, key, passed_at, last, opened_at in _progress(learners=list(learners)):
        module = content.modules.get(key)
        if module is None:
            yield learner, Worked(learner, last)
            continue
        rows.append((learner, module, last, is_done(module, passed_at)))
        if not module.can_be_done:
            may_wait.add((learner, key))
        elif opened_at is None and module.practice_needed == PracticeNeed.QUIZ:
            unopened.add((learner, key))
    if unopened:
        sent = {pk for (pk,) in _unanswered(learners=list({learner for learner, _ in unopened}))}
        may_wait |= {one for one in unopened if one[0] in sent}
    facts = facts_of(Learner(pk=learner) for learner in {learner for learner, _ in may_wait})
    for learner, module, last, done in rows:
        awaits = (learner, module.key) in may_wait and awaits_others(module, facts[learner])
        yield learner, Begun(learner, module.key, last, done, awaits)


def _failed(learners: Collection[int], content: Outline):
    for learner, key, times, _, last in _tried_often(learners=list(learners)):
        if key in content.modules and content.modules[key].has_quiz:
            yield learner, Failed(learner, key, times, last)


def _pins(learners: Collection[int]):
    for learner, expires_at in _waiting_pins(learners=list(learners)):
        yield learner, WaitingPin(learner, expires_at)


def _given(households: Sequence[int], content: Outline):
    for household, key, at, due_on in _assignments(households=households):
        if key in content.modules:
            yield household, Given(key, at, due_on)


def _contacts(households: Sequence[int], now: datetime):
    for household, at, kind in _reached(households=households, since=now - RESTS_AFTER_VISIT):
        yield household, Contact(at, kind == HouseholdEvent.Kind.VISITED)


@dataclass(frozen=True)
class NeedLine:
    """A need in the words of the screen."""

    need: Need
    person: Learner | None
    step: StepKind | None  # what a quiet learner would do next
    title: str  # of the lesson of that step; else of the module
    days: int  # since, or until where negative


def need_lines(situation: Situation, wanted: list[Need], content: Outline, facts: dict) -> list[NeedLine]:
    """``facts``: what ``facts_of`` gave for the learners of these needs. Who went away meanwhile needs nothing."""
    return [
        NeedLine(
            need,
            situation.learners.get(need.learner),
            *_stopped_at(need, content, facts),
            days_told(need, situation.case.now),
        )
        for need in wanted
        if need.learner is None or need.learner in situation.learners
    ]


def _stopped_at(need: Need, content: Outline, facts: dict) -> tuple[StepKind | None, str]:
    """What a quiet learner would do next in her module, or in another that it waits for; and its title."""
    if need.module is None:
        return None, ""
    if need.kind in (Kind.QUIET, Kind.LONG_QUIET) and need.learner in facts:
        first = content.modules[need.module]
        others = (module for module in content.modules.values() if module is not first)
        if step := next_step([first, *others], facts[need.learner]):
            return step.kind, content.titles[step.lesson or step.module]
    return None, content.titles[need.module]


def facts_for(needs: Iterable[Need], situations: Iterable[Situation]) -> dict:
    """The facts of the learners of these needs, in one query."""
    wanted = {need.learner for need in needs}
    return facts_of(person for one in situations for pk, person in one.learners.items() if pk in wanted)

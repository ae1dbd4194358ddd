"""The companion's list of households and one household's page. Nothing here writes."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db.models import Count, F, Q, QuerySet, Value
from django.db.models.functions import Concat, NullIf

from courses.models import ModuleBusinessType, ModulePage
from people.models import Household, HouseholdEvent, Learner, User
from progress.facts import GONE, Outline, facts_of
from progress.models import LessonCompletion, ModuleAssignment, ModuleProgress
from progress.rules import Facts, Pace, pace

from .practice_queue import QueueRow, waiting
from .rules import Kind, Offer, Reason, Stage, is_done, suggestions
from .situations import NeedLine, Situation, cases, need_lines, situated, situations

PER_PAGE = 30
PLACES = {  # at which the list can be looked at, in the words of all screens
    Stage.NO_MODULE: "Belum punya modul",
    Stage.NOT_STARTED: "Belum mulai",
    Stage.LEARNING: "Sedang belajar",
    Kind.QUIET: "Diam 7 hari lebih",
    Kind.LONG_QUIET: "Diam 14 hari lebih",
    Stage.DONE: "Selesai semua",
    Kind.QUIZ: "Kuis belum lulus",
    Kind.DUE: "Tenggat dekat",
    Kind.PIN: "PIN sementara",
}


@dataclass(frozen=True)
class Wanted:
    """What the list is narrowed to: words of a name, a group, a stage or need, of a need only who is ``waiting`` under
    it in Hari ini; and the household that it goes on after."""

    name: str = ""
    group: int | None = None
    place: Stage | Kind | None = None
    after: int = 0
    waiting: bool = False


@dataclass(frozen=True)
class ListPage:
    """Up to PER_PAGE situations in the order of names; ``last`` is whom to go on after where there is more."""

    situations: list[Situation]
    total: int
    last: int | None


def list_page(households: QuerySet[Household], wanted: Wanted, content: Outline) -> ListPage:
    """A page by key: what others add or rename meanwhile makes it skip nobody. ``households`` are the companion's."""
    found = households.select_related("group", "region").order_by("name", "pk")
    if wanted.name:
        called = NullIf("address_form", Value(Learner.AddressForm.NONE))  # «ibu sari»: «Bu Sari» is in it, too
        whole = Concat(called, Value(" "), "first_name", Value(" "), "last_name")
        learners = Learner.objects.active().annotate(whole=whole)
        named = learners.filter(whole__icontains=wanted.name)
        found = found.filter(Q(name__icontains=wanted.name) | Q(pk__in=named.values("household")))
    if wanted.group:
        found = found.filter(group=wanted.group)
    following = found
    if last := wanted.after and households.filter(pk=wanted.after).first():
        following = found.filter(Q(name__gt=last.name) | Q(name=last.name, pk__gt=last.pk))
    if wanted.place:  # a rule decides this, not the database; a caseload is a few hundred
        every = cases(list(found.values_list("pk", flat=True)), content)
        there = [case for case in every if (case.waits_for if wanted.waiting else case.is_at)(wanted.place)]
        following = following.filter(pk__in=[case.household for case in there])
        total, rest = len(there), situated(there, following[: PER_PAGE + 1])
    else:
        total, rest = found.count(), situations(following[: PER_PAGE + 1], content)
    page = rest[:PER_PAGE]
    return ListPage(page, total, page[-1].household.pk if len(rest) > PER_PAGE else None)


@dataclass(frozen=True)
class LearnerRow:
    """A learner in the list: how many modules are done, and the one she works on."""

    learner: Learner
    modules_done: int
    current_title: str
    lessons_done: int
    lessons_total: int

    @property
    def how_far(self) -> str:
        if self.current_title:
            return f"{self.current_title}: {self.lessons_done} dari {self.lessons_total}"
        return f"{self.modules_done} modul selesai" if self.modules_done else "Belum mulai"


@dataclass(frozen=True)
class HouseholdRow:
    situation: Situation
    learners: list[LearnerRow]
    assigned: list[str]  # titles of modules that were given and are still to be done


def household_rows(page: list[Situation], content: Outline) -> list[HouseholdRow]:
    """One row a household, in two queries however many there are."""
    learners = [pk for one in page for pk in one.learners]
    progress: dict[int, list[ModuleProgress]] = {}
    for row in ModuleProgress.objects.filter(learner__in=learners, module_key__in=content.modules):
        progress.setdefault(row.learner_id, []).append(row)
    unfinished = {
        pk: [row for row in rows if not is_done(content.modules[row.module_key], row.passed_at)]
        for pk, rows in progress.items()
    }
    current = {pk: max(rows, key=lambda row: row.last_fact_at).module_key for pk, rows in unfinished.items() if rows}
    lessons_done = _lessons_done(current, content)

    def row_of(learner: Learner) -> LearnerRow:
        key = current.get(learner.pk)
        return LearnerRow(
            learner=learner,
            modules_done=len(progress.get(learner.pk, ())) - len(unfinished.get(learner.pk, ())),
            current_title=content.titles[key] if key else "",
            lessons_done=lessons_done.get(learner.pk, 0),
            lessons_total=len(content.modules[key].lessons) if key else 0,
        )

    return [
        HouseholdRow(
            one,
            [row_of(learner) for learner in one.learners.values()],
            [
                content.titles[given.module]
                for given in sorted(one.case.known.unfinished, key=lambda given: given.due_on or date.max)
            ],
        )
        for one in page
    ]


def _lessons_done(current: dict[int, UUID], content: Outline) -> dict[int, int]:
    """How many of the lessons of today each learner has done in the module that she works on. The summary counts what
    was done there, also lessons that were taken out or moved since."""
    wanted = Q(pk__in=[])
    for key in set(current.values()):
        learners = [pk for pk, module in current.items() if module == key]
        wanted |= Q(learner__in=learners, lesson_key__in=content.modules[key].lessons)
    return dict(LessonCompletion.objects.filter(wanted).order_by().values_list("learner").annotate(Count("pk")))


@dataclass(frozen=True)
class ModuleLine:
    """One learner in one module, exactly."""

    page: ModulePage
    pace: Pace
    lessons_done: int
    lessons_total: int
    at_meetings: int  # of those done


def module_lines(content: Outline, facts: Facts) -> list[ModuleLine]:
    """All modules that the learner has begun, in the order of the path."""
    lines = []
    for key, module in content.modules.items():
        state = pace(module, facts)
        if state != Pace.NOT_STARTED:
            done, met = facts.lessons_done.intersection(module.lessons), facts.lessons_at_meetings
            lines.append(ModuleLine(content.module_pages[key], state, len(done), len(module.lessons), len(done & met)))
    return lines


@dataclass(frozen=True)
class AssignmentLine:
    given: ModuleAssignment
    title: str
    is_done: bool


@dataclass(frozen=True)
class SuggestionLine:
    page: ModulePage
    reason: Reason
    leads_to: str  # title of the module that needs this one first


@dataclass(frozen=True)
class HouseholdScreen:
    situation: Situation
    needs: list[NeedLine]
    learners: list[tuple[Learner, list[ModuleLine]]]
    last_contact: HouseholdEvent | None
    may_take_back: bool  # that contact
    practices: list[QueueRow]  # that wait for her answer
    assignments: list[AssignmentLine]
    suggestions: list[SuggestionLine]


def household_screen(household: Household, content: Outline, user: User) -> HouseholdScreen:
    learners = list(household.learners.select_related("user"))
    # Of a learner who withdrew only the name is shown, so that her companion can record a new consent with her.
    facts = facts_of(learner for learner in learners if learner.user.is_active)
    current = ModuleAssignment.objects.current().filter(household=household)
    current = current.with_choice().order_by(F("due_on").asc(nulls_last=True), "pk")
    [situation] = situations([household], content)
    done = situation.case.known.done
    last_contact = household.events.filter(kind__in=HouseholdEvent.REACHED).select_related("by").first()
    return HouseholdScreen(
        situation=situation,
        needs=need_lines(situation, situation.case.needs, content, facts),
        learners=[(learner, module_lines(content, facts.get(learner.pk, Facts()))) for learner in learners],
        last_contact=last_contact,
        may_take_back=last_contact is not None and last_contact.may_be_taken_back_by(user),
        practices=[
            QueueRow(sent, content.titles.get(sent.lesson_key, GONE))
            for sent in waiting(user).filter(learner__household=household).select_related("learner")
        ],
        assignments=sorted(
            (AssignmentLine(row, _title(content, row.module_key), row.module_key in done) for row in current),
            key=lambda line: line.is_done,
        ),
        suggestions=suggestion_lines(situation, content),
    )


def suggestion_lines(situation: Situation, content: Outline) -> list[SuggestionLine]:
    """What to give this household next."""
    types: dict[UUID, set[str]] = {}
    for key, code in ModuleBusinessType.objects.values_list("page__translation_key", "code"):
        types.setdefault(key, set()).add(code)
    offers = [
        Offer(key, content.module_pages[key].topic, frozenset(types.get(key, ())), module.prerequisites)
        for key, module in content.modules.items()
    ]
    home = situation.household
    has = situation.case.known.done | {given.module for given in situation.case.known.given}
    return [
        SuggestionLine(content.module_pages[one.key], one.reason, _title(content, one.leads_to) if one.leads_to else "")
        for one in suggestions(offers, has, business_type=home.business_type, interest=home.interest)
    ]


def _title(content: Outline, key: UUID) -> str:
    return content.titles.get(key, "Modul yang sedang tidak terbit")

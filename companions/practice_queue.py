"""What a companion's practice screens show. Nothing here writes."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Count, Min, Q, QuerySet

from courses.models import LessonPage, ModulePage
from people.models import Learner
from practice.models import PracticeSubmission
from practice.rules import State
from progress.facts import GONE, GONE_MODULE, facts_of, outline

PER_PAGE = 30


@dataclass(frozen=True)
class ModuleCount:
    """How many practices of a module wait, and since when."""

    key: UUID
    title: str
    number: int
    oldest: datetime


@dataclass(frozen=True)
class QueueRow:
    submission: PracticeSubmission
    lesson: str


@dataclass(frozen=True)
class Queue:
    modules: list[ModuleCount]  # whose oldest waits longest first
    rows: list[tuple[ModuleCount, list[QueueRow]]]
    only: UUID | None
    more_after: UUID | None

    @property
    def number(self) -> int:
        return sum(module.number for module in self.modules)


def waiting(user) -> QuerySet[PracticeSubmission]:
    """The practices that wait for this companion, the oldest first."""
    return PracticeSubmission.objects.waiting().for_companion(user).order_by("handed_in_at", "pk")


def queue(user, *, module: UUID | None = None, after: UUID | None = None) -> Queue:
    """One page of what waits, oldest first, grouped by module, in a constant number of queries."""
    counts = waiting(user).order_by().values("module_key").annotate(number=Count("pk"), oldest=Min("handed_in_at"))
    counts = sorted(counts, key=lambda row: (row["oldest"], row["module_key"]))
    titles = ModulePage.objects.titles(row["module_key"] for row in counts)
    modules = [
        ModuleCount(row["module_key"], titles.get(row["module_key"], GONE_MODULE), row["number"], row["oldest"])
        for row in counts
    ]
    page = waiting(user).select_related("learner__household__group")
    if module:
        page = page.filter(module_key=module)
    if last := after and PracticeSubmission.objects.for_companion(user).filter(pk=after).first():
        page = page.filter(Q(handed_in_at__gt=last.handed_in_at) | Q(handed_in_at=last.handed_in_at, pk__gt=last.pk))
    found = list(page[: PER_PAGE + 1])
    lessons = LessonPage.objects.titles(one.lesson_key for one in found)
    rows = [QueueRow(one, lessons.get(one.lesson_key, GONE)) for one in found[:PER_PAGE]]
    grouped = [(one, [row for row in rows if row.submission.module_key == one.key]) for one in modules]
    return Queue(
        modules=modules,
        rows=[(one, of_module) for one, of_module in grouped if of_module],
        only=module,
        more_after=found[PER_PAGE - 1].pk if len(found) > PER_PAGE else None,
    )


def next_waiting(user, after: PracticeSubmission) -> PracticeSubmission | None:
    """What opens by itself after an answer: the oldest of the same module, else the oldest of all."""
    return waiting(user).filter(module_key=after.module_key).first() or waiting(user).first()


@dataclass(frozen=True)
class Task:
    """The task that was done, as it stands today, and how to judge it. None of it where the lesson is gone."""

    title: str
    module: str
    instruction: str
    unit: str
    rubric: list[str]


def task_of(submission: PracticeSubmission) -> Task:
    lesson = LessonPage.objects.original().filter(translation_key=submission.lesson_key).first()
    module = ModulePage.objects.original().filter(translation_key=submission.module_key).first()
    task = lesson.task if lesson else {}
    return Task(
        title=lesson.title if lesson else GONE,
        module=module.title if module else "",
        instruction=task.get("instruction", ""),
        unit=task.get("unit", ""),
        rubric=module.rubric_points if module else [],
    )


@dataclass(frozen=True)
class TaskRow:
    lesson: LessonPage
    state: State | None


def tasks_for(learner: Learner) -> list[tuple[ModulePage, list[TaskRow]]]:
    """All published tasks by module, and how each stands with the learner."""
    content, facts = outline(), facts_of([learner])[learner.pk]
    states = (
        dict.fromkeys(facts.practices_right, State.RIGHT)
        | dict.fromkeys(facts.practices_to_improve, State.TO_IMPROVE)
        | dict.fromkeys(facts.practices_waiting, State.WAITING)
    )
    return [
        (content.module_pages[key], [TaskRow(content.lesson_pages[task], states.get(task)) for task in module.tasks])
        for key, module in content.modules.items()
        if module.tasks
    ]

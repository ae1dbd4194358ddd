"""A companion's month in numbers, for her report. It is pasted elsewhere: groups have names here, people have none.

What was learned is of the households that she accompanies today, also what they did before she did. Of contacts, visits
and answers all that she did herself counts, but for answers to whoever has withdrawn, and stays hers when she hands a
household over: a month that was told is not told anew. Of meetings also those of a colleague count at which somebody of
hers was."""

from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from django.db.models import Count, F, Q, QuerySet
from django.utils.formats import date_format, number_format

from people.models import Household, HouseholdEvent, Learner, User
from people.months import Month
from practice.models import Feedback, PracticeSubmission
from progress.models import GroupSession, LessonCompletion, ModuleProgress
from quizzes.models import Attempt


@dataclass(frozen=True)
class Meeting:
    held_on: date
    present: int  # learners of hers

    def __str__(self) -> str:
        return f"Pertemuan {date_format(self.held_on, 'j M')}: {self.present} hadir"


@dataclass(frozen=True)
class Row:
    """One group; or the households that are in none, without a name."""

    name: str
    households: int
    meetings: list[Meeting]
    lessons: int
    modules: int

    def __str__(self) -> str:
        return self.name or "Tanpa kelompok"

    @property
    def told(self) -> list[str]:
        """What the page and the text tell of it."""
        met = [str(meeting) for meeting in self.meetings] or ["Tanpa pertemuan"] * bool(self.name)
        done = f"{_written(self.lessons)} pelajaran dan {_written(self.modules)} modul selesai"
        return [f"{_written(self.households)} keluarga", *met, done]


@dataclass(frozen=True)
class Recap:
    month: Month
    today: date
    rows: list[Row]
    contacted: int  # households, as the next one
    visited: int
    learners: int
    learned: int  # learners who did a lesson, a quiz or a practice
    practices: int
    answered: int
    right: int  # of those answered

    @property
    def title(self) -> str:
        until = f" (sampai {date_format(self.today, 'j F')})" if self.today < self.month.following.first else ""
        return f"Rekap {self.month}{until}"

    @property
    def groups(self) -> list[Row]:
        """A row each, and the one of those in none; nothing where there are no groups, as the figures tell all."""
        return self.rows if any(row.name for row in self.rows) else []

    @property
    def households(self) -> int:
        return sum(row.households for row in self.rows)

    @property
    def is_empty(self) -> bool:
        """Nothing happened; whatever else may have is a part of these."""
        return not (self.contacted or self.visited or self.learned or self.answered or self._meetings)

    @property
    def _meetings(self) -> int:
        return sum(len(row.meetings) for row in self.rows)

    @property
    def figures(self) -> list[tuple[str, str]]:
        """What the page and the text tell, in their words."""
        return [
            ("Keluarga dampingan", _written(self.households)),
            ("Keluarga dihubungi", _written(self.contacted)),
            ("Keluarga dikunjungi", _written(self.visited)),
            ("Pertemuan kelompok", _written(self._meetings)),
            ("Pelajar yang belajar", f"{_written(self.learned)} dari {_written(self.learners)}"),
            ("Pelajaran selesai", _written(sum(row.lessons for row in self.rows))),
            ("Modul selesai", _written(sum(row.modules for row in self.rows))),
            ("Praktik dikirim", _written(self.practices)),
            ("Praktik dijawab", _written(self.answered)),
            ("Praktik sudah benar", _written(self.right)),
        ]

    @property
    def text(self) -> str:
        """The page in short lines, to be pasted into a message or a report."""
        lines = [self.title, *(f"{label}: {number}" for label, number in self.figures)]
        for row in self.groups:
            lines += ["", str(row), *row.told]
        return "\n".join(lines)


def _written(number: int) -> str:
    return number_format(number, force_grouping=True)


def recap(user: User, month: Month, today: date) -> Recap:
    """In nine queries, however many households there are."""
    groups = Counter(
        Household.objects.for_companion(user)
        .order_by(F("group__name").asc(nulls_last=True), "group")
        .values_list("group", "group__name")
    )
    people = Learner.objects.for_companion(user).active().order_by()
    group_of = dict(people.values_list("pk", "household__group"))
    lessons = _by_learner(LessonCompletion.objects.filter(month.has("completed_at")), people)
    modules = _by_learner(ModuleProgress.objects.filter(month.has("passed_at")), people)
    quizzes = _by_learner(Attempt.objects.submitted().filter(month.has("submitted_at")), people)
    practices = _by_learner(PracticeSubmission.objects.current().filter(month.has("handed_in_at")), people)
    meetings, events = _meetings(user, month, people), _events(user, month)
    answers = Feedback.objects.filter(month.has("given_at"), by=user, submission__learner__user__is_active=True)
    verdicts = Counter(answers.values_list("verdict", flat=True))

    def in_group(numbers: Mapping[int, int], group: int | None) -> int:
        return sum(number for learner, number in numbers.items() if group_of.get(learner) == group)

    return Recap(
        month=month,
        today=today,
        rows=[
            Row(name or "", number, meetings[group], in_group(lessons, group), in_group(modules, group))
            for (group, name), number in groups.items()
        ],
        contacted=events.get(HouseholdEvent.Kind.CONTACTED, 0),
        visited=events.get(HouseholdEvent.Kind.VISITED, 0),
        learners=len(group_of),
        learned=len({*lessons, *quizzes, *practices}),
        practices=sum(practices.values()),
        answered=verdicts.total(),
        right=verdicts[Feedback.Verdict.RIGHT],
    )


def _by_learner(facts: QuerySet, people: QuerySet[Learner]) -> dict[int, int]:
    """How many of these facts each of the people has."""
    return dict(facts.filter(learner__in=people).order_by().values_list("learner").annotate(Count("pk")))


def _meetings(user: User, month: Month, people: QuerySet[Learner]) -> Mapping[int | None, list[Meeting]]:
    """Those that stand, by group, in the order of their days."""
    held = (
        GroupSession.objects.for_companion(user)
        .held_in(month)
        .annotate(present=Count("attendance", filter=Q(attendance__learner__in=people)))
        .filter(Q(recorded_by=user) | Q(present__gt=0))
        .order_by("held_on", "pk")
    )
    found = defaultdict(list)
    for group, held_on, present in held.values_list("group", "held_on", "present"):
        found[group].append(Meeting(held_on, present))
    return found


def _events(user: User, month: Month) -> dict[str, int]:
    """How many households she did something to, by its kind."""
    done = HouseholdEvent.objects.filter(month.has("at"), by=user)
    return dict(done.order_by().values_list("kind").annotate(Count("household", distinct=True)))

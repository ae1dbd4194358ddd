"""What a coordinator's region has done, in numbers alone: no family's name and no learner's leaves for its screens."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Min, Q, QuerySet, Sum

from people.models import Companion, Household, Learner, Region
from practice.models import PracticeSubmission
from progress.models import ErasedLearnerCount

COMPANION = "household__companionships__companion"


@dataclass(frozen=True)
class Learning:
    """Learners, those who have begun, and the modules that they have done."""

    learners: int = 0
    begun: int = 0
    modules_done: int = 0


@dataclass(frozen=True)
class Row:
    """What one companion's households of the region have done, and what waits for her."""

    companion: Companion
    learning: Learning
    practices: int = 0
    practices_since: datetime | None = None


def companions(user) -> QuerySet[Companion]:
    """Those who accompany households of the coordinator's region now, with how many (``households_now``)."""
    now = Q(companionships__ended_at=None, companionships__household__in=Household.objects.for_coordinator(user))
    found = Companion.objects.filter(now).annotate(households_now=Count("companionships"))  # of those alone
    return found.select_related("user").order_by("user__first_name", "pk")


def rows(user) -> list[Row]:
    """A row a companion, in three queries for any number."""
    theirs = {f"{COMPANION}__isnull": False, "household__companionships__ended_at": None}
    learners = Learner.objects.for_coordinator(user).active().filter(**theirs).order_by()
    learning = {row.pop(COMPANION): Learning(**row) for row in learners.values(COMPANION).annotate(**_sums())}
    of_learner = {f"learner__{path}": value for path, value in theirs.items()}
    waiting = PracticeSubmission.objects.waiting().for_coordinator(user).filter(**of_learner).order_by()
    practices = {
        companion: (number, since)
        for companion, number, since in waiting.values_list(f"learner__{COMPANION}").annotate(
            Count("pk"), Min("handed_in_at")
        )
    }
    return [
        Row(companion, learning.get(companion.pk, Learning()), *practices.get(companion.pk, ()))
        for companion in companions(user)
    ]


def in_all(user, region: Region) -> Learning:
    """Of the whole region. What learners had done whose data is erased since stays counted."""
    learning = Learner.objects.for_coordinator(user).active().aggregate(**_sums())
    erased = ErasedLearnerCount.objects.filter(Q(region=region) | Q(region__code__startswith=f"{region.code}."))
    learning["modules_done"] += erased.aggregate(sum=Sum("quizzes_passed", default=0))["sum"]
    return Learning(**learning)


def _sums() -> dict[str, Count]:
    return {
        "learners": Count("pk", distinct=True),
        "begun": Count("module_progress__learner", distinct=True),
        "modules_done": Count("module_progress__passed_at"),
    }

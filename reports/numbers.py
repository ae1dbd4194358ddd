"""What a coordinator's region has done, in numbers alone: no family's name and no learner's leaves for her screens."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, fields
from datetime import date, datetime, timedelta

from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Sum
from django.utils import timezone

from people.models import Companion, Companionship, Household, Region, inside
from people.months import Month
from progress.models import ErasedLearnerCount, GroupSession

from .sums import sums

A_DAY = timedelta(days=1)
# What stands in the table and in its file, by its label there: as it is today, and what happened in the month.
TODAY = {
    "Keluarga": "households",
    "Pelajar": "learners",
    "Sudah mulai": "begun",
    "Modul selesai": "modules_done",
    "Diam 30 hari": "quiet",
    "Praktik menunggu": "waiting",
    "Sejak": "waiting_since",
}
IN_MONTH = {
    "Baru mulai": "started",
    "Pelajaran": "lessons",
    "Modul": "modules_then",
    "Dihubungi atau dikunjungi": "contacted",
    "Dijawab": "answered",
    "Hari menunggu": "days_waited",
}


@dataclass(frozen=True)
class Figures:
    """What some households and their learners have done until today, and in the month. Quiet is who left a module half
    done that she could go on with, and has sent nothing for 30 days."""

    households: int = 0
    learners: int = 0
    begun: int = 0
    modules_done: int = 0
    quiet: int = 0
    waiting: int = 0
    started: int = 0
    lessons: int = 0
    modules_then: int = 0
    contacted: int = 0
    handed_in: int = 0
    answered: int = 0
    was_right: int = 0
    waited: timedelta = timedelta()  # all that were answered in the month together
    since: datetime | None = None  # when the first of those that wait was handed in

    @property
    def waiting_since(self) -> date | str:
        return timezone.localdate(self.since) if self.since else ""

    @property
    def days_waited(self) -> float | str:
        """How many days a practice that was answered in the month had waited, on average."""
        return round(self.waited / A_DAY / self.answered, 1) if self.answered else ""

    def cells(self) -> list[tuple[str, str | float | date]]:
        """The labels of the table with their values."""
        return [(label, getattr(self, name)) for labels in (TODAY, IN_MONTH) for label, name in labels.items()]


@dataclass(frozen=True)
class Row:
    """A line of the table: of a region below, of households whose region is not known that far, of a companion, or of
    households that have none."""

    name: str
    figures: Figures
    region: Region | None = None
    companion: Companion | None = None


@dataclass(frozen=True)
class Report:
    """A region in one month. ``trail`` leads down to it from the coordinator's own."""

    region: Region
    month: Month
    trail: list[Region]
    total: Figures
    below: str  # what the regions below are: «kecamatan»
    regions: list[Row]
    companions: list[Row]
    meetings: int
    attendance: int

    @property
    def has_month(self) -> bool:
        """Whether anything happened in the month."""
        one = self.total
        learned = one.started + one.lessons + one.modules_then
        return bool(learned + one.contacted + one.handed_in + one.answered + self.meetings)


def companions(user) -> QuerySet[Companion]:
    """Those who accompany households of the coordinator's region now."""
    theirs = Household.objects.for_coordinator(user).filter(pk=OuterRef("household"))
    now = Companionship.objects.current().filter(Exists(theirs))
    found = Companion.objects.filter(pk__in=now.values("companion"))
    return found.select_related("user").order_by("user__first_name", "pk")


def report(user, region: Region, month: Month) -> Report:
    """In a few queries, however many people there are. ``region`` is one of the coordinator's."""
    by_region, by_companion, once = defaultdict(list), defaultdict(list), _erased(region)
    for code, companion, counts_in_all, found in sums(Household.objects.for_coordinator(user, region), month):
        figures = Figures(**found)
        by_companion[companion].append(figures)
        if counts_in_all:
            once.append((code, figures))
    for code, figures in once:
        by_region[_part(code, region)].append(figures)
    below = {Region.Level.PROVINCE: Region.Level.REGENCY, Region.Level.REGENCY: Region.Level.DISTRICT}.get(region.level)
    if below is None or set(by_region) <= {region.code}:
        by_region.clear()
    known = Region.objects.for_coordinator(user).in_bulk({*_above(region), *by_region})
    held = GroupSession.objects.for_coordinator(user, region).held_in(month)
    counted = Q(attendance__learner__user__is_active=True)  # as everything else: who withdrew counts no more
    return Report(
        region=region,
        month=month,
        trail=[known[code] for code in _above(region) if code in known],
        total=_together([figures for _, figures in once]),
        below=below.label if below else "",
        regions=[_of_region(code, by_region[code], region, below, known) for code in sorted(by_region)],
        companions=_of_companions(by_companion),
        **held.aggregate(meetings=Count("pk", distinct=True), attendance=Count("attendance", filter=counted)),
    )


def _above(region: Region) -> list[str]:
    parts = region.code.split(".")
    return [".".join(parts[:number]) for number in range(1, len(parts))]


def _part(code: str, region: Region) -> str:
    """The region right below ``region`` that ``code`` is or lies in; its own where it is not known that far."""
    return ".".join(code.split(".")[: region.code.count(".") + 2])


def _erased(region: Region) -> list[tuple[str, Figures]]:
    """What learners had done whose data is erased since stays counted, by place."""
    kept = ErasedLearnerCount.objects.filter(inside("region__code", region.code)).order_by()
    done = kept.values_list("region").annotate(Sum("quizzes_passed"))
    return [(code, Figures(modules_done=modules)) for code, modules in done]


def _together(rows: Sequence[Figures]) -> Figures:
    added = [one for one in fields(Figures) if one.name != "since"]
    return Figures(
        **{one.name: sum((getattr(row, one.name) for row in rows), one.default) for one in added},
        since=min((row.since for row in rows if row.since), default=None),
    )


def _of_region(code: str, rows: list[Figures], region: Region, below: Region.Level, known: dict[str, Region]) -> Row:
    if code == region.code:
        return Row(f"{below.label.capitalize()} belum dicatat", _together(rows))
    return Row(str(known.get(code, code)), _together(rows), region=known.get(code))


def _of_companions(rows: dict[int | None, list[Figures]]) -> list[Row]:
    """First the households that nobody accompanies: somebody has to find them a companion."""
    nobodys = [Row("Belum ada pendamping", _together(rows[None]))] if None in rows else []
    found = Companion.objects.filter(pk__in=rows).select_related("user").order_by("user__first_name", "pk")
    return nobodys + [Row(str(one), _together(rows[one.pk]), companion=one) for one in found]

"""Group meetings (P2K2): when and where, which lessons were treated, who was there."""

import hashlib
import uuid
from collections.abc import Collection, Iterable, Mapping
from datetime import date, datetime, time
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import models, transaction
from django.utils import timezone

from people.models import HouseholdGroup, Learner, PeopleQuerySet
from people.months import Month
from people.rules import time_zone_of

from . import rules


class TakenId(ValueError):
    """The id is that of another meeting."""


def zone_of(group: HouseholdGroup) -> ZoneInfo:
    return ZoneInfo(time_zone_of(group.region_id))


def today_in(group: HouseholdGroup) -> date:
    """The date where the group lives."""
    return timezone.localdate(timezone=zone_of(group))


def digest(held_on: date, place: str, lessons: Iterable[uuid.UUID], learner_ids: Iterable[int]) -> str:
    said = [held_on.isoformat(), place, *sorted(map(str, set(lessons))), *sorted(map(str, set(learner_ids)))]
    return hashlib.sha256("\n".join(said).encode()).hexdigest()


class GroupSessionQuerySet(PeopleQuerySet):
    household_path = "group__"  # a group has its region as a household has

    def for_companion(self, user):
        """Those of the groups in which ``user`` accompanies a household now, whoever recorded them."""
        return self.filter(group__in=HouseholdGroup.objects.for_companion(user))

    def held_in(self, month: Month):
        """Those of a month that stand."""
        return self.filter(undone_at=None, held_on__gte=month.first, held_on__lt=month.following.first)

    def recorded_beside(self, session: "GroupSession"):
        """Those of its group that were recorded from the beginning of the same day on, itself among them, undone since
        or not."""
        midnight = datetime.combine(session.recorded_on, time.min, tzinfo=zone_of(session.group))
        return self.filter(group=session.group, recorded_at__gte=midnight)

    @transaction.atomic
    def record(
        self,
        group: HouseholdGroup,
        *,
        held_on: date,
        place: str,
        lessons: Mapping[uuid.UUID, uuid.UUID],
        learner_ids: Iterable[int],
        by,
        id: uuid.UUID | None = None,
    ) -> "tuple[GroupSession, bool]":
        """Stores a meeting, its ``lessons`` (module key by lesson key) and who was there, and tells whether it is new:
        sent again under the same ``id``, or told alike in every point by the same person, whatever she corrected since,
        nothing changes. Raises TakenId."""
        HouseholdGroup.objects.select_for_update(no_key=True).get(pk=group.pk)
        learner_ids = set(learner_ids)
        if not self.filter(pk=id).exists():
            for other in self.filter(group=group, held_on=held_on, place=place, recorded_by=by, undone_at=None):
                if other.says(held_on=held_on, place=place, lessons=lessons, learner_ids=learner_ids):
                    return other, False
        told = digest(held_on, place, lessons, learner_ids)
        session, is_new = self.get_or_create(
            pk=id or uuid.uuid4(),
            defaults={"group": group, "held_on": held_on, "place": place, "recorded_by": by, "told": told},
        )
        if session.group_id != group.pk or session.recorded_by_id != by.pk:
            raise TakenId
        if is_new:
            SessionLesson.objects.bulk_create(
                SessionLesson(session=session, lesson_key=lesson, module_key=module)
                for lesson, module in lessons.items()
            )
            Attendance.objects.bulk_create(Attendance(session=session, learner_id=id) for id in learner_ids)
        return session, is_new

    @transaction.atomic
    def correct(self, session: "GroupSession", *, present: Collection[int], among: Collection[int]) -> set[int]:
        """Of the learners ``among``, exactly those ``present`` were there; about others nothing is said. Returns the
        ids of those for whom that is new. An undone meeting stays as it is."""
        if self.select_for_update(no_key=True).get(pk=session.pk).undone_at:
            return set()
        there = set(session.attendance.values_list("learner_id", flat=True))
        came, stayed_away = (set(present) & set(among)) - there, (set(among) - set(present)) & there
        Attendance.objects.bulk_create(Attendance(session=session, learner_id=id) for id in came)
        session.attendance.filter(learner__in=stayed_away).delete()
        return came | stayed_away

    def undo(self, session: "GroupSession") -> bool:
        """The meeting counts no more. False where it had been undone before."""
        return bool(self.filter(pk=session.pk, undone_at=None).update(undone_at=timezone.now()))


class GroupSession(models.Model):
    """One meeting of a group, as its companion recorded it."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    group = models.ForeignKey(HouseholdGroup, on_delete=models.PROTECT, related_name="sessions")
    held_on = models.DateField("tanggal")
    place = models.CharField("tempat", max_length=120)
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField(default=timezone.now)
    undone_at = models.DateTimeField(null=True)
    # What was recorded first. Who was there may be corrected since, and what a phone had sent before comes once more.
    told = models.CharField(max_length=64, blank=True, editable=False)

    objects = GroupSessionQuerySet.as_manager()

    class Meta:
        verbose_name = "pertemuan kelompok"
        verbose_name_plural = "pertemuan kelompok"
        ordering = ["-held_on", "-pk"]
        indexes = [models.Index(fields=["group", "-held_on", "-id"], name="sessions_of_a_group")]

    def says(self, *, held_on: date, place: str, lessons: Collection[uuid.UUID], learner_ids: Iterable[int]) -> bool:
        """Whether that was recorded: a phone may send it once more."""
        if self.told == digest(held_on, place, lessons, learner_ids):
            return True
        if (self.held_on, self.place) != (held_on, place):
            return False
        treated = set(self.lessons.values_list("lesson_key", flat=True))
        return treated == set(lessons) and set(self.attendance.values_list("learner", flat=True)) == set(learner_ids)

    @property
    def learned_at(self) -> datetime:
        """When its lessons count as done: at noon of its day, or when it was recorded if that was earlier."""
        noon = datetime.combine(self.held_on, time(12), tzinfo=zone_of(self.group))
        return min(noon, self.recorded_at)

    @property
    def recorded_on(self) -> date:
        """Where the group lives."""
        return timezone.localdate(self.recorded_at, timezone=zone_of(self.group))

    @property
    def can_be_corrected(self) -> bool:
        """Until the end of the day on which it was recorded, where the group lives."""
        return self.undone_at is None and rules.may_correct_meeting(self.recorded_on, today_in(self.group))


class SessionLesson(models.Model):
    """A lesson that was treated at a meeting."""

    session = models.ForeignKey(GroupSession, on_delete=models.CASCADE, related_name="lessons")
    lesson_key = models.UUIDField()
    module_key = models.UUIDField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["session", "lesson_key"], name="lesson_once_a_session")]


class Attendance(models.Model):
    """A learner was at a meeting."""

    session = models.ForeignKey(GroupSession, on_delete=models.CASCADE, related_name="attendance")
    learner = models.ForeignKey(Learner, on_delete=models.CASCADE, related_name="attendance")
    marked_at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = "kehadiran"
        verbose_name_plural = "kehadiran"
        constraints = [models.UniqueConstraint(fields=["session", "learner"], name="learner_once_a_session")]

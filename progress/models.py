"""Facts about learning, each written by one verb; and one summary kept in the same transaction as its facts."""

import uuid
from collections.abc import Collection, Iterable, Mapping
from datetime import date, datetime

from django.conf import settings
from django.db import models, transaction
from django.db.models import Case, Exists, F, OuterRef, Q, When
from django.db.models.functions import Cast, Coalesce
from django.utils import timezone

from people.models import Household, Learner, Region
from people.prepared import Prepared, PreparedUpdate, PreparedWrite
from people.storing import insert_new
from practice.models import PracticeSubmission
from quizzes.models import Attempt

from .meetings import Attendance, GroupSession, SessionLesson
from .teaching import AssigningRule, GuideCompletion
from .words import SpokenWord

__all__ = [
    "AssigningRule",
    "Attendance",
    "ErasedLearnerCount",
    "GroupSession",
    "GuideCompletion",
    "LessonCompletion",
    "ModuleAssignment",
    "ModuleProgress",
    "QuizOpening",
    "SessionLesson",
    "SpokenWord",
]


class ModuleAssignmentQuerySet(models.QuerySet):
    def current(self):
        return self.filter(withdrawn_at=None)

    def with_choice(self):
        """With ``is_own_choice``: whether one of the household chose it, not a companion."""
        chosen = Q(assigned_by=None) | Q(assigned_by__learner__isnull=False)
        return self.annotate(is_own_choice=Case(When(chosen, then=True), default=False))

    def assign(
        self,
        households: Iterable[Household],
        module_key: uuid.UUID,
        *,
        by,
        due_on: date | None = None,
        word: str = "",
        spoken: uuid.UUID | None = None,
    ) -> int:
        """Gives a module to households, with a word to them, written or ``spoken`` (the id of a SpokenWord) or both.
        Where it was given to them already with that due date and word, nothing changes; with others, or where they had
        chosen it themselves, the old assignment is taken back and a new one made. Without a due date or a word, those
        that they have stay. Returns how many households got something new."""
        return self.assign_all({module_key: households}, by=by, due_on=due_on, word=word, spoken=spoken)

    @transaction.atomic
    def assign_all(
        self,
        given: Mapping[uuid.UUID, Iterable[Household]],
        *,
        by,
        due_on: date | None = None,
        word: str = "",
        spoken: uuid.UUID | None = None,
    ) -> int:
        """As ``assign`` for several modules, each to its own households."""
        ids = {key: {household.pk for household in households} for key, households in given.items()}
        every = set().union(*ids.values())
        held = Household.objects.select_for_update(no_key=True).order_by("pk").in_bulk(every)
        new = [self._give([held[pk] for pk in sorted(ids[key])], key, by, due_on, (word, spoken)) for key in ids]
        return len(set().union(*new))

    def _give(self, households: list[Household], module_key: uuid.UUID, by, due_on, said: tuple) -> set[int]:
        current = self.current().filter(module_key=module_key, household__in=households)
        rows = current.with_choice().values_list("household_id", "due_on", "word", "spoken_id", "is_own_choice")
        has = {household: (due, (word, spoken)) for household, due, word, spoken, _ in rows}
        chosen = {household for household, *_, is_own_choice in rows if is_own_choice}
        gets = {pk: (due_on or due, said if any(said) else old) for pk, (due, old) in has.items()}
        changing = [pk for pk in has if pk in chosen or gets[pk] != has[pk]]
        current.filter(household__in=changing).update(withdrawn_at=timezone.now(), withdrawn_by=by)
        new = [household for household in households if household.pk in changing or household.pk not in has]
        self.bulk_create(
            self.model(
                household=household, module_key=module_key, due_on=due, word=word, spoken_id=spoken, assigned_by=by
            )
            for household in new
            for due, (word, spoken) in [gets.get(household.pk, (due_on, said))]
        )
        return {household.pk for household in new}

    @transaction.atomic
    def choose(self, learner: Learner, module_key: uuid.UUID) -> bool:
        """Gives the household a module that its learner has chosen. False where they have it already, whoever gave
        it, and then due date and word stay."""
        # Not as the learner has it: her companion may have moved her since she was read.
        household = Household.objects.select_for_update(of=("self",), no_key=True).get(learners=learner)
        if self.current().filter(household=household, module_key=module_key).exists():
            return False
        self.create(household=household, module_key=module_key, assigned_by=learner.user)
        return True

    def withdraw(self, assignment: "ModuleAssignment", *, by) -> bool:
        """Takes an assignment back; what was learned stays. False where it had been taken back before."""
        withdrawn = self.current().filter(pk=assignment.pk).update(withdrawn_at=timezone.now(), withdrawn_by=by)
        return bool(withdrawn)


class ModuleAssignment(models.Model):
    """A module given to a household by its companion, or chosen by one of its learners, until it is taken back."""

    household = models.ForeignKey(Household, on_delete=models.CASCADE, related_name="assignments")
    module_key = models.UUIDField()
    due_on = models.DateField("tenggat", null=True, blank=True)
    word = models.CharField("kata pendamping", max_length=300, blank=True)
    spoken = models.ForeignKey(SpokenWord, on_delete=models.SET_NULL, null=True, related_name="assignments")
    # Nobody once the learner who chose it has been erased; a companion's account stays.
    assigned_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")
    assigned_at = models.DateTimeField(default=timezone.now)
    withdrawn_at = models.DateTimeField(null=True)
    withdrawn_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")

    objects = ModuleAssignmentQuerySet.as_manager()

    class Meta:
        verbose_name = "penugasan"
        verbose_name_plural = "penugasan"
        constraints = [
            models.UniqueConstraint(
                fields=["household", "module_key"], condition=Q(withdrawn_at=None), name="one_current_assignment"
            )
        ]


class LessonCompletionQuerySet(models.QuerySet):
    @transaction.atomic(savepoint=False)
    def record(self, learner: Learner, lesson_key: uuid.UUID, module_key: uuid.UUID) -> bool:
        """The learner said «Sudah paham». Said again, it changes nothing. Returns whether it is new."""
        Learner.objects.hold(learner.pk)
        return bool(self.record_all(learner, {lesson_key: module_key}))

    @transaction.atomic(savepoint=False)
    def record_all(self, learner: Learner, lessons: Mapping[uuid.UUID, uuid.UUID]) -> set[uuid.UUID]:
        """As ``record`` for each of ``lessons`` (module key by lesson key). Returns the keys of those that are new.
        What a meeting had brought becomes her own, so that no undoing takes it. Call it in the transaction that holds
        her."""
        now = timezone.now()
        rows = [
            self.model(learner_id=learner.pk, lesson_key=lesson_key, module_key=module_key, completed_at=now)
            for lesson_key, module_key in lessons.items()
        ]
        new = {key for (key,) in insert_new(rows, telling=("lesson_key",))}
        if len(new) < len(rows):
            _make_own(learner=learner.pk, lessons=list(lessons))
        ModuleProgress.objects.refresh([learner.pk], set(lessons.values()))
        return new

    @transaction.atomic
    def settle(self, learner_ids: Collection[int], lessons: Mapping[uuid.UUID, uuid.UUID]) -> None:
        """Makes what meetings brought these learners agree with who was there, for ``lessons`` (module key by lesson
        key). Call it in the transaction that changed who was there. What a learner said herself is never touched."""
        Learner.objects.hold_all(learner_ids)
        brought, sessions = _brought_by_meetings(learner_ids, lessons)
        stored = self.filter(learner__in=learner_ids, lesson_key__in=lessons)
        known = {(row.learner_id, row.lesson_key): row for row in stored}
        of_meetings = {key: row for key, row in known.items() if row.session_id}
        self.filter(pk__in=[row.pk for key, row in of_meetings.items() if key not in brought]).delete()
        moved = [row for key, row in of_meetings.items() if key in brought and row.session_id not in brought[key]]
        new = [
            self.model(learner_id=learner_id, lesson_key=lesson_key, module_key=lessons[lesson_key])
            for learner_id, lesson_key in brought.keys() - known.keys()
        ]
        for row in (*moved, *new):
            row.session = min(
                (sessions[id] for id in brought[row.learner_id, row.lesson_key]),
                key=lambda one: (one.learned_at, one.pk),
            )
            row.completed_at = row.session.learned_at
        self.bulk_update(moved, ["session", "completed_at"])
        self.bulk_create(new)
        # A lesson that was moved between two meetings counts in the module in which the first of them brought it.
        ModuleProgress.objects.refresh(
            learner_ids, {*lessons.values(), *(row.module_key for row in of_meetings.values())}
        )


_make_own = PreparedUpdate(
    lambda learner, lessons: (
        LessonCompletion.objects.filter(learner=learner, lesson_key__in=[lessons]).exclude(session=None),
        {"session": None},
    ),
    learner=int,
    lessons=uuid.UUID,
)


def _brought_by_meetings(
    learner_ids: Collection[int], lesson_keys: Collection[uuid.UUID]
) -> tuple[dict[tuple[int, uuid.UUID], set[uuid.UUID]], dict[uuid.UUID, GroupSession]]:
    """The ids of the meetings that brought each (learner id, lesson key), and those meetings by id."""
    rows = Attendance.objects.filter(
        learner__in=learner_ids, session__undone_at=None, session__lessons__lesson_key__in=lesson_keys
    ).values_list("learner_id", "session__lessons__lesson_key", "session_id")
    brought: dict[tuple[int, uuid.UUID], set[uuid.UUID]] = {}
    for learner_id, lesson_key, session_id in rows:
        brought.setdefault((learner_id, lesson_key), set()).add(session_id)
    ids = {id for ids in brought.values() for id in ids}
    return brought, GroupSession.objects.select_related("group").in_bulk(ids)


class LessonCompletion(models.Model):
    """A learner has understood a lesson, and when she said so; or it was treated at a meeting where she was."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    learner = models.ForeignKey(Learner, on_delete=models.CASCADE, related_name="completions")
    lesson_key = models.UUIDField()
    module_key = models.UUIDField()  # where the lesson stands; badges.consequences.follow_lessons keeps it so
    completed_at = models.DateTimeField()
    # The meeting that brought it; None where the learner said it herself.
    session = models.ForeignKey(GroupSession, on_delete=models.PROTECT, null=True, related_name="completions")

    objects = LessonCompletionQuerySet.as_manager()

    class Meta:
        verbose_name = "pelajaran selesai"
        verbose_name_plural = "pelajaran selesai"
        constraints = [models.UniqueConstraint(fields=["learner", "lesson_key"], name="one_completion_a_lesson")]


class QuizOpeningQuerySet(models.QuerySet):
    def record(self, learner: Learner, module_key: uuid.UUID) -> bool:
        """The module's quiz has opened for the learner, and so stays open. Returns whether that is new."""
        return bool(self.record_all(learner, [module_key]))

    @transaction.atomic(savepoint=False)
    def record_all(self, learner: Learner, module_keys: Collection[uuid.UUID]) -> set[uuid.UUID]:
        """As ``record`` for several modules. Returns the keys of those that are new."""
        Learner.objects.hold(learner.pk)
        now = timezone.now()
        rows = [self.model(learner=learner, module_key=key, opened_at=now) for key in module_keys]
        new = {key for (key,) in insert_new(rows, telling=("module_key",))}
        ModuleProgress.objects.opened(learner.pk, new, now)
        return new

    @transaction.atomic
    def take_back(self, openings: "Iterable[QuizOpening]") -> None:
        """Quizzes that had opened by mistake close again; but one that its learner has begun stays open."""
        openings = list(openings)
        Learner.objects.hold_all({opening.learner_id for opening in openings})
        begun = Attempt.objects.filter(learner=OuterRef("learner"), module_key=OuterRef("module_key"))
        self.filter(~Exists(begun), pk__in=[opening.pk for opening in openings]).delete()
        learners, modules = ({getattr(opening, name) for opening in openings} for name in ("learner_id", "module_key"))
        ModuleProgress.objects.refresh(learners, modules)


class QuizOpening(models.Model):
    """A module's quiz opened for a learner: a fact, because content that changes later must not close it."""

    learner = models.ForeignKey(Learner, on_delete=models.CASCADE, related_name="quiz_openings")
    module_key = models.UUIDField()
    opened_at = models.DateTimeField()

    objects = QuizOpeningQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["learner", "module_key"], name="one_opening_a_quiz")]


SUMMARY_FIELDS = ("quiz_opened_at", "passed_at", "last_fact_at")


class ModuleProgressQuerySet(models.QuerySet):
    def opened(self, learner_id: int, module_keys: Collection[uuid.UUID], at: datetime) -> None:
        """As ``refresh`` where quizzes opened and nothing else happened: one statement, where summaries are there."""
        mine = self.filter(learner=learner_id, module_key__in=module_keys)
        if mine.update(quiz_opened_at=at) < len(module_keys):
            self.refresh([learner_id], module_keys)

    def refresh(self, learner_ids: Collection[int], module_keys: Collection[uuid.UUID]) -> None:
        """Sets the summaries of these learners in these modules from the facts. Call it in the transaction that stored
        one, after storing it, and with the learners held. Where no fact is left, no summary is."""
        learner_ids, module_keys = set(learner_ids), set(module_keys)
        if not learner_ids or not module_keys:
            return
        if _summarize(learners=learner_ids, modules=module_keys) < len(learner_ids) * len(module_keys):
            right = summaries(learner_ids)
            stored = self.filter(learner__in=learner_ids, module_key__in=module_keys)
            stored.filter(pk__in=[row.pk for row in stored if (row.learner_id, row.module_key) not in right]).delete()


class ModuleProgress(models.Model):
    """Summary of one learner's facts in one module, for lists. ``manage.py rebuild_progress`` makes it anew."""

    learner = models.ForeignKey(Learner, on_delete=models.CASCADE, related_name="module_progress")
    module_key = models.UUIDField()
    quiz_opened_at = models.DateTimeField(null=True)
    passed_at = models.DateTimeField(null=True)
    last_fact_at = models.DateTimeField()

    objects = ModuleProgressQuerySet.as_manager()

    class Meta:
        verbose_name = "kemajuan modul"
        verbose_name_plural = "kemajuan modul"
        constraints = [models.UniqueConstraint(fields=["learner", "module_key"], name="one_summary_a_module")]


def _facts(learners: int, modules: uuid.UUID | None = None) -> models.QuerySet:
    """A row a fact: learner, module, and what it says of each of SUMMARY_FIELDS."""
    never = Cast(None, models.DateTimeField())
    passed_at = Case(When(passed=True, then="submitted_at"), output_field=models.DateTimeField())
    # While she waits for her companion, it is not she who is quiet.
    answered_at = Coalesce("feedback__given_at", "handed_in_at")
    kinds = [
        (LessonCompletion.objects, (never, never, "completed_at")),
        (QuizOpening.objects, ("opened_at", never, never)),  # no work: editors may have opened it
        (PracticeSubmission.objects.current(), (never, never, answered_at)),
        (Attempt.objects.submitted().filter(total__gt=0), (never, passed_at, "submitted_at")),
    ]
    only = Q(learner__in=[learners]) & (Q(module_key__in=[modules]) if modules else Q())
    first, *others = [
        rows.filter(only).order_by().values_list("learner_id", "module_key", *columns) for rows, columns in kinds
    ]
    return first.union(*others, all=True)


_SUMS = (
    "{}WITH facts (learner_id, module_key, opened_at, passed_at, at) AS ({{}}) "
    "SELECT learner_id, module_key, MIN(opened_at), MIN(passed_at), COALESCE(MAX(at), MIN(opened_at)) "
    "FROM facts WHERE TRUE GROUP BY learner_id, module_key {}"
)
_summaries = Prepared(_facts, around=_SUMS.format("", ""), learners=int)
_summarize = PreparedWrite(
    _facts,
    around=_SUMS.format(
        f"INSERT INTO progress_moduleprogress (learner_id, module_key, {', '.join(SUMMARY_FIELDS)}) ",
        "ON CONFLICT (learner_id, module_key) DO UPDATE SET "
        + ", ".join(f"{name} = excluded.{name}" for name in SUMMARY_FIELDS),
    ),
    learners=int,
    modules=uuid.UUID,
)


def summaries(learner_ids: Collection[int]) -> dict[tuple[int, uuid.UUID], dict]:
    """SUMMARY_FIELDS by (learner id, module key), computed from the facts of these learners in one query."""
    rows = _summaries(learners=learner_ids)
    return {(id, key): dict(zip(SUMMARY_FIELDS, values, strict=True)) for id, key, *values in rows}


class ErasedLearnerCountQuerySet(models.QuerySet):
    @transaction.atomic
    def add(self, learner: Learner) -> None:
        """Counts a learner whose data is about to be erased. Call it in the transaction that erases her."""
        row, _ = self.get_or_create(region_id=learner.household.region_id, month=timezone.localdate().replace(day=1))
        lessons = LessonCompletion.objects.filter(learner=learner).count()
        quizzes = ModuleProgress.objects.filter(learner=learner).exclude(passed_at=None).count()
        self.filter(pk=row.pk).update(
            learners=F("learners") + 1,
            lessons_done=F("lessons_done") + lessons,
            quizzes_passed=F("quizzes_passed") + quizzes,
        )


class ErasedLearnerCount(models.Model):
    """What learners who counted until they were erased had done, in numbers, by region and the month of the erasure.
    Nobody's data: it keeps a region's sums from shrinking."""

    region = models.ForeignKey(Region, on_delete=models.PROTECT, related_name="+")
    month = models.DateField()  # its first day
    learners = models.PositiveIntegerField(default=0)
    lessons_done = models.PositiveIntegerField(default=0)
    quizzes_passed = models.PositiveIntegerField(default=0)

    objects = ErasedLearnerCountQuerySet.as_manager()

    class Meta:
        verbose_name = "jumlah pelajar yang dihapus"
        verbose_name_plural = "jumlah pelajar yang dihapus"
        constraints = [models.UniqueConstraint(fields=["region", "month"], name="one_erased_count_a_month")]

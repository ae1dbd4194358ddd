"""A learner's rights under the law on personal data (UU 27/2022): see, take along, withdraw, erase."""

import json
from collections import defaultdict
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from io import BytesIO
from zipfile import ZIP_DEFLATED, ZipFile

from django.core.serializers.json import DjangoJSONEncoder
from django.db import transaction
from django.db.models import Model, Q, QuerySet
from django.db.models.fields.files import FieldFile
from django.template.loader import render_to_string
from django.utils import timezone

from badges.models import BadgeAward
from courses.models import LessonPage, ModulePage
from people.models import (
    Companion,
    Consent,
    ErasedKey,
    Household,
    HouseholdEvent,
    Learner,
    SendingKey,
    TemporaryPin,
    User,
)
from people.relations import HOUSEHOLD, LEARNER, belongings, mentions
from people.sessions import end_sessions
from people.storing import lock
from practice.models import Evidence, PracticeSubmission, forget_files
from progress.facts import GONE, GONE_MODULE
from progress.models import Attendance, ErasedLearnerCount, LessonCompletion, ModuleAssignment, SpokenWord
from quizzes.models import Attempt
from quizzes.wording import words

from . import erasures
from .traces import blank_staff_logs, staff_logs, take_out, traces_of

SECRETS = {
    "people.User.password",
    "people.SendingKey.digest",
    "people.SendingKey.sessions",
    "mfa.Authenticator.data",
}  # hers, but of use to nobody but a thief


# --- See ---------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class LessonLine:
    title: str
    module: str
    at: datetime
    at_meeting: bool


@dataclass(frozen=True)
class AnswerLine:
    question: str
    given: list[str]
    is_right: bool | None


@dataclass(frozen=True)
class AttemptLine:
    attempt: Attempt
    module: str

    @property
    def answers(self) -> list[AnswerLine]:
        """What she answered, in the order asked. Reads the quiz as it was then."""
        given = {answer.question_id: answer for answer in self.attempt.answers.all()}
        return [
            AnswerLine(asked.value["question"], words(asked, tuple(answer.response)), answer.is_right)
            for asked in self.attempt.asked
            if (answer := given.get(asked.id))
        ]


@dataclass(frozen=True)
class PracticeLine:
    submission: PracticeSubmission
    lesson: str
    module: str


@dataclass(frozen=True)
class WordLine:
    """What a companion said to her household with a module."""

    module: str
    assignment: ModuleAssignment


@dataclass(frozen=True)
class OwnData:
    """Everything that is kept about one learner, for her to read."""

    learner: Learner
    companions: list[Companion]
    consents: list[Consent]
    lessons: list[LessonLine]
    meetings: list[Attendance]
    attempts: list[AttemptLine]
    practices: list[PracticeLine]
    awards: list[BadgeAward]
    words: list[WordLine]
    pins: list[TemporaryPin]
    events: list[HouseholdEvent]

    @property
    def may_withdraw(self) -> bool:
        return any(consent.withdrawn_at is None for consent in self.consents)


def own_data(learner: Learner) -> OwnData:
    """In a constant number of queries, but for the answers."""
    learner = Learner.objects.select_related("user", "household__region", "household__group").get(pk=learner.pk)
    completions = list(LessonCompletion.objects.filter(learner=learner).order_by("-completed_at"))
    attempts = Attempt.objects.filter(learner=learner).select_related("revision").prefetch_related("answers")
    attempts = list(attempts.order_by("-started_at"))
    practices = list(learner.practices.to_show())
    lesson_titles = LessonPage.objects.titles(row.lesson_key for row in (*completions, *practices))
    words = ModuleAssignment.objects.filter(household=learner.household_id).exclude(word="", spoken=None)
    words = list(words.select_related("spoken", "assigned_by").order_by("-assigned_at"))
    module_titles = ModulePage.objects.titles(row.module_key for row in (*completions, *attempts, *practices, *words))
    meetings = learner.attendance.filter(session__undone_at=None)
    companions = Companion.objects.filter(companionships__household=learner.household_id, companionships__ended_at=None)
    return OwnData(
        learner=learner,
        companions=list(companions.select_related("user").order_by("pk")),
        consents=list(learner.consents.select_related("witness").order_by("-given_at")),
        lessons=[
            LessonLine(
                lesson_titles.get(row.lesson_key, GONE),
                module_titles.get(row.module_key, ""),
                row.completed_at,
                at_meeting=row.session_id is not None,
            )
            for row in completions
        ],
        meetings=list(meetings.select_related("session__group", "session__recorded_by").order_by("-session__held_on")),
        attempts=[AttemptLine(row, module_titles.get(row.module_key, GONE_MODULE)) for row in attempts],
        practices=[
            PracticeLine(row, lesson_titles.get(row.lesson_key, GONE), module_titles.get(row.module_key, ""))
            for row in practices
        ],
        awards=list(learner.badge_awards.select_related("badge")),
        words=[WordLine(module_titles.get(row.module_key, GONE_MODULE), row) for row in words],
        pins=list(learner.temporary_pins.select_related("issued_by").order_by("-issued_at")),
        events=list(traces_of(learner).events()),
    )


# --- Take along --------------------------------------------------------------------------------------------------


def rows_by_table(learner: Learner) -> dict[type[Model], QuerySet]:
    """Every row that holds something of hers, in every table that can, found from the relations; of a family's history
    only the lines about her. A table is there even where it has no such row yet."""
    wanted: dict[type[Model], Q] = defaultdict(Q)
    for model, lookups in belongings(HOUSEHOLD).items():
        if model is not HouseholdEvent:  # the others' lines there are theirs
            wanted[model] |= _any(lookups, learner.household_id)
    # A table may lead to her in several ways: a module is her family's, and may be of her own choosing.
    for model, lookups in (*mentions(LEARNER).items(), *belongings(LEARNER).items()):
        wanted[model] |= _any(lookups, learner.pk)
    for rows in (traces_of(learner).events(), *staff_logs(learner, learner.user)):
        wanted[rows.model] |= Q(pk__in=rows.values("pk"))
    return {model: model._base_manager.filter(rows) for model, rows in wanted.items()}


def _any(lookups: list[str], pk: int) -> Q:
    found = Q()
    for lookup in lookups:
        found |= Q(**{lookup: pk})
    return found


def export(learner: Learner) -> bytes:
    """One ZIP: pages to read without signal, and every row as JSON for another program."""
    context = {"data": own_data(learner), "now": timezone.now()}
    tables = {model._meta.label: [_values(row) for row in rows] for model, rows in rows_by_table(learner).items()}
    archive = BytesIO()
    with ZipFile(archive, "w", ZIP_DEFLATED) as files:
        files.writestr("baca-data-saya.html", render_to_string("learn/data_export.html", context))
        files.writestr("baca-jawaban-saya.html", render_to_string("learn/data_export_answers.html", context))
        for kept in (*Evidence.objects.filter(learner=learner), *SpokenWord.objects.for_learner(learner)):
            # After a disaster the disk may know less than the database: what is left is still hers to take.
            with suppress(FileNotFoundError), kept.file.open() as file:
                files.writestr(in_archive(kept), file.read())
        files.writestr(
            "data-saya.json", json.dumps(tables, cls=DjangoJSONEncoder, ensure_ascii=False, indent=1, sort_keys=True)
        )
    return archive.getvalue()


def in_archive(kept: Evidence | SpokenWord) -> str:
    """Where a photo or a recording lies in what she takes along."""
    return kept.file.name if isinstance(kept, SpokenWord) else f"praktik/{kept.pk}.{Evidence.SUFFIXES[kept.kind]}"


def _values(row: Model) -> dict[str, object]:
    label = row._meta.label
    fields = [field for field in row._meta.local_fields if f"{label}.{field.name}" not in SECRETS]
    values = {field.attname: field.value_from_object(row) for field in fields}
    return {name: value.name if isinstance(value, FieldFile) else value for name, value in values.items()}


# --- Withdraw ----------------------------------------------------------------------------------------------------


def withdraw(learner: Learner, *, by: User) -> None:
    """Her consent ends, and with it every session of hers."""
    _end_consent(learner, by=by)
    erasures.note_withdrawn(learner)


def _end_consent(learner: Learner, *, by: User) -> None:
    with transaction.atomic():
        Consent.objects.withdraw(learner, by=by)
        Household.objects.end_leave_to_write(learner.household, by=by)
    end_sessions({learner.user_id})


# --- Erase -------------------------------------------------------------------------------------------------------


def erase(learner: Learner, *, among: QuerySet[Learner] | None = None) -> bool:
    """Everything of hers goes, at once and for good. What stays: her part in her region's counts, where she has one,
    and one line in the household's history that says no name, nor who did it. False where she is gone, or no more
    ``among`` those who are to be erased: that is asked when she is held, and cannot agree anew."""
    with transaction.atomic():
        # Before her account: a phone that sends holds its key first, and then her.
        list(SendingKey.objects.select_for_update().filter(user=learner.user_id).order_by("pk").values_list("pk"))
        user = User.objects.select_for_update().filter(pk=learner.user_id).first()
        if user is None or not (among is None or among.filter(pk=learner.pk).exists()):
            return False
        # Not Learner.objects.hold(): here, rows that point to her must not be written meanwhile.
        learner = Learner.objects.select_for_update().get(user=user)
        if user.is_active:  # who withdrew counts no more
            ErasedLearnerCount.objects.add(learner)
        traces = traces_of(learner)
        # Of two who are erased at once, and have lived together, the second finds what is left of the first.
        lock(Household.objects.filter(pk__in=traces.households))
        spoken = [word.pk for word in SpokenWord.objects.filter(assignments__household__in=traces.households)]
        take_out(traces)
        blank_staff_logs(learner, user)
        files = (
            Evidence.objects.filter(learner=learner).forget()
            + SpokenWord.objects.said_to_nobody().filter(pk__in=spoken).forget()
        )
        mark, had_agreed = erasures.mark_of(user), Consent.objects.standing(learner).exists()
        keys, now = list(user.sending_keys.values_list("digest", flat=True)), timezone.now()
        user.delete()
        Household.objects.forget_contact(traces.households)
        if had_agreed:
            Household.objects.end_leave_to_write(learner.household, by=None)
        HouseholdEvent.objects.record(learner.household, HouseholdEvent.Kind.LEARNER_ERASED, by=None)
        ErasedKey.objects.note(keys, now)
        erasures.note_erased(mark, now, keys)
    forget_files(files)
    end_sessions({learner.user_id})
    return True


# --- After a restore ---------------------------------------------------------------------------------------------


def do_again() -> tuple[int, int]:
    """Whoever was erased or withdrew, and came back with a backup, is erased or withdraws again. Returns how many."""
    for at, keys in erasures.erased_keys():
        ErasedKey.objects.note(keys, at)
    erased = sum(erase(learner) for learner in erasures.erased_and_back())
    withdrawn = erasures.withdrawn_and_back()
    for learner in withdrawn:
        # Not noted once more: another backup may be put back after it, in which she has agreed anew since.
        _end_consent(learner, by=learner.user)
    return erased, len(withdrawn)

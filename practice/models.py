"""Practice done at home: what a learner hands in, what shows it, and what her companion answers."""

import logging
import uuid
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from datetime import datetime
from decimal import Decimal

from django.apps import apps
from django.conf import settings
from django.core.files.base import ContentFile
from django.core.files.storage import Storage, storages
from django.db import models, transaction
from django.db.models import Q
from django.utils import timezone

from people.history import A_MOMENT
from people.models import Learner, PeopleQuerySet

from . import rules

log = logging.getLogger("practice.models")


class TakenId(ValueError):
    """The id belongs to something else already: of another learner, or of another kind."""


class MissingEvidence(LookupError):
    """A file that should go with the submission has not arrived, or belongs to something else."""


class AlreadyAnswered(Exception):
    """The submission has its feedback: it cannot be taken back."""


class Withdrawn(Exception):
    """The submission was taken back: there is nothing to answer."""


class EmptyFeedback(ValueError):
    """Neither a praise and a suggestion nor a voice."""


class FileQuerySet(models.QuerySet):
    """Of rows that each hold a ``file``."""

    @transaction.atomic
    def forget(self) -> list[str]:
        """Deletes the rows; returns the names of their files, for ``forget_files`` once that is committed. What is
        claimed meanwhile, and so is not among them any more, stays with its file."""
        held = list(self.select_for_update(of=("self",)).values_list("pk", flat=True))
        names = dict(self.filter(pk__in=held).values_list("pk", "file"))
        self.model.objects.filter(pk__in=names).delete()
        return list(names.values())


class PracticeSubmissionQuerySet(PeopleQuerySet):
    household_path = "learner__household__"

    def current(self):
        """Those that were not taken back."""
        return self.filter(withdrawn_at=None)

    def waiting(self):
        """Those that wait for an answer, of learners whose data may be used."""
        return self.current().filter(feedback=None, learner__user__is_active=True)

    def to_show(self):
        """With all that shows one: who recorded it, its files, and its answer."""
        return self.select_related("recorded_by", "feedback__by", "feedback__voice").prefetch_related("evidence")

    @transaction.atomic
    def hand_in(
        self,
        learner: Learner,
        lesson_key: uuid.UUID,
        module_key: uuid.UUID,
        *,
        id: uuid.UUID | None = None,
        note: str = "",
        number: Decimal | None = None,
        files: Sequence[uuid.UUID] = (),
        by=None,
    ) -> "tuple[PracticeSubmission, bool]":
        """Stores what the learner has done at home, and whether that is new: sent again under the same ``id``, nothing
        changes. ``files`` are ids of Evidence stored before; ``by`` is the companion who records it for the family: in
        the same words a moment ago (her way back to the form) it is the same. Raises MissingEvidence and TakenId."""
        Learner.objects.hold(learner.pk)
        if by and not files:
            alike = self.current().filter(learner=learner, lesson_key=lesson_key, note=note.strip(), number=number)
            lately = alike.filter(recorded_by=by, evidence=None, handed_in_at__gt=timezone.now() - A_MOMENT)
            if told := lately.first():
                return told, False
        submission, is_new = self.get_or_create(
            pk=id or uuid.uuid4(),
            defaults={
                "learner": learner,
                "lesson_key": lesson_key,
                "module_key": module_key,
                "note": note.strip(),
                "number": number,
                "recorded_by": by,
            },
        )
        if submission.learner_id != learner.pk or submission.lesson_key != lesson_key:
            raise TakenId
        if is_new:
            for order, file_id in enumerate(dict.fromkeys(files)):
                theirs = Evidence.objects.waiting().filter(pk=file_id, learner=learner)
                if not theirs.update(submission=submission, order=order):
                    raise MissingEvidence(file_id)
        return submission, is_new

    @transaction.atomic
    def attach(self, learner: Learner, id: uuid.UUID, file_id: uuid.UUID) -> bool:
        """Joins a file that arrived after its submission. False where there is no such submission, or none as yet, or
        the file has its place already."""
        Learner.objects.hold(learner.pk)
        submission = self.current().filter(pk=id, learner=learner).first()
        if submission is None or submission.evidence.count() > rules.MAX_PHOTOS:
            return False
        theirs = Evidence.objects.waiting().filter(pk=file_id, learner=learner)
        return bool(theirs.update(submission=submission, order=submission.evidence.count()))

    @transaction.atomic
    def withdraw(self, submission: "PracticeSubmission") -> bool:
        """Takes a submission back while nobody has answered it; its photos and recording go. False where it had been
        taken back before. Raises AlreadyAnswered."""
        Learner.objects.hold(submission.learner_id)
        submission = self.get(pk=submission.pk)
        if submission.withdrawn_at:
            return False
        if Feedback.objects.filter(submission=submission).exists():
            raise AlreadyAnswered
        self.filter(pk=submission.pk).update(withdrawn_at=timezone.now())
        files = Evidence.objects.filter(submission=submission).forget()
        transaction.on_commit(lambda: forget_files(files))
        return True


class PracticeSubmission(models.Model):
    """One handing-in of one lesson's practice task. Handed in again, it is another row: the history stays."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    learner = models.ForeignKey(Learner, on_delete=models.CASCADE, related_name="practices")
    lesson_key = models.UUIDField()
    module_key = models.UUIDField()
    note = models.TextField("catatan", max_length=2000, blank=True)
    number = models.DecimalField("angka", max_digits=15, decimal_places=2, null=True)
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    handed_in_at = models.DateTimeField(default=timezone.now)
    withdrawn_at = models.DateTimeField(null=True)

    objects = PracticeSubmissionQuerySet.as_manager()

    class Meta:
        verbose_name = "praktik"
        verbose_name_plural = "praktik"
        ordering = ["-handed_in_at", "-pk"]
        indexes = [
            models.Index(fields=["learner", "lesson_key"]),
            models.Index(fields=["handed_in_at", "id"], condition=Q(withdrawn_at=None), name="practice_current"),
        ]

    def says(self, note: str, number: Decimal | None) -> bool:
        """Whether that was handed in: a phone may send it once more. Forms and phones end their lines otherwise."""
        return (self.note.split(), self.number) == (note.split(), number)

    @property
    def state(self) -> rules.State:
        answer = getattr(self, "feedback", None)
        return rules.state(verdict=answer and answer.verdict, is_withdrawn=self.withdrawn_at is not None)

    @property
    def last_at(self) -> datetime:
        """When it was answered, or else handed in."""
        answer = getattr(self, "feedback", None)
        return answer.given_at if answer else self.handed_in_at


def private_storage() -> Storage:
    """Where photos and recordings lie: outside MEDIA_ROOT, so that no address but ``/bukti/`` leads to them."""
    return storages["private"]


def file_name(evidence: "Evidence", _client_name: str) -> str:
    """Random, and nothing of what the phone called it."""
    name = uuid.uuid4().hex
    return f"{name[:2]}/{name}.{Evidence.SUFFIXES[evidence.kind]}"


def forget_files(names: Iterable[str]) -> list[str]:
    """Deletes files whose rows are gone; returns those that the disk does not let go. Call it after the transaction
    that took the rows. What stays, or a power cut leaves behind, ``apply_retention`` finds."""
    left = []
    for name in names:
        try:
            private_storage().delete(name)
        except OSError:
            log.exception("%s is nobody's and stays.", name)
            left.append(name)
    return left


def private_files() -> Iterator[tuple[type[models.Model], str]]:
    """Every table and column that names files in the private storage."""
    for model in apps.get_models():
        for field in model._meta.local_fields:
            if isinstance(field, models.FileField) and field.storage == private_storage():
                yield model, field.name


def stray_files(before: datetime) -> list[str]:
    """Stored files, older than ``before``, that no row names: what a power cut between two steps left behind."""
    storage = private_storage()
    if not storage.exists(""):
        return []
    folders = {*storage.listdir("")[0]} - {"lost+found"}  # the disk's own, which only root may list
    stored = [f"{folder}/{name}" for folder in folders for name in storage.listdir(folder)[1]]
    named = {name for model, field in private_files() for name in model.objects.values_list(field, flat=True)}
    return [name for name in stored if name not in named and _is_older(name, before)]


def _is_older(name: str, before: datetime) -> bool:
    with suppress(FileNotFoundError):  # its learner, or another run, has deleted it just now
        return private_storage().get_modified_time(name) < before
    return False


class EvidenceQuerySet(FileQuerySet, PeopleQuerySet):
    household_path = "learner__household__"

    def waiting(self):
        """Files that arrived, and that nothing has claimed as yet."""
        return self.filter(submission=None, feedback=None)

    def is_full(self, learner: Learner) -> bool:
        """Whether no more of her files may wait for their practice."""
        return self.waiting().filter(learner=learner).count() >= rules.MAX_WAITING

    def store(self, learner: Learner, kind: "Evidence.Kind", data: bytes, *, id: uuid.UUID | None = None) -> "Evidence":
        """Keeps a photo or a recording that practice/photos.py or practice/recordings.py made. Sent again under the
        same ``id``, nothing changes. Raises TakenId."""
        evidence = Evidence(pk=id or uuid.uuid4(), learner=learner, kind=kind, bytes=len(data))
        known = self.filter(pk=evidence.pk).first()
        if known is None:
            evidence.file.save("", ContentFile(data), save=False)
            try:
                with transaction.atomic():
                    _, is_new = self.get_or_create(
                        pk=evidence.pk,
                        defaults={"learner": learner, "kind": kind, "bytes": len(data), "file": evidence.file.name},
                    )
            except BaseException:
                forget_files([evidence.file.name])
                raise
            if not is_new:
                forget_files([evidence.file.name])  # the same was sent twice at once
            known = self.get(pk=evidence.pk)
        if known.learner_id != learner.pk or known.kind != kind:
            raise TakenId
        return known


class Evidence(models.Model):
    """A photo or a recording: of a practice task, or of a companion's feedback on it. Always the learner's."""

    class Kind(models.TextChoices):
        PHOTO = "photo", "Foto"
        VOICE = "voice", "Suara"

    CONTENT_TYPES = {Kind.PHOTO: "image/webp", Kind.VOICE: "audio/webm"}
    SUFFIXES = {Kind.PHOTO: "webp", Kind.VOICE: "webm"}

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    learner = models.ForeignKey(Learner, on_delete=models.CASCADE, related_name="evidence")
    submission = models.ForeignKey(PracticeSubmission, on_delete=models.CASCADE, null=True, related_name="evidence")
    kind = models.CharField(max_length=5, choices=Kind)
    file = models.FileField(upload_to=file_name, storage=private_storage, max_length=60)
    bytes = models.PositiveIntegerField()
    order = models.PositiveSmallIntegerField(default=0)
    stored_at = models.DateTimeField(default=timezone.now)

    objects = EvidenceQuerySet.as_manager()

    class Meta:
        verbose_name = "bukti praktik"
        verbose_name_plural = "bukti praktik"
        ordering = ["order", "stored_at"]

    @property
    def content_type(self) -> str:
        return self.CONTENT_TYPES[self.kind]


class FeedbackQuerySet(models.QuerySet):
    @transaction.atomic
    def give(
        self,
        submission: PracticeSubmission,
        verdict: "Feedback.Verdict",
        *,
        by,
        praise: str = "",
        suggestion: str = "",
        voice: uuid.UUID | None = None,
        id: uuid.UUID | None = None,
    ) -> "tuple[Feedback, bool]":
        """The companion's answer, and whether it is new: a second one changes nothing, whoever gives it. ``voice`` is
        the id of Evidence stored before. Raises Withdrawn, EmptyFeedback, MissingEvidence and TakenId."""
        Learner.objects.hold(submission.learner_id)
        submission = PracticeSubmission.objects.get(pk=submission.pk)
        if first := self.filter(submission=submission).first():
            return first, False
        if submission.withdrawn_at:
            raise Withdrawn
        if not rules.is_an_answer(praise=praise, suggestion=suggestion, has_voice=voice is not None):
            raise EmptyFeedback
        if id and self.filter(pk=id).exists():
            raise TakenId
        spoken = Evidence.objects.waiting().filter(pk=voice, learner=submission.learner_id, kind=Evidence.Kind.VOICE)
        if voice and not spoken.exists():
            raise MissingEvidence(voice)
        return self.create(
            pk=id or uuid.uuid4(),
            submission=submission,
            verdict=verdict,
            by=by,
            praise=praise.strip(),
            suggestion=suggestion.strip(),
            voice_id=voice,
        ), True


class Feedback(models.Model):
    """What a companion says to a submission, once: right, or to be improved, with a praise and a suggestion."""

    class Verdict(models.TextChoices):
        RIGHT = "right", "Sudah benar"
        TO_IMPROVE = "to_improve", "Perlu diperbaiki"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    submission = models.OneToOneField(PracticeSubmission, on_delete=models.CASCADE, related_name="feedback")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    verdict = models.CharField("jawaban", max_length=10, choices=Verdict)
    praise = models.CharField("pujian", max_length=300, blank=True)
    suggestion = models.CharField("saran", max_length=300, blank=True)
    voice = models.OneToOneField(Evidence, on_delete=models.SET_NULL, null=True, related_name="feedback")
    given_at = models.DateTimeField(default=timezone.now)

    objects = FeedbackQuerySet.as_manager()

    class Meta:
        verbose_name = "umpan balik"
        verbose_name_plural = "umpan balik"

    def says(self, verdict: str, praise: str, suggestion: str) -> bool:
        """Whether that was given: it may come once more."""
        return (self.verdict, self.praise, self.suggestion) == (verdict, praise.strip(), suggestion.strip())

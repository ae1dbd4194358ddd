"""Quizzes and what learners answered. An attempt is judged by the revision that it was begun with, for ever."""

import json
import uuid
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.serializers.json import DjangoJSONEncoder
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models, transaction
from django.db.models import Value
from django.db.models.functions import Cast
from django.utils import timezone
from django.utils.functional import cached_property
from wagtail.admin.panels import FieldPanel, FieldRowPanel, HelpPanel
from wagtail.fields import StreamField
from wagtail.models import Page, PageLogEntry, Revision

from courses.copying import OwnCopyForm
from courses.models import QUIZ_SLUG, LearningPages, LessonPage
from courses.page_forms import PageForm
from courses.previews import PhonePreviews
from people.models import Learner
from people.prepared import PreparedModels, PreparedWrite
from people.storing import insert_new, store

from . import rules
from .blocks import QuestionsBlock
from .formats.files import read
from .formats.questions import from_json, tidy, to_json
from .plan import Plan, plan

PUBLISHED = ["wagtail.publish", "wagtail.publish.scheduled", "wagtail.revert"]  # in Wagtail's log


class QuizPage(PhonePreviews, Page):
    """The one quiz of a module, at ``/modul/<module>/kuis/``."""

    pass_mark = models.PositiveSmallIntegerField(
        "nilai lulus (persen)",
        default=70,
        validators=[MinValueValidator(1), MaxValueValidator(100)],
        help_text="Yang biasa 70. Yang sudah lulus tetap lulus walau angka ini diubah.",
    )
    attempts_per_day = models.PositiveSmallIntegerField(
        "percobaan sehari", default=5, help_text="0: boleh berapa kali saja."
    )
    draw = models.PositiveSmallIntegerField(
        "soal sekali kuis",
        default=0,
        help_text="Diundi dari semua soal, merata dari tiap pelajaran. 0: semua soal ditanyakan.",
    )
    questions = StreamField(QuestionsBlock(), verbose_name="soal")

    objects = LearningPages()

    content_panels = [
        *Page.content_panels,
        FieldRowPanel([FieldPanel("pass_mark"), FieldPanel("attempts_per_day"), FieldPanel("draw")]),
        FieldPanel("questions"),
        HelpPanel(template="quizzes/desk/panel.html", heading="Soal dalam angka"),
    ]
    page_description = "Soal sesudah semua pelajaran. Satu modul satu kuis."
    parent_page_types = ["courses.ModulePage"]
    subpage_types = []
    base_form_class = PageForm
    copy_form_class = OwnCopyForm
    max_count_per_parent = 1

    class Meta:
        verbose_name = verbose_name_plural = "kuis"

    def full_clean(self, *args, **kwargs):
        self.slug = QUIZ_SLUG
        super().full_clean(*args, **kwargs)

    def minimal_clean(self):
        self.slug = QUIZ_SLUG
        super().minimal_clean()

    def clean(self):
        super().clean()
        if self.draw > len(self.questions):
            raise ValidationError({"draw": f"Kuis ini baru punya {len(self.questions)} soal. Isi 0 untuk semua soal."})

    def save_revision(self, *args, overwrite_revision: Revision | None = None, **kwargs) -> Revision:
        """A new one in the place of what is or was published: attempts are judged by that for ever. Wagtail's form
        writes over what it saved last, also where it was published from a list meanwhile."""
        if overwrite_revision and ever_published([overwrite_revision.pk]):
            overwrite_revision = None
        return super().save_revision(*args, overwrite_revision=overwrite_revision, **kwargs)

    @property
    def asked_revision(self) -> Revision:
        """By which an attempt that begins now is asked and judged."""
        return self.live_revision or self.latest_revision

    @cached_property
    def asked(self) -> "list[AskedQuestion]":
        """All questions, in the editor's order."""
        return [AskedQuestion(bound.block.to_question(bound.id, bound.value), bound.value) for bound in self.questions]

    @property
    def lessons_by_title(self) -> dict[str, int]:
        """The ids of the module's lessons, by their titles in small letters."""
        lessons = LessonPage.objects.child_of(self.get_parent()).values_list("title", "pk")
        return {tidy(title).casefold(): id for title, id in lessons}

    @property
    def asked_count(self) -> int:
        """How many questions an attempt asks."""
        return rules.asked_count(len(self.questions), self.draw)

    @property
    def right_needed(self) -> int:
        return rules.right_needed(self.asked_count, self.pass_mark)

    def asked_in(self, lot: uuid.UUID | str) -> "list[AskedQuestion]":
        """The questions of one attempt, in its own order. Both depend on ``lot`` alone: the attempt's id, or the paper
        that a phone took along."""
        by_id = {question.id: question for question in self.asked}
        # As stored: a lesson that is deleted later must change nobody's draw.
        lessons = {question["id"]: question["value"].get("lesson") for question in self.questions.raw_data}
        return [by_id[id] for id in rules.drawn(lessons, self.draw, str(lot))]


def ever_published(revision_ids: Collection[int]) -> set[int]:
    """Those of these revisions of quizzes by which learners may have been asked."""
    entries = PageLogEntry.objects.filter(revision__in=revision_ids, action__in=PUBLISHED)
    live = QuizPage.objects.filter(live_revision__in=revision_ids)
    return {*entries.values_list("revision", flat=True), *live.values_list("live_revision", flat=True)}


@dataclass(frozen=True)
class AskedQuestion:
    """A question as it is judged (``rule``) and as it is written (``value``)."""

    rule: rules.Question
    value: object

    @property
    def id(self) -> str:
        return self.rule.id


class NotInAttempt(ValueError):
    """The question is not one of the attempt's, or the response does not answer it."""


class AttemptClosed(ValueError):
    """The attempt has been submitted; its answers stand."""


class AttemptQuerySet(models.QuerySet):
    def own(self, learner: Learner, id: uuid.UUID) -> "Attempt | None":
        """The learner's attempt; None for another's."""
        for attempt in _own(learner=learner.pk, id=id):
            attempt.learner = learner
            return attempt
        return None

    def submitted(self):
        return self.exclude(submitted_at=None)

    def open(self):
        return self.filter(submitted_at=None)

    @transaction.atomic
    def begin(self, learner: Learner, quiz: QuizPage, module_key: uuid.UUID) -> "Attempt":
        """The learner's open attempt at ``quiz``, begun now where there is none."""
        Learner.objects.hold(learner.pk)
        open_attempt = self.filter(learner=learner, quiz_key=quiz.translation_key).open().first()
        return open_attempt or self.create(
            learner=learner,
            quiz_key=quiz.translation_key,
            module_key=module_key,
            revision=quiz.asked_revision,
            pass_mark=quiz.pass_mark,
        )

    def answer(self, attempt: "Attempt", question_id: str, response: rules.Response) -> None:
        """Keeps the response, replacing an earlier one. Call it in the transaction that holds the learner: then nobody
        judges the attempt meanwhile. Raises NotInAttempt and AttemptClosed."""
        if not rules.is_possible(attempt.question(question_id).rule, response):
            raise NotInAttempt(question_id)
        if not _answer(id=attempt.pk, question=question_id, response=json.dumps(response), now=timezone.now()):
            raise AttemptClosed

    @transaction.atomic(savepoint=False)
    def submit(self, attempt: "Attempt") -> "Attempt":
        """Judges the attempt by its own revision and pass mark. Sent again, it changes nothing."""
        Learner.objects.hold(attempt.learner_id)
        attempt = self.own(attempt.learner, attempt.pk)  # as it is by now
        if attempt.submitted_at:
            return attempt
        responses = attempt.responses
        for answer in attempt.given:
            question = attempt.question(answer.question_id)
            answer.is_right = rules.is_right(question.rule, responses[answer.question_id])
        store(attempt.given, unique=("attempt", "question_id"), update=("is_right",))
        attempt.judge(responses)
        attempt.save(update_fields=["right", "total", "passed", "submitted_at"])
        return attempt

    @transaction.atomic
    def take(self, attempt: "Attempt", responses: dict[str, rules.Response]) -> bool:
        """Judges and stores a whole attempt that was taken without a signal. Taken again under the same id, it changes
        nothing. Returns whether it is new."""
        attempt.pass_mark = attempt.quiz.pass_mark
        attempt.judge(responses)
        if not insert_new([attempt], telling=("id",)):
            return False
        Answer.objects.bulk_create(
            Answer(
                attempt=attempt,
                question_id=id,
                response=list(response),
                is_right=rules.is_right(attempt.question(id).rule, response),
                answered_at=attempt.submitted_at,
            )
            for id, response in responses.items()
        )
        return True


_own = PreparedModels(
    lambda learner, id: (
        Attempt.objects.filter(learner=learner, pk=id).select_related("revision").defer("revision__content")
    ),
    learner=int,
    id=uuid.UUID,
)
_answer = PreparedWrite(
    lambda id, question, response, now: (
        Attempt.objects.open()
        .filter(pk=id)
        .values_list(
            "pk",
            Value(question, models.CharField()),
            Cast(Value(response, models.TextField()), models.JSONField()),
            Value(now, models.DateTimeField()),
        )
    ),
    around="INSERT INTO quizzes_answer (attempt_id, question_id, response, answered_at) {} "
    "ON CONFLICT (attempt_id, question_id) "
    "DO UPDATE SET response = excluded.response, answered_at = excluded.answered_at",
    id=uuid.UUID,
    question=str,
    response=str,
    now=datetime,
)
_given = PreparedModels(lambda attempt: Answer.objects.filter(attempt=attempt), attempt=uuid.UUID)


@lru_cache(maxsize=64)
def _quiz_as_of(revision_id: int, created_at: datetime) -> QuizPage:
    """Made once: what was published never changes. The moment, because a restored database may number anew."""
    return Revision.objects.get(pk=revision_id).as_object()


def quiz_as_of(revision: Revision) -> QuizPage:
    """The quiz as ``revision`` has it; shared, so nobody may change it."""
    return _quiz_as_of(revision.pk, revision.created_at)


class Attempt(models.Model):
    """One go at a quiz. Facts: who, which revision, which pass mark, when; and once submitted, how it was judged."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    learner = models.ForeignKey(Learner, on_delete=models.CASCADE, related_name="attempts")
    quiz_key = models.UUIDField()
    module_key = models.UUIDField()
    revision = models.ForeignKey(Revision, on_delete=models.PROTECT, related_name="+")
    pass_mark = models.PositiveSmallIntegerField()
    started_at = models.DateTimeField(default=timezone.now)
    submitted_at = models.DateTimeField(null=True)
    right = models.PositiveSmallIntegerField(null=True)
    total = models.PositiveSmallIntegerField(null=True)
    passed = models.BooleanField(null=True)
    paper = models.CharField(max_length=40, blank=True)  # which one, where it was taken without a signal

    objects = AttemptQuerySet.as_manager()

    class Meta:
        verbose_name = "percobaan"
        verbose_name_plural = "percobaan"
        indexes = [
            models.Index(fields=["learner", "module_key"]),
            models.Index(fields=["quiz_key", "submitted_at"]),  # the newest at a quiz, for statistics.py
            models.Index(fields=["learner", "quiz_key", "submitted_at"]),  # whether it is her first
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["learner", "quiz_key"], condition=models.Q(submitted_at=None), name="one_open_attempt"
            )
        ]

    @cached_property
    def quiz(self) -> QuizPage:
        """The quiz as it was when the attempt was begun."""
        return quiz_as_of(self.revision)

    @cached_property
    def asked(self) -> list[AskedQuestion]:
        """The questions in this attempt's own order."""
        return self.quiz.asked_in(self.paper or self.pk)

    def question(self, question_id: str) -> AskedQuestion:
        """Raises NotInAttempt."""
        for question in self.asked:
            if question.id == question_id:
                return question
        raise NotInAttempt(question_id)

    @property
    def right_needed(self) -> int:
        return rules.right_needed(self.total, self.pass_mark)

    def judge(self, responses: dict[str, rules.Response]) -> None:
        """Sets what the attempt has come to, handed in now. Does not store it."""
        score = rules.score([question.rule for question in self.asked], responses)
        self.right, self.total = score.right, score.total
        self.passed = score.passes(self.pass_mark)
        self.submitted_at = timezone.now()

    @cached_property
    def given(self) -> "list[Answer]":
        """As they were when first asked for."""
        return _given(attempt=self.pk)

    @property
    def responses(self) -> dict[str, rules.Response]:
        return {answer.question_id: tuple(answer.response) for answer in self.given}

    @property
    def score(self) -> rules.Score:
        return rules.Score(self.right or 0, self.total or 0)


class WaitingAttemptQuerySet(models.QuerySet):
    def keep(self, attempts: "Collection[WaitingAttempt]") -> None:
        """Keeps whole attempts from a phone until their quiz is open. One that is known changes nothing."""
        if not attempts:
            return
        known = set(Attempt.objects.filter(pk__in=[row.pk for row in attempts]).values_list("pk", flat=True))
        self.bulk_create([row for row in attempts if row.pk not in known], ignore_conflicts=True)

    def of(self, learner: Learner, module_keys: "Collection[uuid.UUID]") -> "list[WaitingAttempt]":
        """Those of a learner for the quizzes of these modules, with their revisions."""
        return list(self.filter(learner=learner, module_key__in=module_keys).select_related("revision"))


class WaitingAttempt(models.Model):
    """A whole attempt that was taken without a signal, as it came: ``answers`` are what each question's form would
    send. It is judged, and becomes an Attempt of the same id, as soon as its quiz is open to the learner."""

    id = models.UUIDField(primary_key=True)
    learner = models.ForeignKey(Learner, on_delete=models.CASCADE, related_name="waiting_attempts")
    quiz_key = models.UUIDField()
    module_key = models.UUIDField()
    revision = models.ForeignKey(Revision, on_delete=models.PROTECT, related_name="+")
    draw = models.PositiveSmallIntegerField()
    answers = models.JSONField()
    received_at = models.DateTimeField(default=timezone.now)

    objects = WaitingAttemptQuerySet.as_manager()

    class Meta:
        verbose_name = "percobaan yang menunggu"
        verbose_name_plural = "percobaan yang menunggu"


class NothingToSave(Exception):
    """The file would change nothing in the quiz."""


class PageLocked(Exception):
    """Somebody keeps the quiz locked, or it is with a reviewer."""


class QuizImportQuerySet(models.QuerySet):
    def of(self, user):
        """The files that ``user`` sent herself."""
        return self.filter(by=user)

    def begin(self, quiz: QuizPage, upload, *, by) -> "QuizImport":
        """Keeps what ``upload`` tells until it is saved or a week old; the quiz stays as it is. Raises
        UnreadableFile."""
        entries = to_json(read(upload))
        self.filter(made_at__lt=timezone.now() - QuizImport.KEPT).delete()
        return self.create(quiz=quiz, by=by, file_name=upload.name[-120:], entries=entries)

    @transaction.atomic
    def save_draft(self, file: "QuizImport", *, by) -> Plan:
        """Writes the new and the changed questions into a draft of the quiz; what learners are asked stays until it is
        published. Sent again, it changes nothing. Raises NothingToSave and PageLocked."""
        quiz = QuizPage.objects.select_for_update().get(pk=file.quiz_id)
        if quiz.permissions_for_user(by).page_locked():
            raise PageLocked
        draft = quiz.get_latest_revision_as_object()
        plan = file.plan(draft)
        if not plan.writes:
            raise NothingToSave
        draft.questions = plan.questions
        draft.save_revision(user=by, log_action="wagtail.edit")
        self.filter(pk=file.pk).update(saved_at=timezone.now())
        return plan


class QuizImport(models.Model):
    """A file of questions on its way in, as it was read. Nothing of it is in the quiz until it is saved."""

    KEPT = timedelta(days=7)

    quiz = models.ForeignKey(QuizPage, on_delete=models.CASCADE, related_name="+")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    file_name = models.CharField(max_length=120)
    entries = models.JSONField(encoder=DjangoJSONEncoder)
    made_at = models.DateTimeField(default=timezone.now)
    saved_at = models.DateTimeField(null=True)

    objects = QuizImportQuerySet.as_manager()

    class Meta:
        verbose_name = "impor soal"
        verbose_name_plural = "impor soal"

    def plan(self, quiz: QuizPage) -> Plan:
        """What the file would do to ``quiz`` as it is now."""
        return plan(quiz.questions, from_json(self.entries), quiz=quiz.translation_key, lessons=quiz.lessons_by_title)


class Answer(models.Model):
    """The response to one question of an attempt; ``is_right`` is set when the attempt is judged."""

    attempt = models.ForeignKey(Attempt, on_delete=models.CASCADE, related_name="answers")
    question_id = models.CharField(max_length=36)
    response = models.JSONField()
    is_right = models.BooleanField(null=True)
    answered_at = models.DateTimeField()

    class Meta:
        verbose_name = "jawaban"
        verbose_name_plural = "jawaban"
        constraints = [models.UniqueConstraint(fields=["attempt", "question_id"], name="one_answer_a_question")]

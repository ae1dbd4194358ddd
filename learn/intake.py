"""The one way in for a learner's work: a form now, stored work later. Each function calls the verb that writes the
fact, then what follows from it (badges/consequences.py), in one transaction."""

from collections.abc import Callable, Collection, Mapping
from datetime import datetime, time
from functools import wraps
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from badges import consequences
from badges.consequences import Outcome, what_follows
from courses.models import ModulePage
from people.models import Learner
from practice.models import Evidence, PracticeSubmission
from progress.facts import Outline, facts_of, outline
from progress.models import LessonCompletion, ModuleAssignment, ModuleProgress, QuizOpening
from progress.rules import Gate, State, gate
from quizzes.models import Attempt, QuizPage, WaitingAttempt
from quizzes.rules import Response, attempts_left


class NotPublished(LookupError):
    """The lesson or quiz is not among the published ones."""


class QuizLocked(Exception):
    """The quiz is not open to the learner; ``gate`` says what is missing."""

    def __init__(self, gate: Gate):
        super().__init__(gate)
        self.gate = gate


class NoAttemptsLeft(Exception):
    """The learner has used the attempts that the editor allows in a day."""


def from_her_phone(take: Callable[..., Any]) -> Callable[..., Any]:
    """For each way in: what her phone sent and was accepted is noted with it, in the same transaction, and first: so
    every way in holds her row before any other but her account, and two of them never wait for each other. The
    first argument is the learner or her attempt."""

    @wraps(take)
    @transaction.atomic
    def taken(whose, *args, **kwargs):
        Learner.objects.sent(whose.learner_id if isinstance(whose, Attempt) else whose.pk)
        return take(whose, *args, **kwargs)

    return taken


def complete_lesson(learner: Learner, lesson_key: UUID) -> Outcome:
    """«Sudah paham». Raises NotPublished."""
    content = outline(pages=False)
    return take_work(learner, content, lessons={lesson_key: module_of(content, lesson_key)})


@from_her_phone
def take_work(
    learner: Learner,
    content: Outline,
    *,
    lessons: Mapping[UUID, UUID],
    attempts: Collection[WaitingAttempt] = (),
) -> Outcome:
    """What a learner did, one piece or many: ``lessons`` that she said «Sudah paham» to (module key by lesson key), and
    whole attempts that her phone kept, which count as soon as their quiz is open. Known work changes nothing."""
    LessonCompletion.objects.record_all(learner, lessons)
    WaitingAttempt.objects.keep(attempts)
    return what_follows(learner, content)


@from_her_phone
def hand_in_practice(learner: Learner, lesson_key: UUID, **sent) -> tuple[PracticeSubmission, bool]:
    """«Kirim praktik»: the submission, and whether it is new. Raises NotPublished, MissingEvidence and TakenId."""
    return consequences.hand_in_practice(learner, lesson_key, module_of(outline(pages=False), lesson_key), **sent)


@from_her_phone
def take_practice(
    learner: Learner, lesson_key: UUID, module_key: UUID, *, id: UUID, files: Collection[UUID], **told
) -> PracticeSubmission:
    """A practice that her phone kept. Of its ``files`` those that have arrived go with it; the others join it when they
    come. Known work changes nothing. Raises TakenId."""
    here = Evidence.objects.waiting().filter(learner=learner, pk__in=files)
    arrived = set(here.values_list("pk", flat=True))
    files = [file for file in files if file in arrived]
    submission, _ = consequences.hand_in_practice(learner, lesson_key, module_key, id=id, files=files, **told)
    return submission


@from_her_phone
def withdraw_practice(learner: Learner, submission: PracticeSubmission) -> bool:
    """«Tarik kiriman»: it counts no more. False where it had been taken back before. Raises AlreadyAnswered."""
    submission.refresh_from_db(fields=["module_key"])  # its lesson may have moved since she pressed
    withdrawn = PracticeSubmission.objects.withdraw(submission)
    ModuleProgress.objects.refresh([learner.pk], [submission.module_key])
    return withdrawn


@from_her_phone
def begin_attempt(learner: Learner, quiz: QuizPage) -> Attempt:
    """«Mulai kuis»: the open attempt, or a new one; or one that waited for the quiz to open, and passed. Raises
    NotPublished, QuizLocked and NoAttemptsLeft."""
    content = outline(pages=False)
    module_key = next((key for key, known in content.quizzes.items() if known == quiz.translation_key), None)
    if module_key is None:
        raise NotPublished
    state = gate(content.modules[module_key], facts_of([learner])[learner.pk], content.modules)
    if state.state == State.LOCKED:
        raise QuizLocked(state)
    mine = Attempt.objects.filter(learner=learner, quiz_key=quiz.translation_key)
    if state.state == State.OPEN and QuizOpening.objects.record(learner, module_key):
        what_follows(learner, content)  # the content has changed since her last work, and an attempt may wait for this
        if passed := mine.filter(passed=True).first():
            return passed
    if not mine.open().exists() and attempts_left(quiz.attempts_per_day, submitted_today(learner, quiz)) == 0:
        raise NoAttemptsLeft
    return Attempt.objects.begin(learner, quiz, module_key)


@from_her_phone
def answer(attempt: Attempt, question_id: str, response: Response) -> None:
    """Keeps one answer. Raises AttemptClosed and NotInAttempt."""
    Attempt.objects.answer(attempt, question_id, response)


@from_her_phone
def submit_attempt(attempt: Attempt) -> Outcome:
    """Judges the attempt. Sent again, it changes nothing and awards nothing twice."""
    learner = attempt.learner
    attempt = Attempt.objects.submit(attempt)
    ModuleProgress.objects.refresh([learner.pk], [attempt.module_key])
    return what_follows(learner, outline(pages=False))


@transaction.atomic
def take_module(learner: Learner, module: ModulePage) -> bool:
    """«Ambil modul ini»: the household has chosen it itself. False where it has it already. Raises NotPublished."""
    _hold_account_first(learner)
    if module.translation_key not in outline(pages=False).modules:
        raise NotPublished
    return ModuleAssignment.objects.choose(learner, module.translation_key)


@transaction.atomic
def leave_module(learner: Learner, module: ModulePage) -> bool:
    """Takes back a module that the household has chosen itself. False where it has none such: what a companion gave
    only a companion takes back."""
    _hold_account_first(learner)
    own = ModuleAssignment.objects.current().with_choice().filter(household=learner.household_id, is_own_choice=True)
    assignment = own.filter(module_key=module.translation_key).first()
    return assignment is not None and ModuleAssignment.objects.withdraw(assignment, by=learner.user)


def _hold_account_first(learner: Learner) -> None:
    """As ``from_her_phone``, for rows that name her account: whoever erases her holds that, and waits for her row."""
    learner.hold_account()
    Learner.objects.sent(learner.pk)


def submitted_today(learner: Learner, quiz: QuizPage) -> int:
    """How many attempts at ``quiz`` the learner has handed in since midnight where she lives. Those that she took
    without a signal do not count: nobody knows of which day they are."""
    midnight = timezone.make_aware(datetime.combine(timezone.localdate(), time.min))
    attempts = Attempt.objects.filter(learner=learner, quiz_key=quiz.translation_key, paper="")
    return attempts.filter(submitted_at__gte=midnight).count()


def module_of(content: Outline, lesson_key: UUID) -> UUID:
    """The key of the published module of a published lesson. Raises NotPublished."""
    for key, module in content.modules.items():
        if lesson_key in module.lessons:
            return key
    raise NotPublished

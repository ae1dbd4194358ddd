"""What follows from a learner's work, whoever stored it: the quizzes that open, the attempts that waited for that, the
badges that are due."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from uuid import UUID

from django.db import transaction
from django.db.models import Case, Q, Value, When

from people.models import Learner
from people.storing import lock
from practice.models import Feedback, PracticeSubmission
from progress.facts import RIGHT, Outline, facts_of, outline
from progress.models import LessonCompletion, ModuleProgress, QuizOpening
from progress.rules import Facts, Module, State, gate
from quizzes import papers
from quizzes.models import WaitingAttempt

from .models import BadgeAward, criteria, earned

CHUNK = 1000  # learners looked at together


@dataclass(frozen=True)
class Outcome:
    """``opened`` are the modules whose quiz has opened, ``facts`` those that brought it about."""

    opened: frozenset[UUID] = frozenset()
    awards: list[BadgeAward] = field(default_factory=list)
    facts: Facts = field(default_factory=Facts, compare=False)


def what_follows(learner: Learner, content: Outline) -> Outcome:
    """Stores what the learner's facts bring about. Call it in the transaction that stored one, with her row held."""
    opened: set[UUID] = set()
    while True:
        facts = facts_of([learner])[learner.pk]
        due = [key for key in content.modules if opens(key, facts, content.modules)]
        opened |= QuizOpening.objects.record_all(learner, due) if due else set()
        ready = facts.quizzes_waiting & (facts.quizzes_opened | opened)
        if not ready:
            return Outcome(frozenset(opened), BadgeAward.objects.award_due(learner, content, facts), facts)
        papers.hand_in(WaitingAttempt.objects.of(learner, ready))
        ModuleProgress.objects.refresh([learner.pk], ready)


@transaction.atomic
def catch_up(learner: Learner, content: Outline) -> Outcome:
    """``what_follows`` without any new work of hers. Raises Learner.DoesNotExist."""
    Learner.objects.hold(learner.pk)
    return what_follows(learner, content)


def left_behind(learners: Collection[Learner], content: Outline) -> list[Learner]:
    """For whom more follows from their facts than is stored: the content has changed since. In three queries."""
    facts, wanted = facts_of(learners), criteria()
    awards = set(BadgeAward.objects.filter(learner__in=learners).values_list("learner_id", "badge_id"))

    def is_behind(learner: Learner) -> bool:
        hers = facts[learner.pk]
        return (
            any((learner.pk, badge) not in awards for badge in earned(content, hers, wanted))
            or bool(hers.quizzes_waiting & hers.quizzes_opened)
            or any(opens(module, hers, content.modules) for module in content.modules)
        )

    return [learner for learner in learners if is_behind(learner)]


def follow_lessons(content: Outline) -> None:
    """What learners did in a lesson counts in the module in which the lesson stands today, whoever moved it. A practice
    that was found right stays that of the module for which it was."""
    places = {lesson: key for key, module in content.modules.items() for lesson in module.lessons}
    moves = [When(lesson_key__in=module.lessons, then=Value(key)) for key, module in content.modules.items()]
    elsewhere = Q(pk__in=[])
    for key, module in content.modules.items():
        elsewhere |= Q(lesson_key__in=module.lessons) & ~Q(module_key=key)
    strayed = [
        LessonCompletion.objects.filter(elsewhere),
        PracticeSubmission.objects.exclude(feedback__verdict=RIGHT).filter(elsewhere),
    ]
    first, second = (rows.order_by().values_list("learner") for rows in strayed)
    behind = sorted(pk for (pk,) in first.union(second))
    for start in range(0, len(behind), CHUNK):
        with transaction.atomic():
            learners = lock(Learner.objects.filter(pk__in=behind[start : start + CHUNK]))
            theirs = [rows.filter(learner__in=learners) for rows in strayed]
            moved = {pair for rows in theirs for pair in rows.order_by().values_list("lesson_key", "module_key")}
            for rows in theirs:
                rows.update(module_key=Case(*moves))
            changed = {module for lesson, left in moved for module in (left, places[lesson])}
            ModuleProgress.objects.refresh(learners, changed)


def opens(key: UUID, facts: Facts, modules: Mapping[UUID, Module]) -> bool:
    """Whether the facts open the module's quiz, and nothing had as yet. Its lessons first: of most modules some are not
    done, and nothing else needs to be looked at."""
    if key in facts.quizzes_opened or not facts.lessons_done.issuperset(modules[key].lessons):
        return False
    return gate(modules[key], facts, modules).state == State.OPEN


@transaction.atomic
def hand_in_practice(learner: Learner, lesson_key: UUID, module_key: UUID, **sent) -> tuple[PracticeSubmission, bool]:
    """``PracticeSubmission.objects.hand_in`` with its summary, for the learner or for her companion in her name."""
    submission, is_new = PracticeSubmission.objects.hand_in(learner, lesson_key, module_key, **sent)
    ModuleProgress.objects.refresh([learner.pk], [module_key])
    return submission, is_new


@transaction.atomic
def answer_practice(
    submission: PracticeSubmission, verdict: Feedback.Verdict, **said
) -> tuple[Feedback, bool, Outcome]:
    """``Feedback.objects.give``, and what an approved practice opens and earns."""
    feedback, is_new = Feedback.objects.give(submission, verdict, **said)
    if not is_new:
        return feedback, False, Outcome()
    # As the answer has it: its lesson may have moved since the caller read the practice.
    ModuleProgress.objects.refresh([submission.learner_id], [feedback.submission.module_key])
    return feedback, True, what_follows(submission.learner, outline(pages=False))

"""A group meeting with all that follows from it: lessons done for those present, summaries, quizzes that open. The one
way in for a companion's form and for what her phone stored."""

from collections.abc import Collection, Iterable
from datetime import date
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet, Subquery

from people.models import HouseholdGroup, Learner
from people.storing import lock
from progress.facts import Outline, facts_of, modules_of, outline
from progress.meetings import today_in
from progress.models import GroupSession, LessonCompletion, QuizOpening
from progress.rules import may_have_met

from .consequences import opens, what_follows


class NotPublished(LookupError):
    """None of the lessons has ever been published and is still there."""


class NotExpected(LookupError):
    """Somebody is none of the companion's learners in the group, or has not agreed yet."""


class NobodyThere(ValueError):
    """A meeting needs a lesson, and somebody who was there."""


class WrongDay(ValueError):
    """The day is still to come, or long past."""


class TooLate(Exception):
    """The meeting was recorded on an earlier day, or is undone."""


def learners_in(group: HouseholdGroup, user) -> QuerySet[Learner]:
    """The learners of ``user``'s households in the group; ``has_consent`` tells whether something may be recorded of
    them."""
    return Learner.objects.for_companion(user).active().filter(household__group=group).with_hindrances()


@transaction.atomic
def record(
    group: HouseholdGroup,
    *,
    held_on: date,
    place: str,
    lesson_keys: Collection[UUID],
    learner_ids: Collection[int],
    by,
    id: UUID | None = None,
) -> tuple[GroupSession, bool]:
    """A companion records a meeting of one of her groups; whether it is new. Sent again under the same ``id``, nothing
    changes. What was treated was treated, also where a lesson was unpublished since; only one that is gone is left out.
    Raises NotPublished, NotExpected, NobodyThere, WrongDay and TakenId."""
    if told := GroupSession.objects.filter(pk=id, group=group, recorded_by=by).first():
        return told, False  # whatever has become since of who was there
    content = outline(pages=False)
    lessons = modules_of(lesson_keys, content)
    if lesson_keys and not lessons:
        raise NotPublished
    if not lessons or not learner_ids:
        raise NobodyThere
    if not may_have_met(held_on, today_in(group)):
        raise WrongDay
    _check(learner_ids, group, by)
    try:
        Learner.objects.hold_all(learner_ids)  # before the group, as a phone does that sends several meetings
    except Learner.DoesNotExist:  # erased just now
        raise NotExpected from None
    session, is_new = GroupSession.objects.record(
        group, held_on=held_on, place=place, lessons=lessons, learner_ids=learner_ids, by=by, id=id
    )
    if is_new:
        LessonCompletion.objects.settle(learner_ids, lessons)
        _open_quizzes(learner_ids, content)
    return session, is_new


@transaction.atomic
def correct(session: GroupSession, learner_ids: Collection[int], *, by) -> None:
    """Of the companion's learners exactly these were there. Raises TooLate, NotExpected and NobodyThere."""
    _hold(session, learners_in(session.group, by))
    _check(learner_ids, session.group, by)
    asked = set(learners_in(session.group, by).filter(has_consent=True).values_list("pk", flat=True))
    if not learner_ids and not session.attendance.exclude(learner__in=asked).exists():
        raise NobodyThere
    changed = GroupSession.objects.correct(session, present=learner_ids, among=asked)
    _follow(session, changed)


@transaction.atomic
def undo(session: GroupSession) -> None:
    """The meeting counts no more: what it brought is taken back, and nothing else. Raises TooLate."""
    _hold(session, Learner.objects.filter(attendance__session=session))
    there = set(session.attendance.values_list("learner_id", flat=True))
    GroupSession.objects.undo(session)
    _follow(session, there)


def _hold(session: GroupSession, learners: QuerySet[Learner]) -> None:
    """Two who change the same meeting do so one after the other. First the learners: who erases one of them holds her,
    and then wants what is told of her here."""
    lock(learners)
    held = GroupSession.objects.select_for_update(of=("self",), no_key=True).select_related("group").get(pk=session.pk)
    if not held.can_be_corrected:
        raise TooLate


def _check(learner_ids: Collection[int], group: HouseholdGroup, user) -> None:
    if learners_in(group, user).filter(has_consent=True, pk__in=learner_ids).count() < len(set(learner_ids)):
        raise NotExpected


def _follow(session: GroupSession, learner_ids: Collection[int]) -> None:
    """Makes everything agree with who was there now."""
    content = outline(pages=False)
    lessons = dict(session.lessons.values_list("lesson_key", "module_key"))
    LessonCompletion.objects.settle(learner_ids, lessons)
    _close_quizzes(session, learner_ids, lessons, content)
    _open_quizzes(learner_ids, content)


def _open_quizzes(learner_ids: Iterable[int], content: Outline) -> None:
    """In a constant number of queries, and some more for each learner for whom something opens."""
    learners = {learner.pk: learner for learner in Learner.objects.filter(pk__in=learner_ids)}
    for id, facts in facts_of(learners.values()).items():
        if any(opens(key, facts, content.modules) for key in content.modules):
            what_follows(learners[id], content)


def _close_quizzes(
    session: GroupSession, learner_ids: Iterable[int], lessons: Collection[UUID], content: Outline
) -> None:
    """A quiz that opened since the meeting was recorded closes again for whom one of its lessons was taken back; or
    since another of that day that treated them: where that was undone first, this one kept the quiz open."""
    learners = list(Learner.objects.filter(pk__in=learner_ids))
    missing = {id: set(lessons) - facts.lessons_done for id, facts in facts_of(learners).items()}
    touched = [key for key, module in content.modules.items() if not set(lessons).isdisjoint(module.lessons)]
    alike = GroupSession.objects.recorded_beside(session).filter(lessons__lesson_key__in=lessons)
    first = Subquery(alike.order_by("recorded_at").values("recorded_at")[:1])
    since = QuizOpening.objects.filter(learner__in=learners, opened_at__gte=first)
    QuizOpening.objects.take_back(
        opening
        for opening in since.filter(module_key__in=touched)
        if not missing[opening.learner_id].isdisjoint(content.modules[opening.module_key].lessons)
    )

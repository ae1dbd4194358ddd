"""What each kind of item does, for learners and for companions: whether it can be taken at all, and the verb that
stores it. A refusal found out while storing leaves nothing of that item behind."""

from collections.abc import Collection
from decimal import Decimal
from uuid import UUID, uuid5

from django.db import transaction

from badges import meetings
from badges.consequences import answer_practice
from courses.models import LessonPage
from people.models import Household, HouseholdEvent, HouseholdGroup, Learner, User
from people.storing import lock
from practice.models import EmptyFeedback, Feedback, MissingEvidence, PracticeSubmission, TakenId, Withdrawn
from practice.rules import amount
from progress import meetings as sessions
from progress.facts import modules_above, modules_of, outline
from quizzes import papers
from quizzes.models import QuizPage, WaitingAttempt

from . import intake
from .items import Attendance, Item, Reason, Refused
from .items import Feedback as SaidFeedback

# Why a verb that did not store an item did not.
REASONS = {
    meetings.NotExpected: Reason.PRESENT,
    meetings.NotPublished: Reason.LESSON,
    meetings.WrongDay: Reason.DAY,
    meetings.NobodyThere: Reason.SHAPE,
    EmptyFeedback: Reason.SHAPE,
    Withdrawn: Reason.WITHDRAWN,
    MissingEvidence: Reason.FILE,
    TakenId: Reason.CHANGED,
    sessions.TakenId: Reason.CHANGED,
}


class OfLearner:
    """A learner's own work."""

    KINDS = frozenset({"lesson", "quiz", "practice"})

    def __init__(self, learner: Learner):
        self.learner = learner

    def look(self, items: Collection[Item]) -> dict[UUID, Reason]:
        """Before the transaction: what cannot be taken, by item id."""
        self.content = outline(pages=False)
        wanted = {item.work.lesson for item in items if item.kind in ("lesson", "practice")}
        self.modules = modules_of(wanted, self.content)
        self.attempts = self._attempts([item for item in items if item.kind == "quiz"])
        lost = {
            item.id: Reason.LESSON
            for item in items
            if item.kind in ("lesson", "practice") and item.work.lesson not in self.modules
        }
        return lost | {item.id: Reason.QUIZ for item in items if item.kind == "quiz" and item.id not in self.attempts}

    def store(self, items: Collection[Item]) -> dict[UUID, Reason]:
        """What was refused after all, by item id."""
        lessons = {item.work.lesson for item in items if item.kind == "lesson"}
        intake.take_work(
            self.learner,
            self.content,
            lessons={lesson: self.modules[lesson] for lesson in lessons},
            attempts=[self.attempts[item.id] for item in items if item.kind == "quiz"],
        )
        verbs = {"practice": self._hand_in}
        others = [item for item in items if item.kind not in ("lesson", "quiz")]
        return each_alone(others, lambda item: verbs[item.kind](item))

    def waiting(self) -> set[UUID]:
        """Those of the batch's attempts whose quiz is not open yet."""
        mine = WaitingAttempt.objects.filter(learner=self.learner, pk__in=list(self.attempts))
        return set(mine.values_list("pk", flat=True)) if self.attempts else set()

    def _modules_of_quizzes(self, quizzes: set[UUID]) -> dict[UUID, UUID]:
        """Module key by quiz key; of today, since an old revision knows an old place."""
        modules = {quiz: module for module, quiz in self.content.quizzes.items()}
        if unknown := quizzes - modules.keys():
            modules |= modules_above(QuizPage.objects.original().filter(translation_key__in=unknown))
        return modules

    def _attempts(self, items: Collection[Item]) -> dict[UUID, WaitingAttempt]:
        """The attempts by item id, for quizzes as they were once published."""
        quizzes = papers.published_quizzes({item.work.revision for item in items}) if items else {}
        modules = self._modules_of_quizzes({item.work.quiz for item in items})
        found = {}
        for item in items:
            quiz = quizzes.get(item.work.revision)
            if quiz and quiz.translation_key == item.work.quiz and item.work.quiz in modules:
                found[item.id] = WaitingAttempt(
                    id=item.id,
                    learner=self.learner,
                    quiz_key=item.work.quiz,
                    module_key=modules[item.work.quiz],
                    revision_id=item.work.revision,
                    draw=item.work.draw,
                    answers=item.work.answers,
                )
        return found

    def _hand_in(self, item: Item) -> None:
        work = item.work
        number, note = number_and_note(work.lesson, work.number, work.note)
        told = {"note": note, "number": number, "files": work.files}
        task = (self.learner, work.lesson, self.modules[work.lesson])
        stored = intake.take_practice(*task, id=item.id, **told)
        if not stored.says(note, number):  # its form had come by itself, and she went back to it and changed it
            intake.take_practice(*task, id=uuid5(item.id, f"{note}\n{number}"), **told)


class OfCompanion:
    """What a companion did among her households, and only among those that are hers today."""

    KINDS = frozenset({"attendance", "visit", "contact", "feedback"})

    def __init__(self, user: User):
        self.user = user

    def look(self, items: Collection[Item]) -> dict[UUID, Reason]:
        return {}

    def store(self, items: Collection[Item]) -> dict[UUID, Reason]:
        """What was refused, by item id."""
        self._hold(items)
        verbs = {
            "attendance": self._meet,
            "visit": self._visit,
            "contact": self._reach,
            "feedback": self._answer,
        }
        return each_alone(items, lambda item: verbs[item.kind](item))

    def waiting(self) -> set[UUID]:
        return set()

    def _hold(self, items: Collection[Item]) -> None:
        """Locks all whom the items are about in everybody's order. Theirs is that of her day: one after the other, this
        batch and whoever else holds two of them would wait for each other."""
        practices = [item.work.practice for item in items if item.kind == "feedback"]
        learners = set(PracticeSubmission.objects.filter(pk__in=practices).values_list("learner_id", flat=True))
        learners.update(*(item.work.learners for item in items if item.kind == "attendance"))
        households = {item.work.household for item in items if item.kind in ("visit", "contact")}
        groups = {item.work.group for item in items if item.kind == "attendance"}
        wanted = (Learner.objects, learners), (Household.objects, households), (HouseholdGroup.objects, groups)
        for people, ids in wanted:
            lock(people.for_companion(self.user).filter(pk__in=ids))

    def _meet(self, item: Item) -> None:
        work: Attendance = item.work
        group = HouseholdGroup.objects.for_companion(self.user).filter(pk=work.group).first()
        if group is None:
            raise Refused(Reason.HOUSEHOLD)
        told = {"held_on": work.held_on, "place": work.place}
        session, is_new = meetings.record(
            group, **told, lesson_keys=work.lessons, learner_ids=work.learners, by=self.user, id=item.id
        )
        # Its form had come by itself, and she went back to it and changed it.
        if not is_new and not session.says(**told, lessons=work.lessons, learner_ids=work.learners):
            raise Refused(Reason.CHANGED)

    def _household(self, pk: int) -> Household:
        household = Household.objects.for_companion(self.user).filter(pk=pk).first()
        if household is None:
            raise Refused(Reason.HOUSEHOLD)
        return household

    def _visit(self, item: Item) -> None:
        household, text, visited = self._household(item.work.household), item.work.text, HouseholdEvent.Kind.VISITED
        HouseholdEvent.objects.note(household, visited, by=self.user, text=text, told_as=item.id, from_outbox=True)

    def _reach(self, item: Item) -> None:
        household, work = self._household(item.work.household), item.work
        HouseholdEvent.objects.reach(household, work.way, work.about, by=self.user, told_as=item.id, from_outbox=True)

    def _answer(self, item: Item) -> None:
        said: SaidFeedback = item.work
        submissions = PracticeSubmission.objects.for_companion(self.user).filter(learner__user__is_active=True)
        submission = submissions.select_related("learner").filter(pk=said.practice).first()
        if submission is None:
            raise Refused(Reason.HOUSEHOLD)
        feedback, _, _ = answer_practice(
            submission,
            Feedback.Verdict(said.verdict),
            by=self.user,
            praise=said.praise,
            suggestion=said.suggestion,
            voice=said.voice,
            id=item.id,
        )
        if feedback.pk != item.id or not feedback.says(said.verdict, said.praise, said.suggestion):
            raise Refused(Reason.CHANGED if feedback.by_id == self.user.pk else Reason.ANSWERED)


def each_alone(items: Collection[Item], store) -> dict[UUID, Reason]:
    """Stores one after the other; one that is refused takes nothing of the others along. Returns the refusals."""
    refused = {}
    for item in items:
        try:
            with transaction.atomic():
                store(item)
        except Refused as refusal:
            refused[item.id] = refusal.reason
        except tuple(REASONS) as refusal:
            refused[item.id] = REASONS[type(refusal)]
    return refused


def number_and_note(lesson_key: UUID, typed: str, note: str) -> tuple[Decimal | None, str]:
    """The number as the form would read it. One that it cannot read goes into the note: nothing typed is lost."""
    if not typed:
        return None, note
    lesson = LessonPage.objects.original().filter(translation_key=lesson_key).first()
    unit = lesson.task.get("unit", "") if lesson else ""
    number = amount(typed, unit)
    return number, note if number is not None else f"{note}\n{typed}".strip()

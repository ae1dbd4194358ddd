"""What learners' answers tell of each question, from real attempts. Names nobody: only numbers leave here."""

import json
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Exists, OuterRef, QuerySet
from wagtail.models import Revision

from .item_analysis import ENOUGH, Flag, Item, Tried, analysed
from .models import Answer, AskedQuestion, Attempt, QuizPage
from .rules import Kind
from .wording import words

SAMPLE = 500  # first attempts a quiz, the newest: a share of them is off by 2 percent, and no page waits for more

__all__ = ["ENOUGH", "SAMPLE", "Flag", "QuestionNumbers", "flagged", "numbers"]


@dataclass(frozen=True)
class QuestionNumbers:
    """A question of a quiz with its numbers, for an editor to read."""

    quiz: QuizPage
    place: int  # in the editor's order, from 1
    item: Item

    @property
    def asked(self) -> AskedQuestion:
        return self.quiz.asked[self.place - 1]

    @property
    def drawing(self) -> list[str]:
        """The wrong answer that most gave, in words."""
        return words(self.asked, self.item.drawing) if self.item.drawing else []


def numbers(quizzes: Iterable[QuizPage]) -> dict[UUID, list[QuestionNumbers]]:
    """The questions of each quiz by its key, in three queries.

    Answers count for a question as it is worded now; one that was changed begins anew.
    """
    quizzes = list(quizzes)
    tries = _tries(quizzes)
    return {quiz.translation_key: list(_numbers(quiz, tries)) for quiz in quizzes}


def _numbers(quiz: QuizPage, tries: dict[tuple[UUID, str], list[Tried]]) -> Iterator[QuestionNumbers]:
    stored = quiz.questions.get_prep_value()  # without the lessons that the questions name
    for place, (question, wording) in enumerate(zip(stored, _wordings(stored).values(), strict=True), start=1):
        tried = tries.get((quiz.translation_key, wording), [])
        yield QuestionNumbers(quiz, place, analysed(Kind(question["type"]), tried))


def flagged(quizzes: Iterable[QuizPage]) -> list[QuestionNumbers]:
    """The questions that an editor should look at; those that most get wrong come first."""
    found = [question for rows in numbers(quizzes).values() for question in rows if question.item.flags]
    return sorted(found, key=lambda question: (Flag.TOO_MANY_WRONG not in question.item.flags, question.item.right))


def _tries(quizzes: list[QuizPage]) -> dict[tuple[UUID, str], list[Tried]]:
    """The first answers to each question by quiz and wording."""
    firsts = _first_attempts(quiz.translation_key for quiz in quizzes)
    attempts = {attempt.pk: attempt for attempt in firsts}
    revisions = Revision.objects.filter(pk__in={attempt.revision_id for attempt in attempts.values()})
    wordings = {
        pk: _wordings(json.loads(content["questions"])) for pk, content in revisions.values_list("pk", "content")
    }
    answers = Answer.objects.filter(attempt__in=firsts.values("pk")).order_by("attempt", "answered_at", "pk")
    found: dict[tuple[UUID, str], list[Tried]] = defaultdict(list)
    for attempt, question_id, tried in _answered(attempts, answers):
        if wording := wordings[attempt.revision_id].get(question_id):
            found[attempt.quiz_key, wording].append(tried)
    return found


def _first_attempts(quiz_keys: Iterable[UUID]) -> QuerySet[Attempt]:
    """The newest first attempts at each quiz. Each quiz is a part, so that an index leads past all other attempts."""
    earlier = Attempt.objects.submitted().filter(
        learner=OuterRef("learner"), quiz_key=OuterRef("quiz_key"), submitted_at__lt=OuterRef("submitted_at")
    )
    firsts = Attempt.objects.submitted().filter(~Exists(earlier)).order_by("-submitted_at").values("pk")
    parts = [Attempt.objects.filter(pk__in=firsts.filter(quiz_key=key)[:SAMPLE]) for key in quiz_keys]
    return Attempt.objects.none().union(*parts, all=True)


def _answered(attempts: dict[UUID, Attempt], answers: QuerySet[Answer]) -> Iterator[tuple[Attempt, str, Tried]]:
    """Each answer with what its attempt tells of it; ``answers`` come attempt by attempt, in the order of time."""
    before = {pk: attempt.started_at for pk, attempt in attempts.items()}
    rows = answers.values_list("attempt_id", "question_id", "response", "is_right", "answered_at")
    for attempt_id, question_id, response, is_right, answered_at in rows:
        if (attempt := attempts.get(attempt_id)) is None:
            continue  # handed in since the attempts were read
        seconds = (answered_at - before[attempt_id]).total_seconds()
        before[attempt_id] = answered_at
        others = attempt.total - 1
        rest = (attempt.right - is_right) / others if others else None
        yield attempt, question_id, Tried(tuple(response), is_right, rest, max(seconds, 0))


def _wordings(questions: list[dict]) -> dict[str, str]:
    """By id, all of a question that a learner meets before she answers, and its key: explanation and lesson follow."""
    return {
        question["id"]: json.dumps(
            [question["type"], question["id"], {**question["value"], "explanation": "", "lesson": None}],
            sort_keys=True,
            default=str,
        )
        for question in questions
    }

"""Loads what ``quizzes/checks.py`` judges, for many quizzes in a constant number of queries."""

from collections.abc import Sequence

from courses.inspection import stream_nodes
from courses.models import LessonPage

from . import checks
from .blocks import QuestionBlock
from .models import QuizPage


def inspect_quizzes(quizzes: Sequence[QuizPage]) -> dict[QuizPage, list]:
    """The findings of each quiz."""
    live = set(LessonPage.objects.live().values_list("pk", flat=True))
    return {
        quiz: checks.quiz_findings(
            tuple(
                checks.QuestionWords(
                    place=node.place,
                    question=node.value.get("question") or "",
                    explanation=node.value.get("explanation") or "",
                    lesson_is_live=node.value["lesson"] in live if node.value.get("lesson") else None,
                )
                for node in stream_nodes(quiz, "questions")
                if isinstance(node.block, QuestionBlock)
            )
        )
        for quiz in quizzes
    }

"""Loads what ``quizzes/checks.py`` judges, for many quizzes in a constant number of queries."""

from collections.abc import Sequence

from wagtail.models import Page

from courses.inspection import stream_nodes
from courses.languages import ORIGINAL
from courses.models import LessonPage

from . import checks
from .blocks import QuestionBlock
from .models import QuizPage


def inspect_quizzes(quizzes: Sequence[QuizPage]) -> dict[QuizPage, list]:
    """The findings of each quiz."""
    modules = {pk: path[: -Page.steplen] for pk, path in LessonPage.objects.live().values_list("pk", "path")}
    return {
        quiz: checks.quiz_findings(
            tuple(
                checks.QuestionWords(
                    place=node.place,
                    question=node.value.get("question") or "",
                    explanation=node.value.get("explanation") or "",
                    lesson_is_live=lesson in modules if (lesson := node.value.get("lesson")) else None,
                    # A translation is asked in Indonesian, and leads to those lessons.
                    lesson_is_own=not lesson
                    or quiz.locale.language_code != ORIGINAL
                    or modules.get(lesson) == quiz.path[: -Page.steplen],
                )
                for node in stream_nodes(quiz, "questions")
                if isinstance(node.block, QuestionBlock)
            )
        )
        for quiz in quizzes
    }

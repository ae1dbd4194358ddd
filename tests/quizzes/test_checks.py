"""What is said before a quiz is published: quizzes/checks.py as a table."""

import pytest

from courses.checks import Kind, Severity
from quizzes.checks import QuestionWords, quiz_findings

GOOD = QuestionWords("questions.a", "Nama mana yang khas?", "Nama itu punya ciri.", lesson_is_live=True)
LONG = QuestionWords("questions.b", "kata " * 16 + "?", "Nama itu punya ciri.")
BARE = QuestionWords("questions.c", "Nama mana yang khas?", " ")
LOST = QuestionWords("questions.d", "Nama mana yang khas?", "Nama itu punya ciri.", lesson_is_live=False)
ASTRAY = QuestionWords("questions.e", "Nama mana yang khas?", "Nama itu punya ciri.", lesson_is_own=False)


@pytest.mark.parametrize(
    ("questions", "expected"),
    [
        ((), [(Kind.FEW_QUESTIONS, Severity.BLOCKING, "questions")]),
        ((GOOD,) * 4, [(Kind.FEW_QUESTIONS, Severity.WARNING, "questions")]),
        ((GOOD,) * 5, []),
        ((GOOD,) * 4 + (LONG,), [(Kind.LONG_SENTENCE, Severity.WARNING, "questions.b.question")]),
        ((GOOD,) * 4 + (BARE,), [(Kind.NO_EXPLANATION, Severity.WARNING, "questions.c.explanation")]),
        ((GOOD,) * 4 + (LOST,), [(Kind.DEAD_LINK, Severity.WARNING, "questions.d.lesson")]),
        ((GOOD,) * 4 + (ASTRAY,), [(Kind.OTHER_MODULE, Severity.WARNING, "questions.e.lesson")]),
    ],
)
def test_a_quiz(questions, expected):
    assert [(one.kind, one.severity, one.place) for one in quiz_findings(questions)] == expected


def test_a_question_is_named_by_its_number():
    (one,) = quiz_findings((*[GOOD] * 4, BARE))
    assert one.sentence == "Soal 5 belum punya penjelasan. Tulis satu kalimat: kenapa jawabannya begitu?"

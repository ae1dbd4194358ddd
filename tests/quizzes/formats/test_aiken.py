"""Aiken: what is read, what is refused and why, and what comes back as it went out."""

from dataclasses import replace

import pytest
from hypothesis import given

from quizzes.formats import aiken
from quizzes.formats.questions import ImportedQuestion, Refused
from quizzes.rules import Kind
from tests.properties import steady

from .questions import of_kind, questions, without_line

RIGHT_B = (("Keripik", False), ("Singkong Mbok Sari", True))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "Nama mana yang khas?\nA. Keripik\nB. Singkong Mbok Sari\nANSWER: B",
            ImportedQuestion(1, Kind.SINGLE_CHOICE, "Nama mana yang khas?", choices=RIGHT_B),
        ),
        (
            "\nNama mana\n yang khas?\n\nA) Keripik\nB)  Singkong Mbok Sari\n\nanswer: b\n",
            ImportedQuestion(2, Kind.SINGLE_CHOICE, "Nama mana yang khas?", choices=RIGHT_B),
        ),
        (
            "Apa?\nA. a\nB. b\nJawaban: B",
            ImportedQuestion(1, Kind.SINGLE_CHOICE, "Apa?", choices=(("a", False), ("b", True))),
        ),
        ("Apa?\nA. a\nANSWER: B", Refused(1, aiken.NO_SUCH_CHOICE)),
        ("Apa?\nA. a\nB. b", Refused(1, aiken.NO_ANSWER_LINE)),
        ("Apa?\nA. a\nB. b\nbukan pilihan\nANSWER: A", Refused(1, aiken.BROKEN_LINE)),
        ("Apa?\nA. a\nA. b\nANSWER: A", Refused(1, aiken.BROKEN_LINE)),
        ("Apa?\nANSWER: A", Refused(1, aiken.NO_CHOICES)),
        ("ANSWER: A", Refused(1, aiken.NO_QUESTION)),
        ("Kata-kata saja", Refused(1, aiken.NO_CHOICES)),
    ],
)
def test_a_question_is_read_or_refused_with_its_line_and_reason(text, expected):
    assert list(aiken.parse(text)) == [expected]


def test_a_question_without_its_answer_does_not_swallow_the_next():
    first, second = aiken.parse("Satu?\nA. a\nB. b\n\nDua?\nA. a\nB. b\nANSWER: A\n")
    assert first == Refused(1, aiken.NO_ANSWER_LINE)
    assert (second.line, second.question) == (5, "Dua?")


@steady
@given(questions(Kind.SINGLE_CHOICE))
def test_what_it_holds_comes_back_without_its_number_and_explanation(question):
    if not aiken.holds(question):
        (back,) = aiken.parse(aiken.write([question]))
        assert without_line(back) == replace(question, reference="", explanation="", lesson="")


@pytest.mark.parametrize(
    ("question", "held"),
    [
        *((of_kind(kind), kind == Kind.SINGLE_CHOICE) for kind in Kind),
        (of_kind(Kind.SINGLE_CHOICE, question="Dua\nbaris?"), False),
        (of_kind(Kind.SINGLE_CHOICE, question="A. Pilihan?"), False),
        (of_kind(Kind.SINGLE_CHOICE, choices=(("a\nb", True), ("c", False))), False),
    ],
)
def test_it_says_what_it_cannot_hold(question, held):
    assert bool(aiken.holds(question)) is not held

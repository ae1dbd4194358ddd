"""The six kinds of question: what an editor may not leave as it is, and what the rules judge. No database."""

from decimal import Decimal

import pytest
from bs4 import BeautifulSoup

from courses.content_files import ContentError, Place
from courses.loader import check_block
from quizzes.blocks import QuestionsBlock
from quizzes.rules import Kind, is_possible, is_right
from tests import pages
from tests.quizzes.questions import ID, KEYS, asked, choices, item, stored

REQUIRED = "harus diisi"


def complaint(kind: Kind, **changes) -> str:
    """What the question says to its editor; empty where it is fine."""
    (bound,) = QuestionsBlock().to_python([stored(kind, **changes)])
    try:
        check_block(bound.block, bound.value, Place("berkas"))
    except ContentError as error:
        return str(error)
    return ""


@pytest.mark.parametrize("kind", Kind)
def test_a_whole_question_is_fine(kind):
    assert complaint(kind) == ""


@pytest.mark.parametrize("kind", Kind)
def test_an_editor_meets_the_question_first_then_its_answer_then_what_explains_it(kind):
    fields = list(QuestionsBlock().child_blocks[kind].child_blocks)
    assert (fields[0], fields[-2:]) == ("question", ["explanation", "lesson"])
    assert len(fields) > 3


@pytest.mark.parametrize("kind", Kind)
@pytest.mark.parametrize("field", ["question", "explanation"])
def test_every_question_needs_its_words(kind, field):
    assert REQUIRED in complaint(kind, **{field: ""})


@pytest.mark.parametrize("kind", Kind)
def test_a_question_may_do_without_its_lesson(kind):
    assert complaint(kind, lesson=None) == ""


EXACTLY_ONE = "Tandai tepat satu pilihan benar."
TWO_OR_MORE = "Tandai dua pilihan benar atau lebih, dan sisakan yang salah."


@pytest.mark.parametrize(
    ("kind", "changes", "words"),
    [
        (Kind.SINGLE_CHOICE, choices(""), EXACTLY_ONE),
        (Kind.SINGLE_CHOICE, choices("ab"), EXACTLY_ONE),
        (Kind.SINGLE_CHOICE, choices("a", "a"), "Paling sedikit 2 butir"),
        (Kind.SINGLE_CHOICE, choices("a", "abcdefg"), "Paling banyak 6 butir"),
        (
            Kind.SINGLE_CHOICE,
            {"choices": [item(letter, {"text": "", "correct": letter == "a"}) for letter in "ab"]},
            REQUIRED,
        ),
        (Kind.MULTI_SELECT, choices(""), TWO_OR_MORE),
        (Kind.MULTI_SELECT, choices("a"), TWO_OR_MORE),
        (Kind.MULTI_SELECT, choices("abcd"), TWO_OR_MORE),
        (Kind.MULTI_SELECT, choices("abc"), ""),
        (Kind.ORDERING, {"items": [item(letter, letter) for letter in "ab"]}, "Paling sedikit 3 butir"),
        (Kind.ORDERING, {"items": [item(letter, letter) for letter in "abcdefg"]}, "Paling banyak 6 butir"),
        (Kind.ORDERING, {"items": [item("a", "A"), item("b", ""), item("c", "C")]}, REQUIRED),
        (Kind.MATCHING, {"pairs": [item("a", {"left": "A", "right": "B"})]}, "Paling sedikit 2 butir"),
        (
            Kind.MATCHING,
            {"pairs": [item(letter, {"left": letter, "right": letter}) for letter in "abcdefg"]},
            "Paling banyak 6 butir",
        ),
        (
            Kind.MATCHING,
            {"pairs": [item("a", {"left": "A", "right": ""}), item("b", {"left": "", "right": "B"})]},
            REQUIRED,
        ),
        (Kind.NUMERIC, {"answer": None}, REQUIRED),
        (Kind.NUMERIC, {"tolerance": "-1"}, "0"),
        (Kind.NUMERIC, {"unit": ""}, ""),
    ],
)
def test_a_question_says_what_is_wrong_with_it(kind, changes, words):
    said = complaint(kind, **changes)
    assert words in said
    assert bool(said) == bool(words)


@pytest.mark.parametrize(
    ("kind", "changes"),
    [
        (
            Kind.SINGLE_CHOICE,
            {"choices": [item(letter, {"text": "Sama", "correct": letter == "a"}) for letter in "ab"]},
        ),
        (Kind.ORDERING, {"items": [item(letter, "Sama") for letter in "abc"]}),
        (Kind.MATCHING, {"pairs": [item(letter, {"left": letter, "right": "Sama"}) for letter in "ab"]}),
    ],
)
def test_two_options_that_read_alike_are_refused(kind, changes):
    """Nobody can tell which of them is right."""
    assert complaint(kind, **changes)


# --- What is judged ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", Kind)
def test_a_question_is_judged_by_what_its_editor_marked(kind):
    rule = asked(kind).rule
    assert (rule.id, rule.kind, rule.key) == (ID, kind, KEYS[kind])
    assert is_possible(rule, rule.key)
    assert is_right(rule, rule.key)


def test_false_is_a_right_answer_too():
    assert asked(Kind.TRUE_FALSE, correct=False).rule.key == ("salah",)


def test_a_number_brings_its_tolerance():
    rule = asked(Kind.NUMERIC, answer="2.5", tolerance="0.25").rule
    assert (rule.key, rule.tolerance) == (("2.5",), Decimal("0.25"))


@pytest.mark.parametrize("kind", Kind)
def test_ids_stay_when_words_change(kind):
    """So an answer given before still answers."""
    block = QuestionsBlock()
    data = block.get_prep_value(block.to_python([stored(kind, question="Lain?")]))
    (bound,) = block.to_python(data)
    assert bound.block.to_question(bound.id, bound.value) == asked(kind).rule


@pytest.mark.parametrize("kind", Kind)
def test_the_editors_preview_shows_question_and_explanation(kind):
    (bound,) = QuestionsBlock().to_python([stored(kind)])
    html = BeautifulSoup(bound.block.render(bound.value), "html.parser")
    words = pages.text(html)
    assert "Soalnya?" in words
    assert "Penjelasannya." in words

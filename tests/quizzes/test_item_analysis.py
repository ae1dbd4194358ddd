"""What answers tell of a question. No database."""

from itertools import cycle, islice

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quizzes.item_analysis import ENOUGH, Flag, Tried, analysed, discrimination
from quizzes.rules import Kind
from tests.properties import steady

ONE = Kind.SINGLE_CHOICE


def tries(right: int, *wrong: str, rests=(0.5,), seconds: float | None = None) -> list[Tried]:
    """``right`` right answers and the wrong ones; ``rests`` go round."""
    answers = ["benar"] * right + list(wrong)
    rounds = islice(cycle(rests), len(answers))
    return [Tried((text,), text == "benar", rest, seconds) for text, rest in zip(answers, rounds, strict=True)]


def test_with_few_answers_only_their_number_is_told():
    item = analysed(ONE, tries(0, *["a"] * (ENOUGH - 1)))
    assert (item.tries, item.right, item.drawing, item.flags) == (ENOUGH - 1, None, None, ())


@pytest.mark.parametrize(
    ("right", "wrong", "flags"),
    [
        (30, [], []),
        (20, ["a"] * 6 + ["b"] * 4, []),
        (15, ["a"] * 8 + ["b"] * 7, []),
        (14, ["a"] * 8 + ["b"] * 8, [Flag.TOO_MANY_WRONG]),
        (20, ["a"] * 10, [Flag.DRAWING]),
        (10, ["a"] * 12 + ["b"] * 8, [Flag.TOO_MANY_WRONG, Flag.DRAWING]),
    ],
)
def test_too_many_wrong_and_a_wrong_answer_that_draws_are_flagged(right, wrong, flags):
    assert list(analysed(ONE, tries(right, *wrong)).flags) == flags


def test_the_wrong_answer_that_most_gave_is_told_with_its_share():
    item = analysed(ONE, tries(18, *["b"] * 9, *["a"] * 3))
    assert (item.right, item.drawing, item.drawn) == (0.6, ("b",), 0.3)


def test_the_wrong_half_of_a_statement_is_no_choice_that_draws():
    assert analysed(Kind.TRUE_FALSE, tries(18, *["salah"] * 12)).flags == ()


def test_several_choices_in_another_order_are_the_same_answer():
    there, back = Tried(("a", "b"), False), Tried(("b", "a"), False)
    assert analysed(Kind.MULTI_SELECT, [there, back] * 15).drawn == 1
    assert analysed(Kind.ORDERING, [there, back] * 15).drawn == 0.5


@pytest.mark.parametrize(
    ("rests", "flagged"),
    [
        ([1.0, 0.0], True),  # every second of either kind: the rest tells nothing of this question
        ([0.5], False),  # all did as well in the rest: nothing can be said
    ],
)
def test_a_question_that_tells_nothing_is_flagged(rests, flagged):
    answers = tries(20, *["a", "b", "c", "d"] * 5, rests=rests)
    assert (Flag.NOT_TELLING in analysed(ONE, answers).flags) is flagged


def test_discrimination_is_that_of_the_textbook():
    """Four people: right ones had 0.9 and 0.7 of the rest, the others 0.5 and 0.3: (0.8 - 0.4) / 0.2236 * 0.5."""
    found = [Tried((), True, 0.9), Tried((), True, 0.7), Tried((), False, 0.5), Tried((), False, 0.3)]
    assert discrimination(found) == pytest.approx(0.894, abs=0.001)


@pytest.mark.parametrize(
    "found",
    [
        [],
        [Tried((), True, 0.5)] * 3,
        [Tried((), False, 0.1), Tried((), False, 0.9)],
        [Tried((), True, 0.5), Tried((), False, 0.5)],
        [Tried((), True), Tried((), False)],
    ],
)
def test_where_nothing_differs_there_is_no_discrimination(found):
    assert discrimination(found) is None


@steady
@given(st.lists(st.tuples(st.booleans(), st.sampled_from([0.0, 0.25, 0.5, 0.75, 1.0])), max_size=60))
def test_discrimination_is_a_correlation_and_turns_round_with_the_answers(answers):
    found = [Tried((), *answer) for answer in answers]
    turned = [Tried((), not is_right, rest) for is_right, rest in answers]
    r = discrimination(found)
    assert r is None or -1.0001 <= r <= 1.0001
    assert discrimination(turned) == (None if r is None else pytest.approx(-r))


@pytest.mark.parametrize(
    ("seconds", "told"),
    [
        ([10.0, 20.0, 30.0], 20),
        ([20.0, 20.0, 601.0], None),  # a third put the phone away: too few are left
        ([0.0], None),  # they came in together
        ([None], None),
    ],
)
def test_the_usual_time_leaves_out_what_tells_no_time(seconds, told):
    found = [Tried(("benar",), True, 0.5, second) for second in islice(cycle(seconds), ENOUGH)]
    assert analysed(ONE, found).seconds == told


def test_every_flag_says_what_to_do():
    assert all(flag.advice.endswith(".") for flag in Flag)

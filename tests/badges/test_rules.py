"""When a badge is due: badges/rules.py as a table."""

from uuid import UUID

import pytest

from badges.rules import Criteria, due

A, B, C = (UUID(int=number) for number in (1, 2, 3))
FOR_A, FOR_B, PATH, EMPTY = 1, 2, 3, 4
BADGES = [
    Criteria(FOR_A, frozenset([A])),
    Criteria(FOR_B, frozenset([B])),
    Criteria(PATH, frozenset([A, B])),
    Criteria(EMPTY, frozenset()),  # one without modules is never due
]


@pytest.mark.parametrize(
    ("modules_done", "expected"),
    [
        ([], set()),
        ([C], set()),
        ([A], {FOR_A}),
        ([B], {FOR_B}),
        ([A, B], {FOR_A, FOR_B, PATH}),
        ([B, A, C], {FOR_A, FOR_B, PATH}),
        ([A, A], {FOR_A}),
    ],
)
def test_a_badge_is_due_when_all_its_modules_are_done(modules_done, expected):
    assert due(BADGES, modules_done) == expected


def test_without_badges_nothing_is_due():
    assert due([], [A, B]) == set()


@pytest.mark.parametrize(
    ("modules_done", "practice_missing", "expected"),
    [
        ([A], [A], set()),
        ([A, B], [A], {FOR_B}),
        ([A, B], [C], {FOR_A, FOR_B, PATH}),
        ([A, B], [], {FOR_A, FOR_B, PATH}),
        ([], [A], set()),
    ],
)
def test_a_module_whose_practice_is_missing_counts_for_no_badge(modules_done, practice_missing, expected):
    assert due(BADGES, modules_done, practice_missing) == expected

"""An answer is shown back in words. No database."""

from decimal import Decimal

import pytest

from quizzes.rules import Kind
from quizzes.wording import words
from tests.quizzes.questions import KEYS, asked


@pytest.mark.parametrize(
    ("kind", "response", "lines"),
    [
        (Kind.SINGLE_CHOICE, ("id-of-c",), ["Pilihan c"]),
        (Kind.MULTI_SELECT, ("id-of-a", "id-of-d"), ["Pilihan a", "Pilihan d"]),
        (Kind.TRUE_FALSE, ("benar",), ["Benar"]),
        (Kind.TRUE_FALSE, ("salah",), ["Salah"]),
        (Kind.ORDERING, ("id-of-c", "id-of-a", "id-of-b"), ["1. Langkah c", "2. Langkah a", "3. Langkah b"]),
        (
            Kind.MATCHING,
            ("id-of-b", "id-of-a", "id-of-c"),
            ["Kiri a: Kanan b", "Kiri b: Kanan a", "Kiri c: Kanan c"],
        ),
        (Kind.NUMERIC, ("7500",), ["Rp7.500"]),
    ],
)
def test_a_response_is_said_as_the_learner_gave_it(kind, response, lines):
    assert words(asked(kind), response) == lines


@pytest.mark.parametrize("kind", Kind)
def test_the_key_can_be_said(kind):
    assert all(words(asked(kind), KEYS[kind]))


@pytest.mark.parametrize(
    ("number", "unit", "text"),
    [
        ("7500", "rupiah", "Rp7.500"),
        ("1300000", "rupiah", "Rp1.300.000"),
        ("-5000", "rupiah", "-Rp5.000"),
        ("0", "rupiah", "Rp0"),
        ("2", "orang", "2 orang"),
        ("1200", "bungkus", "1.200 bungkus"),
        ("0.3", "kg", "0,3 kg"),
        ("2.50", "kg", "2,5 kg"),
        ("1500.25", "", "1.500,25"),
        ("1E+3", "", "1.000"),
        ("-5", "", "-5"),
        ("-0.5", "", "-0,5"),
        ("-1500.5", "", "-1.500,5"),
    ],
)
def test_a_number_is_said_as_indonesians_write_it(number, unit, text):
    assert words(asked(Kind.NUMERIC, unit=unit), (str(Decimal(number)),)) == [text]

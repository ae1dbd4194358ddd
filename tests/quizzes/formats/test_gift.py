"""GIFT: what is read, what is refused and why, and what comes back as it went out."""

from decimal import Decimal

import pytest
from hypothesis import given

from quizzes.formats import gift
from quizzes.formats.markup import PICTURE, TOO_LONG
from quizzes.formats.questions import (
    FEEDBACK_LOST,
    NO_ANSWER,
    NO_PARTIAL,
    NOT_A_NUMBER,
    ONE_NUMBER,
    TWO_WAYS,
    ImportedQuestion,
    Refused,
)
from quizzes.rules import Kind
from tests.properties import steady

from .questions import of_kind, questions, without_line

SINGLE, SEVERAL, TRUTH = Kind.SINGLE_CHOICE, Kind.MULTI_SELECT, Kind.TRUE_FALSE


def read(text: str) -> list:
    return list(gift.parse(text))


def one(text: str):
    (entry,) = read(text)
    return entry


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "Siapa?{=Sari ~Dedi}",
            ImportedQuestion(1, SINGLE, "Siapa?", choices=(("Sari", True), ("Dedi", False))),
        ),
        (
            "\n\n::Soal 1:: Siapa? {\n~Dedi\n=Sari\n}\n",
            ImportedQuestion(3, SINGLE, "Siapa?", "Soal 1", choices=(("Dedi", False), ("Sari", True))),
        ),
        (
            "// question: 7  name: Siapa\n// [id:s-1] [tag:pelajaran:Memilih nama]\n::Siapa::Siapa?{=Sari ~Dedi}",
            ImportedQuestion(
                3, SINGLE, "Siapa?", "s-1", choices=(("Sari", True), ("Dedi", False)), lesson="Memilih nama"
            ),
        ),
        (
            "Apa?{~%50%a ~%50%b ~%-100%c}",
            ImportedQuestion(1, SEVERAL, "Apa?", choices=(("a", True), ("b", True), ("c", False))),
        ),
        ("Merek itu janji.{T}", ImportedQuestion(1, TRUTH, "Merek itu janji.", is_true=True)),
        ("Merek itu janji.{false}", ImportedQuestion(1, TRUTH, "Merek itu janji.")),
        (
            "Benar?{TRUE#Belum tepat.#Betul.}",
            ImportedQuestion(1, TRUTH, "Benar?", is_true=True, explanation="Betul.", remark=FEEDBACK_LOST),
        ),
        (
            "Pasangkan.{=HPP -> Modal =Kas -> Catatan####Begitu.}",
            ImportedQuestion(
                1, Kind.MATCHING, "Pasangkan.", pairs=(("HPP", "Modal"), ("Kas", "Catatan")), explanation="Begitu."
            ),
        ),
        (
            "Pasangkan.{=HPP → Modal =Kas → Catatan}",  # as it is typed in Word
            ImportedQuestion(1, Kind.MATCHING, "Pasangkan.", pairs=(("HPP", "Modal"), ("Kas", "Catatan"))),
        ),
        (
            "Pasangkan.{=Beli → jual -> Untung =Kas -> Catatan}",
            ImportedQuestion(1, Kind.MATCHING, "Pasangkan.", pairs=(("Beli → jual", "Untung"), ("Kas", "Catatan"))),
        ),
        (
            "Pasangkan.{=HPP \uf0e0 Modal =Kas -> Catatan}",  # typed in Word, and a line pasted into it
            ImportedQuestion(1, Kind.MATCHING, "Pasangkan.", pairs=(("HPP", "Modal"), ("Kas", "Catatan"))),
        ),
        ("Berapa?{#7500}", ImportedQuestion(1, Kind.NUMERIC, "Berapa?", answer=Decimal(7500))),
        (
            "Berapa?{#2.5:0.1}",
            ImportedQuestion(1, Kind.NUMERIC, "Berapa?", answer=Decimal("2.5"), tolerance=Decimal("0.1")),
        ),
        ("Berapa?{#1.1250}", ImportedQuestion(1, Kind.NUMERIC, "Berapa?", answer=Decimal("1.125"))),
        ("Berapa?{#7.500}", Refused(1, TWO_WAYS.format("7.500", "7500"))),
        ("Berapa?{#1..3}", ImportedQuestion(1, Kind.NUMERIC, "Berapa?", answer=Decimal(2), tolerance=Decimal(1))),
        ("Berapa?{#=5:0#Pas}", ImportedQuestion(1, Kind.NUMERIC, "Berapa?", answer=Decimal(5))),
        (
            "Merek adalah {=janji ~hiasan} usaha.",
            ImportedQuestion(1, SINGLE, "Merek adalah _____ usaha.", choices=(("janji", True), ("hiasan", False))),
        ),
        (
            "Apa?{=a#Betul. ~b#Belum.}",
            ImportedQuestion(
                1, SINGLE, "Apa?", choices=(("a", True), ("b", False)), explanation="Betul.", remark=FEEDBACK_LOST
            ),
        ),
        (
            r"Tulis \{x\} \= 3\: \~\#\\ ya?\nBaris dua.{=a ~b}",
            ImportedQuestion(1, SINGLE, "Tulis {x} = 3: ~#\\ ya?\nBaris dua.", choices=(("a", True), ("b", False))),
        ),
        (
            "[html]<p>Siapa <b>dia</b>?</p><p>Dua&nbsp;baris</p>{=[plain]<b> ~&lt;}",
            ImportedQuestion(1, SINGLE, "Siapa dia?\nDua baris", choices=(("<b>", True), ("<", False))),
        ),
        (
            "Harga <Rp10.000 dan >5 unit?{=a ~b}",
            ImportedQuestion(1, SINGLE, "Harga <Rp10.000 dan >5 unit?", choices=(("a", True), ("b", False))),
        ),
    ],
)  # fmt: skip
def test_a_question_is_read(text, expected):
    assert one(text) == expected


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("Hanya kata-kata.", NO_ANSWER),
        ("Siapa?{=Sari ~Dedi", gift.NOT_CLOSED),
        ("::Q1:: 1 + 1? {#2}\n::Q2:: 2 + 2? {#4}", gift.TWO_QUESTIONS),
        ("Ceritakan.{}", gift.ESSAY),
        ("Ibu kota?{=Jakarta =DKI}", gift.SHORT_ANSWER),
        ("Ibu kota?{Jakarta}", gift.SHORT_ANSWER),
        ("Apa?{=a ~%50%b}", NO_PARTIAL),
        ("Berapa?{#=%50%5 =%50%6}", ONE_NUMBER),
        ("Berapa?{#=%50%5}", NO_PARTIAL),
        ("Berapa?{#}", NO_ANSWER),
        ("Berapa?{#lima}", NOT_A_NUMBER),
        ("Berapa?{#1e5}", NOT_A_NUMBER),
        ("[html]Apa ini <img src='x'>?{=a ~b}", PICTURE),
        ("[html]" + "<b>" * 20_000 + "{=a ~b}", TOO_LONG),
        ("[html]" + "x" * 10_001 + "{=a ~b}", TOO_LONG),
    ],
)
def test_what_is_no_question_for_us_is_refused_with_its_line_and_reason(text, reason):
    assert read(f"\n\n{text}\n") == [Refused(3, reason)]


def test_a_blank_line_ends_a_question_and_the_next_ones_are_read():
    entries = read("$CATEGORY: top/Merek\n\nRusak?{=a\n\n~b}\n\n// catatan\nBagus?{T}\n")
    assert [(entry.line, type(entry)) for entry in entries] == [(3, Refused), (5, Refused), (8, ImportedQuestion)]


def test_a_line_of_nothing_but_beginnings_is_no_id():
    entries = list(gift.parse("// " + "[id:[tag:" * 30_000 + "\nMerek adalah janji. {T}\n"))
    assert [entry.reference for entry in entries] == [""]


def test_comments_of_one_question_are_not_those_of_the_next():
    first, second = read("// [id:satu]\nBenar?{T}\n\nSalah?{F}")
    assert (first.reference, second.reference) == ("satu", "")


@steady
@given(questions())
def test_what_it_holds_comes_back_as_it_went_out(question):
    if not gift.holds(question):
        assert without_line(one(gift.write([question]))) == question


@pytest.mark.parametrize(
    ("question", "held"),
    [
        *((of_kind(kind), kind != Kind.ORDERING) for kind in Kind),
        (of_kind(Kind.MATCHING, pairs=(("a -> b", "c"), ("d", "e"))), False),
        (of_kind(Kind.MATCHING, pairs=(("a", "b -> c"), ("d", "e"))), True),
        (of_kind(Kind.SINGLE_CHOICE, choices=(("a -> b", True), ("c", False))), False),
        (of_kind(Kind.SINGLE_CHOICE, choices=(("a", True), ("b -> c", False))), True),
    ],
)
def test_it_says_what_it_cannot_hold(question, held):
    assert bool(gift.holds(question)) is not held


@pytest.mark.parametrize("mark", ["\u00ad", "\u200b", "\u2060", "\ufeff"])
def test_marks_that_nobody_sees_make_no_other_question(mark):
    """They come along with what is copied out of a chat."""
    (plain_one,) = gift.parse(gift.write([of_kind(Kind.TRUE_FALSE, question="Kripik tahan lama?")]))
    (marked,) = gift.parse(gift.write([of_kind(Kind.TRUE_FALSE, question=f"Kripik{mark} tahan lama?")]))
    assert marked == plain_one

"""What a file would do to a quiz: new, changed, same or refused. No database."""

from dataclasses import replace
from decimal import Decimal
from uuid import UUID

import pytest
from hypothesis import given

from quizzes.blocks import QuestionsBlock
from quizzes.formats.excel import EXAMPLES
from quizzes.formats.questions import MAX_TEXT, ImportedQuestion, Refused
from quizzes.plan import NO_EXPLANATION, OTHER_KIND, TOO_LONG, Outcome, plan, told
from quizzes.rules import Kind
from tests.properties import steady
from tests.quizzes.formats.questions import of_kind, questions

QUIZ = UUID(int=7)
AB = (("a", True), ("b", False))


def quiz(*stored: dict):
    """The questions of a quiz as a page holds them."""
    return QuestionsBlock().to_python(list(stored))


def after(entries, before=(), lessons=None):
    return plan(quiz(*before), entries, quiz=QUIZ, lessons=lessons or {})


def one(kind: Kind = Kind.SINGLE_CHOICE, **changes) -> ImportedQuestion:
    return of_kind(kind, **changes)


def outcomes(made) -> list[str]:
    return [line.outcome for line in made.lines]


STORED = after([replace(example, line=2, reference="") for example in EXAMPLES]).questions
EXPORTED = [told(bound) for bound in quiz(*STORED)]


def test_questions_that_are_not_there_are_new_and_come_last_in_the_order_of_the_file():
    made = after(EXAMPLES[2:], before=STORED[:2])
    assert outcomes(made) == [Outcome.NEW] * 4
    assert [question["type"] for question in made.questions] == [str(example.kind) for example in EXAMPLES]


@pytest.mark.parametrize("entries", [EXPORTED, [replace(one, reference="") for one in EXPORTED], EXAMPLES])
def test_a_file_that_says_what_is_there_changes_nothing(entries):
    made = after(entries, before=STORED)
    assert outcomes(made) == [Outcome.SAME] * 6
    assert not made.writes
    assert made.questions == STORED


@pytest.mark.parametrize(
    "file",
    [
        [one(reference="Soal 1"), one(reference="Soal 2", question="Lain?")],
        [one(reference="Soal 1"), one(reference="Soal 2", choices=AB)],
        [one(reference="Soal", question="Satu?"), one(reference="Soal", question="Dua?")],
        [one(reference="")],
    ],
    ids=["two names", "two names for the same words", "one name for two", "no name"],
)
def test_the_same_file_twice_changes_nothing(file):
    first = after(file)
    assert outcomes(first) == [Outcome.NEW] * len(file)
    second = after(file, before=first.questions)
    assert outcomes(second) == [Outcome.SAME] * len(file)


@steady
@given(questions())
def test_any_question_that_is_taken_is_the_same_the_second_time(question):
    question = replace(question, lesson="")
    first = after([question])
    if first.writes:
        (bound,) = quiz(*first.questions)
        assert replace(told(bound), reference=question.reference) == replace(question, explanation=question.explanation)
        assert outcomes(after([question], before=first.questions)) == [Outcome.SAME]


@pytest.mark.parametrize("kind", Kind)
def test_the_editor_sees_which_answer_was_understood(kind):
    (line,) = after([one(kind)]).lines
    assert line.key


CHANGES = [
    (Kind.SINGLE_CHOICE, {"question": "Nama yang mana?"}, ("soal",)),
    (Kind.SINGLE_CHOICE, {"choices": AB}, ("pilihan",)),
    (Kind.MULTI_SELECT, {"explanation": "Lain."}, ("penjelasan",)),
    (Kind.TRUE_FALSE, {"is_true": False}, ("kunci",)),
    (Kind.ORDERING, {"items": ("Cek nama", "Pilih nama", "Daftar")}, ("urutan",)),
    (Kind.MATCHING, {"pairs": (("HPP", "Catatan uang"), ("Kas", "Modal satu barang"))}, ("pasangan",)),
    (Kind.NUMERIC, {"answer": Decimal(5100), "tolerance": Decimal(50)}, ("jawaban", "boleh meleset")),
]


@pytest.mark.parametrize(("kind", "change", "parts"), CHANGES)
def test_what_has_changed_is_named_and_stays_in_its_place(kind, change, parts):
    exported = [replace(one, **change) if one.kind == kind else one for one in EXPORTED]
    made = after(exported, before=STORED)
    changed = [line for line in made.lines if line.outcome != Outcome.SAME]
    assert [(line.outcome, line.changes) for line in changed] == [(Outcome.CHANGED, parts)]
    assert [question["id"] for question in made.questions] == [question["id"] for question in STORED]
    assert [told(bound) for bound in quiz(*made.questions)] == exported


def test_what_reads_as_before_keeps_its_id_so_that_answers_to_it_stay_answers():
    (exported,) = [one for one in EXPORTED if one.kind == Kind.MULTI_SELECT]
    changed = replace(exported, choices=(*exported.choices[::-1], ("Baru", False)))
    made = after([changed], before=STORED)
    old, new = (
        {item["value"]["text"]: item["id"] for item in rows[1]["value"]["choices"]} for rows in (STORED, made.questions)
    )
    assert {text: new[text] for text in old} == old
    assert len(set(new.values())) == len(old) + 1


def test_two_choices_never_share_an_id_even_where_one_bears_what_the_other_said_before():
    first = after([one(reference="Soal", choices=AB)])
    (question,) = first.questions
    question["value"]["choices"][0]["value"]["text"] = "a, tetapi lain"  # reworded by hand: its id stays
    made = after([one(reference="Soal", choices=(*AB, ("a, tetapi lain", False)))], before=[question])
    ids = [choice["id"] for choice in made.questions[0]["value"]["choices"]]
    assert len(set(ids)) == 3


def test_what_a_file_leaves_empty_stays_as_it_was():
    bare = [replace(one, unit="", explanation="", lesson="", reference="") for one in EXPORTED]
    assert outcomes(after(bare, before=STORED)) == [Outcome.SAME] * 6


def test_a_new_question_without_explanation_is_taken_with_a_remark():
    (line,) = after([one(explanation="")]).lines
    assert (line.outcome, line.remarks) == (Outcome.NEW, (NO_EXPLANATION,))


@pytest.mark.parametrize(
    ("entry", "reason"),
    [
        (Refused(9, "Rusak."), "Rusak."),
        (one(question=""), "Soal: "),
        (one(choices=(("a", True), ("b", True))), "Pilihan: Tandai tepat satu pilihan benar."),
        (one(choices=(("a", True),)), "Pilihan: "),
        (one(choices=(("a", True), ("A", False))), "Pilihan: Ada dua isi yang sama. Bedakan kata-katanya."),
        (one(choices=(("a", True), ("", False))), "Pilihan: "),
        (one(choices=tuple((letter, letter == "a") for letter in "abcdefg")), "Pilihan: "),
        (
            one(Kind.MULTI_SELECT, choices=AB),
            "Pilihan: Tandai dua pilihan benar atau lebih, dan sisakan yang salah.",
        ),
        (one(Kind.ORDERING, items=("a", "b")), "Urutan yang benar: "),
        (one(Kind.MATCHING, pairs=(("a", "x"), ("b", ""))), "Pasangan yang benar: "),
        (one(lesson="Memasak"), "Pelajaran «Memasak» tidak ada di modul ini."),
        (one(question="x" * (MAX_TEXT + 1)), TOO_LONG),
        (one(explanation="x" * (MAX_TEXT + 1)), TOO_LONG),
    ],
)
def test_what_cannot_be_taken_is_refused_with_its_reason(entry, reason):
    """What ends with the name of a field and a colon goes on in Wagtail's own words."""
    made = after([entry])
    (line,) = made.lines
    assert line.outcome == Outcome.REFUSED
    assert line.reason.startswith(reason) if reason.endswith(": ") else line.reason == reason
    assert made.questions == []


def test_one_question_in_two_places_of_a_file_is_taken_once():
    first, second = after([one(reference="", line=3), one(reference="", line=8)]).lines
    assert (first.outcome, second.outcome, second.reason) == (
        Outcome.NEW,
        Outcome.REFUSED,
        "Soal ini sudah ada di baris 3.",
    )


def test_a_row_that_was_copied_with_its_number_is_a_new_question():
    copied = [EXPORTED[0], replace(EXPORTED[0], question="Salinan?")]
    assert outcomes(after(copied, before=STORED)) == [Outcome.SAME, Outcome.NEW]


def test_a_question_does_not_change_its_kind():
    (line,) = after([replace(EXPORTED[0], kind=Kind.TRUE_FALSE)], before=STORED).lines
    assert (line.outcome, line.reason) == (Outcome.REFUSED, OTHER_KIND)


def test_refused_questions_keep_the_others_from_nothing():
    made = after([Refused(1, "Rusak."), one(reference="a"), one(choices=(), reference="b")])
    assert outcomes(made) == [Outcome.REFUSED, Outcome.NEW, Outcome.REFUSED]
    assert len(made.questions) == 1


def test_a_lesson_is_found_by_its_title():
    made = after([one(lesson="Memilih  NAMA")], lessons={"memilih nama": 12})
    assert made.lines[0].reason == "Pelajaran «Memilih  NAMA» tidak ada di modul ini."
    made = after([one(lesson="Memilih NAMA")], lessons={"memilih nama": 12})
    assert made.questions[0]["value"]["lesson"] == 12


def test_a_number_may_be_off_by_what_the_editor_allows():
    (bound,) = quiz(*after([one(Kind.NUMERIC, tolerance=Decimal("0.5"))]).questions)
    rule = bound.block.to_question(bound.id, bound.value)
    assert (rule.key, rule.tolerance) == (("5000",), Decimal("0.5"))

"""The ``quiz:`` section of a content file."""

import json
from collections.abc import Hashable

from courses.content_files import ContentError, Mapping, Sequence
from courses.loader import Load, check_block, key_of
from courses.models import LessonPage, LoadedContent, ModulePage

from .models import QuizPage
from .rules import Kind

COMMON_KEYS = {"id", "type", "lesson", "question", "answer", "explanation"}
OWN_KEYS = {
    Kind.SINGLE_CHOICE: {"options"},
    Kind.MULTI_SELECT: {"options"},
    Kind.TRUE_FALSE: set(),
    Kind.ORDERING: {"items"},
    Kind.MATCHING: {"left", "right"},
    Kind.NUMERIC: {"unit", "tolerance", "formula"},  # formula: for people who check the files
}


def load_quiz(run: Load, module: ModulePage, source: Mapping) -> None:
    """Makes or updates the module's quiz. Raises ContentError."""
    source.only({"pass_mark", "attempts_per_day", "draw", "questions"})
    questions = source.take("questions", Sequence)
    fields = {
        "title": f"Kuis: {module.title}"[:255],
        "pass_mark": source.take("pass_mark", int),
        "attempts_per_day": source.take("attempts_per_day", int),
        "draw": source.take("draw", int, 0),
        "questions": json.dumps(_questions_data(questions)),
    }
    stream_block = QuizPage.questions.field.stream_block
    for child, question in zip(stream_block.to_python(json.loads(fields["questions"])), questions, strict=True):
        check_block(child.block, child.value, question.place)
    run.page(module, QuizPage, key_of("quiz", run.code), fields, source)


def _questions_data(questions: Sequence) -> list[dict]:
    if not questions:
        raise ContentError(questions.place, "«questions» masih kosong.")
    data: dict[str, dict] = {}
    for question, place in zip(questions, questions.places, strict=True):
        if not isinstance(question, Mapping):
            raise ContentError(place, "tiap soal adalah daftar «kunci: isi».")
        one = question_data(question)
        if one["id"] in data:
            raise ContentError(question.places["id"], f"soal «{question['id']}» ditulis dua kali.")
        data[one["id"]] = one
    return list(data.values())


def question_data(source: Mapping) -> dict:
    """One question in the stored form of its block, with ids that last. Raises ContentError."""
    kind, id = source.take("type"), source.take("id")
    if kind not in OWN_KEYS:
        raise ContentError(source.places["type"], f"jenis soal «{kind}» tidak dikenal.")
    source.only(COMMON_KEYS | OWN_KEYS[Kind(kind)])
    lesson_key = key_of("lesson", source.take("lesson"))
    lesson = LessonPage.objects.original().filter(translation_key=lesson_key).first()
    if lesson is None and not LoadedContent.objects.filter(pk=lesson_key).exists():
        raise ContentError(source.places["lesson"], f"pelajaran «{source['lesson']}» tidak ada.")
    value = {
        "question": source.take("question"),
        "explanation": source.take("explanation"),
        "lesson": lesson.pk if lesson else None,
    }
    return {"type": kind, "id": str(key_of("question", id)), "value": value | _own_value(Kind(kind), id, source)}


def _own_value(kind: Kind, id: str, source: Mapping) -> dict:
    match kind:
        case Kind.SINGLE_CHOICE | Kind.MULTI_SELECT:
            options, answer = source.take("options", Mapping), source.take("answer", list)
            _known(source, answer, options)
            return {
                "choices": [
                    _item(id, letter, {"text": text, "correct": letter in answer}) for letter, text in options.items()
                ]
            }
        case Kind.TRUE_FALSE:
            return {"correct": source.take("answer", bool)}
        case Kind.ORDERING:
            items, answer = source.take("items", Mapping), source.take("answer", list)
            _known(source, answer, items)
            if len(answer) != len(items) or set(answer) != set(items):
                raise ContentError(source.places["answer"], "urutan harus memakai semua isi, masing-masing sekali.")
            return {"items": [_item(id, letter, items[letter]) for letter in answer]}
        case Kind.MATCHING:
            left, right, answer = (source.take(name, Mapping) for name in ("left", "right", "answer"))
            _known(source, answer.values(), right)
            if set(answer) != set(left) or len(answer) != len(right) or set(answer.values()) != set(right):
                raise ContentError(source.places["answer"], "tiap sisi kiri dan kanan dipasangkan tepat sekali.")
            return {
                "pairs": [_item(id, key, {"left": text, "right": right[answer[key]]}) for key, text in left.items()]
            }
        case Kind.NUMERIC:
            return {
                "answer": str(source.take("answer", (int, float))),
                "tolerance": str(source.take("tolerance", (int, float), 0)),
                "unit": source.take("unit", str, ""),
            }


def _item(question_id: str, letter: str, value) -> dict:
    return {"type": "item", "id": str(key_of("question", question_id, str(letter))), "value": value}


def _known(source: Mapping, answer, options: Mapping) -> None:
    for letter in answer:
        if not isinstance(letter, Hashable) or letter not in options:
            raise ContentError(source.places["answer"], f"jawaban «{letter}» tidak ada di pilihan.")

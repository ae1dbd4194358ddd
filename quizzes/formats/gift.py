"""GIFT, Moodle's text format: https://docs.moodle.org/405/en/GIFT_format

``[id:…]`` in a comment before a question, as Moodle writes it, is the question's reference, else its ``::title::``.
A blank line ends a question. A question in GIFT has no order to put in.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from quizzes.rules import Kind

from .markup import as_text
from .questions import (
    FEEDBACK_LOST,
    NO_ANSWER,
    NO_PARTIAL,
    NOT_HELD,
    ONE_NUMBER,
    TWO_WAYS,
    Entry,
    ImportedQuestion,
    NotForUs,
    Refused,
    from_tags,
    number,
    plain,
    tags_of,
    tidy,
)

SPECIAL = "\\:#={}~"
# An escaped character becomes a mark that no text holds, until the question is taken apart.
MARKS = {character: chr(1 + place) for place, character in enumerate(SPECIAL)} | {"n": "\x0e"}
BACK = {mark: "\n" if character == "n" else character for character, mark in MARKS.items()}
ARROWS = ("->", "→", "\uf0e0")  # as GIFT wants it, and what Docs and Word make of it while somebody types
_FORMAT = re.compile(r"\s*\[(html|moodle|plain|markdown)\]")
_THOUSANDS = re.compile(r"[+-]?[1-9][0-9]{0,2}\.[0-9]{3}")
_WEIGHT = re.compile(r"\s*%(-?[0-9]{1,3}(?:\.[0-9]+)?)%")
# Of a length, or a line with nothing but their beginnings would be read to its end for each.
_ID = re.compile(r"\[id:([^\x00-\x1f\x7f]{1,300}?)(?<!\\)\]")
_TAG = re.compile(r"\[tag:([^\x00-\x1f\x7f]{1,300}?)(?<!\\)\]")
SHORT_ANSWER = "Soal isian kata belum bisa dipakai. Jadikan pilihan."
ESSAY = "Soal uraian belum bisa dipakai di kuis ini."
NOT_CLOSED = "Kurung { } soal ini belum lengkap."
TWO_QUESTIONS = "Di sini ada lebih dari satu soal. Beri baris kosong di antaranya."


@dataclass
class Chunk:
    """The lines between two blank ones, escapes marked, with what the comments above said."""

    line: int
    reference: str = ""
    tags: list[str] = field(default_factory=list)
    lines: list[str] = field(default_factory=list)


def parse(text: str) -> Iterator[Entry]:
    for chunk in _chunks(text):
        try:
            yield _question(chunk)
        except NotForUs as reason:
            yield Refused(chunk.line, str(reason))


def _chunks(text: str) -> Iterator[Chunk]:
    chunk = Chunk(0)
    for line, content in enumerate([*text.splitlines(), ""], start=1):
        content = content.strip()
        if content.startswith("//"):
            chunk.reference = next((_unescaped(found) for found in _ID.findall(content)), chunk.reference)
            chunk.tags += [_unescaped(found) for found in _TAG.findall(content)]
        elif content.startswith("$CATEGORY:"):
            continue
        elif content:
            chunk.line = chunk.line or line
            chunk.lines.append(_marked(content))
        elif chunk.lines:
            yield chunk
            chunk = Chunk(0)


def _marked(text: str) -> str:
    text = re.sub(r"[\x00-\x1f]", " ", text)
    return re.sub(r"\\([\\:#={}~n])", lambda match: MARKS[match[1]], text)


def _unmarked(text: str) -> str:
    return re.sub(r"[\x01-\x07\x0e]", lambda match: BACK[match[0]], text)


def _unescaped(tag: str) -> str:
    return tidy(tag.replace("\\]", "]"))


def _question(chunk: Chunk) -> ImportedQuestion:
    text = "\n".join(chunk.lines)
    title = re.match(r"::(.*?)::", text, re.DOTALL)
    before, opened, rest = text[title.end() if title else 0 :].partition("{")
    answers, closed, after = rest.partition("}")
    if not opened:
        raise NotForUs(NO_ANSWER)
    if not closed:
        raise NotForUs(NOT_CLOSED)
    if "{" in after:
        raise NotForUs(TWO_QUESTIONS)
    stem_format = _FORMAT.match(before)
    style = stem_format[1] if stem_format else "moodle"
    stem = _words(before, style)
    if after := re.sub(r"\s*//.*", "", after):
        stem = f"{stem} _____ {_words(after, style)}".strip()
    answers, _, feedback = answers.partition("####")
    answer = _answer(answers.strip(), style)
    if general := _words(feedback, style):
        answer |= {"explanation": general}
    return ImportedQuestion(
        line=chunk.line,
        question=stem,
        reference=chunk.reference or (tidy(_unmarked(title[1])) if title else ""),
        **from_tags(chunk.tags),
        **answer,
    )


def _words(text: str, style: str) -> str:
    """The words of a piece of a question; a format of its own goes before that of the question."""
    own = _FORMAT.match(text)
    if own:
        text, style = text[own.end() :], own[1]
    if style in ("moodle", "plain"):
        text = " ".join(text.split())  # only an escaped \n breaks a line there
    return as_text(_unmarked(text), style)


def _answer(text: str, style: str) -> dict:
    """The fields that tell the answer; what is said to the right one is the explanation where there is no other."""
    if not text:
        raise NotForUs(ESSAY)
    if text.startswith("#"):
        return _numeric(text[1:])
    truth, *feedback = text.split("#")
    if truth.strip().upper() in ("T", "TRUE", "F", "FALSE"):
        # The first says why the other answer is wrong, the second why this one is right.
        to_wrong, to_right = (*feedback, "", "")[:2]
        return {
            "kind": Kind.TRUE_FALSE,
            "is_true": truth.strip().upper().startswith("T"),
            "explanation": _words(to_right, style),
            "remark": FEEDBACK_LOST if to_wrong.strip() else "",
        }
    parts = re.findall(r"([=~])([^=~]*)", text)
    if not parts or text[0] not in "=~":
        raise NotForUs(SHORT_ANSWER)
    if all(sign == "=" for sign, _ in parts):
        if not any(arrow in part for arrow in ARROWS for _, part in parts):
            raise NotForUs(SHORT_ANSWER)
        return {"kind": Kind.MATCHING, "pairs": tuple(_pair(part, style) for _, part in parts)}
    return _choices(parts, style)


def _pair(text: str, style: str) -> tuple[str, str]:
    left, _, right = text.partition(next((arrow for arrow in ARROWS if arrow in text), ARROWS[0]))
    return _words(left, style), tidy(_unmarked(" ".join(right.split())))


def _choices(parts: Sequence[tuple[str, str]], style: str) -> dict:
    several = all(sign == "~" for sign, _ in parts)
    choices, explanation, remark = [], "", ""
    for sign, part in parts:
        words, _, feedback = part.partition("#")
        weight = _WEIGHT.match(words)
        worth = Decimal(weight[1]) if weight else Decimal(100 if sign == "=" else 0)
        if not several and 0 < worth < 100:
            raise NotForUs(NO_PARTIAL)
        right = worth > 0
        choices.append((_words(words[weight.end() if weight else 0 :], style), right))
        if feedback := _words(feedback, style):
            if right and not several:
                explanation = feedback
            else:
                remark = FEEDBACK_LOST
    return {
        "kind": Kind.MULTI_SELECT if several else Kind.SINGLE_CHOICE,
        "choices": tuple(choices),
        "explanation": explanation,
        "remark": remark,
    }


def _numeric(text: str) -> dict:
    answers = re.findall(r"=([^=~]*)", text) if "=" in text else [text]
    if len(answers) > 1 or not answers[0].strip():
        raise NotForUs(ONE_NUMBER if answers[1:] else NO_ANSWER)
    value, _, _ = answers[0].partition("#")
    if weight := _WEIGHT.match(value):
        if Decimal(weight[1]) != 100:
            raise NotForUs(NO_PARTIAL)
        value = value[weight.end() :]
    if ".." in value:
        low, high = (_typed(end) for end in value.split("..", 1))
        return {"kind": Kind.NUMERIC, "answer": (low + high) / 2, "tolerance": abs(high - low) / 2}
    value, _, tolerance = value.partition(":")
    return {"kind": Kind.NUMERIC, "answer": _typed(value), "tolerance": abs(_typed(tolerance or "0"))}


def _typed(text: str) -> Decimal:
    """A number that somebody here may have typed, to whom a dot parts thousands. Raises NotForUs."""
    if _THOUSANDS.fullmatch(text := text.strip()):
        raise NotForUs(TWO_WAYS.format(text, text.replace(".", "")))
    return number(text)


# --- Writing -----------------------------------------------------------------------------------------------------

HELD = (Kind.SINGLE_CHOICE, Kind.MULTI_SELECT, Kind.TRUE_FALSE, Kind.MATCHING, Kind.NUMERIC)


def holds(question: ImportedQuestion) -> str:
    """Why GIFT cannot hold the question; empty where it can."""
    if question.kind == Kind.ORDERING:
        return "GIFT tidak punya soal urutan."
    if question.kind not in HELD:
        return NOT_HELD
    right = [text for text, right in question.choices if right] if question.kind == Kind.SINGLE_CHOICE else []
    if any("->" in text for text in (*right, *(left for left, _ in question.pairs))):  # it would be taken for a pair
        return "GIFT tidak bisa menulis tanda -> di pilihan benar atau di sisi kiri."
    return ""


def write(questions: Iterable[ImportedQuestion]) -> str:
    return "\n".join(_written(question) for question in questions)


def _written(question: ImportedQuestion) -> str:
    tags = [f"[tag:{_safe(tag)}]" for tag in tags_of(question)]
    comment = " ".join([f"[id:{_safe(question.reference)}]", *tags])
    explanation = f"####{_escaped(question.explanation)}" if question.explanation else ""
    answers = "\n".join([*_answers(question), *([explanation] if explanation else [])])
    return f"// {comment}\n[plain]{_escaped(question.question, '')} {{{answers}\n}}\n"


def _answers(question: ImportedQuestion) -> list[str]:
    match question.kind:
        case Kind.TRUE_FALSE:
            return ["TRUE" if question.is_true else "FALSE"]
        case Kind.NUMERIC:
            answer, tolerance = map(plain, (question.answer, question.tolerance))
            return [f"#{_one_way(answer)}:{_one_way(tolerance)}"]
        case Kind.MATCHING:
            return ["", *(f"={_escaped(left)} -> {_escaped(right, '')}" for left, right in question.pairs)]
        case Kind.SINGLE_CHOICE:
            return ["", *(f"{'=' if right else '~'}{_escaped(text)}" for text, right in question.choices)]
        case Kind.MULTI_SELECT:
            worth = 100 / sum(right for _, right in question.choices)
            return ["", *(f"~%{worth if right else -100:.7g}%{_escaped(text)}" for text, right in question.choices)]


def _one_way(text: str) -> str:
    return f"{text}0" if _THOUSANDS.fullmatch(text) else text


def _escaped(text: str, before: str = "[plain]") -> str:
    escaped = re.sub(r"[\\:#={}~]", r"\\\g<0>", text).replace("\n", "\\n")
    return f"{before}{escaped}" if text.startswith(("[", "%")) else escaped


def _safe(tag: str) -> str:
    """The tag within its brackets; a space keeps a backslash at its end from the closing one."""
    tag = " ".join(tag.split()).replace("]", "\\]")
    return f"{tag} " if tag.endswith("\\") else tag

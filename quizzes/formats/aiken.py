"""Aiken, the plainest format: https://docs.moodle.org/405/en/Aiken_format

A question of one line, its choices «A. …», then «ANSWER: B». It names no question: one is recognised by its words.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from quizzes.rules import Kind

from .questions import Entry, ImportedQuestion, Refused, tidy

_CHOICE = re.compile(r"([A-Z])[.)]\s+(.*)", re.DOTALL)
_ANSWER = re.compile(r"(?:ANSWER|JAWABAN):\s*([A-Z])\s*", re.IGNORECASE)  # here some write its word in Indonesian
LETTERS = "ABCDEF"
NO_ANSWER_LINE = "Baris «ANSWER: A» belum ada sesudah pilihannya."
NO_SUCH_CHOICE = "Huruf di baris ANSWER tidak ada di pilihannya."
NO_QUESTION = "Soalnya belum ada sebelum pilihan."
NO_CHOICES = "Pilihan «A. …» belum ada sesudah soalnya."
BROKEN_LINE = "Ada baris yang bukan soal, pilihan, atau ANSWER."


@dataclass
class Draft:
    line: int = 0
    question: list[str] = field(default_factory=list)
    choices: dict[str, str] = field(default_factory=dict)
    broken: bool = False

    def entry(self, answer: str) -> Entry:
        reason = (
            (self.broken and BROKEN_LINE)
            or (not self.question and NO_QUESTION)
            or (not self.choices and NO_CHOICES)
            or (not answer and NO_ANSWER_LINE)
            or (answer not in self.choices and NO_SUCH_CHOICE)
        )
        if reason:
            return Refused(self.line, reason)
        choices = tuple((tidy(text), letter == answer) for letter, text in self.choices.items())
        return ImportedQuestion(self.line, Kind.SINGLE_CHOICE, tidy(" ".join(self.question)), choices=choices)


def looks_like(text: str) -> bool:
    """Whether a text file of unknown format is Aiken."""
    return any(_ANSWER.fullmatch(line.strip()) for line in text.splitlines())


def parse(text: str) -> Iterator[Entry]:
    draft, after_blank = Draft(), False
    for line, content in enumerate(text.splitlines(), start=1):
        content = content.strip()
        if not content:
            after_blank = True
            continue
        if draft.choices and after_blank and not _ANSWER.fullmatch(content) and not _CHOICE.fullmatch(content):
            yield draft.entry("")
            draft = Draft()
        after_blank = False
        draft.line = draft.line or line
        if answer := _ANSWER.fullmatch(content):
            yield draft.entry(answer[1].upper())
            draft = Draft()
        elif (choice := _CHOICE.fullmatch(content)) and (draft.question or draft.choices):
            draft.broken |= choice[1] in draft.choices
            draft.choices[choice[1]] = choice[2]
        elif draft.choices:
            draft.broken = True
        else:
            draft.question.append(content)
    if draft.line:
        yield draft.entry("")


def holds(question: ImportedQuestion) -> str:
    """Why Aiken cannot hold the question; empty where it can."""
    if question.kind != Kind.SINGLE_CHOICE:
        return "Aiken hanya punya soal pilih satu."
    texts = [question.question, *(text for text, _ in question.choices)]
    if any("\n" in text for text in texts) or any(p.fullmatch(question.question) for p in (_CHOICE, _ANSWER)):
        return "Aiken hanya bisa teks satu baris yang tidak mirip pilihan."
    return ""


def write(questions: Iterable[ImportedQuestion]) -> str:
    return "\n".join(_written(question) for question in questions)


def _written(question: ImportedQuestion) -> str:
    choices = [f"{letter}. {text}" for letter, (text, _) in zip(LETTERS, question.choices, strict=False)]
    right = next(letter for letter, (_, is_right) in zip(LETTERS, question.choices, strict=False) if is_right)
    return "\n".join([question.question, *choices, f"ANSWER: {right}", ""])

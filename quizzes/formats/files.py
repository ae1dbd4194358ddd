"""The one way in for an editor's quiz file, and the way out. What a hostile file could do to us ends here."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import PurePath
from types import ModuleType

from people.spreadsheets import EMPTY, MAX_BYTES, TOO_BIG, XLSX, UnreadableFile, decoded, is_zip

from . import aiken, excel, gift, moodle_xml
from .questions import MAX_QUESTIONS, NO_QUESTIONS, TOO_MANY, Entry, ImportedQuestion

UNKNOWN = "Jenis berkas ini belum dikenal. Kirim .xlsx, .xml, .gift, atau .txt."
NOT_EXCEL = "Berkas ini bukan berkas Excel, walau namanya .xlsx. Buka di Excel, lalu simpan lagi sebagai .xlsx."
NO_RIGHT_CHOICE = "Soal ini belum punya pilihan yang benar."
NOT_TEXT = "Isi berkas ini bukan teks. Simpan lagi sebagai teks biasa (UTF-8)."


@dataclass(frozen=True)
class Format:
    """A format as an editor chooses it."""

    code: str
    name: str
    suffix: str
    module: ModuleType
    content_type: str
    loses: str = ""  # what it holds of no question

    def holds(self, question: ImportedQuestion) -> str:
        """Why it cannot hold the question; empty where it can. Nobody could read back what has no answer yet."""
        if question.choices and not any(right for _, right in question.choices):
            return NO_RIGHT_CHOICE
        return self.module.holds(question)

    def write(self, questions: Iterable[ImportedQuestion]) -> bytes:
        """A file of the questions that it can hold."""
        content = self.module.write(question for question in questions if not self.holds(question))
        return content if isinstance(content, bytes) else content.encode()


FORMATS = {
    form.code: form
    for form in (
        Format("excel", "Excel", ".xlsx", excel, XLSX),
        Format("moodle", "Moodle XML", ".xml", moodle_xml, "application/xml"),
        Format("gift", "GIFT", ".gift", gift, "text/plain; charset=utf-8"),
        Format(
            "aiken",
            "Aiken",
            ".txt",
            aiken,
            "text/plain; charset=utf-8",
            loses="Penjelasan, pelajaran, dan nomor soal tidak ikut.",
        ),
    )
}


def read(upload) -> list[Entry]:
    """The questions of ``upload``, a file with its name and size, in its order. Raises UnreadableFile."""
    if upload.size > MAX_BYTES:
        raise UnreadableFile(TOO_BIG)
    entries = list(islice(_entries(upload), MAX_QUESTIONS + 1))
    if len(entries) > MAX_QUESTIONS:
        raise UnreadableFile(TOO_MANY)
    if not entries:
        raise UnreadableFile(NO_QUESTIONS)
    return entries


def _entries(upload) -> Iterator[Entry]:
    suffix = PurePath(upload.name).suffix.lower()
    if suffix in (".xlsx", ".csv"):
        if suffix == ".xlsx" and upload.size and not is_zip(upload):
            raise UnreadableFile(NOT_EXCEL)
        return excel.parse(upload)
    if suffix not in (".xml", ".gift", ".txt"):
        raise UnreadableFile(UNKNOWN)
    data = upload.read()
    if not data.strip():
        raise UnreadableFile(EMPTY)
    if suffix == ".xml":
        return moodle_xml.parse(data)
    text = decoded(data, NOT_TEXT)
    return (aiken if suffix == ".txt" and aiken.looks_like(text) else gift).parse(text)

"""Files as people send them, and a short way through the import."""

import io
import zipfile

from django.core.files.uploadedfile import SimpleUploadedFile
from openpyxl import Workbook

from people.importing import steps
from people.importing.batches import ImportBatch
from people.importing.rows import FORMS

HOUSEHOLD = ["Nomor keluarga", "Nama keluarga", "Kode wilayah", "Nomor HP"]


def upload(content: bytes, name: str = "data.xlsx") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content)


def csv(*lines: str, encoding: str = "utf-8") -> SimpleUploadedFile:
    return upload("\r\n".join(lines).encode(encoding), "data.csv")


def xlsx(*rows) -> SimpleUploadedFile:
    """A workbook as somebody fills one in: numbers are numbers."""
    book = Workbook()
    for row in rows:
        book.active.append(row)
    file = io.BytesIO()
    book.save(file)
    return upload(file.getvalue())


def with_part(file: SimpleUploadedFile, name: str, content: bytes) -> SimpleUploadedFile:
    """The workbook with one of its parts replaced."""
    made = io.BytesIO()
    with zipfile.ZipFile(file) as old, zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as new:
        for part in old.namelist():
            new.writestr(part, content if part == name else old.read(part))
    return upload(made.getvalue())


def header(kind: str) -> list[str]:
    return [column.label for column in FORMS[kind].columns().values()]


def checked(kind: str, file, by) -> ImportBatch:
    """The file, taken in and checked to the end."""
    batch = steps.begin(kind, file, by=by)
    while steps.counts(batch)[""]:
        steps.check_next(batch)
    return batch


def outcomes(batch: ImportBatch) -> dict[str, int]:
    """How many rows there are of each outcome, where there are any."""
    return {outcome: number for outcome, number in steps.counts(batch).items() if number}


def reasons(batch: ImportBatch) -> dict[int, dict[str, str]]:
    return dict(batch.rows.filter(outcome="ditolak").values_list("number", "remarks"))

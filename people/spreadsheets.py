"""Reads and writes .xlsx and .csv as rows of text. What a hostile file could do to us ends here."""

import csv
import io
import re
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from itertools import chain, islice
from textwrap import wrap

from openpyxl import Workbook, load_workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Alignment, Font
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

MAX_BYTES = 10 * 1024 * 1024
MAX_UNPACKED = 60 * 1024 * 1024  # 20,000 rows of ten columns unpack to a third of it
MAX_PARTS = 500
MAX_TAGS = 1_500_000  # 20,000 rows of twelve columns; reading XML costs time and memory by these, not by bytes
PIECE = 1024 * 1024
MAX_ROWS = 20_000
MAX_COLUMNS = 60

TOO_BIG = "Berkas ini lebih dari 10 MB. Bagi menjadi beberapa berkas."
TOO_MUCH = "Isi berkas ini terlalu besar. Bagi menjadi beberapa berkas."
TOO_MANY_ROWS = "Berkas ini lebih dari 20.000 baris. Bagi menjadi beberapa berkas."
UNKNOWN = "Berkas ini tidak bisa dibaca. Simpan sebagai .xlsx atau .csv, lalu coba lagi."
OLD_OR_LOCKED = "Ini berkas Excel lama, atau berkas yang dikunci. Simpan sebagai .xlsx tanpa kata sandi."
EMPTY = "Berkas ini kosong."

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
CSV = "text/csv; charset=utf-8"
OLD_OFFICE = b"\xd0\xcf\x11\xe0"  # how the old .xls begins, and an .xlsx with a password
NO_TEXT = (OLD_OFFICE, b"PK\x03\x04", b"%PDF")  # these, .xlsx, and a PDF

type_of_moment = date | datetime | time | timedelta
Cell = str | type_of_moment
Told = str | float | date  # what we write
FORMATS = {int: "#,##0", float: "#,##0.0", date: "d mmm yyyy"}  # Excel writes each as its country does
NARROW, WIDE, WIDEST = 12, 24, 60  # letters: a column of numbers, one of texts, and the longest name that it shows
MEASURED = 1000  # rows that say how wide the columns are: of many, not all are held at once


class Formula(str):
    """A cell that a spreadsheet would work out, as it was typed."""


class Fraction(str):
    """A cell with a number that is not whole, with a dot."""


_RUN = r"[=+\-@\uff1d\uff0b\uff0d\uff20\t\r\n]"  # what a spreadsheet would run; as East Asian keyboards write it, too
_FORMULA = re.compile(f"'*{_RUN}")
_GUARDED = re.compile(f"'+{_RUN}")
_AS_IT_IS = re.compile(r'"[^"]*"|\\.')  # what the format of a number shows and does not mean
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f]")
# Comes along with what is copied out of a chat: a name with one is another name. Joiners stay: emoji are made of them.
UNSEEN = re.compile("[\u00ad\u200b\u200e\u200f\u202a-\u202e\u2060\u2066-\u2069\ufeff]")


class UnreadableFile(ValueError):
    """The file is not read; the message tells its owner why."""


def read(file, *, show_formulas: bool = False) -> list[tuple[int, list[Cell]]]:
    """The rows that are not blank, each with its number as the spreadsheet shows it. Dates stay dates: they tell that
    Excel changed what was typed. A formula is what Excel last worked it out to be, or itself where ``show_formulas``.
    ``file`` is an upload. Raises UnreadableFile."""
    if file.size > MAX_BYTES:
        raise UnreadableFile(TOO_BIG)
    rows = []
    for number, cells in enumerate(_xlsx(file, show_formulas) if is_zip(file) else _csv(file.read()), start=1):
        if number > MAX_ROWS + 1 and any(cells):  # one more, for the header
            raise UnreadableFile(TOO_MANY_ROWS)
        if any(cells):
            rows.append((number, cells))
    if not rows:
        raise UnreadableFile(EMPTY)
    return rows


def is_zip(file) -> bool:
    """Whether ``file`` begins as a workbook does. Raises UnreadableFile for an old or a locked one."""
    start = file.read(4)
    file.seek(0)
    if start == OLD_OFFICE:
        raise UnreadableFile(OLD_OR_LOCKED)
    return start == b"PK\x03\x04"


def _xlsx(file, show_formulas: bool) -> Iterator[list[Cell]]:
    try:
        _weigh(file)
        # Read-only: row by row; its XML goes through defusedxml, which refuses entities.
        book = load_workbook(file, read_only=True, data_only=not show_formulas, keep_links=False)
        sheet = next(sheet for sheet in book.worksheets if sheet.sheet_state == "visible")
        sheet.reset_dimensions()
        for cells in sheet.iter_rows(max_col=MAX_COLUMNS, max_row=MAX_ROWS + 2):
            yield [Formula(cell.value) if cell.data_type == "f" else _cell(cell) for cell in cells]
        book.close()
    except UnreadableFile:
        raise
    except Exception as problem:  # a broken workbook breaks openpyxl in dozens of ways
        raise UnreadableFile(UNKNOWN) from problem


def _weigh(file) -> None:
    """Refuses a workbook that would unpack to too much, before anything makes sense of it."""
    with zipfile.ZipFile(file) as book:
        parts = book.infolist()
        # zipfile unpacks no more than what is declared.
        if sum(part.file_size for part in parts) > MAX_UNPACKED or len(parts) > MAX_PARTS:
            raise UnreadableFile(TOO_MUCH)
        tags = 0
        for part in parts:
            with book.open(part) as content:
                while piece := content.read(PIECE):
                    tags += piece.count(b"<")
                    # openpyxl holds a whole row at once: no row may fill a piece.
                    endless = "/worksheets/" in part.filename and len(piece) == PIECE and b"<row" not in piece
                    if tags > MAX_TAGS or endless:
                        raise UnreadableFile(TOO_MUCH)


def _cell(cell) -> Cell:
    value = cell.value
    if isinstance(value, type_of_moment):
        return value
    is_percentage = type(value) in (int, float) and "%" in _AS_IT_IS.sub("", cell.number_format)
    if is_percentage:  # typed as 15%, kept as 0.15
        value = float(Decimal(str(value)) * 100)
    if isinstance(value, float) and value.is_integer() and abs(value) < 10**16:
        value = int(value)
    text = "" if value is None else str(value)
    text = _text(f"{text}%" if is_percentage else text)
    return Fraction(text) if isinstance(value, float) else text


def _csv(data: bytes) -> Iterator[list[Cell]]:
    text = decoded(data, UNKNOWN)
    separator = re.match(r"sep=(.)\r?\n", text)  # Excel's own first line
    if separator:
        text = "\n" + text[separator.end() :]  # still a line: rows keep their numbers
    header = text.lstrip("\r\n").partition("\n")[0]
    delimiter = separator[1] if separator else max(";,\t", key=header.count)
    try:
        for cells in csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True):
            yield [_text(cell) for cell in cells[:MAX_COLUMNS]]
    except (csv.Error, TypeError, ValueError) as problem:
        raise UnreadableFile("Ada tanda kutip yang belum ditutup. Simpan lagi dari Excel, lalu coba.") from problem


def decoded(data: bytes, otherwise: str) -> str:
    """A file of text, as Excel and Windows' editor save it. Raises UnreadableFile, in the words of ``otherwise``."""
    encodings = ("utf-16",) if data.startswith((b"\xff\xfe", b"\xfe\xff")) else ("utf-8-sig", "cp1252")
    for encoding in encodings:
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\x00" not in text and not data.startswith(NO_TEXT):
            return text
    raise UnreadableFile(otherwise)


def _text(text: str) -> str:
    text = _CONTROL.sub(" ", UNSEEN.sub("", text)).strip(" \xa0")
    return text[1:] if _GUARDED.match(text) else text


def guarded(text: str) -> str:
    """The text with an apostrophe in front where a spreadsheet would run it as a formula. ``read`` takes it off."""
    return f"'{text}" if _FORMULA.match(text) else text


def to_csv(header: Sequence[str], rows: Iterable[Sequence[str]]) -> bytes:
    """A CSV file as Excel opens it in Indonesia: semicolons, and a mark that says UTF-8."""
    file = io.StringIO(newline="")
    writer = csv.writer(file, delimiter=";")
    writer.writerows([guarded(text) for text in row] for row in (header, *rows))
    return file.getvalue().encode("utf-8-sig")


def to_xlsx(header: Sequence[str], rows: Iterable[Sequence[Told]], *, notes: Iterable[Sequence[Told]] = ()) -> bytes:
    """A workbook of text cells, so that Excel leaves zeros and long numbers alone, with a second sheet of notes. What
    is a number or a day in Python is one there, to be added up and sorted."""
    book = Workbook(write_only=True)
    _write_sheet(book, "Isi", header, rows)
    if notes := [*notes]:
        _write_sheet(book, "Catatan", notes[0], notes[1:])
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def _write_sheet(book: Workbook, title: str, header: Sequence[Told], rows: Iterable[Sequence[Told]]) -> None:
    sheet = book.create_sheet(title)
    sheet.freeze_panes = "A2"
    # On paper, too, a row stands in one line.
    sheet.page_setup.orientation, sheet.page_setup.paperSize = "landscape", Worksheet.PAPERSIZE_A4
    sheet.sheet_properties.pageSetUpPr.fitToPage, sheet.page_setup.fitToHeight = True, 0
    sheet.print_title_rows = "1:1"
    rows = iter(rows)
    first = [*islice(rows, MEASURED)]
    widths = [_width([row[place] for row in first if place < len(row)]) for place in range(len(header))]
    for place, width in enumerate(widths, start=1):
        column = sheet.column_dimensions[get_column_letter(place)]
        column.number_format, column.width = "@", width  # what is typed below is text too
    # LibreOffice makes no room for a header of several lines: it would lie over the first row.
    lines = [len(wrap(str(text), width - 2)) for text, width in zip(header, widths, strict=True)]
    sheet.row_dimensions[1].height = 15 * max(lines)
    sheet.append([_cell_of(sheet, text, bold=True) for text in header])
    for row in chain(first, rows):
        sheet.append([_cell_of(sheet, text) for text in row])


def _width(column: Sequence[Told]) -> int:
    """A whole row is printed as wide as the page, so numbers get no more than they need."""
    texts = [len(text) for text in column if isinstance(text, str) and text]
    if not texts and any(not isinstance(text, str) for text in column):
        return NARROW
    return max(WIDE, min(max(texts, default=0) + 2, WIDEST))


def _cell_of(sheet, text: Told, *, bold: bool = False) -> WriteOnlyCell:
    if not isinstance(text, str):
        cell = WriteOnlyCell(sheet, value=text)
        cell.number_format = FORMATS[type(text)]  # LibreOffice takes the column's otherwise, which is text
        return cell
    cell = WriteOnlyCell(sheet, value=guarded(_CONTROL.sub(" ", text)))
    cell.data_type, cell.number_format = "s", "@"
    if bold:
        cell.font, cell.alignment = Font(bold=True), Alignment(wrap_text=True, vertical="top")
    return cell

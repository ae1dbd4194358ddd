"""What is read of a file, and which files are not read at all."""

import io
import zipfile
from contextlib import suppress
from datetime import date

import pytest
from openpyxl import Workbook, load_workbook

from people import spreadsheets
from people.spreadsheets import UnreadableFile, read

from .files import csv, upload, with_part, xlsx

LINES = ["Nama,Kota", "Sari,Tangerang", "Dédi,Makassar"]
ROWS = [(1, ["Nama", "Kota"]), (2, ["Sari", "Tangerang"]), (3, ["Dédi", "Makassar"])]


@pytest.mark.parametrize("separator", [",", ";", "\t"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
def test_a_csv_is_read_in_every_common_way_of_writing_one(separator, encoding):
    assert read(csv(*(line.replace(",", separator) for line in LINES), encoding=encoding)) == ROWS


def test_excels_own_line_about_the_separator_is_no_row():
    file = csv("sep=;", "Nama;Kota", 'Sari;"Tangerang; Banten"')
    assert read(file) == [(2, ["Nama", "Kota"]), (3, ["Sari", "Tangerang; Banten"])]


def test_blank_rows_are_passed_over_and_the_others_keep_their_numbers():
    assert [number for number, _ in read(csv("Nama,Kota", "", ",", "Sari,Tangerang"))] == [1, 4]
    assert [number for number, _ in read(xlsx(["Nama"], [None], ["Sari"]))] == [1, 3]


def test_numbers_of_a_workbook_become_the_text_that_was_typed():
    (_, cells), *_ = read(xlsx(["Sari", 81234567890, 81234567890.0, 36.71, None, True, date(2026, 1, 2)]))
    assert cells[:6] == ["Sari", "81234567890", "81234567890", "36.71", "", "True"]
    assert cells[6].year == 2026  # a date stays one: Excel changed what was typed


def test_marks_that_nobody_sees_come_along_with_a_copied_name_and_are_no_part_of_it():
    copied = ["\u2068Bu Sari\u2069", "\u200e0812\u202c", "\u200b", "👩\u200d🍳"]
    for file in (csv(";".join(copied)), xlsx(copied)):
        [(_, cells)] = read(file)
        assert cells[:4] == ["Bu Sari", "0812", "", "👩\u200d🍳"]


def test_a_sheet_that_nobody_sees_is_not_the_one_that_is_read():
    book = Workbook()
    book.active.append(["Kuliner"])
    book.active.sheet_state = "hidden"
    book.create_sheet("Isi").append(["Nama"])
    file = io.BytesIO()
    book.save(file)
    assert [cells[0] for _, cells in read(upload(file.getvalue()))] == ["Nama"]


def bomb() -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as parts:
        for name in ("[Content_Types].xml", "xl/workbook.xml", "xl/sharedStrings.xml"):
            with parts.open(name, "w") as part:
                for _ in range(30):
                    part.write(b" " * 1024 * 1024)
    return file.getvalue()


def many_parts() -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as parts:
        for number in range(spreadsheets.MAX_PARTS + 1):
            parts.writestr(f"{number}.xml", "")
    return file.getvalue()


BILLION_LAUGHS = b"""<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>
<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData><row r="1">
<c r="A1" t="inlineStr"><is><t>&b;</t></is></c></row></sheetData></worksheet>"""
OUTSIDE = BILLION_LAUGHS.replace(b'"ha"', b'SYSTEM "file:///etc/hostname"').replace(b"&b;", b"&a;")


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (bomb(), spreadsheets.TOO_MUCH),
        (many_parts(), spreadsheets.TOO_MUCH),
        (b"a" * (spreadsheets.MAX_BYTES + 1), spreadsheets.TOO_BIG),
        (b"PK\x03\x04 no zip at all", spreadsheets.UNKNOWN),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1 the old .xls, or a locked .xlsx", spreadsheets.OLD_OR_LOCKED),
        (b"%PDF-1.7", spreadsheets.UNKNOWN),
        (b"\x89PNG\r\n\x1a\n\x00\x00", spreadsheets.UNKNOWN),
        (b"\x81\x8d\x8f", spreadsheets.UNKNOWN),
        (b"\xff\xfeN\x00a", spreadsheets.UNKNOWN),
        (b"", spreadsheets.EMPTY),
        (b"\n\n;;\n", spreadsheets.EMPTY),
        (b"Nama,Kota\n" + b"Sari,Tangerang\n" * (spreadsheets.MAX_ROWS + 1), spreadsheets.TOO_MANY_ROWS),
    ],
    ids=["bomb", "many parts", "big", "no zip", "xls", "pdf", "png", "bytes", "cut off", "empty", "blank", "rows"],
)
def test_a_file_that_is_hostile_or_strange_is_refused_with_a_sentence(content, sentence):
    with pytest.raises(UnreadableFile) as refused:
        read(upload(content))
    assert str(refused.value) == sentence


@pytest.mark.parametrize("sheet", [BILLION_LAUGHS, OUTSIDE], ids=["entities", "external entity"])
def test_a_workbook_with_entities_is_refused(sheet):
    with pytest.raises(UnreadableFile):
        read(with_part(xlsx(["Nama"]), "xl/worksheets/sheet1.xml", sheet))


@pytest.mark.parametrize(
    "rows",
    [b"<row/>" * (spreadsheets.MAX_TAGS + 1), b"<row>" + b"<c/>" * 1_000_000 + b"</row>"],
    ids=["endlessly many rows", "an endless row"],
)
def test_a_small_workbook_that_takes_long_to_read_is_refused_before_it_is_read(rows):
    sheet = b'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>'
    file = with_part(xlsx(["Nama"]), "xl/worksheets/sheet1.xml", sheet + rows + b"</sheetData></worksheet>")
    assert file.size < 50_000
    with pytest.raises(UnreadableFile, match=spreadsheets.TOO_MUCH):
        read(file)


@pytest.mark.parametrize("separator", ['"', "\r"])
def test_a_separator_that_is_none_is_no_error(separator):
    """Python reads it from one version on, and refuses it in others."""
    with suppress(UnreadableFile):
        read(csv(f"sep={separator}", "Nama", "Sari"))


def test_a_quote_that_is_never_closed_swallows_no_rows():
    with pytest.raises(UnreadableFile, match="kutip"):
        read(csv("Nama,Kota", '"Sari,Tangerang', "Dedi,Makassar"))


def test_a_workbook_may_say_that_it_is_endless():
    """Text columns are formatted down to the last row; only rows with something in them count."""
    sheet = b"""<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">
<dimension ref="A1:XFD1048576"/><sheetData><row r="1"><c r="A1" t="inlineStr"><is><t>Nama</t></is></c></row>
<row r="1048576"/></sheetData></worksheet>"""
    assert len(read(with_part(xlsx(["Nama"]), "xl/worksheets/sheet1.xml", sheet))) == 1


FORMULAS = ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1+1", "'=1+1", "''=1", "=cmd|' /C calc'!A0"]
WIDE = "\uff1d\uff0b\uff0d\uff20"  # =, +, - and @ as East Asian keyboards write them


@pytest.mark.parametrize("text", [*FORMULAS, *WIDE])
def test_a_formula_leaves_as_text_and_comes_back_as_it_was(text):
    """W9"""
    assert spreadsheets.guarded(text).startswith("'")
    for file in (spreadsheets.to_csv(["Nama"], [[text]]), spreadsheets.to_xlsx(["Nama"], [[text]])):
        assert read(upload(file))[1][1][0] == text


def test_a_sheet_is_printed_with_whole_rows_under_a_header_that_hides_none():
    (sheet,) = load_workbook(
        io.BytesIO(spreadsheets.to_xlsx(["Nama", "Dihubungi atau dikunjungi (November 2026)"], [["a", 1]]))
    )
    assert (sheet.sheet_properties.pageSetUpPr.fitToPage, sheet.page_setup.fitToHeight) == (True, 0)
    assert (sheet.print_title_rows, sheet.row_dimensions[1].height) == ("$1:$1", 75)


def widths(header, *rows) -> list[float]:
    (sheet,) = load_workbook(io.BytesIO(spreadsheets.to_xlsx(header, rows)))
    return [sheet.column_dimensions[letter].width for letter in "ABCD"[: len(header)]]


def test_a_column_of_numbers_takes_no_more_room_than_they_need():
    """Fifteen columns as wide as names were printed on one page in letters of four points."""
    assert widths(["Nama", "Keluarga", "Sejak"], ["Rina", 12, date(2026, 12, 1)], ["Agus", 0, ""]) == [24, 12, 12]


def test_a_long_name_is_not_cut_off_by_the_next_column():
    name = "Keluarga Siti Nurhaliza Kusumaningrum"
    assert widths(["Nama", "Kode wilayah"], ["Keluarga Sari", "36.71"], [name, "36.71"]) == [len(name) + 2, 24]


def test_numbers_and_dates_say_what_they_are_whatever_is_typed_below_them():
    """LibreOffice took the column's text for them, too, and set them as text."""
    book = load_workbook(io.BytesIO(spreadsheets.to_xlsx(["A", "B", "C"], [[1200, 1.5, date(2026, 12, 1)]])))
    assert [cell.number_format for cell in book.worksheets[0][2]] == ["#,##0", "#,##0.0", "d mmm yyyy"]


def test_a_number_stays_a_number_and_a_text_of_digits_a_text():
    book = load_workbook(io.BytesIO(spreadsheets.to_xlsx(["Nama"], [["0812", 12, 1.5, "-1"]])))
    assert [cell.value for cell in book.worksheets[0][2]] == ["0812", 12, 1.5, "'-1"]


@pytest.mark.parametrize("text", ["Sari", "'Aisyah", "Siti-Ayu", "a@b", "", "1=1"])
def test_other_text_leaves_as_it_is(text):
    assert spreadsheets.guarded(text) == text

"""Our sheet: what is read, what is refused and why, and what comes back as it went out."""

from datetime import date
from decimal import Decimal
from io import BytesIO

import pytest
from hypothesis import given, settings
from openpyxl import Workbook, load_workbook

from people.spreadsheets import UnreadableFile, to_csv
from quizzes.formats import excel
from quizzes.formats.questions import NOT_A_NUMBER, ImportedQuestion, Refused
from quizzes.rules import Kind
from tests.properties import steady

from .questions import questions, upload, without_line


def sheet(*rows: dict, header=excel.HEADER) -> BytesIO:
    """A workbook as Excel saves it, each row by the names of its columns."""
    book = Workbook()
    book.active.append(header)
    for row in rows:
        book.active.append([row.get(name) for name in header])
    file = BytesIO()
    book.save(file)
    return upload("soal.xlsx", file.getvalue())


def one(row: dict):
    (entry,) = excel.parse(sheet(row))
    return entry


CHOOSE = {"Jenis": "Pilih satu", "Soal": "Nama khas?", "Isi 1": "Keripik", "Isi 2": "Mbok Sari"}
SEVERAL = CHOOSE | {"Jenis": "Pilih beberapa", "Isi 3": "Lain"}
SUM = {"Jenis": "Angka", "Soal": "Berapa?"}


@pytest.mark.parametrize("key", ["2", 2, 2.0, "B", " b "])
def test_the_right_choice_is_named_by_its_number_or_letter(key):
    expected = ImportedQuestion(
        2, Kind.SINGLE_CHOICE, "Nama khas?", choices=(("Keripik", False), ("Mbok Sari", True))
    )  # fmt: skip
    assert one(CHOOSE | {"Kunci": key}) == expected


@pytest.mark.parametrize("key", ["1, 3", "1;3", "1 dan 3", "A,C", "1.3", 1.3])
def test_several_right_choices_are_named_together(key):
    assert [right for _, right in one(SEVERAL | {"Kunci": key}).choices] == [True, False, True]


@pytest.mark.parametrize(
    ("typed", "is_true"), [("Benar", True), ("b", True), (True, True), ("SALAH", False), (False, False)]
)
def test_a_statement_is_true_or_not(typed, is_true):
    assert one({"Jenis": "benar atau salah", "Soal": "Merek itu janji.", "Kunci": typed}).is_true is is_true


@pytest.mark.parametrize(
    ("typed", "number"), [("7500", "7500"), (7500, "7500"), ("Rp7.500", "7500"), ("2,5", "2.5"), (2.5, "2.5")]
)
def test_a_number_is_read_as_people_type_it(typed, number):
    assert one(SUM | {"Kunci": typed, "Satuan": "rupiah"}).answer == Decimal(number)


@pytest.mark.parametrize("number", [0.125, 1.125, -1234.125, 1.23456])
def test_a_cell_that_is_a_number_is_that_number_however_many_decimals_it_has(number):
    read = one(SUM | {"Kunci": number, "Boleh meleset": 0.005})
    assert (read.answer, read.tolerance) == (Decimal(str(number)), Decimal("0.005"))


def test_a_fraction_that_excel_took_for_a_number_is_a_choice_as_it_was_typed():
    """«2,5», and the key «1,2», which means two places."""
    read = one(CHOOSE | {"Jenis": "Pilih beberapa", "Isi 1": 2.5, "Kunci": 1.2})
    assert [(text, right) for text, right in read.choices][:2] == [("2,5", True), (read.choices[1][0], True)]
    assert one(CHOOSE | {"Isi 1": 0.125, "Kunci": "1"}).choices[0] == ("0,125", True)


@pytest.mark.parametrize(
    ("value", "format", "shown"),
    [(0.15, "0%", "15%"), (0.07, "0%", "7%"), (0.125, "0.0%", "12,5%"), (1, "0%", "100%"), (15, '0"%"', "15")],
)
def test_a_percentage_is_what_its_cell_shows(value, format, shown):
    book = load_workbook(sheet(CHOOSE | {"Isi 1": value, "Kunci": "1"}, SUM | {"Kunci": value, "Satuan": "persen"}))
    for cell in (book.active["D2"], book.active["J3"]):
        cell.number_format = format
    file = BytesIO()
    book.save(file)
    choice, number = excel.parse(upload("soal.xlsx", file.getvalue()))
    assert (choice.choices[0][0], number.answer) == (shown, Decimal(shown.removesuffix("%").replace(",", ".")))


@pytest.mark.parametrize(("typed", "unit"), [("1.250", ""), ("1,250", "rupiah"), ("Rp1.250", "rupiah")])
def test_what_is_typed_as_text_with_three_digits_after_its_mark_is_thousands(typed, unit):
    assert one(SUM | {"Kunci": typed, "Satuan": unit}).answer == Decimal(1250)


@pytest.mark.parametrize("column", ["Kunci", "Boleh meleset"])
def test_a_number_that_one_excel_writes_for_a_thousandth_and_another_for_thousands_is_asked_about(column):
    refused = one(SUM | {"Kunci": "5", column: "1,125"})
    assert refused == Refused(2, "Angka 1,125 bisa dibaca dua cara. Tulis 1125, atau 1,1250 bila itu pecahan.")


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        ({"Soal": "Apa?", "Jenis": "esai"}, excel.NO_KIND),
        ({"Soal": "Apa?"}, excel.NO_KIND),
        (CHOOSE, excel.NO_KEY),
        (CHOOSE | {"Kunci": "3"}, excel.NO_KEY),
        (CHOOSE | {"Kunci": "0"}, excel.NO_KEY),
        (CHOOSE | {"Kunci": "Mbok Sari"}, excel.NO_KEY),
        ({"Jenis": "Benar atau salah", "Soal": "Ya?", "Kunci": "mungkin"}, excel.NO_TRUTH),
        (SUM | {"Kunci": "banyak"}, NOT_A_NUMBER),
        (SUM | {"Kunci": "5", "Boleh meleset": "sedikit"}, NOT_A_NUMBER),
        (SUM | {"Kunci": "=1+1"}, "Kolom Kunci berisi rumus. Tulis isinya saja."),
        (CHOOSE | {"Kunci": "1", "Isi 2": '=HYPERLINK("http://x")'}, "Kolom Isi 2 berisi rumus. Tulis isinya saja."),
        (
            CHOOSE | {"Kunci": date(2026, 2, 1)},
            "Kolom Kunci diubah Excel menjadi tanggal. Tulis lagi sebagai teks.",
        ),
    ],
)  # fmt: skip
def test_what_is_no_question_is_refused_with_its_row_and_reason(row, reason):
    good = CHOOSE | {"Kunci": "1"}
    entries = list(excel.parse(sheet(good, {}, row, good)))
    assert entries[1] == Refused(4, reason)
    assert [type(entry) for entry in entries] == [ImportedQuestion, Refused, ImportedQuestion]


def test_a_sheet_of_others_is_not_read():
    with pytest.raises(UnreadableFile, match="Kolom Jenis tidak ada di baris pertama"):
        list(excel.parse(sheet({"Nama": "Sari"}, header=["Nama"])))


def test_columns_may_stand_in_any_order_and_others_beside_them():
    header = ["Catatan", "KUNCI", "Isi 2", "isi  1", "Soal", "Jenis"]
    row = {"Catatan": "x", "KUNCI": "2", "Isi 2": "b", "isi  1": "a", "Soal": "Apa?", "Jenis": "Pilih satu"}
    (entry,) = excel.parse(sheet(row, header=header))
    assert entry.choices == (("a", False), ("b", True))


def test_it_is_read_from_csv_too():
    row = [(CHOOSE | {"Kunci": "1"}).get(name, "") for name in excel.HEADER]
    (entry,) = excel.parse(upload("soal.csv", to_csv(excel.HEADER, [row])))
    assert entry.choices == (("Keripik", True), ("Mbok Sari", False))


def test_the_template_is_read_as_it_is():
    entries = list(excel.parse(upload("contoh.xlsx", excel.write(excel.EXAMPLES))))
    assert [without_line(entry) for entry in entries] == excel.EXAMPLES


@settings(steady, max_examples=40)  # each makes a workbook
@given(questions())
def test_every_question_comes_back_as_it_went_out(question):
    (back,) = excel.parse(upload("soal.xlsx", excel.write([question])))
    assert without_line(back) == question


def test_what_begins_like_a_formula_goes_out_as_text_and_comes_back():
    """W9."""
    question = ImportedQuestion(
        0, Kind.SINGLE_CHOICE, "=1+1?", choices=(("=2", True), ("+3", False)), explanation="-1 bukan."
    )
    (back,) = excel.parse(upload("soal.xlsx", excel.write([question])))
    assert without_line(back) == question

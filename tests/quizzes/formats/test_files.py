"""The one way in for a quiz file: what it is, how big, and whether it is one at all."""

import json
from dataclasses import replace
from io import BytesIO
from zipfile import ZipFile

import pytest

from people.spreadsheets import MAX_BYTES, OLD_OR_LOCKED, TOO_BIG, UnreadableFile, to_csv
from quizzes.formats import excel, files
from quizzes.formats.files import FORMATS, read
from quizzes.formats.questions import NO_QUESTIONS, TOO_MANY, from_json, to_json
from quizzes.rules import Kind

from .questions import ONE_OF_EACH, upload, without_line

GIFT = "Apa?{=a ~b}"
AIKEN = "Apa?\nA. a\nB. b\nANSWER: A"


def zipped(**parts: str) -> bytes:
    file = BytesIO()
    with ZipFile(file, "w") as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return file.getvalue()


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("soal.gift", GIFT),
        ("soal.txt", GIFT),
        ("soal.TXT", AIKEN),
        ("soal.txt", AIKEN.replace("\n", "\r\n")),
        ("soal.txt", b"\xef\xbb\xbf" + AIKEN.encode()),
        ("soal.txt", AIKEN.encode("utf-16")),
        ("soal.xml", FORMATS["moodle"].write(ONE_OF_EACH[:1])),
        ("soal.xlsx", FORMATS["excel"].write(ONE_OF_EACH[:1])),
    ],
)
def test_a_file_is_read_by_its_name_and_content(name, content):
    (entry,) = read(upload(name, content))
    assert entry.kind == Kind.SINGLE_CHOICE


def test_windows_own_letters_are_read():
    (entry,) = read(upload("soal.gift", "Apa itu «kas» – ya?{=a ~b}".encode("cp1252")))
    assert entry.question == "Apa itu «kas» – ya?"


class Huge:
    """Thirty megabytes that nobody may read."""

    name, size = "soal.xml", 3 * MAX_BYTES

    def read(self, *_):
        raise AssertionError("it was read")


@pytest.mark.parametrize(
    ("file", "reason"),
    [
        (Huge(), TOO_BIG),
        (upload("soal.pdf", "%PDF-1.7"), files.UNKNOWN),
        (upload("soal", GIFT), files.UNKNOWN),
        (upload("soal.gift", "  \n "), files.EMPTY),
        (upload("soal.gift", "// hanya catatan"), NO_QUESTIONS),
        (upload("soal.txt", zipped(a="b")), files.NOT_TEXT),
        (upload("soal.txt", "%PDF-1.7"), files.NOT_TEXT),
        (upload("soal.gift", b"\x00\x01\x02"), files.NOT_TEXT),
        (upload("soal.xlsx", to_csv(excel.NEEDED, [["Angka", "Berapa?", "", "5"]])), files.NOT_EXCEL),
        (upload("soal.xlsx", "<html><table>"), files.NOT_EXCEL),
        (upload("soal.xlsx", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"), OLD_OR_LOCKED),
        (upload("soal.xlsx", ""), files.EMPTY),
        (upload("soal.xlsx", zipped(document="<w:p/>")), "tidak bisa dibaca"),
        (upload("soal.xlsx", b"PK\x03\x04rusak"), "tidak bisa dibaca"),
        (upload("soal.xlsx", zipped(**{"xl/worksheets/sheet1.xml": "<a>" * 2_000_000})), "terlalu besar"),
        (upload("soal.xml", "bukan xml"), "XML ini rusak di baris 1"),
        (upload("soal.xml", "<quiz></quiz>"), NO_QUESTIONS),
        (upload("soal.gift", "\n\n".join([GIFT] * 1001)), TOO_MANY),
    ],
)  # fmt: skip
def test_what_cannot_be_taken_is_refused_whole_with_a_reason(file, reason):
    """U1."""
    with pytest.raises(UnreadableFile, match=reason.split("(")[0]):
        read(file)


@pytest.mark.parametrize("form", FORMATS.values(), ids=FORMATS)
def test_a_file_of_ours_holds_all_that_its_format_can_and_only_that(form):
    entries = read(upload(f"soal{form.suffix}", form.write(ONE_OF_EACH)))
    assert [entry.question for entry in entries] == [one.question for one in ONE_OF_EACH if not form.holds(one)]


@pytest.mark.parametrize("form", FORMATS.values(), ids=FORMATS)
def test_a_kind_that_a_format_was_not_told_of_is_left_out_with_a_reason(form):
    unknown = replace(ONE_OF_EACH[0], kind="baru", choices=())
    assert form.holds(unknown)
    assert len(read(upload(f"soal{form.suffix}", form.write([unknown, ONE_OF_EACH[0]])))) == 1


def test_entries_outlive_their_way_through_json():
    entries = [*ONE_OF_EACH, *read(upload("soal.gift", "Rusak."))]
    back = from_json(json.loads(json.dumps(to_json(entries), default=str)))
    assert back == entries
    assert without_line(back[0]) == ONE_OF_EACH[0]

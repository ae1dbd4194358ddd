"""A content file is read with the line of everything in it; what is no content file is refused with its place. No
database."""

import pytest

from courses.content_files import MAX_BYTES, ContentError, read

TEXT = """\
# A comment
title: Merek
minutes: 6
tags: [satu, dua]

lessons:
  - id: "2.1"
    points:
      - Nama pendek
      - Nama khas
  - id: "2.2"
"""


@pytest.fixture
def file(tmp_path):
    """Writes the one file of a folder ``content`` and reads it."""
    path = tmp_path / "content" / "02-merek.yaml"
    path.parent.mkdir()

    def written(content: str | bytes):
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return read(path)

    return written


def refusal(file, content: str | bytes) -> str:
    with pytest.raises(ContentError) as error:
        file(content)
    return str(error.value)


def test_a_file_is_read_as_it_is_written(file):
    assert file(TEXT) == {
        "title": "Merek",
        "minutes": 6,
        "tags": ["satu", "dua"],
        "lessons": [{"id": "2.1", "points": ["Nama pendek", "Nama khas"]}, {"id": "2.2"}],
    }


def test_everything_knows_its_line(file):
    content = file(TEXT)
    lessons = content["lessons"]
    assert str(content.place) == "content/02-merek.yaml, baris 2"
    assert {key: place.line for key, place in content.places.items()} == {
        "title": 2,
        "minutes": 3,
        "tags": 4,
        "lessons": 6,
    }
    assert (lessons.place.line, [place.line for place in lessons.places]) == (7, [7, 11])
    assert {key: place.line for key, place in lessons[0].places.items()} == {"id": 7, "points": 8}
    assert [place.line for place in lessons[0]["points"].places] == [9, 10]


def test_umlauts_and_pictures_of_letters_are_read(file):
    assert file("title: «Kué» – 🍪") == {"title": "«Kué» – 🍪"}


@pytest.mark.parametrize(
    ("content", "line", "reason"),
    [
        ("", 1, "berkas kosong"),
        ("# hanya komentar\n", 1, "berkas kosong"),
        ("hanya teks", 1, "berkas kosong atau bukan daftar"),
        (b"title: \xff\xfe", 1, "bukan teks UTF-8"),
        ("title: Merek".encode("utf-16"), 1, "bukan teks UTF-8"),
        ("a: 1\nb: [1, 2\nc: 3\n", 3, "YAML tidak terbaca"),
        ("a: 1\n\tb: 2\n", 2, "YAML tidak terbaca"),
        ('a: 1\nb: "tidak ditutup\n', 3, "YAML tidak terbaca"),
        ("a: satu: dua\n", 1, "YAML tidak terbaca"),
        ("a: 1\nb: *tidak_ada\n", 2, "YAML tidak terbaca"),
        ("a: 1\nb: !!python/object/apply:os.system [ls]\n", 2, "YAML tidak terbaca"),
        ("a: 1\n---\na: 2\n", 2, "YAML tidak terbaca"),
        ("a: \x00\n", 1, "YAML tidak terbaca"),
        ("a: 1\nb: &b\n  - *b\n", 2, "YAML tidak terbaca"),
        ("a: 1\nb: 2\na: 3\n", 3, "«a» ditulis dua kali"),
        ("a:\n  b: 1\n  b: 1\n", 3, "«b» ditulis dua kali"),
        ("a: 1\nchecked_on: 2026-11-31\n", 2, ""),
        ("a: 1\n? [b]\n: 2\n", 2, ""),
        ("a: " + "[" * 5000, 1, ""),
        (b"#" * (MAX_BYTES + 1), 1, "terlalu besar"),
    ],
)
def test_what_is_no_content_file_is_refused_with_its_line(file, content, line, reason):
    assert refusal(file, content).startswith(f"content/02-merek.yaml, baris {line}: ")
    assert reason in refusal(file, content)


def test_a_value_is_taken_in_the_form_that_is_wanted(file):
    content = file(TEXT)
    assert content.take("title") == "Merek"
    assert content.take("minutes", int) == 6
    assert content.take("tags", list) == ["satu", "dua"]
    assert content.take("goal", str, "") == ""


@pytest.mark.parametrize(
    ("text", "kind", "reason"),
    [
        ("a: 1\n", str, "baris 1: «key» belum ada."),
        ("a: 1\nkey: 5\n", str, "baris 2: isi «key» tidak sesuai bentuknya."),
        ("a: 1\nkey:\n", str, "baris 2: isi «key» tidak sesuai bentuknya."),
        ("a: 1\nkey: lima\n", int, "baris 2: isi «key» tidak sesuai bentuknya."),
        ("a: 1\nkey: true\n", int, "baris 2: isi «key» tidak sesuai bentuknya."),
        ("a: 1\nkey: true\n", (int, float), "baris 2: isi «key» tidak sesuai bentuknya."),
        ("a: 1\nkey: satu\n", list, "baris 2: isi «key» tidak sesuai bentuknya."),
    ],
)
def test_a_value_in_another_form_is_refused(file, text, kind, reason):
    with pytest.raises(ContentError) as error:
        file(text).take("key", kind)
    assert str(error.value).endswith(reason)


def test_a_key_that_nobody_knows_is_refused(file):
    content = file("title: Merek\ntitel: Merek\n")
    content.only({"title", "titel"})
    with pytest.raises(ContentError, match="baris 2: «titel» tidak dikenal"):
        content.only({"title"})

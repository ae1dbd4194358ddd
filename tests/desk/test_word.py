"""A Word file as pieces of a lesson, and what is refused before anything makes sense of it."""

import zipfile
from io import BytesIO

import pytest
from PIL import Image

from desk import word
from desk.word import Kind, Piece, read
from people.spreadsheets import UnreadableFile
from tests.desk.documents import (
    MACRO,
    cell,
    document,
    entries,
    heading,
    lesson,
    link,
    note,
    notes,
    paragraph,
    photo,
    picture,
    run,
    table,
    zipped,
)


def pieces(*body: str, **more) -> list[Piece]:
    return read(document(*body, **more), "x.docx").pieces


def test_a_document_becomes_a_lesson():
    made = read(lesson(), "bungkus.docx")
    assert made.title == "Membungkus keripik"
    assert [(piece.kind, piece.text) for piece in made.pieces] == [
        (Kind.PARAGRAPH, "Bungkus yang rapat menjaga renyah. Lihat aturannya."),
        (Kind.HEADING, "Yang disiapkan"),
        (Kind.KEY_POINTS, "Plastik tebal.\nLilin atau alat rekat."),
        (Kind.STEPS, "Isi bungkusnya.\nKeluarkan udaranya.\nRekatkan ujungnya."),
        (Kind.TABLE, "Ukuran · Harga\n100 gram · Rp5.000\n250 gram · Rp12.000"),
        (Kind.PICTURE, "Foto bungkus"),
    ]
    assert made.pieces[0].html == (
        '<p>Bungkus yang rapat menjaga <strong>renyah</strong>. Lihat <a href="https://pom.go.id">aturannya</a>.</p>'
    )
    assert made.pieces[4].rows[1] == ("100 gram", "Rp5.000")
    assert (made.pictures, made.remarks) == ([photo()], [])


def test_without_a_heading_the_title_is_the_files_name():
    assert read(document(paragraph("Isi.")), "Kemasan baik.docx").title == "Kemasan baik"


def test_words_title_is_the_lessons():
    named = paragraph("Kemasan yang baik", properties='<w:pStyle w:val="J0"/>')
    made = read(document(named, heading("Bahan"), paragraph("Isi.")), "x.docx")
    assert (made.title, [piece.text for piece in made.pieces]) == ("Kemasan yang baik", ["Bahan", "Isi."])


@pytest.mark.parametrize(
    ("body", "kind", "text"),
    [
        (table(["Hanya satu kolom."], ["Dua baris."]), Kind.PARAGRAPH, "Hanya satu kolom.\nDua baris."),
        (table(["a", "b"], [table(["dalam", "lagi"], ["c", "d"]), "e"]), Kind.TABLE, "a · b\ndalam lagi c d · e"),
        (entries("Satu saja.", numbered=True), Kind.KEY_POINTS, "Satu saja."),
        (paragraph("a\u2028b\x7f  c"), Kind.PARAGRAPH, "a b c"),
        (paragraph(run("mem\xadbung"), "<w:r><w:softHyphen/></w:r>", run("kus")), Kind.PARAGRAPH, "membungkus"),
    ],
    ids=["a frame", "a table in a table", "a list of one", "control characters", "soft hyphens"],
)
def test_what_is_odd_becomes_something_to_read(body, kind, text):
    (piece,) = pieces(body)
    assert (piece.kind, piece.text) == (kind, text)


def test_merged_cells_push_no_other_under_a_wrong_heading():
    down, below = (f"<w:vMerge{start}/>" for start in (' w:val="restart"', ""))
    (piece,) = pieces(
        table(
            [cell("Harga", '<w:gridSpan w:val="2"/>'), "Catatan"],
            [cell("Gas", down), "Rp22.000", "Tiap bulan"],
            [cell("", below), "Rp25.000", "Di warung"],
        )
    )
    assert piece.rows == (
        ("Harga", "", "Catatan"),
        ("Gas", "Rp22.000", "Tiap bulan"),
        ("", "Rp25.000", "Di warung"),
    )


def test_words_run_together_only_where_they_do_in_word():
    line = "<w:r><w:t>Isi.</w:t><w:br/><w:t>Tutup.</w:t></w:r>"
    half_bold = paragraph("Rp", run("5.000", "<w:b/>"), ".")
    made = pieces(
        paragraph("Awal."),
        paragraph(line, properties='<w:pStyle w:val="J2"/>'),
        entries(line, "Simpan.", numbered=True),
        table(["Isi", "Harga"], [cell(paragraph("Satu.") + paragraph(line)), cell(half_bold)]),
    )
    assert [piece.text for piece in made[1:]] == [
        "Isi. Tutup.",
        "Isi. Tutup.\nSimpan.",
        "Isi · Harga\nSatu. Isi. Tutup. · Rp5.000.",
    ]


def test_a_footnote_is_a_paragraph_at_the_end_with_the_mark_that_leads_to_it():
    made = pieces(
        paragraph("Merek", note(1), " dan izin", note(2), " itu penting."),
        **{"word__footnotes.xml": notes("UU 20 tahun 2016.", "PP 5 tahun 2021.")},
    )
    assert [(piece.kind, piece.text) for piece in made] == [
        (Kind.PARAGRAPH, "Merek[1] dan izin[2] itu penting."),
        (Kind.PARAGRAPH, "[1] UU 20 tahun 2016."),
        (Kind.PARAGRAPH, "[2] PP 5 tahun 2021."),
    ]


def test_hostile_words_are_words_and_hostile_links_are_none():
    """W5"""
    (piece,) = pieces(
        paragraph("<script>alert(1)</script> ", link("sini", "javascript:alert(1)")), address="javascript:alert(1)"
    )
    assert piece.html == "<p>&lt;script&gt;alert(1)&lt;/script&gt; sini</p>"


@pytest.mark.parametrize("address", ["https://kemensos.go.id/", "mailto:tanya@pena.id", "tel:+622131234"])
def test_what_an_editor_may_link_to_comes_along(address):
    (piece,) = pieces(paragraph(link("sini", address)), address=address)
    assert piece.html == f'<p><a href="{address}">sini</a></p>'


def test_colours_and_sizes_do_not_come_along():
    (piece,) = pieces(paragraph(run("Besar", '<w:color w:val="FF0000"/><w:sz w:val="72"/><w:u w:val="single"/>')))
    assert piece.html == "<p>Besar</p>"


@pytest.mark.parametrize("how", ["strike", "dstrike", "vanish"])
def test_what_is_struck_or_hidden_stays_behind_and_is_said(how):
    gone = run("Rp5.000 ", f"<w:{how}></w:{how}>")
    made = read(
        document(
            heading("Harga"), paragraph(gone, "Rp4.000"), paragraph(gone), table(["a", "b"], [paragraph(gone), "c"])
        ),
        "x.docx",
    )
    assert [piece.text for piece in made.pieces] == ["Rp4.000", "a · b\n · c"]
    assert made.remarks == [word.LOST_WORDS]


def test_what_is_said_not_to_be_struck_or_hidden_comes():
    made = read(document(paragraph(run("Ikut", '<w:strike w:val="0"/><w:vanish w:val="false"/>'))), "x.docx")
    assert ([piece.text for piece in made.pieces], made.remarks) == (["Ikut"], [])


def test_tracked_changes_come_as_if_they_were_accepted():
    old, new = run("lama").replace("w:t", "w:delText"), run("baru")
    moved = run("pindah")
    made = read(
        document(
            paragraph(f"<w:del>{old}</w:del>", f"<w:ins>{new}</w:ins>", f"<w:moveFrom>{moved}</w:moveFrom>"),
            paragraph(f"<w:moveTo>{moved}</w:moveTo>"),
            paragraph(f"<w:ins><w:del>{old}</w:del></w:ins>"),
        ),
        "x.docx",
    )
    assert ([piece.text for piece in made.pieces], made.remarks) == (["baru", "pindah"], [])


def test_a_picture_as_older_word_keeps_it_comes_after_its_paragraph():
    shape = (
        '<w:r><w:pict><v:shape xmlns:v="urn:schemas-microsoft-com:vml"><v:imagedata r:id="rIdP0"/></v:shape>'
        "</w:pict></w:r>"
    )
    made = pieces(paragraph("Buka.", shape), paragraph(shape), pictures=(photo(),))
    assert [(piece.kind, piece.text, piece.picture) for piece in made] == [
        (Kind.PARAGRAPH, "Buka.", -1),
        (Kind.PICTURE, "", 0),
        (Kind.PICTURE, "", 1),
    ]


@pytest.mark.parametrize(
    "data",
    [
        photo(400, 300)[:-100],
        b"GIF89a" + bytes(50),
        b"\x01\x00\x00\x00EMF",
        b"",
        b"<svg xmlns='http://www.w3.org/2000/svg'/>",
    ],
    ids=["cut off", "GIF", "EMF", "empty", "SVG"],
)
def test_a_picture_that_we_do_not_take_is_said_and_the_rest_comes(data):
    """U1"""
    made = read(document(paragraph("Isi."), picture(), pictures=(data,)), "x.docx")
    assert ([piece.kind for piece in made.pieces], made.remarks) == ([Kind.PARAGRAPH], [word.LOST_PICTURE])


@pytest.mark.parametrize(
    "drawing",
    [
        '<w:p xmlns:m="urn:m"><m:oMath><m:r><m:t>HPP = modal : jumlah</m:t></m:r></m:oMath></w:p>',
        '<w:p><w:r><w:drawing><c:chart xmlns:c="urn:c" r:id="rId9"/></w:drawing></w:r></w:p>',
        '<w:p><w:r><w:drawing><dgm:relIds xmlns:dgm="urn:d" r:dm="rId9"/></w:drawing></w:r></w:p>',
    ],
    ids=["formula", "chart", "SmartArt"],
)
def test_a_drawing_that_is_no_picture_is_said_and_the_rest_comes(drawing):
    made = read(document(paragraph("Isi."), drawing), "x.docx")
    assert ([piece.text for piece in made.pieces], made.remarks) == (["Isi."], [word.LOST_DRAWING])


def test_a_picture_of_too_many_pixels_does_not_come():
    """U1"""
    out = BytesIO()
    Image.new("1", (6000, 6000)).save(out, "PNG")
    assert read(document(paragraph("Isi."), picture(), pictures=(out.getvalue(),)), "x.docx").pictures == []


def test_a_picture_that_is_too_heavy_to_be_kept_is_said_before_the_draft_is_made():
    out = BytesIO()
    Image.new("RGB", (1900, 1900)).save(out, "PNG", compress_level=0)
    made = read(document(paragraph("Isi."), picture(), pictures=(out.getvalue(),)), "x.docx")
    assert (made.pictures, made.remarks) == ([], [word.LOST_PICTURE])


@pytest.mark.parametrize("address", ["file:///etc/passwd", "http://127.0.0.1:9/"])
def test_a_picture_outside_the_file_is_not_fetched(address):
    relation = document(paragraph("Isi."), picture(link="link").replace("rIdP0", "rIdL"), address=address)
    made = read(relation, "x.docx")
    assert (made.pictures, made.remarks) == ([], [word.LOST_PICTURE])


# --- Refused --------------------------------------------------------------------------------------------------------


def nested_tables(depth: int) -> str:
    return "<w:tbl><w:tr><w:tc>" * depth + paragraph("x") + "</w:tc></w:tr></w:tbl>" * depth


def bomb() -> bytes:
    out = BytesIO(document(paragraph("x")))
    with zipfile.ZipFile(out, "a", zipfile.ZIP_DEFLATED) as file, file.open("word/media/bom.jpeg", "w") as part:
        for _ in range(101):
            part.write(bytes(2**20))
    return out.getvalue()


def in_encoding(name: str) -> bytes:
    return f'<?xml version="1.0" encoding="{name}"?><x/>'.encode()


def damaged_lzma() -> bytes:
    whole = BytesIO(document(paragraph("x")))
    with zipfile.ZipFile(whole, "a", zipfile.ZIP_LZMA) as file:
        file.writestr("word/a.xml", "<x/>")
    name = b"word/a.xml"
    before, after = whole.getvalue().split(name, 1)
    return before + name + after[:4] + b"\xff" * 5 + after[9:]  # what the stream says of itself


ENTITIES = b'<!DOCTYPE x [<!ENTITY a "bbbb"><!ENTITY c "&a;&a;">]><x>&c;</x>'
OUTSIDE = b'<!DOCTYPE x SYSTEM "file:///etc/passwd"><x/>'


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        pytest.param(lambda: b"", word.EMPTY, id="empty"),
        pytest.param(lambda: b"x" * (50 * 2**20), word.TOO_BIG, id="50 MB"),
        pytest.param(lambda: b"\xd0\xcf\x11\xe0" + bytes(600), word.OLD_WORD, id="old Word or locked"),
        pytest.param(lambda: b"%PDF-1.4", word.NOT_WORD, id="PDF"),
        pytest.param(lambda: zipped({"x.txt": "x"}), word.NOT_WORD, id="another zip"),
        pytest.param(lambda: document(paragraph("x"), main="x/y"), word.NOT_WORD, id="another kind"),
        pytest.param(lambda: document(paragraph("x"))[:-30], word.NOT_WORD, id="cut off"),
        pytest.param(lambda: document(paragraph("x"), main=MACRO), word.MACRO, id="macros renamed"),
        pytest.param(lambda: document(paragraph("x"), word__vbaProject_bin=b"x"), word.MACRO, id="macros"),
        pytest.param(lambda: document(paragraph("x"), word__a=ENTITIES), word.UNSAFE, id="entities"),
        pytest.param(
            lambda: document(paragraph("x"), word__a=ENTITIES.decode().encode("utf-16")), word.UNSAFE, id="in UTF-16"
        ),
        pytest.param(lambda: document(paragraph("x"), word__a=OUTSIDE), word.UNSAFE, id="a file outside"),
        pytest.param(lambda: document(paragraph("x"), word__a=b"<x>"), word.BROKEN, id="broken XML"),
        pytest.param(lambda: document(paragraph("x"), word__a=in_encoding("shift_jis")), word.BROKEN, id="Shift JIS"),
        pytest.param(lambda: document(paragraph("x"), word__a=in_encoding("bogus")), word.BROKEN, id="no encoding"),
        pytest.param(damaged_lzma, word.NOT_WORD, id="damaged LZMA"),
        pytest.param(lambda: document(nested_tables(20_000)), word.TOO_NESTED, id="20,000 nested tables"),
        pytest.param(lambda: document("<w:p/>" * 210_000), word.TOO_MUCH, id="too many tags"),
        pytest.param(lambda: document(*(paragraph(str(n)) for n in range(151))), word.TOO_MUCH, id="too many pieces"),
        pytest.param(lambda: document(paragraph("kata " * 3000)), word.TOO_LONG, id="endless paragraph"),
        pytest.param(lambda: document("<w:p/>"), word.NOTHING, id="nothing in it"),
        pytest.param(bomb, word.TOO_MUCH, id="zip bomb"),
    ],
)
def test_it_is_refused_with_one_sentence(data, sentence):
    """U1"""
    with pytest.raises(UnreadableFile) as error:
        read(data(), "x.docx")
    assert str(error.value) == sentence


def test_tables_as_deep_as_people_nest_them_are_read():
    assert pieces(nested_tables(5))


def test_a_document_with_only_a_heading_is_a_heading():
    assert [piece.kind for piece in pieces(heading("Judul"))] == [Kind.HEADING]

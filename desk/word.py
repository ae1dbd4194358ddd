"""Reads a Word file as pieces of a lesson. What a hostile file could do to us ends here."""

import re
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import StrEnum
from io import BytesIO
from itertools import count
from lzma import LZMAError
from pathlib import PurePath
from xml.sax import SAXException
from xml.sax.handler import ContentHandler

import defusedxml.sax
import mammoth
from bs4 import BeautifulSoup, Tag
from defusedxml import DefusedXmlException

from courses.html import ALLOWED_LINKS, MAX_HTML_LENGTH, clean_html, plain_text
from courses.picture_intake import UnusablePicture
from courses.picture_intake import check as check_picture
from people.spreadsheets import EMPTY, UnreadableFile
from quizzes.formats.questions import tidy

MAX_BYTES = 20 * 1024 * 1024
MAX_UNPACKED = 100 * 1024 * 1024
MAX_PARTS = 1_000
MAX_XML = 20 * 1024 * 1024
MAX_TAGS = 200_000  # a lesson of ten pages has some 10,000; reading it costs time and memory by these
MAX_DEPTH = 100  # a table within a table within a table has 30
MAX_PIECES = 150
MAX_COLUMNS = 8
WORDS_COLUMNS = 63  # Word makes no more

TOO_BIG = "Berkas ini lebih dari 20 MB. Kecilkan dulu gambar di dalamnya."
OLD_WORD = "Ini berkas Word lama, atau berkas yang dikunci. Simpan sebagai .docx tanpa kata sandi."
NOT_WORD = "Ini bukan berkas Word. Simpan sebagai .docx, lalu coba lagi."
BROKEN = "Berkas Word ini rusak. Simpan lagi dari Word, lalu coba."
MACRO = "Berkas ini berisi makro. Simpan sebagai .docx biasa."
TOO_MUCH = "Isi berkas ini terlalu besar. Bagi menjadi beberapa pelajaran."
UNSAFE = "Demi keamanan, berkas ini ditolak. Simpan lagi dari Word, lalu coba."
TOO_NESTED = "Ada tabel di dalam tabel yang terlalu dalam. Pisahkan dulu tabelnya."
NOTHING = "Tidak ada tulisan di berkas ini."
TOO_LONG = f"Ada paragraf yang lebih dari {MAX_HTML_LENGTH:,} huruf. Bagi dulu.".replace(",", ".")
LOST_PICTURE = "Satu gambar tidak ikut. Pakai JPEG, PNG, atau WebP, paling besar 10 MB dan 25 juta piksel."
LOST_WORDS = "Kata yang dicoret atau disembunyikan di Word tidak ikut."
LOST_DRAWING = "Rumus, grafik, atau SmartArt tidak ikut. Tulis isinya dengan kata."
HIDDEN = re.compile(rb"(</?w:)(vanish|dstrike)\b")  # hidden or struck twice; mammoth knows words that are struck once
PASSED_OVER = (b"<m:oMath", b"<c:chart ", b"<dgm:relIds ")  # how these begin; mammoth says nothing of them
WIDE_TABLE = f"Satu tabel lebih dari {MAX_COLUMNS} kolom, jadi tidak ikut."


class Kind(StrEnum):
    HEADING = "heading"
    PARAGRAPH = "paragraph"
    KEY_POINTS = "key_points"
    STEPS = "steps"
    TABLE = "table"
    PICTURE = "picture"


@dataclass(frozen=True)
class Piece:
    """One block to be. ``text`` is what an editor may correct, a line for each entry; of a picture its description."""

    kind: Kind
    text: str = ""
    html: str = ""  # a paragraph with what is bold or a link
    rows: tuple[tuple[str, ...], ...] = ()  # of a table, its head first
    picture: int = -1  # its place in the document's pictures


@dataclass
class Document:
    title: str
    pieces: list[Piece] = field(default_factory=list)
    pictures: list[bytes] = field(default_factory=list)
    remarks: list[str] = field(default_factory=list)  # what did not come along


def read(data: bytes, name: str) -> Document:
    """The document of a file as it was uploaded. Raises UnreadableFile."""
    if not data:
        raise UnreadableFile(EMPTY)
    if len(data) > MAX_BYTES:
        raise UnreadableFile(TOO_BIG)
    if data.startswith(b"\xd0\xcf\x11\xe0"):
        raise UnreadableFile(OLD_WORD)
    _weigh(data)
    document = Document(PurePath(name).stem)
    html = _html(_hidden_as_struck(data), document)
    if _holds_drawings(data):
        document.remarks.append(LOST_DRAWING)
    document.pieces = _pieces(BeautifulSoup(html, "html.parser"), document)
    if not document.pieces:
        raise UnreadableFile(NOTHING)
    if len(document.pieces) > MAX_PIECES:
        raise UnreadableFile(TOO_MUCH)
    if document.pieces[0].kind == Kind.HEADING and len(document.pieces) > 1:
        document.title = document.pieces.pop(0).text
    return document


# --- Before anything makes sense of it -------------------------------------------------------------------------------


def _weigh(data: bytes) -> None:
    """Raises UnreadableFile for a file that is no document, or that would cost too much to read."""
    try:
        with zipfile.ZipFile(BytesIO(data)) as file:
            parts = file.infolist()
            # zipfile unpacks no more than what is declared.
            if len(parts) > MAX_PARTS or sum(part.file_size for part in parts) > MAX_UNPACKED:
                raise UnreadableFile(TOO_MUCH)
            _check_kind(file)
            written = [part for part in parts if not part.filename.startswith("word/media/")]
            if sum(part.file_size for part in written) > MAX_XML:
                raise UnreadableFile(TOO_MUCH)
            handler = _Counter()
            for part in written:
                content = file.read(part)
                if content.lstrip(b"\xef\xbb\xbf\xff\xfe\x00 \t\r\n").startswith(b"<"):
                    handler.depth = 0
                    defusedxml.sax.parseString(content, handler, forbid_dtd=True)
    except UnreadableFile:
        raise
    except (zipfile.BadZipFile, zlib.error, LZMAError, EOFError, OSError, RuntimeError):  # Runtime: it wants a password
        raise UnreadableFile(NOT_WORD) from None
    except DefusedXmlException:
        raise UnreadableFile(UNSAFE) from None
    except (SAXException, ValueError, LookupError):  # Value, Lookup: an encoding that the parser does not know
        raise UnreadableFile(BROKEN) from None


def _check_kind(file: zipfile.ZipFile) -> None:
    names = file.namelist()
    kinds = file.read("[Content_Types].xml") if "[Content_Types].xml" in names else b""
    if b"macroEnabled" in kinds or any("vbaproject" in name.lower() for name in names):
        raise UnreadableFile(MACRO)
    if b"wordprocessingml.document.main" not in kinds:
        raise UnreadableFile(NOT_WORD)


class _Counter(ContentHandler):
    """Raises UnreadableFile as soon as the parts of a file have too many tags, or one has them too deep."""

    def __init__(self):
        super().__init__()
        self.tags = self.depth = 0

    def startElement(self, name, attrs):
        self.tags, self.depth = self.tags + 1, self.depth + 1
        if self.depth > MAX_DEPTH:
            raise UnreadableFile(TOO_NESTED)
        if self.tags > MAX_TAGS:
            raise UnreadableFile(TOO_MUCH)

    def endElement(self, name):
        self.depth -= 1


# --- What it says ----------------------------------------------------------------------------------------------------


def _html(data: bytes, document: Document) -> str:
    """The document as HTML in which each picture's address is its place in ``document.pictures``."""

    def keep(image) -> dict[str, str]:
        try:
            with image.open() as file:
                picture = file.read()
            check_picture(picture)
        except (UnusablePicture, KeyError, ValueError):  # Value: it lies outside the file, where we do not look
            document.remarks.append(LOST_PICTURE)
            return {"src": ""}
        document.pictures.append(picture)
        return {"src": str(len(document.pictures) - 1)}

    try:
        html = mammoth.convert_to_html(
            BytesIO(data),
            convert_image=mammoth.images.img_element(keep),
            include_embedded_style_map=False,
            style_map="p[style-name='Title'] => h1:fresh",
        ).value
    except RecursionError:
        raise UnreadableFile(TOO_NESTED) from None
    except Exception as problem:  # a broken document breaks mammoth in dozens of ways
        raise UnreadableFile(BROKEN) from problem
    return html.replace("\xad", "")  # where Word might break a word; who looks for the word would not find it


def _hidden_as_struck(data: bytes) -> bytes:
    with zipfile.ZipFile(BytesIO(data)) as file:
        parts = {part: file.read(part) for part in file.infolist()}
    written = {part: text for part, text in parts.items() if part.filename.startswith("word/") and HIDDEN.search(text)}
    if not written:
        return data
    out = BytesIO()
    with zipfile.ZipFile(out, "w") as file:
        for part, content in parts.items():
            file.writestr(part.filename, HIDDEN.sub(rb"\1strike", content) if part in written else content)
    return out.getvalue()


def _holds_drawings(data: bytes) -> bool:
    with zipfile.ZipFile(BytesIO(data)) as file:
        texts = [file.read(name) for name in file.namelist() if name.startswith("word/document")]
    return any(mark in text for mark in PASSED_OVER for text in texts)


_NOTE = re.compile(r"^#?(foot|end)note-(ref-)?\d+$")


def _pieces(page: BeautifulSoup, document: Document) -> list[Piece]:
    _free_notes(page)
    _drop_struck(page, document)
    _part_lines(page)
    for link in page.find_all("a"):
        if link.get("href", "").partition(":")[0] not in ALLOWED_LINKS:  # a place within the document
            link.unwrap()
    return [piece for element in page.find_all(True, recursive=False) for piece in _of(element, document)]


def _free_notes(page: BeautifulSoup) -> None:
    """Footnotes come as a numbered list, but are no steps: each becomes a paragraph that begins with its mark."""
    for number, note in enumerate(page.find_all("li", id=_NOTE), start=1):
        for back in note.find_all("a", href=_NOTE):
            back.decompose()
        note.p.insert(0, f"[{number}] ")
        if not note.find_next_sibling("li"):
            note.parent.unwrap()
        note.unwrap()


def _drop_struck(page: BeautifulSoup, document: Document) -> None:
    """A lesson shows nothing as struck: what was, would read like what stands."""
    struck = page.find_all("s")
    if any(element.get_text(strip=True) for element in struck):
        document.remarks.append(LOST_WORDS)
    for element in struck:
        element.decompose()


def _part_lines(page: BeautifulSoup) -> None:
    """What becomes one line has a space where a line of it ended."""
    for end in page.select(":is(h1, h2, h3, h4, h5, h6, li, table) br"):
        end.replace_with(" ")
    for end in page.select("table :is(p, h1, h2, h3, h4, h5, h6, li, td)"):
        end.append(" ")


def _of(element: Tag, document: Document) -> Iterator[Piece]:
    # One as older Word and LibreOffice draw it stands by itself, after its paragraph.
    pictures = [element] if element.name == "img" else [image.extract() for image in element.find_all("img")]
    if element.name in ("ul", "ol"):
        lines = [line for item in element.find_all("li") if (line := _own_text(item))]
        if lines:
            kind = Kind.STEPS if element.name == "ol" and len(lines) > 1 else Kind.KEY_POINTS
            yield Piece(kind, "\n".join(lines))
    elif element.name == "table":
        yield from _table(element, document)
    elif text := tidy(element.get_text()):
        if re.fullmatch("h[1-6]", element.name):
            yield Piece(Kind.HEADING, " ".join(text.split()))
        else:
            yield _paragraph(element)
    for image in pictures:
        if image["src"]:
            yield Piece(Kind.PICTURE, tidy(image.get("alt", "")), picture=int(image["src"]))


def _paragraph(element: Tag) -> Piece:
    html = str(element)
    if len(html) > MAX_HTML_LENGTH:
        raise UnreadableFile(TOO_LONG)
    return Piece(Kind.PARAGRAPH, tidy(plain_text(html)), html=clean_html(html))


def _own_text(item: Tag) -> str:
    """What the entry says itself, without the list below it."""
    return " ".join("".join(item.find_all(string=lambda text: text.find_parent("li") is item)).split())


def _table(table: Tag, document: Document) -> Iterator[Piece]:
    rows = [row for row in _rows(table) if any(row)]
    rows = list(zip(*(column for column in zip(*rows, strict=True) if any(column)), strict=True))
    width = max(map(len, rows), default=0)
    if width > MAX_COLUMNS:
        document.remarks.append(WIDE_TABLE)
    elif width > 1 and len(rows) > 1:
        yield Piece(Kind.TABLE, "\n".join(" · ".join(row) for row in rows), rows=tuple(rows))
    elif rows:  # one column or one row: a frame around words
        lines = "\n".join(text for row in rows for text in row if text)
        yield Piece(Kind.PARAGRAPH, lines, html=paragraphs(lines))


def _rows(table: Tag) -> list[tuple[str, ...]]:
    """The words of each cell in its own column, all rows as wide. Of merged cells the first has the words, the others
    are empty."""
    own = [row for row in table.find_all("tr") if row.find_parent("table") is table]
    grid: list[dict[int, str]] = [{} for _ in own]
    for number, row in enumerate(own):
        place = 0
        for cell in row.find_all(["td", "th"], recursive=False):
            while place in grid[number]:
                place += 1
            covered = range(place, place + min(int(cell.get("colspan", 1)), MAX_COLUMNS + 1))
            for below in grid[number : number + int(cell.get("rowspan", 1))]:
                below.update(dict.fromkeys(covered, ""))
            grid[number][place] = " ".join(cell.get_text().split())
    width = max((max(row, default=-1) for row in grid), default=-1) + 1
    return [tuple(row.get(place, "") for place in range(min(width, WORDS_COLUMNS))) for row in grid]


def paragraphs(text: str) -> str:
    """Each line of plain text as a paragraph."""
    page = BeautifulSoup("", "html.parser")
    for number, line in zip(count(), text.splitlines()):
        if line.strip():
            page.insert(number, page.new_tag("p", string=line.strip()))
    return clean_html(str(page)[:MAX_HTML_LENGTH])

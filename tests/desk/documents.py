"""Word files for tests, written as Word writes them: a zip of XML."""

import zipfile
from io import BytesIO
from xml.sax.saxutils import escape

from PIL import Image

MAIN = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
MACRO = "application/vnd.ms-word.document.macroEnabled.main+xml"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_SPACES = (
    'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main" '
    f'xmlns:r="{_OFFICE}" '
    'xmlns:wp="http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing" '
    'xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main" '
    'xmlns:pic="http://schemas.openxmlformats.org/drawingml/2006/picture"'
)
_STYLES = f"""<w:styles {_SPACES}><w:style w:type="paragraph" w:styleId="J0"><w:name w:val="Title"/></w:style>
<w:style w:type="paragraph" w:styleId="J1"><w:name w:val="heading 1"/></w:style>
<w:style w:type="paragraph" w:styleId="J2"><w:name w:val="heading 2"/></w:style></w:styles>"""
_LISTS = f"""<w:numbering {_SPACES}>
<w:abstractNum w:abstractNumId="0"><w:lvl w:ilvl="0"><w:numFmt w:val="bullet"/></w:lvl></w:abstractNum>
<w:abstractNum w:abstractNumId="1"><w:lvl w:ilvl="0"><w:numFmt w:val="decimal"/></w:lvl></w:abstractNum>
<w:num w:numId="1"><w:abstractNumId w:val="0"/></w:num>
<w:num w:numId="2"><w:abstractNumId w:val="1"/></w:num></w:numbering>"""


def run(text: str, properties: str = "") -> str:
    return f'<w:r><w:rPr>{properties}</w:rPr><w:t xml:space="preserve">{escape(text)}</w:t></w:r>'


def paragraph(*runs: str, properties: str = "") -> str:
    inner = "".join(one if one.startswith("<w:") else run(one) for one in runs)
    return f"<w:p><w:pPr>{properties}</w:pPr>{inner}</w:p>"


def heading(text: str, level: int = 1) -> str:
    return paragraph(text, properties=f'<w:pStyle w:val="J{level}"/>')


def entries(*texts: str, numbered: bool = False) -> str:
    number = f'<w:numPr><w:ilvl w:val="0"/><w:numId w:val="{2 if numbered else 1}"/></w:numPr>'
    return "".join(paragraph(text, properties=number) for text in texts)


def table(*rows: list[str]) -> str:
    """Cells are text, or XML of our own, or whole ones."""
    return f"<w:tbl>{''.join('<w:tr>' + ''.join(map(_cell, row)) + '</w:tr>' for row in rows)}</w:tbl>"


def _cell(content: str) -> str:
    return content if content.startswith("<w:tc>") else cell(content)


def cell(content: str = "", properties: str = "") -> str:
    """``properties`` are such as ``<w:gridSpan w:val="2"/>``."""
    inner = content if content.startswith("<w:") else paragraph(content)
    return f"<w:tc><w:tcPr>{properties}</w:tcPr>{inner}</w:tc>"


def note(number: int) -> str:
    """Where the text refers to the footnote of that number."""
    return f'<w:r><w:footnoteReference w:id="{number}"/></w:r>'


def notes(*texts: str) -> bytes:
    """The part ``word__footnotes.xml``, numbered from 1."""
    written = "".join(
        f'<w:footnote w:id="{number}">{paragraph(text)}</w:footnote>' for number, text in enumerate(texts, start=1)
    )
    return f"<w:footnotes {_SPACES}>{written}</w:footnotes>".encode()


def picture(number: int = 0, alt: str = "", *, link: str = "embed") -> str:
    """The picture ``number`` of the file's pictures."""
    return paragraph(
        f'<w:r><w:drawing><wp:inline><wp:docPr id="1" name="x" descr="{alt}"/><a:graphic><a:graphicData><pic:pic>'
        f'<pic:blipFill><a:blip r:{link}="rIdP{number}"/></pic:blipFill></pic:pic></a:graphicData></a:graphic>'
        "</wp:inline></w:drawing></w:r>"
    )


def link(text: str, address: str) -> str:
    """Uses the relation ``rIdL``, which ``document`` makes of ``address``."""
    return f'<w:hyperlink r:id="rIdL" w:tooltip="{escape(address)}">{run(text)}</w:hyperlink>'


def document(*body: str, pictures: tuple[bytes, ...] = (), main: str = MAIN, address: str = "", **more: bytes) -> bytes:
    """A .docx of ``body``. ``more`` are parts by their name, with «__» for «/»."""
    relations = [
        f'<Relationship Id="rIdS" Type="{_OFFICE}/styles" Target="styles.xml"/>',
        f'<Relationship Id="rIdN" Type="{_OFFICE}/numbering" Target="numbering.xml"/>',
        f'<Relationship Id="rIdL" Type="{_OFFICE}/hyperlink" Target="{escape(address)}" TargetMode="External"/>',
        f'<Relationship Id="rIdF" Type="{_OFFICE}/footnotes" Target="footnotes.xml"/>',
        *(
            f'<Relationship Id="rIdP{number}" Type="{_OFFICE}/image" Target="media/gambar{number}.jpeg"/>'
            for number in range(len(pictures))
        ),
    ]
    parts = {
        "[Content_Types].xml": f'<Types xmlns="{_PACKAGE}/content-types"><Default Extension="xml" ContentType="x/xml"/>'
        '<Default Extension="jpeg" ContentType="image/jpeg"/>'
        f'<Override PartName="/word/document.xml" ContentType="{main}"/></Types>',
        "_rels/.rels": f'<Relationships xmlns="{_PACKAGE}/relationships"><Relationship Id="rId1" '
        f'Type="{_OFFICE}/officeDocument" Target="word/document.xml"/></Relationships>',
        "word/_rels/document.xml.rels": f'<Relationships xmlns="{_PACKAGE}/relationships">'
        f"{''.join(relations)}</Relationships>",
        "word/document.xml": f"<w:document {_SPACES}><w:body>{''.join(body)}</w:body></w:document>",
        "word/styles.xml": _STYLES,
        "word/numbering.xml": _LISTS,
    }
    parts |= {f"word/media/gambar{number}.jpeg": data for number, data in enumerate(pictures)}
    return zipped(parts | {name.replace("__", "/"): data for name, data in more.items()})


def zipped(parts: dict[str, str | bytes]) -> bytes:
    out = BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as file:
        for name, data in parts.items():
            file.writestr(name, data)
    return out.getvalue()


def photo(width: int = 60, height: int = 40, **saved) -> bytes:
    out = BytesIO()
    Image.new("RGB", (width, height), "tan").save(out, "JPEG", **saved)
    return out.getvalue()


def lesson() -> bytes:
    """What a writer at a training centre has."""
    return document(
        heading("Membungkus keripik"),
        paragraph(
            "Bungkus yang rapat menjaga ",
            run("renyah", "<w:b/>"),
            ". Lihat ",
            link("aturannya", "https://pom.go.id"),
            ".",
        ),
        heading("Yang disiapkan", 2),
        entries("Plastik tebal.", "Lilin atau alat rekat."),
        entries("Isi bungkusnya.", "Keluarkan udaranya.", "Rekatkan ujungnya.", numbered=True),
        table(["Ukuran", "Harga"], ["100 gram", "Rp5.000"], ["250 gram", "Rp12.000"]),
        picture(alt="Foto bungkus"),
        pictures=(photo(),),
        address="https://pom.go.id",
    )

"""Moodle XML: https://docs.moodle.org/405/en/Moodle_XML_format

``<idnumber>`` is a question's reference, else its ``<name>``. All six kinds can be held.
"""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from io import StringIO
from xml.etree.ElementTree import Element, ParseError, TreeBuilder

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import XMLParser
from django.utils.xmlutils import SimplerXMLGenerator

from people.spreadsheets import UnreadableFile
from quizzes.rules import Kind

from .markup import PICTURE, as_text
from .questions import (
    FEEDBACK_LOST,
    NO_PARTIAL,
    NOT_HELD,
    ONE_NUMBER,
    Entry,
    ImportedQuestion,
    NotForUs,
    Refused,
    from_tags,
    number,
    plain,
    short,
    tags_of,
    tidy,
)

MAX_ELEMENTS = 200_000  # 1,000 questions have a tenth of it
MAX_DEPTH = 50
LINE = " line"  # an attribute's name that no XML can have
TOO_MUCH = "Isi berkas XML ini terlalu besar atau terlalu dalam."
ENTITIES = "Berkas XML ini memakai DOCTYPE atau entitas. Demi keamanan berkas ini tidak dibaca."
ROOT = "Berkas ini bukan Moodle XML. Ekspor lagi dari Moodle sebagai «Moodle XML»."
NO_TRUTH = "Tandai Benar atau Salah sebagai jawaban yang benar."
STYLES = {"html": "html", "moodle_auto_format": "moodle", "plain_text": "plain", "markdown": "markdown"}


class Builder(TreeBuilder):
    """Notes each element's line, and stops where a file would fill the memory."""

    parser: XMLParser
    elements = depth = 0

    def start(self, tag, attrs):
        self.elements, self.depth = self.elements + 1, self.depth + 1
        if self.elements > MAX_ELEMENTS or self.depth > MAX_DEPTH:
            raise UnreadableFile(TOO_MUCH)
        return super().start(tag, {**attrs, LINE: str(self.parser.parser.CurrentLineNumber)})

    def end(self, tag):
        self.depth -= 1
        return super().end(tag)


def parse(data: bytes) -> Iterator[Entry]:
    """Raises UnreadableFile where ``data`` is no Moodle XML, or is hostile."""
    root = _tree(data)
    if root.tag != "quiz":
        raise UnreadableFile(ROOT)
    for element in root.findall("question"):
        kind, line = element.get("type", ""), int(element.get(LINE))
        if kind == "category":
            continue
        try:
            if kind not in ANSWERS:
                raise NotForUs(f"Jenis soal Moodle «{short(kind)}» belum bisa dipakai.")
            yield _question(element, kind, line)
        except NotForUs as reason:
            yield Refused(line, str(reason))


def _tree(data: bytes) -> Element:
    builder = Builder()
    builder.parser = XMLParser(target=builder, forbid_dtd=True)
    try:
        builder.parser.feed(data)
        return builder.parser.close()
    except DefusedXmlException:
        raise UnreadableFile(ENTITIES) from None
    except ParseError as error:
        raise UnreadableFile(f"XML ini rusak di baris {error.position[0]}. Ekspor lagi dari asalnya.") from None
    except (LookupError, ValueError) as error:  # an encoding that nobody knows
        raise error if isinstance(error, UnreadableFile) else UnreadableFile(ROOT) from None


def _question(element: Element, kind: str, line: int) -> ImportedQuestion:
    if element.find(".//file") is not None:
        raise NotForUs(PICTURE)
    own_feedback = any(_text(answer.find("feedback")) for answer in element.iter("answer"))
    return ImportedQuestion(
        line=line,
        question=_text(element.find("questiontext")),
        reference=tidy(element.findtext("idnumber", "")) or _text(element.find("name"), "plain"),
        explanation=_text(element.find("generalfeedback")),
        remark=FEEDBACK_LOST if own_feedback else "",
        **from_tags([tidy(tag.text or "") for tag in element.findall("tags/tag/text")]) | ANSWERS[kind](element),
    )


def _text(element: Element | None, style: str = "") -> str:
    """The words of an element that holds ``<text>``, or its own."""
    if element is None:
        return ""
    text = element.find("text")
    words = (element if text is None else text).text or ""
    return as_text(words, style or STYLES.get(element.get("format", "html"), "html"))


def _fraction(answer: Element) -> float:
    """What the answer is worth, in percent."""
    return float(number(answer.get("fraction", "0")))


def _choices(element: Element) -> dict:
    several = element.findtext("single", "true").strip().lower() in ("false", "0")
    answers = element.findall("answer")
    if not several and any(0 < _fraction(answer) < 99.9 for answer in answers):
        raise NotForUs(NO_PARTIAL)
    return {
        "kind": Kind.MULTI_SELECT if several else Kind.SINGLE_CHOICE,
        "choices": tuple((_text(answer), _fraction(answer) > 0) for answer in answers),
    }


def _true_false(element: Element) -> dict:
    right = [answer for answer in element.findall("answer") if _fraction(answer) > 0]
    if len(right) != 1:
        raise NotForUs(NO_TRUTH)
    return {"kind": Kind.TRUE_FALSE, "is_true": _text(right[0]).lower() == "true"}


def _matching(element: Element) -> dict:
    pairs = ((_text(one), _text(one.find("answer"), "plain")) for one in element.findall("subquestion"))
    return {"kind": Kind.MATCHING, "pairs": tuple(pairs)}


def _ordering(element: Element) -> dict:
    answers = sorted(element.findall("answer"), key=_fraction)
    return {"kind": Kind.ORDERING, "items": tuple(_text(answer) for answer in answers)}


def _numeric(element: Element) -> dict:
    right = [answer for answer in element.findall("answer") if _fraction(answer) > 0]
    if len(right) != 1:
        raise NotForUs(ONE_NUMBER)
    if _fraction(right[0]) != 100:
        raise NotForUs(NO_PARTIAL)
    found = {
        "kind": Kind.NUMERIC,
        "answer": number(_text(right[0], "plain")),
        "tolerance": abs(number(right[0].findtext("tolerance", "0") or "0")),
    }
    unit = tidy(element.findtext("units/unit/unit_name", ""))
    return found | ({"unit": unit} if unit else {})


ANSWERS = {
    "multichoice": _choices,
    "truefalse": _true_false,
    "matching": _matching,
    "ordering": _ordering,
    "numerical": _numeric,
}


# --- Writing -----------------------------------------------------------------------------------------------------


def holds(question: ImportedQuestion) -> str:
    """Why Moodle XML cannot hold the question; empty where it can: it has a type for every kind of ours."""
    return "" if question.kind in TYPES else NOT_HELD


class Writer(SimplerXMLGenerator):
    def text(self, tag: str, text: str, **attributes: str) -> None:
        """An element with a ``<text>`` in it."""
        with self.element(tag, **attributes):
            self.addQuickElement("text", text)

    @contextmanager
    def element(self, tag: str, **attributes: str) -> Iterator[None]:
        """What is written inside it stands between its tags."""
        self.startElement(tag, attributes)
        yield
        self.endElement(tag)
        self.ignorableWhitespace("\n")


PLAIN = {"format": "plain_text"}
TYPES = {
    Kind.SINGLE_CHOICE: "multichoice",
    Kind.MULTI_SELECT: "multichoice",
    Kind.TRUE_FALSE: "truefalse",
    Kind.ORDERING: "ordering",
    Kind.MATCHING: "matching",
    Kind.NUMERIC: "numerical",
}


def write(questions: Iterable[ImportedQuestion]) -> bytes:
    file = StringIO()
    out = Writer(file, "utf-8")
    out.startDocument()
    with out.element("quiz"):
        for question in questions:
            with out.element("question", type=TYPES[question.kind]):
                _write_question(out, question)
    return file.getvalue().encode()


def _write_question(out: Writer, question: ImportedQuestion) -> None:
    out.text("name", short(question.question))
    out.text("questiontext", question.question, **PLAIN)
    out.text("generalfeedback", question.explanation, **PLAIN)
    out.addQuickElement("defaultgrade", "1")
    out.addQuickElement("idnumber", question.reference)
    _write_answers(out, question)
    with out.element("tags"):
        for tag in tags_of(question):
            out.text("tag", tag)


def _write_answers(out: Writer, question: ImportedQuestion) -> None:
    match question.kind:
        case Kind.SINGLE_CHOICE | Kind.MULTI_SELECT:
            several = question.kind == Kind.MULTI_SELECT
            out.addQuickElement("single", "false" if several else "true")
            out.addQuickElement("shuffleanswers", "true")
            worth = 100 / sum(right for _, right in question.choices)
            for text, right in question.choices:
                fraction = worth if right else -100 if several else 0
                out.text("answer", text, fraction=f"{fraction:.7g}", **PLAIN)
        case Kind.TRUE_FALSE:
            for text, right in (("true", question.is_true), ("false", not question.is_true)):
                out.text("answer", text, fraction="100" if right else "0", format="moodle_auto_format")
        case Kind.ORDERING:
            for name, value in (("layouttype", "VERTICAL"), ("selecttype", "ALL"), ("selectcount", "0")):
                out.addQuickElement(name, value)
            for place, text in enumerate(question.items, start=1):
                out.text("answer", text, fraction=str(place), **PLAIN)
        case Kind.MATCHING:
            out.addQuickElement("shuffleanswers", "true")
            for left, right in question.pairs:
                with out.element("subquestion", **PLAIN):
                    out.addQuickElement("text", left)
                    out.text("answer", right)
        case Kind.NUMERIC:
            with out.element("answer", fraction="100", **PLAIN):
                out.addQuickElement("text", plain(question.answer))
                out.addQuickElement("tolerance", plain(question.tolerance))
            if question.unit:
                with out.element("units"), out.element("unit"):
                    out.addQuickElement("multiplier", "1")
                    out.addQuickElement("unit_name", question.unit)

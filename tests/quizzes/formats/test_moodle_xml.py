"""Moodle XML: what is read, what is refused and why, and what comes back as it went out."""

from decimal import Decimal

import pytest
from hypothesis import given

from people.spreadsheets import UnreadableFile
from quizzes.formats import moodle_xml
from quizzes.formats.markup import PICTURE, TOO_LONG
from quizzes.formats.questions import FEEDBACK_LOST, NO_PARTIAL, NOT_A_NUMBER, ONE_NUMBER, ImportedQuestion, Refused
from quizzes.rules import Kind
from tests.properties import steady

from .questions import ONE_OF_EACH, questions, without_line


def read(*questions: str) -> list:
    return list(moodle_xml.parse("\n".join(["<quiz>", *questions, "</quiz>"]).encode()))


def question(kind: str, inside: str, text: str = "Soal?", style: str = "html") -> str:
    return (
        f'<question type="{kind}"><name><text>Soal 1</text></name>'
        f'<questiontext format="{style}"><text>{text}</text></questiontext>{inside}</question>'
    )


def answer(text: str, fraction: str = "0", more: str = "") -> str:
    return f'<answer fraction="{fraction}"><text>{text}</text>{more}</answer>'


AB = answer("a", "100") + answer("b")


@pytest.mark.parametrize(
    ("xml", "expected"),
    [
        (
            question("multichoice", f"<single>true</single>{AB}<idnumber>s-1</idnumber>"),
            ImportedQuestion(2, Kind.SINGLE_CHOICE, "Soal?", "s-1", choices=(("a", True), ("b", False))),
        ),
        (
            question(
                "multichoice",
                "<single>false</single>" + answer("a", "50") + answer("b", "50") + answer("c", "-50"),
            ),
            ImportedQuestion(
                2, Kind.MULTI_SELECT, "Soal?", "Soal 1", choices=(("a", True), ("b", True), ("c", False))
            ),
        ),
        (
            question("truefalse", answer("true", "100") + answer("false")),
            ImportedQuestion(2, Kind.TRUE_FALSE, "Soal?", "Soal 1", is_true=True),
        ),
        (
            question("truefalse", answer("true") + answer("false", "100", "<feedback><text>Ya</text></feedback>")),
            ImportedQuestion(2, Kind.TRUE_FALSE, "Soal?", "Soal 1", remark=FEEDBACK_LOST),
        ),
        (
            question(
                "matching",
                "<subquestion><text>HPP</text><answer><text>Modal</text></answer></subquestion>"
                "<subquestion><text>Kas</text><answer><text>Catatan</text></answer></subquestion>",
            ),
            ImportedQuestion(2, Kind.MATCHING, "Soal?", "Soal 1", pairs=(("HPP", "Modal"), ("Kas", "Catatan"))),
        ),
        (
            question("ordering", answer("kedua", "2") + answer("pertama", "1") + answer("ketiga", "3")),
            ImportedQuestion(2, Kind.ORDERING, "Soal?", "Soal 1", items=("pertama", "kedua", "ketiga")),
        ),
        (
            question(
                "numerical",
                answer("2.5", "100", "<tolerance>0.1</tolerance>")
                + "<units><unit><multiplier>1</multiplier><unit_name>gram</unit_name></unit></units>",
            ),
            ImportedQuestion(
                2,
                Kind.NUMERIC,
                "Soal?",
                "Soal 1",
                answer=Decimal("2.5"),
                tolerance=Decimal("0.1"),
                unit="gram",
            ),
        ),
        (
            question("multichoice", AB, text="<![CDATA[<p>Satu<br>dua</p><div>tiga <i>ya</i></div>]]>"),
            ImportedQuestion(
                2, Kind.SINGLE_CHOICE, "Satu\ndua\ntiga ya", "Soal 1", choices=(("a", True), ("b", False))
            ),
        ),
        (
            question("multichoice", AB, text="&lt;b&gt; dan &lt;script&gt;", style="plain_text"),
            ImportedQuestion(2, Kind.SINGLE_CHOICE, "<b> dan <script>", "Soal 1", choices=(("a", True), ("b", False))),
        ),
    ],
)  # fmt: skip
def test_a_question_is_read(xml, expected):
    assert read(xml) == [expected]


@pytest.mark.parametrize(
    ("xml", "reason"),
    [
        (question("essay", ""), "Jenis soal Moodle «essay» belum bisa dipakai."),
        (question("multichoice", answer("a", "100") + answer("b", "50")), NO_PARTIAL),
        (question("multichoice", answer("a", "banyak")), NOT_A_NUMBER),
        (question("truefalse", answer("true") + answer("false")), moodle_xml.NO_TRUTH),
        (question("numerical", answer("5", "100") + answer("6", "100")), ONE_NUMBER),
        (question("numerical", answer("5", "50")), NO_PARTIAL),
        (question("numerical", answer("*", "100")), NOT_A_NUMBER),
        (question("multichoice", AB, text="<![CDATA[Lihat <img src='@@PLUGINFILE@@/a.png'>]]>"), PICTURE),
        (question("multichoice", AB + '<file name="a.png" encoding="base64">AAAA</file>'), PICTURE),
        (question("multichoice", AB, text=f"<![CDATA[{'<b>' * 20_000}]]>"), TOO_LONG),
    ],
)  # fmt: skip
def test_what_is_no_question_for_us_is_refused_with_its_line_and_reason(xml, reason):
    assert read("", question("category", ""), xml) == [Refused(4, reason)]


BILLION_LAUGHS = (
    '<?xml version="1.0"?><!DOCTYPE quiz [<!ENTITY a "ha"><!ENTITY b "'
    + "&a;" * 100
    + '"><!ENTITY c "'
    + "&b;" * 100
    + '">]><quiz><question type="essay"><name><text>&c;</text></name></question></quiz>'
)


@pytest.mark.parametrize(
    ("xml", "reason"),
    [
        (BILLION_LAUGHS, moodle_xml.ENTITIES),
        ('<!DOCTYPE quiz [<!ENTITY x SYSTEM "file:///etc/passwd">]><quiz>&x;</quiz>', moodle_xml.ENTITIES),
        ('<!DOCTYPE quiz SYSTEM "http://127.0.0.1/x.dtd"><quiz/>', moodle_xml.ENTITIES),
        ("<quiz><question>", "XML ini rusak di baris 1. Ekspor lagi dari asalnya."),
        ("<quiz>\n<question></quiz>", "XML ini rusak di baris 2. Ekspor lagi dari asalnya."),
        ("<html><body>Masuk</body></html>", moodle_xml.ROOT),
        ('<?xml version="1.0" encoding="bukan"?><quiz/>', moodle_xml.ROOT),
        ("<quiz>" + "<a>" * 60 + "</a>" * 60 + "</quiz>", moodle_xml.TOO_MUCH),
        ("<quiz>" + "<b/>" * 200_001 + "</quiz>", moodle_xml.TOO_MUCH),
    ],
)
def test_a_hostile_or_broken_file_is_not_read(xml, reason):
    with pytest.raises(UnreadableFile, match=reason.replace("(", r"\(").replace(".", r"\.")):
        list(moodle_xml.parse(xml.encode()))


@steady
@given(questions())
def test_every_question_comes_back_as_it_went_out(question):
    (back,) = moodle_xml.parse(moodle_xml.write([question]))
    assert without_line(back) == question


def test_it_holds_every_kind():
    assert [moodle_xml.holds(one) for one in ONE_OF_EACH] == [""] * 6

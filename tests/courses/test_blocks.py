"""The blocks of a lesson: what an editor may not leave as it is, and what a learner sees."""

import pytest
from bs4 import BeautifulSoup
from wagtail import blocks

from courses.blocks import EVIDENCE, LessonBody, PracticeTaskBlock
from courses.content_files import ContentError, Place
from courses.loader import check_block
from courses.models import Figure
from quizzes.blocks import QuestionsBlock
from tests import factories, pages

pytestmark = pytest.mark.django_db

BODY = LessonBody()
TASK = PracticeTaskBlock()


@pytest.fixture(autouse=True)
def figure():
    return Figure.objects.create(
        slug="harga-gula",
        label="Harga gula sekilo",
        value="Rp17.500",
        year="2026",
        source="pasar",
        checked_on="2026-11-22",
        check_again_by="2027-02-22",
        checker="Tim materi",
    )


def block_of(name: str) -> blocks.Block:
    return TASK if name == "practice" else BODY.child_blocks[name]


def quick_check(*correct: bool, **fields) -> dict:
    choices = [
        {"text": f"Pilihan {n}", "correct": right, "feedback": f"Tanggapan {n}"} for n, right in enumerate(correct)
    ]
    return {"question": "Mana?", "choices": choices} | fields


def table(*rows: list[str], caption: str = "") -> dict:
    columns = [{"type": "text", "heading": heading} for heading in ("Barang", "Harga")]
    return {"columns": columns, "rows": [{"values": row} for row in rows], "caption": caption}


REQUIRED = "harus diisi"


@pytest.mark.parametrize(
    ("name", "value", "words"),
    [
        ("heading", "", REQUIRED),
        ("tip", "", REQUIRED),
        ("tip", "Gula {harga-gula}, tepung {harga-tepung}.", "Angka {harga-tepung} belum ada. Buat dulu di"),
        ("warning", "{harga-tepung}", "Angka {harga-tepung} belum ada"),
        ("key_points", [], "Paling sedikit"),
        ("key_points", ["Satu", ""], REQUIRED),
        ("key_points", ["Satu", "{harga-tepung}"], "Angka {harga-tepung} belum ada"),
        ("example", {"title": "Contoh", "text": ""}, REQUIRED),
        ("example", {"title": "", "text": "Bu Sari"}, REQUIRED),
        ("example", {"title": "Contoh", "text": "{harga-tepung}"}, "Angka {harga-tepung} belum ada"),
        ("paragraph", "", REQUIRED),
        ("picture", {"image": None, "alt_text": "Keripik"}, REQUIRED),
        ("steps", [{"text": "Satu"}], "Paling sedikit"),
        ("steps", [{"text": "Satu"}, {"text": ""}], REQUIRED),
        ("audio", {"title": "Suara", "transcript": "Isi", "media": None}, REQUIRED),
        ("video", {"title": "Video", "transcript": "", "media": None}, REQUIRED),
        ("figure", None, REQUIRED),
        ("quick_check", quick_check(True), "Paling sedikit"),
        ("quick_check", quick_check(*[True] + [False] * 4), "Paling banyak"),
        ("quick_check", quick_check(False, False), "Tandai tepat satu pilihan benar."),
        ("quick_check", quick_check(True, True), "Tandai tepat satu pilihan benar."),
        ("quick_check", quick_check(True, False, question=""), REQUIRED),
        ("practice", {"instruction": "", "evidence": ["photo"]}, REQUIRED),
        ("practice", {"instruction": "Beli {harga-tepung}", "evidence": ["photo"]}, "Angka {harga-tepung} belum ada"),
        ("practice", {"instruction": "Coba.", "evidence": []}, REQUIRED),
        ("practice", {"instruction": "Coba.", "evidence": ["video"]}, "video"),
    ],
)
def test_a_block_says_what_is_missing(name, value, words):
    block = block_of(name)
    with pytest.raises(ContentError) as error:
        check_block(block, block.to_python(value), Place("berkas"))
    assert words in str(error.value)


def test_a_picture_needs_its_words_and_so_does_a_step_with_one():
    picture = factories.picture()
    for name, value in (
        ("picture", {"image": picture.pk, "alt_text": " "}),
        ("steps", [{"text": "Satu", "image": picture.pk, "alt_text": ""}, {"text": "Dua"}]),
    ):
        block = block_of(name)
        with pytest.raises(ContentError, match=f"{REQUIRED}|Tulis isi gambarnya dalam kata."):
            check_block(block, block.to_python(value), Place("berkas"))


def test_what_is_missing_in_a_block_keeps_nobody_from_saving_a_draft():
    described = {"text": "", "image": factories.picture().pk, "alt_text": ""}
    for name, value in (("quick_check", quick_check(False)), ("quick_check", quick_check()), ("steps", [described])):
        block = block_of(name)
        assert block.render(block.clean_deferred(block.to_python(value)))


def render(name: str, value) -> BeautifulSoup:
    """The block as a learner sees it, once its editor was allowed to keep it."""
    block = block_of(name)
    value = block.clean(block.to_python(value))
    return BeautifulSoup(block.render(value), "html.parser")


SHOWN = "Rp17.500 (per November 2026)"


@pytest.mark.parametrize(
    ("name", "value", "selector", "words"),
    [
        ("heading", "Memilih nama", "h2", "Memilih nama"),
        ("tip", "Gula {harga-gula}.", ".tip p", f"Gula {SHOWN} ."),
        ("warning", "Awas <b>.", ".warn p", "Awas <b>."),
        ("key_points", ["Satu", "Gula {harga-gula}"], "ol li:last-child", f"Gula {SHOWN}"),
        ("example", {"title": "Cerita", "text": "Bu Sari & {harga-gula}"}, "section", f"Cerita Bu Sari & {SHOWN}"),
        ("paragraph", "<p>Gula <b>{harga-gula}</b></p>", "p b", SHOWN),
        ("steps", [{"text": "Beli gula {harga-gula}"}, {"text": "Masak"}], "ol li:first-child", f"Beli gula {SHOWN}"),
        ("table", table(["Gula", "Rp17.500"], caption="Harga"), "caption", "Harga"),
        ("table", table(["Gula", "Rp17.500"]), "thead", "Barang Harga"),
        ("table", table(["Gula", "{harga-gula}"]), "tbody td", SHOWN),
        ("heading", "Gula {harga-gula}", "h2", f"Gula {SHOWN}"),
        ("quick_check", quick_check(True, False, question="Harga {harga-gula}?"), "p", f"Harga {SHOWN} ?"),
        ("table", table(["Gula", "Rp17.500"]), "tbody th[scope=row]", "Gula"),
        ("table", table(["Gula", "Rp17.500"]), "tbody td.n", "Rp17.500"),
        ("table", table(["Gula", "di warung"]), "tbody td:not(.n)", "di warung"),
        ("quick_check", quick_check(True, False), "details:first-of-type summary", "Pilihan 0"),
        ("quick_check", quick_check(True, False, explanation="Sebab."), ".note.good p", "Tanggapan 0 Sebab."),
        ("quick_check", quick_check(True, False, explanation="Sebab."), ".note.warn p", "Tanggapan 1"),
        ("practice", {"instruction": "Coba.", "evidence": ["voice"]}, "li:first-child", "Suara"),
        ("practice", {"instruction": "Satu <b>\nDua", "evidence": ["photo"]}, "p", "Satu <b> Dua"),
        ("practice", {"instruction": "Beli {harga-gula}", "evidence": ["photo"]}, "p", f"Beli {SHOWN}"),
    ],
)
def test_a_block_shows_what_its_editor_wrote(name, value, selector, words):
    assert pages.text(render(name, value).select_one(selector)) == words


def test_a_table_is_called_by_its_caption_as_it_reads(figure):
    html = render("table", table(["Gula", "1 kg"], caption='"Gula" {harga-gula}'))
    assert html.div["aria-label"] == '"Gula" Rp17.500 (per November 2026)'
    assert render("table", table(["Gula", "1 kg"])).div["aria-label"] == "Tabel"


def test_the_figure_block_shows_value_month_and_source(figure):
    assert pages.text(render("figure", figure.pk)) == "Harga gula sekilo Rp17.500 per November 2026 · Sumber: pasar"


def test_a_picture_comes_with_its_words_in_three_formats():
    html = render("picture", {"image": factories.picture().pk, "alt_text": 'Kemasan "baru"', "caption": "Sesudah"})
    assert html.img["alt"] == 'Kemasan "baru"'
    assert [source["type"] for source in html.select("picture source")] == ["image/avif", "image/webp"]
    assert html.img["src"].endswith((".jpg", ".jpeg"))
    assert pages.text(html.figcaption) == "Sesudah"


def test_a_step_shows_its_picture():
    value = [{"text": "Beli", "image": factories.picture().pk, "alt_text": "Gula"}, {"text": "Masak"}]
    html = render("steps", value)
    assert [image["alt"] for image in html.select("li img")] == ["Gula"]


@pytest.mark.parametrize("kind", ["audio", "video"])
def test_a_recording_waits_for_the_tap_and_can_be_read(kind):
    media = factories.recording(kind)
    html = render(kind, {"title": "Cara foto", "transcript": "Pegang HP\ndengan dua tangan.", "media": media.pk})
    assert [source["src"] for source in html.select(f"{kind}, {kind} source") if source.get("src")] == [media.url]
    assert html.select_one(kind)["preload"] == "none"
    assert pages.text(html.details) == "Baca isinya Pegang HP dengan dua tangan."


def test_a_video_says_how_much_of_the_quota_it_takes():
    html = render(
        "video", {"title": "A", "transcript": "B", "media": factories.recording("video", b"." * 2_500_000).pk}
    )
    assert "2,4\u00a0MB" in html.get_text()


@pytest.mark.parametrize(("code", "word"), [(code, word) for code, (word, _) in EVIDENCE.items()])
def test_every_kind_of_evidence_has_a_word_and_an_icon(code, word):
    html = render("practice", {"instruction": "Coba.", "evidence": [code]})
    first = html.select_one("li")
    assert pages.text(first) == word
    assert first.svg


BLOCKS = {**BODY.child_blocks, "practice": TASK, **QuestionsBlock().child_blocks}
UPLOADED = {"picture", "voice", "audio", "video", "figure"}  # nothing of the kind comes with the product


@pytest.mark.parametrize("name", BLOCKS)
def test_every_block_tells_the_editor_what_good_looks_like(name):
    assert BLOCKS[name].get_description().endswith((".", "»"))


@pytest.mark.parametrize("name", [name for name in BLOCKS if name not in UPLOADED])
def test_every_block_shows_the_editor_an_example(name):
    block = BLOCKS[name]
    assert block.meta.preview_value
    assert len(pages.text(BeautifulSoup(block.render(block.get_preview_value()), "html.parser"))) > 10

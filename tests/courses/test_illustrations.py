"""The drawings that come with the product: light, harmless files that say what they are, and stand where they teach."""

import re

import pytest
from bs4 import BeautifulSoup
from defusedxml import ElementTree
from django.conf import settings

from courses.content_files import ContentError, Place
from courses.illustrations import FOLDER, DrawingSelect, choices, illustrations
from courses.loader import check_block
from courses.models import LessonPage
from tests import factories

FILES = sorted(FOLDER.iterdir())
MAIN_MODULES = ["merek", "kemasan", "riset-pasar", "literasi-keuangan", "foto-produk"]
SVG = "{http://www.w3.org/2000/svg}"


@pytest.fixture(params=FILES, ids=lambda path: path.stem)
def drawing(request):
    return request.param


def test_each_drawing_is_one_small_file_with_a_title_and_a_size(drawing):
    found = illustrations()[drawing.stem]
    root = ElementTree.parse(drawing).getroot()
    assert drawing.stat().st_size < 6 * 1024
    assert root.tag == f"{SVG}svg"
    assert root.get("viewBox") == f"0 0 {found.width} {found.height}"
    assert found.width == 320
    assert found.title[0].isupper() and " " in found.title


def test_a_drawing_brings_no_script_and_fetches_nothing(drawing):
    """Only shapes and words, and no address but that of the format."""
    root = ElementTree.parse(drawing).getroot()
    assert {part.tag.removeprefix(SVG) for part in root.iter()} <= {
        "svg", "title", "g", "path", "circle", "ellipse", "rect", "text",
    }  # fmt: skip
    names = {name for part in root.iter() for name in part.attrib}
    assert not [name for name in names if name.startswith("on") or "href" in name or name == "style"]
    assert not re.findall(r"url\(|https?://(?!www\.w3\.org/2000/svg)", drawing.read_text())


def test_words_in_a_drawing_are_at_least_14_pixels_on_the_smallest_phone(drawing):
    root = ElementTree.parse(drawing).getroot()
    sizes = [float(part.get("font-size")) for part in root.iter() if part.get("font-size")]
    assert min(sizes) >= 14
    assert len(re.findall(r"\w+", " ".join(part.text for part in root.iter(f"{SVG}text")))) <= 45


def test_no_two_drawings_bear_the_same_title():
    titles = [found.title for found in illustrations().values()]
    assert titles == sorted(set(titles))


# --- In the lessons ----------------------------------------------------------------------------------------------


def drawings_of(page: LessonPage) -> list:
    return [block.value for block in page.body if block.block_type == "illustration"]


def all_drawings() -> list:
    return [value for page in LessonPage.objects.all() for value in drawings_of(page)]


@pytest.mark.django_db
@pytest.mark.parametrize("module", MAIN_MODULES)
def test_every_lesson_of_the_main_modules_has_a_drawing(module):
    assert [page.title for page in factories.lessons(module) if not drawings_of(page)] == []


@pytest.mark.django_db
@pytest.mark.parametrize("module", ["pengenalan-motivasi", "videografi", "pemasaran-digital"])
def test_every_other_module_has_one_too(module):
    assert any(drawings_of(page) for page in factories.lessons(module))


@pytest.mark.django_db
def test_every_drawing_is_used_and_says_in_words_what_it_teaches():
    used = all_drawings()
    assert {value["name"] for value in used} == {path.stem for path in FILES}
    for value in used:
        alt = value["alt_text"]
        assert len(alt) >= 30 and alt[0].isupper() and alt.endswith("."), alt
        assert not re.search(r"\.(svg|png|jpe?g|webp)\b|[a-z]+-[a-z]+-[a-z]+|^(gambar|ilustrasi)\b", alt, re.I), alt


@pytest.mark.django_db
def test_words_at_a_drawing_are_easy_to_read():
    """voice.md: no sentence over 15 words."""
    for value in all_drawings():
        for sentence in re.split(r"[.!?:]\s+", f"{value['alt_text']} {value['caption']}"):
            assert len(re.findall(r"[\w-]+", sentence)) <= 15, sentence


@pytest.mark.django_db
def test_a_lesson_shows_its_drawing_with_its_size_and_its_words(client):
    page = LessonPage.objects.get(slug="kenapa-perlu-merek")
    figure = BeautifulSoup(client.get(page.url).content, "html.parser").select_one("figure.pic")
    value, found = drawings_of(page)[0], illustrations()["dua-bungkus"]
    assert figure.img.attrs == {
        "src": f"{settings.STATIC_URL}illustrations/dua-bungkus.svg",
        "width": str(found.width),
        "height": str(found.height),
        "alt": value["alt_text"],
        "loading": "lazy",
        "decoding": "async",
    }
    assert figure.figcaption.text == value["caption"]


@pytest.mark.django_db
def test_a_drawing_that_the_product_no_longer_has_leaves_the_lesson_whole():
    block = LessonPage.body.field.stream_block.child_blocks["illustration"]
    gone = block.to_python({"name": "sudah-dihapus", "alt_text": "Bungkus keripik di meja warung.", "caption": ""})
    assert block.render(gone).strip() == ""


@pytest.mark.parametrize("change", [{"name": "sudah-dihapus"}, {"name": ""}, {"alt_text": ""}])
def test_an_editor_chooses_one_of_the_drawings_and_says_what_it_teaches(change):
    block = LessonPage.body.field.stream_block.child_blocks["illustration"]
    value = {"name": "dua-bungkus", "alt_text": "Bungkus keripik di meja warung.", "caption": ""}
    check_block(block, block.to_python(value), Place("berkas"))
    with pytest.raises(ContentError):
        check_block(block, block.to_python(value | change), Place("berkas"))


def test_an_editor_sees_every_drawing_before_she_chooses():
    html = BeautifulSoup(
        DrawingSelect(choices=[("", "-"), *choices()]).render("body-0-value-name", "dua-bungkus"), "html.parser"
    )
    assert [label.get_text(" ", strip=True) for label in html.select("label:has(img)")] == [
        title for _, title in choices()
    ]
    assert [field["value"] for field in html.select("input[name=body-0-value-name]")] == [name for name, _ in choices()]
    assert [field["value"] for field in html.select("input[checked]")] == ["dua-bungkus"]

"""The card that a learner signs in with, the faces on a shared phone, and what is left of her when she signs out."""

import re
from io import BytesIO

import pytest
import segno
from PIL import Image

from people.cards import HEIGHT, WIDTH, Card, picture, qr_place
from people.models import Learner
from tests import factories, pages
from tests.server import ROOT

pytestmark = pytest.mark.django_db


@pytest.fixture
def sari():
    return factories.learner(code="SAR1PENA", face=Learner.Face.CAT)


# --- What stands on it -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("fields", "name"),
    [
        ({"first_name": "Sari", "last_name": "Wulandari", "address_form": "ibu"}, "Bu Sari Wulandari"),
        ({"first_name": "Rudi", "last_name": "", "address_form": "none"}, "Rudi"),
    ],
)
def test_a_card_calls_the_learner_as_we_speak_to_her(fields, name):
    assert Card(factories.learner(**fields)).name == name


def test_a_code_is_written_in_two_groups_of_four(sari):
    assert Card(sari).code == "SAR1 PENA"


def test_the_qr_opens_the_sign_in_with_the_code_where_no_server_sees_it(sari, settings):
    settings.BASE_URL = "https://belajar.example.id"
    card = Card(sari)
    assert card.address == "https://belajar.example.id/masuk/#SAR1PENA"
    assert card.address_to_type == "belajar.example.id/masuk"
    assert card.qr == segno.make(card.address, error="m", micro=False)


def pixels(card: Card) -> Image.Image:
    return Image.open(BytesIO(picture(card))).convert("L")


def test_the_picture_shows_the_same_qr(sari):
    card = Card(sari)
    image, (left, top, unit) = pixels(card), qr_place(card.qr)
    assert image.size == (WIDTH, HEIGHT)
    seen = [
        [image.getpixel((left + x * unit + unit // 2, top + y * unit + unit // 2)) < 100 for x in range(len(row))]
        for y, row in enumerate(card.qr.matrix)
    ]
    assert seen == [[bool(dark) for dark in row] for row in card.qr.matrix]


def test_a_picture_is_small_enough_to_send(sari):
    assert len(picture(Card(sari))) < 60_000


@pytest.mark.parametrize(
    "first_name", ["Sari", "W" * 60, "Nurhasanah Siti Rahmawati Kusumaningtyas Putri", "Rosé ’Ain", "あ"]
)
def test_any_name_fits_the_picture(first_name):
    image = pixels(Card(factories.learner(first_name=first_name, last_name=first_name)))
    for edge in (0, WIDTH - 1):
        assert {image.getpixel((edge, y)) for y in range(115, HEIGHT)} == {image.getpixel((0, HEIGHT - 1))}


# --- The faces ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("face", Learner.Face.values)
def test_a_face_is_drawn_alike_for_the_server_and_for_the_phone(face):
    drawing = (ROOT / "templates" / "faces" / f"{face}.svg").read_text()
    art = drawing.partition(">")[2].rpartition("</svg>")[0]
    assert len(drawing) < 1024
    sprite = (ROOT / "static" / "img" / "faces.svg").read_text()
    assert f'<symbol id="{face}" viewBox="0 0 64 64">{art}</symbol>' in sprite


def test_home_tells_the_phone_code_nickname_and_face_and_nothing_else(client, sari):
    """P6"""
    client.force_login(sari.user)
    profile = pages.soup(client.get("/belajar/")).select_one("phone-profile")
    assert profile.attrs.pop("csrf")  # with which the phone asks for its sending key
    told = {"code": "SAR1PENA", "nickname": "Bu Sari", "face": "kucing", "owner": str(sari.user.pk)}
    assert profile.attrs == told


def test_no_script_knows_where_to_keep_a_pin():
    """P6: what one phone remembers goes through one function."""
    scripts = {path.name: path.read_text() for path in (ROOT / "static" / "js").glob("*.js")}
    assert re.findall(r"keep\(\[\{ (.*?) \}", scripts["profiles.js"]) == ["code, owner, nickname, face"]
    assert [name for name, text in scripts.items() if "localStorage.setItem" in text] == ["profiles.js"]


# --- Signing out -------------------------------------------------------------------------------------------------


def test_signing_out_clears_the_pages_that_the_browser_kept_and_no_more(client, sari):
    """P7: the header names the cache alone, so that work which waits in the phone's storage stays there."""
    client.force_login(sari.user)
    asked, done = client.get("/keluar/"), client.post("/keluar/")
    assert "Clear-Site-Data" not in asked
    assert done["Clear-Site-Data"] == '"cache"'
    assert "no-store" in done["Cache-Control"]


def test_the_page_says_how_another_takes_over(client, sari):
    client.force_login(sari.user)
    assert "Keluar dulu. Lalu pilih gambar, dan tulis PIN." in pages.text(pages.soup(client.get("/keluar/")).main)


def test_staff_who_sign_out_are_told_of_no_pin(client):
    client.force_login(factories.companion().user)
    told = pages.text(pages.soup(client.get("/keluar/")).main)
    assert "Nanti masuk lagi dengan kata sandi." in told
    assert "PIN" not in told

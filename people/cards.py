"""The card that a learner signs in with: her name, her code as text and as QR, and how to begin. Never her PIN."""

import textwrap
import unicodedata
from dataclasses import dataclass
from functools import cache, cached_property
from io import BytesIO

import segno
from django.conf import settings
from django.urls import reverse
from PIL import Image, ImageDraw, ImageFont

from .models import Learner

QUIET = 2  # squares of white around a QR code; the card itself adds more


@dataclass(frozen=True)
class Card:
    """What stands on the card of ``learner``."""

    learner: Learner

    @property
    def name(self) -> str:
        return self.learner.greeting_full_name

    @property
    def code(self) -> str:
        """In two groups of four, which are easier to read and to say."""
        code = self.learner.user.username
        return f"{code[:4]} {code[4:]}"

    @property
    def address(self) -> str:
        """What the QR code opens. The code is a fragment, which browsers send to no server."""
        return f"{settings.BASE_URL}{reverse('account_login')}#{self.learner.user.username}"

    @property
    def address_to_type(self) -> str:
        """Where to go without a camera, as people write it."""
        return f"{settings.BASE_URL}{reverse('account_login')}".partition("://")[2].strip("/")

    @cached_property
    def qr(self) -> segno.QRCode:
        return qr_of(self.address)

    @property
    def qr_size(self) -> int:
        return self.qr.symbol_size(border=QUIET)[0]

    @property
    def qr_path(self) -> str:
        return qr_path(self.qr)


@cache
def _font(size: int) -> ImageFont.FreeTypeFont:
    return ImageFont.load_default(size)


def qr_of(address: str) -> segno.QRCode:
    return segno.make(address, error="m", micro=False)


def qr_path(qr: segno.QRCode) -> str:
    """The dark modules as one SVG path of unit squares."""
    return "".join(
        f"M{x + QUIET} {y + QUIET}h1v1h-1z" for y, row in enumerate(qr.matrix) for x, dark in enumerate(row) if dark
    )


# --- The card as one picture, for WhatsApp: 1080 × 1350, upright, of few colours ---------------------------------

WIDTH, HEIGHT = 1080, 1350
PAPER, INK, ACCENT, TURMERIC, LEAF, WHITE = "#fffaf1", "#2f1c11", "#a33a1a", "#e6a62c", "#5f7f3a", "#ffffff"
QR_TOP, QR_SIDE = 270, 500  # the white field of the QR code
STEPS_TOP = 1010
LINE = 7


def picture(card: Card) -> bytes:
    """A PNG of the card that a phone shows whole."""
    image = Image.new("RGB", (WIDTH, HEIGHT), PAPER)
    draw = ImageDraw.Draw(image)
    draw.rectangle((0, 0, WIDTH, 110), fill=ACCENT)
    _write(draw, 55, "Kartu Belajar PENA", 54, WHITE)
    lines = textwrap.wrap(card.name, max(26, len(card.name) // 2 + 8))
    _write(draw, 190, "\n".join(lines), 76 if len(lines) == 1 else 60, INK)
    _draw_qr(draw, card.qr)
    _write(draw, 820, "Kode kartu", 42, INK, bold=False)
    _write(draw, 895, card.code, 120, INK)
    for place, (step, words) in enumerate(((_scan, "Pindai QR"), (_keys, "Buat PIN"), (_book, "Belajar"))):
        middle = WIDTH * (2 * place + 1) // 6
        step(draw, middle, STEPS_TOP)
        _write(draw, STEPS_TOP + 205, f"{place + 1}. {words}", 42, INK, middle=middle)
    _write(draw, 1295, f"Tanpa kamera: buka {card.address_to_type}", 38, INK, bold=False)
    return _png(image)


def _png(image: Image.Image) -> bytes:
    file = BytesIO()
    image.quantize(32, dither=Image.Dither.NONE).save(file, "PNG", optimize=True)
    return file.getvalue()


def _write(draw, y: int, text: str, size: int, fill: str, *, bold: bool = True, middle: int = WIDTH // 2) -> None:
    """Writes in the middle, smaller where it is too wide. Pillow's own font has no accents, so they are dropped."""
    plain = unicodedata.normalize("NFKD", text.replace("’", "'")).encode("ascii", "ignore").decode()
    room = 2 * min(middle, WIDTH - middle) - 20
    while size > 16 and draw.textbbox((0, 0), plain, font=_font(size))[2] > room:
        size -= 2
    stroke = size // 32 if bold else 0  # nor has it a bold face
    draw.text((middle, y), plain, fill=fill, font=_font(size), anchor="mm", align="center", stroke_width=stroke)


def _draw_qr(draw: ImageDraw.ImageDraw, qr: segno.QRCode) -> None:
    left = (WIDTH - QR_SIDE) // 2
    draw.rectangle((left, QR_TOP, left + QR_SIDE, QR_TOP + QR_SIDE), fill=WHITE, outline=INK, width=LINE)
    x, y, unit = qr_place(qr)
    for row, modules in enumerate(qr.matrix):
        for column, dark in enumerate(modules):
            if dark:
                at = (x + column * unit, y + row * unit)
                draw.rectangle((*at, at[0] + unit - 1, at[1] + unit - 1), fill="#000000")


def qr_place(qr: segno.QRCode) -> tuple[int, int, int]:
    """Left, top and the side of one square, in pixels of the picture: whole squares, white all around."""
    count = len(qr.matrix)
    unit = (QR_SIDE - 2 * LINE) // (count + 2 * QUIET)
    margin = (QR_SIDE - unit * count) // 2
    return (WIDTH - QR_SIDE) // 2 + margin, QR_TOP + margin, unit


def _scan(draw: ImageDraw.ImageDraw, x: int, y: int) -> None:
    """A phone that looks at a code."""
    draw.rounded_rectangle((x - 52, y, x + 52, y + 160), 16, fill=TURMERIC, outline=INK, width=LINE)
    draw.rectangle((x - 32, y + 30, x + 32, y + 94), fill=WHITE, outline=INK, width=LINE)
    for column, row in ((0, 0), (1, 1), (0, 1)):
        left, top = x - 18 + column * 20, y + 44 + row * 20
        draw.rectangle((left, top, left + 15, top + 15), fill=INK)
    draw.line((x - 14, y + 132, x + 14, y + 132), fill=INK, width=LINE)


def _keys(draw: ImageDraw.ImageDraw, x: int, y: int) -> None:
    """A lock with keys of numbers."""
    draw.arc((x - 44, y, x + 44, y + 100), 180, 360, fill=INK, width=14)
    draw.rounded_rectangle((x - 75, y + 52, x + 75, y + 160), 16, fill=ACCENT, outline=INK, width=LINE)
    for column in (-1, 0, 1):
        for row in (0, 1):
            middle, top = x + column * 42, y + 74 + row * 36
            draw.ellipse((middle - 13, top, middle + 13, top + 26), fill=WHITE)


def _book(draw: ImageDraw.ImageDraw, x: int, y: int) -> None:
    """An open book."""
    for side, fill in ((-1, WHITE), (1, LEAF)):
        page = [(x, y + 40), (x + side * 90, y + 20), (x + side * 90, y + 130), (x, y + 155)]
        draw.polygon(page, fill=fill, outline=INK, width=LINE)
        for line in (60, 85, 110):
            draw.line((x + side * 24, y + line, x + side * 68, y + line - 10), fill=INK, width=LINE - 2)

"""Texts in files are plain, or HTML of others. HTML passes courses.html and leaves its words."""

import re

from courses.html import HtmlTooLong, plain_text

from .questions import NotForUs, tidy

MAX_TAGS = 300  # a text; cleaning takes time by the square of their nesting
TOO_LONG = "Teks soal ini terlalu panjang atau terlalu banyak tanda HTML."
PICTURE = "Soal ini memakai gambar atau suara. Kuis ini hanya bisa teks."
_HTML = re.compile(
    r"</?(p|br|b|strong|i|em|u|a|ul|ol|li|div|span|h[1-6]|img|sub|sup|table|tr|td)\b[^<>]*>", re.IGNORECASE
)
_PICTURE = re.compile(r"<(img|audio|video|object|embed|iframe|svg)\b", re.IGNORECASE)


def as_text(text: str, style: str) -> str:
    """The words of ``text``. ``style`` is its format in Moodle's terms; «moodle» may hold HTML. Raises NotForUs."""
    if style == "html" or (style == "moodle" and _HTML.search(text)):
        if _PICTURE.search(text):
            raise NotForUs(PICTURE)
        if text.count("<") > MAX_TAGS:
            raise NotForUs(TOO_LONG)
        try:
            text = plain_text(text)
        except HtmlTooLong:
            raise NotForUs(TOO_LONG) from None
    return tidy(text)

"""How heavy a page is for a phone: its HTML as it is sent, and its pictures in the size that the phone asks for.

Scripts are not counted: they are the same on every page and come once. Recordings load only when somebody plays them.
"""

import hashlib
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import brotli
from django.conf import settings
from django.contrib.staticfiles import finders
from django.core.cache import cache as store
from django.core.files.storage import default_storage
from django.db.models import Sum
from wagtail.models import Page

from .content_version import ContentVersion
from .images import Picture
from .languages import ORIGINAL
from .previews import PUBLISHED, VISITOR

A_WEEK = 7 * 24 * 3600  # seconds
SENT_QUALITY = 5  # of brotli: what a server has time for
_PICTURE = re.compile(r'<picture>.*?srcset="([^"]+)".*?</picture>', re.DOTALL)
_SMALL = re.compile(r'<source[^>]*srcset="([^"]+)"[^>]*type="image/webp"')
_PLAYER = re.compile(r"<audio.*?</audio>", re.DOTALL)
_SOURCE = re.compile(r'\bsrc="([^"]+)"')
_IMAGE = re.compile(r'<img[^>]+?\bsrc="([^"]+)"')
_TOKEN = re.compile(r'<input[^>]*name="csrfmiddlewaretoken"[^>]*>')  # another each time
_HASH = re.compile(r"\.[0-9a-f]{12}(?=\.\w+$)")


def weigh(pages: Iterable[Page]) -> dict[int, int]:
    """Bytes by page id. Each draft is weighed once, and remembered until a picture anywhere is another file."""
    pictures = Picture.objects.aggregate(bytes=Sum("file_size"))["bytes"]
    by_key = {f"weight:{page.pk}:{_moment(page)}:{pictures}": page for page in pages}
    known = store.get_many(by_key)
    for key, page in by_key.items():
        if key not in known:
            known[key] = page_bytes(page)
            store.set(key, known[key], A_WEEK)
    return {by_key[key].pk: weight for key, weight in known.items()}


def _moment(page: Page) -> float:
    """Of its latest draft, which has the same id for long: a form that saves itself writes over what it saved last."""
    return page.latest_revision_created_at.timestamp() if page.latest_revision_created_at else 0


def page_bytes(page: Page) -> int:
    html = page.make_preview_request(preview_mode=VISITOR).text
    return _sent_bytes(html) + sum(file_bytes(url) for url in _pictures(html, _PICTURE))


@dataclass(frozen=True)
class Part:
    """One address that a phone keeps of a page. ``kind`` is words, pictures or voice. A phone that cannot play a voice
    keeps its ``twin`` instead. What changes under its address has a new ``version`` then."""

    url: str
    bytes: int
    kind: str
    twin: "Part | None" = None
    version: str = "1"


@cache
def release() -> str:
    """Changes with anything of ours that shapes a page: then every page on a phone is old."""
    found = hashlib.sha256()
    for folder in ("templates", "static"):
        for path in sorted((settings.BASE_DIR / folder).rglob("*.*")):
            found.update(f"{path.relative_to(settings.BASE_DIR)}\0".encode() + path.read_bytes())
    return found.hexdigest()[:12]


def parts(page: Page, language: str = ORIGINAL) -> list[Part]:
    """What a published page consists of, itself first, read in ``language``. Of a picture the form that every phone can
    show."""
    version = ContentVersion.objects.values_list("name", flat=True).first()  # a picture's new file is no new revision
    key = f"files:{page.pk}:{language}:{version}:{release()}"
    if (known := store.get(key)) is None:
        reading = {"language": language}
        html = page.make_preview_request(preview_mode=PUBLISHED, extra_request_attrs=reading).text
        html = _TOKEN.sub("", html)
        read = f"{hashlib.sha256(html.encode()).hexdigest()[:12]}-{release()}"
        words = Part(page.url, _sent_bytes(html), "words", version=read)
        pictures = dict.fromkeys(_pictures(html, _SMALL))
        known = [words, *(Part(url, file_bytes(url), "pictures") for url in pictures)]
        players = dict.fromkeys(tuple(_SOURCE.findall(player)) for player in _PLAYER.findall(html))
        known += [_voice(urls) for urls in players if urls]
        store.set(key, known, A_WEEK)
    return known


def _voice(urls: tuple[str, ...]) -> Part:
    """Of a player's addresses, in the order in which phones try them."""
    url, *twins = urls
    return Part(url, file_bytes(url), "voice", _voice(tuple(twins)) if twins else None)


def _sent_bytes(html: str) -> int:
    return len(brotli.compress(html.encode(), quality=SENT_QUALITY))


def _pictures(html: str, form: re.Pattern[str]) -> Iterator[str]:
    """The address of each picture: of several forms the one that ``form`` finds, of several widths the last."""
    for widths in form.findall(html):
        yield widths.split(",")[-1].split()[0]
    yield from _IMAGE.findall(_PICTURE.sub("", html))


def file_bytes(url: str) -> int:
    """The bytes of a file of ours; 0 where it is not there."""
    media, static = settings.MEDIA_URL, settings.STATIC_URL
    if url.startswith(media) and default_storage.exists(name := url.removeprefix(media)):
        return default_storage.size(name)
    if url.startswith(static) and (path := finders.find(_HASH.sub("", url.removeprefix(static)))):
        return Path(path).stat().st_size
    return 0

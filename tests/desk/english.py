"""Finds English in what a person reads. A word is English where Wagtail's own catalogue has it and no Indonesian does:
neither Wagtail's, nor our translations, nor a lesson."""

import re
from functools import cache
from pathlib import Path

import wagtail
import wagtailmedia
from bs4 import BeautifulSoup

from tests.desk.catalogues import entries
from tests.server import ROOT

PACKAGES = [Path(package.__file__).parent for package in (wagtail, wagtailmedia)]
READ_ALOUD = [
    "aria-label",
    "alt",
    "title",
    "placeholder",
    "data-w-tooltip-content-value",
    "data-w-progress-active-value",
]
NAMES = {"html", "pdf", "docx", "xlsx", "csv", "url", "wagtail", "api", "id", "word"}
# Wagtail's Indonesian leaves some of these standing.
COMMON = frozenset(
    ["the", "this", "you", "your", "are", "not", "of", "to", "with", "and", "for", "by", "edit", "delete"]
)
_NO_WORD = re.compile(r"%\(\w+\)[sd]|\{\w*\}|<[^>]*>|&\w+;|\b[a-z]+\.[a-z]+\b")
# Letters beside a digit are of a file's digest: at times one of them spells «be».
_WORD = re.compile(r"(?<![A-Za-z0-9])[A-Za-z]{2,}(?![A-Za-z0-9])")


def words(text: str) -> set[str]:
    return {word.lower() for word in _WORD.findall(_NO_WORD.sub(" ", text))}


@cache
def english_words() -> frozenset[str]:
    english, indonesian = set(), set(NAMES)
    for package in PACKAGES:
        for path in package.rglob("locale/en/LC_MESSAGES/*.po"):
            for entry in entries(path):
                english |= words(entry["msgid"] + " " + entry.get("msgid_plural", ""))
    translated = [*(ROOT / "locale").rglob("*.po"), *PACKAGES[0].rglob("locale/id_ID/LC_MESSAGES/*.po")]
    for entry in (entry for path in translated for entry in entries(path) if entry["msgid"]):
        indonesian |= words(entry.get("msgstr", ""))
    for path in (ROOT / "content").glob("0*.yaml"):
        indonesian |= words("\n".join(re.findall(r'"([^"]*)"', path.read_text())))  # its comments are English
    return frozenset(english - indonesian | COMMON)


def spoken(html: str) -> list[str]:
    """Every text that a person reads or hears."""
    page = BeautifulSoup(html, "html.parser")
    for silent in page.select("script, style, svg, [hidden], [style*='display: none']"):
        silent.decompose()
    texts = list(page.stripped_strings)
    for tag in page.find_all(True):
        texts += [tag[name] for name in READ_ALOUD if tag.get(name)]
    # One button that nobody sees says «Search» past Wagtail's catalogue.
    buttons = page.select("input[type=submit]:not([value=Search]), input[type=button]")
    return texts + [tag["value"] for tag in buttons if tag.get("value")]


def english_in(html: str) -> list[str]:
    """The texts with an English word in them, each after that word."""
    return sorted({f"{word}: {text[:90]}" for text in spoken(html) for word in words(text) & english_words()})

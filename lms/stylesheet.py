"""The stylesheets: the files of ``static/css`` in order, sent inside each page so that the first paint needs no second
request. Learners' pages have one, and staff's pages a second on top, whose weight no learner carries. The
Content-Security-Policy allows exactly these bytes, by their hashes.

A phone that has everyone's as a file (lms/static_files.py) says so by a cookie, which static/js/phone.js sets; then its
pages link to that file. What it keeps to read without a signal is asked for without cookies, and so stays whole.
"""

import base64
import hashlib
import re
from functools import cache
from pathlib import Path

FOLDER = Path(__file__).resolve().parent.parent / "static" / "css"
SHEETS = {
    "everyone": ("tokens", "base", "layout", "components", "learner"),
    "staff": ("staff",),
}


@cache
def stylesheet(sheet: str) -> str:
    """The text between ``<style>`` and ``</style>``, without comments and indentation."""
    css = "\n".join((FOLDER / f"{name}.css").read_text() for name in SHEETS[sheet])
    css = re.sub(r"/\*.*?\*/", "", css, flags=re.S)
    return re.sub(r"\s*\n\s*", "\n", css).strip()


@cache
def stylesheet_release() -> str:
    """By what a phone says which stylesheet it has."""
    return hashlib.sha256(stylesheet("everyone").encode()).hexdigest()[:12]


@cache
def stylesheet_hashes() -> tuple[str, ...]:
    """A CSP source expression a sheet: ``'sha256-…'``."""
    digests = (hashlib.sha256(stylesheet(sheet).encode()).digest() for sheet in SHEETS)
    return tuple(f"'sha256-{base64.b64encode(digest).decode()}'" for digest in digests)

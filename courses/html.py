"""The only module that calls text safe. HTML enters by import alone; people's own words stay plain text."""

import re
from collections.abc import Mapping
from html import unescape

import bleach
from django.utils.html import conditional_escape, format_html
from django.utils.safestring import SafeString, mark_safe

# bleach's time grows with the square of the nesting: at this cap its worst input stays well under a second.
MAX_HTML_LENGTH = 10_000
ALLOWED_LINKS = {"https", "http", "mailto", "tel"}  # what an editor's own links may be
ALLOWED_TAGS = {"p", "br", "b", "strong", "i", "em", "a", "ul", "ol", "li"}
_END_OF_LINE = re.compile(r"<br\b|</(p|li|div|h[1-6]|tr|td|th|blockquote|pre)\b", re.IGNORECASE)
FIGURE_TOKEN = re.compile(r"\{([a-z0-9-]+)\}")


class HtmlTooLong(ValueError):
    """The text is longer than MAX_HTML_LENGTH characters."""


def clean_html(html: str) -> str:
    """``html`` with nothing but the allowed tags and safe links. Raises HtmlTooLong."""
    return _clean(_short_enough(html))


def plain_text(html: str) -> str:
    """The words of ``html``, a line for each paragraph or entry. Raises HtmlTooLong."""
    words = _clean(_END_OF_LINE.sub(r"\n\g<0>", _short_enough(html)))
    lines = unescape(re.sub(r"<[^>]*>", "", words)).split("\n")
    return "\n".join(line.strip() for line in lines if line.strip())


def _short_enough(html: str) -> str:
    if len(html) > MAX_HTML_LENGTH:
        raise HtmlTooLong(f"HTML lebih panjang dari {MAX_HTML_LENGTH} huruf.")
    return html


def _clean(html: str) -> str:
    return bleach.clean(html, tags=ALLOWED_TAGS, attributes={"a": ["href"]}, protocols=ALLOWED_LINKS, strip=True)


def our_own(text: str) -> SafeString:
    """``text`` as it is. For files of this project, such as its stylesheet; never for anybody's words."""
    return mark_safe(text)  # noqa: S308


def insert_figures(text: str, figures: Mapping[str, object]) -> SafeString:
    """``text``, escaped unless it is safe already, with each ``{slug}`` shown as «value (per month year)».

    ``figures`` maps slugs to Figure; a slug that is missing is shown as a dash.
    """

    def show(match: re.Match) -> str:
        figure = figures.get(match[1])
        if figure is None:
            return "–"
        return format_html('<span class="num">{} <small>(per {})</small></span>', figure.value, figure.checked_month)

    return mark_safe(FIGURE_TOKEN.sub(show, conditional_escape(text)))  # noqa: S308  both sides are escaped

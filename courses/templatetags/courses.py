import re

from django import template
from django.utils.html import format_html
from wagtail.images.models import Filter
from wagtail.images.models import Picture as Sizes
from wagtail.images.shortcuts import get_renditions_or_not_found

from courses.blocks import EVIDENCE
from courses.figures import Figure
from courses.html import FIGURE_TOKEN, insert_figures
from courses.images import Picture
from courses.save_data import saves_data
from courses.weight import file_bytes

register = template.Library()

SMALL = [Filter(spec) for spec in Filter.expand_spec("format-{avif,webp,jpeg}|width-360")]
AMOUNT = re.compile(r"(Rp)?[0-9.,]+")


@register.simple_tag(takes_context=True)
def with_figures(context, text):
    """``text`` with its ``{slug}`` figures shown. All figures are read once a page, and only where one is used."""
    if not FIGURE_TOKEN.search(str(text)):
        return insert_figures(text, {})
    request = context.get("request")  # each block renders in a context of its own; the request is what they share
    figures = getattr(request, "_figures", None)
    if figures is None:
        figures = {figure.slug: figure for figure in Figure.objects.all()}
        if request:
            request._figures = figures
    return insert_figures(text, figures)


@register.inclusion_tag("courses/photograph.html", takes_context=True)
def photograph(context, image: Picture, alt: str = "", loading: str = "lazy") -> dict:
    """An editor's picture. A phone that saves data gets a link in its place, as large as the picture."""
    request = context.get("request")
    if request:
        request.has_photographs = True
    if not request or not saves_data(request.META):
        return {"image": image, "alt": alt, "loading": loading}
    picture = Sizes(get_renditions_or_not_found(image, SMALL), {"alt": alt})
    [small] = picture.formats["jpeg"]
    return {"picture": picture, "small": small, "kb": round(file_bytes(small.url) / 1000), "alt": alt}


@register.filter
def lang(told) -> str:
    """The attribute of words told in another language than Indonesian, which the page itself is in."""
    language = getattr(told, "language", "")
    return format_html(' lang="{}"', language) if language else ""


@register.filter
def evidence_word(code: str) -> str:
    """«Foto» for ``photo``."""
    return EVIDENCE.get(code, (code, ""))[0]


@register.filter
def evidence_icon(code: str) -> str:
    """The template of the icon that stands beside the word."""
    return f"icons/{EVIDENCE.get(code, ('', 'list'))[1]}.svg"


@register.filter
def is_amount(text: str) -> bool:
    """Whether a table's cell is money or a number, to be set flush right."""
    return bool(AMOUNT.fullmatch(str(text)))

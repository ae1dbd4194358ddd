import re

from django import template

from courses.blocks import Evidence
from courses.figures import Figure
from courses.html import FIGURE_TOKEN, insert_figures

register = template.Library()

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


@register.filter
def evidence_word(code: str) -> str:
    """«Foto» for ``photo``."""
    return dict(Evidence.CHOICES).get(code, code)


@register.filter
def evidence_icon(code: str) -> str:
    """The template of the icon that stands beside the word."""
    return f"icons/{ {'photo': 'camera', 'note': 'pencil', 'number': 'hash', 'voice': 'mic'}.get(code, 'list') }.svg"


@register.filter
def is_amount(text: str) -> bool:
    """Whether a table's cell is money or a number, to be set flush right."""
    return bool(AMOUNT.fullmatch(str(text)))

"""Drawings inside pages; every template has the tag, unasked."""

from django import template
from django.template.base import Parser, TextNode, Token
from django.template.loader import get_template

register = template.Library()


@register.tag
def svg(parser: Parser, token: Token) -> TextNode:
    """A drawing of ``templates/``: ``{% svg "icons/camera" %}``. Nothing of it differs from page to page, so it is text
    from the moment on when the template is compiled; an ``include`` is rendered anew for every icon."""
    name = token.split_contents()[1].strip('"')
    return TextNode(get_template(f"{name}.svg").render())

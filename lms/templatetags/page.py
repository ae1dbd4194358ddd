"""What every page of ours needs, whatever its app."""

from django import template
from django.conf import settings

from courses.html import our_own
from lms import stylesheet as css

register = template.Library()


@register.simple_tag
def stylesheet(sheet: str):
    """The text of one of ``lms.stylesheet.SHEETS``, whose hash the Content-Security-Policy allows."""
    return our_own(css.stylesheet(sheet))


@register.simple_tag
def is_demo() -> bool:
    return settings.DEMO

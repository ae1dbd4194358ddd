"""What every page of ours needs, whatever its app."""

from django import template
from django.conf import settings
from django.templatetags.static import static
from django.utils.html import format_html

from courses.html import our_own
from lms import stylesheet as css
from lms.static_files import StylesheetFinder

register = template.Library()


@register.simple_tag
def stylesheet(sheet: str):
    """The text of one of ``lms.stylesheet.SHEETS``, whose hash the Content-Security-Policy allows."""
    return our_own(css.stylesheet(sheet))


@register.simple_tag(takes_context=True)
def looks(context):
    """Everyone's stylesheet: a link where the phone has said that it has the file, else the text itself."""
    request, file = context.get("request"), static(StylesheetFinder.NAME)
    if request and request.COOKIES.get(settings.STYLESHEET_COOKIE) == settings.STYLESHEET_RELEASE:
        return format_html('<link rel="stylesheet" href="{}">', file)
    cookie = f"{settings.STYLESHEET_COOKIE}={settings.STYLESHEET_RELEASE}"
    text = our_own(css.stylesheet("everyone"))
    return format_html('<style data-file="{}" data-cookie="{}">{}</style>', file, cookie, text)

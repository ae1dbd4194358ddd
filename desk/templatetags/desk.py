from django import template

from courses.checks import Severity
from desk.findings import Row, findings_of

register = template.Library()


@register.simple_tag(takes_context=True)
def findings_here(context) -> list[Row]:
    """What the checks find in the page that the editor is writing, for Wagtail's own checker in the preview."""
    page = context.get("page")
    return [row for row in findings_of(page) if row.finding.severity != Severity.NOTE] if page else []


@register.simple_tag
def findings_in(page) -> list[Row]:
    """What the checks find in a stored page's latest draft."""
    return findings_of(page, weighed=True) if page.pk else []

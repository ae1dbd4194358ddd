"""How a content page gets its learner's state: once, through one of these tags."""

from django import template

from courses.languages import ORIGINAL
from courses.numbers import number_words
from learn import languages, previews, rights, states
from learn.models import RefusedWork
from people.access import learner_of

register = template.Library()


@register.simple_tag(takes_context=True)
def modules(context):
    return states.modules(context["request"])


@register.simple_tag(takes_context=True)
def module_card(context, page):
    request = context["request"]
    if previews.is_preview(request):
        return previews.module_card(request, page)
    return states.module_card(request, learner_of(request), page)


@register.simple_tag(takes_context=True)
def lesson_place(context):
    request = context["request"]
    if previews.is_preview(request):
        return previews.lesson_place(request, context["page"])
    return states.lesson_place(request, learner_of(request), context["page"])


@register.simple_tag(takes_context=True)
def address(context, page):
    """Where an original is read that may bear the title of its translation."""
    return languages.address(page, getattr(page, "language", ORIGINAL), context["request"])


@register.simple_tag(takes_context=True)
def quiz_entry(context):
    request = context["request"]
    if previews.is_preview(request):
        return previews.quiz_entry(request, context["page"])
    return states.quiz_entry(request, learner_of(request), context["page"])


@register.filter
def in_words(number, unit: str = "") -> str:
    """«12.500», «4,2», or «Rp12.500» where the unit is rupiah."""
    return number_words(number, unit)


@register.filter
def in_archive(evidence) -> str:
    return rights.in_archive(evidence)


@register.simple_tag(takes_context=True)
def current_learner(context):
    request = context.get("request")
    if request is None:
        return None
    return previews.stand_in(request) if previews.is_preview(request) else learner_of(request)


@register.simple_tag(takes_context=True)
def refused_count(context) -> int:
    """How much work from phones the companion should look at."""
    return RefusedWork.objects.for_staff(context["request"].user).unseen().count()

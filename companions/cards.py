"""Learners' cards for print and for WhatsApp. Only of the companion's own households; nothing here writes."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.text import slugify
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from people.access import companion_only
from people.cards import Card, picture
from people.exporting import download
from people.models import Household, HouseholdGroup, Learner

from .doors import own_household

A_SHEET = 8  # cards on one A4
NO_GROUP = "tanpa"  # in place of a group's key


@never_cache
@require_GET
@companion_only
def household_cards(request: HttpRequest, pk: int) -> HttpResponse:
    """The cards of one household, each on a page of A6."""
    household = own_household(request, pk)
    newest_first = household.learners.active().select_related("user").order_by("-pk")
    cards = [Card(learner) for learner in newest_first]
    return render(request, "companions/cards.html", {"household": household, "cards": cards})


@never_cache
@require_GET
@companion_only
def group_cards(request: HttpRequest) -> HttpResponse:
    """The cards of all her households in a group, or of all in none, eight on an A4; where there are groups and none is
    named, what there is to choose from."""
    groups = list(HouseholdGroup.objects.for_companion(request.user))
    wanted = request.GET.get("kelompok") or ("" if groups else NO_GROUP)
    group = next((group for group in groups if str(group.pk) == wanted), None)
    if not group and wanted not in ("", NO_GROUP):
        raise Http404
    learners = Learner.objects.for_companion(request.user).active().filter(household__group=group if wanted else 0)
    in_order = learners.select_related("user").order_by("household__name", "household", "first_name", "pk")
    cards = [Card(learner) for learner in in_order]
    sheets = [cards[first : first + A_SHEET] for first in range(0, len(cards), A_SHEET)]
    context = {
        "groups": groups,
        "group": group,
        "has_no_group": Household.objects.for_companion(request.user).filter(group=None).exists(),
        "no_group": wanted == NO_GROUP,
        "sheets": sheets,
        "count": len(cards),
    }
    return render(request, "companions/cards_of_group.html", context)


@never_cache
@require_GET
@companion_only
def card_picture(request: HttpRequest, pk: int) -> HttpResponse:
    """One card as a picture to send by WhatsApp. Its name tells whose it is, not the code."""
    learners = Learner.objects.for_companion(request.user).active().select_related("user")
    card = Card(get_object_or_404(learners, pk=pk))
    return download(picture(card), f"{slugify(f'kartu {card.name}')}.png", "image/png")

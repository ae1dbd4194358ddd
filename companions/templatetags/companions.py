"""What the companion's screens need besides their own facts."""

from datetime import datetime
from uuid import UUID

from django import template
from django.utils import timezone

from people.ids import derived_id

register = template.Library()


@register.simple_tag(takes_context=True)
def id_of_tap(context, household, last_at: datetime | None) -> UUID:
    """Under which a tap counts that says she has reached the household, which somebody reached ``last_at``, as far as a
    need may still rest for it: on one day the same on each of her pages, until one of them has arrived."""
    user = context["request"].user
    return derived_id(household.pk, user.pk, last_at, timezone.localdate())

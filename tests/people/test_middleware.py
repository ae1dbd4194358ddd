"""Everybody sees times as the clock on the wall shows them."""

import pytest
from django.contrib.auth.models import AnonymousUser
from django.test import RequestFactory
from django.utils import timezone

from people.middleware import TimeZoneMiddleware
from tests import factories

pytestmark = pytest.mark.django_db


def zone_of(user) -> str:
    """The time zone in which a page for ``user`` is made."""
    request = RequestFactory().get("/")
    request.user = user
    return TimeZoneMiddleware(lambda request: timezone.get_current_timezone_name())(request)


@pytest.mark.parametrize(
    ("region", "zone"), [("36.71", "Asia/Jakarta"), ("73.71", "Asia/Makassar"), ("91.03", "Asia/Jayapura")]
)
def test_a_learner_sees_the_time_where_she_lives(region, zone):
    sari = factories.learner(factories.household(place=factories.region(region, region)), pin=None)
    assert zone_of(sari.user) == zone


def test_the_next_person_sees_her_own_time_again():
    sari = factories.learner(factories.household(place=factories.region("91.03", "Kota Jayapura")), pin=None)
    zone_of(sari.user)
    assert zone_of(factories.companion().user) == "Asia/Jakarta"
    assert zone_of(AnonymousUser()) == "Asia/Jakarta"

"""Everybody sees times as the clock on the wall shows them."""

import pytest
from django.contrib.auth.models import AnonymousUser
from django.test import RequestFactory
from django.utils import timezone

from people.middleware import TimeZoneMiddleware
from tests import factories

pytestmark = pytest.mark.django_db


def zone_of(user, path: str = "/") -> str:
    """The time zone in which a page for ``user`` is made."""
    request = RequestFactory().get(path)
    request.user = user
    return TimeZoneMiddleware(lambda request: timezone.get_current_timezone_name())(request)


@pytest.mark.parametrize(
    ("region", "zone"), [("36.71", "Asia/Jakarta"), ("73.71", "Asia/Makassar"), ("91.03", "Asia/Jayapura")]
)
def test_a_learner_sees_the_time_where_she_lives(region, zone):
    sari = factories.learner(factories.household(place=factories.region(region, region)), pin=None)
    assert zone_of(sari.user) == zone


@pytest.mark.parametrize(
    ("region", "zone"), [("36.71", "Asia/Jakarta"), ("73.71", "Asia/Makassar"), ("91.03", "Asia/Jayapura")]
)
def test_a_companion_and_a_coordinator_see_the_time_where_they_work(region, zone):
    place = factories.region(region, region)
    rina = factories.companion()
    factories.household(rina, place=place)
    assert zone_of(rina.user, "/dampingan/") == zone
    assert zone_of(factories.coordinator(place).user, "/laporan/") == zone


@pytest.mark.parametrize("who", [lambda: factories.companion().user, factories.staff], ids=["no household", "editor"])
def test_who_works_nowhere_sees_the_servers_time(who):
    assert zone_of(who(), "/dampingan/") == "Asia/Jakarta"


def test_the_next_person_sees_her_own_time_again():
    sari = factories.learner(factories.household(place=factories.region("91.03", "Kota Jayapura")), pin=None)
    zone_of(sari.user)
    assert zone_of(factories.companion().user) == "Asia/Jakarta"
    assert zone_of(AnonymousUser()) == "Asia/Jakarta"

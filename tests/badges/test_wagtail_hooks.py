"""An editor deletes badges: what learners have earned stays, and she is told why."""

import pytest
from django.urls import reverse

from badges.models import Badge
from tests import factories

pytestmark = pytest.mark.django_db


def one(badge: Badge) -> str:
    return reverse(Badge.snippet_viewset.get_url_name("delete"), args=[badge.pk])


def in_the_list(badge: Badge) -> str:
    return reverse("wagtail_bulk_action", args=["badges", "badge", "delete"]) + f"?id={badge.pk}"


@pytest.mark.parametrize("way", [one, in_the_list])
def test_a_badge_that_somebody_has_earned_stays_and_its_editor_is_told(client, way):
    factories.finished(factories.learner(), "pengenalan-motivasi")
    client.force_login(factories.administrator())
    page = client.post(way(factories.badge("pengenalan-motivasi")), follow=True)
    assert "Lencana ini sudah diraih pelajar, jadi tidak bisa dihapus." in page.text


@pytest.mark.parametrize("way", [one, in_the_list])
def test_a_badge_that_nobody_has_earned_can_be_deleted(client, way):
    client.force_login(factories.administrator())
    badge = factories.badge("pengenalan-motivasi")
    client.post(way(badge))
    assert not Badge.objects.filter(pk=badge.pk).exists()

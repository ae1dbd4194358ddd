"""The doors of the companion's screens to people. Who is behind another companion's door is not found."""

from django.http import HttpRequest
from django.shortcuts import get_object_or_404

from people.models import Household, Learner


def own_household(request: HttpRequest, pk: int) -> Household:
    """A household of the companion's, with where it lives and meets."""
    households = Household.objects.for_companion(request.user).select_related("group", "region")
    return get_object_or_404(households, pk=pk)


def own_learner(request: HttpRequest, pk: int) -> Learner:
    """A learner in one of the companion's households, whether active or not."""
    learners = Learner.objects.for_companion(request.user).select_related("household", "user")
    return get_object_or_404(learners, pk=pk)


def agreed_learner(request: HttpRequest, pk: int) -> Learner:
    """As ``own_learner``, of those who have agreed that something is kept about them."""
    learners = Learner.objects.agreed().for_companion(request.user).select_related("household")
    return get_object_or_404(learners, pk=pk)

"""Who may open a screen. Signed out: to the sign-in and back. Signed in as someone else: refused."""

import logging
from collections.abc import Callable
from functools import wraps

from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import ObjectDoesNotExist, PermissionDenied
from django.http import Http404, HttpRequest, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.encoding import escape_uri_path

log = logging.getLogger("people.access")

View = Callable[..., HttpResponseBase]
# Fields in which people write words of their own: sentences, and what only the family at the door can tell again.
WRITTEN = ["text", "note", "praise", "suggestion", "word", "name", "first_name", "last_name", "guardian_name", "phone"]


def _only(is_welcome: Callable[[object], bool]) -> Callable[[View], View]:
    def decorate(view: View) -> View:
        @wraps(view)
        def guarded(request: HttpRequest, *args, **kwargs):
            if not request.user.is_authenticated:
                written = written_in(request)
                if written or "owner" in request.POST:  # one that may wait: its phone keeps it, and reads no redirect
                    return render(request, "401.html", {"written": written}, status=401)
                return redirect_to_login(request.get_full_path() if request.method == "GET" else "/")
            if not is_welcome(request.user):
                raise PermissionDenied
            try:
                return view(request, *args, **kwargs)
            except (Http404, ObjectDoesNotExist):  # another's, not there, or erased while this was written
                log.warning("user %s found nothing at %s", request.user.pk, escape_uri_path(request.path))
                return render(request, "404.html", {"written": written_in(request)}, status=404)

        return guarded

    return decorate


def written_in(request: HttpRequest) -> list[str]:
    """What was written into a form that cannot be taken any more, for its writer to copy."""
    return [words for name in WRITTEN if (words := request.POST.get(name, "").strip())]


def learner_only(view: View) -> View:
    """For learners who have a PIN of their own and have agreed; the others are led there first."""

    @wraps(view)
    def guarded(request: HttpRequest, *args, **kwargs):
        if first := led_first(learner_of(request)):
            return first
        return view(request, *args, **kwargs)

    return learner_in_person(guarded)


def led_first(learner) -> HttpResponseBase | None:
    """The way to what a learner does before her lessons count: a PIN of her own, then a consent. None where both are
    there."""
    if learner.must_choose_pin:
        return redirect("new_pin")
    return None if learner.has_consent else redirect("consent")


learner_in_person = _only(lambda user: user.is_learner)
companion_only = _only(lambda user: user.is_companion)
coordinator_only = _only(lambda user: user.is_coordinator)
companion_or_administrator_only = _only(lambda user: user.is_companion or user.is_superuser)
administrator_only = _only(lambda user: user.is_superuser)


def learner_of(request: HttpRequest):
    """The signed-in learner, or None for a visitor or staff."""
    return getattr(request.user, "learner_or_none", None)

"""The pages for whoever is refused, and at an address that only takes a form; all other error pages are Django's own
views of ``templates/``. Those views ask no database and no session: either may be what is broken. One asks whose form
it was, where the form tells."""

import logging

from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils.encoding import escape_uri_path
from django.views.decorators.cache import never_cache

from people.access import written_in

log = logging.getLogger("lms.errors")


def permission_denied(request: HttpRequest, exception=None) -> HttpResponse:
    if user := getattr(request, "user", None):
        log.warning("user %s refused at %s", user.pk, escape_uri_path(request.path))
    response = render(request, "403.html", status=403)
    response._has_been_logged = bool(user)  # by Django it would be once more, with a traceback
    return response


@never_cache
def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """For a form from before somebody signed in or out. What was written goes to its writer alone, who has signed in
    once more: another who has the phone by then could make the browser send it again, only to read it."""
    writer = request.POST.get("owner") or request.POST.get("writer")  # whether it may wait or not
    is_hers = writer and writer == str(request.user.pk)
    written = written_in(request) if is_hers else []
    return render(request, "403_csrf.html", {"written": written}, status=403)


class NotAllowedPage:
    """A page where Django sends an empty one: a phone that was short of memory asks for the address of a form anew."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if isinstance(response, HttpResponseNotAllowed) and "POST" in response["Allow"]:
            response.content = render_to_string("405.html", request=request)
        return response

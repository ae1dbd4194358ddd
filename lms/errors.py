"""The page for whoever is refused; all other error pages are Django's own views of ``templates/``. They touch no
database and no session: either may be what is broken."""

import logging

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.encoding import escape_uri_path

log = logging.getLogger("lms.errors")


def permission_denied(request: HttpRequest, exception=None) -> HttpResponse:
    if user := getattr(request, "user", None):
        log.warning("user %s refused at %s", user.pk, escape_uri_path(request.path))
    response = render(request, "403.html", status=403)
    response._has_been_logged = bool(user)  # by Django it would be once more, with a traceback
    return response

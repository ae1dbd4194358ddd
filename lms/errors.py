"""Error pages in words that help. They touch no database and no session: either may be what is broken."""

import logging

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.encoding import escape_uri_path

log = logging.getLogger("lms.errors")


def bad_request(request: HttpRequest, exception=None) -> HttpResponse:
    return render(request, "400.html", status=400)


def permission_denied(request: HttpRequest, exception=None) -> HttpResponse:
    if user := getattr(request, "user", None):
        log.warning("user %s refused at %s", user.pk, escape_uri_path(request.path))
    response = render(request, "403.html", status=403)
    response._has_been_logged = bool(user)  # by Django it would be once more, with a traceback
    return response


def not_found(request: HttpRequest, exception=None) -> HttpResponse:
    return render(request, "404.html", status=404)


def server_error(request: HttpRequest) -> HttpResponse:
    return render(request, "500.html", status=500)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    return render(request, "403_csrf.html", status=403)

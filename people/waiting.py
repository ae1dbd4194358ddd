"""When a whole district signs in at once: a few wait their turn, others are asked to wait, and readers go on reading.

A sign-in costs a hash of some 45 ms of a core, on purpose. A worker computes one at a time (``people.hashers``), and
there is a worker a core. Each has more threads (``scripts/serve``) than may stand in line here: the rest are readers'.
"""

import random
import threading
from collections.abc import Callable
from functools import wraps

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.views.decorators.cache import never_cache

PLACES = 3  # in each worker: one hashes, two are next
SECONDS = (5, 15)  # until a browser asks again: not all at once, and not so often that asking is the crowd

_places = threading.BoundedSemaphore(PLACES)

View = Callable[..., HttpResponseBase]


def in_line(view: View) -> View:
    """For a view whose form has a secret hashed. Where the line is full, nothing of the form is looked at."""

    @wraps(view)
    def wait(request: HttpRequest, *args, **kwargs):
        if request.method != "POST":
            return view(request, *args, **kwargs)
        if not _places.acquire(blocking=False):
            return _please_wait(request)
        try:
            return view(request, *args, **kwargs)
        finally:
            _places.release()

    return wait


@never_cache
def _please_wait(request: HttpRequest) -> HttpResponse:
    """The form again, filled in and out of sight, with a button to send it; where scripts run it sends itself."""
    seconds = random.randint(*SECONDS)  # noqa: S311  it spreads the crowd, and guards nothing
    typed = {name: value for name, value in request.POST.items() if name != "csrfmiddlewaretoken"}
    response = render(request, "people/please_wait.html", {"typed": typed, "seconds": seconds}, status=503)
    response["Retry-After"] = seconds
    response._has_been_logged = True  # a crowd is no fault of the server's
    return response

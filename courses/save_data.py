"""``Save-Data: on``: a phone that was told to use little data says so with each request, and is sent no photograph
unasked."""

from collections.abc import Callable, Mapping

from django.http import HttpRequest, HttpResponse
from django.utils.cache import patch_vary_headers


def saves_data(environ: Mapping[str, object]) -> bool:
    return str(environ.get("HTTP_SAVE_DATA", "")).lower() == "on"


class VaryOnSaveData:
    """A middleware: tells caches which pages depend on it, as a template has noted on the request."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if hasattr(request, "has_photographs"):
            patch_vary_headers(response, ["Save-Data"])
        return response

"""A fast way before its plain twin, asked as granian asks."""

import gzip
import re
from contextlib import contextmanager

import brotli
from django.core.handlers.wsgi import WSGIHandler
from django.core.signals import request_finished, request_started
from django.db import close_old_connections
from django.test import Client, RequestFactory

TOKEN = re.compile(rb'(csrf|csrfmiddlewaretoken" value)="[A-Za-z0-9]{64}"')
UNPACK = {"": bytes, "gzip": gzip.decompress, "br": brotli.decompress}


@contextmanager
def one_connection():
    """The test's own, which no answer closes; Django's test client does the same."""
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    yield
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


class Site:
    """``fast`` is a class of applications; it knows a page once it was asked ``visits`` times."""

    def __init__(self, fast: type, *, visits: int = 1):
        self.asked_twin, self.visits = 0, visits
        self.plain = WSGIHandler()
        self.application = fast(self._twin)

    def _twin(self, environ, start_response):
        self.asked_twin += 1
        return self.plain(environ, start_response)

    def get(self, path: str, client: Client, *, accepted: str = "gzip, deflate", plain: bool = False, **environ):
        """Status, headers, and the body as it was before it was packed."""
        told = []
        cookies = "; ".join(f"{name}={morsel.value}" for name, morsel in client.cookies.items())
        environ = RequestFactory()._base_environ(
            PATH_INFO=path, HTTP_COOKIE=cookies, HTTP_ACCEPT_ENCODING=accepted, **environ
        )
        with one_connection():
            answer = (self.plain if plain else self.application)(environ, lambda *args: told.extend(args))
            body = b"".join(answer)
            if hasattr(answer, "close"):
                answer.close()
        headers = dict(told[1])
        return told[0], headers, UNPACK[headers.get("Content-Encoding", "")](body)

    def page(self, path: str, client: Client, **environ) -> bytes:
        """What the fast way shows, asked until it knows; the same as its twin's, with tokens left out."""
        for _ in range(self.visits):
            self.get(path, client, **environ)
        before = self.asked_twin
        status, _, fast = self.get(path, client, **environ)
        assert (status, self.asked_twin) == ("200 OK", before), "the twin was asked again"
        *_, plain = self.get(path, client, accepted="", plain=True, **environ)
        assert bare(fast) == bare(plain)
        return fast


def bare(page: bytes) -> bytes:
    return TOKEN.sub(rb"\1", page)

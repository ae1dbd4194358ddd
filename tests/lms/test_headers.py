"""W2: what every answer tells the browser to refuse, under the settings of production."""

import pytest
from django.conf import settings as configured

from tests.lms.test_get_is_safe import all_paths
from tests.lms.test_settings import production_settings
from tests.lms.world import ROLES

A_YEAR = 365 * 24 * 3600
NAMES = [
    "SECURE_HSTS_SECONDS",
    "SECURE_HSTS_INCLUDE_SUBDOMAINS",
    "SECURE_HSTS_PRELOAD",
    "SECURE_SSL_REDIRECT",
    "SECURE_PROXY_SSL_HEADER",
    "REQUIRE_SECOND_FACTOR",
]


@pytest.fixture
def production(settings):
    """The settings of a server that is not the demo, as far as they show in headers."""
    for name, value in production_settings(*NAMES).items():
        setattr(settings, name, value)
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


def frames_allowed(response) -> str:
    directives = [part.strip().partition(" ") for part in response["Content-Security-Policy"].split(";")]
    return {name: value for name, _, value in directives}["frame-ancestors"]


@pytest.mark.django_db
@pytest.mark.parametrize("role", ROLES)
@pytest.mark.usefixtures("production")
def test_every_answer_of_every_address_is_closed_to_others(world, role):
    """W2: pages, files, redirects and refusals alike; only Wagtail's preview frames our own."""
    client = world.client(role)
    client.raise_request_exception = False
    statuses = set()
    for path in all_paths(world):
        answer = client.get(path, secure=True, headers={"x-forwarded-proto": "https"})
        ours = not path.startswith(configured.STAFF_PATHS)
        statuses.add(answer.status_code)
        assert answer["Strict-Transport-Security"] == f"max-age={A_YEAR}; includeSubDomains; preload", path
        assert answer["X-Content-Type-Options"] == "nosniff", path
        assert answer["Referrer-Policy"] == "same-origin", path
        assert frames_allowed(answer) == ("'none'" if ours else "'self'"), path
        assert answer["X-Frame-Options"] in (("DENY",) if ours else ("DENY", "SAMEORIGIN")), path
    assert {200, 302, 404, 405} <= statuses


@pytest.mark.django_db
@pytest.mark.usefixtures("production")
def test_plain_http_is_sent_on_to_https(client):
    """W2"""
    answer = client.get("/masuk/?next=/belajar/")
    assert answer.status_code == 301
    assert answer["Location"] == "https://testserver/masuk/?next=/belajar/"

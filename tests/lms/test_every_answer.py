"""W2: what every answer tells the browser to refuse. W3: opening a page changes nothing, and nothing is changed by a
form that was not ours."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache

import pytest
from django.apps import apps
from django.conf import settings as configured
from django.db import connection
from django.test import Client, override_settings

from courses.images import PictureRendition
from tests.addresses import addresses
from tests.lms.test_access_matrix import OURS, ROWS
from tests.lms.test_settings import production_settings
from tests.lms.world import ROLES, World
from tests.people.test_signing_in import is_signed_in
from tests.test_architecture import RANK

pytestmark = pytest.mark.django_db

# A picture in a new size is made when it is first asked for; it tells nothing that the picture does not.
MADE_WHEN_SHOWN = {PictureRendition}

OF_NOBODY = "/dampingan/lembar/"  # sheets to print: what the lesson says, nothing of a person

A_YEAR = 365 * 24 * 3600
SECURE = [
    "SECURE_HSTS_SECONDS",
    "SECURE_HSTS_INCLUDE_SUBDOMAINS",
    "SECURE_HSTS_PRELOAD",
    "SECURE_SSL_REDIRECT",
    "SECURE_PROXY_SSL_HEADER",
]


def ours() -> dict[str, list]:
    """Every row of every table of ours, as it is stored: a changed cell shows as well as a new row."""
    models = [model for model in apps.get_models(include_auto_created=True) if model._meta.app_label in RANK]
    found = {}
    with connection.cursor() as cursor:
        for table in {model._meta.db_table for model in models if model not in MADE_WHEN_SHOWN}:
            cursor.execute(f"SELECT * FROM {connection.ops.quote_name(table)}")  # noqa: S608
            found[table] = sorted(map(repr, cursor.fetchall()))
    return found


def changed(before: dict, after: dict) -> list[str]:
    return [table for table in before if before[table] != after[table]]


def all_paths(world: World) -> list[str]:
    """Every address of the site: ours with what belongs to Sari's family, the others' with anything."""
    found = [
        OURS[name].path(**{part: world.own[value] for part, value in fills.items()})
        for name, (_, fills) in ROWS.items()
    ]
    return list(dict.fromkeys([*found, *(address.any_path() for address in addresses())]))


@dataclass(frozen=True)
class Walk:
    """What one role was answered at every address, and what it left behind."""

    answers: dict[str, tuple[int, Mapping[str, str]]]  # status and headers, by path
    changed: list[str]  # tables
    is_signed_in: bool


@pytest.fixture(scope="module")
def walk(world) -> Callable[[str], Walk]:
    """Opens every address of the site as somebody, once; as on a server that is not the demo, but for the second
    factor: with it, staff's pages would only be redirects."""

    @cache
    def walked(role: str) -> Walk:
        client = world.client(role)
        client.raise_request_exception = False  # what a made-up number does to a page of others is not asked here
        before = ours()
        with override_settings(**production_settings(*SECURE)):
            answers = {path: over_https(client, path) for path in all_paths(world)}
            return Walk(
                {path: (answer.status_code, answer.headers) for path, answer in answers.items()},
                changed(before, ours()),
                is_signed_in(client),
            )

    return walked


def over_https(client: Client, path: str):
    return client.get(path, secure=True, headers={"x-forwarded-proto": "https"})


@pytest.mark.parametrize("role", ROLES)
def test_opening_every_address_changes_nothing(walk, role):
    """W3"""
    assert walk(role).changed == []
    assert walk(role).is_signed_in is (role != "visitor"), "or the last pages were asked as a visitor"


@pytest.mark.parametrize("role", ROLES)
def test_every_answer_of_every_address_is_closed_to_others(walk, role):
    """W2: pages, files, redirects and refusals alike; only Wagtail's preview frames our own."""
    answers = walk(role).answers
    for path, (_, headers) in answers.items():
        assert_closed(path, headers)
    assert {200, 302, 404, 405} <= {status for status, _ in answers.values()}


@pytest.mark.parametrize("role", ROLES[1:])
def test_nothing_keeps_a_page_that_one_must_sign_in_for(walk, role):
    """On an office's computer the next one presses «back». Wagtail and Django look after their own."""
    public = {path for path, (status, _) in walk("visitor").answers.items() if status == 200}
    kept = [
        path
        for path, (status, headers) in walk(role).answers.items()
        if status == 200
        and path not in public
        and not path.startswith((*configured.STAFF_PATHS, OF_NOBODY))
        and "no-store" not in headers.get("Cache-Control", "")
    ]
    assert kept == []


@pytest.mark.parametrize(
    ("role", "path"), [("editor", "/kelola/"), ("administrator", "/kelola/"), ("administrator", "/django-admin/")]
)
def test_the_way_to_the_second_factor_is_closed_to_others(world, role, path, settings):
    """W2"""
    settings.REQUIRE_SECOND_FACTOR = True
    for name, value in production_settings(*SECURE).items():
        setattr(settings, name, value)
    answer = over_https(world.client(role), path)
    assert answer.status_code == 302
    assert_closed(path, answer.headers)


def assert_closed(path: str, headers: Mapping[str, str]) -> None:
    """What the browser is told to refuse."""
    is_ours = not path.startswith(configured.STAFF_PATHS)
    assert headers["Strict-Transport-Security"] == f"max-age={A_YEAR}; includeSubDomains; preload", path
    assert headers["X-Content-Type-Options"] == "nosniff", path
    assert headers["Referrer-Policy"] == "same-origin", path
    assert frames_allowed(headers) == ("'none'" if is_ours else "'self'"), path
    assert headers["X-Frame-Options"] in (("DENY",) if is_ours else ("DENY", "SAMEORIGIN")), path


def frames_allowed(headers: Mapping[str, str]) -> str:
    directives = [part.strip().partition(" ") for part in headers["Content-Security-Policy"].split(";")]
    return {name: value for name, _, value in directives}["frame-ancestors"]


def test_plain_http_is_sent_on_to_https(client, settings):
    """W2"""
    for name, value in production_settings(*SECURE).items():
        setattr(settings, name, value)
    answer = client.get("/masuk/?next=/belajar/")
    assert answer.status_code == 301
    assert answer["Location"] == "https://testserver/masuk/?next=/belajar/"


@pytest.mark.parametrize("role", ROLES)
def test_no_form_is_taken_without_the_token_of_our_page(world, role):
    """W3: wherever a stranger's page sends it from."""
    client = Client(enforce_csrf_checks=True, raise_request_exception=False)
    if world.users[role]:
        client.force_login(world.users[role])
    before = ours()
    taken = {path: client.post(path, {"pin": "395812"}).status_code for path in all_paths(world)}
    assert changed(before, ours()) == []
    assert {path: status for path, status in taken.items() if status < 300} == {}
    assert is_signed_in(client) is (role != "visitor")

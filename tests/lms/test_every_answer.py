"""W3: opening a page changes nothing, and nothing is changed by a form that was not ours."""

import pytest
from django.apps import apps
from django.db import connection
from django.test import Client

from courses.images import PictureRendition
from tests.addresses import addresses
from tests.lms.test_access_matrix import OURS, ROWS
from tests.lms.world import ROLES, World
from tests.people.test_signing_in import is_signed_in
from tests.test_architecture import RANK

pytestmark = pytest.mark.django_db

# A picture in a new size is made when it is first asked for; it tells nothing that the picture does not.
MADE_WHEN_SHOWN = {PictureRendition}


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


@pytest.mark.parametrize("role", ROLES)
def test_opening_every_address_changes_nothing(world, role):
    """W3"""
    client = world.client(role)
    client.raise_request_exception = False  # what a made-up number does to a page of others is not asked here
    before = ours()
    for path in all_paths(world):
        client.get(path)
    assert changed(before, ours()) == []
    assert is_signed_in(client) is (role != "visitor"), "or the last pages were asked as a visitor"


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

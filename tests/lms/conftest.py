from collections.abc import Iterator

import pytest
from django.db import transaction
from django.test import override_settings

from tests.lms.world import World


@pytest.fixture(scope="module")
def world(django_db_setup, django_db_blocker) -> Iterator[World]:
    """Made once: every test undoes what it did, and nobody signs in with a secret here."""
    hashers = override_settings(PASSWORD_HASHERS=["django.contrib.auth.hashers.MD5PasswordHasher"])
    with django_db_blocker.unblock(), transaction.atomic(), hashers:
        world = World()
        world.sign_everybody_in()
        yield world
        transaction.set_rollback(True)

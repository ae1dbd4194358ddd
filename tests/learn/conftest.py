from contextlib import contextmanager

import pytest
from django.db import connection

from people.models import Companion, HouseholdGroup, Learner
from tests import factories as make


@pytest.fixture
def rina() -> Companion:
    return make.companion()


@pytest.fixture
def sari(client) -> Learner:
    """A learner, signed in."""
    person = make.learner(pin=None)
    client.force_login(person.user)
    return person


@pytest.fixture
def group() -> HouseholdGroup:
    return make.group()


@pytest.fixture
def committed(django_capture_on_commit_callbacks):
    """Around what an editor does in one transaction."""

    @contextmanager
    def committed():
        with django_capture_on_commit_callbacks(execute=True):
            yield
        connection.run_on_commit.clear()  # as after a real commit

    return committed

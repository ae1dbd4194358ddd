import pytest

from people.models import Companion, HouseholdGroup
from tests import factories as make


@pytest.fixture
def rina(client) -> Companion:
    """A companion, signed in on ``client``."""
    person = make.companion()
    client.force_login(person.user)
    return person


@pytest.fixture
def agus() -> Companion:
    """A colleague of hers."""
    return make.companion()


@pytest.fixture
def group() -> HouseholdGroup:
    return make.group()

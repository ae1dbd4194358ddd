import pytest

from people.models import Companion
from tests import factories as make


@pytest.fixture
def rina(client) -> Companion:
    """A companion, signed in on ``client``."""
    person = make.companion()
    client.force_login(person.user)
    return person

import pytest

from people.models import Companion, Learner
from tests import factories as make


@pytest.fixture
def rina() -> Companion:
    return make.companion()


@pytest.fixture
def sari(rina) -> Learner:
    """In a household of Rina's."""
    return make.learner(make.household(rina), pin=None)

import pytest

from people.models import Companion, HouseholdGroup
from tests import factories as make


@pytest.fixture
def rina() -> Companion:
    return make.companion()


@pytest.fixture
def group() -> HouseholdGroup:
    return make.group()

import pytest

from people.models import User
from tests import factories


@pytest.fixture
def admin(db):
    return factories.administrator()


@pytest.fixture
def rina(db):
    rina = factories.companion()
    User.objects.filter(pk=rina.user_id).update(username="rina.marlina")
    rina.user.refresh_from_db()
    return rina

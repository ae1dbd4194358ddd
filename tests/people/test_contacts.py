"""What is kept so that a household can be reached, and that it was."""

from datetime import timedelta

import pytest
from django.utils import timezone

from people.history import A_MOMENT
from people.models import Household, HouseholdEvent
from tests import factories as make

pytestmark = pytest.mark.django_db
CONTACTED, VISITED = HouseholdEvent.Kind.CONTACTED, HouseholdEvent.Kind.VISITED


@pytest.fixture
def rina():
    return make.companion()


@pytest.fixture
def home(rina):
    return make.household(rina)


def lines(home) -> list[tuple[str, str]]:
    return list(home.events.order_by("pk").values_list("kind", "text"))


def test_a_visit_is_noted_with_who_and_when(home, rina):
    before = timezone.now()
    assert HouseholdEvent.objects.note(home, VISITED, by=rina.user, text="Warungnya ramai") is True
    line = home.events.get()
    assert (line.kind, line.text, line.by) == (VISITED, "Warungnya ramai", rina.user)
    assert before <= line.at <= timezone.now()


def test_a_second_tap_notes_nothing_new(home, rina):
    HouseholdEvent.objects.note(home, CONTACTED, by=rina.user, text="Telepon")
    assert HouseholdEvent.objects.note(home, CONTACTED, by=rina.user, text="Telepon") is False
    assert lines(home) == [(CONTACTED, "Telepon")]


def test_the_same_again_on_another_day_is_noted(home, rina):
    HouseholdEvent.objects.note(home, CONTACTED, by=rina.user, text="Telepon")
    home.events.update(at=timezone.now() - A_MOMENT - timedelta(seconds=1))
    assert HouseholdEvent.objects.note(home, CONTACTED, by=rina.user, text="Telepon") is True


def test_another_word_another_kind_or_another_person_is_another_note(home, rina):
    for kind, by, text in [
        (CONTACTED, rina, "Telepon"),
        (CONTACTED, rina, "Pesan WhatsApp"),
        (VISITED, rina, "Telepon"),
        (CONTACTED, make.companion(), "Telepon"),
    ]:
        assert HouseholdEvent.objects.note(home, kind, by=by.user, text=text) is True


def test_the_history_tells_which_fields_were_corrected_and_no_number(home, rina):
    """P6: the history may be read where the number may not."""
    fields = {"phone": "+6281234567890", "messages_welcome": True, "interest": "kemasan", "name": home.name}
    assert Household.objects.correct(home, by=rina.user, **fields) is True
    assert lines(home) == [("corrected", "Nomor HP, boleh dikirimi pesan, minat")]
    home.refresh_from_db()
    assert (home.phone, home.messages_welcome, home.interest) == ("+6281234567890", True, "kemasan")


def test_corrected_to_the_same_changes_nothing(home, rina):
    assert Household.objects.correct(home, by=rina.user, phone=home.phone, interest=home.interest) is False
    assert lines(home) == []


@pytest.mark.parametrize(
    ("phone", "welcome", "may"),
    [("+6281234567890", True, True), ("+6281234567890", False, False), ("", True, False), ("", False, False)],
)
def test_only_a_number_given_for_this_may_be_messaged(phone, welcome, may):
    assert Household(phone=phone, messages_welcome=welcome).may_be_messaged is may

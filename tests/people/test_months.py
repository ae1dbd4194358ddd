"""The months to choose from."""

from datetime import UTC, date, datetime

import pytest
from django.utils import timezone

from people.months import Month, chosen, last_months


def test_the_last_months_go_back_over_the_turn_of_the_year():
    months = last_months(date(2026, 2, 28))
    assert [month.value for month in months[:3]] == ["2026-02", "2026-01", "2025-12"]
    assert (len(months), months[-1].value, str(months[-1])) == (13, "2025-02", "Februari 2025")
    assert Month(date(2025, 12, 1)).following == months[1]


@pytest.mark.parametrize("today", [date(2027, 1, 1), date(2027, 1, 31)], ids=str)
def test_every_month_of_the_year_that_has_ended_can_be_chosen_in_january(today):
    """When it is asked for. Of twelve months its first was gone already."""
    assert {f"2026-{number:02}" for number in range(1, 13)} <= {month.value for month in last_months(today)}


@pytest.mark.parametrize(
    ("zone", "months"),
    [
        ("Asia/Jakarta", ["2026-02", "2026-01", "2025-12", "2025-02"]),
        ("Asia/Makassar", ["2026-03", "2026-02", "2026-01", "2025-03"]),
        ("Asia/Jayapura", ["2026-03", "2026-02", "2026-01", "2025-03"]),
    ],
)
def test_the_months_to_choose_from_begin_with_hers(zone, months):
    with timezone.override(zone):
        shown = [month.value for month in last_months(timezone.localdate(datetime(2026, 2, 28, 16, 30, tzinfo=UTC)))]
    assert (len(shown), [*shown[:3], shown[-1]]) == (13, months)


@pytest.mark.parametrize(
    ("value", "expected"),
    [("2026-01", "2026-01"), (None, "2026-02"), ("", "2026-02"), ("2025-01", None), ("2026-1", None), ("x", None)],
)
def test_an_address_names_a_month_of_the_list_or_none(value, expected):
    month = chosen(value, last_months(date(2026, 2, 28)))
    assert (month and month.value) == expected

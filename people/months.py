"""The calendar months that a report can tell of."""

from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Q
from django.utils import timezone
from django.utils.formats import date_format

MONTHS = 13  # in January, when it is reported, the year that has ended is whole


@dataclass(frozen=True)
class Month:
    """A month, and its moments in the time zone that is current: the region's."""

    first: date

    def __str__(self):
        return date_format(self.first, "F Y")

    @property
    def value(self) -> str:
        """As addresses have it: ``2026-06``."""
        return f"{self.first:%Y-%m}"

    @property
    def following(self) -> "Month":
        return Month(date(self.first.year + self.first.month // 12, self.first.month % 12 + 1, 1))

    @property
    def before(self) -> "Month":
        return Month(date(self.first.year - (self.first.month == 1), (self.first.month - 2) % 12 + 1, 1))

    @property
    def begins(self) -> datetime:
        return timezone.make_aware(datetime.combine(self.first, datetime.min.time()))

    @property
    def ends(self) -> datetime:
        """The first moment after it."""
        return self.following.begins

    def has(self, moment: str) -> Q:
        """That the column ``moment`` lies in it."""
        return Q(**{f"{moment}__gte": self.begins, f"{moment}__lt": self.ends})


def chosen(value: str | None, months: list[Month]) -> Month | None:
    """The one of ``months`` that an address names, the first where it names none; None where it is none of them."""
    return next((month for month in months if month.value == (value or months[0].value)), None)


def last_months(today: date) -> list[Month]:
    """This month and the year before it."""
    months = [Month(today.replace(day=1))]
    while len(months) < MONTHS:
        months.append(months[-1].before)
    return months

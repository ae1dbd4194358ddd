from collections.abc import Iterator
from datetime import date, datetime, time, timedelta

from django.apps import apps
from django.contrib.admin.models import LogEntry
from django.contrib.contenttypes.models import ContentType
from django.core.management.base import BaseCommand, CommandError
from django.db.models import Model, Prefetch, Q, QuerySet
from django.utils import timezone
from wagtail.models import ModelLogEntry

from learn.models import RefusedWork
from people import regions
from people.importing.rows import FORMS
from people.importing.steps import STEP
from people.models import (
    Companionship,
    Household,
    HouseholdEvent,
    ImportBatch,
    ImportRow,
    Learner,
    Region,
    User,
    inside,
)
from people.relations import beginning_of, lookups_to
from people.spreadsheets import to_csv
from progress.models import GroupSession, SpokenWord

COLUMNS = ["nama", "keluarga", "hp_keluarga", "pendamping", "hp_pendamping"]
Line = tuple[str, ...]  # a text for each of COLUMNS
ERASED = "(datanya sudah dihapus)"
LOGS = (LogEntry, ModelLogEntry)
# The staff's rows that others are in: at whose house a meeting was, what a recorded voice says, and what a companion's
# phone sent in vain, which may be about anybody whom she accompanied.
AT_SECOND_HAND = {
    GroupSession: (Learner, ["attendance__learner"]),
    SpokenWord: (Household, ["assignments__household"]),
    RefusedWork: (Learner, ["user__learner", "user__companion__companionships__household__learners"]),
}


class Command(BaseCommand):
    help = (
        "Lists as CSV whose data a breach concerns: everybody of whom a row lay in the table at some time of the "
        "period, both days included. Rows that went since are not known, such as sessions that ended and rows of "
        "files that were saved, but for those of learners who were erased. UU 27/2022, Pasal 46: they are to be told "
        "within 3 x 24 hours."
    )

    def add_arguments(self, parser):
        parser.add_argument("--table", required=True, help="such as people.Learner")
        parser.add_argument(
            "--region", required=True, help="a Kemendagri code such as 36.71; what lies below counts too"
        )
        parser.add_argument("--since", required=True, help="the first day, such as 2026-11-01")
        parser.add_argument("--until", required=True, help="the last day, such as 2026-11-22")

    def handle(self, *, table: str, region: str, since: str, until: str, **options):
        model = model_of(table)
        if not Region.objects.filter(code=region).exists():
            raise CommandError(f"Wilayah {region} tidak ada. Tulis kode Kemendagri, misalnya 36.71.")
        first, last = day(since), day(until)
        if last < first:
            raise CommandError(f"Masa ini terbalik: {until} lebih dulu dari {since}.")
        rows = self.rows(model, region, midnight(first), midnight(last + timedelta(days=1)))
        self.stdout.write(to_csv(COLUMNS, rows).decode(), ending="")

    def rows(self, model, region: str, start: datetime, end: datetime) -> list[Line]:
        beginning = beginning_of(model)
        exposed = model._base_manager.filter(**({f"{beginning}__lt": end} if beginning else {}))
        homes = with_companions(Household.objects.filter(inside("region__code", region)))
        if model is ImportRow:
            found = imported(exposed, region, homes)
        else:
            found = logged(exposed, homes) if model in LOGS else owners(model, exposed, homes)
        # Whoever was erased since the period began was in the table too; her companion can still reach the family.
        gone = HouseholdEvent.objects.filter(
            kind=HouseholdEvent.Kind.LEARNER_ERASED, at__gte=start, household__in=homes
        ).prefetch_related(Prefetch("household", queryset=homes))
        return [*found, *(line(ERASED, event.household) for event in gone)]


def owners(model: type[Model], exposed: QuerySet, homes: QuerySet[Household]) -> Iterator[Line]:
    """The learners whose rows these are, by the relations of their table, and households without any."""
    owner, lookups = AT_SECOND_HAND.get(model) or lookups_to(model)
    owned = Q()
    for lookup in lookups:
        owned |= Q(pk__in=exposed.values(lookup))
    if owner is Learner:
        people, empty = Learner.objects.filter(owned), homes.none()
    elif owner is User:
        people, empty = Learner.objects.filter(user__in=User.objects.filter(owned)), homes.none()
    else:
        people = Learner.objects.filter(household__in=Household.objects.filter(owned))
        empty = homes.filter(owned, learners=None)
    people = people.filter(household__in=homes).prefetch_related(Prefetch("household", queryset=homes))
    yield from (line(person.full_name, person.household) for person in people.order_by("household__name", "pk"))
    yield from (line("", home) for home in empty)


def logged(rows: QuerySet, homes: QuerySet[Household]) -> list[Line]:
    """Whom the staff's logs name: each note repeats the name of the row that it is about."""
    found = []
    for kind in ContentType.objects.filter(pk__in=rows.values("content_type")):
        model = kind.model_class()
        if model and lookups_to(model):
            ids = list(rows.filter(content_type=kind).values_list("object_id", flat=True))
            found += owners(model, model._base_manager.filter(pk__in=ids), homes)
    return list(dict.fromkeys(found))


def imported(rows: QuerySet[ImportRow], region: str, homes: QuerySet[Household]) -> list[Line]:
    """Whom the rows of files name: a household by its number, and as typed where it is not stored. What tells no region
    may be about anybody."""
    found = []
    for kind, column in ((ImportBatch.Kind.HOUSEHOLDS, "reference"), (ImportBatch.Kind.LEARNERS, "household")):
        typed = list(rows.filter(batch__kind=kind).order_by("batch", "number").values_list("cells", flat=True))
        for step in (typed[at : at + STEP] for at in range(0, len(typed), STEP)):
            facts = FORMS[kind].facts_for(step)
            stored = facts.stored if kind == ImportBatch.Kind.HOUSEHOLDS else facts.households
            here = homes.in_bulk([home.pk for home in stored.values()])
            for cells in step:
                person = f"{cells.get('first_name', '')} {cells.get('last_name', '')}".strip()
                if home := stored.get(cells.get(column)):
                    found += [line(person, here[home.pk])] if home.pk in here else []
                elif may_lie_in(region, cells.get("region_id", "")):
                    found.append((person, *(cells.get(name, "") for name in ("name", "phone", "companions")), ""))
    return list(dict.fromkeys(found))


def may_lie_in(region: str, typed: str) -> bool:
    code = regions.dotted(typed)
    return f"{code}.".startswith(f"{region}.") or regions.find(code) is None


def model_of(table: str) -> type[Model]:
    """Raises CommandError."""
    try:
        model = apps.get_model(table)
    except (LookupError, ValueError):
        raise CommandError(f"Tabel {table} tidak ada. Tulis seperti people.Learner.") from None
    if lookups_to(model) is None:
        raise CommandError(f"Tabel {table} tidak memuat data pelajar atau keluarga.")
    return model


def day(text: str) -> date:
    """Raises CommandError."""
    try:
        found = date.fromisoformat(text)
        if not date.min.year < found.year < date.max.year:  # a midnight there may lie past the calendar
            raise ValueError
        return found
    except ValueError:
        raise CommandError(f"{text} bukan tanggal. Tulis seperti 2026-11-22.") from None


def midnight(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time.min))


def with_companions(homes: QuerySet[Household]) -> QuerySet[Household]:
    """Households with ``current``, their companionships of today."""
    current = Companionship.objects.current().select_related("companion__user")
    return homes.prefetch_related(Prefetch("companionships", queryset=current, to_attr="current"))


def line(name: str, home: Household) -> Line:
    companions = [row.companion for row in home.current]
    names, phones = "; ".join(map(str, companions)), "; ".join(c.phone for c in companions if c.phone)
    return name, home.name, home.phone, names, phones

import json
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import date
from itertools import chain, islice

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.core.management.color import no_style
from django.db import connection, models, transaction
from django.utils import timezone

from lms.crowd import A_CASELOAD, PIN, Crowd, Row, card_code, companion_name
from people.models import Learner, User
from progress.facts import outline

BATCH = 5000  # rows


class Command(BaseCommand):
    help = (
        "Makes a crowd to measure with: households with learners, companions, coordinators, and what they have done. "
        "The same number on the same day gives the same people. Refuses outside a demo: all have one PIN, told here."
    )

    def add_arguments(self, parser):
        parser.add_argument("--learners", type=int, required=True)
        parser.add_argument("--caseload", type=int, default=A_CASELOAD, help="households of one companion")
        parser.add_argument("--today", type=date.fromisoformat, default=None, help="the day on which they stand so")
        parser.add_argument("--beside-others", action="store_true", help="even where there are learners already")

    @transaction.atomic
    def handle(self, *, learners: int, caseload: int, today: date | None, beside_others: bool, **options):
        if not settings.DEMO:
            raise CommandError("make_people only runs with DEMO=true.")
        if User.objects.filter(username=companion_name(0)).exists():
            raise CommandError("This crowd is here already.")
        if Learner.objects.exists() and not beside_others:
            raise CommandError("Learners are here already. Add --beside-others to make the crowd beside them.")
        crowd = Crowd(learners, outline(), today or timezone.localdate(), caseload)
        written = set()
        with checked_and_indexed_at_once():
            for model, rows in crowd.tables():
                write(model, rows)
                written.add(model)
        count_on(written)
        self.stdout.write(
            f"{learners} learners such as {card_code(0)}, {crowd.companions} companions such as {companion_name(0)}; "
            f"all sign in with {PIN}."
        )


# What PostgreSQL keeps beside its tables, and how to make it anew: foreign keys last, for they need the keys that they
# point at. Indexes that belong to a constraint come and go with it.
BESIDE_TABLES = """
    SELECT format('ALTER TABLE %s DROP CONSTRAINT %I', conrelid::regclass, conname),
        format('ALTER TABLE %s ADD CONSTRAINT %I %s', conrelid::regclass, conname, pg_get_constraintdef(oid)),
        contype = 'f' AS comes_last
    FROM pg_constraint
    WHERE contype IN ('p', 'u', 'f') AND connamespace = current_schema()::regnamespace
    UNION ALL
    SELECT format('DROP INDEX %s', indexrelid::regclass), pg_get_indexdef(indexrelid), false
    FROM pg_index JOIN pg_class ON pg_class.oid = indexrelid
    WHERE relnamespace = current_schema()::regnamespace
        AND NOT EXISTS (SELECT FROM pg_constraint WHERE conindid = indexrelid AND contype IN ('p', 'u', 'x'))
    ORDER BY comes_last
"""


@contextmanager
def checked_and_indexed_at_once() -> Iterator[None]:
    """PostgreSQL looks up each foreign key of each row and puts each row into each index, which takes twice as long as
    storing it. Without them, and with them again at the end, it compares and sorts whole tables; should a row point
    nowhere, all is undone."""
    if connection.vendor != "postgresql":
        yield
        return
    connection.check_constraints()  # what waits to be looked up would forbid the change
    with connection.cursor() as cursor:
        cursor.execute(BESIDE_TABLES)
        beside = cursor.fetchall()
        for drop, _, _ in reversed(beside):
            cursor.execute(drop)
        yield
        for _, make, _ in beside:
            cursor.execute(make)


def write(model: type[models.Model], rows: Iterator[Row]) -> None:
    """Stores rows, as fast as the database takes them: the verbs would need days. Columns that a row does not name get
    their field's default; a key that none names counts up."""
    head = next(rows, None)
    if head is None:
        return
    fields = [field for field in model._meta.concrete_fields if field.attname in head or not field.primary_key]
    defaults = {field.attname: field.get_default() for field in fields}
    lines = (list((defaults | row).values()) for row in chain([head], rows))  # in the order of the defaults
    quoted = connection.ops.quote_name
    table, columns = quoted(model._meta.db_table), ", ".join(quoted(field.column) for field in fields)
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            as_json = [place for place, field in enumerate(fields) if isinstance(field, models.JSONField)]
            with cursor.copy(f"COPY {table} ({columns}) FROM STDIN") as copy:
                for line in lines:
                    for place in as_json:
                        line[place] = json.dumps(line[place])
                    copy.write_row(line)
        else:
            insert = f"INSERT INTO {table} ({columns}) VALUES ({', '.join(['%s'] * len(fields))})"  # noqa: S608
            prepare = [field.get_db_prep_save for field in fields]
            while batch := [
                [prepared(value, connection) for prepared, value in zip(prepare, line, strict=True)]
                for line in islice(lines, BATCH)
            ]:
                cursor.executemany(insert, batch)


def count_on(written: Iterable[type[models.Model]]) -> None:
    """Lets keys that count up go on after those of ``write``."""
    with connection.cursor() as cursor:
        for reset in connection.ops.sequence_reset_sql(no_style(), list(written)):
            cursor.execute(reset)

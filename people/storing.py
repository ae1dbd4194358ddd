"""Storing many rows at once, of which some may be there already."""

import fcntl
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from django.db import connection, models


def insert_new(rows: Sequence[models.Model], *, telling: tuple[str, ...]) -> list[tuple]:
    """Inserts those of ``rows`` that no unique constraint knows yet, in one statement, and returns the fields
    ``telling`` of each that is new. Two transactions that insert the same never wait for each other's rollback with
    more than the row, and neither fails."""
    if not rows:
        return []
    meta = rows[0]._meta
    fields = [field for field in meta.local_concrete_fields if not isinstance(field, models.AutoField)]
    quote = connection.ops.quote_name
    names = ", ".join(quote(field.column) for field in fields)
    places = f"({', '.join(['%s'] * len(fields))})"
    told = [meta.get_field(name) for name in telling]
    sql = (
        f"INSERT INTO {quote(meta.db_table)} ({names}) VALUES {', '.join([places] * len(rows))} "  # noqa: S608
        f"ON CONFLICT DO NOTHING RETURNING {', '.join(quote(field.column) for field in told)}"
    )
    values = [field.get_db_prep_save(field.pre_save(row, add=True), connection) for row in rows for field in fields]
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        return [
            tuple(field.to_python(value) for field, value in zip(told, row, strict=True)) for row in cursor.fetchall()
        ]


@contextmanager
def in_turn() -> Iterator[None]:
    """Around a transaction of many rows: with SQLite, which has one writer at a time, they queue here. Its own way of
    waiting is to look again after a while, longer each time, so that some wait for seconds beside a free database."""
    if connection.vendor != "sqlite":
        yield
        return
    with open(f"{connection.settings_dict['NAME']}.turn", "w") as turn:
        fcntl.flock(turn, fcntl.LOCK_EX)
        yield

"""Storing many rows at once, of which some may be there already; and holding many."""

import fcntl
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from django.db import connection, models
from django.db.backends.base.base import BaseDatabaseWrapper

from .prepared import in_database, own_connection, run

PLAIN = (models.BooleanField, models.CharField, models.IntegerField, models.TextField)  # as the driver takes them


def lock(rows: models.QuerySet) -> list:
    """Until the transaction ends, always in the same order; rows that point to these may be written meanwhile. Returns
    the ids of those that are still there."""
    return list(rows.select_for_update(of=("self",), no_key=True).order_by("pk").values_list("pk", flat=True))


def insert_new(rows: Sequence[models.Model], *, telling: tuple[str, ...]) -> list[tuple]:
    """Inserts those of ``rows`` that no unique constraint knows yet, in one statement, and returns the fields
    ``telling`` of each that is new. Two transactions that insert the same never wait for each other's rollback with
    more than the row, and neither fails."""
    if not rows:
        return []
    told = [rows[0]._meta.get_field(name) for name in telling]
    sql, params = _inserting(rows, f"DO NOTHING RETURNING {', '.join(map(_column, told))}")
    new = run(sql, params, lambda cursor: cursor.fetchall(), prepare=len(rows) == 1)
    return [tuple(field.to_python(value) for field, value in zip(told, row, strict=True)) for row in new]


def store(rows: Sequence[models.Model], *, unique: tuple[str, ...], update: tuple[str, ...]) -> None:
    """Inserts ``rows`` in one statement. Those that the constraint over the fields ``unique`` knows already get the
    fields ``update`` instead."""
    if not rows:
        return
    known, new = ([_column(rows[0]._meta.get_field(name)) for name in names] for names in (unique, update))
    changes = ", ".join(f"{column} = excluded.{column}" for column in new)
    sql, params = _inserting(rows, f"({', '.join(known)}) DO UPDATE SET {changes}")
    run(sql, params, lambda cursor: None, prepare=len(rows) == 1)


def _inserting(rows: Sequence[models.Model], on_conflict: str) -> tuple[str, list]:
    """The statement and its parameters."""
    meta = rows[0]._meta
    fields = [field for field in meta.local_concrete_fields if not isinstance(field, models.AutoField)]
    names = ", ".join(map(_column, fields))
    places = f"({', '.join(['%s'] * len(fields))})"
    database = own_connection()
    columns = [(field.attname, _in_database(field, database)) for field in fields]
    sql = f"INSERT INTO {meta.db_table} ({names}) VALUES {', '.join([places] * len(rows))} ON CONFLICT {on_conflict}"  # noqa: S608
    return sql, [value(getattr(row, name)) for row in rows for name, value in columns]


def _in_database(field: models.Field, database: BaseDatabaseWrapper) -> Callable[[Any], Any]:
    """What makes a parameter of a field's value."""
    if isinstance(field, PLAIN):
        return lambda value: value
    if isinstance(field, (models.DateTimeField, models.ForeignKey, models.UUIDField)):
        return lambda value: in_database(value, database)
    return lambda value: field.get_db_prep_save(value, database)


def _column(field: models.Field) -> str:
    return connection.ops.quote_name(field.column)


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

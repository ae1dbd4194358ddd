"""Statements that are asked so often that their SQL is made once: Django takes longer to write most of them than the
database takes to answer."""

import re
from collections.abc import Callable
from datetime import UTC, datetime
from functools import cached_property, lru_cache
from typing import Any
from uuid import UUID

import psycopg
from django.db import DEFAULT_DB_ALIAS, connection, connections
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import JSONField, Model, QuerySet
from django.db.models.query import get_related_populators
from django.db.models.sql import UpdateQuery
from django.db.models.sql.compiler import SQLCompiler

A_PLACE = re.compile(r"(?<!%)%s")
NEVER_BY_ITSELF = 2**31 - 1  # executions after which psycopg prepares a statement unasked
_STAND_INS: dict[type, Callable[[int], Any]] = {
    int: lambda place: -1001 - place,
    str: lambda place: f"\ue001{place}",
    UUID: lambda place: UUID(int=0xE001 + place),
    datetime: lambda place: datetime(1970 + place, 1, 1, tzinfo=UTC),
}


class Prepared:
    """A queryset of ``values_list`` with stand-ins for what differs from one asking to the next.

    ``build`` gets a stand-in for each of ``kinds`` (int, str, UUID or datetime, by name); a call gives the values under
    the same names. Where ``build`` says ``…__in=[stand_in]``, the value is a collection, which is not empty. Everything
    else is fixed at first: a queryset that looks at the clock by itself is not for this. ``around`` is SQL which
    reads the queryset, in the place of its ``{}``, and gives columns of the same kinds.
    """

    def __init__(self, build: Callable[..., QuerySet], *, around: str = "{}", **kinds: type):
        self.build, self.around = build, around
        self.stand_ins = {name: _STAND_INS[kind](place) for place, (name, kind) in enumerate(kinds.items())}

    def __call__(self, **values) -> list[tuple]:
        rows = self._run(values, lambda cursor: cursor.fetchall())
        return self._converted(rows) if rows and self._converters else rows

    def _compiler(self) -> SQLCompiler:
        return self.build(**self.stand_ins).query.get_compiler(connection=connection)

    @cached_property
    def _compiled(self) -> tuple[SQLCompiler, str, tuple]:
        compiler = self._compiler()
        sql, params = compiler.as_sql()  # which gives it its columns, too
        return compiler, self.around.format(sql), params

    @cached_property
    def _converters(self) -> dict:
        """By column, what makes a value of Python of what the driver gives."""
        compiler, *_ = self._compiled
        return compiler.get_converters([expression for expression, *_ in compiler.select])

    def _converted(self, rows: list[tuple]) -> list[tuple]:
        """Column by column, and equal values once, which is several times as fast as row by row: few keys and moments
        stand in many rows."""
        columns, database = list(zip(*rows, strict=True)), own_connection()
        for place, (converters, expression) in self._converters.items():
            of_its_own = isinstance(expression.output_field, JSONField)  # whoever has a list may change it
            for convert in converters:
                column = columns[place]
                if of_its_own:
                    columns[place] = [convert(value, expression, database) for value in column]
                else:
                    made = {value: convert(value, expression, database) for value in set(column)}
                    columns[place] = [made[value] for value in column]
        return list(zip(*columns, strict=True))

    @cached_property
    def _parts(self) -> tuple[list[str], list[tuple[str | None, Any, bool]]]:
        """The SQL between its places, and what goes there: a value's name, or what is always the same; and whether it
        goes there as an array, which PostgreSQL has, so that the SQL is the same for any number."""
        _, sql, params = self._compiled
        names = {in_database(stand_in, connection): name for name, stand_in in self.stand_ins.items()}
        texts, places = sql.split("%s"), []
        for place, param in enumerate(params):
            name = names.get(param) if param.__hash__ else None
            is_array = bool(name) and connection.vendor == "postgresql" and texts[place].endswith(" IN (")
            if is_array:
                texts[place] = f"{texts[place].removesuffix('IN (')}= ANY("
            places.append((name, param, is_array))
        if lost := self.stand_ins.keys() - {name for name, *_ in places}:
            raise ValueError(f"{lost}: changed on the way into the SQL, so no value could take their places")
        return texts, places

    @cached_property
    def _arrays(self) -> set[str]:
        return {name for name, _, is_array in self._parts[1] if is_array}

    @cached_property
    def _always(self) -> str:
        return self._sql([1] * len(self._parts[1]))

    def _sql(self, sizes: list[int]) -> str:
        first, *others = self._parts[0]
        texts = [first]
        for size, text in zip(sizes, others, strict=True):
            texts += [", ".join(["%s"] * size), text]
        return "".join(texts)

    def _filled(self, values: dict, database: BaseDatabaseWrapper) -> tuple[str, list]:
        given = {name: _as_list(value, database) for name, value in values.items()}
        arrays = {name: [array_of(given[name])] for name in self._arrays}
        params = [
            [same] if name is None else arrays[name] if is_array else given[name]
            for name, same, is_array in self._parts[1]
        ]
        sizes = [len(value) for value in params]
        sql = self._always if set(sizes) <= {1} else self._sql(sizes)
        return sql, [one for value in params for one in value]

    def _run(self, values: dict, read: Callable[[Any], Any]) -> Any:
        sql, params = self._filled(values, own_connection())
        return run(sql, params, read, prepare=sql is self._always)


class PreparedModels(Prepared):
    """As ``Prepared`` for a queryset of models, with what it annotates and selects related."""

    def __call__(self, **values) -> list:
        return [self._made(row) for row in super().__call__(**values)]

    @cached_property
    def _made(self) -> Callable[[tuple], Model]:
        """What makes a model of a row, as Django's own ``ModelIterable`` does."""
        compiler, *_ = self._compiled
        columns, own, annotations = compiler.select, compiler.klass_info, compiler.annotation_col_map
        first, last = own["select_fields"][0], own["select_fields"][-1] + 1
        names = [expression.target.attname for expression, *_ in columns[first:last]]
        related = get_related_populators(own, columns, connection.alias)

        def made(row: tuple) -> Model:
            one = own["model"].from_db(connection.alias, names, row[first:last])
            for populator in related:
                populator.populate(row, one)
            for name, place in annotations.items():
                setattr(one, name, row[place])
            return one

        return made


class PreparedWrite(Prepared):
    """As ``Prepared`` where ``around`` writes. A call returns how many rows there were."""

    def __call__(self, **values) -> int:
        return self._run(values, lambda cursor: cursor.rowcount)


class PreparedUpdate(PreparedWrite):
    """``build`` returns the rows and their new values, as for ``update``."""

    def _compiler(self) -> SQLCompiler:
        rows, new = self.build(**self.stand_ins)
        query = rows.query.chain(UpdateQuery)
        query.add_update_values(new)
        return query.get_compiler(connection=connection)


def run(sql: str, params: list, read: Callable[[Any], Any], *, prepare: bool) -> Any:
    """What ``read`` makes of the cursor, of a statement as Django writes it. PostgreSQL takes longer to plan most than
    to answer them: it keeps the plan of one that is to be ``prepare``d. Django's other statements stay unprepared."""
    database = own_connection()
    driver = driver_of(database)
    if database.queries_logged or database.execute_wrappers:  # somebody counts
        with database.cursor() as cursor:
            cursor.execute(sql, params)
            return read(cursor)
    with database.wrap_database_errors:
        if database.vendor == "sqlite":
            return read(driver.execute(sql.replace("%s", "?").replace("%%", "%"), params))
        return run_numbered(driver, numbered(sql), params, read, prepare=prepare)


def run_numbered(driver: psycopg.Connection, sql: str, params: list, read: Callable, *, prepare: bool) -> Any:
    """As ``run`` on PostgreSQL, of a statement as ``numbered`` writes it, and past whoever counts."""
    driver.prepare_threshold = NEVER_BY_ITSELF
    with psycopg.RawCursor(driver) as cursor:
        cursor.execute(sql, params, prepare=prepare)
        return read(cursor)


@lru_cache(maxsize=256)
def numbered(sql: str) -> str:
    """``sql`` with its places as PostgreSQL itself has them, which saves psycopg to look for them."""
    first, *others = A_PLACE.split(sql)
    texts = [first, *(f"${place}{text}" for place, text in enumerate(others, start=1))]
    return "".join(texts).replace("%%", "%")


def own_connection() -> BaseDatabaseWrapper:
    """This thread's. Each attribute of Django's ``connection`` looks for it anew, twenty times a statement."""
    return connections[DEFAULT_DB_ALIAS]


def driver_of(database: BaseDatabaseWrapper) -> Any:
    """The connection as its driver has it, looked after as Django's own cursors do: the database may have been
    restarted."""
    database.close_if_health_check_failed()
    database.ensure_connection()
    return database.connection


def _as_list(value: Any, database: BaseDatabaseWrapper) -> list:
    many = value if isinstance(value, (list, tuple, set, frozenset)) else [value]
    return [in_database(one, database) for one in many]


def array_of(values: list) -> str | list:
    """As PostgreSQL writes an array of numbers or keys, which psycopg does slowly; any other as it is."""
    return f"{{{','.join(map(str, values))}}}" if {*map(type, values)} <= {int, UUID} else values


def in_database(value: Any, database: BaseDatabaseWrapper) -> Any:
    """As Django hands it to the driver."""
    if isinstance(value, datetime):
        return database.ops.adapt_datetimefield_value(value)
    if isinstance(value, UUID) and not database.features.has_native_uuid_field:
        return value.hex
    return value

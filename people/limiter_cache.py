"""Where the limiter of sign-ins counts."""

import pickle
from base64 import b64encode
from datetime import UTC, datetime

from django.core.cache.backends.base import DEFAULT_TIMEOUT
from django.core.cache.backends.db import DatabaseCache
from django.db import connection
from django.utils import timezone


class LimiterCache(DatabaseCache):
    """Django's cache in the database, which all workers share. Its own way of writing counts all rows every time, so
    that a spray of codes would slow everybody's sign-in down; this one counts nothing and throws nothing out. It does
    not wait for the disk either.

    A sign-in writes here some twenty times, at 4 ms each until the disk has it. SQLite writes one after another, so a
    crowd would wait for minutes, and every learner's work behind it. A power cut may forget the tries of the last
    seconds; whatever else is written still reaches the disk before anybody is told so.
    """

    def forget_expired(self) -> None:
        """Deletes the counts that are over: nothing else ever does."""
        with connection.cursor() as cursor:
            cursor.execute(
                f"DELETE FROM {self._quoted} WHERE expires < %s",  # noqa: S608  a name of our own
                [_stored(timezone.now())],
            )

    def _base_set(self, mode, key, value, timeout=DEFAULT_TIMEOUT):
        table, now = self._quoted, _stored(timezone.now())
        lasts = self.get_backend_timeout(timeout)
        until = datetime.max.replace(tzinfo=UTC) if lasts is None else datetime.fromtimestamp(lasts, tz=UTC)
        row = [key, b64encode(pickle.dumps(value, self.pickle_protocol)).decode(), _stored(until)]
        keep = (
            f"INSERT INTO {table} (cache_key, value, expires) VALUES (%s, %s, %s) "  # noqa: S608
            "ON CONFLICT (cache_key) DO UPDATE SET value = excluded.value, expires = excluded.expires"
        )
        sql, values = {
            "set": (keep, row),
            "add": (f"{keep} WHERE {table}.expires < %s", [*row, now]),
            "touch": (f"UPDATE {table} SET expires = %s WHERE cache_key = %s AND expires >= %s", [row[2], key, now]),  # noqa: S608
        }[mode]
        return self._written(sql, values) == 1

    def _base_delete_many(self, keys):
        if not keys:
            return False
        places = ", ".join(["%s"] * len(keys))
        sql = f"DELETE FROM {self._quoted} WHERE cache_key IN ({places})"  # noqa: S608
        return self._written(sql, list(keys)) > 0

    def _written(self, sql: str, values: list) -> int:
        """How many rows; not waiting for the disk, unless it is part of a transaction, which keeps its own care."""
        alone = not connection.in_atomic_block
        if alone and connection.vendor == "postgresql":
            # The setting holds for the statement's own transaction: nothing else of the connection is written so.
            sql += " RETURNING set_config('synchronous_commit', 'off', true)"
        on_sqlite = alone and connection.vendor == "sqlite"
        with connection.cursor() as cursor:
            try:
                if on_sqlite:
                    cursor.execute("PRAGMA synchronous=NORMAL")
                cursor.execute(sql, values)
                return cursor.rowcount
            finally:
                if on_sqlite:
                    cursor.execute("PRAGMA synchronous=FULL")

    @property
    def _quoted(self) -> str:
        return connection.ops.quote_name(self._table)


def _stored(moment: datetime):
    return connection.ops.adapt_datetimefield_value(moment.replace(microsecond=0))

"""Django's PostgreSQL, which looks after its connection without asking the database."""

import select

from django.db.backends.postgresql import base
from psycopg.pq import TransactionStatus


class DatabaseWrapper(base.DatabaseWrapper):
    def is_usable(self) -> bool:
        """Whether the connection can be used still; asked once a request. The server says nothing unasked until it ends
        a connection: where nothing has come, there is no need for a question and its answer. Of a server that vanished
        without a word the kernel tells, by the settings' keepalives."""
        return (self.connection is not None and not self._has_news()) or super().is_usable()

    def _has_news(self) -> bool:
        if self.connection.closed or self.connection.info.transaction_status != TransactionStatus.IDLE:
            return True
        line = select.poll()
        line.register(self.connection.fileno(), select.POLLIN)
        return bool(line.poll(0))

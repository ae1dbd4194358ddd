"""Django's PostgreSQL, which looks after its connection without asking the database."""

import select

from django.db.backends.postgresql import base


class DatabaseWrapper(base.DatabaseWrapper):
    def is_usable(self) -> bool:
        """Whether the connection can be used still; asked once a request. The server says nothing unasked until it ends
        a connection: where nothing has come, there is no need for a question and its answer."""
        return (self.connection is not None and not self._has_news()) or super().is_usable()

    def _has_news(self) -> bool:
        if self.connection.closed:
            return True
        line = select.poll()
        line.register(self.connection.fileno(), select.POLLIN)
        return bool(line.poll(0))

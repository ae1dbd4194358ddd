"""Django's sessions in the database, whose row is read at each request of whoever is signed in."""

from datetime import datetime

from django.contrib.sessions.backends import db
from django.contrib.sessions.models import Session
from django.db.models import QuerySet
from django.utils import timezone

from .prepared import Prepared


def sessions(key: str, now: datetime) -> QuerySet:
    return Session.objects.filter(session_key=key, expire_date__gt=now).values_list("session_data")


session_data = Prepared(sessions, key=str, now=datetime)


class SessionStore(db.SessionStore):
    """Under the same name, so that it reads what Django's own has signed."""

    def load(self):
        for (data,) in session_data(key=self.session_key, now=timezone.now()) if self.session_key else ():
            return self.decode(data)
        self._session_key = None
        return {}

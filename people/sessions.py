"""Sessions in the database, each with the account that is signed in by it, as Django's documentation extends its own;
their row is read at each request of whoever is signed in."""

from datetime import datetime

from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.backends import db
from django.contrib.sessions.base_session import AbstractBaseSession
from django.db import models
from django.db.models import QuerySet
from django.utils import timezone

from .prepared import Prepared


class Session(AbstractBaseSession):
    """``account_id`` only finds sessions: who is signed in is what the signed data say. It is no relation, so that a
    sign-in just while its account is erased is stored as any other, and opens nothing; None where nobody is."""

    account_id = models.BigIntegerField(null=True, db_index=True)

    @classmethod
    def get_session_store_class(cls) -> type["SessionStore"]:
        return SessionStore


def running(key: str, now: datetime) -> QuerySet[Session]:
    return Session.objects.filter(session_key=key, expire_date__gt=now)


session_data = Prepared(lambda key, now: running(key, now).values_list("session_data"), key=str, now=datetime)


def end_sessions(user_ids: set[int]) -> int:
    """Deletes the sessions of these accounts, which bear the card code too. Returns how many."""
    return Session.objects.filter(account_id__in=user_ids).delete()[0]


def end_others(sender, request, user, **kwargs) -> None:
    """A second factor was set up here. Wherever else she is signed in, her password alone has opened it."""
    Session.objects.filter(account_id=user.pk).exclude(session_key=request.session.session_key).delete()


class SessionStore(db.SessionStore):
    """Under the same name, so that it reads what Django's own has signed."""

    @classmethod
    def get_model_class(cls) -> type[Session]:
        return Session

    def create_model_instance(self, data: dict) -> Session:
        row = super().create_model_instance(data)
        row.account_id = data.get(SESSION_KEY)
        return row

    def load(self):
        for (data,) in session_data(key=self.session_key, now=timezone.now()) if self.session_key else ():
            return self.decode(data)
        self._session_key = None
        return {}

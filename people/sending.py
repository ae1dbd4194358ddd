"""Keys under which a phone sends work later, also after its learner has signed out. A key only writes."""

import hashlib
import hmac
import secrets
from collections.abc import Iterable
from datetime import datetime, timedelta

from django.conf import settings
from django.db import models, transaction
from django.db.models import Case, F, When
from django.utils import timezone

from .prepared import PreparedModels

# Phones; a key that has ended makes room, then one that has sent nothing yet, else the one unused longest.
KEYS_AN_ACCOUNT = 20
# What a key may send in a while. After a restore a busy phone has some thousand items to send again.
A_WHILE = timedelta(minutes=10)
BATCHES = 300
ITEMS = 6000


class TooOften(Exception):
    """The key has sent as much as it may in a while; ``wait`` says how long it lasts."""

    def __init__(self, wait: timedelta):
        super().__init__(wait)
        self.wait = wait


class SendingKeyQuerySet(models.QuerySet):
    @transaction.atomic
    def issue(self, user) -> str:
        """A new key for one phone of ``user``. Returns the key; it is stored nowhere but as a digest."""
        key, sessions = secrets.token_urlsafe(32), user.get_session_auth_hash()
        # Those that have ended stay while there is room: their phones are told when she is erased.
        ended = Case(When(sessions=sessions, then=0), default=1)
        mine = self.filter(user=user).order_by(ended, F("last_used_at").desc(nulls_last=True), "-pk")
        self.filter(pk__in=[row.pk for row in mine[KEYS_AN_ACCOUNT - 1 :]]).delete()
        self.create(user=user, digest=_digest(key), sessions=sessions)
        return key

    def find(self, key: str) -> "SendingKey | None":
        """The key with its account; None for one that is unknown or has ended. It ends as the sessions do: when the PIN
        or the password changes, or the account is closed."""
        for row in _alive(digest=_digest(key)):
            return row if hmac.compare_digest(row.sessions, row.user.get_session_auth_hash()) else None
        return None

    def hold(self, pk: int) -> "SendingKey":
        """The key, its row locked until the transaction ends: batches of one phone come one after the other. Raises
        SendingKey.DoesNotExist."""
        for row in _held(pk=pk):
            return row
        raise self.model.DoesNotExist


_alive = PreparedModels(
    lambda digest: SendingKey.objects.select_related("user").filter(digest=digest, user__is_active=True), digest=str
)
_held = PreparedModels(lambda pk: SendingKey.objects.select_for_update(no_key=True).filter(pk=pk), pk=int)


class SendingKey(models.Model):
    """``serial`` counts the batches that were stored under the key; the phone is told, and so notices when the server
    has forgotten some."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="sending_keys")
    digest = models.CharField(max_length=64, unique=True)
    sessions = models.CharField(max_length=128)  # what the account's sessions carry: changes with the PIN
    made_at = models.DateTimeField(default=timezone.now)
    last_used_at = models.DateTimeField(null=True)
    serial = models.PositiveIntegerField(default=0)
    while_began_at = models.DateTimeField(null=True)
    batches = models.PositiveSmallIntegerField(default=0)  # since then
    items = models.PositiveIntegerField(default=0)

    objects = SendingKeyQuerySet.as_manager()

    def count_batch(self, items: int) -> None:
        """One more batch is stored under the key, which is held. Raises TooOften."""
        now = timezone.now()
        if self.while_began_at is None or not timedelta() <= now - self.while_began_at < A_WHILE:
            self.while_began_at, self.batches, self.items = now, 0, 0
        if self.batches >= BATCHES or self.items + items > ITEMS:
            raise TooOften(self.while_began_at + A_WHILE - now)
        self.batches += 1
        self.items += items
        self.serial += 1
        self.last_used_at = now
        self.save(update_fields=["serial", "last_used_at", "while_began_at", "batches", "items"])


class ErasedKeyQuerySet(models.QuerySet):
    def note(self, digests: Iterable[str], at: datetime) -> None:
        self.bulk_create((self.model(digest=digest, erased_at=at) for digest in digests), ignore_conflicts=True)

    def knows(self, key: str) -> bool:
        return self.filter(digest=_digest(key)).exists()


class ErasedKey(models.Model):
    """A sending key of somebody who was erased: her phone is told, and lets go of what is hers. It points to nobody."""

    digest = models.CharField(max_length=64, unique=True)
    erased_at = models.DateTimeField()

    objects = ErasedKeyQuerySet.as_manager()


def _digest(key: str) -> str:
    return hashlib.sha256(key.encode(errors="replace")).hexdigest()

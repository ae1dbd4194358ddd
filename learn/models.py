"""The ledger of work that phones sent (docs/offline.md): what was taken, and what was not."""

import uuid
from collections.abc import Collection
from datetime import datetime

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from people.models import Learner
from people.prepared import PreparedUpdate

from .items import Reason


class EpochQuerySet(models.QuerySet):
    def current(self) -> "Epoch":
        """The epoch of today. The first one begins with the tables."""
        return self.latest("pk")


class Epoch(models.Model):
    """The server's data began a new life, at first or after a restore: phones then send again what they have kept."""

    name = models.UUIDField(default=uuid.uuid4)
    began_at = models.DateTimeField(default=timezone.now)

    objects = EpochQuerySet.as_manager()


class SentWork(models.Model):
    """An item that was taken: its id is never taken again."""

    id = models.UUIDField(primary_key=True)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="sent_work")
    kind = models.CharField(max_length=12)
    digest = models.CharField(max_length=64)
    phone_clock = models.CharField(max_length=40)
    received_at = models.DateTimeField()

    class Meta:
        verbose_name = "kiriman"
        verbose_name_plural = "kiriman"


class RefusedWorkQuerySet(models.QuerySet):
    def unseen(self):
        return self.filter(seen_at=None)

    def for_staff(self, user):
        """What a companion sent herself, and what the learners of her households sent; all for an administrator."""
        if user.is_superuser:
            return self
        return self.filter(Q(user=user) | Q(user__learner__in=Learner.objects.active().for_companion(user)))

    def see(self, work: "RefusedWork", *, by) -> bool:
        """Somebody has looked: what came is needed no more. False where that was so already."""
        return bool(self.unseen().filter(pk=work.pk).update(seen_at=timezone.now(), seen_by=by, content=""))

    def taken(self, user, item_ids: Collection[str]) -> None:
        """What ``user`` had sent in vain under these ids, or another's phone for her, was taken after all: nobody needs
        to look. Other content under the id of what was taken stays refused."""
        if item_ids:
            _no_longer_refused(user=user.pk, items=item_ids, now=timezone.now())

    def blank(self) -> int:
        """Takes out what came, which may name anybody. The digest stays: sent again, it is still the same."""
        return self.update(content="")


_no_longer_refused = PreparedUpdate(
    lambda user, items, now: (
        RefusedWork.objects.unseen()
        .filter(Q(user=user) | Q(reason=Reason.OWNER), item_id__in=[items])
        .exclude(reason=Reason.CHANGED),
        {"seen_at": now, "content": ""},
    ),
    user=int,
    items=str,
    now=datetime,
)


class RefusedWork(models.Model):
    """An item that was not taken, for someone to look at. ``content`` is empty where it was somebody else's, and once
    somebody has looked."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="refused_work")
    item_id = models.CharField(max_length=36)
    digest = models.CharField(max_length=64)  # of what came, by our own count
    content = models.TextField()
    reason = models.CharField(max_length=12)
    refused_at = models.DateTimeField()
    seen_at = models.DateTimeField(null=True)
    seen_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")

    objects = RefusedWorkQuerySet.as_manager()

    class Meta:
        verbose_name = "kiriman yang belum diterima"
        verbose_name_plural = "kiriman yang belum diterima"
        constraints = [models.UniqueConstraint(fields=["user", "digest"], name="refused_once")]
        indexes = [models.Index(fields=["item_id"], condition=Q(seen_at=None), name="refused_unseen")]

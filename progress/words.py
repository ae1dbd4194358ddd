"""A companion's word in her own voice, which goes with the modules that she gives."""

import uuid

from django.conf import settings
from django.core.files.base import ContentFile
from django.db import models
from django.db.models import Q
from django.utils import timezone

from people.models import Household, Learner
from practice.models import FileQuerySet, forget_files, private_storage


def file_name(word: "SpokenWord", _client_name: str) -> str:
    """Random, and nothing of what the phone called it."""
    return f"kata/{uuid.uuid4().hex}.webm"


class SpokenWordQuerySet(FileQuerySet):
    def store(self, data: bytes, *, by) -> "SpokenWord":
        """Keeps what practice/recordings.py made of a recording."""
        word = SpokenWord(by=by, bytes=len(data))
        word.file.save("", ContentFile(data), save=False)
        try:
            word.save(force_insert=True)
        except BaseException:
            forget_files([word.file.name])
            raise
        return word

    def for_learner(self, learner: Learner):
        """What was said to her household."""
        return self.filter(assignments__household=learner.household_id).distinct()

    def for_companion(self, user):
        """What was said to a household that she accompanies now; and what she has just said, to hear it first."""
        return self.filter(
            Q(assignments=None, by=user.pk) | Q(assignments__household__in=Household.objects.for_companion(user))
        ).distinct()

    def said_to_nobody(self):
        """Those that go with no assignment: not yet sent, or with nobody left to hear them."""
        return self.filter(assignments=None)


class SpokenWord(models.Model):
    """A recording of at most a minute. It is said to every household whose assignment points to it."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    file = models.FileField(upload_to=file_name, storage=private_storage, max_length=60)
    bytes = models.PositiveIntegerField()
    said_at = models.DateTimeField(default=timezone.now)
    content_type = "audio/webm"

    objects = SpokenWordQuerySet.as_manager()

    class Meta:
        verbose_name = "kata pendamping"
        verbose_name_plural = "kata pendamping"

"""Editors' recordings and videos. A voice is stored small, with a twin for phones that do not know its form."""

from django.db import models, transaction
from django.db.models.signals import post_delete
from django.dispatch import receiver
from wagtailmedia.models import AbstractMedia


class Recording(AbstractMedia):
    """A voice or a video. The file of a voice never changes: to say it anew is to make and choose another."""

    twin = models.FileField("kembaran AAC", upload_to="media", blank=True, editable=False)

    admin_form_fields = ("title", "file", "collection", "tags")

    class Meta(AbstractMedia.Meta):
        verbose_name = "rekaman"
        verbose_name_plural = "rekaman"

    @property
    def sources(self) -> list[dict[str, str]]:
        """For a player: what a phone tries in turn."""
        if not self.twin:
            return super().sources
        return [{"src": self.url, "type": "audio/webm; codecs=opus"}, {"src": self.twin.url, "type": "audio/mp4"}]


@receiver(post_delete, sender=Recording)
def forget_twin(instance, **kwargs):
    """Wagtail's media deletes ``file`` and knows of no other."""
    transaction.on_commit(lambda: instance.twin.delete(save=False))

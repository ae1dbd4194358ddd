"""One row that changes whenever anything does that pages show, so that whoever keeps a page ready knows when it is old.

An app that owns such a table says so when it starts: ``ContentVersion.objects.follow(Figure)``.
"""

import uuid

from django.apps import apps
from django.db import models, transaction
from django.db.models.signals import post_delete, post_save
from wagtail.models import Page
from wagtail.signals import post_page_move

# Wagtail saves these alone, each few seconds, while an editor writes a draft.
OF_DRAFTS = {
    "latest_revision",
    "latest_revision_created_at",
    "draft_title",
    "has_unpublished_changes",
    "wagtail_admin_comments",
}


class ContentVersionManager(models.Manager):
    bumps = 0  # by this process, for whoever remembers a version for a moment

    def follow(self, *senders: type[models.Model]) -> None:
        """From now on, each saved or deleted row of these begins a new version."""
        for sender in senders:
            post_save.connect(saved, sender=sender)
            post_delete.connect(changed, sender=sender)

    def is_changing(self) -> bool:
        """Whether this transaction has changed content already, so that others still see the old."""
        return any(told is _bump for _, told, _ in transaction.get_connection().run_on_commit)

    def bump(self) -> None:
        """Begins a new version. A random name: one that was rolled back, or lost to a restore, never comes again."""
        self.update_or_create(pk=1, defaults={"name": uuid.uuid4()})
        self.bumps += 1


class ContentVersion(models.Model):
    name = models.UUIDField(default=uuid.uuid4)

    objects = ContentVersionManager()


def saved(sender, update_fields=None, **kwargs) -> None:
    if not (update_fields and OF_DRAFTS.issuperset(update_fields)):
        changed()


def changed(**kwargs) -> None:
    """After the commit, once a transaction: nobody who reads the new version can find the old rows. Were the process to
    die between the two, the old pages would stand until the hour is over (learn/fast_pages.py)."""
    if not ContentVersion.objects.is_changing():
        transaction.on_commit(_bump)


def _bump() -> None:
    ContentVersion.objects.bump()


def follow_pages() -> None:
    """Pages of every kind; also where they are moved, which saves no row. Each kind by its name: a listener to all
    models would make Django read every row of any table before it deletes it."""
    pages = [model for model in apps.get_models() if issubclass(model, Page)]
    ContentVersion.objects.follow(*pages)
    post_page_move.connect(changed)

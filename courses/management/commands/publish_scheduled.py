import logging

from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from django.utils import timezone
from wagtail.models import Page, Revision

from courses.loader import hold_pages
from courses.renditions import make_renditions

log = logging.getLogger("courses.publish_scheduled")


class Command(BaseCommand):
    """In the place of Wagtail's, which takes the hour from a page before it publishes it: cut off in between, the page
    never goes out. And one page that cannot go out holds up all after it."""

    help = "Publishes the pages whose hour has come, and takes back those whose time is over. Run it every few minutes."

    def handle(self, *args, **options):
        now = timezone.now()
        for page in Page.objects.filter(live=True, expire_at__lt=now).order_by("expire_at"):
            with transaction.atomic():
                page.unpublish(set_expired=True, log_action="wagtail.unpublish.scheduled")
        due = Revision.objects.filter(approved_go_live_at__lt=now).order_by("approved_go_live_at")
        failed = [revision.object_str for revision in due if not _is_published(revision)]
        if failed:
            raise CommandError(f"Belum bisa terbit: {', '.join(failed)}.")


def _is_published(revision: Revision) -> bool:
    try:
        make_renditions(revision.as_object())  # before the transaction, for which others wait
        with transaction.atomic():
            hold_pages()
            revision.publish(log_action="wagtail.publish.scheduled")
    except Exception:  # whatever its page is refused for: the others go out all the same
        log.exception("%s could not be published at its hour", revision.object_str)
        return False
    return True

import logging
from collections.abc import Callable
from contextlib import suppress

from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from django.db.models import QuerySet
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
        over = Page.objects.filter(live=True, expire_at__lt=now).order_by("expire_at")
        due = Revision.objects.filter(approved_go_live_at__lt=now).order_by("approved_go_live_at")
        for revision in due:
            with suppress(Exception):  # what is wrong with it, publishing it will tell
                make_renditions(revision.as_object())  # before the transactions, for which others wait
        failed = _each(over, lambda page: page.unpublish(set_expired=True, log_action="wagtail.unpublish.scheduled"))
        failed += _each(due, lambda revision: revision.publish(log_action="wagtail.publish.scheduled"))
        if failed:
            raise CommandError(f"Belum bisa terbit, atau ditarik: {', '.join(failed)}.")


def _each(rows: QuerySet, act: Callable) -> list[str]:
    """Those that it failed with; whatever one is refused for, the others get their turn. Each is read as it is when
    nobody else writes pages: an editor may have moved it, or changed its hour, since it was found."""
    failed = []
    for found in rows:
        try:
            with transaction.atomic():
                hold_pages()
                if row := rows.filter(pk=found.pk).first():
                    act(row)
        except Exception:
            log.exception("%s stays as it was at its hour", found)
            failed.append(str(found))
    return failed

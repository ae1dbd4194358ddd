from django.db import transaction
from django.utils import timezone
from wagtail.management.commands import publish_scheduled
from wagtail.models import Revision

from courses.loader import hold_pages
from courses.renditions import make_renditions


class Command(publish_scheduled.Command):
    """Wagtail's takes the hour from a page before it publishes it: cut off in between, the page never goes out."""

    help = "Publishes the pages whose hour has come, and takes back those whose time is over. Run it every few minutes."

    def handle(self, *args, **options):
        for revision in Revision.objects.filter(approved_go_live_at__lt=timezone.now()):
            make_renditions(revision.as_object())  # before the transaction, for which others wait
        with transaction.atomic():
            hold_pages()
            super().handle(*args, **options)

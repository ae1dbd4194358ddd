from django.core.management.base import BaseCommand

from learn.models import Epoch


class Command(BaseCommand):
    help = "Begins a new epoch, after the data went back in time: phones send again what they have kept for 90 days."

    def handle(self, **options):
        self.stdout.write(str(Epoch.objects.create().name))

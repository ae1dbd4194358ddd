from django.core.management.base import BaseCommand, CommandError

from people import regions
from people.models import Region


class Command(BaseCommand):
    help = "Loads all provinces, regencies and districts of Indonesia. Safe to run again."

    def add_arguments(self, parser):
        parser.add_argument("--villages", metavar="CODE", help="only the villages of this district, such as 31.75.10")

    def handle(self, *, villages: str | None, verbosity: int, **options):
        try:
            places = regions.villages(villages) if villages else regions.nation()
        except ValueError as unknown:
            raise CommandError(str(unknown)) from unknown
        written = Region.objects.keep(places)
        if verbosity:
            self.stdout.write(f"{len(places)} regions, {written} of them new or renamed.")

from pathlib import Path

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from courses.content_files import ContentError
from courses.loader import load


class Command(BaseCommand):
    help = "Loads the lessons under content/. Leaves what editors have changed, and says so."

    def add_arguments(self, parser):
        parser.add_argument("folder", nargs="?", type=Path, default=settings.BASE_DIR / "content")

    def handle(self, *, folder: Path, **options):
        try:
            run = load(folder)
        except ContentError as error:
            raise CommandError(f"{error} Tidak ada yang diubah.") from None
        self.stdout.write(f"Materi: {len(run.created)} baru, {len(run.updated)} diperbarui, {run.same} sama.")
        for title in run.kept:
            self.stdout.write(f"Dibiarkan, karena sudah diubah penyunting: {title}")

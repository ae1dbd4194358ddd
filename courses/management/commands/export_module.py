from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from courses.content_files import ContentError
from courses.moving import export_module


class Command(BaseCommand):
    help = "Writes one published module, with its lessons, quiz, pictures and recordings, to one file."

    def add_arguments(self, parser):
        parser.add_argument("slug")
        parser.add_argument("file", type=Path)

    def handle(self, *, slug: str, file: Path, **options):
        try:
            pages = export_module(slug, file)
        except ContentError as error:
            raise CommandError(str(error)) from None
        except OSError as problem:
            raise CommandError(f"{file}: berkas ini tidak bisa ditulis ({problem.strerror}).") from None
        self.stdout.write(f"{pages} halaman ada di {file}.")

from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from courses.content_files import ContentError
from courses.moving import import_module


class Command(BaseCommand):
    help = "Makes or updates one module from a file of export_module, and publishes it. All or nothing."

    def add_arguments(self, parser):
        parser.add_argument("file", type=Path)

    def handle(self, *, file: Path, **options):
        try:
            run = import_module(file)
        except ContentError as error:
            raise CommandError(f"{error} Tidak ada yang diubah.") from None
        except OSError as problem:
            raise CommandError(f"{file}: isinya tidak bisa disimpan di sini ({problem.strerror}).") from None
        self.stdout.write(f"Modul: {len(run.created)} halaman baru, {len(run.updated)} diperbarui, {run.same} sama.")
        for title in run.kept:
            self.stdout.write(f"Draf yang belum terbit sekarang ada di riwayat halaman: {title}")

import sqlite3
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from lms.backups import BadBackup, made_at, restore


class Command(BaseCommand):
    help = (
        "Puts everything back as it was in a backup. Stop the server first. Use scripts/restore, which does the rest."
    )

    def add_arguments(self, parser):
        parser.add_argument("backup", type=Path, help="a folder that «manage.py backup» has made")

    def handle(self, *, backup: Path, **options):
        try:
            epoch = restore(backup)
        except (BadBackup, OSError, sqlite3.Error) as error:  # of SQLite's, a full disk
            raise CommandError(str(error)) from error
        self.stdout.write(f"Dipulihkan. Masa data baru: {epoch.name}. HP mengirim lagi yang belum ada di sini.")
        self.stdout.write(
            f"PIN, kata sandi, akun yang ditutup, dan pendampingan kembali seperti pada {made_at(backup)}. "
            "Yang berganti sesudah itu belum ikut: docs/production.md memberi tahu cara mencarinya."
        )

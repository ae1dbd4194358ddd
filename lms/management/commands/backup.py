import sqlite3
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from lms.backups import BadBackup, back_up


class Command(BaseCommand):
    help = "Makes a consistent copy of the database and of all files in a new folder, and checks it."

    def add_arguments(self, parser):
        parser.add_argument("folder", type=Path, help="where backups are kept; better not on the same disk")

    def handle(self, *, folder: Path, **options):
        try:
            self.stdout.write(str(back_up(folder)))
        except (BadBackup, OSError, sqlite3.Error) as error:  # of SQLite's, a full disk
            raise CommandError(str(error)) from error

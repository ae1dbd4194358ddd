from pathlib import Path
from tempfile import TemporaryFile

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.db import OperationalError, connection

from courses.search import index_missing
from learn import rights


class Command(BaseCommand):
    help = (
        "Brings the database to this version of the product: tables, regions, roles, lessons. Whoever was erased or "
        "withdrew, and came back with a backup, is erased or withdraws again. Safe to run again."
    )

    def handle(self, **options):
        refuse_what_cannot_be_written()
        call_command("migrate", verbosity=0)
        call_command("createcachetable")
        call_command("load_regions", verbosity=0)
        call_command("make_roles")
        call_command("load_content")
        index_missing()
        erased, withdrawn = rights.do_again()
        if erased:
            self.stdout.write(f"{erased} pelajar yang sudah dihapus kembali bersama cadangan, dan dihapus lagi.")
        if withdrawn:
            self.stdout.write(f"{withdrawn} persetujuan yang sudah ditarik kembali bersama cadangan, dan ditarik lagi.")


def refuse_what_cannot_be_written() -> None:
    """Raises ``CommandError`` where the database does not answer or a folder takes no files: the first learner to send
    a photo would be who finds out."""
    try:
        connection.ensure_connection()
    except OperationalError as error:
        raise CommandError(f"DATABASE_URL: basis data tidak bisa dibuka. {' '.join(str(error).split())}") from error
    for name in ("PRIVATE_ROOT", "MEDIA_ROOT"):
        try:
            Path(getattr(settings, name)).mkdir(parents=True, exist_ok=True)
            TemporaryFile(dir=getattr(settings, name)).close()
        except OSError as error:
            raise CommandError(f"{name}: folder tidak bisa ditulisi. {error}") from error

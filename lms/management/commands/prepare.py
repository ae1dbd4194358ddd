from django.core.management import call_command
from django.core.management.base import BaseCommand

from courses.search import index_missing
from learn import rights


class Command(BaseCommand):
    help = (
        "Brings the database to this version of the product: tables, regions, roles, lessons. Erases again whoever was "
        "erased and came back with a backup. Safe to run again."
    )

    def handle(self, **options):
        call_command("migrate", verbosity=0)
        call_command("createcachetable")
        call_command("load_regions", verbosity=0)
        call_command("make_roles")
        call_command("load_content")
        index_missing()
        if back := rights.erase_again():
            self.stdout.write(f"{back} pelajar yang sudah dihapus kembali bersama cadangan, dan dihapus lagi.")

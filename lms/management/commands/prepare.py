from django.core.management import call_command
from django.core.management.base import BaseCommand

from courses.search import index_missing
from learn import rights


class Command(BaseCommand):
    help = (
        "Brings the database to this version of the product: tables, regions, roles, lessons. Whoever was erased or "
        "withdrew, and came back with a backup, is erased or withdraws again. Safe to run again."
    )

    def handle(self, **options):
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

from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from people.models import Learner
from progress.models import SUMMARY_FIELDS, ModuleProgress, summaries

CHUNK = 1000  # learners a transaction


class Command(BaseCommand):
    help = "Makes ModuleProgress anew from the facts. With --check only compares, and fails on a difference."

    def add_arguments(self, parser):
        parser.add_argument("--check", action="store_true", help="change nothing")

    def handle(self, *, check: bool, **options):
        differences, last = 0, 0
        while chunk := list(Learner.objects.filter(pk__gt=last).order_by("pk").values_list("pk", flat=True)[:CHUNK]):
            differences += self.compare(chunk, check)
            last = chunk[-1]
        if check and differences:
            raise CommandError(f"{differences} ringkasan berbeda dari faktanya.")
        self.stdout.write(f"{differences} ringkasan {'berbeda' if check else 'diperbaiki'}.")

    @transaction.atomic
    def compare(self, learner_ids: list[int], check: bool) -> int:
        """How many summaries of these learners differ from the facts; mends them unless ``check``."""
        # The locks that the verbs take, in their order, so that no fact slips in between.
        held = Learner.objects.select_for_update(no_key=True).filter(pk__in=learner_ids).order_by("pk")
        list(held.values_list("pk"))
        right = summaries(learner_ids)
        stored = {
            (row.learner_id, row.module_key): {name: getattr(row, name) for name in SUMMARY_FIELDS}
            for row in ModuleProgress.objects.filter(learner__in=learner_ids)
        }
        different = [key for key in right.keys() | stored.keys() if right.get(key) != stored.get(key)]
        if not check:
            for learner_id, module_key in different:
                rows = ModuleProgress.objects.filter(learner_id=learner_id, module_key=module_key)
                rows.delete()
                if summary := right.get((learner_id, module_key)):
                    ModuleProgress.objects.create(learner_id=learner_id, module_key=module_key, **summary)
        return len(different)

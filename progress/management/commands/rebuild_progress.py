from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from people.models import Learner
from people.storing import lock
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
        lock(Learner.objects.filter(pk__in=learner_ids))  # as the verbs do: no fact slips in between
        right = summaries(learner_ids)
        stored = {
            (row.learner_id, row.module_key): {name: getattr(row, name) for name in SUMMARY_FIELDS}
            for row in ModuleProgress.objects.filter(learner__in=learner_ids)
        }
        different = [key for key in right.keys() | stored.keys() if right.get(key) != stored.get(key)]
        if not check:
            learners, modules = ({key[place] for key in different} for place in (0, 1))
            ModuleProgress.objects.refresh(learners, modules)
        return len(different)

from django.core.management.base import BaseCommand, CommandError

from learn import rights
from people.models import Learner
from people.rules import parse_card_code


class Command(BaseCommand):
    help = "Erases the learner with this card code for good, as she does under «Data saya»: for one who cannot sign in."

    def add_arguments(self, parser):
        parser.add_argument("code")

    def handle(self, code: str, **options):
        learner = Learner.objects.filter(user__username=parse_card_code(code)).first()
        if learner is None or not rights.erase(learner):
            raise CommandError(f"There is no learner {code}.")
        self.stdout.write(f"Erased {code}. Her phone lets go of what is hers when it next asks.")

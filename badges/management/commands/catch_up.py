from django.core.management.base import BaseCommand
from django.db.models import Exists, OuterRef

from badges.consequences import CHUNK, catch_up, follow_lessons, left_behind
from people.models import Learner
from progress.facts import outline
from progress.models import ModuleProgress


class Command(BaseCommand):
    help = (
        "Gives learners what a change of the content has brought them: badges that want less now or are new, quizzes "
        "that are open now, the results that waited for that. Their own next work would, but some have none left. What "
        "they did in a lesson that has moved counts in its module of today. Run it daily."
    )

    def handle(self, **options):
        content, last, given = outline(pages=False), 0, 0
        follow_lessons(content)
        begun = Learner.objects.active().filter(Exists(ModuleProgress.objects.filter(learner=OuterRef("pk"))))
        while chunk := list(begun.filter(pk__gt=last).order_by("pk")[:CHUNK]):
            for learner in left_behind(chunk, content):
                try:
                    catch_up(learner, content)
                except Learner.DoesNotExist:  # erased just now
                    continue
                given += 1
            last = chunk[-1].pk
        self.stdout.write(f"{given} pelajar mendapat yang sudah jadi haknya.")

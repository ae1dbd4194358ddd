"""Whatever learners, companions and editors do in whatever order: what a learner, her companion and their coordinator
read about her agrees, by the modules as they are that day."""

import random
from datetime import timedelta

import pytest
from django.core.management import call_command
from django.utils import timezone

from companions.caseload import household_rows
from companions.rules import Kind, needs
from companions.situations import situations
from courses.models import LessonPage, ModulePage
from learn import intake
from people.months import last_months
from practice.models import PracticeSubmission
from progress.facts import facts_of, outline
from progress.rules import Pace, PracticeNeed, State, gate, next_step, pace
from quizzes.models import QuizPage
from reports import sums
from reports.numbers import report
from tests import factories as make

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("quick_hashes")]
SLUGS = ("pengenalan-motivasi", "merek", "kemasan")
LATER = timedelta(days=40)


class World:
    """Learners, and modules that editors change under their feet."""

    def __init__(self, seed: int):
        self.chance = random.Random(seed)  # noqa: S311
        self.rina = make.companion()
        self.learners = [make.learner(make.household(self.rina), pin=None) for _ in range(4)]
        self.sari = self.learners[0]
        self.hadi = make.coordinator(self.sari.household.region)
        for page in ModulePage.objects.live().exclude(slug__in=SLUGS):
            page.unpublish()
        for lesson in [lesson for slug in SLUGS for lesson in make.lessons(slug)[2:]]:
            lesson.delete()

    def pages(self, kind):
        return list(kind.objects.original().descendant_of(make.module(SLUGS[0]).get_parent()).order_by("path"))

    def modules(self):
        return [page for page in self.pages(ModulePage) if page.slug in SLUGS]

    def a_lesson(self):
        return self.chance.choice([page for one in self.modules() for page in LessonPage.objects.child_of(one)])

    def reads(self):
        content = outline(pages=False)
        if open_now := [key for module in content.modules.values() for key in module.lessons]:
            intake.complete_lesson(self.sari, self.chance.choice(open_now))

    def practises(self):
        content, facts = outline(pages=False), facts_of([self.sari])[self.sari.pk]
        tasks = [key for module in content.modules.values() for key in module.tasks if key in facts.lessons_done]
        if tasks:
            intake.hand_in_practice(self.sari, self.chance.choice(tasks), note="Sudah dicoba.")

    def is_answered(self):
        if waiting := list(PracticeSubmission.objects.waiting()):
            make.feedback(self.chance.choice(waiting), self.rina, self.chance.choice(["right", "to_improve"]))

    def passes(self):
        content, facts = outline(pages=False), facts_of([self.sari])[self.sari.pk]
        for key, module in content.modules.items():
            if gate(module, facts, content.modules).state == State.OPEN:
                make.tried(self.sari, ModulePage.objects.original().get(translation_key=key).slug)

    def lesson_moves(self):
        self.a_lesson().move(self.chance.choice(self.modules()), pos="last-child")

    def page_comes_or_goes(self):
        page = self.chance.choice([self.a_lesson(), *self.modules(), *self.pages(QuizPage)])
        if page.live:
            page.unpublish()
        else:
            page.save_revision().publish()

    def practice_is_wanted(self):
        page = self.chance.choice(self.modules())
        page.practice_needed = self.chance.choice(list(PracticeNeed))
        page.save()

    def goes_on(self):
        self.sari = self.chance.choice(self.learners)
        hers = [self.reads, self.reads, self.practises, self.is_answered, self.passes]
        editors = [self.lesson_moves, self.page_comes_or_goes, self.page_comes_or_goes, self.practice_is_wanted]
        self.chance.choice(hers if self.chance.random() < 0.6 else editors)()
        call_command("catch_up")

    def agrees(self):
        content, facts = outline(), facts_of(self.learners)
        is_left = [self.agrees_about(learner, content, facts[learner.pk]) for learner in self.learners]
        region, month = self.sari.household.region, last_months(timezone.localdate())[1]
        assert report(self.hadi.user, region, month).total.quiet == sum(is_left), "the coordinator's report"
        call_command("rebuild_progress", "--check")

    def agrees_about(self, learner, content, facts) -> bool:
        """Whether something that she has begun is left for her to do."""
        paces = {key: pace(module, facts) for key, module in content.modules.items()}
        [one] = situations([learner.household], content)
        known = one.case.known
        lessons = {key for module in content.modules.values() for key in module.lessons}
        # What she did there that is gone since is still her work: her companion helps her to go on.
        gone = set(learner.completions.exclude(lesson_key__in=lessons).values_list("module_key", flat=True))
        started = {key for key in paces if paces[key] != Pace.NOT_STARTED or key in gone}
        assert {begun.module for begun in known.begun} == started
        assert known.done == {key for key in paces if paces[key] == Pace.DONE}
        under_way = started - known.done
        left = any(next_step([content.modules[key]], facts) for key in under_way)
        is_quiet = Kind.LONG_QUIET in {need.kind for need in needs(known, one.case.now + LATER)}
        assert is_quiet == left, "the companion's Hari ini"
        [row] = household_rows([one], content)[0].learners
        assert row.modules_done == len(known.done)
        assert bool(row.current_title) == bool(under_way)
        return left


@pytest.mark.parametrize("seed", range(2))
def test_all_read_the_same_of_a_learner_whatever_editors_do(monkeypatch, seed):
    monkeypatch.setattr(sums, "QUIET_AFTER", -timedelta(days=1))
    world = World(seed)
    for _ in range(25):
        world.goes_on()
        world.agrees()

from collections.abc import Callable
from datetime import timedelta
from io import BytesIO
from operator import attrgetter

from django.conf import settings
from django.contrib.auth.models import Group
from django.core.files.base import ContentFile
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from django.db.models import F
from django.http import HttpRequest
from django.utils import timezone
from PIL import Image, ImageDraw

from badges import meetings
from badges.consequences import answer_practice
from companions.rules import FAILED_OFTEN
from courses.models import ModulePage
from learn import intake
from lms.crowd import LAST_NAMES, wrong
from people.models import (
    Companion,
    Companionship,
    Consent,
    Coordinator,
    Household,
    HouseholdEvent,
    HouseholdGroup,
    Learner,
    Region,
    TemporaryPin,
    User,
)
from people.regions import find
from practice.models import Evidence, Feedback
from practice.photos import photo_from
from progress.facts import outline
from progress.meetings import today_in
from progress.models import GroupSession, ModuleAssignment, ModuleProgress
from quizzes.models import AskedQuestion, QuizPage
from quizzes.rules import Response
from quizzes.statistics import ENOUGH

from .make_roles import REVIEWERS, WRITERS

PIN = "274951"
PASSWORD = "belajar-bersama"
REGIONS = ["36", "36.03", "36.03.01", "36.71", "36.71.01", "73", "73.71"]
BEGINNERS = ("Asep", "Tini", "Lina", "Umi", "Rudi", "Endang", "Hendra")
# Who of ENOUGH beginners, from who knows least to who knows most, answers each question of the first quiz wrongly, in
# the editor's order. At the third anybody may be wrong.
WRONG_FOR = (*map(range, (3, 5)), range(2, ENOUGH, 3), *map(range, (12, 18, 5, 7, 8, 3, 5)))
SIGN_IN = [
    ("Bu Sari (pelajar, modul pertama selesai)", "SAR1PENA", PIN, "/belajar/"),
    ("Pak Dedi (pelajar, baru mulai)", "DED1PENA", PIN, "/belajar/"),
    ("Bu Wati (pelajar, dampingan Agus)", "WAT1PENA", PIN, "/belajar/"),
    ("Rina (pendamping Bu Sari dan Pak Dedi)", "rina.marlina", PASSWORD, "/dampingan/"),
    ("Agus (pendamping Bu Wati)", "agus.salim", PASSWORD, "/dampingan/"),
    ("Hadi (koordinator Banten)", "hadi.santoso", PASSWORD, "/laporan/"),
    ("Lestari (penulis materi)", "lestari.penulis", PASSWORD, "/kelola/"),
    ("Maya (peninjau materi)", "maya.peninjau", PASSWORD, "/kelola/"),
    ("Administrator", "admin.pena", PASSWORD, "/django-admin/"),
]


class Command(BaseCommand):
    help = "Makes the people of the demo, once. Refuses outside a demo: their secrets are written here."

    def handle(self, **options):
        if not settings.DEMO:
            raise CommandError("make_demo only runs with DEMO=true.")
        if not User.objects.filter(username="rina.marlina").exists():
            self.make()
        width = max(len(who) for who, *_ in SIGN_IN)
        self.stdout.write("Masuk di /masuk/ dengan:")
        for who, login, secret, home in SIGN_IN:
            self.stdout.write(f"  {who:<{width}}  {login:<15}  {secret:<15}  {home}")

    @transaction.atomic
    def make(self):
        Region.objects.keep(map(find, REGIONS))
        regions = Region.objects.in_bulk(REGIONS)
        rina = self.companion("rina.marlina", "Rina", "Marlina")
        agus = self.companion("agus.salim", "Agus", "Salim")
        hadi = self.staff("hadi.santoso", "Hadi", "Santoso")
        Coordinator.objects.create(user=hadi, scope_region=regions["36"])
        self.staff("lestari.penulis", "Lestari", "Ayu", group=WRITERS)
        self.staff("maya.peninjau", "Maya", "Putri", group=REVIEWERS)
        User.objects.create_superuser("admin.pena", password=PASSWORD, first_name="Admin")
        melati = HouseholdGroup.objects.create(name="Melati 1", region=regions["36.71.01"])
        kenanga = HouseholdGroup.objects.create(name="Kenanga", region=regions["73.71"])
        sari = self.household("Keluarga Sari Wulandari", melati, rina, "kuliner")
        dedi = self.household("Keluarga Dedi Kurnia", melati, rina, "jasa")
        wati = self.household("Keluarga Wati Lestari", kenanga, agus, "kuliner")
        learner = self.learner(sari, "Sari", "Wulandari", "ibu", "SAR1PENA")
        self.learner(dedi, "Dedi", "Kurnia", "bapak", "DED1PENA")
        self.learner(wati, "Wati", "Lestari", "ibu", "WAT1PENA")
        melati.leader = learner
        melati.save()
        self.meet(melati, [learner], rina)
        self.finish(learner, "pengenalan-motivasi")
        soon = timezone.localdate() + timedelta(days=14)
        for slug in ("pengenalan-motivasi", "merek"):
            self.assign([sari, dedi], slug, rina, soon)
        self.assign([wati], "pengenalan-motivasi", agus, soon)
        self.practise(learner, rina)
        HouseholdEvent.objects.record(sari, HouseholdEvent.Kind.VISITED, by=rina.user)
        self.day(rina, regions["36.71.01"])
        self.neighbours(regions["36.03.01"])
        self.beginners(regions["73.71"])

    def practise(self, learner: Learner, rina: Companion) -> None:
        """A practice that Rina has found right, and a photo that waits for her."""
        story = intake.hand_in_practice(
            learner,
            ModulePage.objects.get(slug="pengenalan-motivasi").live_lessons()[0].translation_key,
            note="Saya jual keripik singkong. Pembelinya tetangga dan warung. Sejak tahun lalu.",
        )[0]
        said = {"praise": "Ceritanya mudah dipahami.", "suggestion": "Lanjut ke pelajaran berikut."}
        answer_practice(story, Feedback.Verdict.RIGHT, by=rina.user, **said)
        learner.practices.update(handed_in_at=F("handed_in_at") - timedelta(days=2))
        ModuleProgress.objects.refresh([learner.pk], [story.module_key])
        photo = Evidence.objects.store(learner, Evidence.Kind.PHOTO, photo_from(three_packs()))
        lesson = ModulePage.objects.get(slug="merek").live_lessons()[0]
        intake.hand_in_practice(learner, lesson.translation_key, files=[photo.pk])

    def day(self, rina: Companion, region: Region) -> None:
        """Rina's second group, in which today somebody needs her for every reason that there is."""
        mawar = HouseholdGroup.objects.create(name="Mawar 2", region=region)

        def family(first: str, last: str, address_form: str, business: str, **contact) -> Learner:
            home = self.household(f"Keluarga {first} {last}", mawar, rina, business)
            Household.objects.correct(home, by=rina.user, **contact)
            person = Learner.objects.enrol(
                home, by=rina.user, first_name=first, last_name=last, address_form=address_form
            )
            Consent.objects.give(person, method=Consent.Method.AT_THE_DOOR, by=rina.user)
            self.assign([home], "pengenalan-motivasi", rina, None)
            return person

        nur = family("Nur", "Aini", "ibu", "kuliner", phone="+6281200001111", messages_welcome=True, interest="kemasan")
        self.read(nur, "pengenalan-motivasi", lessons=2)
        self.move_back(nur, days=8)
        joko = family("Joko", "Susilo", "bapak", "otomotif", phone="+6281200002222")
        self.finish(joko, "pengenalan-motivasi")
        self.read(joko, "merek", lessons=3)
        self.move_back(joko, days=15)
        yanti = family("Yanti", "Rahayu", "kak", "fashion", phone="+6281200003333", messages_welcome=True)
        self.read(yanti, "pengenalan-motivasi")
        for _ in range(FAILED_OFTEN):
            self.take_quiz(yanti, "pengenalan-motivasi", answers=None)
        mulyadi = family("Mulyadi", "Hasan", "none", "agrobisnis")
        self.move_back(mulyadi, days=9)
        eka = family("Eka", "Putri", "ibu", "kerajinan", interest="foto-video")
        self.read(eka, "pengenalan-motivasi", lessons=2)
        tomorrow = timezone.localdate() + timedelta(days=1)
        self.assign([eka.household], "pengenalan-motivasi", rina, tomorrow, word="Sedikit lagi, Bu Eka. Saya bantu!")
        slamet = family("Slamet", "Riyadi", "bapak", "dagang", phone="+6281200004444", messages_welcome=True)
        at_the_door = HttpRequest()
        at_the_door.META["REMOTE_ADDR"] = "127.0.0.1"
        TemporaryPin.objects.issue(slamet, by=rina.user, request=at_the_door)
        self.move_back(slamet, days=2)

    def neighbours(self, region: Region) -> None:
        """Another companion's group in the same province, so that there is something to compare."""
        dewi = self.companion("dewi.anggraini", "Dewi", "Anggraini")
        anggrek = HouseholdGroup.objects.create(name="Anggrek", region=region)
        people = [("Ratna", "Sari", "kuliner"), ("Siti", "Aminah", "dagang"), ("Budi", "Hartono", "jasa")]
        for (first, last, business), lessons, days in zip(people, (4, 2, 0), (35, 3, 0), strict=True):
            home = self.household(f"Keluarga {first} {last}", anggrek, dewi, business)
            person = Learner.objects.enrol(home, by=dewi.user, first_name=first, last_name=last)
            Consent.objects.give(person, method=Consent.Method.AT_THE_DOOR, by=dewi.user)
            self.assign([home], "pengenalan-motivasi", dewi, None)
            self.read(person, "pengenalan-motivasi", lessons=lessons)
            self.move_back(person, days=days)

    def beginners(self, region: Region) -> None:
        """A group in another province, whose first attempts tell an editor which questions to look at."""
        nurul = self.companion("nurul.hidayah", "Nurul", "Hidayah")
        teratai = HouseholdGroup.objects.create(name="Teratai", region=region)
        [quiz] = QuizPage.objects.child_of(ModulePage.objects.get(slug="pengenalan-motivasi"))
        places = {asked.id: place for place, asked in enumerate(quiz.asked)}
        for knows in range(ENOUGH):
            first, last = BEGINNERS[knows % len(BEGINNERS)], LAST_NAMES[knows % len(LAST_NAMES)]
            home = self.household(f"Keluarga {first} {last}", teratai, nurul, "kuliner")
            person = Learner.objects.enrol(home, by=nurul.user, first_name=first, last_name=last)
            Consent.objects.give(person, method=Consent.Method.AT_THE_DOOR, by=nurul.user)
            self.read(person, "pengenalan-motivasi")

            def answer(asked: AskedQuestion, knows: int = knows) -> Response:
                return wrong(asked.rule) if knows in WRONG_FOR[places[asked.id]] else asked.rule.key

            self.take_quiz(person, "pengenalan-motivasi", answers=answer)

    def move_back(self, learner: Learner, *, days: int) -> None:
        """Makes what the verbs have just written about a learner a thing of the past."""
        ago = timedelta(days=days)
        for rows, *moments in (
            (learner.completions, "completed_at"),
            (learner.quiz_openings, "opened_at"),
            (learner.attempts, "started_at", "submitted_at"),
            (learner.practices, "handed_in_at"),
            (learner.badge_awards, "awarded_at"),
            (learner.temporary_pins, "issued_at", "expires_at"),
            (learner.household.assignments, "assigned_at"),
            (Learner.objects.filter(pk=learner.pk), "phone_last_sent_at"),
        ):
            rows.update(**{moment: F(moment) - ago for moment in moments})
        modules = list(learner.module_progress.values_list("module_key", flat=True))
        ModuleProgress.objects.refresh([learner.pk], modules)

    def staff(self, username: str, first: str, last: str, group: str = "") -> User:
        user = User.objects.create_user(username, password=PASSWORD, first_name=first, last_name=last)
        if group:
            user.groups.add(Group.objects.get(name=group))
        return user

    def companion(self, username: str, first: str, last: str) -> Companion:
        return Companion.objects.create(user=self.staff(username, first, last))

    def household(self, name: str, group: HouseholdGroup, companion: Companion, business: str) -> Household:
        household = Household.objects.create(name=name, region=group.region, group=group, business_type=business)
        Companionship.objects.create(household=household, companion=companion)
        return household

    def learner(self, household: Household, first: str, last: str, address_form: str, code: str) -> Learner:
        learner = Learner.objects.enrol(
            household, first_name=first, last_name=last, address_form=address_form, pin=PIN, code=code
        )
        Consent.objects.give(learner, method=Consent.Method.OWN_PHONE, by=learner.user)
        return learner

    def meet(self, group: HouseholdGroup, learners: list[Learner], companion: Companion) -> None:
        """A meeting of last week, recorded on its day."""
        week = timedelta(days=7)
        lesson = ModulePage.objects.get(slug="pemasaran-digital").live_lessons()[0]
        session, _ = meetings.record(
            group,
            held_on=today_in(group) - week,
            place="Balai warga RW 03",
            lesson_keys=[lesson.translation_key],
            learner_ids=[learner.pk for learner in learners],
            by=companion.user,
        )
        GroupSession.objects.filter(pk=session.pk).update(recorded_at=session.recorded_at - week)

    def assign(self, households: list[Household], slug: str, companion: Companion, due_on, word: str = "") -> None:
        module = ModulePage.objects.get(slug=slug)
        ModuleAssignment.objects.assign(households, module.translation_key, by=companion.user, due_on=due_on, word=word)

    def finish(self, learner: Learner, slug: str) -> None:
        """Takes the learner through a module as she would: every lesson, then the quiz with the right answers."""
        self.read(learner, slug)
        self.take_quiz(learner, slug)

    def read(self, learner: Learner, slug: str, *, lessons: int | None = None) -> None:
        module = ModulePage.objects.get(slug=slug)
        keys = [lesson.translation_key for lesson in module.live_lessons()[:lessons]]
        intake.take_work(learner, outline(pages=False), lessons=dict.fromkeys(keys, module.translation_key))

    def take_quiz(
        self,
        learner: Learner,
        slug: str,
        *,
        answers: Callable[[AskedQuestion], Response] | None = attrgetter("rule.key"),
    ) -> None:
        """An attempt with every answer right, unless told otherwise; or with none given."""
        module = ModulePage.objects.get(slug=slug)
        attempt = intake.begin_attempt(learner, QuizPage.objects.child_of(module).get())
        for asked in attempt.asked if answers else ():
            intake.answer(attempt, asked.id, answers(asked))
        intake.submit_attempt(attempt)


def three_packs() -> ContentFile:
    """A picture of three packs on a table, as simple as can be."""
    image = Image.new("RGB", (1200, 900), "#ecdbc0")
    draw = ImageDraw.Draw(image)
    draw.rectangle((0, 640, 1200, 900), fill="#86664a")
    for place, colour in enumerate(("#a33a1a", "#e6a62c", "#35592a")):
        left = 110 + place * 340
        draw.rounded_rectangle((left, 240, left + 280, 720), 24, fill=colour, outline="#2f1c11", width=6)
        draw.rectangle((left + 40, 380, left + 240, 520), fill="#fffaf1")
        draw.line((left + 70, 430, left + 210, 430), fill="#2f1c11", width=12)
        draw.line((left + 70, 470, left + 170, 470), fill="#2f1c11", width=12)
    out = BytesIO()
    image.save(out, "JPEG", quality=85)
    return ContentFile(out.getvalue())

"""One family, everyone around it, and one of everything that an address can point to."""

from django.conf import settings
from django.test import Client
from django.utils import timezone

from badges import meetings
from learn import intake
from learn.models import RefusedWork
from people.importing.batches import ImportBatch
from practice.models import private_storage
from progress.meetings import today_in
from progress.models import ModuleAssignment, SpokenWord
from tests import factories

ROLES = [
    "visitor",
    "learner",
    "other learner",
    "companion",
    "other companion",
    "coordinator",
    "other coordinator",
    "editor",
    "administrator",
]


class World:
    """Sari in a household of Rina's, with an attempt, a badge and an assignment; her neighbours; the staff. The
    others («other …») belong to a household in another province."""

    def __init__(self):
        self._sessions: dict[str, str] = {}
        banten, makassar = factories.region("36", "Banten", "province"), factories.region("73", "Sulsel", "province")
        rina, agus = factories.companion(), factories.companion()
        group = factories.group(factories.region("36.71"))
        home = factories.household(by=rina, in_group=group)
        sari = factories.learner(home)
        dedi = factories.learner(factories.household(by=agus, place=makassar, in_group=factories.group(makassar)))
        factories.finished(sari, "pengenalan-motivasi")
        factories.read(sari, "merek")
        attempt = intake.begin_attempt(sari, factories.quiz("merek"))
        module = factories.module("merek")
        word = SpokenWord.objects.store(b"suara", by=rina.user)
        ModuleAssignment.objects.assign([home], module.translation_key, by=rina.user, spoken=word.pk)
        photo = self.photo = factories.photo(sari)
        practice = factories.practised(sari, "merek", files=[photo.pk])
        meeting, _ = meetings.record(
            group,
            held_on=today_in(group),
            place="Balai desa",
            lesson_keys=[factories.lessons("kemasan")[0].translation_key],
            learner_ids=[sari.pk],
            by=rina.user,
        )
        admin = factories.administrator(first_name="Admin")
        batch = ImportBatch.objects.create(kind=ImportBatch.Kind.HOUSEHOLDS, by=admin, file_name="keluarga.xlsx")
        refused = RefusedWork.objects.create(user=sari.user, reason="shape", refused_at=timezone.now())
        self.users = {
            "visitor": None,
            "learner": sari.user,
            "other learner": dedi.user,
            "companion": rina.user,
            "other companion": agus.user,
            "coordinator": factories.coordinator(banten).user,
            "other coordinator": factories.coordinator(makassar).user,
            "editor": factories.staff("Penulis materi"),
            "administrator": admin,
        }
        self.own = {
            "companion": rina.pk,
            "household": home.pk,
            "learner": sari.pk,
            "assignment": home.assignments.get().pk,
            "lesson": factories.lessons("merek")[0].translation_key,
            "quiz": factories.quiz("merek").translation_key,
            "module": module.slug,
            "module_key": module.translation_key,
            "lesson_slug": factories.lessons("merek")[0].slug,
            "guide_part": "rubric",
            "meeting": meeting.pk,
            "attempt": attempt.pk,
            "one": 1,
            "award": sari.badge_awards.first().pk,
            "evidence": photo.pk,
            "spoken_word": word.pk,
            "practice": practice.pk,
            "refused": refused.pk,
            "new_id": "01920000-0000-7000-8000-000000000000",
            "import_batch": batch.pk,
            "import_kind": ImportBatch.Kind.HOUSEHOLDS.value,
            "export_form": "csv",
            "no_file": "tidak-ada.jpg",
        }

    def put_back_the_photo(self) -> None:
        """An undone transaction brings no file back."""
        if not private_storage().exists(self.photo.file.name):
            private_storage().save(self.photo.file.name, factories.image_file(40, 30, kind="WEBP"))

    def client(self, role: str) -> Client:
        """A browser in which ``role`` is signed in."""
        client = Client()
        if role in self._sessions:
            client.cookies[settings.SESSION_COOKIE_NAME] = self._sessions[role]
        elif self.users[role]:
            client.force_login(self.users[role])
        return client

    def sign_everybody_in(self) -> None:
        """Once, for all browsers that follow: signing in takes longer than most of the answers that they get."""
        for role, user in self.users.items():
            if user:
                self._sessions[role] = self.client(role).session.session_key

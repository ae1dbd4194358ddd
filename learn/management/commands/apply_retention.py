from datetime import datetime, timedelta

from django.core.cache import cache
from django.core.management.base import BaseCommand, CommandError
from django.db.models import Exists, Max, OuterRef, Q, QuerySet
from django.utils import timezone

from learn import rights
from learn.models import RefusedWork
from people.importing.batches import KEPT as IMPORTS_KEPT
from people.models import Consent, ErasedKey, ImportBatch, Learner, Session, TemporaryPin, User
from practice.models import Evidence, forget_files, stray_files
from progress.models import SpokenWord

# UU 27/2022 wants a period for all that is kept (Pasal 21) and the data gone after it (Pasal 16 (2) g, 43, 44); it
# names no figure. These are ours.
TEMPORARY_PINS_KEPT = timedelta(days=365)  # a quarrel about who opened an account comes up within a season
# She may come back, and finds what she had done; templates/people/consent_text.html promises this figure.
WITHDRAWN_KEPT = timedelta(days=3 * 365)
# Until then the phone of whoever was erased learns it, and lets go of what is hers. A key alone is nobody's.
ERASED_KEYS_KEPT = timedelta(days=3 * 365)

UNSENT_KEPT = timedelta(days=7)  # a photo whose form never came; the phone sends it again if it still wants to
REFUSED_KEPT = timedelta(days=90)  # work that nobody has looked at in a season helps nobody any more


class Command(BaseCommand):
    help = (
        "Deletes what has been kept long enough: old sessions, PINs and imports, photos that were never handed in, "
        "work that was not taken, learners who withdrew. Run it daily."
    )

    def add_arguments(self, parser):
        parser.add_argument("--dry-run", action="store_true", help="only count")

    def handle(self, *, dry_run: bool, **options):
        now = timezone.now()
        sessions = old_sessions(now)
        # While its row is there, one that was never replaced opens nothing: without it, it would be her own.
        pins = TemporaryPin.objects.filter(issued_at__lt=now - TEMPORARY_PINS_KEPT).exclude(replaced_at=None)
        imports = ImportBatch.objects.filter(made_at__lt=now - IMPORTS_KEPT)
        unsent = Evidence.objects.waiting().filter(stored_at__lt=now - UNSENT_KEPT)
        unsaid = SpokenWord.objects.said_to_nobody().filter(said_at__lt=now - UNSENT_KEPT)
        refused = RefusedWork.objects.filter(refused_at__lt=now - REFUSED_KEPT)
        keys = ErasedKey.objects.filter(erased_at__lt=now - ERASED_KEYS_KEPT)
        learners = long_withdrawn(now)
        counts = f"{sessions.count()} sesi, {pins.count()} PIN sementara, {imports.count()} berkas impor, "
        counts += f"{unsent.count() + unsaid.count()} foto atau rekaman, {refused.count()} kiriman, "
        counts += f"{keys.count()} kunci"
        gone = len(learners)
        if not dry_run:
            cache.forget_expired()  # the limiter's counts: nobody's data for longer than a day
            sessions.delete()
            pins.delete()
            ImportBatch.objects.forget_old()
            files = unsent.forget() + unsaid.forget()
            refused.delete()
            keys.delete()
            gone = sum(rights.erase(learner, among=long_withdrawn(now)) for learner in learners)
            left = forget_files({*files, *stray_files(now - timedelta(days=1))})
        self.stdout.write(f"{counts}, {gone} pelajar {'akan dihapus' if dry_run else 'dihapus'}.")
        if not dry_run and left:
            raise CommandError(f"{len(left)} berkas di PRIVATE_ROOT belum bisa dihapus, seperti {left[0]}.")


def old_sessions(now: datetime) -> QuerySet[Session]:
    """Sessions that are over, and those of accounts that are gone."""
    account = User.objects.filter(pk=OuterRef("account_id"))
    return Session.objects.filter(Q(expire_date__lt=now) | Q(~Exists(account), account_id__isnull=False))


def long_withdrawn(now: datetime) -> QuerySet[Learner]:
    """Learners whose last consent ended too long ago. An account that was closed for another reason is not theirs."""
    learners = Learner.objects.filter(user__is_active=False).annotate(withdrawn_at=Max("consents__withdrawn_at"))
    current = Consent.objects.filter(withdrawn_at=None).values("learner")
    return learners.filter(withdrawn_at__lt=now - WITHDRAWN_KEPT).exclude(pk__in=current)

"""Consent under the law on personal data (UU 27/2022): who agreed to which text, how, before whom, and since when."""

from django.conf import settings
from django.db import models, transaction
from django.db.models import Q
from django.utils import timezone

from .history import HouseholdEvent

VERSION = "2026-12"  # the text in templates/people/consent_text.html; a new text is a new version, and asked anew
PURPOSES = "belajar, pendampingan, pesan kalau diizinkan, dan laporan wilayah tanpa nama"


class ConsentQuerySet(models.QuerySet):
    def valid(self):
        """Given to the text of today, and not withdrawn."""
        return self.filter(version=VERSION, withdrawn_at=None)

    def standing(self, learner):
        """What the learner has agreed to, to whichever text, and not withdrawn."""
        return self.filter(learner=learner, withdrawn_at=None)

    @transaction.atomic
    def give(self, learner, *, method: "Consent.Method", by, guardian_name: str = "") -> "Consent":
        """Records that the learner agreed. Agreed already, nothing changes. ``by`` is who pressed the button: the
        learner, or the companion as witness. Where a withdrawal had closed the account, a witness's record lets the
        learner sign in again; one that an administrator closed stays closed. Raises User.DoesNotExist, also where her
        account is closed just while she agrees herself."""
        account = learner.hold_account()
        witness = None if by.pk == learner.user_id else by
        if not (witness or account.is_active):
            raise account.DoesNotExist
        consent, is_new = self.get_or_create(
            learner=learner,
            version=VERSION,
            withdrawn_at=None,
            defaults={
                "method": method,
                "witness": witness,
                "guardian_name": guardian_name,
                "purposes": PURPOSES,
                "given_at": timezone.now(),
            },
        )
        if is_new and witness and account.closed_by_withdrawal:
            _write_closed(learner, False)
        if is_new:
            HouseholdEvent.objects.record(
                learner.household, HouseholdEvent.Kind.CONSENT_GIVEN, by=by, text=learner.first_name
            )
        return consent

    @transaction.atomic
    def withdraw(self, learner, *, by) -> None:
        """Ends all consent of the learner. From now on nobody can sign in as her and no screen lists her, until her
        companion records a new consent with her. What she did is kept until she asks to delete it, or until
        ``manage.py apply_retention`` finds it too old. Where there is none, nothing changes; nor does an account that
        an administrator has closed become one that her companion could open. Raises User.DoesNotExist."""
        account = learner.hold_account()
        if not self.standing(learner).update(withdrawn_at=timezone.now()):
            return
        if account.is_active:
            _write_closed(learner, True)
        HouseholdEvent.objects.record(
            learner.household, HouseholdEvent.Kind.CONSENT_WITHDRAWN, by=by, text=learner.first_name
        )


def _write_closed(learner, is_closed: bool) -> None:
    learner.user.is_active, learner.user.closed_by_withdrawal = not is_closed, is_closed
    learner.user.save(update_fields=["is_active", "closed_by_withdrawal"])


class Consent(models.Model):
    class Method(models.TextChoices):
        OWN_PHONE = "own_phone", "Sendiri, di HP"
        AT_THE_DOOR = "at_the_door", "Di depan pendamping"

    learner = models.ForeignKey("people.Learner", on_delete=models.CASCADE, related_name="consents")
    version = models.CharField(max_length=10)
    purposes = models.CharField(max_length=200)
    method = models.CharField(max_length=12, choices=Method)
    witness = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    guardian_name = models.CharField(max_length=120, blank=True)  # for a learner under 18
    given_at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True)

    objects = ConsentQuerySet.as_manager()

    class Meta:
        verbose_name = "persetujuan"
        verbose_name_plural = "persetujuan"
        constraints = [
            models.UniqueConstraint(
                fields=["learner", "version"], condition=Q(withdrawn_at=None), name="one_current_consent"
            )
        ]

"""A learner's PIN: chosen by herself at the first sign-in, helped out by her companion with a temporary one."""

import logging
import secrets
from datetime import timedelta

from allauth.account.adapter import get_adapter
from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.db import models, transaction
from django.utils import timezone

from .history import HouseholdEvent
from .rules import PIN_LENGTH, pin_weakness

TEMPORARY_PIN_LASTS = timedelta(hours=72)
log = logging.getLogger("people.pins")


class WeakPin(ValueError):
    """The PIN may not be chosen; the message tells the learner why."""


class AlreadyChosen(ValueError):
    """The learner has a PIN of her own already."""


class TemporaryPinQuerySet(models.QuerySet):
    def waiting(self):
        """Those that their learner has not replaced yet."""
        return self.filter(replaced_at=None)

    def lapsed(self):
        """Those that nobody may sign in with any more."""
        return self.waiting().filter(expires_at__lte=timezone.now())

    def issue(self, learner, *, by, request) -> str:
        """A random PIN for 72 hours, told face to face. Ends all sessions of the learner, lets her try again at once,
        and is logged. Returns the PIN; it is stored nowhere but as a hash."""
        pin = random_pin()
        self.record(learner, make_password(pin), by=by, request=request)
        return pin

    @transaction.atomic
    def record(self, learner, password: str, *, by, request) -> None:
        """As ``issue`` for a PIN that is hashed already. Raises User.DoesNotExist."""
        learner.hold_account()
        learner.user.password = password  # the sessions carry a hash of the old one, and so end
        learner.user.save(update_fields=["password"])
        now = timezone.now()
        self.filter(learner=learner).waiting().update(replaced_at=now)
        self.create(learner=learner, issued_by=by, issued_at=now, expires_at=now + TEMPORARY_PIN_LASTS)
        get_adapter()._delete_login_attempts_cached_email(request, username=learner.user.username)
        HouseholdEvent.objects.record(learner.household, HouseholdEvent.Kind.PIN_RESET, by=by, text=learner.first_name)
        log.info("temporary PIN for learner %s by user %s", learner.pk, by.pk)


class TemporaryPin(models.Model):
    """That a temporary PIN was given, by whom, until when, and when the learner replaced it. Never the PIN itself."""

    learner = models.ForeignKey("people.Learner", on_delete=models.CASCADE, related_name="temporary_pins")
    issued_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    issued_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    replaced_at = models.DateTimeField(null=True)

    objects = TemporaryPinQuerySet.as_manager()

    @property
    def has_lapsed(self) -> bool:
        return self.expires_at <= timezone.now()


def make_temporary(user, request) -> None:
    """A secret that somebody else has just chosen for an account: a learner's PIN, anybody else's password."""
    if user.is_learner:
        if user.has_usable_password():
            TemporaryPin.objects.record(user.learner_or_none, user.password, by=request.user, request=request)
    elif user != request.user:
        user.must_choose_password = True
        user.save(update_fields=["must_choose_password"])
        log.info("temporary password for user %s by user %s", user.pk, request.user.pk)


def random_pin() -> str:
    """A random PIN that a learner might choose too."""
    while True:
        pin = "".join(secrets.choice("0123456789") for _ in range(PIN_LENGTH))
        if not pin_weakness(pin):
            return pin


def choose_pin(learner, pin: str, *, first: bool = False):
    """Sets the learner's own PIN, in place of a temporary one or, where ``first``, of none. Returns her account.
    Raises WeakPin, and AlreadyChosen where there is nothing to replace, or not that any more: changing a PIN of one's
    own needs the old one, at another door."""
    if weakness := pin_weakness(pin):
        raise WeakPin(weakness)
    _refuse_a_second(learner, learner.user, first)
    if not first and learner.user.check_password(pin):
        raise WeakPin("Ini masih PIN sementara. Pilih PIN lain.")  # whoever gave it knows it
    password = make_password(pin)  # before the rows are held: nobody else's writing waits for a hash
    with transaction.atomic():
        user = learner.hold_account()
        if user.password != learner.user.password:  # a companion has given another meanwhile, which ended this session
            raise AlreadyChosen
        _refuse_a_second(learner, user, first)
        user.password = password
        user.save(update_fields=["password"])
        TemporaryPin.objects.filter(learner=learner).waiting().update(replaced_at=timezone.now())
        HouseholdEvent.objects.record(
            learner.household, HouseholdEvent.Kind.PIN_CHOSEN, by=user, text=learner.first_name
        )
        log.info("own PIN for learner %s", learner.pk)
    return user


def _refuse_a_second(learner, user, first: bool) -> None:
    if user.has_usable_password() if first else not TemporaryPin.objects.filter(learner=learner).waiting().exists():
        raise AlreadyChosen

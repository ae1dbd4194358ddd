"""People and who may see whom. Every screen reaches households through ``for_companion`` or ``for_coordinator``."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from functools import cached_property
from uuid import UUID

from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.contrib.auth.models import AbstractUser
from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.db import models, transaction
from django.db.models import Exists, F, OuterRef, Q, Subquery
from django.utils import timezone

from .consent import Consent
from .history import HouseholdEvent, fitting, own_id
from .importing.batches import ImportBatch, ImportRow
from .pins import TemporaryPin
from .prepared import Prepared, PreparedModels, PreparedUpdate
from .rules import OWN_NUMBER, canonical_login, greeting_name, new_card_code, parse_card_code, time_zone_of
from .sending import ErasedKey, SendingKey
from .sessions import Session, end_sessions
from .storing import lock

__all__ = [
    "Companion",
    "Companionship",
    "Consent",
    "Coordinator",
    "ErasedKey",
    "Household",
    "HouseholdEvent",
    "HouseholdGroup",
    "ImportBatch",
    "ImportRow",
    "Learner",
    "Region",
    "SendingKey",
    "Session",
    "TemporaryPin",
    "User",
]


class User(AbstractUser):
    """Whoever signs in. A learner's username is the card code; a staff name must not read as one."""

    REQUIRED_FIELDS = []

    must_choose_password = models.BooleanField(default=False, editable=False)  # staff: somebody else gave hers
    # Her companion opens it again with a new consent; what an administrator closed, an administrator opens.
    closed_by_withdrawal = models.BooleanField(default=False, editable=False)

    class Meta:
        verbose_name = "akun"
        verbose_name_plural = "akun"

    @classmethod
    def normalize_username(cls, username: str) -> str:
        """As the sign-in and the import look for it."""
        return canonical_login(username or "")  # a form that refused the name has none to give

    def save(self, *args, **kwargs):
        if self.is_active:  # whoever closes it next has a reason of her own
            self.closed_by_withdrawal = False
        super().save(*args, **kwargs)
        if not self.is_active:  # on a phone that was lost it would go on once the account is open again
            end_sessions({self.pk})

    def clean(self):
        super().clean()
        if self.is_learner and not parse_card_code(self.username):
            raise ValidationError({"username": "Kode kartu ada delapan huruf dan angka, tanpa huruf U."})
        if parse_card_code(self.username) and not self.is_learner:
            raise ValidationError({"username": "Nama akun ini mirip kode kartu. Tambahkan titik, misalnya nama.depan."})

    @classmethod
    def held(cls, pk: int) -> "User":
        """The account, locked until the transaction ends. As with ``Learner.objects.hold``, rows that point to it are
        written meanwhile. Who locks it and its learner locks the account first. Raises User.DoesNotExist."""
        return cls.held_all({pk})[pk]

    @classmethod
    def held_all(cls, pks: set[int]) -> "dict[int, User]":
        """As ``held`` for many, by id, always in the same order."""
        held = {one.pk: one for one in cls.objects.select_for_update(no_key=True).filter(pk__in=pks).order_by("pk")}
        if held.keys() != pks:
            raise cls.DoesNotExist
        return held

    @cached_property
    def learner_or_none(self) -> "Learner | None":
        """The learner with her household, and with what still stands between her and her lessons. One query; of whoever
        asks, ``people/backends.py`` has found her with the account."""
        return None if self.pk is None else Learner.objects.of_user(self.pk)

    @property
    def is_learner(self) -> bool:
        return self.learner_or_none is not None

    @cached_property
    def works_in(self) -> list[str | None]:
        """The code of a region where a companion works, or None where she has no household yet; empty for others."""
        return [code for (code,) in _works_in(user=self.pk)]

    @property
    def is_companion(self) -> bool:
        return bool(self.works_in)

    @cached_property
    def scope_region_id(self) -> str | None:
        """The code of the region that a coordinator looks on over; None for anyone else."""
        return next((code for (code,) in _scope_region(user=self.pk)), None)

    @property
    def is_coordinator(self) -> bool:
        return bool(self.scope_region_id)

    @property
    def time_zone(self) -> str | None:
        """Where a learner lives, or a companion or a coordinator works; None for others."""
        if self.learner_or_none:
            return self.learner_or_none.household.time_zone
        region = next(iter(self.works_in), None) or self.scope_region_id
        return time_zone_of(region) if region else None


def _where_companions_work(user: int) -> models.QuerySet:
    """Now, before where she did once. Her last household is found first, so that its region alone is looked up."""
    hers = Companionship.objects.filter(companion=OuterRef(OuterRef("pk")))
    last = hers.order_by(F("ended_at").desc(nulls_first=True), "-pk").values("household")[:1]
    region = Household.objects.filter(pk=Subquery(last)).order_by().values("region")
    return Companion.objects.filter(user=user).values_list(Subquery(region))


_works_in = Prepared(_where_companions_work, user=int)
_scope_region = Prepared(lambda user: Coordinator.objects.filter(user=user).values_list("scope_region"), user=int)


def inside(path: str, code: str) -> Q:
    """That the region whose code is at ``path`` is the one with ``code``, or lies below it."""
    return Q(**{path: code}) | Q(**{f"{path}__startswith": f"{code}."})


class RegionQuerySet(models.QuerySet):
    def for_coordinator(self, user):
        """The region of ``user`` and all below it; none for anyone else."""
        scope = getattr(user, "scope_region_id", None)
        return self.none() if scope is None else self.filter(inside("code", scope))

    def keep(self, places) -> int:
        """Stores regions (``people.regions.Place``), and corrects names that changed. Idempotent, and in few queries.
        Returns how many were new or changed."""
        places = list(places)
        known = {code: rest for code, *rest in self.values_list("code", "name", "level")}
        due = [
            Region(place.code, place.name, place.level)
            for place in places
            if known.get(place.code) != [place.name, place.level]
        ]
        self.bulk_create(due, update_conflicts=True, unique_fields=["code"], update_fields=["name", "level"])
        return len(due)


is_region_code = RegexValidator(
    r"^[0-9]{2}(\.[0-9]{2}(\.[0-9]{2}(\.[0-9]{4})?)?)?\Z", "Tulis kode Kemendagri, misalnya 36.71.01."
)


class Region(models.Model):
    """An administrative area. ``code`` is Kemendagri's, dotted: ``31.75.10.1001``."""

    class Level(models.TextChoices):
        PROVINCE = "province", "provinsi"
        REGENCY = "regency", "kabupaten/kota"
        DISTRICT = "district", "kecamatan"
        VILLAGE = "village", "desa/kelurahan"

    code = models.CharField("kode", max_length=13, primary_key=True, validators=[is_region_code])
    name = models.CharField("nama", max_length=120)
    level = models.CharField("tingkat", max_length=8, choices=Level)

    objects = RegionQuerySet.as_manager()

    class Meta:
        verbose_name = "wilayah"
        verbose_name_plural = "wilayah"
        ordering = ["code"]

    def __str__(self):
        return self.name


class StaffQuerySet(models.QuerySet):
    @transaction.atomic
    def appoint(
        self, *, username: str, first_name: str, last_name: str = "", password: str | None = None, **fields
    ) -> "Companion | Coordinator":
        """A new account with its role. ``password`` is hashed already (``make_password``), and whoever gets it chooses
        another first; without one nobody can sign in as yet. Raises ValidationError where the name reads as a card code
        or is taken."""
        user = User(username=username, first_name=first_name, last_name=last_name)
        user.password, user.must_choose_password = password or make_password(None), True
        user.full_clean()
        user.save(force_insert=True)
        return self.create(user=user, **fields)

    @transaction.atomic
    def correct(self, member: "Companion | Coordinator", *, user_fields: dict, **fields) -> "Companion | Coordinator":
        """Corrects the name of a member of staff, and what belongs to the role. Raises DoesNotExist."""
        self.select_for_update(no_key=True).get(pk=member.pk)
        for thing, values in ((member.user, user_fields), (member, fields)):
            for name, value in values.items():
                setattr(thing, name, value)
            if values:
                thing.save(update_fields=list(values))
        return member


class Companion(models.Model):
    """A social companion (pendamping), who looks after 50 to 400 households."""

    class CompanionType(models.TextChoices):
        PKH = "pkh", "Pendamping PKH"
        TKSK = "tksk", "TKSK"
        SOCIAL_REHAB = "social_rehab", "Pendamping Rehabilitasi Sosial"

    user = models.OneToOneField(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="companion")
    type = models.CharField("jenis", max_length=12, choices=CompanionType, default=CompanionType.PKH)
    phone = models.CharField("nomor HP", max_length=16, blank=True)  # E.164; contact data, never an identity

    objects = StaffQuerySet.as_manager()

    class Meta:
        verbose_name = "pendamping"
        verbose_name_plural = "pendamping"

    def __str__(self):
        return self.user.get_full_name() or self.user.username


class Coordinator(models.Model):
    """Looks on over one region and all that lies below it."""

    user = models.OneToOneField(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="coordinator")
    scope_region = models.ForeignKey(Region, on_delete=models.PROTECT, verbose_name="wilayah")

    objects = StaffQuerySet.as_manager()

    class Meta:
        verbose_name = "koordinator"
        verbose_name_plural = "koordinator"

    def __str__(self):
        return f"{self.user.get_full_name() or self.user.username} ({self.scope_region})"


class PeopleQuerySet(models.QuerySet):
    """The one door to people: filters a queryset by who asks, along ``household_path``."""

    household_path = ""

    def for_companion(self, user):
        """Rows of the households that ``user`` accompanies now; none for anyone else."""
        current = Companionship.objects.filter(companion__user_id=user.pk, ended_at=None)
        return self.filter(Exists(current.filter(household=OuterRef(f"{self.household_path}pk"))))

    def for_coordinator(self, user, within: Region | None = None):
        """Rows of the households in the region of ``user`` and below it, or only ``within`` one that lies there; none
        for anyone else."""
        scope = getattr(user, "scope_region_id", None)
        code = within.code if within else scope
        if scope is None or not f"{code}.".startswith(f"{scope}."):
            return self.none()
        return self.filter(inside(f"{self.household_path}region__code", code))


class HouseholdQuerySet(PeopleQuerySet):
    def unaccompanied(self):
        """Those that have no companion now."""
        return self.filter(~Exists(Companionship.objects.current().filter(household=OuterRef("pk"))))

    @transaction.atomic
    def make(self, *, companion: "Companion", by, form_id: UUID | None = None, **fields) -> "Household":
        """Records a household that ``companion`` accompanies from now on. Sent again under the id of its form, it is
        the one that was made then."""
        kind = HouseholdEvent.Kind.HOUSEHOLD_MADE
        told_as = own_id(form_id, kind, by)
        if told := HouseholdEvent.objects.told_before(told_as):
            return told.household
        household = self.create(**fields)
        HouseholdEvent.objects.record(household, kind, by=by, text=household.name, told_as=told_as)
        Companionship.objects.start(household, companion, by=by)
        return household

    @transaction.atomic
    def make_all(self, households: "list[Household]", *, by) -> None:
        """Records many households at once, without companions as yet."""
        self.bulk_create(households)
        _record_all([(household, household.name) for household in households], HouseholdEvent.Kind.HOUSEHOLD_MADE, by)

    @transaction.atomic
    def correct_all(self, households: "list[Household]", fields: set[str], *, by) -> None:
        """Stores the corrected ``fields`` of many households."""
        if households:
            self.bulk_update(households, [self.model._meta.get_field(name).name for name in fields], batch_size=500)
        _record_all([(household, household.name) for household in households], HouseholdEvent.Kind.CORRECTED, by)

    @transaction.atomic
    def correct(self, household: "Household", *, by, **fields) -> bool:
        """Corrects what is kept of a household; its history tells which fields, never a phone number. False where
        nothing changed."""
        stored = self.select_for_update(no_key=True).get(pk=household.pk)
        changed = [name for name, value in fields.items() if getattr(stored, name) != value]
        for name in changed:
            setattr(stored, name, fields[name])
        if changed:
            stored.save(update_fields=changed)
            labels = ", ".join(str(self.model._meta.get_field(name).verbose_name) for name in changed)
            HouseholdEvent.objects.record(
                stored, HouseholdEvent.Kind.CORRECTED, by=by, text=labels[0].upper() + labels[1:]
            )
        return bool(changed)

    def end_leave_to_write(self, household: "Household", *, by) -> None:
        """Once nobody of the family agrees any more, nobody may write to it either: that was part of what they had
        agreed to. Call it where somebody who had agreed withdrew, was erased or moved away."""
        self.select_for_update(no_key=True).get(pk=household.pk)  # of two who withdraw at once one is the last
        if not Consent.objects.filter(learner__household=household, withdrawn_at=None).exists():
            self.correct(household, by=by, messages_welcome=False)

    def forget_contact(self, pks: Iterable[int]) -> None:
        """Of those in which nobody is left, the phone number goes, the leave to write to it, and what was written of
        visits: it is nobody's now."""
        empty = self.filter(pk__in=pks, learners=None)
        HouseholdEvent.objects.filter(household__in=empty, kind=HouseholdEvent.Kind.VISITED).update(text="")
        empty.update(phone="", messages_welcome=False)


class HouseholdGroupQuerySet(models.QuerySet):
    def for_companion(self, user):
        """Groups in which ``user`` accompanies at least one household now."""
        return self.filter(Exists(Household.objects.for_companion(user).filter(group=OuterRef("pk"))))


class HouseholdGroup(models.Model):
    """20 to 30 households that meet monthly."""

    name = models.CharField("nama", max_length=120)
    region = models.ForeignKey(Region, on_delete=models.PROTECT, verbose_name="wilayah")
    leader = models.ForeignKey(
        "Learner", on_delete=models.SET_NULL, null=True, blank=True, related_name="+", verbose_name="ketua"
    )
    reference = models.CharField("nomor sendiri", max_length=30, blank=True, help_text=OWN_NUMBER)

    objects = HouseholdGroupQuerySet.as_manager()

    class Meta:
        verbose_name = "kelompok"
        verbose_name_plural = "kelompok"
        ordering = ["name", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["reference"], condition=~Q(reference=""), name="one_group_a_reference")
        ]

    def __str__(self):
        return self.name


class Household(models.Model):
    """The family that receives assistance (KPM); the unit that modules are assigned to."""

    name = models.CharField("nama", max_length=120)
    region = models.ForeignKey(Region, on_delete=models.PROTECT, verbose_name="wilayah")
    group = models.ForeignKey(
        HouseholdGroup,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="households",
        verbose_name="kelompok",
    )
    business_type = models.CharField("jenis usaha", max_length=12, choices=settings.BUSINESS_TYPES, blank=True)
    interest = models.CharField("minat", max_length=16, choices=settings.TOPICS, blank=True)
    phone = models.CharField("nomor HP", max_length=16, blank=True)  # E.164; contact data, never an identity
    messages_welcome = models.BooleanField("boleh dikirimi pesan", default=False)  # said by the household of this phone
    companions = models.ManyToManyField(Companion, through="Companionship", related_name="households")
    reference = models.CharField("nomor sendiri", max_length=30, blank=True, help_text=OWN_NUMBER)

    objects = HouseholdQuerySet.as_manager()

    class Meta:
        verbose_name = "keluarga"
        verbose_name_plural = "keluarga"
        ordering = ["name", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["reference"], condition=~Q(reference=""), name="one_household_a_reference")
        ]

    def __str__(self):
        return self.name

    @property
    def time_zone(self) -> str:
        return time_zone_of(self.region_id)

    @property
    def may_be_messaged(self) -> bool:
        """Only a number that the household gave for this."""
        return self.messages_welcome and bool(self.phone)


def _record_all(lines, kind: HouseholdEvent.Kind, by) -> None:
    HouseholdEvent.objects.bulk_create(
        HouseholdEvent(household=household, kind=kind, by=by, text=fitting(text)) for household, text in lines
    )


class CompanionshipQuerySet(models.QuerySet):
    def current(self):
        return self.filter(ended_at=None)

    def start(self, household: Household, companion: Companion, *, by) -> bool:
        """From now on the companion sees the household and its history. False where she does already."""
        return bool(self.start_all([(household, companion)], by=by))

    @transaction.atomic
    def start_all(self, pairs: list[tuple[Household, Companion]], *, by) -> int:
        """As ``start`` for many, which all see their companion already or get her now. Returns how many get her."""
        ids = [household.pk for household, _ in pairs]
        lock(Household.objects.filter(pk__in=ids))
        known = set(self.current().filter(household__in=ids).values_list("household_id", "companion_id"))
        due = [pair for pair in pairs if (pair[0].pk, pair[1].pk) not in known]
        self.bulk_create(Companionship(household=household, companion=companion) for household, companion in due)
        _record_all(
            [(household, str(companion)) for household, companion in due], HouseholdEvent.Kind.COMPANION_STARTED, by
        )
        return len(due)

    @transaction.atomic
    def end_all(self, households: list[Household], companion: Companion, *, by) -> list[Household]:
        """From now on the companion no longer sees the households. Returns those that she saw until now."""
        ids = [household.pk for household in households]
        lock(Household.objects.filter(pk__in=ids))
        hers = self.current().filter(household__in=ids, companion=companion)
        seen = set(hers.values_list("household_id", flat=True))
        hers.update(ended_at=timezone.now())
        ended = [household for household in households if household.pk in seen]
        _record_all([(household, str(companion)) for household in ended], HouseholdEvent.Kind.COMPANION_ENDED, by)
        return ended

    @transaction.atomic
    def hand_over(self, households: Iterable[Household], old: Companion | None, new: Companion, *, by) -> int:
        """Gives households from one companion to another, or where ``old`` is None those of them that still have none,
        with their history, in the same few queries for any number. Returns how many changed hands."""
        households = list(households)
        moving = self.end_all(households, old, by=by) if old else _still_unaccompanied(households)
        self.start_all([(household, new) for household in moving], by=by)
        return len(moving)


def _still_unaccompanied(households: list[Household]) -> list[Household]:
    ids = [household.pk for household in households]
    lock(Household.objects.filter(pk__in=ids))
    return list(Household.objects.unaccompanied().filter(pk__in=ids))


class Companionship(models.Model):
    """A companion accompanies a household from ``started_at`` until ``ended_at``."""

    household = models.ForeignKey(Household, on_delete=models.CASCADE, related_name="companionships")
    companion = models.ForeignKey(Companion, on_delete=models.PROTECT, related_name="companionships")
    started_at = models.DateTimeField("sejak", default=timezone.now)
    ended_at = models.DateTimeField("sampai", null=True, blank=True)

    objects = CompanionshipQuerySet.as_manager()

    class Meta:
        verbose_name = "pendampingan"
        verbose_name_plural = "pendampingan"
        constraints = [
            models.UniqueConstraint(
                fields=["household", "companion"],
                condition=Q(ended_at=None),
                name="one_current_companionship",
                violation_error_message="Pendamping ini sudah mendampingi keluarga itu.",
            )
        ]

    def __str__(self):
        return f"{self.companion} – {self.household}"


class LearnerQuerySet(PeopleQuerySet):
    household_path = "household__"

    def with_hindrances(self):
        """With what may still stand between a learner and her lessons: a PIN of her own (``must_choose_pin``) and a
        consent (``has_consent``)."""
        return self.annotate(
            must_choose_pin=Exists(TemporaryPin.objects.waiting().filter(learner=OuterRef("pk"))),
            has_consent=Exists(Consent.objects.valid().filter(learner=OuterRef("pk"))),
        )

    def of_user(self, user_id: int) -> "Learner | None":
        """The learner whose account this is, with it, her household and what ``with_hindrances`` adds."""
        return next(iter(_of_user(user=user_id)), None)

    def hold(self, pk: int) -> None:
        """Locks the learner's row until the transaction ends: what is summed up of her facts waits its turn. The lock
        lets rows that point to her be written meanwhile, so that two writers cannot wait for each other."""
        self.hold_all([pk])

    def hold_all(self, pks: Iterable[int]) -> None:
        """As ``hold`` for many, always in the same order. Raises Learner.DoesNotExist."""
        pks = set(pks)
        if pks and len(_hold(pks=pks)) < len(pks):
            raise self.model.DoesNotExist

    def sent(self, pk: int) -> None:
        """Her phone has just sent something that was accepted. Her row is held from now on, as by ``hold``. Raises
        Learner.DoesNotExist."""
        if not _sent(pk=pk, now=timezone.now()):
            raise self.model.DoesNotExist

    def choose_language(self, pk: int, code: str) -> None:
        """She reads in this language from now on, on every phone."""
        self.filter(pk=pk).update(language=code)

    def active(self):
        """Those whose data may be used: not withdrawn, not closed."""
        return self.filter(user__is_active=True)

    def agreed(self):
        """Of the active ones those who have agreed that something is kept about them."""
        return self.active().filter(pk__in=Consent.objects.valid().values("learner"))

    @transaction.atomic
    def enrol(
        self,
        household: Household,
        *,
        first_name: str,
        by=None,
        pin: str | None = None,
        code: str = "",
        form_id: UUID | None = None,
        **fields,
    ) -> "Learner | None":
        """The only way to make a learner: an account, its card code (a fresh one unless ``code`` is given), and the
        learner in the household. Without a PIN she chooses one at her first sign-in. None where the form with this id
        made her already."""
        kind = HouseholdEvent.Kind.LEARNER_ADDED
        told_as = own_id(form_id, kind, by)
        if HouseholdEvent.objects.told_before(told_as):
            return None
        while not code or User.objects.filter(username=code).exists():
            code = new_card_code()
        user = User.objects.create_user(username=code, password=pin, first_name=first_name)
        learner = self.create(user=user, household=household, first_name=first_name, **fields)
        HouseholdEvent.objects.record(household, kind, by=by, text=learner.full_name, told_as=told_as)
        return learner

    @transaction.atomic
    def enrol_all(self, learners: "list[Learner]", *, by) -> None:
        """As ``enrol`` for many, still without accounts: each gets one with a fresh card code and no PIN."""
        codes = {new_card_code() for _ in learners}
        taken = set(User.objects.filter(username__in=codes).values_list("username", flat=True))
        while len(codes - taken) < len(learners):
            codes.add(new_card_code())
        for learner, code in zip(learners, codes - taken, strict=False):
            learner.user = User(username=code, first_name=learner.first_name, password=make_password(None))
        User.objects.bulk_create([learner.user for learner in learners])
        self.bulk_create(learners)
        _record_all(
            [(learner.household, learner.full_name) for learner in learners], HouseholdEvent.Kind.LEARNER_ADDED, by
        )

    def correct(self, learner: "Learner", *, by, **fields) -> bool:
        """Corrects what is kept of a learner, and her account's name with hers. The household's history keeps the old
        name, which learn/traces.py follows; else it tells which fields. False where nothing changed."""
        return bool(self.correct_all([(learner, fields)], by=by))

    @transaction.atomic
    def correct_all(self, corrections: "Sequence[tuple[Learner, dict]]", *, by) -> int:
        """As ``correct`` for many, each with her new values. Returns how many changed. Raises User.DoesNotExist."""
        accounts = User.held_all({learner.user_id for learner, _ in corrections})
        stored = self.select_for_update(of=("self",), no_key=True).select_related("household").order_by("pk")
        stored = stored.in_bulk([learner.pk for learner, _ in corrections])
        changed, told, names = [], [], set()
        for learner, fields in corrections:
            one = stored[learner.pk]
            before, new = one.full_name, [name for name, value in fields.items() if getattr(one, name) != value]
            for name, value in fields.items():
                setattr(one, name, value)
                setattr(learner, name, value)
            if new:
                one.user = accounts[one.user_id]
                one.user.first_name = one.first_name
                labels = ", ".join(str(self.model._meta.get_field(name).verbose_name) for name in new)
                told.append((one.household, f"{before}: {labels}" if one.full_name == before else f"{before} → {one}"))
                changed.append(one)
                names.update(new)
        if changed:
            self.bulk_update(changed, names, batch_size=500)
            User.objects.bulk_update([one.user for one in changed], ["first_name"], batch_size=500)
        _record_all(told, HouseholdEvent.Kind.CORRECTED, by)
        return len(changed)

    @transaction.atomic
    def move(self, learner: "Learner", to: Household, *, by) -> bool:
        """Moves the learner with all that she has done. Both households' histories tell. False where she is there.
        Raises DoesNotExist."""
        self.hold(learner.pk)
        old = Household.objects.get(learners=learner)  # somebody else may have moved her just now
        learner.household = to
        if old == to:
            return False
        learner.save(update_fields=["household"])
        for household in (old, to):
            HouseholdEvent.objects.record(
                household, HouseholdEvent.Kind.LEARNER_MOVED, by=by, text=f"{learner.full_name}: {old} → {to}"
            )
        if Consent.objects.standing(learner).exists():
            Household.objects.end_leave_to_write(old, by=by)
        return True


_of_user = PreparedModels(
    lambda user: Learner.objects.with_hindrances().select_related("user", "household").filter(user=user).order_by(),
    user=int,
)
_hold = Prepared(
    lambda pks: Learner.objects.select_for_update(no_key=True).filter(pk__in=[pks]).order_by("pk").values_list("pk"),
    pks=int,
)
_sent = PreparedUpdate(
    lambda pk, now: (Learner.objects.filter(pk=pk), {"phone_last_sent_at": now}), pk=int, now=datetime
)


class Learner(models.Model):
    """One person who learns, and who owns all progress."""

    class AddressForm(models.TextChoices):
        IBU = "ibu", "Ibu"
        BAPAK = "bapak", "Bapak"
        KAK = "kak", "Kak"
        NONE = "none", "Nama saja"

    class Face(models.TextChoices):
        """The picture that stands for a learner where a phone is shared; drawn in templates/faces."""

        FLOWER = "bunga", "Bunga"
        BIRD = "burung", "Burung"
        FISH = "ikan", "Ikan"
        CAT = "kucing", "Kucing"
        LEAF = "daun", "Daun"
        SUN = "matahari", "Matahari"
        MOON = "bulan", "Bulan"
        STAR = "bintang", "Bintang"
        BOAT = "perahu", "Perahu"
        KETTLE = "ceret", "Ceret"
        CHILLI = "cabai", "Cabai"
        BANANA = "pisang", "Pisang"

    user = models.OneToOneField(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="learner")
    household = models.ForeignKey(Household, on_delete=models.PROTECT, related_name="learners", verbose_name="keluarga")
    first_name = models.CharField("nama depan", max_length=60)
    last_name = models.CharField("nama belakang", max_length=60, blank=True)
    address_form = models.CharField("sapaan", max_length=5, choices=AddressForm, default=AddressForm.NONE)
    face = models.CharField("gambar", max_length=8, choices=Face, default=Face.FLOWER)
    language = models.CharField("bahasa pelajaran", max_length=5, blank=True)  # as she chose last, if she ever did
    phone_last_sent_at = models.DateTimeField("HP terakhir mengirim", null=True)  # no signal is not no will
    reference = models.CharField("nomor sendiri", max_length=30, blank=True, help_text=OWN_NUMBER)

    objects = LearnerQuerySet.as_manager()

    class Meta:
        verbose_name = "pelajar"
        verbose_name_plural = "pelajar"
        ordering = ["first_name", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["reference"], condition=~Q(reference=""), name="one_learner_a_reference")
        ]

    def __str__(self):
        return self.full_name

    @property
    def full_name(self) -> str:
        return f"{self.first_name} {self.last_name}".strip()

    def hold_account(self) -> User:
        """``User.held``: she may be erased just now. Raises User.DoesNotExist."""
        return User.held(self.user_id)

    @property
    def greeting_name(self) -> str:
        return greeting_name(self.address_form, self.first_name)

    @property
    def greeting_full_name(self) -> str:
        """Where two may be called alike: «Bu Sari Wulandari»."""
        return greeting_name(self.address_form, self.full_name)

    @property
    def public_name(self) -> str:
        """First name and initial, all that a stranger may see: «Sari W.»."""
        return f"{self.first_name} {self.last_name[0]}." if self.last_name else self.first_name

"""A household's history: what was done to it, by whom and when. Lines are only ever added, but for a contact that its
teller takes back at once; where somebody is erased, her name goes out of them (learn/traces.py)."""

from datetime import timedelta
from uuid import UUID, uuid5

from django.conf import settings
from django.contrib.auth import get_user_model
from django.db import models, transaction
from django.utils import timezone

from .reaching import Way, told

A_MOMENT = timedelta(minutes=10)
A_SLIP = timedelta(days=1)  # for so long whoever told of a contact may say that it was none
MAX_TEXT = 250


def own_id(form_id: UUID | None, kind: "HouseholdEvent.Kind", by) -> UUID | None:
    """What one form tells stands under this id: once of each kind, and apart from whoever else sends the same id. Asks
    for a transaction, in which a second sending waits until the first is stored."""
    if form_id is None:
        return None
    get_user_model().held(by.pk)
    return _of_teller(form_id, kind, by)


def _of_teller(form_id: UUID, kind: "HouseholdEvent.Kind", by) -> UUID:
    return uuid5(form_id, f"{kind} {by.pk}")


def fitting(text: str) -> str:
    """As much as a line holds: three of the longest names are more."""
    return text if len(text) <= MAX_TEXT else f"{text[: MAX_TEXT - 1]}…"


class HouseholdEventQuerySet(models.QuerySet):
    def record(
        self, household, kind: "HouseholdEvent.Kind", *, by, text: str = "", told_as: UUID | None = None
    ) -> "HouseholdEvent":
        """Adds one line. ``by`` is the user who did it; ``text`` says what, without secrets."""
        return self.create(household=household, kind=kind, by=by, text=fitting(text), told_as=told_as)

    def told_before(self, told_as: UUID | None) -> "HouseholdEvent | None":
        """The line that was told under this id (``own_id``) already."""
        return self.filter(told_as=told_as).select_related("household").first() if told_as else None

    def id_of_form(self, form_id: UUID, page: UUID | None, *, by, **learner) -> UUID:
        """Under which id a form counts that adds this ``learner``: ``form_id``, which its words make, or the next one
        where whoever was added under it is not called so any more, or is gone, and the form's ``page`` was fetched
        since. What a page sends twice is one, whatever was corrected meanwhile."""
        told = self.told_before(_of_teller(form_id, HouseholdEvent.Kind.LEARNER_ADDED, by))
        is_later = told and page and page.int >> 80 > told.at.timestamp() * 1000  # a UUIDv7 begins with its time
        if is_later and not told.household.learners.filter(**learner).exists():
            return self.id_of_form(uuid5(form_id, "another"), page, by=by, **learner)
        return form_id

    def told_to(self, homes: models.QuerySet) -> "list[HouseholdEvent]":
        """These lines for whoever may see ``homes``: a move names both families only where both are among them."""
        lines, moved = list(self), HouseholdEvent.Kind.LEARNER_MOVED
        texts = {line.text for line in lines if line.kind == moved}
        both = HouseholdEvent.objects.filter(kind=moved, text__in=texts, household__in=homes).values("text")
        both = both.annotate(ends=models.Count("household", distinct=True)).filter(ends__gt=1).order_by()
        whole = set(both.values_list("text", flat=True)) if texts else set()
        for line in lines:
            if line.kind == moved and line.text not in whole:
                line.text = line.text.partition(": ")[0]
        return lines

    @transaction.atomic
    def note(
        self,
        household,
        kind: "HouseholdEvent.Kind",
        *,
        by,
        text: str = "",
        told_as: UUID | None = None,
        from_outbox: bool = False,
    ) -> bool:
        """Notes a contact or a visit. It stands once, however often it is told: under the id of its form, which is
        also its id in a phone's outbox; and in the same words by the same person a moment ago (a second tap, or her
        way back to the form), but for an outbox, where visits of two days arrive together. What comes under a known id
        with other words, from another or of another household, is another visit. Returns whether it is new."""
        type(household).objects.select_for_update(no_key=True).get(pk=household.pk)
        text = fitting(text.replace("\r\n", "\n").strip())  # a form ends its lines otherwise than an outbox
        before = self.told_before(told_as)
        is_same = before and before.household_id == household.pk and before.by_id == by.pk and before.kind == kind
        if is_same and before.text == text:
            return False
        lately = self.filter(household=household, by=by, kind=kind, text=text, at__gt=timezone.now() - A_MOMENT)
        if not from_outbox and lately.exists():
            return False
        self.record(household, kind, by=by, text=text, told_as=None if before else told_as)
        return True

    def reach(
        self, household, way: Way, about: str = "", *, by, told_as: UUID | None = None, from_outbox: bool = False
    ) -> bool:
        """As ``note``, of one tap: how ``by`` reached the household, and for which need."""
        kind = HouseholdEvent.Kind.VISITED if way == Way.VISIT else HouseholdEvent.Kind.CONTACTED
        return self.note(household, kind, by=by, text=told(way, about), told_as=told_as, from_outbox=from_outbox)

    @transaction.atomic
    def take_back(self, household, line: int, *, by) -> bool:
        """A contact or a visit was noted by a slip, or of the wrong household: it never happened. Only its teller says
        so, and within ``A_SLIP``. Returns whether it stood until now."""
        type(household).objects.select_for_update(no_key=True).get(pk=household.pk)
        hers = self.filter(household=household, by=by, kind__in=HouseholdEvent.REACHED)
        taken, _ = hers.filter(pk=line, at__gt=timezone.now() - A_SLIP).delete()
        return bool(taken)


class HouseholdEvent(models.Model):
    class Kind(models.TextChoices):
        HOUSEHOLD_MADE = "household_made", "Keluarga dicatat"
        LEARNER_ADDED = "learner_added", "Pelajar ditambahkan"
        CORRECTED = "corrected", "Data diperbaiki"
        LEARNER_MOVED = "learner_moved", "Pelajar pindah keluarga"
        PIN_CHOSEN = "pin_chosen", "PIN dibuat pelajar"
        PIN_RESET = "pin_reset", "PIN sementara diberikan"
        COMPANION_STARTED = "companion_started", "Mulai didampingi"
        COMPANION_ENDED = "companion_ended", "Pendampingan berakhir"
        CONSENT_GIVEN = "consent_given", "Persetujuan diberikan"
        CONSENT_WITHDRAWN = "consent_withdrawn", "Persetujuan ditarik"
        LEARNER_ERASED = "learner_erased", "Data pelajar dihapus"
        CONTACTED = "contacted", "Dihubungi"
        VISITED = "visited", "Dikunjungi"

    REACHED = [Kind.CONTACTED, Kind.VISITED]  # the companion was with the household, or spoke to it

    household = models.ForeignKey("people.Household", on_delete=models.CASCADE, related_name="events")
    at = models.DateTimeField(default=timezone.now)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")
    kind = models.CharField(max_length=20, choices=Kind)
    text = models.CharField(max_length=MAX_TEXT, blank=True)
    told_as = models.UUIDField(null=True, unique=True, editable=False)  # the id of the form that told it

    objects = HouseholdEventQuerySet.as_manager()

    class Meta:
        verbose_name = "riwayat keluarga"
        verbose_name_plural = "riwayat keluarga"
        ordering = ["-at", "-pk"]
        indexes = [models.Index(fields=["household", "-at"])]

    def may_be_taken_back_by(self, user) -> bool:
        return self.kind in self.REACHED and self.by_id == user.pk and self.at > timezone.now() - A_SLIP

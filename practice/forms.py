"""Forms that take photos and recordings: a practice task handed in, by the learner or by her companion in her name, and
what a companion says to it."""

import hashlib
from decimal import Decimal
from uuid import UUID, uuid5

from django import forms
from django.core.exceptions import ValidationError
from django.http import HttpRequest

from courses.numbers import number_words
from courses.recordings import NOT_A_RECORDING, UnusableFile
from people.forms import refuse_identity_number
from people.ids import id_in, new_id
from people.models import Learner

from . import rules
from .models import Evidence, PracticeSubmission, TakenId
from .photos import NOT_A_PHOTO, photo_from
from .recordings import recording_from
from .rules import MAX_PHOTOS

INTAKE = {Evidence.Kind.PHOTO: photo_from, Evidence.Kind.VOICE: recording_from}
MOST = {Evidence.Kind.PHOTO: MAX_PHOTOS, Evidence.Kind.VOICE: 1}
TOO_MANY = {Evidence.Kind.PHOTO: f"Paling banyak {MAX_PHOTOS} foto.", Evidence.Kind.VOICE: "Kirim satu rekaman saja."}
TAKEN = "Ini belum terkirim. Ambil lagi, lalu kirim."
FULL = "Terlalu banyak foto atau suara yang belum dikirim. Kirim dulu yang ada."


class EvidenceForm(forms.Form):
    """Photos and recordings that can be read are kept at once, so that none needs sending again where something else
    is still missing. ``kept`` are those, and what arrived before under an id in «evidence», in order."""

    def __init__(self, request: HttpRequest, *, learner: Learner, **kwargs):
        is_sent = request.method == "POST"
        data, files = (request.POST, request.FILES) if is_sent else (None, None)
        super().__init__(data, files, **kwargs)
        self.learner = learner
        # Under which this form is sent, however often; made with the form.
        self.own_id: UUID = id_in(self.data.get("id", "")) or new_id()
        self.kept: list[Evidence] = self._sent_before() if is_sent else []

    @property
    def photos(self) -> list[Evidence]:
        return [file for file in self.kept if file.kind == Evidence.Kind.PHOTO]

    @property
    def recording(self) -> Evidence | None:
        return next((file for file in self.kept if file.kind == Evidence.Kind.VOICE), None)

    def _sent_before(self) -> list[Evidence]:
        ids = [id for id in map(id_in, self.data.getlist("evidence")) if id]
        kinds = [kind for kind in INTAKE if kind in self.fields]
        found = Evidence.objects.waiting().filter(learner=self.learner, kind__in=kinds).in_bulk(ids)
        return [found[id] for id in dict.fromkeys(ids) if id in found]

    def clean(self):
        for kind in INTAKE:
            if kind in self.fields:
                self._keep(kind, self._brought(kind))
        return super().clean()

    def _brought(self, kind: str) -> list:
        return [file for file in self.files.getlist(kind) if file.size]

    def _keep(self, kind: Evidence.Kind, files: list) -> None:
        if kind == Evidence.Kind.VOICE and files:
            self.kept = self.photos  # a new recording takes the place of the old one
        room = max(0, MOST[kind] - sum(file.kind == kind for file in self.kept))
        if len(files) > room:
            self.add_error(kind, TOO_MANY[kind])
        for place, file in enumerate(files[:room]):
            if Evidence.objects.is_full(self.learner):
                self.add_error(kind, FULL)
                break
            try:
                made = INTAKE[kind](file)
                self.kept.append(Evidence.objects.store(self.learner, kind, made, id=self._id_of(kind, place, file)))
            except UnusableFile as refusal:
                self.add_error(kind, str(refusal))
            except TakenId:
                self.add_error(kind, TAKEN)

    def _id_of(self, kind: str, place: int, file) -> UUID:
        """As kept-forms.js makes it: the phone may keep the same form, and send its files once more."""
        return UUID(hashlib.sha256(f'["{self.own_id}","{kind}",{place},{file.size}]'.encode()).hexdigest()[:32])


class HandInForm(EvidenceForm):
    """The kinds of evidence that the task names; at least one of them."""

    NOTHING_YET = {
        "photo": "Ambil foto dulu.",
        "note": "Tulis catatan dulu.",
        "number": "Tulis angkanya dulu.",
        "voice": "Rekam suara dulu.",
    }
    WHO_HELPS = "Belum bisa? Tanya pendamping."

    photo = forms.FileField(label="Foto", required=False, error_messages={"empty": NOT_A_PHOTO})
    note = forms.CharField(
        required=False,
        max_length=2000,
        validators=[refuse_identity_number],
        error_messages={"max_length": "Catatan ini terlalu panjang. Tulis yang penting saja."},
    )
    number = forms.CharField(required=False, max_length=60)
    voice = forms.FileField(label="Suara", required=False, error_messages={"empty": NOT_A_RECORDING})

    def __init__(self, request: HttpRequest, *, learner: Learner, kinds: list[str], unit: str = ""):
        self.base_fields = {name: field for name, field in self.base_fields.items() if name in kinds}
        super().__init__(request, learner=learner)
        self.kinds, self.unit = kinds, unit
        self.to_check = ""  # the number as we read it, for her to look at before it is sent

    def clean_number(self) -> Decimal | None:
        text = self.cleaned_data["number"]
        if not text:
            return None
        if (number := rules.amount(text, self.unit)) is None:
            raise ValidationError("Tulis angka saja, misalnya 7.500.")
        return number

    def clean(self):
        data = super().clean()
        number = data.get("number")
        if self.errors:
            return data
        if not self.kept and not data.get("note") and number is None:
            first = self.kinds[0]
            self.add_error(first, f"{self.NOTHING_YET[first]} {self.WHO_HELPS}".strip())
        elif number is not None and self._wants_a_look(number):
            self.to_check = number_words(number, self.unit)
            self.add_error("number", f"Kami baca: {self.to_check}. Kalau benar, kirim sekali lagi.")
        return data

    def _wants_a_look(self, number: Decimal) -> bool:
        """«7rb» and «1,2jt» are shown as we read them; who wrote all digits herself, or looked already, goes on."""
        typed = "".join(c for c in self.data["number"] if c.isdigit())
        digits = "".join(c for c in number_words(abs(number)) if c.isdigit())
        return typed != digits and self.data.get("number_seen") != number_words(number, self.unit)

    def has_arrived(self) -> bool:
        """Whether this very form was handed in before: a second tap, or the answer was lost on its way. With something
        else in it (her way back to it) it is another one, under an id that what is in it makes."""
        before = PracticeSubmission.objects.filter(pk=self.own_id, learner=self.learner).first()
        if before is None:
            return False
        note, number = (self.data.get(name, "").strip() if name in self.fields else "" for name in ("note", "number"))
        brought = [(kind, self._brought(kind)) for kind in INTAKE if kind in self.fields]
        added = {str(self._id_of(kind, *one)) for kind, files in brought for one in enumerate(files)}
        named = added.union(self.data.getlist("evidence"))
        attached = {str(file.pk) for file in before.evidence.all()}
        read = rules.amount(number, self.unit)
        if before.says(note, read) and bool(number) == (read is not None):
            if named == attached:
                return True
            if attached < named and before.state == rules.State.WAITING:  # its words came first, from the outbox
                return self.is_valid() and self._join(before)
        self.own_id = uuid5(self.own_id, "\n".join([note, number, *sorted(named)]))
        return PracticeSubmission.objects.filter(pk=self.own_id, learner=self.learner).exists()

    def _join(self, practice: PracticeSubmission) -> bool:
        for file in self.kept:
            PracticeSubmission.objects.attach(self.learner, practice.pk, file.pk)
        return True

    @property
    def sent(self) -> dict:
        """What ``hand_in`` wants to know, of a valid form."""
        return {
            "id": self.own_id,
            "note": self.cleaned_data.get("note", ""),
            "number": self.cleaned_data.get("number"),
            "files": [file.pk for file in self.kept],
        }

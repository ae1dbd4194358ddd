"""Forms with which a companion records a meeting of a group."""

from django import forms

from people.forms import refuse_identity_number
from people.ids import new_id
from people.models import Learner
from progress.facts import Outline
from progress.rules import may_have_met

from .forms import DayField

PLACE = "Tulis tempatnya dulu, misalnya balai desa."
NOBODY = "Tandai siapa yang hadir dulu."
NOT_PUBLISHED = "Ada pelajaran yang sedang tidak terbit. Pilih lagi pelajarannya."
NOT_EXPECTED = "Ada yang sekarang tidak di kelompok ini. Periksa lagi yang hadir."


class AttendanceForm(forms.Form):
    """Who of the companion's learners in the group was there."""

    present = forms.TypedMultipleChoiceField(
        label="Siapa yang hadir?",
        coerce=int,
        required=False,  # it is corrected to nobody of hers where a colleague's were there
        error_messages={"required": NOBODY, "invalid_choice": NOT_EXPECTED},
    )

    def __init__(self, *args, learners: list[Learner], **kwargs):
        super().__init__(*args, **kwargs)
        self.learners = learners
        self.fields["present"].choices = [(str(learner.pk), learner.full_name) for learner in learners]

    @property
    def tiles(self) -> list[tuple[Learner, bool]]:
        """Each learner, and whether she is ticked."""
        ticked = set(map(str, self["present"].value() or []))
        return [(learner, str(learner.pk) in ticked) for learner in self.learners]


class MeetingForm(AttendanceForm):
    """When and where, which lessons were treated, and who was there."""

    id = forms.UUIDField(initial=new_id, widget=forms.HiddenInput)  # made with the page: sent twice, it counts once
    held_on = DayField(label="Tanggal", error_messages={"required": "Tulis tanggalnya dulu."})
    place = forms.CharField(
        label="Tempat", max_length=120, validators=[refuse_identity_number], error_messages={"required": PLACE}
    )
    lessons = forms.TypedMultipleChoiceField(
        label="Pelajaran apa yang dibahas?",
        error_messages={
            "required": "Pilih pelajaran yang dibahas dulu.",
            "invalid_choice": NOT_PUBLISHED,
        },
    )

    def __init__(self, *args, content: Outline, today, **kwargs):
        super().__init__(*args, **kwargs, use_required_attribute=False)
        self.content, self.today = content, today
        self.fields["present"].required = True
        self.fields["lessons"].choices = [(str(key), page.title) for key, page in content.lesson_pages.items()]

    @property
    def modules(self) -> list[dict]:
        """The published modules: ``page``, its ``lessons`` as (key, page, ticked), and how many are ``ticked``."""
        ticked = set(self["lessons"].value() or [])
        found = []
        for key, page in self.content.module_pages.items():
            lessons = [
                (one.translation_key, one, str(one.translation_key) in ticked) for one in self.content.lessons_of(key)
            ]
            found.append({"page": page, "lessons": lessons, "ticked": sum(is_ticked for *_, is_ticked in lessons)})
        return [module for module in found if module["lessons"]]

    def clean_held_on(self):
        held_on = self.cleaned_data["held_on"]
        if held_on > self.today:
            raise forms.ValidationError("Tanggal ini belum tiba. Pilih hari ini atau sebelumnya.")
        if not may_have_met(held_on, self.today):
            raise forms.ValidationError("Tanggal ini sudah lebih dari setahun. Periksa tahunnya.")
        return held_on

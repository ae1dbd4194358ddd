"""With what a companion records a practice, and answers one."""

from django import forms

from courses.recordings import NOT_A_RECORDING
from people.forms import refuse_identity_number
from practice.forms import EvidenceForm, HandInForm
from practice.models import Feedback
from practice.rules import is_an_answer

# Ready to tap and to change.
PRAISES = ["Bagus, sudah dicoba.", "Rapi dan lengkap.", "Fotonya jelas.", "Ceritanya mudah dipahami."]
SUGGESTIONS = [
    "Lanjut ke pelajaran berikut.",
    "Coba foto lebih terang.",
    "Lengkapi satu bagian lagi.",
    "Coba lagi bersama keluarga.",
]


class RecordForm(HandInForm):
    """A practice that the companion records in the family's name: she is the one whom others ask."""

    WHO_HELPS = ""


class OneSentence(forms.CharField):
    default_validators = [refuse_identity_number]
    default_error_messages = {"max_length": "Ini terlalu panjang. Tulis satu kalimat saja."}

    def __init__(self, **kwargs):
        super().__init__(required=False, max_length=300, **kwargs)


class FeedbackForm(EvidenceForm):
    """One praise and one suggestion, typed or tapped, or a voice that says both; and the verdict, by its button."""

    verdict = forms.ChoiceField(
        choices=Feedback.Verdict,
        error_messages={"required": "Pilih «Sudah benar» atau «Perlu diperbaiki».", "invalid_choice": "Pilih satu."},
    )
    praise = OneSentence(label="Pujian")
    suggestion = OneSentence(label="Saran")
    praise_ready = forms.CharField(required=False, max_length=300)
    suggestion_ready = forms.CharField(required=False, max_length=300)
    voice = forms.FileField(required=False, error_messages={"empty": NOT_A_RECORDING})

    def clean(self):
        data = super().clean()
        for name in ("praise", "suggestion"):
            data[name] = data.get(name) or data.get(f"{name}_ready", "")
        if not self.errors and not is_an_answer(
            praise=data["praise"], suggestion=data["suggestion"], has_voice=self.recording is not None
        ):
            if not data["praise"]:
                self.add_error("praise", "Tulis atau ketuk satu pujian dulu. Boleh juga dengan suara.")
            if not data["suggestion"]:
                self.add_error("suggestion", "Tulis atau ketuk satu saran dulu. Boleh juga dengan suara.")
        return data

    def repeats(self, feedback: Feedback) -> bool:
        """Whether it says what ``feedback`` does: a second tap. On her way back to it she may have changed her mind."""
        said = {name: self.data.get(name, "").strip() for name in self.fields}
        praise, suggestion = (said[name] or said[f"{name}_ready"] for name in ("praise", "suggestion"))
        return feedback.says(said["verdict"], praise, suggestion)

    @property
    def said(self) -> dict:
        """What ``answer_practice`` wants to know, of a valid form."""
        return {
            "id": self.own_id,
            "praise": self.cleaned_data["praise"],
            "suggestion": self.cleaned_data["suggestion"],
            "voice": self.recording and self.recording.pk,
        }

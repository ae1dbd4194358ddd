"""How an editor's voice comes in: recorded in the page, or as any file that a phone records."""

from uuid import uuid4

from django import forms
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import UploadedFile
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.formats import date_format
from wagtailmedia.forms import BaseMediaForm
from wagtailmedia.models import MediaType

from .recordings import NOT_A_RECORDING, NOT_A_VIDEO, Limits, UnusableFile, video_suffix, voice_from
from .shown import keep_what_is_shown

MAX_MINUTES = 5  # of a voice: who reads a lesson aloud needs three
LIMITS = Limits(
    seconds=MAX_MINUTES * 60,
    bytes=64 * 1024 * 1024,  # five minutes of WAV
    too_long=f"Rekaman ini lebih dari {MAX_MINUTES} menit. Rekam lagi lebih pendek, atau bagi dua.",
    too_heavy=f"Rekaman ini lebih dari 64 MB. Rekam lagi, paling lama {MAX_MINUTES} menit.",
)


MAX_VIDEO = 50 * 1024 * 1024  # what lessons ask for is a fifth of it
VIDEO_TOO_HEAVY = "Video ini lebih dari 50 MB. Pendekkan dulu, sampai di bawah 10 MB."


class RecordVoice(forms.FileInput):
    """Records in the page, or takes a file."""

    template_name = "courses/widgets/record_voice.html"

    class Media:
        js = [forms.Script("js/record-voice.js", type="module")]

    def get_context(self, name, value, attrs):
        return super().get_context(name, value, attrs) | {"seconds": LIMITS.seconds}

    def _render(self, template_name, context, renderer=None):
        return render_to_string(template_name, context)  # forms look for templates only inside apps


class RecordingForm(BaseMediaForm):
    """Nothing is stored of a voice that nobody could listen to, nor of a video that nobody could watch."""

    def __init__(self, *args, user=None, **kwargs):
        super().__init__(*args, user=user, **kwargs)
        self.user = user
        if self.instance.type != MediaType.AUDIO:
            self.fields["file"].error_messages |= {"required": "Pilih berkas videonya dulu.", "empty": NOT_A_VIDEO}
            return
        if self.instance.pk:
            del self.fields["file"]
            return
        self.fields["file"].widget = RecordVoice({"accept": "audio/*"})
        self.fields["file"].error_messages |= {
            "required": "Rekam suara dulu, atau pilih satu berkas.",
            "empty": NOT_A_RECORDING,
        }
        self.initial["title"] = f"Rekaman {date_format(timezone.localtime(), 'j F Y, H.i')}"

    def clean_file(self):
        file = self.cleaned_data["file"]
        name = uuid4().hex  # one that no file had before: by it phones and other servers know what they keep
        try:
            if self.instance.type != MediaType.AUDIO:
                if isinstance(file, UploadedFile):
                    keep_what_is_shown(self.user, self.instance, file)
                    if file.size > MAX_VIDEO:
                        raise UnusableFile(VIDEO_TOO_HEAVY)
                    file.name = f"{name}{video_suffix(file)}"
                return file
            voice = voice_from(file, LIMITS, twin=True)
        except UnusableFile as refusal:
            raise ValidationError(str(refusal)) from refusal
        self.instance.twin = ContentFile(voice.aac, f"{name}.m4a")
        self.instance.duration = voice.seconds
        return ContentFile(voice.opus, f"{name}.webm")

"""The form of an editor's picture, wherever Wagtail shows it."""

from django.core.exceptions import ValidationError
from wagtail.images.fields import WagtailImageField
from wagtail.images.forms import BaseImageForm

from .picture_intake import UnusablePicture, check
from .shown import keep_what_is_shown


class PictureField(WagtailImageField):
    """Takes no picture that is not whole, or that would fill the memory. Wagtail's own field counts on the first."""

    def to_python(self, data):
        if data and data.size <= self.max_upload_size:  # else it has its own sentence
            try:
                check(data.read())
            except UnusablePicture as refusal:
                raise ValidationError(str(refusal)) from refusal
            data.seek(0)
        return super().to_python(data)


class PictureForm(BaseImageForm):
    def __init__(self, *args, user=None, **kwargs):
        super().__init__(*args, user=user, **kwargs)
        self.user = user
        if given := self.fields.get("file"):
            self.fields["file"] = PictureField(label=given.label, required=given.required, widget=given.widget)

    def clean_file(self):
        keep_what_is_shown(self.user, self.instance, self.cleaned_data["file"])
        return self.cleaned_data["file"]

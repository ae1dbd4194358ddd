"""What the editor's forms of all our pages have in common."""

from django.core.exceptions import ValidationError
from django.utils import timezone
from wagtail.admin.forms import WagtailAdminPageForm

GONE_BY = "Waktu ini sudah lewat. Pilih waktu yang akan datang, atau kosongkan."
CLOCK = "Jam {}. Zona waktu diatur di «Akun»."


class PageForm(WagtailAdminPageForm):
    """It says by which clock an hour is set: Wagtail takes that of her account, whatever her computer's shows. An hour
    that is set lies ahead: with one that is past Wagtail publishes at once. One that was set and has come stays in the
    form."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for name in {"go_live_at", "expire_at"} & set(self.fields):
            self.fields[name].help_text = CLOCK.format(timezone.localtime().tzname())

    def clean(self):
        cleaned = super().clean()
        hour = cleaned.get("go_live_at")
        if hour and "go_live_at" in self.changed_data and hour < timezone.now():
            self.add_error("go_live_at", ValidationError(GONE_BY))
        return cleaned

from django.apps import AppConfig

# The words that Wagtail makes of its fields' names, past its catalogue.
LINK_WORDS = {
    "link_text": "Kata yang diketuk",
    "email_address": "Alamat e-mail",
    "subject": "Perihal",
    "body": "Isi surat",
    "phone_number": "Nomor telepon",
}


class DeskConfig(AppConfig):
    name = "desk"
    verbose_name = "Meja kerja penyunting"

    def ready(self):
        from wagtail.admin.forms import choosers

        from .comparing import compare_in_words

        compare_in_words()
        for form in (
            choosers.ExternalLinkChooserForm,
            choosers.AnchorLinkChooserForm,
            choosers.EmailLinkChooserForm,
            choosers.PhoneLinkChooserForm,
        ):
            for name, words in LINK_WORDS.items():
                if name in form.base_fields:
                    form.base_fields[name].label = words

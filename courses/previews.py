"""How editors see a page before it is published: on the phone that we design for, as a learner and as a visitor."""

from django.contrib.auth.models import AnonymousUser

LEARNER, VISITOR = "pelajar", "pengunjung"
PUBLISHED = "terbit"  # no preview: the page as a visitor is sent it today, for whoever keeps or weighs it


class PhonePreviews:
    """A mixin for pages, before ``Page``. ``request.is_preview`` and ``request.preview_mode`` are Wagtail's."""

    preview_modes = [(LEARNER, "Sebagai pelajar"), (VISITOR, "Sebagai pengunjung")]
    preview_sizes = [
        {"name": "hp", "icon": "mobile-alt", "device_width": 360, "label": "HP kecil, 360 kali 640"},
        {"name": "tablet", "icon": "tablet-alt", "device_width": 768, "label": "Tablet"},
        {"name": "laptop", "icon": "desktop", "device_width": 1280, "label": "Laptop"},
    ]
    default_preview_mode = LEARNER
    default_preview_size = "hp"

    def serve_preview(self, request, mode_name):
        if mode_name in (VISITOR, PUBLISHED):
            request.user = AnonymousUser()
        return super().serve_preview(request, mode_name)

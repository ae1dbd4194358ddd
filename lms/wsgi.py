"""The WSGI application that granian serves."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "lms.settings")
application = get_wsgi_application()

from django.conf import settings  # noqa: E402  the apps are there now

if settings.FAST_PAGES:
    from learn.fast_pages import FastPages

    application = FastPages(application)

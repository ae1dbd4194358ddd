"""The WSGI application that granian serves."""

import gc
import os
import sys

from django.core.wsgi import get_wsgi_application

gc.disable()  # while everything is read in there is nothing to find; that it looked was a fifth of the start
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "lms.settings")
application = get_wsgi_application()
# Whoever reads waits for the interpreter at each turn from the database: 0.1 ms while others are busy, not 5.
sys.setswitchinterval(0.0001)

from django.conf import settings  # noqa: E402  the apps are there now
from django.urls import get_resolver  # noqa: E402

if settings.FAST_PAGES:
    from learn.fast_pages import FastPages
    from lms.asked_again import AskedAgain

    application = AskedAgain(FastPages(application))

# All screens are loaded, and Python is told that they stay: now and then it looks through everything that it holds for
# what nobody needs, and whoever asks just then would wait a fifth of a second.
get_resolver().reverse_dict  # noqa: B018
gc.collect()
gc.freeze()
gc.enable()

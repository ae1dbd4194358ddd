#!/usr/bin/env python
import gc
import os
import sys

# While all of Django is read in, Python would look hundreds of times for what nobody needs, and find nothing.
gc.set_threshold(200_000)

if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "lms.settings")
    from django.core.management import execute_from_command_line

    execute_from_command_line(sys.argv)

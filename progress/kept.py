"""What is made of content alone is kept in memory as long as content stays as it is (courses/content_version.py)."""

import time
from collections.abc import Callable
from functools import wraps
from typing import TypeVar
from uuid import UUID

from django.db import transaction

from courses.models import ContentVersion
from people.prepared import Prepared

Made = TypeVar("Made")

_version = Prepared(lambda: ContentVersion.objects.values_list("name"))


MOMENT = 0.1  # seconds
_asked: tuple[float, int, UUID | None] = (-MOMENT, 0, None)


def content_version() -> UUID | None:
    """None where nothing may be kept: this transaction has changed content, or nobody ever has.

    Outside of transactions it is asked for once a MOMENT: whoever asks sees at least what was true when she pressed.
    What this process changes shows at once."""
    global _asked
    if transaction.get_connection().in_atomic_block:
        return None if ContentVersion.objects.is_changing() else _ask()
    moment, bumps = time.monotonic(), ContentVersion.objects.bumps
    at, after, version = _asked
    if moment - at > MOMENT or bumps != after:
        version = _ask()
        if moment > _asked[0]:  # or somebody who asked later has been told already
            _asked = (moment, bumps, version)
    return version


def _ask() -> UUID | None:
    return next((name for (name,) in _version()), None)


def kept_with_content(make: Callable[[], Made]) -> Callable[[], Made]:
    """Whoever calls it gets the same object, and must not change it. An hour at most: a version can be lost with the
    process that was to tell it."""
    kept: tuple[tuple | None, Made | None] = (None, None)

    @wraps(make)
    def made() -> Made:
        nonlocal kept
        version = content_version()
        if version is None:
            return make()
        stands_under, found = kept
        key = (version, int(time.time() // 3600))
        if stands_under != key:
            found = make()
            kept = (key, found)
        return found

    return made

"""Reads the environment for the settings. What cannot be read ends the start: one clear sentence serves better than a
traceback, and a switch that is spelt wrong is not to be taken for off."""

import logging
import os
import sys
from collections.abc import Callable
from email.utils import parseaddr
from pathlib import Path
from typing import TypeVar
from urllib.parse import urlsplit

from django.core.exceptions import ImproperlyConfigured
from environ import Env

ENGINES = {"django.db.backends.postgresql", "django.db.backends.sqlite3"}
SWITCHES = dict.fromkeys(["true", "on", "yes", "1"], True) | dict.fromkeys(["false", "off", "no", "0"], False)
RANDOM = "a random text of 50 characters or more"
T = TypeVar("T")


def setting(name: str, read: Callable[[str], T], wanted: str, default: str = "") -> T:
    """What ``read`` makes of a variable, or of ``default`` where it is not set. Raises SystemExit."""
    try:
        return read(os.environ.get(name, default))
    except (ValueError, ImproperlyConfigured):
        sys.exit(f"Set {name} to {wanted}, then start again.")


def switch(name: str, *, default: bool) -> bool:
    return setting(name, lambda typed: SWITCHES[one_of(SWITCHES, typed.lower())], "true or false", str(default))


# --- How a text is read; each raises ValueError ------------------------------------------------------------------


def one_of(known, typed: str) -> str:
    return _checked(typed.strip(), typed.strip() in known)


def long_enough(typed: str) -> str:
    return _checked(typed, len(typed) >= 50)


def folder(typed: str) -> Path:
    """Set to nothing, it would be the one that the server was started in."""
    return _checked(Path(typed).absolute(), typed)


def address(typed: str) -> str:
    typed = typed.strip().rstrip("/")
    return _checked(typed, typed.startswith(("https://", "http://")) and urlsplit(typed).hostname)


def listed(typed: str) -> list[str]:
    """What stands between commas, however far apart."""
    return [one.strip() for one in typed.split(",") if one.strip()]


def hosts(typed: str) -> list[str]:
    return _checked(listed(typed), listed(typed) and "/" not in typed)


def addresses(typed: str) -> list[str]:
    return [address(one) for one in listed(typed)]


def count(typed: str) -> int:
    return _checked(int(typed), int(typed) >= 0)


def level(typed: str) -> str:
    return one_of(logging.getLevelNamesMapping(), typed.upper())


def database(typed: str) -> dict:
    typed = _without_fragment(typed)
    is_known = Env.DB_SCHEMES.get(typed.partition("://")[0]) in ENGINES
    return Env.db_url_config(_checked(typed, is_known and _is_whole(typed)))


def mail(typed: str) -> dict:
    """EMAIL_BACKEND, EMAIL_HOST and so on."""
    typed = _without_fragment(typed.strip())
    is_found = urlsplit(typed).hostname or not typed.startswith("smtp")
    return _checked(Env.email_url_config(typed), is_found and _is_whole(typed))


def sender(typed: str) -> str:
    """Of mails: an address, with or without a name before it."""
    name, at, host = parseaddr(typed)[1].partition("@")
    return _checked(typed.strip(), name and at and host and typed.strip().isprintable())


def _without_fragment(url: str) -> str:
    """No address of a server has one, but a password may hold what begins it."""
    return url.replace("#", "%23")


def _is_whole(url: str) -> bool:
    """Where a «/» or «?» in its password ends the host, who signs in is taken for the server."""
    parts = urlsplit(url)
    return not parts.hostname or "@" not in f"{parts.path}?{parts.query}"


def _checked(value: T, is_right: object) -> T:
    if not is_right:
        raise ValueError
    return value

"""The plain twin of a fast way: how it is asked, what its pages depend on whoever asks, and what may be kept of it."""

import re
import secrets
import time
from collections.abc import Callable, Iterable

from django.conf import settings
from django.middleware.csrf import CSRF_ALLOWED_CHARS, CSRF_SECRET_LENGTH

from courses.save_data import saves_data

from .shells import Environ, Headers

OF_VISITORS = {settings.CSRF_COOKIE_NAME, settings.STYLESHEET_COOKIE}  # cookies
A_TOKEN = re.compile(r'(?:csrf|value)="([A-Za-z0-9]{64})"')
A_SECRET = re.compile(f"[A-Za-z0-9]{{{CSRF_SECRET_LENGTH}}}")

PLACE_OF = {letter: place for place, letter in enumerate(CSRF_ALLOWED_CHARS)}

Application = Callable[[Environ, Callable], Iterable[bytes]]


def answer_of(plain: Application, environ: Environ) -> tuple[str, Headers, bytes]:
    """Status, headers without the length, which is told with what is sent, and body, which is not packed."""
    told = []
    answer = plain(
        environ | {"HTTP_ACCEPT_ENCODING": ""}, lambda status, headers, *rest: told.extend((status, headers))
    )
    try:
        return told[0], [row for row in told[1] if row[0].lower() != "content-length"], b"".join(answer)
    finally:
        if hasattr(answer, "close"):
            answer.close()


def place_of(environ: Environ, path: str, cookies: dict[str, str]) -> tuple:
    """What every page depends on besides its reader. The hour, because dates change with it."""
    has_stylesheet = cookies.get(settings.STYLESHEET_COOKIE) == settings.STYLESHEET_RELEASE
    is_secure = environ.get("HTTP_X_FORWARDED_PROTO", environ["wsgi.url_scheme"]) == "https"
    return environ.get("HTTP_HOST"), is_secure, path, has_stylesheet, saves_data(environ), int(time.time() // 3600)


def may_be_kept(headers: Headers, *, has_forms: bool) -> bool:
    """Whether the answer is a page, and sets no cookie but the one that the forms of whoever is signed in renew."""
    cookies = [value.partition("=")[0].strip() for name, value in headers if name.lower() == "set-cookie"]
    is_page = any(name.lower() == "content-type" and value.startswith("text/html") for name, value in headers)
    return is_page and (set(cookies) <= {settings.CSRF_COOKIE_NAME} if has_forms else not cookies)


def masked(secret: str) -> str:
    """A token of that secret, never twice the same, as ``django.middleware.csrf`` makes and reads it; of one random
    number instead of 32, each of which is a call to the system."""
    number, mask, cipher = secrets.randbelow(len(CSRF_ALLOWED_CHARS) ** CSRF_SECRET_LENGTH), "", ""
    for letter in secret:
        number, place = divmod(number, len(CSRF_ALLOWED_CHARS))
        mask += CSRF_ALLOWED_CHARS[place]
        cipher += CSRF_ALLOWED_CHARS[(PLACE_OF[letter] + place) % len(CSRF_ALLOWED_CHARS)]
    return mask + cipher

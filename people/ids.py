"""Ids of pieces of work, as the server makes them and as addresses and forms tell them."""

import secrets
import time
from uuid import UUID

from django.utils.crypto import salted_hmac


def new_id() -> UUID:
    """A UUIDv7, as phones make them: a form that finds no signal waits in the outbox under the id it was made with."""
    milliseconds = time.time_ns() // 1_000_000
    return UUID(int=milliseconds << 80 | 7 << 76 | secrets.randbits(12) << 64 | 2 << 62 | secrets.randbits(62))


def derived_id(*parts) -> UUID:
    """As ``new_id`` in form, but the same whenever it is made of the same parts, and known to nobody before."""
    bits = int.from_bytes(salted_hmac("people.ids", repr(parts), algorithm="sha256").digest()[:16], "big")
    return UUID(int=bits & ~(0xF << 76 | 3 << 62) | 7 << 76 | 2 << 62)


def id_in(text: str) -> UUID | None:
    """None where ``text`` is none."""
    try:
        return UUID(text)
    except ValueError:
        return None


def key_in(text: str) -> int:
    """The key of a row; 0, which none has, where ``text`` is none that a database could hold."""
    return int(text) if text.isdecimal() and len(text) < 19 else 0

"""Pages that are ready to be sent, with holes for what is a person's own; and the shelf on which they wait."""

import hashlib
import re
import threading
import zlib
from collections import OrderedDict
from collections.abc import Callable, Hashable, Iterable
from functools import cached_property
from typing import Protocol

import brotli
from django.middleware.csrf import CSRF_TOKEN_LENGTH

NAME, OWNER, CODE, TOKEN, OTHER = map(chr, range(0xE000, 0xE005))  # for private use: no keyboard has them
HOLES = re.compile(f"([{NAME}-{TOKEN}])")
WINDOW = 32 * 1024  # so far back deflate may point
OF_ONE_ANSWER = {"content-length", "content-encoding", "etag", "set-cookie"}

Environ = dict[str, object]
Headers = list[tuple[str, str]]


class Shell:
    """A page with holes: pieces, and between them the names of what goes there."""

    def __init__(self, text: str, headers: Headers):
        first, *rest = HOLES.split(text)
        self.holes = rest[::2]
        self.pieces = [first.encode(), *(piece.encode() for piece in rest[1::2])]
        self.headers = [row for row in headers if row[0].lower() not in OF_ONE_ANSWER]

    @property
    def size(self) -> int:
        return 2 * sum(map(len, self.pieces))

    def filled(self, own: dict[str, str]) -> list[bytes]:
        parts = [self.pieces[0]]
        for hole, piece in zip(self.holes, self.pieces[1:], strict=True):
            parts += [own[hole].encode(), piece]
        return parts

    def answer(self, own: dict[str, str], environ: Environ, start_response: Callable) -> Iterable[bytes]:
        """To one person, with what is her own in the holes."""
        accepted = str(environ.get("HTTP_ACCEPT_ENCODING", ""))
        parts = self.filled(own)
        if "gzip" not in accepted:
            return send(start_response, "200 OK", self.headers, b"".join(parts))
        return send(start_response, "200 OK", [*self.headers, ("Content-Encoding", "gzip")], self._zipped(parts))

    def answer_all(self, environ: Environ, start_response: Callable) -> Iterable[bytes]:
        """To whoever asks, where there is no hole: packed once, and not sent to who has it already."""
        accepted = str(environ.get("HTTP_ACCEPT_ENCODING", ""))
        encoding = "br" if "br" in accepted else "gzip" if "gzip" in accepted else ""
        tag, body = self._whole[encoding]
        headers = [*self.headers, ("ETag", tag)]
        if environ.get("HTTP_IF_NONE_MATCH") == tag:
            return send(start_response, "304 Not Modified", headers, None)
        return send(start_response, "200 OK", [*headers, ("Content-Encoding", encoding)] if encoding else headers, body)

    @cached_property
    def _whole(self) -> dict[str, tuple[str, bytes]]:
        """The page of a visitor with its tag, by encoding."""
        [body] = self.pieces
        name = hashlib.sha256(body).hexdigest()[:24]
        packed = {"": body, "gzip": self._zipped([body]), "br": brotli.compress(body, quality=11)}
        return {encoding: (f'"{name}{encoding}"', body) for encoding, body in packed.items()}

    @cached_property
    def _deflated(self) -> list[bytes]:
        """Each piece alone, ended so that another may follow. It may repeat what came before it in the answer as far as
        that is always as long: tokens are, and stand there as bytes that no text has, so that none is repeated."""
        deflated, before = [], b""
        for piece, hole in zip(self.pieces, [*self.holes, None], strict=True):
            packer = zlib.compressobj(9, zlib.DEFLATED, -zlib.MAX_WBITS, zdict=before[-WINDOW:])
            deflated.append(packer.compress(piece) + packer.flush(zlib.Z_FULL_FLUSH))
            before = before + piece + b"\xff" * CSRF_TOKEN_LENGTH if hole == TOKEN else b""
        return deflated

    def _zipped(self, parts: list[bytes]) -> bytes:
        """A gzip file (RFC 1952) of ``parts``, which are pieces and what is in the holes by turns."""
        crc, size, packed = 0, 0, [b"\x1f\x8b\x08\0\0\0\0\0\0\xff"]
        for place, part in enumerate(parts):
            crc, size = zlib.crc32(part, crc), size + len(part)
            packed.append(_stored(part) if place % 2 else self._deflated[place // 2])
        return b"".join([*packed, b"\x03\0", crc.to_bytes(4, "little"), size.to_bytes(4, "little")])


def _stored(part: bytes) -> bytes:
    """A block that is not compressed (RFC 1951, 3.2.4)."""
    size = len(part)
    return b"\0" + size.to_bytes(2, "little") + (0xFFFF - size).to_bytes(2, "little") + part


def send(start_response: Callable, status: str, headers: Headers, body: bytes | None) -> Iterable[bytes]:
    if body is None:
        start_response(status, headers)
        return []
    start_response(status, [*headers, ("Content-Length", str(len(body)))])
    return [body]


class Sized(Protocol):
    @property
    def size(self) -> int: ...  # bytes


class Shelf:
    """What was asked for last, up to so many bytes. None stands for a page that stays with its twin."""

    def __init__(self, limit: int):
        self.limit, self.bytes, self.lock = limit, 0, threading.Lock()
        self.kept: OrderedDict[Hashable, Sized | None] = OrderedDict()

    def __contains__(self, key: Hashable) -> bool:
        return key in self.kept

    def get(self, key: Hashable) -> Sized | None:
        with self.lock:
            if key in self.kept:
                self.kept.move_to_end(key)
            return self.kept.get(key)

    def put(self, key: Hashable, page: Sized | None) -> None:
        with self.lock:
            self._drop(key)
            self.kept[key] = page
            self.bytes += _weight(page)
            while self.bytes > self.limit:
                self._drop(next(iter(self.kept)))

    def _drop(self, key: Hashable) -> None:
        if key in self.kept:
            self.bytes -= _weight(self.kept.pop(key))


def _weight(page: Sized | None) -> int:
    return 1024 + (page.size if page else 0)  # with its key

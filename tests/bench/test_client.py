"""The light phones of ``make bench``: what they would overlook, no figure would show."""

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from bench.client import Answer, Phone, fields_of, run


@contextmanager
def server(*answers: bytes) -> Iterator[tuple[int, list[bytes]]]:
    """A port that gives these answers one after the other on one connection, each in two pieces; and what was asked."""
    heard: list[bytes] = []
    with socket.create_server(("127.0.0.1", 0)) as listening:

        def serve():
            with listening.accept()[0] as connection:
                for answer in answers:
                    heard.append(connection.recv(1 << 16))
                    connection.sendall(answer[:30])
                    connection.sendall(answer[30:])

        thread = threading.Thread(target=serve)
        thread.start()
        yield listening.getsockname()[1], heard
        thread.join()


def page(body: bytes, *, status: str = "200 OK", more: bytes = b"") -> bytes:
    return b"HTTP/1.1 %s\r\nContent-Length: %d\r\n%s\r\n%s" % (status.encode(), len(body), more, body)


def test_it_keeps_cookies_and_the_connection_and_tells_the_time_of_each():
    phone, seen = Phone(), []

    def deed():
        seen.append((yield from phone.get("first", "/")).expect(200, "halo").text)
        seen.append((yield from phone.post("second", "/kirim/", {"a": "1"})).expect(302).headers["location"])

    first = page(b"halo", more=b"set-cookie:  csrftoken=abc; Path=/\r\n")
    with server(first, page(b"", status="302 Found", more=b"Location: /x/\r\n")) as (port, heard):
        took = run(port, [deed()])
    assert seen == ["halo", "/x/"]
    assert b"Cookie: csrftoken=abc" in heard[1] and heard[1].endswith(b"a=1&csrfmiddlewaretoken=abc")
    assert {what: len(some) for what, some in took.items()} == {"first": 1, "second": 1}


@pytest.mark.parametrize(("status", "piece"), [(200, "Bu Wati"), (404, "Bu Sari")])
def test_an_answer_that_is_not_what_was_asked_for_ends_the_run(status, piece):
    def deed():
        (yield from Phone().get("page", "/")).expect(status, piece)

    with server(page(b"Bu Sari")) as (port, _), pytest.raises(AssertionError):
        run(port, [deed()])


def test_an_answer_that_is_cut_off_ends_the_run():
    def deed():
        yield from Phone().get("page", "/")

    with server(b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhal") as (port, _), pytest.raises(AssertionError):
        run(port, [deed()])


@pytest.mark.parametrize(
    ("form", "sent"),
    [
        ('<input type="radio" name="answer" value="0"><input type="radio" name="answer" value="1">', {"answer": "0"}),
        ('<input type="text" name="answer" inputmode="decimal">', {"answer": "1"}),
        ('<select name="place_0"></select><select name="place_1"></select>', {"place_0": "0", "place_1": "1"}),
    ],
)
def test_it_answers_each_kind_of_form(form, sent):
    assert fields_of(form) == sent


def test_what_is_compressed_is_unpacked():
    assert Answer(200, {"content-encoding": "br"}, {}, b"\x8b\x01\x80halo\x03").expect(200, "halo")

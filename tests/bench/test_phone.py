"""What ``make bench-phone`` adds up, without a browser."""

import socket
import threading

from bench.phone import median
from bench.traffic import Asked, Line, Traffic, carried, until_loaded


def heard(*requests: tuple, loaded_at: float = 9) -> Traffic:
    """Requests as (id, path, kind, at, bytes, from the service worker)."""
    traffic = Traffic()
    for id, path, kind, at, size, from_worker in requests:
        asked = {"requestId": id, "request": {"url": f"http://x{path}"}, "type": kind, "timestamp": at}
        traffic.hear("Network.requestWillBeSent", asked)
        traffic.hear("Network.responseReceived", {"requestId": id, "response": {"fromServiceWorker": from_worker}})
        traffic.hear("Network.loadingFinished", {"requestId": id, "encodedDataLength": size})
    traffic.hear("Page.loadEventFired", {"timestamp": loaded_at})
    return traffic


def sizes(found: list[Asked]) -> list[int]:
    return [one.bytes for one in found]


def test_what_a_cache_had_the_network_did_not_carry():
    page = heard(("1", "/", "Document", 1, 800, False), ("2", "/a.js", "Script", 2, 0, False))
    assert sizes(carried(page, Traffic())) == [800]
    assert not page.open


def test_both_ends_of_a_redirect_count():
    page = Traffic()
    asked = {"requestId": "1", "request": {"url": "http://x/mulai/"}, "timestamp": 1}
    page.hear("Network.requestWillBeSent", asked)
    page.hear("Network.requestWillBeSent", asked | {"redirectResponse": {"encodedDataLength": 90}})
    page.hear("Network.loadingFinished", {"requestId": "1", "encodedDataLength": 700})
    assert sizes(page.asked) == [90, 700]


def test_what_is_in_the_page_itself_and_what_failed_weigh_nothing():
    page = Traffic()
    page.hear("Network.requestWillBeSent", {"requestId": "1", "request": {"url": "data:,x"}, "timestamp": 1})
    page.hear("Network.loadingFinished", {"requestId": "1", "encodedDataLength": 5})
    page.hear("Network.requestWillBeSent", {"requestId": "2", "request": {"url": "http://x/"}, "timestamp": 1})
    assert list(page.open) == ["2"]
    page.hear("Network.loadingFailed", {"requestId": "2"})
    assert not page.open and carried(page, Traffic()) == []


def test_what_came_through_the_service_worker_weighs_what_it_fetched_for_it():
    page = heard(
        ("1", "/a.js", "Script", 2, 500, False),  # before there was a service worker
        ("2", "/", "Document", 5, 0, True),
        ("3", "/a.js", "Script", 6, 0, True),  # from its cache
    )
    worker = heard(
        ("4", "/a.js", "", 3, 280, False), ("5", "/", "", 4.95, 900, False), ("6", "/b.js", "", 4, 70, False)
    )
    assert sizes(carried(page, worker)) == [500, 900]


def test_pictures_and_what_came_after_the_load_stand_apart():
    page = heard(
        ("1", "/", "Document", 1, 800, False),
        ("2", "/a.svg", "Image", 2, 60, False),
        ("3", "/a.js", "Script", 2, 50, False),
        ("4", "/later/", "Fetch", 4, 40, False),
        loaded_at=3,
    )
    first, later = until_loaded(page, carried(page, Traffic()))
    assert sizes(first) == [800, 50] and sizes(later) == [60, 40]


def test_the_line_counts_both_ways_and_what_each_answer_brought():
    with socket.create_server(("127.0.0.1", 0)) as server:

        def serve():
            with server.accept()[0] as connection:
                for answer in (b"12345", b"123"):
                    connection.recv(1 << 16)
                    connection.sendall(answer)

        thread = threading.Thread(target=serve)
        thread.start()
        line = Line(server.getsockname()[1])
        asked = b"GET /a/ HTTP/1.1\r\n\r\n", b"POST /b/ HTTP/1.1\r\n\r\n"
        with socket.create_connection(("127.0.0.1", line.port)) as browser:
            for request in asked:
                browser.sendall(request)
                assert browser.recv(1 << 16)
        thread.join()
    assert [(one.path, one.bytes) for one in line.answers] == [("/a/", 5), ("/b/", 3)]
    assert line.received == 8 and line.sent == sum(map(len, asked))


def test_each_figure_has_its_own_median():
    assert median([{"a": 1, "b": 9}, {"a": 3, "b": 7}, {"a": 2, "b": 8}]) == {"a": 2, "b": 8}

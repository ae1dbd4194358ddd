"""The production server as the operating system sees it."""

import http.client
import signal
import threading
import time
from urllib.parse import urlencode


def test_a_stop_finishes_every_request_that_has_arrived(server):
    """Twelve people sign in when SIGTERM comes; those for whom the line is too long are told so."""
    people = 12
    statuses = []
    all_sent = threading.Semaphore(0)

    def sign_in():
        connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=20)
        connection.request("GET", "/masuk/")
        page = connection.getresponse()
        page.read()
        token = page.getheader("Set-Cookie").partition("csrftoken=")[2].partition(";")[0]
        ready.wait()
        connection.request(
            "POST",
            "/masuk/",
            urlencode({"login": "SAR1PENA", "password": "000000", "csrfmiddlewaretoken": token}),
            {"Content-Type": "application/x-www-form-urlencoded", "Cookie": f"csrftoken={token}"},
        )
        all_sent.release()
        answer = connection.getresponse()
        answer.read()  # raises IncompleteRead where the answer was cut off
        statuses.append(answer.status)

    ready = threading.Barrier(people)
    threads = [threading.Thread(target=sign_in) for _ in range(people)]
    for thread in threads:
        thread.start()
    for _ in threads:
        all_sent.acquire(timeout=20)
    time.sleep(0.05)  # the last request crosses the loopback
    unanswered = people - len(statuses)
    begin = time.monotonic()

    assert server.stop(signal.SIGTERM) == 0, server.log.read_text()
    assert time.monotonic() - begin < 10
    for thread in threads:
        thread.join()
    assert unanswered > 0, "all were answered before the signal: nothing was tried"
    assert len(statuses) == people
    assert set(statuses) <= {200, 302, 429, 503}
    assert set(statuses) != {503}

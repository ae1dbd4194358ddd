"""Learners with their phones on a database of their own, and what it must come to in the end."""

import http.client
import json
import random
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from io import StringIO

from django.core.management import call_command
from django.db import connection

from people.models import SendingKey
from tests import factories as make
from tests.learn.fold import Content, State, content_of, fold, hexed, possible_work, stored
from tests.learn.phone import Phone

MODULES = "pengenalan-motivasi", "merek"  # the second needs the first
LEARNERS = 8


@dataclass
class PhoneOnTheNetwork(Phone):
    """Sends over HTTP, to whatever listens at ``port``."""

    port: int = 0
    learner_id: int = 0
    passes: set[str] = field(default_factory=set)
    waiting_work: list[dict] = field(default_factory=list)  # what its learner will do yet

    def ask(self, items: list[dict]) -> tuple[int, dict] | None:
        """Status and answer to a batch, noted where it is 200; None where no whole answer came."""
        network = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        headers = {
            "Authorization": f"Bearer {self.key}",
            "Content-Type": "application/json",
            "Connection": "close",
        }
        try:
            network.request("POST", "/belajar/kirim/", json.dumps(self.batch(items)), headers)
            response = network.getresponse()
            told = json.loads(response.read())
        except (OSError, http.client.HTTPException, ValueError):
            return None
        finally:
            network.close()
        if response.status == 200:
            self.note(items, told)
        return response.status, told

    def learn(self, count: int) -> None:
        """Does some more of what its learner will do."""
        self.keep(*self.waiting_work[:count])
        del self.waiting_work[:count]

    def send_all(self) -> None:
        """Over a network that works. Fails where something of the outbox stays."""
        for _ in range(10):
            if self.outbox:
                status, told = self.ask(list(self.outbox.values())[:200])
                assert status == 200, told
        assert self.outbox == {}


class Crowd:
    """Its phones, and the fold of what they have made."""

    def __init__(self, copies: int):
        """Makes the learners on the database of this process. Each will do each lesson ``copies`` times."""
        self.content: dict[str, Content] = content_of(*MODULES)
        self.phones: list[PhoneOnTheNetwork] = []
        lot = random.Random(7)  # noqa: S311
        for _ in range(LEARNERS):
            learner = make.learner(pin=None)
            phone = PhoneOnTheNetwork(SendingKey.objects.issue(learner.user), learner.user_id, learner_id=learner.pk)
            phone.waiting_work, phone.passes = possible_work(phone, learner, self.content, copies=copies)
            lot.shuffle(phone.waiting_work)
            self.phones.append(phone)

    def expected(self) -> list[State]:
        return [fold(phone.made, phone.passes, self.content) for phone in self.phones]

    def found(self) -> list[State]:
        return [stored(phone.learner_id, query) for phone in self.phones]

    def acknowledged_and_missing(self) -> set[str]:
        return {
            id
            for phone, state in zip(self.phones, self.found(), strict=True)
            for id in phone.acknowledged
            if hexed(id) not in state.ledger
        }


class Load:
    """Lets each phone send so many batches more, and waits until some of all of them have been sent."""

    def __init__(self, phones: list[PhoneOnTheNetwork]):
        self.permits = {phone.key: threading.Semaphore(0) for phone in phones}
        self.is_over = False
        self.failures: list[BaseException] = []
        self._sent = 0
        self._turn = threading.Condition()

    def more(self, batches: int) -> None:
        for permits in self.permits.values():
            permits.release(batches)

    def wait_for(self, batches: int) -> None:
        """Until so many more have been sent, whatever became of them."""
        with self._turn:
            wanted = self._sent + batches
            self._turn.wait_for(lambda: self._sent >= wanted or self.failures, timeout=120)

    def work(self, phone: PhoneOnTheNetwork, lot: random.Random) -> None:
        try:
            while self.permits[phone.key].acquire() and not self.is_over:
                phone.learn(lot.randint(0, 2))
                items = list(phone.outbox.values())
                lot.shuffle(items)
                answer = phone.ask(items[: lot.randint(1, 5)])
                assert answer is None or answer[0] in (200, 400, 503), answer
                assert not phone.send_again, "the server has forgotten nothing"
                with self._turn:
                    self._sent += 1
                    self._turn.notify_all()
        except BaseException as failure:
            self.failures.append(failure)


@contextmanager
def learning(phones: list[PhoneOnTheNetwork]) -> Iterator[Load]:
    """Meanwhile the learners learn and their phones send, several at the same moment, as the load lets them."""
    load = Load(phones)
    threads = [
        threading.Thread(target=load.work, args=(phone, random.Random(number)))  # noqa: S311
        for number, phone in enumerate(phones)
    ]
    for thread in threads:
        thread.start()
    try:
        yield load
    finally:
        load.is_over = True
        load.more(1)
        for thread in threads:
            thread.join()
    if load.failures:
        raise load.failures[0]


@contextmanager
def inside(database: str) -> Iterator[None]:
    """This process reads and writes ``database`` meanwhile."""
    connection.close()
    own, connection.settings_dict["NAME"] = connection.settings_dict["NAME"], database
    try:
        yield
    finally:
        connection.close()
        connection.settings_dict["NAME"] = own


def query(sql: str) -> list[tuple]:
    with connection.cursor() as cursor:
        cursor.execute(sql)
        return cursor.fetchall()


def check_summaries() -> None:
    """Raises CommandError where a summary differs from its facts."""
    call_command("rebuild_progress", "--check", stdout=StringIO())

"""A phone as docs/offline.md describes it: makes items and sends them. Written apart from the server's code."""

import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from itertools import count

from django.test import Client

from tests.factories import wrong

_number = count(1)
CLOCK = "2026-11-22T10:05:00+07:00"


def new_id() -> str:
    """A UUIDv7 as text. Its time does not matter to anybody."""
    return f"019aab10-7c00-7000-8000-{next(_number):012x}"


def digest_of(item: dict) -> str:
    text = json.dumps(item, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()


def sealed(**item) -> dict:
    """The item with its digest."""
    return item | {"digest": digest_of(item)}


@dataclass
class Phone:
    """One profile on one phone: what waits in its outbox, what was acknowledged, and what it was told of the server."""

    key: str
    owner: int
    epoch: str | None = None
    serial: int = 0
    send_again: bool = False
    outbox: dict[str, dict] = field(default_factory=dict)
    acknowledged: dict[str, dict] = field(default_factory=dict)
    client: Client = field(default_factory=Client)

    @property
    def made(self) -> list[dict]:
        """All work of this profile."""
        return [*self.outbox.values(), *self.acknowledged.values()]

    def item(self, kind: str, work: dict, *, id: str | None = None, at: str = CLOCK) -> dict:
        return sealed(id=id or new_id(), owner=self.owner, kind=kind, at=at, work=work)

    def lesson(self, lesson, **more) -> dict:
        """«Sudah paham» to the page ``lesson``."""
        return self.item("lesson", {"lesson": str(lesson.translation_key)}, **more)

    def quiz(self, paper: dict, answers: dict[str, list[str]], *, draw: int = 0, **more) -> dict:
        """An attempt at ``paper``, as its address gave it."""
        work = {"quiz": paper["quiz"], "revision": paper["revision"], "draw": draw, "answers": answers}
        return self.item("quiz", work, **more)

    def keep(self, *items: dict) -> None:
        """Puts items into the outbox."""
        self.outbox |= {item["id"]: item for item in items}

    def batch(self, items: Iterable[object]) -> dict:
        return {"epoch": self.epoch, "serial": self.serial, "items": list(items)}

    def note(self, items: Iterable[object], told: dict) -> list[dict]:
        """What the phone does with an answer of 200. Returns the answers to the items."""
        self.send_again = told["send_again"]
        if self.send_again:
            self.outbox |= self.acknowledged
            self.acknowledged = {}
        self.epoch = told["epoch"]
        self.serial = told["serial"] if self.send_again else max(self.serial, told["serial"])
        for item, answer in zip(items, told["items"], strict=True):
            if answer["status"] == "sent" and self.outbox.get(answer["id"]) == item:
                self.acknowledged[answer["id"]] = self.outbox.pop(answer["id"])
        return told["items"]

    def post(self, body: object, *, key: str | None = None, path: str = "/belajar/kirim/"):
        """The response to a batch, sent as it is; or to what goes to another ``path`` under the same key."""
        data = body if isinstance(body, bytes | str) else json.dumps(body)
        authorization = f"Bearer {self.key if key is None else key}"
        return self.client.post(path, data, content_type="application/json", headers={"Authorization": authorization})

    def send(self, *items: object) -> list[dict]:
        """The answers to ``items``, which arrive."""
        response = self.post(self.batch(items))
        assert response.status_code == 200, response.content
        return self.note(items, response.json())

    def statuses(self, *items: object) -> list[str]:
        return [answer["status"] for answer in self.send(*items)]


def phone_of(person) -> Phone:
    """A phone on which a learner or a companion has signed in and got her key."""
    client = Client()
    client.force_login(person.user)
    told = client.post("/belajar/kirim/kunci/").json()
    return Phone(told["key"], told["owner"])


def paper_of(learner, quiz) -> dict:
    """The quiz as the learner's phone takes it along."""
    client = Client()
    client.force_login(learner.user)
    response = client.get(f"/belajar/kuis/{quiz.translation_key}/luring/")
    assert response.status_code == 200, response.content
    return response.json()


def answers_to(paper: dict, quiz, *, right: int | None = None, draw: int = 0) -> dict[str, list[str]]:
    """Answers to the questions of one draw, the first ``right`` rightly (all unless given). Only the test knows how: by
    the texts that the editor wrote."""
    asked = {one.id: one for one in quiz.live_revision.as_object().asked}
    answers = {}
    questions = {question["id"]: question for question in paper["questions"]}
    for number, id in enumerate(paper["draws"][draw]):
        one = asked[id]
        response = one.rule.key if right is None or number < right else wrong(one)
        answers[id] = _places(questions[id], one, response)
    return answers


def _places(question: dict, asked, response) -> list[str]:
    value = asked.value
    match question["kind"]:
        case "numeric":
            return [response[0].replace(".", ",")]
        case "true_false":
            texts = {"benar": "Benar", "salah": "Salah"}
        case "ordering":
            texts = {item.id: item.value for item in value["items"].bound_blocks}
        case "matching":
            texts = {pair.id: pair.value["right"] for pair in value["pairs"].bound_blocks}
        case _:
            texts = {choice.id: choice.value["text"] for choice in value["choices"].bound_blocks}
    return [str(question["choices"].index(texts[id])) for id in response]

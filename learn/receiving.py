"""Takes a batch of a phone's work: each item once, all in one transaction, through the same verbs as the forms. The
protocol and its reasons are in docs/offline.md."""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from people.models import SendingKey, User
from people.prepared import Prepared
from people.storing import in_turn, insert_new

from .items import ITEM_BYTES, Item, Reason, Refused, as_text, read_item
from .kinds import OfCompanion, OfLearner
from .models import Epoch, RefusedWork, SentWork

WORDS = {
    Reason.SHAPE: "Kiriman ini rusak. Tunjukkan ke pendamping.",
    Reason.KIND: "Halaman di HP ini sudah lama. Buka lagi saat ada sinyal, lalu kirim lagi.",
    Reason.DAMAGED: "Isi kiriman ini berubah di jalan. Kirim lagi.",
    Reason.CHANGED: "Kiriman ini sudah ada dengan isi lain. Yang sudah ada yang dipakai.",
    Reason.OWNER: "Ini milik orang lain di HP ini. Minta dia masuk, lalu kirim lagi.",
    Reason.LESSON: "Pelajaran ini sudah dihapus. Yang lain tetap tersimpan.",
    Reason.QUIZ: "Soal kuis ini sudah diganti. Buka kuisnya lagi, lalu kerjakan ulang.",
    Reason.HOUSEHOLD: "Keluarga ini didampingi orang lain, atau belum setuju. Tanya koordinator, lalu kirim lagi.",
    Reason.PRESENT: "Ada yang hadir tetapi sudah didampingi orang lain, atau belum setuju. Catat lagi tanpa dia.",
    Reason.DAY: "Tanggal pertemuan ini tidak bisa dicatat. Catat lagi dengan tanggal yang benar.",
    Reason.WITHDRAWN: "Praktik ini sudah ditarik. Tidak perlu dijawab lagi.",
    Reason.ANSWERED: "Praktik ini sudah dijawab orang lain. Jawaban itu yang dipakai.",
    Reason.FILE: "Rekamannya belum sampai. Kirim lagi.",
}
REFUSALS = 500  # kept for one account
SENT = {"status": "sent"}
LATER = {"status": "later", "text": "Belum sempat disimpan. Nanti dikirim lagi."}
WAITS = "Tersimpan. Nilai keluar begitu kuisnya terbuka."


_known = Prepared(lambda ids: SentWork.objects.filter(pk__in=[ids]).values_list("pk", "user_id", "digest"), ids=UUID)


@dataclass(frozen=True)
class Receipt:
    """What the phone is told: one answer an item, and whether the server has forgotten something."""

    epoch: str
    serial: int
    send_again: bool
    items: list[dict]


def take_batch(
    key: SendingKey, sender: OfLearner | OfCompanion, values: list, *, epoch: str | None, serial: int
) -> Receipt:
    """Takes ``values``, which came under ``key``; ``epoch`` and ``serial`` are the last that the phone was told. Raises
    TooOften."""
    batch = Batch(key.user, sender, values)
    with in_turn(), transaction.atomic():
        key = SendingKey.objects.hold(key.pk)
        current = str(Epoch.objects.current().name)
        forgotten = serial > key.serial or epoch not in (None, current)  # docs/offline.md, «Epoch and serial»
        key.count_batch(len(values))
        return Receipt(current, key.serial, forgotten, batch.take())


class Batch:
    """The items of one account. What can be known without the ledger is found out before the transaction begins."""

    def __init__(self, user: User, sender: OfLearner | OfCompanion, values: list):
        self.user, self.sender, self.values = user, sender, values
        self.now = timezone.now()
        self.answers: list[dict] = [{} for _ in values]
        self.refusals: list[RefusedWork] = []
        self.taken: list[str] = []
        self.items = self._readable()
        self.entries = {item.id: self._entry(item) for item in self.items.values()}
        self.lost = sender.look(self.items.values())

    def take(self) -> list[dict]:
        """Stores what is new, with all that follows; one answer an item."""
        items, copies = self._unknown()
        if items:
            self._take_new(items)
        waiting = {str(id) for id in self.sender.waiting()}
        for place, told in enumerate(self.answers):
            if told.get("status") == "sent" and told["id"] in waiting:
                self.answers[place] = told | {"waits": True, "text": WAITS}
        for place, first in copies.items():
            self.answers[place] = self.answers[first]
        self._keep_refusals()
        RefusedWork.objects.taken(self.user, self.taken)
        return self.answers

    def _take_new(self, items: dict[int, Item]) -> None:
        entered = self._enter([item for item in items.values() if item.id not in self.lost])
        refused = self.sender.store([item for item in items.values() if item.id in entered])
        if refused:
            SentWork.objects.filter(pk__in=refused).delete()
        reasons = self.lost | refused
        for place, item in items.items():
            if item.id in reasons:
                self._refuse(place, reasons[item.id])
            elif item.id in entered:
                self.taken.append(str(item.id))
                self.answers[place] = {"id": str(item.id), **SENT}
            else:
                self.answers[place] = {"id": str(item.id), **LATER}

    def _readable(self) -> dict[int, Item]:
        """The well-formed items by their place in the batch; refuses the others."""
        items = {}
        for place, value in enumerate(self.values):
            try:
                items[place] = read_item(value, self.user.pk, self.sender.KINDS)
            except Refused as refusal:
                self._refuse(place, refusal.reason)
        return items

    def _unknown(self) -> tuple[dict[int, Item], dict[int, int]]:
        """Those that are new, each once, and where in the batch they come again; answers the others."""
        items = self.items
        ids = [item.id for item in items.values()]
        known = {id: (user_id, digest) for id, user_id, digest in _known(ids=ids)} if ids else {}
        firsts: dict[UUID, int] = {}
        copies: dict[int, int] = {}
        for place, item in items.items():
            if item.id in firsts and item.digest == items[firsts[item.id]].digest:
                copies[place] = firsts[item.id]
            elif item.id in firsts or known.get(item.id, (self.user.pk, item.digest)) != (self.user.pk, item.digest):
                self._refuse(place, Reason.CHANGED)
            elif item.id in known:
                self.answers[place] = {"id": str(item.id), **SENT}
            else:
                firsts[item.id] = place
        return {place: items[place] for place in firsts.values()}, copies

    def _enter(self, items: Iterable[Item]) -> set[UUID]:
        """Enters items into the ledger. Returns the ids that are in it now by our doing; another one's waits."""
        rows = [self.entries[item.id] for item in items]
        return {id for (id,) in insert_new(rows, telling=("id",))}

    def _entry(self, item: Item) -> SentWork:
        return SentWork(
            id=item.id,
            user=self.user,
            kind=item.kind,
            digest=item.digest,
            phone_clock=item.clock,
            received_at=self.now,
        )

    def _refuse(self, place: int, reason: Reason) -> None:
        value = self.values[place]
        id = value.get("id") if isinstance(value, dict) else None
        id = id if isinstance(id, str) and len(id) <= 36 and id.isascii() and id.isprintable() else None
        self.answers[place] = {"id": id, "status": "refused", "reason": reason, "text": WORDS[reason]}
        self.refusals.append(
            RefusedWork(
                user=self.user,
                item_id=id or "",
                digest=hashlib.sha256(as_text(value).encode()).hexdigest(),
                content="" if reason == Reason.OWNER else as_text(value, for_people=True)[:ITEM_BYTES],
                reason=reason,
                refused_at=self.now,
            )
        )

    def _keep_refusals(self) -> None:
        """Only so many that nobody has looked at: a stolen key must not fill the disk."""
        if self.refusals:
            room = REFUSALS - RefusedWork.objects.filter(user=self.user, seen_at=None).count()
            insert_new(self.refusals[: max(0, room)], telling=("digest",))

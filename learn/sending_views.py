"""What a phone's outbox talks to, in JSON: its key, its batches, and the quizzes it takes along (docs/offline.md)."""

import json
import logging
import math
from collections.abc import Callable
from functools import wraps
from uuid import UUID

from django.core.exceptions import RequestDataTooBig
from django.db import InternalError, OperationalError
from django.http import Http404, HttpRequest, JsonResponse
from django.http.request import UnreadablePostError
from django.shortcuts import get_object_or_404
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import conditional_page, require_GET, require_POST

from people.access import learner_of, learner_only
from people.ids import id_in, key_in
from people.models import ErasedKey, Household, Learner, SendingKey, User
from people.sending import TooOften
from practice.models import PracticeSubmission
from practice.views import receive_file

from . import items, receiving, states
from .kinds import OfCompanion, OfLearner
from .models import Epoch

log = logging.getLogger("learn.sending")
Sender = OfLearner | OfCompanion
HOUSEHOLDS = 2_000  # that a phone may ask about: five times the 400 of the largest list
WORDS = {
    "key": "Masuk sekali lagi. Lalu kiriman berangkat.",
    "consent": "Buka Belajar. Baca, lalu tekan Saya setuju. Sesudah itu kiriman berangkat.",
    "shape": "Kiriman ini tidak terbaca. Buka halaman ini lagi saat ada sinyal.",
    "size": "Kiriman ini terlalu besar. Kirim sedikit-sedikit.",
    "often": "Terlalu sering mengirim. Tunggu beberapa menit.",
    "erased": "Data ini sudah dihapus.",
    "storage": "Server belum bisa menyimpan. Tetap aman di HP. Nanti dikirim lagi.",
}


def refusal(status: int, reason: str, **headers: str) -> JsonResponse:
    return JsonResponse({"reason": reason, "text": WORDS[reason]}, status=status, headers=headers)


def sender_of(user: User) -> Sender | None:
    """Who may send work; None for a learner who must choose a PIN or agree first, and for everybody else."""
    learner = user.learner_or_none
    if learner is None:
        return OfCompanion(user) if user.is_companion else None
    return None if learner.must_choose_pin or not learner.has_consent else OfLearner(learner)


@never_cache
@require_POST
def sending_key(request: HttpRequest) -> JsonResponse:
    """A key for one profile on one phone, given to whoever is signed in and may send."""
    if not request.user.is_authenticated:
        return refusal(401, "key")
    if sender_of(request.user) is None:
        return refusal(403, "consent")
    key = SendingKey.objects.issue(request.user)
    return JsonResponse({"key": key, "owner": request.user.pk, "epoch": str(Epoch.objects.current().name)})


def secret_of(request: HttpRequest) -> str:
    scheme, _, secret = request.headers.get("Authorization", "").partition(" ")
    return secret if scheme == "Bearer" else ""


def with_key(view: Callable[..., JsonResponse]) -> Callable[..., JsonResponse]:
    """Refuses whoever bears no key that may write now; ``view`` gets the key and who sends with it."""

    @wraps(view)
    def guarded(request: HttpRequest, *args, **kwargs) -> JsonResponse:
        secret = secret_of(request)
        key = SendingKey.objects.find(secret)
        if key is None:
            return refusal(410, "erased") if ErasedKey.objects.knows(secret) else refusal(401, "key")
        sender = sender_of(key.user)
        if sender is None:
            return refusal(403, "consent")
        return view(request, key, sender, *args, **kwargs)

    return guarded


@csrf_exempt  # no cookie is read here: who has the key may write, from wherever
@never_cache
@require_POST
def send(request: HttpRequest) -> JsonResponse:
    """A batch of work. Anything but 200 stores and acknowledges nothing."""
    try:
        return _send(request)
    except RequestDataTooBig:
        return refusal(413, "size")
    except UnreadablePostError:  # cut midway
        return refusal(400, "shape")
    except TooOften as limit:
        return refusal(429, "often", **{"Retry-After": str(math.ceil(limit.wait.total_seconds()))})
    # A full disk, a lock that did not come, a learner erased just now: the work stays on the phone, which asks again.
    except (OperationalError, InternalError, SendingKey.DoesNotExist, Learner.DoesNotExist) as error:
        log.error("a batch could not be stored: %s", error)
        return refusal(503, "storage")


@with_key
def _send(request: HttpRequest, key: SendingKey, sender: Sender) -> JsonResponse:
    batch = read_batch(request.body)
    if batch is None:
        return refusal(400, "shape")
    if len(batch["items"]) > items.ITEMS:
        return refusal(413, "size")
    receipt = receiving.take_batch(key, sender, batch["items"], epoch=batch["epoch"], serial=batch["serial"])
    return JsonResponse(vars(receipt))


@csrf_exempt
@never_cache
@require_POST
@with_key
def send_file(request: HttpRequest, key: SendingKey, sender: Sender, id: UUID) -> JsonResponse:
    """One photo or recording, for the practice «praktik» where that is known here already; else the practice finds it.
    A companion says of which learner it is («pelajar»)."""
    learner = sender.learner if isinstance(sender, OfLearner) else learner_of_companion(request, key.user)
    response = receive_file(request, learner, id)
    if response.status_code == 200 and (practice := id_in(request.GET.get("praktik", ""))):
        PracticeSubmission.objects.attach(learner, practice, id)
    return response


@csrf_exempt
@never_cache
@require_POST
@with_key
def still_hers(request: HttpRequest, key: SendingKey, sender: Sender) -> JsonResponse:
    """Of the households that a companion's phone says it carries, those that are hers today: a phone whose session has
    run out lets the others go. Nothing else is told of them, but this of any number that is sent."""
    carried = read_ids(request.body)
    if carried is None:
        return refusal(400, "shape")
    hers = Household.objects.for_companion(key.user).filter(pk__in=carried)
    return JsonResponse({"households": sorted(hers.values_list("pk", flat=True))})


def read_ids(body: bytes) -> list[int] | None:
    """A list of at most HOUSEHOLDS ids; None where ``body`` is none."""
    ids = read_json(body)
    is_list = isinstance(ids, list) and len(ids) <= HOUSEHOLDS
    return ids if is_list and all(type(id) is int and 0 < id <= items.LARGEST_NUMBER for id in ids) else None


def learner_of_companion(request: HttpRequest, user: User) -> Learner:
    learners = Learner.objects.agreed().for_companion(user)
    return get_object_or_404(learners, pk=key_in(request.GET.get("pelajar", "")))


def read_batch(body: bytes) -> dict | None:
    """The batch in ``body``; None where it is not one. What is in its items is not looked at."""
    batch = read_json(body)
    if not isinstance(batch, dict) or batch.keys() != {"epoch", "serial", "items"}:
        return None
    serial, epoch = batch["serial"], batch["epoch"]
    is_serial = type(serial) is int and 0 <= serial <= items.LARGEST_NUMBER
    is_batch = isinstance(batch["items"], list) and is_serial and isinstance(epoch, str | None)
    return batch if is_batch else None


def read_json(body: bytes) -> object:
    """What ``body`` says; None where it is no JSON."""
    try:
        return json.loads(body)
    except (ValueError, RecursionError):
        return None


@never_cache
@require_GET
@learner_only
@conditional_page
def paper(request: HttpRequest, key: UUID) -> JsonResponse:
    """The questions of a published quiz to take along, without their key, and what is missing to open it. With a tag: a
    phone that has it asks at each view whether that has changed."""
    found = states.paper(learner_of(request), key)
    if found is None:
        raise Http404("Kuis ini tidak ada.")
    return JsonResponse(found)

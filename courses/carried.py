"""The files that a module takes along to another server, and how they are known again there."""

import hashlib
from dataclasses import dataclass
from pathlib import PurePath

from django.db import models

from .images import Picture
from .media import Recording


class CarriedFile(models.Model):
    """A file under the name that it has in every module file: the digest of what it was when it was first carried.

    A picture is written anew where it arrives, so its bytes alone would not tell that it is the same."""

    name = models.CharField(max_length=80, primary_key=True)
    kind = models.CharField(max_length=10)
    stored_as = models.CharField(max_length=255, db_index=True)  # a file that an editor replaces gets another name


@dataclass(frozen=True)
class Kind:
    """What a carried file becomes, and what is told of it besides its bytes."""

    model: type[models.Model]
    fields: tuple[str, ...]


KINDS = {
    "picture": Kind(Picture, ("title", "description")),
    "recording": Kind(Recording, ("title", "type", "duration", "width", "height")),
}
KIND_OF = {kind.model: code for code, kind in KINDS.items()}


def name_of(owner: Picture | Recording) -> str:
    """The name under which the owner's file travels. Raises FileNotFoundError."""
    kind, stored_as = KIND_OF[type(owner)], owner.file.name
    known = CarriedFile.objects.filter(kind=kind, stored_as=stored_as).first()
    if known:
        return known.name
    with owner.file.open() as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
    name = f"{digest}{PurePath(stored_as).suffix.lower()}"
    return CarriedFile.objects.get_or_create(name=name, defaults={"kind": kind, "stored_as": stored_as})[0].name


def owner_of(name: str) -> Picture | Recording | None:
    """What the file of that name is here; None where it has not arrived yet, or is gone."""
    known = CarriedFile.objects.filter(name=name).first()
    return KINDS[known.kind].model.objects.filter(file=known.stored_as).first() if known else None


def told(owner: Picture | Recording) -> dict:
    """The owner without its bytes, as JSON takes it."""
    kind = KIND_OF[type(owner)]
    return {"kind": kind} | {field: getattr(owner, field) for field in KINDS[kind].fields}

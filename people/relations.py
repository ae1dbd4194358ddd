"""Whose a row is, read from the relations between the tables, so that no new table is ever forgotten: not in what a
learner sees of herself, not in what a breach concerns."""

from collections.abc import Iterator

from django.apps import apps
from django.db import models

from .models import Household, Learner, Session, User

Model = type[models.Model]
LEARNER, HOUSEHOLD = {Learner: "pk", User: "learner"}, {Household: "pk"}  # a root and the lookup from it to its owner

# Columns that look like a row's beginning and are not: they move on with each change.
CHANGES_LATER = {"last_fact_at", "answered_at", "expire_date"}


def tables() -> list[Model]:
    """All models with a table of their own, those that join two others included."""
    return [m for m in apps.get_models(include_auto_created=True) if m._meta.managed and not m._meta.proxy]


def relations(model: Model) -> Iterator[tuple[str, Model, bool]]:
    """(field, what it points to, whether the row goes with that) for each relation in the model's own table."""
    for field in model._meta.local_fields:
        if field.remote_field and isinstance(field, models.ForeignKey):
            yield field.name, field.related_model, field.remote_field.on_delete is models.CASCADE


def belongings(roots: dict[Model, str]) -> dict[Model, list[str]]:
    """The tables whose rows go when the owner goes, by any chain of relations, each with its lookups to the owner."""
    found = {model: [lookup] for model, lookup in roots.items()}
    grows = True
    while grows:
        new = {
            model: lookups
            for model in tables()
            if model not in found
            if (
                lookups := [
                    _through(field, found[to][0]) for field, to, goes in relations(model) if goes and to in found
                ]
            )
        }
        found |= new
        grows = bool(new)
    return found


def mentions(roots: dict[Model, str]) -> dict[Model, list[str]]:
    """The tables whose rows stay when the owner goes but name her until then: a group's leader, who did something."""
    own = belongings(roots)
    return {
        model: lookups
        for model in tables()
        if model not in own
        if (lookups := [_through(field, roots[to]) for field, to, _ in relations(model) if to in roots])
    }


def lookups_to(model: Model) -> tuple[Model, list[str]] | None:
    """The owner whose data a table holds, Learner, Household or User, and the lookups to it; None where it holds
    nobody's."""
    if model is Session:  # no relation, so that it can outlive its account
        return User, ["account_id"]
    for owner, of in ((Learner, belongings(LEARNER)), (Household, belongings(HOUSEHOLD)), (Learner, mentions(LEARNER))):
        if model in of:
            return owner, of[model]
    return None


def beginning_of(model: Model) -> str | None:
    """The lookup to when a row began to be there: its own column, else that of the row that it goes with; None where
    the database does not know."""
    for field in model._meta.local_fields:
        if isinstance(field, models.DateTimeField) and not field.null and field.name not in CHANGES_LATER:
            return field.name
    for field, to, goes in relations(model):
        if goes and (beginning := beginning_of(to)):
            return f"{field}__{beginning}"
    return None


def _through(field: str, lookup: str) -> str:
    return field if lookup == "pk" else f"{field}__{lookup}"

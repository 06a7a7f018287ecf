"""Fields of one's own: which further fields assets of a class have, and what may stand in them.

What an asset says stays text, as the register keeps it: an asset whose field was removed or has
become another kind keeps what it says.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal, InvalidOperation
from typing import Any

from config.assets import AssetClass
from inventory.clock import Clock
from inventory.custom_field import Field, FieldKind
from inventory.register.checks import CUSTOM_NAME_MAX
from inventory.register.entry import Actor
from inventory.register.problems import FieldProblem, NotFound, Refused
from inventory.register.register import Register
from inventory.store import custom_fields as sql
from inventory.store.desk import Connection, Desk

KIND = "custom_field"
"""What the log of changes calls them."""

CHOICES_MAX = 100


class CustomFields:
    """Fields over a desk. Every method raises StoreError; those that change something raise
    Refused and NotFound, and then nothing has changed."""

    def __init__(self, register: Register, desk: Desk, clock: Clock) -> None:
        self._register = register
        self._desk = desk
        self._clock = clock

    def fields(self) -> list[Field]:
        """All fields, by name."""
        return self._desk.read(sql.fields)

    def custom_fields(self, asset_class: AssetClass) -> list[Field]:
        """The fields that assets of a class have, by name."""
        return [f for f in self.fields() if not f.classes or asset_class in f.classes]

    def check(self, asset_class: AssetClass, custom: Mapping[str, str]) -> list[FieldProblem]:
        """What is wrong with the custom values of an asset; a blank is always right."""
        found = ((f, custom.get(f.name, "")) for f in self.custom_fields(asset_class))
        problems = (problem(field, value) for field, value in found if value)
        return [problem for problem in problems if problem is not None]

    def create(self, field: Field, actor: Actor) -> int:
        """A new field; its id."""
        field = _checked(field)

        def work(connection: Connection) -> int:
            if any(f.name.casefold() == field.name.casefold() for f in sql.fields(connection)):
                raise Refused([FieldProblem("name", "another field has this name")])
            return sql.add_field(connection, field)

        id_ = self._desk.write("write custom fields", work)
        self._register.log(actor, "created", KIND, field.name, after=_facts(field))
        return id_

    def remove(self, id_: int, actor: Actor) -> None:
        """Take a field out of the forms; what assets say stays."""
        self._set_removed(id_, self._clock.wall(), "removed", actor)

    def restore(self, id_: int, actor: Actor) -> None:
        """Take back a removal."""
        self._set_removed(id_, None, "restored", actor)

    def _set_removed(self, id_: int, at_s: float | None, action: str, actor: Actor) -> None:
        def work(connection: Connection) -> Field:
            field = sql.field_by_id(connection, id_, removed=at_s is None)
            if field is None:
                raise NotFound(f"field {id_}")
            names = {f.name.casefold() for f in sql.fields(connection)}
            if at_s is None and field.name.casefold() in names:
                raise Refused([FieldProblem("name", "another field has this name")])
            sql.set_removed(connection, id_, at_s)
            return field

        field = self._desk.write("write custom fields", work)
        removed = at_s is not None
        self._register.log(
            actor,
            action,
            KIND,
            field.name,
            before=_facts(field) if removed else {},
            after={} if removed else _facts(field),
        )


def problem(field: Field, value: str) -> FieldProblem | None:
    """What is wrong with a value of a field, None where nothing is.

    >>> problem(Field("Mực", FieldKind.NUMBER), "12,5") is None
    True
    >>> str(problem(Field("Ngày", FieldKind.DATE), "hôm nay"))
    'custom.Ngày: is no day; write for example 2026-01-31'
    """
    key = f"custom.{field.name}"
    if field.kind is FieldKind.NUMBER:
        try:
            if Decimal(value.strip().replace(",", ".")).is_finite():
                return None
        except InvalidOperation:
            pass
        return FieldProblem(key, "is no number; write for example 12.5")
    if field.kind is FieldKind.DATE:
        try:
            dt.date.fromisoformat(value.strip())
        except ValueError:
            return FieldProblem(key, "is no day; write for example 2026-01-31")
    if field.kind is FieldKind.CHOICE and value not in field.choices:
        known = ", ".join(field.choices)
        return FieldProblem(key, "must be one of: {known}", {"known": known})
    return None


def _checked(field: Field) -> Field:
    name = " ".join(field.name.split())
    choices = tuple(dict.fromkeys(c for c in (" ".join(c.split()) for c in field.choices) if c))
    problems = []
    if not 1 <= len(name) <= CUSTOM_NAME_MAX or not name.isprintable():
        text = "a field's name must have 1 to {most} characters"
        problems.append(FieldProblem("name", text, {"most": str(CUSTOM_NAME_MAX)}))
    if field.kind is FieldKind.CHOICE and not 2 <= len(choices) <= CHOICES_MAX:
        text = "write at least two choices, one a line"
        problems.append(FieldProblem("choices", text))
    if problems:
        raise Refused(problems)
    return replace(field, name=name, choices=choices if field.kind is FieldKind.CHOICE else ())


def _facts(field: Field) -> dict[str, Any]:
    found: dict[str, Any] = {"name": field.name, "kind": field.kind.value}
    if field.classes:
        found["classes"] = [c.value for c in field.classes]
    if field.choices:
        found["choices"] = list(field.choices)
    return found

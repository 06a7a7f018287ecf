"""Makes and models: what they are, how long they last, what they cost and when. The form of an
asset offers them; an asset never depends on them.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import asdict, replace
from typing import Any

from config.assets import AssetClass
from inventory.clock import Clock
from inventory.device_model import Model
from inventory.register.checks import FIRST_YEAR, LAST_YEAR, PRICE_MAX_VND
from inventory.register.entry import Actor
from inventory.register.problems import FieldProblem, NotFound, Refused
from inventory.register.register import Register
from inventory.store import catalogue as sql
from inventory.store.desk import Connection, Desk

KIND = "model"
"""What the log of changes calls them."""

TEXT_MAX = 200
LIFE_MAX_YEARS = 100


class Catalogue:
    """Models over a desk. Every method raises StoreError; those that change something raise
    Refused and NotFound, and then nothing has changed."""

    def __init__(self, register: Register, desk: Desk, clock: Clock) -> None:
        self._register = register
        self._desk = desk
        self._clock = clock

    def models(self, asset_class: AssetClass | None = None) -> list[Model]:
        """What was entered, by maker and model."""
        return self._desk.read(lambda c: sql.models(c, asset_class))

    def get(self, id_: int) -> Model | None:
        """One model that was not removed."""
        return self._desk.read(lambda c: sql.model_by_id(c, id_))

    def unlisted(self, limit: int = 50) -> list[Model]:
        """Makes and models of registered assets that the catalogue lacks, the commonest first."""
        return self._desk.read(lambda c: sql.unlisted(c, limit))

    def save(self, model: Model, actor: Actor) -> int:
        """Enter a model (id None) or change one; its id. Raises Refused, also where somebody else
        changed it since `version`."""
        model = self._checked(model)

        def work(connection: Connection) -> tuple[int, Model | None]:
            same = sql.model_named(connection, model.vendor, model.model)
            if same is not None and same.id != model.id:
                raise Refused([FieldProblem("model", "is in the catalogue already")])
            if model.id is None:
                return sql.add_model(connection, model), None
            before = sql.model_by_id(connection, model.id)
            if before is None:
                raise NotFound(f"model {model.id}")
            if before.version != model.version:
                text = "somebody has changed it since; look at it again"
                raise Refused([FieldProblem("", text)])
            sql.update_model(connection, model)
            return model.id, before

        id_, before = self._desk.write("write the catalogue", work)
        self._log(actor, "created" if before is None else "edited", before, model)
        return id_

    def remove(self, id_: int, actor: Actor) -> None:
        """Take a model out; assets stay as they are."""
        self._set_removed(id_, self._clock.wall(), "removed", actor)

    def restore(self, id_: int, actor: Actor) -> None:
        """Take back a removal. Raises Refused where the same model was entered again since."""
        self._set_removed(id_, None, "restored", actor)

    def set_picture(self, id_: int, digest: str, actor: Actor) -> None:
        """Give a model a picture that is stored under a digest, or take it away ("")."""
        model = self.get(id_)
        if model is None:
            raise NotFound(f"model {id_}")
        self.save(replace(model, picture=digest), actor)

    def _set_removed(self, id_: int, at_s: float | None, action: str, actor: Actor) -> None:
        def work(connection: Connection) -> Model:
            model = sql.model_by_id(connection, id_, removed=at_s is None)
            if model is None:
                raise NotFound(f"model {id_}")
            if at_s is None and sql.model_named(connection, model.vendor, model.model):
                raise Refused([FieldProblem("model", "is in the catalogue already")])
            sql.set_removed(connection, id_, at_s)
            return model

        model = self._desk.write("write the catalogue", work)
        if at_s is None:
            self._log(actor, action, None, model)
        else:
            self._register.log(
                actor, action, KIND, str(id_), title=_title(model), before=_facts(model)
            )

    def _log(self, actor: Actor, action: str, before: Model | None, after: Model) -> None:
        was, now = _facts(before) if before else {}, _facts(after)
        changed = {key for key in (*was, *now) if was.get(key) != now.get(key)}
        self._register.log(
            actor,
            action,
            KIND,
            str(after.id or ""),
            title=_title(after),
            before={k: v for k, v in was.items() if k in changed},
            after={k: v for k, v in now.items() if k in changed},
        )

    def _checked(self, model: Model) -> Model:
        vendor, name = (" ".join(text.split()) for text in (model.vendor, model.model))
        problems = []
        for key, text in (("vendor", vendor), ("model", name)):
            if not text:
                problems.append(FieldProblem(key, "must not be empty"))
            elif len(text) > TEXT_MAX or not text.isprintable():
                said = "must have at most {most} characters"
                problems.append(FieldProblem(key, said, {"most": str(TEXT_MAX)}))
        if model.life_years is not None and not 1 <= model.life_years <= LIFE_MAX_YEARS:
            text = "must be from 1 to {most} years"
            problems.append(FieldProblem("life_years", text, {"most": str(LIFE_MAX_YEARS)}))
        if model.price_vnd is not None and not 0 <= model.price_vnd <= PRICE_MAX_VND:
            problems.append(FieldProblem("price_vnd", "must be 0 or more, in dong"))
        problems.extend(_day_problems(model))
        if problems:
            raise Refused(problems)
        return replace(model, vendor=vendor, model=name, note=model.note.strip()[:2000])


def _day_problems(model: Model) -> list[FieldProblem]:
    if model.price_vnd is not None and not model.price_day:
        return [FieldProblem("price_day", "say of which day the price is")]
    if not model.price_day:
        return []
    try:
        day = dt.date.fromisoformat(model.price_day)
    except ValueError:
        return [FieldProblem("price_day", "is no day; write for example 2026-01-31")]
    if FIRST_YEAR <= day.year <= LAST_YEAR:
        return []
    text = "{day} is not between {first} and {last}; look at the year"
    values = {"day": model.price_day, "first": str(FIRST_YEAR), "last": str(LAST_YEAR)}
    return [FieldProblem("price_day", text, values)]


def _title(model: Model) -> str:
    return f"{model.vendor} {model.model}"


def _facts(model: Model) -> dict[str, Any]:
    found = {key: value for key, value in asdict(model).items() if value not in ("", None)}
    for key in ("id", "version", "assets"):
        found.pop(key, None)
    return found

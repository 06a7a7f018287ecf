"""Answers to what-if questions that somebody kept: frozen with every word that a reader needs.

A scenario holds the answer whole, the names of its communes and the titles of its requirements as
they were, so that it reads the same after a purchase, a merger or another profile.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field

from pydantic import TypeAdapter

from config.profile import Text
from inventory.clock import Clock
from inventory.planning.whatif import Answer
from inventory.register.entry import Actor
from inventory.register.register import new_batch
from inventory.store.changes import Line, add_changes
from inventory.store.desk import Connection, Desk
from inventory.store.scenarios import Row, add_scenario, remove_scenario, scenarios

KIND = "scenario"
"""What the log of changes calls these."""

NAME_MAX = 120


@dataclass(frozen=True, slots=True)
class Scenario:
    """One kept answer. at_s: when it was kept, seconds since 1970. digest: of the profile that
    holds where no layer says otherwise. names: code -> name of communes; titles: id -> title of
    requirements."""

    id: int
    name: str
    by: str
    at_s: float
    digest: str
    answer: Answer
    names: Mapping[str, str] = field(default_factory=dict)
    titles: Mapping[str, Text] = field(default_factory=dict)


class Scenarios:
    """All that are kept. Every method raises StoreError; for threads."""

    def __init__(self, desk: Desk, clock: Clock) -> None:
        self._desk = desk
        self._clock = clock

    def freeze(
        self,
        name: str,
        actor: Actor,
        answer: Answer,
        digest: str,
        names: Mapping[str, str] | None = None,
        titles: Mapping[str, Text] | None = None,
    ) -> int:
        """Keep an answer under a name and log that; its number. Raises ValueError for a name that
        is empty or longer than NAME_MAX."""
        name = " ".join(name.split())
        if not 0 < len(name) <= NAME_MAX:
            raise ValueError(f"the name must have 1 to {NAME_MAX} characters")
        body = _BODY.dump_python(_Body(answer, dict(names or {}), dict(titles or {})), mode="json")
        # json, because pydantic's own writer has no word for an endless gap.
        text, at_s = json.dumps(body, ensure_ascii=False), self._clock.wall()
        after = {"budget_vnd": answer.problem.budget_vnd, "goal": answer.problem.goal.value}

        def keep(connection: Connection) -> int:
            id_ = add_scenario(connection, name, actor.name, at_s, digest, text)
            _log(connection, actor, at_s, "kept", id_, name, after)
            return id_

        return self._desk.write("keep a scenario", keep)

    def list(self) -> list[Scenario]:
        """The newest first."""
        return [_scenario(row) for row in self._desk.read(scenarios)]

    def get(self, id_: int) -> Scenario | None:
        """One by its number; None where there is none, or it was removed."""
        rows = self._desk.read(lambda c: scenarios(c, id_))
        return _scenario(rows[0]) if rows else None

    def delete(self, id_: int, actor: Actor) -> bool:
        """Remove one from the list and log that; whether it was there."""
        at_s = self._clock.wall()

        def remove(connection: Connection) -> bool:
            rows = scenarios(connection, id_)
            if not rows or not remove_scenario(connection, id_, at_s, actor.name):
                return False
            _log(connection, actor, at_s, "removed", id_, rows[0][1], {})
            return True

        return self._desk.write("remove a scenario", remove)


def _log(
    connection: Connection,
    actor: Actor,
    at_s: float,
    action: str,
    id_: int,
    name: str,
    after: Mapping[str, object],
) -> None:
    line: Line = (action, KIND, str(id_), None, name, {}, after)
    add_changes(connection, actor, at_s, new_batch(), "", [line])


@dataclass(frozen=True, slots=True)
class _Body:
    answer: Answer
    names: dict[str, str]
    titles: dict[str, Text]


_BODY: TypeAdapter[_Body] = TypeAdapter(_Body)


def _scenario(row: Row) -> Scenario:
    id_, name, by, at_s, digest, text = row
    body = _BODY.validate_python(json.loads(text))
    return Scenario(id_, name, by, at_s, digest, body.answer, body.names, body.titles)

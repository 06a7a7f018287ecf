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
from inventory.store.desk import Desk
from inventory.store.scenarios import Row, add_scenario, remove_scenario, scenarios

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
        by: str,
        answer: Answer,
        digest: str,
        names: Mapping[str, str] | None = None,
        titles: Mapping[str, Text] | None = None,
    ) -> int:
        """Keep an answer under a name; its number. Raises ValueError for a name that is empty or
        longer than NAME_MAX."""
        name = " ".join(name.split())
        if not 0 < len(name) <= NAME_MAX:
            raise ValueError(f"the name must have 1 to {NAME_MAX} characters")
        body = _BODY.dump_python(_Body(answer, dict(names or {}), dict(titles or {})), mode="json")
        # json, because pydantic's own writer has no word for an endless gap.
        text, at_s = json.dumps(body, ensure_ascii=False), self._clock.wall()
        return self._desk.write(
            "keep a scenario", lambda c: add_scenario(c, name, by, at_s, digest, text)
        )

    def list(self) -> list[Scenario]:
        """The newest first."""
        return [_scenario(row) for row in self._desk.read(scenarios)]

    def get(self, id_: int) -> Scenario | None:
        """One by its number; None where there is none, or it was removed."""
        rows = self._desk.read(lambda c: scenarios(c, id_))
        return _scenario(rows[0]) if rows else None

    def delete(self, id_: int, by: str) -> bool:
        """Remove one from the list; whether it was there."""
        at_s = self._clock.wall()
        return self._desk.write("remove a scenario", lambda c: remove_scenario(c, id_, at_s, by))


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

"""Declaring figures and indicators: checked, all or nothing, logged, withdrawn and undone."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from config.sections import Commune
from inventory.clock import Clock
from inventory.indicators.checks import Entry, Ground, check, same_as
from inventory.indicators.declaration import Declaration, Standing, by_commune, standing
from inventory.indicators.definition import Definition
from inventory.indicators.values import typed
from inventory.register.entry import Actor
from inventory.register.problems import FieldProblem, NotFound, Refused
from inventory.register.register import new_batch
from inventory.store import changes as change_sql
from inventory.store import indicators as sql
from inventory.store.desk import Connection, Desk

KIND = "indicator"
"""What the log of changes calls them."""

Told = Callable[[Iterable[str]], object]
"""Is told of the communes of which something else holds now."""


@dataclass(frozen=True, slots=True)
class CommuneRow:
    """What is said of one commune on a day: name -> Standing, of what anything is said of."""

    code: str
    name: str
    said: Mapping[str, Standing]


class Indicators:
    """Declarations on a desk. Every method raises StoreError; those that write raise Refused or
    NotFound, and then nothing has changed.

    ground: what holds now. told: called after a change, must return at once.
    """

    def __init__(
        self,
        desk: Desk,
        clock: Clock,
        ground: Callable[[], Ground],
        told: Told = lambda codes: None,
    ) -> None:
        self._desk = desk
        self._clock = clock
        self._ground = ground
        self._told = told

    @property
    def definitions(self) -> Mapping[str, Definition]:
        """Name -> what can be declared."""
        return self._ground().definitions

    def today(self) -> dt.date:
        """The day in the communes' zone."""
        return dt.datetime.fromtimestamp(self._clock.wall(), self._ground().zone).date()

    def declarations(self, communes: Iterable[str] | None = None) -> list[Declaration]:
        """Every entry, withdrawn ones too, of all or some communes, in the order of entry."""
        return self._desk.read(lambda c: sql.declarations(c, communes=communes))

    def rows(
        self,
        codes: Iterable[str] | None = None,
        day: dt.date | None = None,
        known_at_s: float | None = None,
    ) -> list[CommuneRow]:
        """What is said of each commune on a day (today where none is given), by its name."""
        ground = self._ground()
        wanted = [code for code in ground.names if codes is None or code in set(codes)]
        entries = by_commune(self.declarations(wanted))
        on = day or self.today()
        return [
            CommuneRow(
                code,
                ground.names[code],
                standing(ground.commune(code), entries.get(code, ()), on, known_at_s),
            )
            for code in wanted
        ]

    def history(self, commune: str, name: str) -> list[Declaration]:
        """Everything that was ever entered of one commune and indicator, the last entry first."""
        found = self._desk.read(lambda c: sql.declarations(c, communes=[commune], name=name))
        return found[::-1]

    def get(self, id_: int) -> Declaration | None:
        """An entry by its number."""
        found = self._desk.read(lambda c: sql.declarations(c, id_=id_))
        return found[0] if found else None

    def made_in(self, batch: str) -> list[Declaration]:
        """What was entered or withdrawn together."""

        def work(connection: Connection) -> list[Declaration]:
            made = sql.declarations(connection, made_in=batch)
            return made or sql.declarations(connection, withdrawn_in=batch)

        return self._desk.read(work)

    def check(self, entries: Sequence[Entry]) -> list[FieldProblem]:
        """Everything that is wrong with entries; nothing is written."""
        known = self.declarations({entry.commune for entry in entries})
        return check(entries, self._ground(), known, self.today())

    def declare(
        self, entries: Sequence[Entry], actor: Actor, reason: str = "", batch: str = ""
    ) -> str:
        """Enter all of them or none; the id of the batch, "" where all stand there already.

        An entry that says the same as the one that stands, for the same day, is left out. Raises
        Refused with every problem.
        """
        name = batch or new_batch()
        ground, today = self._ground(), self.today()
        codes = sorted({entry.commune for entry in entries})

        def work(connection: Connection) -> list[str]:
            known = sql.declarations(connection, communes=codes)
            found = check(entries, ground, known, today)
            if found:
                raise Refused(found)
            at_s = self._clock.wall()
            of = _by_value(known)
            new = [e for e in entries if not same_as(e, of.get((e.commune, e.name), ()))]
            made = [entry.declared(actor.name, at_s, name) for entry in new]
            kept = sql.add_declarations(connection, made)
            lines: list[change_sql.Line] = [
                ("declared", KIND, _subject(one), None, "", _before(of, one, ground), after)
                for one in kept
                if (after := _facts(one, ground))
            ]
            if lines:
                change_sql.add_changes(connection, actor, at_s, name, reason, lines)
            return sorted({one.commune for one in kept})

        changed = self._desk.write("enter figures and indicators", work)
        self._told(changed)
        return name if changed else ""

    def withdraw(self, id_: int, actor: Actor, reason: str = "") -> str:
        """Take one entry back; what stood before it stands again. The id of the batch."""
        return self._withdraw(lambda c: sql.declarations(c, id_=id_), f"entry {id_}", actor, reason)

    def undo(self, batch: str, actor: Actor, reason: str = "") -> str:
        """Take back everything that was entered together; the id of the batch that does it."""
        why = reason or f"undo of {batch}"
        return self._withdraw(lambda c: sql.declarations(c, made_in=batch), batch, actor, why)

    def _withdraw(
        self,
        find: Callable[[Connection], list[Declaration]],
        what: str,
        actor: Actor,
        reason: str,
    ) -> str:
        batch, ground = new_batch(), self._ground()

        def work(connection: Connection) -> list[str]:
            found = [one for one in find(connection) if one.withdrawn_at_s is None]
            if not found:
                raise NotFound(what)
            at_s = self._clock.wall()
            sql.withdraw(connection, (one.id for one in found), at_s, actor.name, batch)
            lines: list[change_sql.Line] = [
                ("withdrawn", KIND, _subject(one), None, "", _facts(one, ground), {})
                for one in found
            ]
            change_sql.add_changes(connection, actor, at_s, batch, reason, lines)
            return sorted({one.commune for one in found})

        self._told(self._desk.write("withdraw figures and indicators", work))
        return batch


def ground_of(
    communes: Iterable[Commune],
    names: Mapping[str, str],
    definitions: Mapping[str, Definition],
    zone: ZoneInfo,
) -> Ground:
    """What holds now; names: code -> name of the communes, in the order of lists."""
    return Ground({one.code: one for one in communes}, names, definitions, zone)


def _subject(one: Declaration) -> str:
    return f"{one.commune} {one.name}"


def _facts(one: Declaration, ground: Ground) -> dict[str, str]:
    definition = ground.definitions.get(one.name)
    value = typed(definition.kind, one.value) if definition else f"{one.value:g}"
    found = {
        "commune": one.commune,
        "value": value,
        "as_of": one.as_of.isoformat(),
        "expires": one.expires.isoformat() if one.expires else "",
        "document": one.document,
        "by": one.by,
    }
    return {key: text for key, text in found.items() if text}


def _by_value(known: Iterable[Declaration]) -> Mapping[tuple[str, str], list[Declaration]]:
    """(commune, name) -> its entries, in their order."""
    found: dict[tuple[str, str], list[Declaration]] = {}
    for one in known:
        found.setdefault((one.commune, one.name), []).append(one)
    return found


def _before(
    of: Mapping[tuple[str, str], Sequence[Declaration]], one: Declaration, ground: Ground
) -> dict[str, str]:
    """What the database said for that day before this entry."""
    bare = Commune(code=one.commune)
    said = standing(bare, of.get((one.commune, one.name), ()), one.as_of).get(one.name)
    if said is None or said.declaration is None or said.state == "not_yet":
        return {}
    return _facts(said.declaration, ground)

"""What each row would make of its asset, and everything that is wrong with that.

A row with one fault is looked at on, without the value that has it: whoever mends a sheet shall not
be told of one fault after the other.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from pydantic import ValidationError

from config.assets import Asset
from inventory.register.checks import Changed, Rules, alone, clean, together
from inventory.register.index import facts_of
from inventory.register.problems import problems_of
from inventory.sheets.fields import CUSTOM
from inventory.sheets.lines import FieldChange
from inventory.sheets.problem import CellError
from inventory.sheets.rows import RowRead
from inventory.sheets.values import refuse_old_coding
from inventory.store.desk import Connection

_NOTHING: Mapping[str, Any] = {"edge": False, "status": "in_use"}
"""What a field has where an asset says nothing of it."""

_NEEDED = ("name", "class", "commune")

_RESTS_ON = {"edge": "commune", "serial": "vendor", "endpoints": "address"}
"""What can only be judged beside another field."""


class Judging:
    """allowed: the communes that whoever imports may register in, None for all."""

    def __init__(
        self, rules: Rules, defaults: Mapping[str, str], allowed: frozenset[str] | None
    ) -> None:
        self._rules = rules
        self._defaults = defaults
        self._allowed = allowed

    def judge(self, read: RowRead) -> None:
        """Note with a row that was matched what it changes, and what is wrong with that alone."""
        if read.note:
            return
        body: dict[str, Any] = {}
        if read.entry is None:
            read.values = {**self._defaults, **read.values}
            for key in _NEEDED if _is_known_as_new(read) else ():
                if read.values.get(key) in (None, "") and key not in read.faulty:
                    read.wrong(key, "must not be empty")
        else:
            body = facts_of(read.entry.asset)
            if "custom" in read.values:
                read.values["custom"] = {**body.get("custom", {}), **read.values["custom"]}
        read.changes = _changes(body, read.values)
        if not read.changes:
            return
        if read.entry is not None and read.entry.origin == "file":
            for change in read.changes:
                read.wrong(
                    change.key,
                    "{tag} is kept in hatang.yaml; change it there",
                    tag=read.entry.asset.tag,
                )
            return
        for change in read.changes:  # what stands in the register already may look as it likes
            try:
                refuse_old_coding(change.new)
            except CellError as error:
                read.wrong(change.key, error.text, **error.values)
        read.asset = _asset(read, body)
        if read.asset is not None:
            self._alone(read, read.asset)

    def _alone(self, read: RowRead, asset: Asset) -> None:
        passed = read.faulty
        if read.entry is None:
            passed |= set(_NEEDED) - set(read.values)
        found = alone(asset, self._rules, read.row.number)
        read.problems += [problem for problem in found if problem.field not in passed]
        touched = {asset.commune} | ({read.entry.asset.commune} if read.entry else set())
        if self._allowed is not None and not touched <= self._allowed and "commune" not in passed:
            read.wrong(
                "commune",
                "you may register in {known} only",
                known=", ".join(f"{c} {self._rules.communes.get(c, '')}" for c in self._allowed),
            )

    def together(self, connection: Connection, reads: Iterable[RowRead]) -> None:
        """Note what the register says to all of it at once. Rows that are refused are in it, too:
        what other rows name stands in them."""
        by_row = {read.row.number: read for read in reads if read.asset is not None}
        changed = [
            Changed(
                read.entry.id if read.entry else None,
                read.entry.asset.tag if read.entry else None,
                read.asset,
                number,
            )
            for number, read in by_row.items()
            if read.asset is not None
        ]
        for problem in together(connection, changed, [], self._rules):
            read = by_row.get(problem.row or 0)
            if read is not None and problem.field not in read.faulty:
                read.problems.append(problem)


def _is_known_as_new(read: RowRead) -> bool:
    """Whether a row without an asset is about a new one: not where what would say so is wrong."""
    faulty = read.faulty
    return not faulty & {"id", "serial"} and ("tag" in read.values or "tag" not in faulty)


def _asset(read: RowRead, body: Mapping[str, Any]) -> Asset | None:
    """The asset as a row would have it, with what is wrong noted and left as it was."""
    values: Mapping[str, Any] = {**body, **read.values}
    while True:
        if read.problems:
            values = _without(read, body)
        try:
            return Asset.model_validate(values, by_alias=True, by_name=False)
        except ValidationError as error:
            faulty = read.faulty
            new = [p for p in problems_of(error) if p.field not in faulty]
            read.problems += [problem.at(read.row.number) for problem in new]
            if not new or any(not problem.field for problem in new):
                return None


def _without(read: RowRead, body: Mapping[str, Any]) -> dict[str, Any]:
    """The values of a row but for those that are wrong, and what rests on them."""
    faulty = read.faulty
    left_out = faulty | {key for key, on in _RESTS_ON.items() if on in faulty}
    values = {key: value for key, value in read.values.items() if key not in left_out}
    if "custom" in values:
        values["custom"] = {k: v for k, v in values["custom"].items() if CUSTOM + k not in faulty}
    needed = {"tag": f"row-{read.row.number}", "name": "-", "class": "other", "commune": "-"}
    return needed | dict(body) | values


def _changes(body: Mapping[str, Any], values: Mapping[str, Any]) -> tuple[FieldChange, ...]:
    was = clean(body)
    found: list[FieldChange] = []
    for key, new in values.items():
        old = was.get(key, _NOTHING.get(key))
        if key == "custom":
            before = old or {}
            found += [
                FieldChange(CUSTOM + name, before.get(name), text)
                for name, text in new.items()
                if before.get(name, "") != text
            ]
        elif old != new:
            found.append(FieldChange(key, old, new))
    return tuple(found)

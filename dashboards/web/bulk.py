"""Changing many assets at once: which ones, what shall be, what that would change, and doing it."""

from __future__ import annotations

import contextlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from dashboards.web.asset_fields import BULK, FIELDS, Field
from dashboards.web.asset_form import asset_of, read_value, texts_of
from dashboards.web.asset_list import Wish, communes_of, query_of
from dashboards.web.site import Site
from inventory.register.entry import Actor, Edit, Entry
from inventory.register.problems import FieldProblem
from inventory.register.register import Register
from inventory.register.work import Done
from inventory.store.desk import Connection

MOST = 2_000
"""Assets that one bulk edit changes; more are for a spreadsheet."""

_SHOWN = 200


class _OnlyLooked(Exception):
    """Undoes what was tried."""


@dataclass(frozen=True, slots=True)
class Row:
    """One asset of a preview. cells: (what stands, what would stand) of each field."""

    tag: str
    name: str
    cells: Sequence[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class BulkPage:
    """The page. chosen: the entries; keys: fields that shall change; rows: the preview, None until
    one was asked for; too_many: how many were chosen where that is too much; stale: an asset
    that somebody else changed after the preview."""

    asked: str
    chosen: Sequence[Entry]
    communes: Sequence[tuple[str, str]]
    proposals: Mapping[str, Sequence[str]]
    keys: Sequence[str] = ()
    texts: Mapping[str, str] = field(default_factory=dict)
    problems: Mapping[str, Sequence[str]] = field(default_factory=dict)
    rows: Sequence[Row] | None = None
    changed: int = 0
    too_many: int = 0
    stale: str = ""
    fields: Sequence[Field] = BULK
    most: int = MOST

    @property
    def back(self) -> str:
        """The list that they were chosen from."""
        return f"/assets?{self.asked}" if self.asked else "/assets"

    @property
    def rows_text(self) -> str:
        """Which ones, with the version that was looked at, as the form sends it back."""
        return " ".join(f"{entry.asset.tag}:{entry.version}" for entry in self.chosen)

    @property
    def more(self) -> int:
        """How many changed rows the preview does not show."""
        return max(0, self.changed - _SHOWN)


def chosen_by(
    site: Site, wish: Wish, tags: Sequence[str], all_found: bool, scope: frozenset[str] | None
) -> tuple[list[Entry], int]:
    """(the entries that were chosen in the list, how many they are if that is too many).

    Only what the register keeps can change here. Raises StoreError.
    """
    wish = Wish(size=MOST) if not all_found else replace(wish, size=MOST)
    query = query_of(replace(wish, page=1), site, scope)
    query = replace(query, origin="register", removed=False)
    if not all_found:
        query = replace(query, tags=frozenset(tags))
    found = site.register.search(query)
    if found.total > MOST:
        return [], found.total
    return list(found.entries), 0


def chosen_again(
    site: Site, rows: str, scope: frozenset[str] | None
) -> tuple[list[Entry], dict[str, int]]:
    """(the entries that a form names as they are now, tag -> the version that was looked at)."""
    pairs = (part.rpartition(":") for part in rows.split()[: MOST + 1])
    versions = {tag: int(version) for tag, _, version in pairs if tag and version.isdecimal()}
    found, _ = chosen_by(site, Wish(), list(versions), False, scope)
    return found, versions


def values_of(
    posted: Mapping[str, Sequence[str]],
) -> tuple[tuple[str, ...], dict[str, str], dict[str, Any], list[FieldProblem]]:
    """(fields that were ticked, what was typed, their values, what could not be read)."""
    ticked = set(posted.get("set", ()))
    keys = tuple(f.key for f in BULK if f.key in ticked)
    texts = {f.key: posted[f.key][-1][:20_000] for f in BULK if posted.get(f.key)}
    values, problems = {}, []
    for key in keys:
        values[key], problem = read_value(key, texts.get(key, ""))
        if problem:
            problems.append(problem)
        elif values[key] is None and FIELDS[key].required:
            problems.append(FieldProblem(key, "must not be empty"))
    return keys, texts, values, problems


def preview(
    chosen: Sequence[Entry], keys: Sequence[str], values: Mapping[str, Any], say: Mapping[str, Any]
) -> tuple[list[Row], list[Edit]]:
    """(what would change, the first ones of it; the steps of all).

    say: field -> what shows its text to a reader, where that is not the text itself.
    """
    rows: list[Row] = []
    steps: list[Edit] = []
    for entry in chosen:
        was = texts_of(entry.asset)
        facts = entry.asset.model_dump(mode="json", by_alias=True)
        changes = {k: values[k] for k in keys if (values[k] or None) != (facts[k] or None)}
        if not changes:
            continue
        tag = entry.asset.tag
        steps.append(Edit(tag, {k: "" if v is None else v for k, v in changes.items()}))
        if len(rows) < _SHOWN:
            made, _ = asset_of({**facts, **values})
            after = texts_of(made) if made else {k: str(values[k] or "") for k in keys}
            cells = [(_said(k, was, say), _said(k, after, say)) for k in keys]
            rows.append(Row(tag, entry.asset.name, cells))
    return rows, steps


def _said(key: str, texts: Mapping[str, str], say: Mapping[str, Any]) -> str:
    text = texts.get(key, "")
    return str(say[key](text)) if key in say and text else text


def tried(register: Register, steps: Sequence[Edit], actor: Actor) -> None:
    """Do everything and undo it before anybody sees it, for what it would be refused for.

    Raises Refused, Stale, NotFound and StoreError.
    """

    def back(connection: Connection, done: Done) -> None:
        raise _OnlyLooked

    with contextlib.suppress(_OnlyLooked):
        register.apply(steps, actor, also=back)


def applied(
    register: Register,
    steps: Sequence[Edit],
    versions: Mapping[str, int],
    actor: Actor,
    reason: str,
) -> str:
    """All of it or nothing; the id of the batch. Raises as `tried`."""
    checked = [Edit(step.tag, step.values, versions.get(step.tag)) for step in steps]
    return register.apply(checked, actor, reason=reason)


def page_for(
    site: Site,
    asked: str,
    chosen: Sequence[Entry],
    scope: frozenset[str] | None,
    proposals: Mapping[str, Sequence[str]],
    **more: Any,
) -> BulkPage:
    """The page over some entries."""
    return BulkPage(asked, chosen, communes_of(site, scope), proposals, **more)

"""Sites, rooms and people: entered, renamed, merged. What an asset says stays free text; a place
that is renamed is renamed in the assets, as one batch that can be undone.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace

from inventory.place import FIELDS, Place, PlaceKind
from inventory.register.entry import Actor, Edit
from inventory.register.problems import FieldProblem, NotFound, Refused
from inventory.register.register import Register, new_batch
from inventory.register.work import Done
from inventory.store import places as sql
from inventory.store.desk import Connection, Desk

NAME_MAX = 200
KIND = "place"
"""What the log of changes calls them."""


class Places:
    """Places over a register. Every method raises StoreError; those that change something raise
    Refused and NotFound, and then nothing has changed."""

    def __init__(
        self, register: Register, desk: Desk, communes: Callable[[], Mapping[str, str]]
    ) -> None:
        """communes: code -> name of those that there are now."""
        self._register = register
        self._desk = desk
        self._communes = communes

    def of(self, commune: str | None = None) -> list[Place]:
        """What was entered and what assets say, once each, with how many assets say so."""
        return self._desk.read(lambda c: sql.places_of(c, commune))

    def get(self, id_: int) -> Place | None:
        """A place that was entered."""
        return self._desk.read(lambda c: sql.place_by_id(c, id_))

    def suggestions(self, commune: str | None = None) -> dict[str, list[str]]:
        """Field of an asset (site, room, custodian) -> names to offer, each once."""
        found: dict[str, dict[str, None]] = {field: {} for field in FIELDS.values()}
        for place in self.of(commune):
            found[FIELDS[place.kind]][place.name] = None
        return {field: list(names) for field, names in found.items()}

    def create(self, place: Place, actor: Actor) -> int:
        """Enter a place; its id."""
        place = self._checked(place)
        batch = new_batch()

        def work(connection: Connection) -> int:
            if sql.same_place(connection, place) is not None:
                raise Refused([FieldProblem("name", "is there already")])
            return sql.add_place(connection, place, batch)

        id_ = self._desk.write("enter a place", work)
        self._register.log(actor, "created", KIND, place.name, after=_facts(place), batch=batch)
        return id_

    def rename(self, place: Place, name: str, actor: Actor) -> str:
        """Another name, in every asset that says the old one, too; the id of the batch.

        Where the new name is a place already, the two become one. Raises Refused while assets of
        hatang.yaml say the old one.
        """
        after = self._checked(replace(place, name=name, id=None))
        if after.name == place.name:
            raise Refused([FieldProblem("name", "is its name already")])
        tags, in_files = self._desk.read(lambda c: sql.tags_at(c, place))
        if in_files:
            text = "{count} assets of hatang.yaml are there; change them there first"
            raise Refused([FieldProblem("name", text, {"count": str(in_files)})])
        steps = [Edit(tag, {FIELDS[place.kind]: after.name}) for tag in tags]

        def also(connection: Connection, done: Done) -> None:
            before = sql.same_place(connection, place)
            if before is not None and before.id is not None:
                sql.remove_place(connection, before.id, done.batch)
            if before is not None and sql.same_place(connection, after) is None:
                sql.add_place(connection, replace(after, note=before.note), done.batch)
            if place.kind is PlaceKind.SITE:
                sql.move_site(connection, place.commune, place.name, after.name, done.batch)

        batch = self._register.apply(steps, actor, reason="rename", also=also)
        self._register.log(
            actor, "renamed", KIND, after.name,
            before=_facts(place), after=_facts(after), batch=f"{batch}+",
        )  # fmt: skip
        return batch

    def remove(self, id_: int, actor: Actor) -> str:
        """Take back what was entered; assets keep what they say. The id of the batch."""
        place = self.get(id_)
        if place is None:
            raise NotFound(f"place {id_}")
        batch = new_batch()
        self._desk.write("remove a place", lambda c: sql.remove_place(c, id_, batch))
        self._register.log(actor, "removed", KIND, place.name, before=_facts(place), batch=batch)
        return batch

    def undo(self, batch: str, actor: Actor) -> None:
        """Take back a `rename` or `remove`. Raises Refused where assets were changed since."""
        lines = self._register.changes(batch=batch)
        if any(line.kind == "asset" for line in lines):
            self._register.undo(
                batch, actor, also=lambda c, done: sql.undo_places(c, batch, done.batch)
            )
            return
        undoing = new_batch()
        if not self._desk.write("undo", lambda c: sql.undo_places(c, batch, undoing)):
            raise NotFound(f"batch {batch}")
        self._register.log(actor, "undone", KIND, batch, batch=undoing)

    def _checked(self, place: Place) -> Place:
        """The place with its texts in order. Raises Refused."""
        name, site = (" ".join(text.split()) for text in (place.name, place.site))
        problems = []
        if not name:
            problems.append(FieldProblem("name", "must not be empty"))
        elif len(name) > NAME_MAX or not name.isprintable():
            text = "must have at most {most} characters"
            problems.append(FieldProblem("name", text, {"most": str(NAME_MAX)}))
        if place.commune not in self._communes() and (
            place.commune or place.kind is not PlaceKind.PERSON
        ):
            problems.append(FieldProblem("commune", "choose a commune"))
        if site and place.kind is not PlaceKind.ROOM:
            problems.append(FieldProblem("site", "only a room is in a site"))
        if problems:
            raise Refused(problems)
        return replace(place, name=name, site=site, note=place.note.strip()[:1000])


def _facts(place: Place) -> dict[str, str]:
    found = {"kind": place.kind.value, "commune": place.commune, "site": place.site}
    return {k: v for k, v in {**found, "name": place.name, "note": place.note}.items() if v}

"""Photos and invoices of assets: scanned, stored under their own digest beside the database, and
removed in a way that can be taken back.
"""

from __future__ import annotations

from collections.abc import Sequence

from inventory.attachment import Attachment, AttachmentKind
from inventory.clock import Clock
from inventory.register.entry import Actor, Entry
from inventory.register.problems import FieldProblem, NotFound, Refused
from inventory.register.register import Register
from inventory.scanned import Scanned, scanned
from inventory.store import attachments as sql
from inventory.store.desk import Connection, Desk
from inventory.store.files import FileStore

KIND = "attachment"
"""What the log of changes calls them."""

MOST = 30
"""Attachments of one asset."""


class Attachments:
    """Attachments over a register. Every method raises StoreError; those that change something
    raise Refused and NotFound, and then nothing has changed."""

    def __init__(self, register: Register, desk: Desk, files: FileStore, clock: Clock) -> None:
        self._register = register
        self._desk = desk
        self.files = files
        self._clock = clock

    def of(self, entries: Sequence[int]) -> list[Attachment]:
        """Those of some entries, removed ones too, the newest first."""
        return self._desk.read(lambda c: sql.attachments_of(c, entries))

    def get(self, id_: int) -> Attachment | None:
        """One attachment, removed or not."""
        return self._desk.read(lambda c: sql.attachment_by_id(c, id_))

    def add(
        self, entry: Entry, kind: AttachmentKind, data: bytes, name: str, actor: Actor
    ) -> Attachment:
        """Scan a file, store it and attach it. Raises Refused for what it is not."""
        found = scanned(data, name, pictures_only=kind is AttachmentKind.PHOTO)
        digest = self.files.put(found.data)
        row = self._row(entry, kind, found, digest, actor)

        def work(connection: Connection) -> int:
            standing = [
                a for a in sql.attachments_of(connection, [entry.id]) if a.removed_at_s is None
            ]
            if any(a.digest == digest for a in standing):
                raise Refused([FieldProblem("file", "is attached already")])
            if len(standing) >= MOST:
                text = "an asset has at most {most} attachments"
                raise Refused([FieldProblem("file", text, {"most": str(MOST)})])
            return sql.add_attachment(connection, row)

        id_ = self._desk.write("attach a file", work)
        after = {"file": found.name, "kind": kind.value, "sha256": digest}
        self._register.log(actor, "attached", KIND, entry.asset.tag, title=found.name, after=after)
        attached = self.get(id_)
        assert attached is not None
        return attached

    def remove(self, id_: int, tag: str, actor: Actor) -> None:
        """Take an attachment away; the file stays, so that this can be taken back."""
        self._set_removed(id_, tag, self._clock.wall(), "removed", actor)

    def restore(self, id_: int, tag: str, actor: Actor) -> None:
        """Take back a removal."""
        self._set_removed(id_, tag, None, "restored", actor)

    def _set_removed(
        self, id_: int, tag: str, at_s: float | None, action: str, actor: Actor
    ) -> None:
        def work(connection: Connection) -> Attachment:
            found = sql.attachment_by_id(connection, id_)
            if found is None or (found.removed_at_s is None) is (at_s is None):
                raise NotFound(f"attachment {id_}")
            sql.set_removed(connection, id_, at_s)
            return found

        found = self._desk.write("write attachments", work)
        facts = {"file": found.name, "kind": found.kind.value, "sha256": found.digest}
        removed = at_s is not None
        self._register.log(
            actor,
            action,
            KIND,
            tag,
            title=found.name,
            before=facts if removed else {},
            after={} if removed else facts,
        )

    def _row(
        self, entry: Entry, kind: AttachmentKind, found: Scanned, digest: str, actor: Actor
    ) -> Attachment:
        return Attachment(
            0,
            entry.id,
            kind,
            digest,
            found.media_type,
            found.name,
            len(found.data),
            self._clock.wall(),
            actor.name,
        )

"""Photos and invoices of assets: scanned, stored under their own digest beside the database, and
removed in a way that can be taken back.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import tempfile
from collections.abc import Sequence
from pathlib import Path

from inventory.attachment import Attachment, AttachmentKind
from inventory.clock import Clock
from inventory.register.entry import Actor, Entry
from inventory.register.problems import FieldProblem, NotFound, Refused
from inventory.register.register import Register
from inventory.scanned import Scanned, scanned
from inventory.store import attachments as sql
from inventory.store.desk import Connection, Desk
from inventory.store.errors import StoreError

KIND = "attachment"
"""What the log of changes calls them."""

MOST = 30
"""Attachments of one asset."""


class FileStore:
    """The folder of stored files, each named by the SHA-256 of what is in it."""

    def __init__(self, database: Path) -> None:
        self.folder = database.with_name("attachments")

    def put(self, data: bytes) -> str:
        """Store; the digest. Whole on the disk when this returns. Raises StoreError (io)."""
        digest = hashlib.sha256(data).hexdigest()
        target = self.folder / digest
        if target.exists():
            return digest
        try:
            self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            handle, partial = tempfile.mkstemp(dir=self.folder, prefix=".new-")
            try:
                with os.fdopen(handle, "wb") as file:
                    file.write(data)
                    file.flush()
                    os.fsync(file.fileno())
                Path(partial).replace(target)
            except BaseException:
                with contextlib.suppress(OSError):
                    Path(partial).unlink()
                raise
            self._sync()
        except OSError as error:
            raise StoreError("io", f"write {target.name}: {error.strerror}") from error
        return digest

    def get(self, digest: str) -> bytes | None:
        """What is stored under a digest; None where nothing is, or what is there is damaged."""
        if len(digest) != 64 or not set(digest) <= set("0123456789abcdef"):
            return None
        try:
            data = (self.folder / digest).read_bytes()
        except OSError:
            return None
        return data if hashlib.sha256(data).hexdigest() == digest else None

    def _sync(self) -> None:
        folder = os.open(self.folder, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)


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

"""Imports as pages use them: a file is handed in, looked at, applied as one, and undone as one.

Reading, planning and applying run in a thread of their own, one import after the other; whoever
waits sees how far it is. Files and choices survive a restart; a plan is made anew.
"""

from __future__ import annotations

import contextlib
import logging
import queue
import secrets
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, BinaryIO

from inventory.clock import Clock
from inventory.register.checks import Rules
from inventory.register.entry import Actor, Query
from inventory.register.problems import NotFound, Refused
from inventory.register.register import Register
from inventory.register.stale import Stale
from inventory.sheets.choice import Choice, choice_of, header_of, signature_of
from inventory.sheets.header import Header
from inventory.sheets.import_state import Import, NoImport, State, import_of, problem_json
from inventory.sheets.kept import KeptSheets
from inventory.sheets.plan import ImportPlan, plan_import
from inventory.sheets.problem import SheetError
from inventory.sheets.table import Table
from inventory.sheets.values import reading
from inventory.store import sheets as sql
from inventory.store.desk import Connection, Desk
from inventory.store.errors import StoreError

log = logging.getLogger(__name__)

MOST_KEPT = 200
"""Files of older imports are thrown away; what they did stays in the log of changes."""

_CHANGED = "the register has changed meanwhile; look at the preview again"
STOPPED = "Hatang cannot write now; try again"
_BROKEN_OFF: tuple[str, Mapping[str, str]] = (
    "Hatang was stopped while it wrote this, and nothing of it was written; take it over again",
    {},
)


@dataclass(frozen=True, slots=True)
class Preview:
    """What an import would do, with what it was made of."""

    plan: ImportPlan
    table: Table
    header: Header


@dataclass(slots=True)
class _Kept:
    """What is in memory: the newest previews, and what the thread does."""

    previews: dict[str, Preview] = field(default_factory=dict)
    doing: dict[str, str] = field(default_factory=dict)


class Imports:
    """See the module. Methods raise StoreError, and NoImport for an id that there is not.

    rules: what holds now. folder: where files are kept, the owner's alone.
    """

    def __init__(
        self,
        desk: Desk,
        register: Register,
        rules: Callable[[], Rules],
        clock: Clock,
        folder: Path,
    ) -> None:
        self._desk = desk
        self._register = register
        self._rules = rules
        self._clock = clock
        self._files = KeptSheets(folder)
        self._kept = _Kept()
        self._lock = threading.Lock()
        self._jobs: queue.Queue[Callable[[], None]] = queue.Queue()
        self._thread: threading.Thread | None = None

    def take(
        self, name: str, source: BinaryIO, actor: Actor, allowed: frozenset[str] | None = None
    ) -> str:
        """Keep a file and begin to read it; the import's id. Raises SheetError, too.

        allowed: communes that whoever hands it in may register in, None for all.
        """
        id_ = f"{int(self._clock.wall()):x}{secrets.token_hex(4)}"
        self._files.keep(id_, source)
        try:
            self._desk.write(
                "keep a sheet",
                lambda c: sql.add_import(c, id_, self._clock.wall(), actor.name, _plain_name(name)),
            )
        except StoreError:
            self._files.drop(id_)
            raise
        self._begin(id_, allowed)
        return id_

    def get(self, id_: str) -> Import:
        """One import as it is now."""
        row = self._desk.read(lambda c: sql.one_import(c, id_))
        if row is None:
            raise NoImport(id_)
        return self._now(import_of(row))

    def list(self, limit: int = 50) -> list[Import]:
        """The newest first."""
        rows = self._desk.read(lambda c: sql.imports(c, limit))
        return [self._now(import_of(row)) for row in rows]

    def doing(self, id_: str) -> str:
        """What the thread does for an import: "waiting", "reading", "planning", "applying"; "" for
        nothing."""
        return self._kept.doing.get(id_, "")

    def preview(self, id_: str, allowed: frozenset[str] | None = None) -> Preview | None:
        """What it would do; None while that is worked out."""
        found = self._kept.previews.get(id_)
        if found is None and not self.doing(id_):
            one = self.get(id_)
            if one.state is State.READY:
                if one.problem == _BROKEN_OFF:
                    self._set(id_, state=one.state.value, problem=problem_json(one.problem))
                self._begin(id_, allowed)
        return found

    def choose(
        self,
        id_: str,
        choice: Choice,
        actor: Actor,
        *,
        name: str = "",
        allowed: frozenset[str] | None = None,
    ) -> None:
        """Take columns for something else and look again; it is remembered for such sheets.

        name: under which a command finds it, too.
        """
        one = self.get(id_)
        if one.state in (State.APPLYING, State.APPLIED, State.UNDONE):
            return
        signature = ""
        with contextlib.suppress(SheetError, OSError, ValueError):  # said when it is planned
            signature = signature_of(header_of(self._files.table(id_), choice)[0].titles)
        at_s = self._clock.wall()

        def work(connection: Connection) -> None:
            sql.set_import(
                connection, id_, at_s, {"choice": choice.as_json(), "state": "ready", "problem": ""}
            )
            if signature:
                sql.remember_map(
                    connection, name or signature, signature, choice.as_json(), at_s, actor.name
                )

        self._desk.write("keep what columns are", work)
        self._begin(id_, allowed)

    def apply(self, id_: str, actor: Actor, allowed: frozenset[str] | None = None) -> None:
        """Begin to write what the preview says; nothing where it refuses a row."""
        preview = self._kept.previews.get(id_)
        if preview is None or self.get(id_).state is not State.READY or self.doing(id_):
            return
        if preview.plan.counts()["refused"] or not preview.plan.steps:
            return
        self._set(id_, state=State.APPLYING.value, problem="")
        self._queue(id_, lambda: self._apply(id_, preview.plan, actor, allowed))

    def undo(self, id_: str, actor: Actor) -> None:
        """Take the whole import back. Raises Refused, and NotFound."""
        one = self.get(id_)
        if one.state is not State.APPLIED:
            return
        at_s = self._clock.wall()

        def also(connection: Connection, done: Any) -> None:
            values = {"state": State.UNDONE.value, "undone_in": done.batch}
            sql.set_import(connection, id_, at_s, values)

        self._register.undo(one.batch, actor, f"undo of the import of {one.file}", also=also)

    def _begin(self, id_: str, allowed: frozenset[str] | None) -> None:
        self._kept.previews.pop(id_, None)
        self._queue(id_, lambda: self._look(id_, allowed))

    def _queue(self, id_: str, job: Callable[[], None]) -> None:
        with self._lock:
            self._kept.doing[id_] = "waiting"
            self._jobs.put(lambda: self._run(id_, job))
            if self._thread is None:
                self._thread = threading.Thread(target=self._work, name="imports", daemon=True)
                self._thread.start()

    def _work(self) -> None:
        while True:
            self._jobs.get()()

    def _run(self, id_: str, job: Callable[[], None]) -> None:
        try:
            job()
        except SheetError as error:
            self._fail(id_, State.FAILED, error.text, error.values)
        except (StoreError, NoImport, OSError, ValueError):
            self._fail(id_, State.FAILED, STOPPED, {})
        except Exception:  # the imports after this one must not wait for ever
            log.exception("defect in the import %s", id_)
            self._fail(id_, State.FAILED, STOPPED, {})
        finally:
            self._kept.doing.pop(id_, None)

    def _fail(self, id_: str, state: State, text: str, values: Mapping[str, str]) -> None:
        try:
            self._set(id_, state=state.value, problem={"text": text, "values": dict(values)})
        except StoreError:
            return  # it stays as it was; whoever looks sees that nothing is being done

    def _look(self, id_: str, allowed: frozenset[str] | None) -> None:
        self._kept.doing[id_] = "reading"
        table = self._files.table(id_)
        one = self.get(id_)
        choice = one.choice
        if choice == Choice():
            choice = self._remembered(table)
        header, columns = header_of(table, choice)
        self._kept.doing[id_] = "planning"
        rules = self._rules()
        entries = self._register.search(Query(limit=None)).entries
        plan = self._desk.read(
            lambda c: plan_import(
                header,
                columns,
                entries,
                rules,
                reading(rules.communes, "vi"),
                c,
                choice.all_defaults(),
                allowed,
            )
        )
        previews = self._kept.previews
        while len(previews) > 1:
            previews.pop(next(iter(previews)))
        previews[id_] = Preview(plan, table, header)
        self._set(
            id_,
            state=State.READY.value,
            problem=(one.problem and problem_json(one.problem)) or "",
            counts=plan.counts(),
            choice=choice.as_json(),
            rows=len(plan.lines),
        )

    def _apply(
        self, id_: str, plan: ImportPlan, actor: Actor, allowed: frozenset[str] | None
    ) -> None:
        self._kept.doing[id_] = "applying"
        one = self.get(id_)
        at_s = self._clock.wall()

        def also(connection: Connection, done: Any) -> None:
            values = {"state": State.APPLIED.value, "batch": done.batch, "counts": plan.counts()}
            sql.set_import(connection, id_, at_s, values)

        try:
            self._register.apply(plan.steps, actor, reason=f"import of {one.file}", also=also)
        except (Refused, Stale, NotFound):
            self._fail(id_, State.READY, _CHANGED, {})
            self._look(id_, allowed)
        except StoreError:
            self._fail(id_, State.READY, STOPPED, {})
        else:
            self._kept.previews.pop(id_, None)
            self._files.keep_only({one.id for one in self.list(MOST_KEPT)})

    def _remembered(self, table: Table) -> Choice:
        """What such a sheet was taken for the last time."""
        known = self._desk.read(sql.remembered)
        if not known:
            return Choice()
        for _, signature, values in known:
            choice = choice_of(values)
            try:
                titles = header_of(table, choice)[0].titles
            except SheetError:
                continue
            if signature_of(titles) == signature:
                return choice
        return Choice()

    def _now(self, one: Import) -> Import:
        """Without what a stopped daemon had begun: nothing of that was written."""
        if self.doing(one.id):
            return one
        if one.state is State.APPLYING:
            return replace(one, state=State.READY, problem=_BROKEN_OFF)
        return replace(one, state=State.READY) if one.state is State.READING else one

    def _set(self, id_: str, **values: Any) -> None:
        at_s = self._clock.wall()
        self._desk.write("note an import", lambda c: sql.set_import(c, id_, at_s, values))


def _plain_name(name: str) -> str:
    shown = "".join(c for c in name.replace("\\", "/").rpartition("/")[2] if c.isprintable())
    return shown.strip()[:120] or "sheet"

"""Communes held against their profiles, from the database: all of them in batches, or a few.

A batch is read, judged and handed on before the next one is read, so that a whole country needs
no more memory than a district. Which communes a change of the register concerns is decided here.
"""

from __future__ import annotations

import datetime as dt
import threading
from collections.abc import Iterable, Iterator, Sequence
from functools import cached_property
from itertools import islice

from config.profile import Profile
from config.sections import Commune
from hatang.plan import Plan
from inventory.gather import Gathering, changed_assets
from inventory.readiness.evaluate import evaluate
from inventory.readiness.facts import CommuneFacts
from inventory.readiness.os_support import SupportTable
from inventory.readiness.result import Evaluation
from inventory.store.reader import Reader

COMMUNES_A_BATCH = 32
"""Few enough that a batch of a thousand assets each is some tens of MB."""


class Assessor:
    """Evaluates communes of one plan; sorts its register once, when it is first asked. before: of
    the plan before, of whose register most may be the same."""

    def __init__(self, plan: Plan, before: Assessor | None = None) -> None:
        self.plan = plan
        self._before = before

    def of(self, codes: Sequence[str], now_s: float) -> list[Evaluation]:
        """The watched ones of these communes, in this order. Raises StoreError."""
        return [evaluation for evaluation, _ in self.with_figures(codes, now_s)]

    def with_figures(self, codes: Sequence[str], now_s: float) -> list[tuple[Evaluation, Commune]]:
        """The same, each with the commune as it was judged: with the figures that count by then."""
        day, of = self._day(now_s), self.plan.profiles.of
        found = self.facts(codes, now_s)
        return [(evaluate(of(one.unit, day), one, now_s), one.declared) for one in found]

    def facts(self, codes: Sequence[str], now_s: float) -> list[CommuneFacts]:
        """What is known of the watched ones of these communes. Raises StoreError."""
        watched = [code for code in codes if code in self.plan.communes]
        with Reader(self.plan.database) as reader:
            return self._gathering.facts(reader, watched, self.profiles(watched, now_s), now_s)

    def profiles(self, codes: Iterable[str], now_s: float) -> list[Profile]:
        """What the watched ones of these communes are held against, each profile once."""
        day, communes = self._day(now_s), self.plan.communes
        units = (communes[code] for code in codes if code in communes)
        found = (self.plan.profiles.of(unit, day) for unit in units)
        return list({id(profile): profile for profile in found}.values())

    @property
    def systems(self) -> SupportTable:
        """Until when makers support operating systems, by the plan's settings."""
        return self._gathering.systems

    def _day(self, at_s: float) -> dt.date:
        return dt.datetime.fromtimestamp(at_s, self.plan.settings.zone).date()

    @cached_property
    def _gathering(self) -> Gathering:
        settings, communes = self.plan.settings, self.plan.communes
        before, self._before = self._before, None
        if before is None:
            return Gathering(settings, communes)
        return before._gathering.after(settings, communes)


def in_batches(codes: Iterable[str]) -> Iterator[list[str]]:
    """Communes in the order given, some at a time."""
    waiting = iter(codes)
    while batch := list(islice(waiting, COMMUNES_A_BATCH)):
        yield batch


class Due:
    """The communes that wait to be evaluated because something of theirs has changed."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._codes: dict[str, None] = {}

    def add(self, codes: Iterable[str]) -> None:
        """From any thread; a commune that waits already waits once."""
        with self._lock:
            self._codes.update(dict.fromkeys(codes))

    def take(self) -> list[str]:
        """Those that wait, in the order in which they came, and they wait no more."""
        with self._lock:
            found, self._codes = list(self._codes), {}
        return found


def concerned(before: Plan, after: Plan) -> set[str]:
    """The communes whose register or figures differ; both plans of one set of settings.

    What did not change in the register is the same object still, so this costs little for many.
    """
    old, new = before.settings, after.settings
    gone, came = changed_assets(old.assets, new.assets)
    found = {asset.commune for asset in (*gone, *came)}
    figures = {commune.code: commune for commune in old.communes}
    for commune in new.communes:
        known = figures.get(commune.code)
        if known is not commune and known != commune:
            found.add(commune.code)
    return found

"""One sweep: every address of some ranges, at a bounded rate, in parts that can be resumed.

Addresses go through in groups, a few groups at once: all of a group are pinged, what answers is
inspected, then the group is done. `position` moves over groups that are done, in order.
"""

from __future__ import annotations

import asyncio
import ipaddress
import logging
import socket
from collections import Counter
from collections.abc import Awaitable, Callable
from contextlib import AsyncExitStack
from dataclasses import replace
from typing import Any

from collectors.discovery.arp import read_arp
from collectors.discovery.echoes import Echoes
from collectors.discovery.inspection import Inspected, Inspector
from collectors.discovery.pace import Pace
from collectors.discovery.plan import SweepPlan
from collectors.discovery.tries import TryBook
from collectors.snmp.knowledge.book import ProfileBook
from inventory.clock import Clock
from inventory.metrics import Instruments
from inventory.sighting import How, Report, ScanState, Sighting

log = logging.getLogger(__name__)

GROUP = 64
GROUPS_AT_ONCE = 8
DEVICES_AT_ONCE = 64
TELL_EVERY_S = 1.0


Tell = Callable[[Report], None]
"""Takes what a sweep has to say; must not block."""


class Sweep:
    """Runs a plan once. `state` says how far it is."""

    def __init__(
        self,
        plan: SweepPlan,
        book: ProfileBook,
        tries: TryBook,
        clock: Clock,
        instruments: Instruments,
        tell: Tell,
        *,
        by: str = "hand",
        before: ScanState | None = None,
        progress: Callable[[ScanState], None] = lambda state: None,
    ) -> None:
        """before: a part of the same sweep that was stopped; it is gone on with."""
        self._plan = plan
        self._tries = tries
        self._clock = clock
        self._tell = tell
        self._progress = progress
        self._pace = Pace(plan.how.rate)
        self._inspector = Inspector(
            plan.credentials,
            book,
            tries,
            self._pace,
            instruments,
            port=plan.how.port,
            timeout_s=plan.how.timeout,
        )
        self._groups = asyncio.Semaphore(GROUPS_AT_ONCE)
        self._devices = asyncio.Semaphore(DEVICES_AT_ONCE)
        self._echoes: dict[int, Echoes] = {}
        self._done: dict[int, int] = {}
        self._found: Counter[int] = Counter()
        self._waiting: list[Sighting] = []
        self._told_s = clock.monotonic()
        self._began_s = clock.monotonic()
        now_s = clock.wall()
        resumes = before is not None and before.digest == plan.digest
        self.state = ScanState(
            plan.target,
            before.started_s if resumes and before else now_s,
            plan.digest,
            now_s,
            "running",
            before.position if resumes and before else 0,
            len(plan.addresses),
            before.found if resumes and before else 0,
            by,
            before.duration_s if resumes and before else 0.0,
        )
        self._spent_s = self.state.duration_s
        self._found_before = self.state.found

    async def run(self, stop: asyncio.Event) -> ScanState:
        """Sweep until all addresses are done, or until `stop`; the last state.

        Raises CollectorError (ERROR, no_permission) when it is to find by ping and may not ping.
        Cancelling it stops it in the same way as `stop` and goes on up.
        """
        self._say(now=True)
        ended = "failed"
        try:
            async with AsyncExitStack() as stack:
                if self._plan.how.find != "snmp":
                    self._open_echoes(stack)
                ended = await self._all_groups(stop)
        except asyncio.CancelledError:
            ended = "stopped"
            raise
        finally:
            self._found.clear()  # of groups that are not done: they come again
            self.state = replace(self.state, state=ended)
            self._say(now=True)
        return self.state

    def _open_echoes(self, stack: AsyncExitStack) -> None:
        """A socket for each address family that is swept."""
        for version in sorted({ipaddress.ip_address(a).version for a in self._plan.addresses}):
            family = socket.AF_INET if version == 4 else socket.AF_INET6
            self._echoes[version] = stack.enter_context(Echoes(family, self._pace))

    async def _all_groups(self, stop: asyncio.Event) -> str:
        """finished or stopped."""
        stopping: asyncio.Task[Any] = asyncio.create_task(stop.wait())
        running: set[asyncio.Task[None]] = set()
        try:
            for start in range(self.state.position, len(self._plan.addresses), GROUP):
                await self._first_of(stopping, self._groups.acquire())
                if stop.is_set():
                    return "stopped"
                running.add(asyncio.create_task(self._group(start)))
                for task in [task for task in running if task.done()]:
                    running.discard(task)
                    task.result()
            while running and not stop.is_set():
                done, _ = await asyncio.wait(
                    (*running, stopping), return_when=asyncio.FIRST_COMPLETED
                )
                for task in done & running:
                    running.discard(task)
                    task.result()
            return "stopped" if running else "finished"
        finally:
            for left in (stopping, *running):
                left.cancel()
            await asyncio.gather(stopping, *running, return_exceptions=True)

    @staticmethod
    async def _first_of(stopping: asyncio.Task[Any], work: Awaitable[bool]) -> None:
        """Wait for work, or for the wish to stop."""
        task = asyncio.ensure_future(work)
        await asyncio.wait((task, stopping), return_when=asyncio.FIRST_COMPLETED)
        if not task.done():
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)

    async def _group(self, start: int) -> None:
        """Ping and inspect one group of addresses, then count it as done."""
        addresses = self._plan.addresses[start : start + GROUP]
        try:
            answering = await self._pinged(addresses)
            ask_all = self._plan.how.find != "ping"
            looks = (
                self._look(start, address, address in answering)
                for address in addresses
                if ask_all or address in answering
            )
            async with asyncio.TaskGroup() as group:
                for look in looks:
                    group.create_task(look)
        finally:
            self._groups.release()
        self._done[start] = len(addresses)
        position = self.state.position
        while position in self._done:
            self._found_before += self._found.pop(position, 0)
            position += self._done.pop(position)
        self.state = replace(self.state, position=position)
        self._say()

    async def _pinged(self, addresses: tuple[str, ...]) -> set[str]:
        found: set[str] = set()
        for version, echoes in self._echoes.items():
            ours = [a for a in addresses if ipaddress.ip_address(a).version == version]
            found |= await echoes.answering(ours, self._plan.how.timeout)
        return found

    async def _look(self, group: int, address: str, is_there: bool) -> None:
        async with self._devices:
            seen = await self._inspected(address, is_there)
        if not (is_there or seen.answered):
            return
        self._waiting.append(
            Sighting(
                How.SCAN,
                address,
                self._clock.wall(),
                mac=read_arp().get(address, ""),
                claims=seen.claims,
                facts=dict(seen.facts or {}),
                credential=seen.credential,
                asset_class=seen.asset_class,
                commune=self._plan.commune,
                note=seen.note,
            )
        )
        self._found[group] += 1
        self._say()

    async def _inspected(self, address: str, is_there: bool) -> Inspected:
        """A defect that one device brings to light is noted and ends nothing."""
        if not self._plan.credentials:
            return Inspected()
        first = self._plan.firsts.get(address, "")
        try:
            return await self._inspector.inspect(address, is_there=is_there, first=first)
        except Exception as error:  # one device's answer must not end the sweep
            log.error("defect while inspecting %s", address, exc_info=error)
            return Inspected(note=f"defect: {type(error).__name__}")

    def _say(self, *, now: bool = False) -> None:
        """Tell what was found and how far it is: at once, or when it is time again."""
        at_s = self._clock.monotonic()
        self.state = replace(
            self.state,
            updated_s=self._clock.wall(),
            found=self._found_before + self._found.total(),
            duration_s=self._spent_s + at_s - self._began_s,
        )
        self._progress(self.state)
        if now or at_s - self._told_s >= TELL_EVERY_S:
            self._told_s = at_s
            sightings, self._waiting = tuple(self._waiting), []
            self._tell(Report(sightings, (self.state,), self._tries.changed()))

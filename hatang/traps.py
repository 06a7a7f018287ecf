"""The receiver of SNMP traps inside the daemon: its sockets, its engine, and where a trap goes.

A trap is kept and its device looked at soon; what that look sees, and nothing else, is a state.
"""

from __future__ import annotations

import errno
import logging
import secrets
import time
from collections.abc import Callable

from collectors.schedule import Schedule
from collectors.snmp.traps.door import Door
from collectors.snmp.traps.kinds import NO_LOOK
from collectors.snmp.traps.receiver import Hands, Receiver
from collectors.snmp.traps.senders import senders, trusted
from collectors.snmp.traps.usm import LocalEngine
from config.sections import Settings
from hatang.jobs import Jobs
from hatang.listening import ListenError
from inventory.metrics import Instruments
from inventory.recorder import Recorder
from inventory.sighting import How, Sighting
from inventory.store.reader import Reader
from inventory.store.writer import Writer
from inventory.timeline import Timeline
from inventory.trap import Trap

log = logging.getLogger(__name__)

RESOLVE_EVERY_S = 600.0
"""Host names in the register are looked up again after this time."""

_ENGINE_ID, _ENGINE_BOOTS = "snmp_engine_id", "snmp_engine_boots"
_ENGINE_ID_HEAD = bytes.fromhex("8000000005")
"""SnmpEngineID (RFC 3411 §5): the new form, no enterprise, octets of our own (5)."""
_MOST_BOOTS = 0x7FFFFFFF - 1
_BOOTS_SINCE_S = 1_735_689_600.0
"""2025-01-01: boots are at least the minutes since then, so that they rise after a restored
backup, too. A device that has seen higher ones would not be told otherwise."""


class TrapDoors:
    """The sockets of `traps.listen`; `bind` takes them before anything else starts."""

    def __init__(self, listen: tuple[tuple[str, int], ...]) -> None:
        self._listen = listen
        self.doors: list[Door] = []

    def bind(self) -> None:
        """Take every address. Raises ListenError, with none of them taken."""
        for host, port in self._listen:
            try:
                self.doors.append(Door(host, port))
            except (OSError, OverflowError, UnicodeError) as error:
                self.close()
                where = f"[{host}]:{port}" if ":" in host else f"{host}:{port}"
                raise ListenError(_refusal(where, port, error)) from error

    def close(self) -> None:
        """Give the sockets back; safe to call twice."""
        for door in self.doors:
            door.close()
        self.doors.clear()


def _refusal(where: str, port: int, error: Exception) -> str:
    text = f"cannot receive traps on {where}/udp: {getattr(error, 'strerror', None) or error}; "
    if isinstance(error, OSError) and error.errno == errno.EACCES and port < 1024:
        return (
            f"{text}ports below 1024 need rights of root: take 1162 in traps.listen, and send the "
            "devices' traps there or redirect the port in the firewall"
        )
    return f"{text}is another program there (snmptrapd)? change traps.listen"


def local_engine(
    reader: Reader, writer: Writer, now_s: float, monotonic: Callable[[], float] = time.monotonic
) -> LocalEngine:
    """Our SNMP engine, further than at the last start that the database knows (RFC 3414 §2.2).

    Raises StoreError.
    """
    known = reader.meta()
    engine_id = bytes.fromhex(known.get(_ENGINE_ID, ""))
    if not engine_id:
        engine_id = _ENGINE_ID_HEAD + secrets.token_bytes(12)
        writer.set_meta(_ENGINE_ID, engine_id.hex())
    minutes = int((now_s - _BOOTS_SINCE_S) / 60)
    boots = min(max(int(known.get(_ENGINE_BOOTS, "0")) + 1, minutes), _MOST_BOOTS)
    writer.set_meta(_ENGINE_BOOTS, str(boots))
    return LocalEngine(engine_id, boots, monotonic())


class Traps:
    """What traps do to the rest of the daemon; made only where traps are received."""

    def __init__(
        self,
        engine: LocalEngine,
        jobs: Jobs,
        recorder: Recorder,
        schedule: Schedule,
        timeline: Timeline,
        instruments: Instruments,
    ) -> None:
        self._ledger, self._inbox = jobs.ledger, jobs.inbox
        self._recorder = recorder
        self._schedule = schedule
        hands = Hands(taken=self._taken, unknown_sender=self._unknown_sender)
        self._receiver = Receiver(engine, hands, instruments, timeline.now)
        self._limits: tuple[int, int] | None = None

    def start(self, doors: TrapDoors) -> None:
        """Take what comes."""
        self._receiver.open(doors.doors)
        for door in doors.doors:
            log.info("receiving SNMP traps on %s port %d", *door.address)

    def admit(self, settings: Settings) -> None:
        """Go by another register, other credentials, other limits from now on."""
        limits = (settings.traps.sender_limit, settings.traps.total_limit)
        if limits != self._limits:
            self._limits = limits
            self._receiver.limit(*limits)
        known, believed = senders(settings), trusted(settings)
        self._receiver.admit(known, believed)

        async def resolve() -> None:
            if known.names:
                self._receiver.admit(await known.resolved(), believed)

        self._schedule.every("trap_senders", RESOLVE_EVERY_S, resolve, 0.0)

    def _taken(self, trap: Trap) -> None:
        self._recorder.submit(lambda: self._ledger.note_trap(trap))
        if trap.kind not in NO_LOOK:
            self._schedule.look_soon(trap.asset)

    def _unknown_sender(self, address: str, kind: str, at_s: float) -> None:
        self._inbox.seen(Sighting(How.TRAP, address, at_s, note=f"SNMP trap: {kind}"))

"""How long a device has been running, from the three variables that say something of it.

hrSystemUptime is the host's (RFC 2790), sysUpTime the agent's (RFC 3418), both in TimeTicks, which
start again at zero after 497 days. snmpEngineTime is the engine's in seconds (RFC 3411) and does
not in a device's life. A reader that took now one and now another would see restarts that never
were, so the choice is kept.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from collectors.snmp.session import Value
from collectors.snmp.text import number

WRAP_S = 2**32 / 100
"""Where TimeTicks start again (RFC 2578 §7.1.8)."""

_SLACK_S = 60.0
_MISSES = 5


@dataclass(frozen=True, slots=True)
class Uptime:
    """Seconds since the start; wrap_s: where they start again at zero, None for never."""

    seconds: float
    wrap_s: float | None
    source: str


def uptimes_of(values: Mapping[str, Value]) -> dict[str, Uptime]:
    """Every usable uptime by its variable, the best first.

    >>> list(uptimes_of({"sysUpTime": 500, "snmpEngineTime": 5}))
    ['snmpEngineTime', 'sysUpTime']
    >>> list(uptimes_of({"sysUpTime": 500, "hrSystemUptime": 90000, "snmpEngineTime": 77777}))
    ['hrSystemUptime', 'sysUpTime']

    snmpEngineTime counts only where it tells the same as sysUpTime but for whole 497 days: some
    agents keep it in hundredths, or over restarts.
    """
    found: dict[str, Uptime] = {}
    host, agent = number(values.get("hrSystemUptime")), number(values.get("sysUpTime"))
    engine_s = number(values.get("snmpEngineTime"))
    if host is not None and host > 0:
        found["hrSystemUptime"] = Uptime(host / 100, WRAP_S, "hrSystemUptime")
    if agent is not None and engine_s is not None and engine_s > 0:
        apart_s = (engine_s - agent / 100) % WRAP_S
        if min(apart_s, WRAP_S - apart_s) <= max(_SLACK_S, engine_s * 1e-4):
            found["snmpEngineTime"] = Uptime(float(engine_s), None, "snmpEngineTime")
    if agent is not None and agent >= 0:
        found["sysUpTime"] = Uptime(agent / 100, WRAP_S, "sysUpTime")
    return found


class UptimeChoice:
    """The uptime of one device, look after look by the same variable.

    A variable that is absent five times in a row is given up. So is an hrSystemUptime that does
    not move with sysUpTime: some devices leave it at a constant, or count it in other units.
    """

    def __init__(self) -> None:
        self._source = ""
        self._misses = 0
        self._crooked = False
        self._before: tuple[float, float] | None = None

    def choose(self, values: Mapping[str, Value]) -> Uptime | None:
        """The uptime in these values; None where the chosen variable is not among them."""
        found = uptimes_of(values)
        self._judge_host(found)
        if self._crooked:
            found.pop("hrSystemUptime", None)
        if self._source not in found:
            self._misses += 1
            if self._source and self._misses < _MISSES:
                return None
            self._source = next(iter(found), "")
        self._misses = 0
        return found.get(self._source)

    def _judge_host(self, found: Mapping[str, Uptime]) -> None:
        if "hrSystemUptime" not in found or "sysUpTime" not in found:
            return
        now = (found["hrSystemUptime"].seconds, found["sysUpTime"].seconds)
        if self._before is not None:
            passed_s = now[1] - self._before[1]
            host_s = (now[0] - self._before[0]) % WRAP_S
            if passed_s > 2 and not passed_s * 0.5 - 2 <= host_s <= passed_s * 2 + 2:
                self._crooked = True
        self._before = now

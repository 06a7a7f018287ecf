"""Where devices are looked for that nobody registered, how fast, and with what."""

from __future__ import annotations

import ipaddress
from typing import Literal

from pydantic import Field, model_validator

from config.assets import UnitCode
from config.ranges import AddressRange, IpAddress, RangeText, address_range
from config.scalars import Seconds, Section, Whole

SHORTEST_EVERY_S = 3600.0
"""A sweep more often finds nothing new and loads thin lines."""


class Sweep(Section):
    """Where one commune's devices are looked for."""

    code: UnitCode
    """Code of the commune, one of `communes`."""
    ranges: tuple[RangeText, ...]
    """Networks, FIRST-LAST or single addresses, each of at most 4096 addresses (a /20)."""
    exclude: tuple[RangeText, ...] = ()
    """What of it is never sent anything."""
    credentials: tuple[str, ...] = ()
    """Which of `credentials` may be tried, in this order; without any, only what answers a ping
    is found."""
    every: Seconds | None = None
    """Time from one sweep to the next; swept only by hand (`hatang scan`) where unset."""

    @model_validator(mode="after")
    def _holds_together(self) -> Sweep:
        if self.every is not None and self.every < SHORTEST_EVERY_S:
            raise ValueError("every: must be at least 1h")
        if not self.ranges:
            raise ValueError("ranges: is empty; write for example [10.20.0.0/24]")
        for left_out, text in zip(self.left_out, self.exclude, strict=True):
            if not any(left_out.overlaps(one) for one in self.spans):
                raise ValueError(f"exclude: {text} lies in none of the ranges; mend or remove it")
        return self

    @property
    def spans(self) -> tuple[AddressRange, ...]:
        """The ranges, parsed."""
        return tuple(address_range(text) for text in self.ranges)

    @property
    def left_out(self) -> tuple[AddressRange, ...]:
        """What is excluded, parsed."""
        return tuple(address_range(text) for text in self.exclude)

    def covers(self, ip: IpAddress) -> bool:
        """Whether an address is of this commune, by its ranges."""
        return any(ip in one for one in self.spans)


class Discovery(Section):
    """Sweeps for devices that are not registered; what is found goes to the inbox."""

    find: Literal["ping", "snmp", "both"] = "ping"
    """What finds a device: its answer to a ping, to SNMP (where pings are blocked; each address
    is then sent the credentials), or to either."""
    rate: Whole = Field(100, ge=1, le=2000)
    """Packets a second that a sweep sends at most."""
    timeout: Seconds = Field(1.0, le=10.0)
    """How long a ping or an SNMP request waits for its answer; each is sent twice."""
    port: Whole = Field(161, ge=1, le=65535)
    """UDP port of SNMP agents."""
    refusals: Whole = Field(3, ge=1, le=20)
    """Credentials that one device may refuse in a day; then it is left alone until the next, so
    that no device locks its users out."""
    communes: tuple[Sweep, ...] = ()
    """Where each commune's devices are looked for."""

    def sweep(self, code: str) -> Sweep | None:
        """The part of one commune, None where it has none."""
        return next((sweep for sweep in self.communes if sweep.code == code), None)

    def commune_at(self, address: str) -> str:
        """The commune in whose ranges an address lies, '' for none."""
        try:
            ip = ipaddress.ip_address(address)
        except ValueError:
            return ""
        return next((sweep.code for sweep in self.communes if sweep.covers(ip)), "")

"""An SNMP trap or inform as the receiver hands it on: what a device said of itself, once.

It is news and no measurement: nothing derives a state from it.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Trap:
    """One notification of one registered asset.

    kind: a stable word (`link_down`), `enterprise` for what nobody described to us. oid: its
    snmpTrapOID, dotted; of a v1 trap as RFC 3584 §3.1 makes it. version: v1, v2c or v3. sender:
    the address it came from. uptime_s: sysUpTime of the device, None where it did not say.
    bindings: (dotted OID, value as text), without sysUpTime and snmpTrapOID.
    """

    asset: str
    at_s: float
    kind: str
    oid: str
    version: str
    sender: str
    uptime_s: float | None
    bindings: tuple[tuple[str, str], ...]

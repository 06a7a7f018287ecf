"""What a managed switch has beside interfaces, as recorded lines with invented values: neighbours,
forwarding, VLANs, power over Ethernet, duplex, addresses, fans."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from collectors.snmp.simulator.mibs import Identity, Port, block

ROUTER, ACCESS_POINT, PHONE = "08", "30", "24"
"""lldpRemSysCapEnabled as octets in hexadecimal: router; bridge and access point; bridge and
telephone."""

_LLDP = "1.0.8802.1.1.2.1"
_BRIDGE = "1.3.6.1.2.1.17"


@dataclass(frozen=True, slots=True)
class Beyond:
    """Who answers at the other end of a port; mac: six octets in hexadecimal."""

    port: int
    mac: str
    remote_port: str
    name: str
    descr: str
    capabilities: str
    address: str


def lldp(ports: Sequence[Port], beyond: Sequence[Beyond]) -> Iterator[str]:
    """lldpLocPortTable, lldpRemTable and lldpRemManAddrTable (LLDP-MIB)."""
    for number, port in enumerate(ports, 1):
        yield f"{_LLDP}.3.7.1.2.{number}|2|5"
        yield f"{_LLDP}.3.7.1.3.{number}|4|{port.name}"
        yield f"{_LLDP}.3.7.1.4.{number}|4|{port.name}"
    remote = f"{_LLDP}.4.1.1"
    for number, other in enumerate(beyond, 1):
        at = f"0.{other.port}.{number}"
        yield from block(f"""
            {remote}.4.{at}|2|4
            {remote}.5.{at}|4x|{other.mac}
            {remote}.6.{at}|2|5
            {remote}.7.{at}|4|{other.remote_port}
            {remote}.8.{at}|4|{other.remote_port}
            {remote}.9.{at}|4|{other.name}
            {remote}.10.{at}|4|{other.descr}
            {remote}.11.{at}|4x|{other.capabilities}
            {remote}.12.{at}|4x|{other.capabilities}
            {_LLDP}.4.2.1.3.{at}.1.4.{other.address}|2|2
        """)


def bridge(
    ports: Sequence[Port], own_mac: str, stations: Sequence[tuple[int, str]]
) -> Iterator[str]:
    """dot1dBase and both forwarding tables; stations: (port, MAC in hexadecimal)."""
    yield f"{_BRIDGE}.1.1.0|4x|{own_mac}"
    yield f"{_BRIDGE}.1.2.0|2|{len(ports)}"
    for number in range(1, len(ports) + 1):
        yield f"{_BRIDGE}.1.4.1.1.{number}|2|{number}"
        yield f"{_BRIDGE}.1.4.1.2.{number}|2|{number}"
    for port, mac in stations:
        at = ".".join(map(str, bytes.fromhex(mac)))
        yield f"{_BRIDGE}.7.1.2.2.1.2.1.{at}|2|{port}"
        yield f"{_BRIDGE}.7.1.2.2.1.3.1.{at}|2|3"


def vlans(names: dict[int, str], untagged: Sequence[int], trunks: Sequence[int]) -> Iterator[str]:
    """dot1qVlanStaticTable and dot1qPvid; untagged: the VLAN of each port, trunks: ports that
    carry all others with a tag."""
    entry = f"{_BRIDGE}.7.1.4.3.1"
    for number, name in names.items():
        own = [port for port, vlan in enumerate(untagged, 1) if vlan == number]
        everywhere = sorted({*own, *trunks})
        yield from block(f"""
            {entry}.1.{number}|4|{name}
            {entry}.2.{number}|4x|{_port_list(everywhere, len(untagged))}
            {entry}.4.{number}|4x|{_port_list(own, len(untagged))}
            {entry}.5.{number}|2|1
        """)
    for port, vlan in enumerate(untagged, 1):
        yield f"{_BRIDGE}.7.1.4.5.1.1.{port}|66|{vlan}"


def power(
    count: int, powered: dict[int, int], *, budget_watts: int, used_watts: int
) -> Iterator[str]:
    """pethPsePortTable and pethMainPseTable (RFC 3621); powered: port -> class of its device."""
    entry, main = "1.3.6.1.2.1.105.1.1.1", "1.3.6.1.2.1.105.1.3.1.1"
    for port in range(1, count + 1):
        yield f"{entry}.3.1.{port}|2|1"
        yield f"{entry}.6.1.{port}|2|{3 if port in powered else 2}"
        yield f"{entry}.10.1.{port}|2|{powered.get(port, 0) + 1}"
    yield f"{main}.2.1|66|{budget_watts}"
    yield f"{main}.3.1|2|1"
    yield f"{main}.4.1|66|{used_watts}"


def duplex(ports: Sequence[Port], half: Sequence[int] = ()) -> Iterator[str]:
    """dot3StatsDuplexStatus (RFC 3635) of the ports that are up."""
    for number, port in enumerate(ports, 1):
        state = 1 if not port.oper_up else 2 if number in half else 3
        yield f"1.3.6.1.2.1.10.7.2.1.19.{number}|2|{state}"


def own_address(address: str, if_index: int, mask: str = "255.255.255.0") -> Iterator[str]:
    """One row of ipAddrTable (RFC 4293)."""
    entry = "1.3.6.1.2.1.4.20.1"
    yield f"{entry}.1.{address}|64|{address}"
    yield f"{entry}.2.{address}|2|{if_index}"
    yield f"{entry}.3.{address}|64|{mask}"


def seen(if_index: int, neighbours: Sequence[tuple[str, str]]) -> Iterator[str]:
    """ipNetToMediaTable (RFC 4293); neighbours: (address, MAC in hexadecimal)."""
    for address, mac in neighbours:
        yield f"1.3.6.1.2.1.4.22.1.2.{if_index}.{address}|4x|{mac}"
        yield f"1.3.6.1.2.1.4.22.1.4.{if_index}.{address}|2|3"


def parts(identity: Identity, prefix: str) -> Iterator[str]:
    """A power supply, a fan and a temperature sensor in the chassis of entPhysicalTable, with what
    the sensors measure (RFC 6933, RFC 3433)."""
    entity, sensor = "1.3.6.1.2.1.47.1.1.1.1", "1.3.6.1.2.1.99.1.1.1"
    yield "1.3.6.1.2.1.47.1.4.1.0|67|1200"
    for index, kind, name, serial in (
        (2, 6, "Power supply 1", identity.serial(f"{prefix}P")),
        (3, 7, "Fan 1", ""),
        (4, 8, "Temperature", ""),
        (5, 8, "Fan 1 speed", ""),
    ):
        yield from block(f"""
            {entity}.2.{index}|4|{name}
            {entity}.4.{index}|2|1
            {entity}.5.{index}|2|{kind}
            {entity}.7.{index}|4|{name}
            {entity}.11.{index}|4|{serial}
        """)
    for index, kind, value in ((4, 8, 38 + identity.number % 9), (5, 10, 4300)):
        yield from block(f"""
            {sensor}.1.{index}|2|{kind}
            {sensor}.2.{index}|2|9
            {sensor}.3.{index}|2|0
            {sensor}.4.{index}|2|{value}
            {sensor}.5.{index}|2|1
        """)


def _port_list(ports: Sequence[int], count: int) -> str:
    """A PortList (RFC 4363): port 1 is the highest bit."""
    octets = bytearray((count + 7) // 8)
    for port in ports:
        octets[(port - 1) // 8] |= 0x80 >> (port - 1) % 8
    return octets.hex()

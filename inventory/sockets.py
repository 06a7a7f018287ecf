"""How many network sockets and Wi-Fi radios a device has, by the interfaces that it shows.

An agent does not tell a socket from what is made of it (a bridge, a VLAN, a bond): these have the
same type, and only their names give them away.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from inventory.observation import InterfaceReading

_WIRED = frozenset({6, 62, 69, 117})
"""ifType of IANA: ethernetCsmacd, fastEther, fastEtherFX, gigabitEthernet."""
_RADIO = 71
"""ieee80211."""

_MADE_OF_OTHERS = re.compile(
    r"(?i)^(br|bridge|vlan|vl|bond|lag|ae|po|port-?channel|trk|eth-?trunk|bagg|lo|loopback|null|cpu"
    r"|tun|tap|veth|virbr|docker|dummy|vmnet|vboxnet|zt|wg|mgmt-?vlan|vlanif|bvi|irb|inloopback"
    r"|sit|gre|ppp|vif|internal|self)[-_ ]?[0-9.:/]*$"
    r"|^(br-|veth|docker|virbr|vnet|tap|cali|flannel)|[a-z].*[0-9][.][0-9]+$"
)
_RADIO_NAME = re.compile(r"(?i)^(wlan|wlp|wlx|wifi|ath|ra|radio)[0-9a-z]*")


def sockets(interfaces: Iterable[InterfaceReading]) -> dict[str, int]:
    """lan_ports and wifi_radios; what the device has none of is left out, for it may only not
    show it."""
    found = {"lan_ports": 0, "wifi_radios": 0}
    for interface in interfaces:
        if interface.if_type == _RADIO or (
            interface.if_type in _WIRED and _RADIO_NAME.match(interface.name)
        ):
            found["wifi_radios"] += 1
        elif interface.if_type in _WIRED and not _MADE_OF_OTHERS.search(interface.name):
            found["lan_ports"] += 1
    return {name: count for name, count in found.items() if count}

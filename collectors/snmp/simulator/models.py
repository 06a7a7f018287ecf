"""The list of our own device models: a name, and a function from an Identity to rows."""

from __future__ import annotations

from collections.abc import Callable

from collectors.snmp.simulator import models_network as network
from collectors.snmp.simulator import models_office as office
from collectors.snmp.simulator.mibs import Identity
from collectors.snmp.simulator.snmprec import Row

Model = Callable[[Identity], tuple[Row, ...]]

MODELS: dict[str, Model] = {
    "access_point_unifi": network.access_point_unifi,
    "camera_hikvision": office.camera_hikvision,
    "firewall_fortigate": network.firewall_fortigate,
    "nas_synology": office.nas_synology,
    "ont_zte": network.ont_zte,
    "printer_hp": office.printer_hp,
    "router_huawei": network.router_huawei,
    "router_mikrotik": network.router_mikrotik,
    "server_linux": office.server_linux,
    "switch_hp": network.switch_hp,
    "switch_ruijie": network.switch_ruijie,
    "switch_tplink": network.switch_tplink,
    "ups_apc": office.ups_apc,
}
"""Every model by its name, which is also the name of its recording."""

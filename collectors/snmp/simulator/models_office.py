"""Our own models of servers, printers and the rest, as recorded lines with invented values.

Vendors, sysObjectIDs and the places where a vendor keeps model, serial and version are real;
every serial begins with DEMO.
"""

from __future__ import annotations

from collectors.snmp.simulator.mibs import (
    LOOPBACK,
    Area,
    Identity,
    Port,
    block,
    device_entry,
    host,
    interfaces,
    programs,
    rows,
    system,
)
from collectors.snmp.simulator.snmprec import Row

_GIB = 1 << 30
_DEBIAN = (
    "adduser_3.134_all",
    "apache2_2.4.62-1~deb12u2_amd64",
    "bash_5.2.15-2+b7_amd64",
    "cron_3.0pl1-162_amd64",
    "snmpd_5.9.3+dfsg-2+deb12u1_amd64",
    "linux-image-6.1.0-26-amd64_6.1.112-1_amd64",
    "openssh-server_1:9.2p1-2+deb12u3_amd64",
    "openssl_3.0.15-1~deb12u1_amd64",
    "postgresql-15_15.8-0+deb12u1_amd64",
    "tzdata_2024b-0+deb12u1_all",
)
"""Packages as net-snmp names them."""

_NET_SNMP_LINUX = "1.3.6.1.4.1.8072.3.2.10"


def server_linux(identity: Identity) -> tuple[Row, ...]:
    """A Dell PowerEdge with Debian and net-snmp."""
    ports = [
        Port("lo", if_type=LOOPBACK, speed_bps=10_000_000),
        Port("eno1"),
        Port("eno2", oper_up=False),
    ]
    areas = [
        Area("Physical memory", "ram", 32 * _GIB, 21 * _GIB),
        Area("Swap space", "virtual", 8 * _GIB, _GIB // 4),
        Area("/", "disk", 220 * _GIB, 61 * _GIB),
        Area("/var/lib/motcua", "disk", 900 * _GIB, 512 * _GIB),
    ]
    descr = f"Linux {identity.name} 6.1.0-26-amd64 #1 SMP PREEMPT_DYNAMIC Debian 6.1.112-1 x86_64"
    return rows(
        identity.name,
        system(identity, descr, _NET_SNMP_LINUX, services=72),
        interfaces(identity, ports, "001422"),
        host(identity, areas, processors=4, load_percent=27),
        programs(identity, _DEBIAN),
    )


def nas_synology(identity: Identity) -> tuple[Row, ...]:
    """Synology DS923+: one volume that is mostly full."""
    ports = [
        Port("lo", if_type=LOOPBACK, speed_bps=10_000_000),
        Port("eth0"),
        Port("eth1", oper_up=False),
    ]
    areas = [
        Area("Physical memory", "ram", 4 * _GIB, 3 * _GIB),
        Area("/", "disk", 8 * _GIB, 2 * _GIB),
        Area("/volume1", "disk", 7000 * _GIB, 6100 * _GIB),
    ]
    descr = f"Linux {identity.name} 4.4.302+ #72806 SMP Thu Sep 5 13:45:20 CST 2024 x86_64"
    return rows(
        identity.name,
        system(identity, descr, _NET_SNMP_LINUX, services=72),
        interfaces(identity, ports, "001132"),
        host(identity, areas, processors=2, load_percent=15),
        block(f"""
            1.3.6.1.4.1.6574.1.1.0|2|1
            1.3.6.1.4.1.6574.1.2.0|2|39
            1.3.6.1.4.1.6574.1.5.1.0|4|DS923+
            1.3.6.1.4.1.6574.1.5.2.0|4|{identity.serial("SY")}
            1.3.6.1.4.1.6574.1.5.3.0|4|DSM 7.2-72806
        """),
    )


def printer_hp(identity: Identity) -> tuple[Row, ...]:
    """HP LaserJet Pro with its page counter and toner (Printer-MIB, RFC 3805)."""
    pages, toner = 8000 + identity.number * 37 % 60000, 15 + identity.number * 13 % 80
    descr = "HP ETHERNET MULTI-ENVIRONMENT,ROM none,JETDIRECT,JD153,CIDATE 03/12/2021"
    return rows(
        identity.name,
        system(identity, descr, "1.3.6.1.4.1.11.2.3.9.1", services=64),
        interfaces(identity, [Port("HP Jetdirect", speed_bps=100_000_000)], "3c5282"),
        device_entry("HP LaserJet Pro M404dn", 5),
        block(f"""
            1.3.6.1.2.1.25.3.5.1.1.1|2|3
            1.3.6.1.2.1.43.5.1.1.16.1|4|{identity.name}
            1.3.6.1.2.1.43.5.1.1.17.1|4|{identity.serial("HPL")}
            1.3.6.1.2.1.43.8.2.1.9.1.1|2|250
            1.3.6.1.2.1.43.8.2.1.10.1.1|2|120
            1.3.6.1.2.1.43.8.2.1.13.1.1|4|Tray 2
            1.3.6.1.2.1.43.10.2.1.4.1.1|65|{pages}
            1.3.6.1.2.1.43.11.1.1.3.1.1|2|1
            1.3.6.1.2.1.43.11.1.1.4.1.1|2|1
            1.3.6.1.2.1.43.11.1.1.5.1.1|2|3
            1.3.6.1.2.1.43.11.1.1.6.1.1|4|Black Cartridge HP CF276A
            1.3.6.1.2.1.43.11.1.1.7.1.1|2|19
            1.3.6.1.2.1.43.11.1.1.8.1.1|2|100
            1.3.6.1.2.1.43.11.1.1.9.1.1|2|{toner}
        """),
    )


def ups_apc(identity: Identity) -> tuple[Row, ...]:
    """APC Smart-UPS 1500 with a network card (UPS-MIB, RFC 1628, and PowerNet-MIB)."""
    serial = identity.serial("APC")
    descr = (
        f"APC Web/SNMP Management Card (MB:v4.1.0 PF:v7.0.8 PN:apc_hw05_aos_708.bin "
        f"AF1:v7.0.8 MN:AP9630 HR:05 SN: {serial})"
    )
    ups, apc = "1.3.6.1.2.1.33.1", "1.3.6.1.4.1.318.1.1.1"
    charge, load = 70 + identity.number % 31, 20 + identity.number % 40
    return rows(
        identity.name,
        system(identity, descr, "1.3.6.1.4.1.318.1.3.27", services=72),
        interfaces(identity, [Port("eth0", speed_bps=100_000_000)], "00c0b7"),
        block(f"""
            {ups}.1.1.0|4|APC
            {ups}.1.2.0|4|Smart-UPS 1500
            {ups}.1.3.0|4|UPS 09.3 / ID=18
            {ups}.1.4.0|4|v7.0.8
            {ups}.1.5.0|4|{identity.name}
            {ups}.2.1.0|2|2
            {ups}.2.2.0|2|0
            {ups}.2.3.0|2|38
            {ups}.2.4.0|2|{charge}
            {ups}.2.5.0|2|271
            {ups}.2.7.0|2|29
            {ups}.3.3.1.2.1|2|500
            {ups}.3.3.1.3.1|2|221
            {ups}.4.1.0|2|3
            {ups}.4.4.1.2.1|2|220
            {ups}.4.4.1.4.1|2|410
            {ups}.4.4.1.5.1|2|{load}
            {ups}.6.1.0|66|0
            {apc}.1.1.1.0|4|Smart-UPS 1500
            {apc}.1.2.3.0|4|{serial}
            {apc}.2.1.1.0|2|2
            {apc}.2.2.1.0|66|{charge}
            {apc}.2.2.2.0|66|29
            {apc}.2.2.3.0|67|228000
            {apc}.2.2.4.0|2|1
            {apc}.2.2.8.0|66|27
            {apc}.3.2.1.0|66|221
            {apc}.3.2.4.0|66|50
            {apc}.3.2.5.0|2|1
            {apc}.4.1.1.0|2|2
            {apc}.4.2.1.0|66|220
            {apc}.4.2.2.0|66|50
            {apc}.4.2.3.0|66|{load}
            {apc}.4.2.4.0|66|2
        """),
    )


def camera_hikvision(identity: Identity) -> tuple[Row, ...]:
    """Hikvision DS-2CD2143: one port, its type and version in the vendor's own tree."""
    return rows(
        identity.name,
        system(identity, "Network Camera DS-2CD2143G2-I", "1.3.6.1.4.1.39165.1", services=72),
        interfaces(identity, [Port("eth0", speed_bps=100_000_000)], "4419b6"),
        block(f"""
            1.3.6.1.4.1.39165.1.1.0|4|DS-2CD2143G2-I
            1.3.6.1.4.1.39165.1.2.0|4|0x1001
            1.3.6.1.4.1.39165.1.3.0|4|V5.7.15 build 230313
            1.3.6.1.4.1.39165.1.4.0|4|{identity.serial("HK")}
        """),
    )

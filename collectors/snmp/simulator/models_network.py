"""Our own models of network gear that communes have, as recorded lines with invented values.

Vendors, sysObjectIDs and the places where a vendor keeps model, serial and version are real;
every serial begins with DEMO.
"""

from __future__ import annotations

from collectors.snmp.simulator.mibs import (
    BRIDGE,
    GIGABIT,
    GPON,
    LOOPBACK,
    PPP,
    WIFI,
    Area,
    Identity,
    Port,
    block,
    chassis,
    host,
    interfaces,
    rows,
    system,
)
from collectors.snmp.simulator.mibs_switch import (
    ACCESS_POINT,
    PHONE,
    ROUTER,
    Beyond,
    bridge,
    duplex,
    lldp,
    own_address,
    parts,
    power,
    seen,
    vlans,
)
from collectors.snmp.simulator.snmprec import Row

_MIB = 1 << 20
_NET_SNMP_LINUX = "1.3.6.1.4.1.8072.3.2.10"


def router_mikrotik(identity: Identity) -> tuple[Row, ...]:
    """MikroTik hEX S: uplink on ether1 with a PPPoE session, LAN bridge."""
    ports = [
        Port("ether1", "WAN VNPT"),
        *(Port(f"ether{n}", oper_up=n < 5) for n in range(2, 6)),
        Port("sfp1", oper_up=False),
        Port("bridge", "LAN", if_type=BRIDGE),
        Port("pppoe-out1", "Internet", if_type=PPP),
    ]
    serial, version = identity.serial("MT"), "7.15.3 (stable)"
    areas = [
        Area("main memory", "ram", 256 * _MIB, 71 * _MIB),
        Area("system disk", "disk", 16 * _MIB, 13 * _MIB),
    ]
    own = f"""
        1.3.6.1.4.1.14988.1.1.4.4.0|4|7.15.3
        1.3.6.1.4.1.14988.1.1.7.3.0|4|{serial}
        1.3.6.1.4.1.14988.1.1.7.4.0|4|7.15.3
        1.3.6.1.4.1.14988.1.1.7.8.0|4|hEX S
    """
    return rows(
        identity.name,
        system(identity, "RouterOS RB760iGS", "1.3.6.1.4.1.14988.1", services=78),
        interfaces(identity, ports, "488f5a"),
        host(identity, areas, processors=4, load_percent=12),
        chassis(
            descr=f"RouterOS {version} on RB760iGS",
            serial=serial,
            maker="MikroTik",
            model="RB760iGS",
            software=version,
        ),
        block(own),
    )


def firewall_fortigate(identity: Identity) -> tuple[Row, ...]:
    """FortiGate 60F: two WAN ports, of which the first carries the traffic."""
    ports = [
        Port("wan1", "WAN VNPT"),
        Port("wan2", "WAN du phong", oper_up=False),
        Port("dmz", oper_up=False),
        *(Port(f"internal{n}", oper_up=n < 4) for n in range(1, 6)),
    ]
    serial = identity.serial("FGT60F")
    own = f"""
        1.3.6.1.4.1.12356.100.1.1.1.0|4|{serial}
        1.3.6.1.4.1.12356.101.4.1.1.0|4|v7.2.8,build1639,240313 (GA.M)
        1.3.6.1.4.1.12356.101.4.1.3.0|66|9
        1.3.6.1.4.1.12356.101.4.1.4.0|66|41
        1.3.6.1.4.1.12356.101.4.1.5.0|66|1935908
        1.3.6.1.4.1.12356.101.4.1.8.0|66|1260
    """
    return rows(
        identity.name,
        system(identity, "Tuong lua UBND xa", "1.3.6.1.4.1.12356.101.1.642", services=78),
        interfaces(identity, ports, "00090f"),
        chassis(
            descr="Fortinet FGT_60F, HW Serial#: " + serial,
            serial=serial,
            maker="Fortinet",
            model="FGT_60F",
            software="FortiGate-60F v7.2.8",
        ),
        block(own),
    )


def router_huawei(identity: Identity) -> tuple[Row, ...]:
    """Huawei AR651: uplink on GigabitEthernet0/0/9."""
    ports = [
        Port("GigabitEthernet0/0/9", "TSLCD cap II"),
        *(Port(f"GigabitEthernet0/0/{n}", oper_up=n < 4) for n in range(1, 9)),
        Port("Vlanif1", if_type=53),
    ]
    descr = (
        "Huawei AR651 Huawei Versatile Routing Platform Software VRP (R) software,"
        "Version 5.170 (AR650 V300R019C13SPC500)"
    )
    return rows(
        identity.name,
        system(identity, descr, "1.3.6.1.4.1.2011.2.224.294", services=78),
        interfaces(identity, ports, "00e0fc"),
        chassis(
            descr="AR651 router",
            serial=identity.serial("HW"),
            maker="Huawei",
            model="AR651",
            software="V300R019C13SPC500",
        ),
    )


def switch_ruijie(identity: Identity) -> tuple[Row, ...]:
    """Ruijie RG-S2910: 24 gigabit ports with PoE, 4 SFP; a router above it, an access point and a
    phone below it."""
    model = "RG-S2910-24GT4SFP-UP-H"
    descr = f"Ruijie Gigabit Intelligent Switch ({model}) By Ruijie Networks"
    ports = _ports("GigabitEthernet 0/", 28, used=15)
    beyond = (
        Beyond(
            1,
            identity.mac("488f5a", 1).hex(),
            "ether2",
            "Router mot cua",
            "MikroTik RouterOS 7.15.3 (stable) RB760iGS",
            ROUTER,
            "192.168.88.1",
        ),
        Beyond(
            2,
            identity.mac("788a20", 1).hex(),
            "eth0",
            "AP tang 2",
            "U6-Lite 6.6.77.15402",
            ACCESS_POINT,
            "192.168.88.12",
        ),
        Beyond(
            4,
            identity.mac("805ec0", 1).hex(),
            "WAN PORT",
            "SIP-T31G",
            "124.86.0.40",
            PHONE,
            "192.168.88.31",
        ),
    )
    stations = [
        *((other.port, other.mac) for other in beyond),
        *((port, identity.mac("d8cb8a", port).hex()) for port in (5, 7, 8, 10, 11, 13)),
        *((2, identity.mac("a4c3f0", number).hex()) for number in range(1, 8)),
    ]
    return rows(
        identity.name,
        system(identity, descr, "1.3.6.1.4.1.4881.1.1.10.1.157", services=2),
        interfaces(identity, ports, "58696c"),
        lldp(ports, beyond),
        bridge(ports, identity.mac("58696c").hex(), stations),
        vlans(
            {1: "default", 20: "Mot cua", 30: "Wi-Fi khach"},
            [1, 1, *([20] * 10), *([1] * 16)],
            trunks=(1, 2),
        ),
        power(24, {2: 4, 4: 2}, budget_watts=370, used_watts=9 + identity.number % 7),
        duplex(ports, half=(7,)),
        own_address("192.168.88.2", 1),
        seen(1, [(other.address, other.mac) for other in beyond]),
        parts(identity, "RJ"),
        chassis(
            descr=descr,
            serial=identity.serial("RJ"),
            maker="Ruijie Networks",
            model=model,
            software="S29_RGOS 11.4(1)B12P11",
        ),
    )


def switch_hp(identity: Identity) -> tuple[Row, ...]:
    """HPE OfficeConnect 1950: 48 gigabit ports."""
    descr = "HPE 1950-48G-2SFP+-2XGT Switch Software Version 7.1.070, Release 3507P10"
    return rows(
        identity.name,
        system(identity, descr, "1.3.6.1.4.1.25506.11.1.169", services=78),
        interfaces(identity, _ports("GigabitEthernet1/0/", 48, used=33), "3c5282"),
        chassis(
            descr="HPE OfficeConnect 1950 48G 2SFP+ 2XGT",
            serial=identity.serial("HP"),
            maker="HPE",
            model="JG961A",
            software="7.1.070 Release 3507P10",
        ),
    )


def switch_tplink(identity: Identity) -> tuple[Row, ...]:
    """TP-Link TL-SG2008: 8 gigabit ports, as stand under a desk."""
    return rows(
        identity.name,
        system(
            identity, "JetStream 8-Port Gigabit Smart Switch", "1.3.6.1.4.1.11863.5.36", services=3
        ),
        interfaces(identity, _ports("gigabitEthernet 1/0/", 8, used=5), "50c7bf"),
        block(f"""
            1.3.6.1.4.1.11863.6.1.1.3.0|4|TL-SG2008
            1.3.6.1.4.1.11863.6.1.1.5.0|4|TL-SG2008 4.0
            1.3.6.1.4.1.11863.6.1.1.6.0|4|4.0.6 Build 20230602 Rel.73473
            1.3.6.1.4.1.11863.6.1.1.8.0|4|{identity.serial("TP")}
        """),
    )


def access_point_unifi(identity: Identity) -> tuple[Row, ...]:
    """Ubiquiti UniFi U6 Lite: Ethernet, two radios, a bridge."""
    ports = [
        Port("lo", if_type=LOOPBACK, speed_bps=10_000_000),
        Port("eth0"),
        Port("wifi0", speed_bps=300_000_000, if_type=WIFI),
        Port("wifi1", speed_bps=GIGABIT, if_type=WIFI),
        Port("br0", if_type=BRIDGE),
    ]
    memory = [Area("Physical memory", "ram", 256 * _MIB, 148 * _MIB)]
    return rows(
        identity.name,
        system(identity, "U6-Lite 6.6.77.15402", _NET_SNMP_LINUX, services=72),
        interfaces(identity, ports, "788a20"),
        host(identity, memory, processors=2, load_percent=18),
        block(f"""
            1.3.6.1.4.1.41112.1.6.3.1.0|64|127.0.0.1
            1.3.6.1.4.1.41112.1.6.3.3.0|4|U6-Lite
            1.3.6.1.4.1.41112.1.6.3.4.0|2|{identity.uptime_s}
            1.3.6.1.4.1.41112.1.6.3.6.0|4|6.6.77.15402
        """),
    )


def ont_zte(identity: Identity) -> tuple[Row, ...]:
    """ZTE F670L fibre terminal as providers leave behind."""
    ports = [
        Port("pon0", "FTTH", speed_bps=GIGABIT, if_type=GPON),
        *(Port(f"eth{n}", oper_up=n < 2) for n in range(4)),
        Port("wlan0", speed_bps=300_000_000, if_type=WIFI),
    ]
    return rows(
        identity.name,
        system(identity, "ZXHN F670L V9.0", "1.3.6.1.4.1.3902.1015.1.1", services=76),
        interfaces(identity, ports, "0026ed"),
        chassis(
            descr="ZXHN F670L GPON terminal",
            serial=identity.serial("ZTE"),
            maker="ZTE",
            model="F670L",
            software="V9.0.11P1N20",
        ),
    )


def _ports(prefix: str, count: int, *, used: int) -> list[Port]:
    """Ports 1 to count: the first is the way up, every third of the rest is free until `used`
    are busy."""
    busy = [n for n in range(1, count + 1) if n == 1 or n % 3][:used]
    return [
        Port(f"{prefix}{n}", "uplink" if n == 1 else "", oper_up=n in busy)
        for n in range(1, count + 1)
    ]

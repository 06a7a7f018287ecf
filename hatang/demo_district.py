"""The demo's six communes and what they have: real codes, everything else invented."""

from __future__ import annotations

import datetime as dt

from config.assets import AssetClass
from hatang.demo_equipment import (
    DemoCommune,
    Shelf,
    computers,
    copiers,
    network,
    office,
    one,
    scanners,
)

DEMO_PAPER = "Demo, không phải số liệu thật"
"""What every declared figure of the demo stands on."""

THUAN_BAC = {
    "id": "thuan-bac",
    "title": {
        "vi": "Huyện Thuận Bắc cũ",
        "en": "Former district Thuận Bắc",
        "hi": "पूर्व ज़िला Thuận Bắc",
    },
    "former_district": "588",
}
"""The group of three of the communes that were a district until 2025."""

_WELL = {
    "tslcd-line": 1,
    "level-dossier-approved": 1,
    "stock-take-done": 1,
    "case-files-online": 0.96,
    "staff-trained": 1.0,
    "one-stop-equipped": 1.0,
    "remote-access": 1,
    "logs-kept": 1,
    "vulnerability-scan": 1,
    "security-regulation": 1,
    "documents-electronic": 1.0,
}
_FAIR = {
    "tslcd-line": 1,
    "level-dossier-approved": 0,
    "case-files-online": 0.78,
    "one-stop-equipped": 0.8,
    "remote-access": 0,
    "logs-kept": 1,
    "security-regulation": 0,
    "documents-electronic": 0.93,
}
_POOR = {
    "tslcd-line": 0,
    "case-files-online": 0.41,
    "staff-trained": 0.3,
    "one-stop-equipped": 0.4,
    "level-dossier-approved": 0,
    "remote-access": 0,
    "logs-kept": 0,
    "security-regulation": 0,
    "documents-electronic": 0.7,
}

_QUEUE = one("TB-MLS", AssetClass.OTHER, "Máy lấy số thứ tự", 42_000_000, "queue-machine")
_VIDEO = one("VC", AssetClass.VIDEO_CONFERENCE, "Bộ hội nghị truyền hình", 48_000_000)
_SPARE = one("RTD", AssetClass.ROUTER, "Router dự phòng", 11_500_000)


COMMUNES: tuple[DemoCommune, ...] = (
    DemoCommune(
        "22849",
        "TB",
        posts=40,
        posts_group_8=33,
        internet_bps=300_000_000,
        tslcd_bps=200_000_000,
        desks=6,
        sites=8,
        inhabitants=18_200,
        declared=_WELL,
        devices=(
            *network(
                "TB",
                edge=("router_mikrotik", "ether1", "Router UBND xã"),
                switches=("switch_hp", "switch_tplink"),
                points=3,
            ),
            *office(
                "TB",
                printers=3,
                cameras=1,
                server_patched_days=9,
                nas=True,
                ups=True,
                firewall=True,
            ),
        ),
        shelves=(
            computers(34, "2024-05-01", "Windows 11 Pro 25H2", desk=6, patched_days=12),
            computers(7, "2021-03-01", "Windows 11 Pro 25H2", patched_days=12),
            Shelf(
                "PRL", 8, AssetClass.PRINTER, "Máy in A4", "2024-05-01", 4_800_000, "OKI", "B433dn"
            ),
            scanners(4, desk=2),  # one above the norm, while other communes have too few
            copiers(3, "2023-05-01"),
            _QUEUE,
            _VIDEO,
            _SPARE,
        ),
        probes_services=True,
    ),
    DemoCommune(
        "22840",
        "CH",
        posts=30,
        posts_group_8=24,
        internet_bps=150_000_000,
        tslcd_bps=100_000_000,
        desks=5,
        sites=6,
        inhabitants=13_600,
        declared=_FAIR,
        devices=(
            *network(
                "CH",
                edge=("router_huawei", "GigabitEthernet0/0/9", "Router đường TSLCD"),
                switches=("switch_ruijie",),
                points=2,
            ),
            *office("CH", printers=3, cameras=2, server_patched_days=70, ups=True),
        ),
        shelves=(
            computers(20, "2022-08-01", "Windows 10 Pro", desk=4, patched_days=50),
            computers(7, "2016-04-01", "Windows 10 Pro", protected=False),
            Shelf(
                "PRL", 4, AssetClass.PRINTER, "Máy in A4", "2020-05-01", 4_800_000, "OKI", "B433dn"
            ),
            scanners(1, desk=1),
            copiers(1, "2019-03-01"),
            _VIDEO,
        ),
        probes_services=True,
    ),
    DemoCommune(
        "22852",
        "NH",
        posts=38,
        posts_group_8=31,
        internet_bps=200_000_000,
        tslcd_bps=200_000_000,
        desks=6,
        sites=7,
        inhabitants=16_900,
        declared=_WELL | {"staff-trained": 0.8},
        devices=(
            *network(
                "NH",
                edge=("router_mikrotik", "ether1", "Router UBND xã"),
                switches=("switch_ruijie", "switch_tplink"),
                points=2,
            ),
            *office("NH", printers=3, cameras=1, nas=True, ups=True, firewall=True),
        ),
        shelves=(
            computers(36, "2023-02-01", "Windows 11 Pro 25H2", desk=6, patched_days=20),
            Shelf(
                "PRL", 7, AssetClass.PRINTER, "Máy in A4", "2022-05-01", 4_800_000, "OKI", "B433dn"
            ),
            scanners(2, desk=2),
            copiers(2, "2022-05-01"),
            _QUEUE,
            _VIDEO,
        ),
        probes_services=True,
    ),
    # Under-equipped: too few and old computers, a slow line, no firewall, server or backup.
    DemoCommune(
        "22861",
        "XH",
        posts=32,
        posts_group_8=26,
        internet_bps=40_000_000,
        tslcd_bps=20_000_000,
        desks=5,
        sites=6,
        inhabitants=14_100,
        declared=_POOR | {"tslcd-line": 1, "case-files-online": 0.55},
        devices=(
            *network(
                "XH",
                edge=("router_mikrotik", "ether1", "Router UBND xã"),
                switches=("switch_tplink",),
                points=1,
                bought="2019-09-01",
            ),
            *office("XH", printers=2, cameras=2, ups=True),
        ),
        shelves=(
            computers(10, "2018-07-01", "Windows 10 Pro", desk=2),
            computers(8, "2015-05-01", "Windows 7 Pro", protected=False),
            scanners(1),
        ),
    ),
    # Under-equipped, the worst: a line that is full, no firewall, UPS, scanner or backup.
    DemoCommune(
        "22846",
        "VH",
        posts=26,
        posts_group_8=21,
        internet_bps=30_000_000,
        desks=4,
        sites=5,
        inhabitants=9_800,
        declared=_POOR,
        devices=(
            *network(
                "VH",
                edge=("ont_zte", "pon0", "Thiết bị đầu cuối quang"),
                switches=("switch_tplink",),
                points=1,
                bought="2017-01-01",
            ),
            *office("VH", printers=2, cameras=3, bought="2018-04-01"),
        ),
        shelves=(
            computers(12, "2014-06-01", "Windows 7 Pro", protected=False, desk=1),
            computers(4, "2020-10-01", "Windows 10 Pro", protected=False),
        ),
    ),
    # Little is known: devices are seen, but nobody registered anything but their addresses.
    DemoCommune(
        "22801",
        "BA",
        devices=(
            *network(
                "BA",
                edge=("ont_zte", "pon0", "Thiết bị đầu cuối quang"),
                switches=("switch_tplink",),
                points=2,
                bought=None,
            ),
            *office("BA", printers=2, cameras=2, bought=None),
        ),
    ),
)


def declared_as_of(today: dt.date) -> dt.date:
    """The day of the demo's declared figures: never too old to count."""
    return today - dt.timedelta(days=20)


SCENARIO = """\
# What happens in the demo district, in time since the start.
events:
  # Công Hải's line is cut for two minutes: its router is down, what lies behind unreachable.
  - {device: "CH-*", at: 100s, for: 2m, every: 10m, faults: {dead: true}}
  # A switch restarts.
  - {device: NH-SW-01, at: 3m, for: 30s, every: 15m, reboot: true}
  # A cable is pulled.
  - {device: TB-SW-02, at: 2m, for: 2m, every: 9m, faults: {links_down: [2]}}
  # An old access point comes and goes.
  - {device: VH-AP-01, at: 90s, for: 45s, every: 5m, faults: {dead: true}}
  # One camera is dead for good, one access point has a bad line, one switch is slow.
  - {device: XH-CAM-02, faults: {dead: true}}
  - {device: XH-AP-01, faults: {drop: 0.15}}
  - {device: VH-SW-01, faults: {delay_s: 0.2, jitter_s: 0.1}}
  # Firewalls are hardened: they speak SNMPv3 and nothing else.
  - {device: "*-FW-*", faults: {v3_only: true}}
traffic:
  - {device: TB-RT-01, interface: 1, in_bps: 62000000, out_bps: 11000000}
  - {device: CH-RT-01, interface: 1, in_bps: 48000000, out_bps: 9000000}
  - {device: NH-RT-01, interface: 1, in_bps: 51000000, out_bps: 8000000}
  - {device: XH-RT-01, interface: 1, in_bps: 29000000, out_bps: 6000000}
  - {device: VH-ONT-01, interface: 1, in_bps: 23000000, out_bps: 3000000}
"""

"""The demo's six communes and what they have: real codes, everything else invented."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field

from config.assets import AssetClass

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


@dataclass(frozen=True, slots=True)
class Device:
    """A simulated device. model: of the simulator; uplink: ifName towards the provider; v3: it
    answers no community; bought, room: None where nobody wrote it down."""

    tag: str
    model: str
    asset_class: AssetClass
    name: str
    edge: bool = False
    uplink: str = ""
    v3: bool = False
    features: tuple[str, ...] = ()
    bought: str | None = "2023-06-01"
    price_vnd: int = 12_000_000
    room: str | None = "Phòng máy"


@dataclass(frozen=True, slots=True)
class Shelf:
    """Some alike things that are only registered. desk: how many of them, the first, stand at the
    one-stop desk."""

    code: str
    count: int
    asset_class: AssetClass
    name: str
    bought: str
    price_vnd: int
    vendor: str = ""
    model: str = ""
    os: str = ""
    features: tuple[str, ...] = ()
    desk: int = 0


@dataclass(frozen=True, slots=True)
class DemoCommune:
    """One commune. declared: indicator -> figure."""

    code: str
    prefix: str
    posts: int | None = None
    posts_group_8: int | None = None
    internet_bps: int | None = None
    tslcd_bps: int | None = None
    desks: int | None = None
    sites: int | None = None
    inhabitants: int | None = None
    declared: dict[str, float] = field(default_factory=dict)
    devices: tuple[Device, ...] = ()
    shelves: tuple[Shelf, ...] = ()
    probes_services: bool = False


DESK_ROOM, OFFICE_ROOM = "Bộ phận Một cửa", "Phòng làm việc"

_C = AssetClass
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


def _network(
    prefix: str,
    *,
    edge: tuple[str, str, str],
    switches: tuple[str, ...] = (),
    points: int = 0,
    bought: str | None = "2023-06-01",
) -> tuple[Device, ...]:
    """Edge router or optical terminal (model, uplink, what it is called), switches, Wi-Fi."""
    model, uplink, name = edge
    code, kind = ("ONT", _C.ONT) if model == "ont_zte" else ("RT", _C.ROUTER)
    return (
        Device(f"{prefix}-{code}-01", model, kind, name, edge=True, uplink=uplink, bought=bought),
        *(
            Device(f"{prefix}-SW-{n:02}", switch, _C.SWITCH, f"Switch {n}", bought=bought)
            for n, switch in enumerate(switches, 1)
        ),
        *(
            Device(
                f"{prefix}-AP-{n:02}",
                "access_point_unifi",
                _C.ACCESS_POINT,
                f"Wi-Fi tầng {n}",
                bought=bought,
                price_vnd=3_200_000,
            )
            for n in range(1, points + 1)
        ),
    )


def _office(
    prefix: str,
    *,
    printers: int = 0,
    cameras: int = 0,
    server: bool = False,
    nas: bool = False,
    ups: bool = False,
    firewall: bool = False,
    bought: str | None = "2023-06-01",
) -> tuple[Device, ...]:
    """What else answers by SNMP in a commune's office."""
    found = [
        Device(
            f"{prefix}-PR-{n:02}",
            "printer_hp",
            _C.PRINTER,
            f"Máy in {n}",
            bought=bought,
            price_vnd=4_800_000,
            room=DESK_ROOM if n == 1 else OFFICE_ROOM,
        )
        for n in range(1, printers + 1)
    ]
    found += [
        Device(f"{prefix}-CAM-{n:02}", "camera_hikvision", _C.CAMERA, f"Camera {n}", bought=bought)
        for n in range(1, cameras + 1)
    ]
    if server:
        found.append(Device(f"{prefix}-SV-01", "server_linux", _C.SERVER, "Máy chủ nội bộ"))
    if nas:
        name = "Lưu trữ sao lưu"
        found.append(Device(f"{prefix}-NAS-01", "nas_synology", _C.NAS, name, features=("backup",)))
    if ups:
        found.append(Device(f"{prefix}-UPS-01", "ups_apc", _C.UPS, "Bộ lưu điện"))
    if firewall:
        found.append(
            Device(
                f"{prefix}-FW-01",
                "firewall_fortigate",
                _C.FIREWALL,
                "Tường lửa",
                v3=True,
                price_vnd=58_000_000,
            )
        )
    return tuple(found)


def _computers(count: int, bought: str, os: str, *, protected: bool = True, desk: int = 0) -> Shelf:
    features = ("antivirus",) if protected else ()
    year = bought[:4]
    return Shelf(
        f"PC{year[2:]}",
        count,
        _C.DESKTOP,
        f"Máy vi tính {year}",
        bought,
        17_800_000,
        "MSI",
        "Cubi 5",
        os,
        features,
        desk,
    )


def _scanners(count: int, *, desk: int = 0) -> Shelf:
    return Shelf(
        "SC",
        count,
        _C.SCANNER,
        "Máy quét tài liệu",
        "2024-03-01",
        8_800_000,
        "Ricoh",
        "SP-2240",
        desk=desk,
    )


def _copiers(count: int, bought: str) -> Shelf:
    return Shelf(
        "PRC",
        count,
        _C.PRINTER,
        "Máy photocopy",
        bought,
        68_000_000,
        "Ricoh",
        "IM 3500",
        features=("photocopy",),
    )


def _one(code: str, asset_class: AssetClass, name: str, price_vnd: int, *features: str) -> Shelf:
    """A single thing that is only registered."""
    return Shelf(code, 1, asset_class, name, "2024-06-01", price_vnd, features=features)


_QUEUE = _one("TB-MLS", _C.OTHER, "Máy lấy số thứ tự", 42_000_000, "queue-machine")
_VIDEO = _one("VC", _C.VIDEO_CONFERENCE, "Bộ hội nghị truyền hình", 48_000_000)
_SPARE = _one("RTD", _C.ROUTER, "Router dự phòng", 11_500_000)


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
            *_network(
                "TB",
                edge=("router_mikrotik", "ether1", "Router UBND xã"),
                switches=("switch_hp", "switch_tplink"),
                points=3,
            ),
            *_office("TB", printers=3, cameras=1, server=True, nas=True, ups=True, firewall=True),
        ),
        shelves=(
            _computers(34, "2024-05-01", "Windows 11 Pro 25H2", desk=6),
            _computers(7, "2021-03-01", "Windows 11 Pro 25H2"),
            Shelf("PRL", 8, _C.PRINTER, "Máy in A4", "2024-05-01", 4_800_000, "OKI", "B433dn"),
            _scanners(4, desk=2),  # one above the norm, while other communes have too few
            _copiers(3, "2023-05-01"),
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
            *_network(
                "CH",
                edge=("router_huawei", "GigabitEthernet0/0/9", "Router đường TSLCD"),
                switches=("switch_ruijie",),
                points=2,
            ),
            *_office("CH", printers=3, cameras=2, server=True, ups=True),
        ),
        shelves=(
            _computers(20, "2022-08-01", "Windows 10 Pro", desk=4),
            _computers(7, "2016-04-01", "Windows 10 Pro", protected=False),
            Shelf("PRL", 4, _C.PRINTER, "Máy in A4", "2020-05-01", 4_800_000, "OKI", "B433dn"),
            _scanners(1, desk=1),
            _copiers(1, "2019-03-01"),
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
            *_network(
                "NH",
                edge=("router_mikrotik", "ether1", "Router UBND xã"),
                switches=("switch_ruijie", "switch_tplink"),
                points=2,
            ),
            *_office("NH", printers=3, cameras=1, nas=True, ups=True, firewall=True),
        ),
        shelves=(
            _computers(36, "2023-02-01", "Windows 11 Pro 25H2", desk=6),
            Shelf("PRL", 7, _C.PRINTER, "Máy in A4", "2022-05-01", 4_800_000, "OKI", "B433dn"),
            _scanners(2, desk=2),
            _copiers(2, "2022-05-01"),
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
            *_network(
                "XH",
                edge=("router_mikrotik", "ether1", "Router UBND xã"),
                switches=("switch_tplink",),
                points=1,
                bought="2019-09-01",
            ),
            *_office("XH", printers=2, cameras=2, ups=True),
        ),
        shelves=(
            _computers(10, "2018-07-01", "Windows 10 Pro", desk=2),
            _computers(8, "2015-05-01", "Windows 7 Pro", protected=False),
            _scanners(1),
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
            *_network(
                "VH",
                edge=("ont_zte", "pon0", "Thiết bị đầu cuối quang"),
                switches=("switch_tplink",),
                points=1,
                bought="2017-01-01",
            ),
            *_office("VH", printers=2, cameras=3, bought="2018-04-01"),
        ),
        shelves=(
            _computers(12, "2014-06-01", "Windows 7 Pro", protected=False, desk=1),
            _computers(4, "2020-10-01", "Windows 10 Pro", protected=False),
        ),
    ),
    # Little is known: devices are seen, but nobody registered anything but their addresses.
    DemoCommune(
        "22801",
        "BA",
        devices=(
            *_network(
                "BA",
                edge=("ont_zte", "pon0", "Thiết bị đầu cuối quang"),
                switches=("switch_tplink",),
                points=2,
                bought=None,
            ),
            *_office("BA", printers=2, cameras=2, bought=None),
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

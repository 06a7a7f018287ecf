"""What stands in the offices of a demo's commune: simulated devices and things only registered."""

from __future__ import annotations

from dataclasses import dataclass, field

from config.assets import AssetClass


@dataclass(frozen=True, slots=True)
class Device:
    """A simulated device. model: of the simulator; uplink: ifName towards the provider; v3: it
    answers no community; patched_days: how long ago a program of it last changed; bought, room:
    None where nobody wrote it down."""

    tag: str
    model: str
    asset_class: AssetClass
    name: str
    edge: bool = False
    uplink: str = ""
    v3: bool = False
    patched_days: int | None = None
    features: tuple[str, ...] = ()
    bought: str | None = "2023-06-01"
    price_vnd: int = 12_000_000
    room: str | None = "Phòng máy"


@dataclass(frozen=True, slots=True)
class Shelf:
    """Some alike things that are only registered. desk: how many of them, the first, stand at the
    one-stop desk. patched_days: how long ago they were updated, as somebody wrote it down."""

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
    patched_days: int | None = None


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


def network(
    prefix: str,
    *,
    edge: tuple[str, str, str],
    switches: tuple[str, ...] = (),
    points: int = 0,
    bought: str | None = "2023-06-01",
) -> tuple[Device, ...]:
    """Edge router or optical terminal (model, uplink, what it is called), switches, Wi-Fi."""
    model, uplink, name = edge
    code, kind = ("ONT", AssetClass.ONT) if model == "ont_zte" else ("RT", AssetClass.ROUTER)
    return (
        Device(f"{prefix}-{code}-01", model, kind, name, edge=True, uplink=uplink, bought=bought),
        *(
            Device(f"{prefix}-SW-{n:02}", switch, AssetClass.SWITCH, f"Switch {n}", bought=bought)
            for n, switch in enumerate(switches, 1)
        ),
        *(
            Device(
                f"{prefix}-AP-{n:02}",
                "access_point_unifi",
                AssetClass.ACCESS_POINT,
                f"Wi-Fi tầng {n}",
                bought=bought,
                price_vnd=3_200_000,
            )
            for n in range(1, points + 1)
        ),
    )


def office(
    prefix: str,
    *,
    printers: int = 0,
    cameras: int = 0,
    server_patched_days: int | None = None,
    nas: bool = False,
    ups: bool = False,
    firewall: bool = False,
    bought: str | None = "2023-06-01",
) -> tuple[Device, ...]:
    """What else answers by SNMP in a commune's office. server_patched_days: None where there is no
    server."""
    found = [
        Device(
            f"{prefix}-PR-{n:02}",
            "printer_hp",
            AssetClass.PRINTER,
            f"Máy in {n}",
            bought=bought,
            price_vnd=4_800_000,
            room=DESK_ROOM if n == 1 else OFFICE_ROOM,
        )
        for n in range(1, printers + 1)
    ]
    found += [
        Device(
            f"{prefix}-CAM-{n:02}",
            "camera_hikvision",
            AssetClass.CAMERA,
            f"Camera {n}",
            bought=bought,
        )
        for n in range(1, cameras + 1)
    ]
    if server_patched_days is not None:
        found.append(
            Device(
                f"{prefix}-SV-01",
                "server_linux",
                AssetClass.SERVER,
                "Máy chủ nội bộ",
                patched_days=server_patched_days,
            )
        )
    if nas:
        name = "Lưu trữ sao lưu"
        found.append(
            Device(f"{prefix}-NAS-01", "nas_synology", AssetClass.NAS, name, features=("backup",))
        )
    if ups:
        found.append(Device(f"{prefix}-UPS-01", "ups_apc", AssetClass.UPS, "Bộ lưu điện"))
    if firewall:
        found.append(
            Device(
                f"{prefix}-FW-01",
                "firewall_fortigate",
                AssetClass.FIREWALL,
                "Tường lửa",
                v3=True,
                price_vnd=58_000_000,
            )
        )
    return tuple(found)


def computers(
    count: int,
    bought: str,
    os: str,
    *,
    protected: bool = True,
    desk: int = 0,
    patched_days: int | None = None,
) -> Shelf:
    """Computers of one year, which are only registered."""
    features = ("antivirus",) if protected else ()
    year = bought[:4]
    return Shelf(
        f"PC{year[2:]}",
        count,
        AssetClass.DESKTOP,
        f"Máy vi tính {year}",
        bought,
        17_800_000,
        "MSI",
        "Cubi 5",
        os,
        features,
        desk,
        patched_days,
    )


def scanners(count: int, *, desk: int = 0) -> Shelf:
    """Scanners of documents."""
    return Shelf(
        "SC",
        count,
        AssetClass.SCANNER,
        "Máy quét tài liệu",
        "2024-03-01",
        8_800_000,
        "Ricoh",
        "SP-2240",
        desk=desk,
    )


def copiers(count: int, bought: str) -> Shelf:
    """Machines that copy and print."""
    return Shelf(
        "PRC",
        count,
        AssetClass.PRINTER,
        "Máy photocopy",
        bought,
        68_000_000,
        "Ricoh",
        "IM 3500",
        features=("photocopy",),
    )


def one(code: str, asset_class: AssetClass, name: str, price_vnd: int, *features: str) -> Shelf:
    """A single thing that is only registered."""
    return Shelf(code, 1, asset_class, name, "2024-06-01", price_vnd, features=features)

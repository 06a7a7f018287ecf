"""A small district as the snapshot holds it, with something in every series that is served."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

import pytest
from prometheus_client import CollectorRegistry
from prometheus_client.parser import text_string_to_metric_families as parse_text

from config.profile import Requirement, load_profile
from config.sections import Asset, AssetClass, Commune
from dashboards.exposition import register, render
from inventory.equipment import (
    NeighbourReading,
    PoeReading,
    PortReading,
    SensorReading,
    SupplyReading,
    UpsReading,
)
from inventory.known_equipment import KINDS, Equipment
from inventory.metrics import Instruments
from inventory.observation import InterfaceReading, Outcome, StorageReading
from inventory.readiness.result import Evaluation, RequirementResult, Score, Verdict
from inventory.snapshot import (
    AssetView,
    CommuneView,
    EndpointView,
    FactView,
    InterfaceView,
    Snapshot,
)
from inventory.units import Unit
from inventory.uptime import Availability, State

NOW_S = 1_790_000_000.0
REQUIREMENTS = tuple(
    load_profile("commune-2026").requirements[number].model_copy(update={"id": name})
    for number, name in enumerate(("computer-per-post", "scanner-per-desk", "second-line"))
)
NAMES = {"22849": "Thuận Bắc", "22852": "Lợi Hải"}


def _unit(code: str) -> Unit:
    return Unit(code, "commune", NAMES[code], "56", dt.date(2025, 7, 1))


def _result(name: str, pillar: str, verdict: Verdict, gap: float, cost: int) -> RequirementResult:
    share = None if verdict is Verdict.UNKNOWN else 1.0 if verdict is Verdict.MET else 0.5
    return RequirementResult(
        name, pillar, "mandatory", 1.0, verdict, 3.0, 4.0, "count", share, 0.9, gap, cost
    )


def _evaluation(code: str) -> Evaluation:
    return Evaluation(
        code,
        "commune-2026",
        "1",
        NOW_S,
        Score(0.72, 0.8),
        {"devices": Score(0.5, 0.9), "network": Score(None, 0.0)},
        (
            _result("scanner-per-desk", "devices", Verdict.PARTLY, 2, 24_000_000),
            _result("computer-per-post", "devices", Verdict.MET, 0, 0),
            _result("second-line", "network", Verdict.UNKNOWN, 0, 0),
        ),
    )


def _availability() -> dict[str, Availability]:
    totals = dict.fromkeys(State, 0.0)
    return {
        "24h": Availability(totals | {State.UP: 86_000.0, State.DOWN: 400.0}),
        "30d": Availability(totals | {State.UNKNOWN: 2_592_000.0}),
    }


def _endpoints(tag: str, outcome: Outcome) -> tuple[EndpointView, ...]:
    snmp = EndpointView(
        f"{tag}/snmp", "snmp", 60.0, outcome, "", "", NOW_S, NOW_S, 0, 0.4, latency_s=0.02
    )
    http = EndpointView(
        f"{tag}/http",
        "http",
        60.0,
        outcome,
        last_look_at_s=NOW_S,
        latency_s=0.2,
        loss_ratio=0.0,
        http_status=200,
        certificate_expires_at_s=NOW_S + 40 * 86_400,
    )
    return (snmp, http)


def _interfaces() -> tuple[InterfaceView, ...]:
    ports = (("ge-0/0/0", "VNPT", True), ("ge-0/0/1", "LAN", False))
    return tuple(
        InterfaceView(
            InterfaceReading(
                index, name, alias, 6, "02a000000001", 10**9, True, True, 64,
                10**12, 2**63 + 1, 3, 0, 7, 0, PortReading("full", "delivering", 3, 20, 2, 7),
            ),
            is_uplink=uplink,
        )
        for index, (name, alias, uplink) in enumerate(ports, start=1)
    )  # fmt: skip


def _equipment() -> Equipment:
    """A sensor of every unit, and one of everything else."""
    sensors = (
        SensorReading("temperature", "Phòng máy", 31.5, "celsius", "ok"),
        SensorReading("temperature", "Phòng máy", 33.0, "celsius", "warning"),
        SensorReading("fanspeed", "Fan 1", 4200.0, "rpm"),
        SensorReading("voltage", "In", 221.0, "volts"),
        SensorReading("current", "Out", 2.5, "amperes"),
        SensorReading("power", "Out", 410.0, "watts"),
        SensorReading("frequency", "In", 50.0, "hertz"),
        SensorReading("dbm", "Rx", -7.5, "dbm"),
        SensorReading("humidity", "Phòng máy", 61.0, "percent"),
        SensorReading("count", "Pages", 81000.0),
        SensorReading("state", "PSU 1", 3.0, "", "critical"),
    )
    return Equipment(
        ups=UpsReading(False, 0.96, 0.33, 1800.0, "normal"),
        sensors=sensors,
        supplies=(SupplyReading("Mực đen", "toner", 4.0, "low"),),
        poe=(PoeReading(1, 370.0, 41.0, True),),
        neighbours=(NeighbourReading("lldp", "ge-0/0/1", name="SW-1"),),
        read_at_s=dict.fromkeys(KINDS, NOW_S),
    )


@pytest.fixture
def make_asset() -> Callable[..., AssetView]:
    """An asset in a state; up means that its endpoints answer, else that they do not."""
    return make_asset_view


def make_asset_view(
    tag: str, state: State = State.UP, commune: str = "22849", edge: bool = False, name: str = ""
) -> AssetView:
    """An asset in a state; up means that its endpoints answer, else that they do not."""
    registered = Asset(
        tag=tag,
        name=name or f"Thiết bị {tag}",
        asset_class=AssetClass.ROUTER if edge else AssetClass.SERVER,
        commune=commune,
        site="UBND",
        address="127.0.0.1",
        edge=edge,
        vendor="Juniper",
    )
    return AssetView(
        1,
        registered,
        state,
        NOW_S - 3_600,
        endpoints=_endpoints(tag, Outcome.OK if state is State.UP else Outcome.UNREACHABLE),
        facts=(FactView("model", "SRX300", "measured", NOW_S),),
        interfaces=_interfaces(),
        storages=(
            StorageReading("/", "disk", 100 * 10**9, 60 * 10**9),
            StorageReading("RAM", "memory", 4 * 10**9, 10**9),
        ),
        equipment=_equipment(),
        cpu_ratio=0.25,
        booted_at_s=NOW_S - 86_400,
        reboots=2,
        availability=_availability(),
    )


def make_district() -> Snapshot:
    """Two communes; in the second the edge is down and what lies behind it unreachable."""
    views = (
        make_asset_view("RT-1", edge=True),
        make_asset_view("SRV-1"),
        make_asset_view("PRN-1", State.DOWN),
        make_asset_view("UPS-1", State.MAINTENANCE),
        make_asset_view("LAP-1", State.UNKNOWN),
        make_asset_view("GONE-1"),
        make_asset_view("RT-2", State.DOWN, "22852", edge=True),
        make_asset_view("CAM-2", State.UNREACHABLE, "22852"),
    )
    communes = {c: CommuneView(_unit(c), Commune(code=c), _evaluation(c)) for c in NAMES}
    forecast = {("life", "year"): 89_000_000, ("support", "overdue"): 35_600_000}
    return Snapshot({view.tag: view for view in views}, communes, forecast={"22849": forecast})


@pytest.fixture(scope="module")
def small_district() -> Snapshot:
    """The small district, one for the whole module."""
    return make_district()


@pytest.fixture(scope="session")
def named_requirements() -> tuple[Requirement, ...]:
    """The requirements of the small district's profile."""
    return REQUIREMENTS


@pytest.fixture
def district() -> Snapshot:
    """The small district, fresh for each test."""
    return make_district()


@pytest.fixture
def registry() -> CollectorRegistry:
    """An empty registry."""
    return CollectorRegistry()


@pytest.fixture
def instruments(registry: CollectorRegistry, district: Snapshot) -> Instruments:
    """The daemon's instruments on `registry`, where `district` is registered too."""
    made = Instruments(registry)
    register(registry, district, made.series_dropped, lambda: REQUIREMENTS)
    return made


@pytest.fixture
def series(
    registry: CollectorRegistry, instruments: Instruments
) -> Callable[[str], list[tuple[dict[str, str], float]]]:
    """Renders now and gives the series of one name."""

    def found(name: str) -> list[tuple[dict[str, str], float]]:
        text = render(registry)[0].decode()
        samples = [s for family in parse_text(text) for s in family.samples]
        return [(s.labels, s.value) for s in samples if s.name == name]

    return found

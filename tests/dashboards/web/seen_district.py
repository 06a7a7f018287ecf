"""A snapshot of a small district in which a router says too much of itself."""

import datetime as dt
from dataclasses import replace

import pytest

from config.profile import load_profile
from config.sections import Asset, Settings
from inventory.clock import SystemClock
from inventory.equipment import (
    AddressReading,
    ModuleReading,
    NeighbourReading,
    PoeReading,
    PortReading,
    SensorReading,
    StationReading,
    SupplyReading,
    UpsReading,
    VlanReading,
)
from inventory.known_equipment import KINDS, Equipment
from inventory.observation import InterfaceReading, Outcome, StorageReading
from inventory.readiness.evaluate import evaluate
from inventory.readiness.facts import AssetFacts, CommuneFacts
from inventory.readiness.result import Evidence
from inventory.snapshot import (
    AssetView,
    CommuneView,
    EndpointView,
    FactView,
    InterfaceView,
    Snapshot,
)
from inventory.units import read_units
from inventory.uptime import Availability, State

DAY = 86_400.0
TODAY = dt.date(2026, 1, 1)


def last_midnight(now_s):
    """When the day began in Viet Nam."""
    return now_s - (now_s + 7 * 3600) % DAY


def plain(text):
    return text


def _settings(texts):
    return Settings.model_validate(
        {
            "web": {"reading": "open"},
            "communes": [{"code": "22849", "posts": 20, "posts_group_8": 15}, {"code": "22840"}],
            "assets": [
                {
                    "tag": "RT-1",
                    "name": texts("Router UBND xã"),
                    "class": "router",
                    "commune": "22849",
                    "edge": True,
                    "address": "127.0.0.1",
                    "site": texts("Trụ sở"),
                    "room": texts("Phòng máy"),
                    "custodian": texts("Văn phòng"),
                    "funding": texts("Ngân sách"),
                    "vendor": texts("MikroTik"),
                    "model": texts("RB4011"),
                    "serial": texts("SN-1"),
                    "features": [texts("vpn")],
                    "price_vnd": 12_000_000,
                    "in_use_since": "2023-06-01",
                    "warranty_until": "2026-06-01",
                    "endpoints": [{"kind": "tcp", "port": 22}],
                },
                {
                    "tag": "SW-1",
                    "name": texts("Switch"),
                    "class": "switch",
                    "commune": "22849",
                    "address": "127.0.0.1",
                    "vendor": texts("HP"),
                    "endpoints": [{"kind": "tcp", "port": 22}],
                },
                {
                    "tag": "PC-1",
                    "name": texts("Máy vi tính"),
                    "class": "desktop",
                    "commune": "22849",
                    "status": "in_use",
                    "in_use_since": "2014-06-01",
                    "vendor": texts("MSI"),
                    "os": "Windows 7",
                },
            ],
        }
    )


def _equipment(texts, now_s):
    """One of everything, as a device that says too much of itself would have it."""
    return Equipment(
        ups=UpsReading(True, 0.42, 0.33, 600.0, "low"),
        sensors=(
            SensorReading("temperature", texts("Phòng máy"), 31.5, "celsius", "ok", high=40.0),
            SensorReading(texts("tide"), texts("Sông"), 2.0, texts("fathoms"), texts("wet")),
            SensorReading("state", texts("PSU 1"), 3.0, "", "critical"),
        ),
        supplies=(
            SupplyReading(texts("Mực đen"), "toner", 4.0, "low"),
            SupplyReading(texts("Trống"), texts("drum unit"), None, ""),
        ),
        poe=(PoeReading(1, 370.0, 41.0, True),),
        neighbours=(
            NeighbourReading(
                "lldp",
                texts("ether2"),
                texts("001a2b3c4d5e"),
                texts("Gi1/0/24"),
                texts("SW tầng 2"),
                texts("Cisco IOS"),
                ("bridge", texts("x")),
                texts("10.0.0.2"),
            ),
        ),
        addresses=(AddressReading("10.0.0.1", 24, 1), AddressReading(texts("fe80::1"), None, 99)),
        stations=(StationReading("001a2b3c4d5e", texts("10.0.0.9"), 1),),
        modules=(
            ModuleReading(1, 0, "chassis", texts("Khung"), texts("RB4011"), texts("SN-1")),
            ModuleReading(2, 1, texts("tail"), texts("Nguồn 1"), software=texts("7.15")),
        ),
        vlans=(VlanReading(20, texts("Một cửa")),),
        read_at_s=dict.fromkeys(KINDS, now_s - 120.0),
    )


def _view(number, asset: Asset, state, now_s, texts):
    totals = dict.fromkeys(State, 0.0) | {State.UP: 86_000.0, State.DOWN: 400.0}
    if not asset.endpoints:
        return AssetView(number, asset, state, now_s - 3700)
    endpoint = EndpointView(
        f"{asset.tag}/tcp",
        "tcp",
        60.0,
        Outcome.UNREACHABLE,
        "timeout" if texts is plain else texts("timeout"),
        texts("no answer"),
        now_s - 20,
        now_s - 90,
        2,
        2.0,
        0.012,
    )
    seen = InterfaceReading(
        1, texts("ether1"), texts("WAN"), 6, "aa", 10**9, True, True, 64, 5, 5, 0, 0, 0, 0,
        port=PortReading(texts("half"), texts("delivering"), 3, 20, 2, 7) if number == 1 else None,
    )  # fmt: skip
    unplugged = replace(seen, index=2, oper_up=False)
    return AssetView(
        number,
        asset,
        state,
        now_s - 3700,
        behind="RT-1" if asset.tag == "SW-1" else None,
        endpoints=(endpoint,),
        facts=(
            FactView("sys_descr", texts("RouterOS 7"), "measured", now_s - 60),
            FactView("sys_name", texts("rt-1"), "measured", now_s - 60),
            FactView("vendor", asset.vendor, "registered", now_s - 60),
            FactView("ldp_word" if texts is plain else texts("x"), texts("y"), "measured", now_s),
        ),
        interfaces=(
            InterfaceView(seen, 4.2e7, 1e6, is_uplink=True),
            InterfaceView(unplugged, 4.2e7, 1e6),
        ),
        storages=(StorageReading(texts("flash"), "disk", 2**30, 2**29),),
        equipment=_equipment(texts, now_s) if number == 1 else Equipment(),
        cpu_ratio=0.25,
        booted_at_s=now_s - 10 * DAY,
        availability={"24h": Availability(totals), "30d": Availability(totals)},
    )


def _office():
    totals = dict.fromkeys(State, 0.0)
    return Availability(totals | {State.UP: 3600.0 * 100, State.DOWN: 3600.0 * 2.5})


@pytest.fixture(scope="session")
def units():
    return read_units()


@pytest.fixture
def snapshot_of(units):
    """snapshot_of(texts) -> (settings, snapshot); texts changes all that strangers wrote."""
    profile = load_profile("commune-2026")

    def make(texts=plain):
        now_s = SystemClock().wall()
        settings = _settings(texts)
        states = (State.UP, State.UNREACHABLE, State.UNKNOWN)
        views = {
            asset.tag: _view(number, asset, state, now_s, texts)
            for number, (asset, state) in enumerate(zip(settings.assets, states, strict=True), 1)
        }
        communes = {code: units.at(code, TODAY) for code in ("22849", "22840")}
        if texts is not plain:
            communes = {c: replace(u, name=texts(u.name)) for c, u in communes.items()}
        router = AssetFacts(
            settings.assets[0],
            last_answer_at_s=now_s - 90,
            office=_office(),
            longest_outage_s=7300.0,
        )
        others = (AssetFacts(asset, asset.os) for asset in settings.assets[1:])
        facts = CommuneFacts(communes["22849"], settings.communes[0], (router, *others))
        found = evaluate(profile, facts, now_s)
        proof = Evidence("measured", texts("proof"), now_s, "RT-1")
        results = tuple(replace(r, evidence=(*r.evidence, proof)) for r in found.results)
        judged = CommuneView(
            communes["22849"], settings.communes[0], replace(found, results=results)
        )
        waiting = CommuneView(communes["22840"], settings.communes[1])
        snapshot = Snapshot(views, {"22849": judged, "22840": waiting})
        if texts is not plain:
            snapshot.problems["store"] = texts("full")
        return settings, snapshot

    return make

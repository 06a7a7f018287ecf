"""What /metrics says: the snapshot of this moment, safe to serve, in the words of the table."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable

import pytest
from prometheus_client import CollectorRegistry

from dashboards.exposition import (
    INTERFACES_MAX,
    render,
)
from dashboards.labels import LABEL_MAX_CHARS
from inventory.metrics import Instruments
from inventory.observation import InterfaceReading, Outcome, StorageReading
from inventory.snapshot import AssetView, FactView, InterfaceView, Snapshot
from inventory.uptime import State

Labels = dict[str, str]


Series = Callable[[str], list[tuple[Labels, float]]]
MakeAsset = Callable[..., AssetView]


def by(label: str, found: list[tuple[Labels, float]]) -> dict[str, float]:
    return {labels[label]: value for labels, value in found}


def test_up_is_1_or_0_and_absent_where_nobody_can_say(series: Series) -> None:
    up = by("asset", series("hatang_asset_up"))
    assert (up["RT-1"], up["PRN-1"], up["CAM-2"]) == (1, 0, 0)
    assert "LAP-1" not in up
    assert "UPS-1" not in up


def test_exactly_one_of_five_states_holds_for_each_asset(
    series: Series, district: Snapshot
) -> None:
    found = series("hatang_asset_state")
    assert len(found) == len(district.assets) * len(State)
    held = {labels["asset"]: labels["state"] for labels, value in found if value == 1}
    assert held == {tag: view.state for tag, view in district.assets.items()}


def test_availability_without_evidence_is_absent_while_its_coverage_is_0(series: Series) -> None:
    ratio = [x for x in series("hatang_asset_availability_ratio") if x[0]["asset"] == "RT-1"]
    assert by("window", ratio) == {"24h": pytest.approx(86_000 / 86_400)}
    cover = [x for x in series("hatang_asset_coverage_ratio") if x[0]["asset"] == "RT-1"]
    assert by("window", cover) == {"24h": 1, "30d": 0}


def test_a_fact_that_was_typed_or_measured_stands_in_the_info_series(series: Series) -> None:
    info = next(labels for labels, _ in series("hatang_asset_info") if labels["asset"] == "RT-1")
    assert (info["vendor"], info["model"], info["edge"]) == ("Juniper", "SRX300", "true")
    assert (info["class"], info["commune"], info["serial"]) == ("router", "22849", "")


def test_counters_and_speed_are_in_bytes_and_names_stand_apart(series: Series) -> None:
    key = {"commune": "22849", "asset": "RT-1", "interface": "ge-0/0/0"}
    name = "hatang_interface_receive_bytes_total"
    received = {frozenset(labels.items()): value for labels, value in series(name)}
    assert received[frozenset(key.items())] == 10**12
    speed = series("hatang_interface_speed_bytes_per_second")
    assert {value for _, value in speed} == {125_000_000}
    info = next(x for x, _ in series("hatang_interface_info") if key.items() <= x.items())
    assert (info["alias"], info["uplink"], info["index"]) == ("VNPT", "true", "1")


def test_what_a_silent_device_said_of_itself_long_ago_is_not_served(series: Series) -> None:
    for name in (
        "hatang_interface_oper_up",
        "hatang_asset_cpu_ratio",
        "hatang_endpoint_latency_seconds",
        "hatang_asset_storage_used_bytes",
        "hatang_asset_boot_time_seconds",
    ):
        tags = {labels["asset"] for labels, _ in series(name)}
        assert tags == {"RT-1", "SRV-1", "GONE-1"}


def test_a_ping_that_answers_does_not_freshen_old_counters(
    series: Series, district: Snapshot
) -> None:
    view = district.assets["SRV-1"]
    snmp = dataclasses.replace(view.endpoints[0], outcome=Outcome.UNREACHABLE)
    ping = dataclasses.replace(view.endpoints[0], id="SRV-1/ping", kind="ping")
    district.assets["SRV-1"] = dataclasses.replace(view, endpoints=(snmp, ping))
    assert "SRV-1" not in {labels["asset"] for labels, _ in series("hatang_interface_oper_up")}
    assert by("asset", series("hatang_asset_up"))["SRV-1"] == 1


def test_a_fault_of_ours_says_nothing_of_the_endpoint(series: Series, district: Snapshot) -> None:
    view = district.assets["SRV-1"]
    broken = dataclasses.replace(view.endpoints[0], outcome=Outcome.ERROR)
    refused = dataclasses.replace(view.endpoints[1], outcome=Outcome.REFUSED)
    district.assets["SRV-1"] = dataclasses.replace(view, endpoints=(broken, refused))
    up = by("endpoint", series("hatang_endpoint_up"))
    assert "SRV-1/snmp" not in up
    assert up["SRV-1/http"] == 1
    assert up["PRN-1/http"] == 0


def test_readiness_has_its_total_under_all_and_no_value_where_nothing_is_known(
    series: Series,
) -> None:
    ratio = [x for x in series("hatang_commune_readiness_ratio") if x[0]["commune"] == "22849"]
    assert by("pillar", ratio) == {"all": 0.72, "devices": 0.5}
    sure = series("hatang_commune_readiness_confidence_ratio")
    assert by("pillar", sure) == {"all": 0.8, "devices": 0.9, "network": 0}
    gaps = [x for x in series("hatang_commune_gap_cost_vnd") if x[0]["level"] == "mandatory"]
    assert by("commune", gaps)["22852"] == 24_000_000


def test_each_requirement_has_one_verdict_and_a_gap_only_when_known(series: Series) -> None:
    here = [x for x in series("hatang_requirement_state") if x[0]["commune"] == "22849"]
    held = {labels["requirement"]: labels["state"] for labels, value in here if value == 1}
    assert held == {
        "scanner-per-desk": "partly",
        "computer-per-post": "met",
        "second-line": "unknown",
    }
    gaps = by("requirement", series("hatang_requirement_gap"))
    assert gaps == {"scanner-per-desk": 2, "computer-per-post": 0}


def test_p1_a_removed_assets_series_are_gone_and_a_rename_changes_info_only(
    series: Series, district: Snapshot, make_asset: MakeAsset, registry: CollectorRegistry
) -> None:
    assert "GONE-1" in render(registry)[0].decode()
    before = series("hatang_asset_up")
    district.assets["SRV-1"] = make_asset("SRV-1", name="Tên mới")
    assert series("hatang_asset_up") == before
    assert by("name", series("hatang_asset_info"))["Tên mới"] == 1
    del district.assets["GONE-1"]
    assert "GONE-1" not in render(registry)[0].decode()


def test_p2_interfaces_past_the_cap_are_left_out_and_counted(
    series: Series, district: Snapshot
) -> None:
    view = district.assets["SRV-1"]
    many = tuple(InterfaceView(InterfaceReading(i, f"p{i}", in_octets=i)) for i in range(10_000))
    district.assets["SRV-1"] = dataclasses.replace(view, interfaces=many)
    received = series("hatang_interface_receive_bytes_total")
    assert sum(labels["asset"] == "SRV-1" for labels, _ in received) == INTERFACES_MAX
    assert series("hatang_series_dropped_total")[0][1] >= 8_000


def test_p2_a_name_of_a_megabyte_is_shortened_and_counted(
    series: Series, district: Snapshot, make_asset: MakeAsset
) -> None:
    view = make_asset("SRV-1")
    district.assets["SRV-1"] = dataclasses.replace(
        view, interfaces=(InterfaceView(InterfaceReading(1, "ge0", "x" * 1_000_000)),)
    )
    info = series("hatang_interface_info")
    assert max(len(labels["alias"]) for labels, _ in info) == LABEL_MAX_CHARS
    assert series("hatang_series_dropped_total")[0][1] >= 1


def test_interfaces_without_a_name_or_with_the_same_long_one_stay_apart(
    series: Series, district: Snapshot
) -> None:
    view = district.assets["SRV-1"]
    names = ("", "", "eth0", "eth0", "y" * 300, "y" * 300, "eth0#4")
    twins = tuple(
        InterfaceView(InterfaceReading(i, n, oper_up=True)) for i, n in enumerate(names, start=1)
    )
    district.assets["SRV-1"] = dataclasses.replace(view, interfaces=twins)
    found = [x for x, _ in series("hatang_interface_oper_up") if x["asset"] == "SRV-1"]
    shown = [labels["interface"] for labels in found]
    assert len(set(shown)) == len(shown) == len(names)
    assert shown[:4] == ["#1", "#2", "eth0", "eth0#4"]


def test_a_filesystem_listed_twice_is_served_once(series: Series, district: Snapshot) -> None:
    twice = (StorageReading("/", "disk", 10, 5), StorageReading("/", "disk", 11, 6))
    view = district.assets["SRV-1"]
    district.assets["SRV-1"] = dataclasses.replace(view, storages=twice)
    used = [v for x, v in series("hatang_asset_storage_used_bytes") if x["asset"] == "SRV-1"]
    assert used == [5]


def test_an_integer_that_no_float_can_hold_costs_only_its_own_series(
    series: Series, district: Snapshot
) -> None:
    view = district.assets["SRV-1"]
    lie = InterfaceView(InterfaceReading(1, "ge0", in_octets=10**400, out_octets=7))
    district.assets["SRV-1"] = dataclasses.replace(view, interfaces=(lie,))
    sent = [v for x, v in series("hatang_interface_transmit_bytes_total") if x["asset"] == "SRV-1"]
    assert sent == [7]
    received = series("hatang_interface_receive_bytes_total")
    assert "SRV-1" not in {x["asset"] for x, _ in received}


def test_p2_facts_of_a_megabyte_are_shortened_and_counted(
    series: Series, district: Snapshot
) -> None:
    view = district.assets["SRV-1"]
    facts = tuple(FactView(n, "y" * 1_000_000, "measured", 1.0) for n in ("model", "os"))
    district.assets["SRV-1"] = dataclasses.replace(view, facts=facts)
    info = next(x for x, _ in series("hatang_asset_info") if x["asset"] == "SRV-1")
    assert (len(info["model"]), len(info["os"])) == (LABEL_MAX_CHARS, LABEL_MAX_CHARS)
    assert series("hatang_series_dropped_total")[0][1] >= 2


def test_what_is_only_registered_has_a_name_and_no_state(
    district: Snapshot, series: Series, make_asset: Callable[..., AssetView]
) -> None:
    view = make_asset("PC-9", State.UNKNOWN)
    district.assets["PC-9"] = dataclasses.replace(view, endpoints=(), availability={})
    named = {labels["asset"] for labels, _ in series("hatang_asset_info")}
    with_state = {labels["asset"] for labels, _ in series("hatang_asset_state")}
    assert "PC-9" in named
    assert "PC-9" not in with_state


def test_a_commune_as_a_whole_has_counts_costs_and_a_forecast(series: Series) -> None:
    here = [x for x in series("hatang_commune_requirements") if x[0]["commune"] == "22849"]
    found = {(x["level"], x["state"]): value for x, value in here}
    assert found["mandatory", "partly"] == found["mandatory", "met"] == 1
    assert found["mandatory", "unmet"] == found["desirable", "unknown"] == 0
    costs = [x for x in series("hatang_commune_gap_cost_vnd") if x[0]["commune"] == "22849"]
    assert by("level", costs) == {"mandatory": 24_000_000, "desirable": 0}
    assert by("commune", series("hatang_commune_above_norm")) == {"22849": 0, "22852": 0}
    ends = {(x["ends"], x["due"]): v for x, v in series("hatang_commune_forecast_cost_vnd")}
    assert ends == {("life", "year"): 89_000_000, ("support", "overdue"): 35_600_000}


def test_requirements_are_called_by_their_title_once_in_a_series_of_its_own(series: Series) -> None:
    titles = {x["requirement"]: x for x, _ in series("hatang_requirement_title_info")}
    assert titles["computer-per-post"]["title"] == "One computer for each post"
    assert titles["computer-per-post"]["title_vi"].startswith("Mỗi vị trí việc làm")


def test_a_country_on_one_page_has_the_requirements_of_some_communes_and_counts_the_others(
    district: Snapshot, series: Series, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("dashboards.exposition.REQUIREMENT_COMMUNES_MAX", 1)
    assert {x["commune"] for x, _ in series("hatang_requirement_gap")} == {"22849"}
    assert {x["commune"] for x, _ in series("hatang_commune_readiness_ratio")} == {"22849", "22852"}
    assert series("hatang_series_dropped_total")[0][1] >= 3


def test_an_asset_that_moves_is_on_the_page_of_its_new_commune(
    district: Snapshot, instruments: Instruments
) -> None:
    view = district.assets["SRV-1"]
    moved = view.registered.model_copy(update={"commune": "22852"})
    district.assets["SRV-1"] = dataclasses.replace(view, registered=moved)
    assert "SRV-1" in {v.tag for v in district.assets_of("22852")}
    assert "SRV-1" not in {v.tag for v in district.assets_of("22849")}
    district.assets.pop("SRV-1", None)
    del district.assets["RT-2"]
    assert [v.tag for v in district.assets_of("22852")] == ["CAM-2"]

"""What /metrics says: the snapshot of this moment, safe to serve, in the words of the table."""

from __future__ import annotations

import dataclasses
import shutil
import subprocess
import sys
from collections.abc import Callable

import pytest
from prometheus_client import CollectorRegistry
from prometheus_client.openmetrics.parser import (
    text_string_to_metric_families as parse_openmetrics,
)
from prometheus_client.parser import text_string_to_metric_families as parse_text

from dashboards.exposition import (
    INTERFACES_MAX,
    PARTS,
    AssetCollector,
    names_of,
    register,
    render,
    render_commune,
)
from dashboards.labels import LABEL_MAX_CHARS, clean_label
from inventory.metrics import METRICS, Instruments
from inventory.observation import Outcome, StorageReading
from inventory.snapshot import AssetView, FactView, InterfaceView, Snapshot
from inventory.uptime import State

Labels = dict[str, str]


@pytest.fixture
def series(
    registry: CollectorRegistry, instruments: Instruments
) -> Callable[[str], list[tuple[Labels, float]]]:
    """Renders now and gives the series of one name."""

    def found(name: str) -> list[tuple[Labels, float]]:
        text = render(registry)[0].decode()
        samples = [s for family in parse_text(text) for s in family.samples]
        return [(s.labels, s.value) for s in samples if s.name == name]

    return found


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
    many = tuple(InterfaceView(i, f"p{i}", in_octets=i) for i in range(10_000))
    district.assets["SRV-1"] = dataclasses.replace(view, interfaces=many)
    received = series("hatang_interface_receive_bytes_total")
    assert sum(labels["asset"] == "SRV-1" for labels, _ in received) == INTERFACES_MAX
    assert series("hatang_series_dropped_total")[0][1] >= 8_000


def test_p2_a_name_of_a_megabyte_is_shortened_and_counted(
    series: Series, district: Snapshot, make_asset: MakeAsset
) -> None:
    view = make_asset("SRV-1")
    district.assets["SRV-1"] = dataclasses.replace(
        view, interfaces=(InterfaceView(1, "ge0", "x" * 1_000_000),)
    )
    info = series("hatang_interface_info")
    assert max(len(labels["alias"]) for labels, _ in info) == LABEL_MAX_CHARS
    assert series("hatang_series_dropped_total")[0][1] >= 1


def test_interfaces_without_a_name_or_with_the_same_long_one_stay_apart(
    series: Series, district: Snapshot
) -> None:
    view = district.assets["SRV-1"]
    names = ("", "", "eth0", "eth0", "y" * 300, "y" * 300, "eth0#4")
    twins = tuple(InterfaceView(i, n, oper_up=True) for i, n in enumerate(names, start=1))
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
    lie = InterfaceView(1, "ge0", in_octets=10**400, out_octets=7)
    district.assets["SRV-1"] = dataclasses.replace(view, interfaces=(lie,))
    sent = [v for x, v in series("hatang_interface_transmit_bytes_total") if x["asset"] == "SRV-1"]
    assert sent == [7]
    received = series("hatang_interface_receive_bytes_total")
    assert "SRV-1" not in {x["asset"] for x, _ in received}


OPENMETRICS = "application/openmetrics-text;version=1.0.0,text/plain;version=0.0.4;q=0.5"
HOSTILE = 'a"} 1\nhatang_asset_up{asset="x\\"} 0\r\x00\x1b[31m\u202e\ud800\ufeffđ'


def test_hostile_text_cannot_add_a_series_or_break_the_page(
    series: Series, district: Snapshot
) -> None:
    view = district.assets["SRV-1"]
    district.assets["SRV-1"] = dataclasses.replace(view, interfaces=(InterfaceView(1, HOSTILE),))
    assert "x" not in by("asset", series("hatang_asset_up"))
    shown = next(x for x, _ in series("hatang_interface_info") if x["asset"] == "SRV-1")
    assert shown["interface"] == 'a"} 1 hatang_asset_up{asset="x\\"} 0 [31mđ'


@pytest.mark.parametrize("text", ["Thuận Bắc", "xã Lợi Hải – số 1", "क्\u200dष", ""])
def test_text_that_people_write_is_served_as_it_is(text: str) -> None:
    assert clean_label(text) == (text, False)


def test_every_metric_of_the_table_is_served_and_no_other(
    registry: CollectorRegistry, instruments: Instruments
) -> None:
    text = render(registry)[0].decode()
    types = {line.split()[2] for line in text.splitlines() if line.startswith("# TYPE")}
    ours = {name for name in types if not name.startswith("process_")}
    assert ours == set(METRICS)
    assert "_created" not in text


def test_openmetrics_is_served_when_asked_for(
    registry: CollectorRegistry, instruments: Instruments
) -> None:
    body, content_type = render(registry, OPENMETRICS)
    assert content_type.startswith("application/openmetrics-text; version=1.0.0")
    assert body.endswith(b"# EOF\n")
    families = {f.name: f for f in parse_openmetrics(body.decode())}
    assert families["hatang_interface_receive_bytes"].unit == "bytes"
    assert families["hatang_asset"].type == "info"
    assert render(registry)[1].startswith("text/plain; version=0.0.4")


def test_a_second_collector_of_the_same_names_is_refused(
    registry: CollectorRegistry, instruments: Instruments, district: Snapshot
) -> None:
    with pytest.raises(ValueError, match="Duplicated"):
        registry.register(AssetCollector(district, instruments.series_dropped))


AWKWARD = (
    HOSTILE,
    'quote " backslash \\ newline \n end \\',
    "{}=,",
    "# HELP hatang_asset_up no",
    "đường lên · क्\u200dष · 🏛",
    " ",
)


def awkward(district: Snapshot) -> Snapshot:
    """The district with every text that a device or a person gives turned awkward."""
    view = district.assets["SRV-1"]
    for number, text in enumerate(AWKWARD):
        tag = f"ODD-{number}"
        registered = view.registered.model_copy(update={"tag": tag, "name": text, "site": text})
        district.assets[tag] = dataclasses.replace(
            view,
            registered=registered,
            facts=tuple(FactView(n, text, "measured", 1.0) for n in ("vendor", "model", "os")),
            interfaces=(InterfaceView(1, text, alias=text, mac=text, in_octets=5),),
            storages=(StorageReading(text, "disk", 10, 5),),
        )
    return district


@pytest.mark.parametrize("accept", ["", OPENMETRICS], ids=["text", "OpenMetrics"])
def test_awkward_labels_come_back_as_they_were_cleaned(
    district: Snapshot, registry: CollectorRegistry, instruments: Instruments, accept: str
) -> None:
    awkward(district)
    parse = parse_openmetrics if accept else parse_text
    families = parse(render(registry, accept)[0].decode())
    samples = [s for family in families for s in family.samples]
    names = {s.labels["asset"]: s.labels["name"] for s in samples if s.name == "hatang_asset_info"}
    for number, text in enumerate(AWKWARD):
        assert names[f"ODD-{number}"] == clean_label(text)[0]
    assert {s.labels["asset"] for s in samples if s.name == "hatang_asset_up"} <= set(
        district.assets
    )


@pytest.mark.prometheus
@pytest.mark.parametrize("which", ["a district", "an empty register", "awkward labels"])
def test_promtool_has_nothing_to_say(district: Snapshot, which: str) -> None:
    if shutil.which("promtool") is None:
        pytest.skip("promtool is not installed")
    registry = CollectorRegistry()
    if which == "awkward labels":
        awkward(district)
    shown = Snapshot() if which == "an empty register" else district
    register(registry, shown, Instruments(registry).series_dropped)
    done = subprocess.run(
        ["promtool", "check", "metrics"], input=render(registry)[0], capture_output=True, timeout=60
    )
    assert (done.returncode, done.stdout, done.stderr) == (0, b"", b"")


def test_p2_facts_of_a_megabyte_are_shortened_and_counted(
    series: Series, district: Snapshot
) -> None:
    view = district.assets["SRV-1"]
    facts = tuple(FactView(n, "y" * 1_000_000, "measured", 1.0) for n in ("model", "os"))
    district.assets["SRV-1"] = dataclasses.replace(view, facts=facts)
    info = next(x for x, _ in series("hatang_asset_info") if x["asset"] == "SRV-1")
    assert (len(info["model"]), len(info["os"])) == (LABEL_MAX_CHARS, LABEL_MAX_CHARS)
    assert series("hatang_series_dropped_total")[0][1] >= 2


_SCRAPE_UNDER_WATCH = """
import sys
from prometheus_client import CollectorRegistry
from config.sections import Asset
from dashboards.exposition import register, render
from inventory.metrics import Instruments
from inventory.snapshot import AssetView, InterfaceView, Snapshot
from inventory.uptime import State

registered = Asset.model_validate(
    {"tag": "SW", "name": "SW", "class": "switch", "commune": "22849"}
)
ports = tuple(InterfaceView(n, f"p{n}", in_octets=n) for n in range(50))
district = Snapshot({"SW": AssetView(1, registered, State.UP, 1.0, interfaces=ports)})
registry = CollectorRegistry()
register(registry, district, Instruments(registry).series_dropped)
assert b'asset="SW"' in render(registry)[0]
touched = []

def watch(event, arguments):
    if event.startswith(("sqlite3.", "socket.", "subprocess.")):
        touched.append(event)
    elif event == "open" and not str(arguments[0]).startswith("/proc/"):
        touched.append(str(arguments[0]))

sys.addaudithook(watch)
render(registry)
render(registry, "application/openmetrics-text;version=1.0.0")
sys.exit(", ".join(touched) or 0)
"""


def test_p3_a_scrape_opens_no_file_database_or_socket() -> None:
    """Only /proc, for the process's own figures; so no lock of any database can hold it up."""
    done = subprocess.run(
        [sys.executable, "-c", _SCRAPE_UNDER_WATCH], timeout=60, capture_output=True, text=True
    )
    assert (done.returncode, done.stderr) == (0, "")


def test_p3_serving_metrics_cannot_touch_a_database() -> None:
    code = "import sys, dashboards.exposition; sys.exit('sqlite3' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], timeout=60).returncode == 0


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


def test_parts_of_the_page_are_made_alone(
    registry: CollectorRegistry, instruments: Instruments, district: Snapshot
) -> None:
    def names(*parts: str) -> set[str]:
        text = render(registry, names=names_of(parts))[0].decode()
        return {sample.name for family in parse_text(text) for sample in family.samples}

    by_part = {part: names(part) for part in PARTS}
    assert {"hatang_store_ok", "process_start_time_seconds"} <= by_part["daemon"]
    assert "hatang_commune_info" in by_part["communes"]
    assert "hatang_requirement_gap" in by_part["requirements"]
    assert "hatang_asset_up" in by_part["assets"]
    assert set().union(*by_part.values()) == names()
    assert sum(map(len, by_part.values())) == len(names())


def test_a_communes_own_page_has_its_requirements_and_assets_and_nobody_elses(
    district: Snapshot, instruments: Instruments
) -> None:
    text = render_commune(district, instruments.series_dropped, "22852")[0].decode()
    samples = [s for family in parse_text(text) for s in family.samples]
    assert {s.labels["commune"] for s in samples} == {"22852"}
    assert {s.labels["asset"] for s in samples if "asset" in s.labels} == {"RT-2", "CAM-2"}
    assert {s.name for s in samples} >= {"hatang_requirement_state", "hatang_asset_up"}
    body, kind = render_commune(district, instruments.series_dropped, "22852", OPENMETRICS)
    assert kind.startswith("application/openmetrics-text")
    assert body.endswith(b"# EOF\n")


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

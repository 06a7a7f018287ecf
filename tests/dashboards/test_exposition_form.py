"""In which form /metrics says it: whole, safe to read, in parts, and without touching anything."""

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
    PARTS,
    AssetCollector,
    names_of,
    register,
    render,
    render_commune,
)
from dashboards.labels import clean_label
from inventory.metrics import METRICS, Instruments
from inventory.observation import InterfaceReading, StorageReading
from inventory.snapshot import AssetView, FactView, InterfaceView, Snapshot

Series = Callable[[str], list[tuple[dict[str, str], float]]]
MakeAsset = Callable[..., AssetView]

OPENMETRICS = "application/openmetrics-text;version=1.0.0,text/plain;version=0.0.4;q=0.5"
HOSTILE = 'a"} 1\nhatang_asset_up{asset="x\\"} 0\r\x00\x1b[31m\u202e\ud800\ufeffđ'


def test_hostile_text_cannot_add_a_series_or_break_the_page(
    series: Series, district: Snapshot
) -> None:
    view = district.assets["SRV-1"]
    district.assets["SRV-1"] = dataclasses.replace(
        view, interfaces=(InterfaceView(InterfaceReading(1, HOSTILE)),)
    )
    assert "x" not in {labels["asset"] for labels, _ in series("hatang_asset_up")}
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
            interfaces=(
                InterfaceView(InterfaceReading(1, text, alias=text, mac=text, in_octets=5)),
            ),
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


_SCRAPE_UNDER_WATCH = """
import sys
from prometheus_client import CollectorRegistry
from config.sections import Asset
from dashboards.exposition import register, render
from inventory.metrics import Instruments
from inventory.observation import InterfaceReading
from inventory.snapshot import AssetView, InterfaceView, Snapshot
from inventory.uptime import State

registered = Asset.model_validate(
    {"tag": "SW", "name": "SW", "class": "switch", "commune": "22849"}
)
ports = tuple(InterfaceView(InterfaceReading(n, f"p{n}", in_octets=n)) for n in range(50))
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

"""Dashboards and rules: not stale, sound, and answered by a real Prometheus."""

import http.server
import json
import shutil
import subprocess
import threading
import time
from dataclasses import replace
from pathlib import Path

import pytest
import yaml
from prometheus_client import CollectorRegistry

from dashboards.exposition import register, render
from dashboards.grafana import promql
from hatang.generate import ROOT, stale
from inventory.metrics import Instruments

GENERATED = ROOT / "dashboards/grafana/generated"
PROVISIONING = ROOT / "dashboards/grafana/provisioning"
DASHBOARDS = sorted(GENERATED.glob("*.json"))
needs_prometheus = pytest.mark.skipif(
    shutil.which("promtool") is None, reason="needs Debian's prometheus"
)


def panels(path):
    return [p for p in json.loads(path.read_text())["panels"] if p["type"] != "row"]


def queries():
    for path in DASHBOARDS:
        for panel in panels(path):
            for target in panel["targets"]:
                yield pytest.param(
                    target["expr"], id=f"{path.stem}-{panel['id']}-{target['refId']}"
                )


def test_everything_generated_is_as_the_code_makes_it():
    assert stale(ROOT) == []


@pytest.mark.parametrize("path", DASHBOARDS, ids=lambda p: p.stem)
def test_panels_have_one_number_each_and_do_not_overlap(path):
    data = json.loads(path.read_text())
    ids = [panel["id"] for panel in data["panels"]]
    assert len(set(ids)) == len(ids)
    taken = set()
    for panel in data["panels"]:
        grid = panel["gridPos"]
        cells = {
            (x, y)
            for x in range(grid["x"], grid["x"] + grid["w"])
            for y in range(grid["y"], grid["y"] + grid["h"])
        }
        assert not taken & cells, panel["title"]
        taken |= cells
        assert grid["x"] + grid["w"] <= 24


@pytest.mark.parametrize("path", DASHBOARDS, ids=lambda p: p.stem)
def test_every_query_names_metrics_of_the_table_and_the_chosen_datasource(path):
    for panel in panels(path):
        assert panel["datasource"]["uid"] == "${datasource}"
        for target in panel["targets"]:
            promql.checked(target["expr"])


def test_a_query_of_a_metric_that_is_not_ours_is_refused():
    with pytest.raises(ValueError, match="hatang_asset_upp"):
        promql.checked("sum(hatang_asset_upp)")


def test_provisioning_files_parse_and_name_files_that_exist():
    found = {path.name: yaml.safe_load(path.read_text()) for path in PROVISIONING.rglob("*.y*ml")}
    assert {"hatang.yaml", "prometheus.yml"} <= set(found)
    assert all(found.values())


@needs_prometheus
@pytest.mark.prometheus
def test_promtool_finds_nothing_wrong_with_rules_and_configuration(tmp_path):
    config = tmp_path / "prometheus.yml"
    text = (PROVISIONING / "prometheus" / "prometheus.yml").read_text()
    data = yaml.safe_load(text)
    data["rule_files"] = [str(GENERATED / "alerts.yaml")]
    config.write_text(yaml.safe_dump(data))
    for command in (
        ["promtool", "check", "rules", str(GENERATED / "alerts.yaml")],
        ["promtool", "check", "config", str(config)],
    ):
        checked = subprocess.run(command, capture_output=True, text=True)
        assert checked.returncode == 0, checked.stdout + checked.stderr


@needs_prometheus
@pytest.mark.prometheus
@pytest.mark.parametrize(
    "rules", sorted((Path(__file__).parent / "rules").glob("*.yaml")), ids=lambda p: p.stem
)
def test_alerts_fire_when_they_must_and_only_then(rules):
    checked = subprocess.run(
        ["promtool", "test", "rules", str(rules)], capture_output=True, text=True
    )
    assert checked.returncode == 0, checked.stdout + checked.stderr


class Moving:
    """A district whose counters move with every scrape, on an HTTP server."""

    def __init__(self, snapshot):
        self.registry = CollectorRegistry()
        self.snapshot = snapshot
        self.instruments = Instruments(self.registry)
        register(self.registry, snapshot, self.instruments.series_dropped)
        self.instruments.database_size.set(1e6)
        self.instruments.wal_size.set(1e5)
        moving = self

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_GET(self):
                moving.move()
                body, kind = render(moving.registry, self.headers.get("Accept", ""))
                self.send_response(200)
                self.send_header("Content-Type", kind)
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *arguments):
                pass

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.port = self.server.server_address[1]
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def move(self):
        for tag, view in list(self.snapshot.assets.items()):
            ports = tuple(
                replace(
                    port,
                    in_octets=(port.in_octets or 0) + 1000,
                    out_octets=(port.out_octets or 0) + 500,
                    in_errors=(port.in_errors or 0) + 1,
                )
                for port in view.interfaces
            )
            self.snapshot.assets[tag] = replace(view, interfaces=ports)
        self.instruments.heartbeat_at.set(time.time())
        self.instruments.poll_duration.labels("snmp").observe(0.2)
        self.instruments.poll_failures.labels("snmp", "timeout").inc()


@pytest.fixture(scope="module")
def prometheus(start_prometheus, small_district):
    """A real Prometheus that scrapes a moving district and evaluates our rules every second."""
    moving = Moving(small_district)
    rules = (GENERATED / "alerts.yaml").read_text().replace("interval: 1m", "interval: 1s")
    yield start_prometheus(f"127.0.0.1:{moving.port}", rules)
    moving.server.shutdown()
    moving.server.server_close()


@pytest.mark.prometheus
@pytest.mark.parametrize("expr", list(queries()))
def test_every_panel_gets_data_from_a_real_prometheus(prometheus, expr):
    filled = (
        expr.replace("$__rate_interval", "10s").replace("$commune", ".*").replace("$asset", "RT-1")
    )
    assert prometheus.answer(filled), filled


@pytest.mark.prometheus
def test_a_real_prometheus_keeps_what_was_served(prometheus):
    (up,) = prometheus.answer('hatang_asset_up{asset="RT-1"}')
    assert up["value"][1] == "1"
    (rate,) = prometheus.answer(
        'rate(hatang_interface_receive_bytes_total{asset="RT-1",interface="ge-0/0/0"}[10s]) > 0',
    )
    assert float(rate["value"][1]) > 100
    recorded = prometheus.answer(promql.UPLINK_RECEIVE)
    assert {r["metric"]["commune"] for r in recorded} == {"22849"}

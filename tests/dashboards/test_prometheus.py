"""What a real Prometheus makes of the metrics, the rules and every query of the dashboards."""

import http.server
import json
import re
import threading
import time
from dataclasses import replace

import pytest
from prometheus_client import CollectorRegistry

from dashboards.exposition import register, render
from dashboards.grafana import alerts, promql
from hatang.generate import ROOT
from inventory.metrics import METRICS, Instruments

GENERATED = ROOT / "dashboards/grafana/generated"
DASHBOARDS = sorted(GENERATED.glob("*.json"))
pytestmark = pytest.mark.prometheus


def filled(expr, commune=".+", asset="RT-1"):
    """A query as Grafana sends it: All communes and one device chosen, scraped every second."""
    values = {"$__rate_interval": "10s", "$commune": commune, "$asset": asset}
    for name, value in values.items():
        expr = expr.replace(name, value)
    assert "$" not in expr, "a variable that nobody fills"
    return expr


def targets():
    for path in DASHBOARDS:
        for panel in json.loads(path.read_text())["panels"]:
            for target in panel.get("targets", ()):
                name = f"{path.stem}-{panel['id']}-{target['refId']}"
                yield pytest.param(panel, target, id=name)


def variables():
    for path in DASHBOARDS:
        for variable in json.loads(path.read_text())["templating"]["list"]:
            if variable["type"] == "query":
                yield pytest.param(variable, id=f"{path.stem}-{variable['name']}")


class Moving:
    """A district whose counters move with every scrape, on an HTTP server."""

    def __init__(self, snapshot, requirements):
        self.registry = CollectorRegistry()
        self.snapshot = snapshot
        self.lock = threading.Lock()
        self.instruments = Instruments(self.registry)
        register(self.registry, snapshot, self.instruments.series_dropped, lambda: requirements)
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

    def take_out(self, tag):
        with self.lock:
            del self.snapshot.assets[tag]

    def rename(self, tag, name):
        with self.lock:
            view = self.snapshot.assets[tag]
            registered = view.registered.model_copy(update={"name": name})
            self.snapshot.assets[tag] = replace(view, registered=registered)

    def move(self):
        with self.lock:
            self._move()

    def _move(self):
        for tag, view in list(self.snapshot.assets.items()):
            ports = tuple(
                replace(
                    port,
                    reading=replace(
                        seen := port.reading,
                        in_octets=(seen.in_octets or 0) + 1000,
                        out_octets=(seen.out_octets or 0) + 500,
                        in_errors=(seen.in_errors or 0) + 1,
                    ),
                )
                for port in view.interfaces
            )
            self.snapshot.assets[tag] = replace(view, interfaces=ports)
        self.instruments.heartbeat_at.set(time.time())
        self.instruments.poll_duration.labels("snmp").observe(0.2)
        self.instruments.poll_failures.labels("snmp", "timeout").inc()


@pytest.fixture(scope="module")
def moving(small_district, named_requirements):
    """The small district, moving with every scrape."""
    served = Moving(small_district, named_requirements)
    yield served
    served.server.shutdown()
    served.server.server_close()


@pytest.fixture(scope="module")
def prometheus(start_prometheus, moving):
    """A real Prometheus that scrapes it and evaluates our rules every second."""
    rules = (GENERATED / "alerts.yaml").read_text().replace("interval: 1m", "interval: 1s")
    return start_prometheus(f"127.0.0.1:{moving.port}", rules)


@pytest.mark.parametrize(("panel", "target"), list(targets()))
def test_every_panel_gets_data_with_the_labels_that_it_shows(prometheus, panel, target):
    found = prometheus.answer(filled(target["expr"]))
    assert found, target["expr"]
    shown = set(re.findall(r"{{(\w+)}}", target.get("legendFormat", "")))
    for step in panel.get("transformations", ()):
        shown |= set(step["options"]["renameByName"]) - {"Value"}
    labels = {label for series in found for label in series["metric"]}
    if "ALERTS" in target["expr"]:  # each alert has labels of its own
        labels |= {"commune", "asset"}
    for metric in METRICS.values():  # what is empty is not there
        if metric.kind == "info" and metric.name in target["expr"]:
            labels |= set(metric.labels)
    assert shown <= labels


@pytest.mark.parametrize("variable", list(variables()))
def test_every_variable_offers_codes_with_names(prometheus, variable):
    expr = re.fullmatch(r"query_result\((.*)\)", variable["query"]["query"])[1]
    pattern = re.compile(variable["regex"].strip("/").replace("?<", "?P<"))
    offered = {}
    for series in prometheus.answer(filled(expr)):
        # As Grafana writes a result before it applies the regular expression.
        labels = ",".join(f'{name}="{value}"' for name, value in series["metric"].items())
        match = pattern.search(f"{{{labels}}} 1 1790000000000")
        offered[match["value"]] = match["text"]
    if variable["name"] == "commune":
        assert offered == {"22849": "Thuận Bắc", "22852": "Lợi Hải"}
    else:
        assert offered["RT-1"] == "Thiết bị RT-1"
        assert len(offered) >= 7


def test_every_rule_is_evaluated_and_every_recording_has_data(prometheus):
    wanted = {a.name for a in alerts.alerts()} | set(alerts.recordings())
    rules = prometheus.until(
        lambda: (
            (found := prometheus.rules())
            and all(rule["health"] != "unknown" for rule in found)
            and found
        )
    )
    assert {rule["name"] for rule in rules} == wanted
    assert [rule["lastError"] for rule in rules if rule.get("lastError")] == []
    assert {rule["health"] for rule in rules} == {"ok"}
    for name in alerts.recordings():
        assert prometheus.answer(name), name


def test_a_cut_commune_is_one_alert_and_a_lone_dead_device_another(prometheus):
    asked = 'ALERTS{alertname=~"Hatang(Device|Commune).+"}'
    found = prometheus.until(
        lambda: (result := prometheus.ask(asked)) and len(result) >= 2 and result
    )
    about = {
        (s["metric"]["alertname"], s["metric"]["commune"], s["metric"].get("asset")) for s in found
    }
    assert about == {
        ("HatangCommuneUplinkDown", "22852", None),
        ("HatangDeviceDown", "22849", "PRN-1"),
    }


def test_a_real_prometheus_keeps_what_was_served(prometheus):
    (up,) = prometheus.answer('hatang_asset_up{asset="RT-1"}')
    assert up["value"][1] == "1"
    (rate,) = prometheus.answer(
        'rate(hatang_interface_receive_bytes_total{asset="RT-1",interface="ge-0/0/0"}[10s]) > 0',
    )
    assert float(rate["value"][1]) > 100
    recorded = prometheus.answer(promql.UPLINK_RECEIVE)
    assert {r["metric"]["commune"] for r in recorded} == {"22849"}


def test_p1_a_removed_asset_is_gone_with_the_next_scrape(prometheus, moving):
    query = 'count({__name__=~"hatang_.+",asset="GONE-1"})'
    assert prometheus.answer(query)
    moving.take_out("GONE-1")
    assert prometheus.until(lambda: not prometheus.ask(query))
    assert prometheus.ask('hatang_asset_up{asset="RT-1"}')


def test_p1_a_renamed_asset_breaks_no_panel_and_shows_once_under_its_new_name(prometheus, moving):
    query = promql.with_asset_name('hatang_asset_state{asset="PRN-1",state="down"} == 1')
    assert prometheus.answer(query)
    moving.rename("PRN-1", 'Máy in "mới"')

    def names():
        return [series["metric"]["name"] for series in prometheus.ask(query)]

    assert prometheus.until(lambda: 'Máy in "mới"' in names())
    assert names() == ['Máy in "mới"']

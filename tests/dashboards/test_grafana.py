"""Dashboards, rules and provisioning as files: not stale, sound, and what promtool says."""

import json
import os
import re
import shutil
import subprocess
import sys
from configparser import ConfigParser
from pathlib import Path

import pytest
import yaml

from config.sections import Web
from dashboards.grafana import alerts, promql
from dashboards.grafana.panels import rows
from hatang.generate import ROOT, generated, stale, write

GENERATED = ROOT / "dashboards/grafana/generated"
PROVISIONING = ROOT / "dashboards/grafana/provisioning"
DASHBOARDS = sorted(GENERATED.glob("*.json"))
RULE_TESTS = sorted((Path(__file__).parent / "rules").glob("*.yaml"))
needs_prometheus = pytest.mark.skipif(
    shutil.which("promtool") is None, reason="needs Debian's prometheus"
)


def panels(path):
    return [p for p in json.loads(path.read_text())["panels"] if p["type"] != "row"]


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


def test_rows_of_a_name_alone_are_refused():
    with pytest.raises(ValueError, match="commune or the asset"):
        rows("Two printers of one name", "hatang_asset_info", {"name": "Name"})


def test_the_generator_makes_the_same_files_in_every_process():
    done = subprocess.run(
        [sys.executable, "-m", "hatang.generate", "--check"],
        env=os.environ | {"PYTHONHASHSEED": "1"},
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=300,
    )
    assert (done.returncode, done.stderr) == (0, "")


def test_check_names_what_is_stale_or_missing(tmp_path):
    assert stale(tmp_path) == list(generated())
    write(tmp_path)
    assert stale(tmp_path) == []
    changed = tmp_path / "dashboards/grafana/generated/alerts.yaml"
    changed.write_text(changed.read_text() + "# by hand\n")
    assert stale(tmp_path) == ["dashboards/grafana/generated/alerts.yaml"]


def test_a_datasource_is_chosen_and_every_variable_asks_it():
    for path in DASHBOARDS:
        first, *others = json.loads(path.read_text())["templating"]["list"]
        assert (first["name"], first["type"]) == ("datasource", "datasource")
        assert all(v["datasource"]["uid"] == "${datasource}" for v in others)


def test_dashboards_have_an_address_of_their_own_and_link_to_each_other():
    data = {d["uid"]: d for d in (json.loads(path.read_text()) for path in DASHBOARDS)}
    assert len(data) == len(DASHBOARDS) == 2
    for dashboard in data.values():
        for link in dashboard["links"]:
            assert link["url"].removeprefix("/d/") in set(data) - {dashboard["uid"]}


def test_every_alert_speaks_both_languages_and_is_seen_firing_in_a_rule_test():
    tested = "".join(path.read_text() for path in RULE_TESTS)
    for alert in alerts.alerts():
        texts = (alert.vi, alert.en, alert.do_vi, alert.do_en)
        assert all(text and "\n" not in text for text in texts)
        assert len(set(texts)) == 4
        assert re.search(rf"(alertname: |alertname=\W+){alert.name}\b", tested), alert.name


def test_every_provisioning_file_parses_and_is_in_the_package():
    setup = ConfigParser()
    setup.read(ROOT / "setup.cfg")
    wanted = setup["options.package_data"]["dashboards.grafana"].split()
    home = ROOT / "dashboards/grafana"
    packed = {path for pattern in wanted for path in home.glob(pattern)}
    there = {p for folder in (GENERATED, PROVISIONING) for p in folder.rglob("*") if p.is_file()}
    assert packed == there
    for path in there:
        assert yaml.safe_load(path.read_text(encoding="utf-8"))


def test_provisioning_names_what_the_other_files_are_called():
    dashboards = yaml.safe_load((PROVISIONING / "dashboards/hatang.yaml").read_text())
    assert dashboards["providers"][0]["type"] == "file"
    source = yaml.safe_load((PROVISIONING / "datasources/hatang.yaml").read_text())
    (prometheus,) = source["datasources"]
    served = yaml.safe_load((PROVISIONING / "prometheus/prometheus.yml").read_text())
    assert prometheus["type"] == "prometheus"
    assert prometheus["jsonData"]["timeInterval"] == served["global"]["scrape_interval"]
    (job,) = served["scrape_configs"]
    host, port = Web().listen
    assert job["static_configs"][0]["targets"] == [f"{host}:{port}"]
    many = yaml.safe_load((PROVISIONING / "prometheus/prometheus-by-commune.yml").read_text())
    daemon, communes = many["scrape_configs"]
    assert daemon["static_configs"][0]["targets"] == [f"{host}:{port}"]
    assert set(daemon["params"]["collect[]"]) == {"daemon", "communes"}
    assert communes["http_sd_configs"][0]["url"] == f"http://{host}:{port}/sd"


@needs_prometheus
@pytest.mark.prometheus
def test_promtool_finds_nothing_wrong_with_rules_and_configuration_as_shipped(tmp_path):
    """The two files beside each other, as the comments in them say."""
    for name in ("prometheus.yml", "prometheus-by-commune.yml"):
        shutil.copy(PROVISIONING / "prometheus" / name, tmp_path)
    shutil.copy(GENERATED / "alerts.yaml", tmp_path / "hatang-alerts.yaml")
    for command in (
        ["promtool", "check", "rules", str(tmp_path / "hatang-alerts.yaml")],
        ["promtool", "check", "config", str(tmp_path / "prometheus.yml")],
        ["promtool", "check", "config", str(tmp_path / "prometheus-by-commune.yml")],
    ):
        checked = subprocess.run(command, capture_output=True, text=True)
        assert checked.returncode == 0, checked.stdout + checked.stderr
        assert "FAILED" not in checked.stdout


@needs_prometheus
@pytest.mark.prometheus
@pytest.mark.parametrize("rules", RULE_TESTS, ids=lambda p: p.stem)
def test_alerts_fire_when_they_must_and_only_then(rules):
    checked = subprocess.run(
        ["promtool", "test", "rules", str(rules)], capture_output=True, text=True
    )
    assert checked.returncode == 0, checked.stdout + checked.stderr

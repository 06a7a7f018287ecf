"""The table of metrics keeps Prometheus' naming rules, and the instruments come from it."""

import re

import pytest
from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest
from prometheus_client.metrics import MetricWrapperBase

from inventory.metrics import METRICS, Instruments, Metric

BASE_UNITS = {"", "seconds", "bytes", "bytes_per_second", "ratio", "vnd"}
BASE_UNITS |= {"celsius", "volts", "amperes", "watts", "hertz"}
BASE_UNITS |= {"rpm", "dbm"}  # not Prometheus' own: what every exporter of fans and optics has


@pytest.fixture
def registry() -> CollectorRegistry:
    return CollectorRegistry()


@pytest.mark.parametrize("metric", METRICS.values(), ids=lambda m: m.name)
def test_every_name_keeps_the_naming_rules(metric: Metric) -> None:
    assert re.fullmatch(r"hatang_[a-z]+(_[a-z]+)*", metric.name)
    assert metric.unit in BASE_UNITS
    assert (metric.kind == "counter") == metric.name.endswith("_total")
    if metric.kind == "info":
        assert metric.name.endswith("_info")
    if metric.unit:
        assert metric.name.removesuffix("_total").endswith(f"_{metric.unit}")
    assert metric.help.endswith(".")
    assert "\n" not in metric.help


@pytest.mark.parametrize("metric", METRICS.values(), ids=lambda m: m.name)
def test_labels_are_named_once_and_are_no_reserved_words(metric: Metric) -> None:
    assert len(set(metric.labels)) == len(metric.labels)
    for label in metric.labels:
        assert re.fullmatch(r"[a-z][a-z_]*", label)
        assert label not in {"le", "quantile", "job", "instance"}
    assert not metric.known or len(metric.labels) == 1
    assert bool(metric.buckets) == (metric.kind == "histogram")


@pytest.mark.parametrize("metric", METRICS.values(), ids=lambda m: m.name)
def test_names_that_people_change_stand_in_info_series_only(metric: Metric) -> None:
    if metric.kind != "info":
        assert not {"name", "alias", "vendor", "model", "site", "title"} & set(metric.labels)


def test_every_instrument_of_the_daemon_is_in_the_table_and_the_other_way_round(
    registry: CollectorRegistry,
) -> None:
    made = [v for v in vars(Instruments(registry)).values() if isinstance(v, MetricWrapperBase)]
    kinds = {Counter: "counter", Gauge: "gauge", Histogram: "histogram"}
    found = {next(iter(m.describe())).name: kinds[type(m)] for m in made}
    assert found == {m.family: m.kind for m in METRICS.values() if m.part == "daemon"}


def test_known_label_values_are_there_before_the_first_error(registry: CollectorRegistry) -> None:
    Instruments(registry)
    text = generate_latest(registry).decode()
    assert 'hatang_store_errors_total{kind="full"} 0.0' in text
    assert 'hatang_slots_missed_total{reason="overrun"} 0.0' in text


def test_a_fresh_daemon_does_not_say_that_its_store_or_configuration_is_bad(
    registry: CollectorRegistry,
) -> None:
    Instruments(registry)
    assert registry.get_sample_value("hatang_store_ok") == 1
    assert registry.get_sample_value("hatang_config_reload_ok") == 1

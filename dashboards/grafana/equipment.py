"""Rows of the device dashboard for power, heat and consumables: UPS, printer, switch, server."""

from __future__ import annotations

from grafana_foundation_sdk.builders import dashboard as build

from dashboards.grafana import thresholds as t
from dashboards.grafana.panels import (
    BAD,
    GOOD,
    WARN,
    bars,
    lines,
    mapping,
    now,
    number,
    query,
    spans,
    steps,
)

_THIS = '{asset="$asset"}'
_ON_BATTERY = mapping({0: ("điện lưới / mains", GOOD), 1: ("ắc quy / battery", BAD)})
_SENSOR_STATES = mapping({0: ("tốt / good", GOOD), 1: ("chú ý / warning", WARN), 2: ("nguy", BAD)})


def add_power(made: build.Dashboard) -> None:
    """A UPS: where its power comes from, how full it is and how long it would last."""
    made.with_row(build.Row("Bộ lưu điện / UPS"))
    charge = steps((None, BAD), (t.UPS_CHARGE_LOW_RATIO, WARN), (t.UPS_CHARGE_GOOD_RATIO, GOOD))
    load = steps((None, GOOD), (t.UPS_LOAD_HIGH_RATIO, WARN), (1.0, BAD))
    runtime = steps((None, BAD), (t.UPS_RUNTIME_SHORT_S, WARN), (3 * t.UPS_RUNTIME_SHORT_S, GOOD))
    source = f"hatang_ups_on_battery{_THIS}"
    made.with_panel(number("Nguồn / Source", source, mappings=_ON_BATTERY))
    made.with_panel(
        number("Ắc quy / Charge", f"hatang_ups_charge_ratio{_THIS}", "percentunit", charge)
    )
    made.with_panel(number("Tải / Load", f"hatang_ups_load_ratio{_THIS}", "percentunit", load))
    made.with_panel(
        number("Còn chạy / Runtime", f"hatang_ups_runtime_seconds{_THIS}", "s", runtime)
    )
    made.with_panel(
        lines(
            "Ắc quy và tải / Charge and load",
            [
                query(f"hatang_ups_charge_ratio{_THIS}", "ắc quy / charge"),
                query(f"hatang_ups_load_ratio{_THIS}", "tải / load"),
            ],
            "percentunit",
        )
    )
    made.with_panel(
        spans("Nguồn / Source", query(source, "{{asset}}"), _ON_BATTERY, span=12, height=8)
    )


def add_supplies(made: build.Dashboard) -> None:
    """A printer's consumables, and what PoE gives."""
    made.with_row(build.Row("Vật tư và PoE / Supplies and PoE"))
    left = steps((None, BAD), (t.SUPPLY_EMPTY_RATIO, WARN), (t.SUPPLY_LOW_RATIO, GOOD))
    supply = f"max by (supply) (hatang_supply_ratio{_THIS})"
    made.with_panel(bars("Vật tư còn / Supplies", now(supply, "{{supply}}"), "percentunit", left))
    made.with_panel(
        lines(
            "PoE",
            [
                query(f"hatang_poe_consumption_watts{_THIS}", "dùng / used {{group}}"),
                query(f"hatang_poe_budget_watts{_THIS}", "tối đa / budget {{group}}"),
            ],
            "watt",
        )
    )


def add_sensors(made: build.Dashboard) -> None:
    """Temperatures, fans, and what the device itself thinks of its sensors."""
    made.with_row(build.Row("Cảm biến / Sensors"))
    made.with_panel(
        lines(
            "Nhiệt độ / Temperature",
            [query(f"hatang_sensor_celsius{_THIS}", "{{sensor}}")],
            "celsius",
            span=8,
        )
    )
    made.with_panel(
        lines("Quạt / Fans", [query(f"hatang_sensor_rpm{_THIS}", "{{sensor}}")], "rotrpm", span=8)
    )
    made.with_panel(
        lines(
            "Công suất / Power",
            [query(f"hatang_sensor_watts{_THIS}", "{{sensor}}")],
            "watt",
            span=8,
        )
    )
    states = query(f"hatang_sensor_state{_THIS}", "{{sensor}}")
    made.with_panel(spans("Tình trạng / State", states, _SENSOR_STATES, height=6))

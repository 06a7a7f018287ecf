"""The few kinds of panel that our dashboards are made of, all in one style.

A panel is a builder of the Grafana SDK; every query passes `promql.checked`. Titles are Vietnamese
and English, because the people who read one screen speak either.
"""

from __future__ import annotations

from collections.abc import Sequence
from string import ascii_uppercase
from typing import Literal

from grafana_foundation_sdk.builders import (
    bargauge,
    common,
    prometheus,
    stat,
    statetimeline,
    table,
    timeseries,
)
from grafana_foundation_sdk.builders import dashboard as build
from grafana_foundation_sdk.models import common as common_model
from grafana_foundation_sdk.models import dashboard as model
from grafana_foundation_sdk.models.prometheus import PromQueryFormat

from dashboards.grafana.promql import checked

DATASOURCE = model.DataSourceRef(type_val="prometheus", uid="${datasource}")
"""The Prometheus that the reader chose at the top of the dashboard."""

GOOD, WARN, BAD, PLAIN, GREY = "green", "orange", "red", "blue", "gray"

STATE_CODES = {
    "down": (0, "mất / down", BAD),
    "up": (1, "tốt / up", GOOD),
    "unreachable": (2, "bị chắn / unreachable", WARN),
    "maintenance": (3, "bảo trì / maintenance", PLAIN),
    "unknown": (4, "chưa rõ / unknown", GREY),
}
"""Numbers for a state timeline, which shows one series as coloured spans."""


def steps(*pairs: tuple[float | None, str]) -> build.ThresholdsConfig:
    """Colours from a value upwards; the first pair has None: from the bottom."""
    made = [model.Threshold(value=value, color=colour) for value, colour in pairs]
    return build.ThresholdsConfig().mode(model.ThresholdsMode.ABSOLUTE).steps(made)


def mapping(texts: dict[int, tuple[str, str]]) -> list[model.ValueMapping]:
    """What a number reads and looks like: number -> (text, colour)."""
    options = {
        str(number): model.ValueMappingResult(text=text, color=colour, index=index)
        for index, (number, (text, colour)) in enumerate(sorted(texts.items()))
    }
    return [model.ValueMap(options=options)]


STATES = mapping({code: (text, colour) for code, text, colour in STATE_CODES.values()})
YES_NO = mapping({0: ("không / no", BAD), 1: ("có / yes", GOOD)})


def query(expr: str, legend: str = "") -> prometheus.Dataquery:
    """A query over the dashboard's time. Raises ValueError for a metric that does not exist."""
    return prometheus.Dataquery().expr(checked(expr)).range().legend_format(legend).ref_id("A")


def now(expr: str, legend: str = "") -> prometheus.Dataquery:
    """A query of the present. Raises ValueError for a metric that does not exist."""
    return prometheus.Dataquery().expr(checked(expr)).instant().legend_format(legend).ref_id("A")


def number(
    title: str,
    expr: str,
    unit: str = "short",
    colours: build.ThresholdsConfig | None = None,
    mappings: Sequence[model.ValueMapping] = (),
    span: int = 3,
) -> stat.Panel:
    """One figure of now, coloured by thresholds."""
    return (
        stat.Panel()
        .title(title)
        .datasource(DATASOURCE)
        .with_target(now(expr))
        .unit(unit)
        .no_value("–")
        .mappings(list(mappings))
        .thresholds(colours or steps((None, PLAIN)))
        .graph_mode(common_model.BigValueGraphMode.NONE)
        .reduce_options(common.ReduceDataOptions().calcs(["lastNotNull"]))
        .span(span)
        .height(4)
    )


def bars(
    title: str,
    target: prometheus.Dataquery,
    unit: str,
    colours: build.ThresholdsConfig,
    span: int = 12,
    height: int = 8,
) -> bargauge.Panel:
    """One bar per series of now, 0 to 1."""
    return (
        bargauge.Panel()
        .title(title)
        .datasource(DATASOURCE)
        .with_target(target)
        .unit(unit)
        .min(0)
        .max(1)
        .thresholds(colours)
        .orientation(common_model.VizOrientation.HORIZONTAL)
        .display_mode(common_model.BarGaugeDisplayMode.BASIC)
        .reduce_options(common.ReduceDataOptions().calcs(["lastNotNull"]))
        .span(span)
        .height(height)
    )


def lines(
    title: str,
    targets: Sequence[prometheus.Dataquery],
    unit: str,
    span: int = 12,
    colours: build.ThresholdsConfig | None = None,
    stacked: bool = False,
) -> timeseries.Panel:
    """Series over time; a gap in the data stays a gap, because nobody knows what was there."""
    panel = (
        timeseries.Panel()
        .title(title)
        .datasource(DATASOURCE)
        .unit(unit)
        .min(0)
        .span_nulls(False)
        .show_points(common_model.VisibilityMode.NEVER)
        .span(span)
        .height(8)
    )
    for letter, target in zip(ascii_uppercase, targets, strict=False):
        panel.with_target(target.ref_id(letter))
    if colours is not None:
        panel.thresholds(colours).thresholds_style(
            common.GraphThresholdsStyleConfig().mode(common_model.GraphTresholdsStyleMode.DASHED)
        )
    if stacked:
        stacking = common.StackingConfig().mode(common_model.StackingMode.NORMAL)
        panel.stacking(stacking).fill_opacity(40)
    return panel


def spans(
    title: str,
    target: prometheus.Dataquery,
    mappings: Sequence[model.ValueMapping],
    span: int = 24,
    height: int = 5,
) -> statetimeline.Panel:
    """Coloured spans over time, one row per series."""
    return (
        statetimeline.Panel()
        .title(title)
        .datasource(DATASOURCE)
        .with_target(target)
        .mappings(list(mappings))
        .merge_values(True)
        .show_value(common_model.VisibilityMode.AUTO)
        .span(span)
        .height(height)
    )


def rows(
    title: str,
    expr: str,
    columns: dict[str, str],
    unit: str = "short",
    order: Literal["sort", "sort_desc", ""] = "",
    span: int = 12,
    height: int = 8,
) -> table.Panel:
    """A table of now. columns: label (or Value) -> heading, in order.

    Other labels are aggregated away, so that two daemons or a changed job make no second row.
    Names are no keys: where a name stands, its code or tag stands too, else two printers of one
    name were one row with the better of their figures. Raises ValueError when it does not.
    """
    if "name" in columns and not {"commune", "asset"} & set(columns) and '"$asset"' not in expr:
        raise ValueError(f"{title}: rows of a name alone; add the commune or the asset")
    labels = ", ".join(name for name in columns if name != "Value")
    target = now(f"{order}(max by ({labels}) ({expr}))" if order else f"max by ({labels}) ({expr})")
    organise = model.DataTransformerConfig(
        id_val="organize",
        options={
            "excludeByName": {"Time": True, "Value": "Value" not in columns},
            "indexByName": {name: place for place, name in enumerate(columns)},
            "renameByName": columns,
        },
    )
    panel = (
        table.Panel()
        .title(title)
        .datasource(DATASOURCE)
        .with_target(target.format(PromQueryFormat.TABLE))
        .with_transformation(organise)
        .show_header(True)
        .span(span)
        .height(height)
    )
    if "Value" in columns:
        panel.override_by_name(
            columns["Value"], [model.DynamicConfigValue(id_val="unit", value=unit)]
        )
    return panel

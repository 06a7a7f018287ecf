"""The district at a glance: how ready, how sure, what is down, what to buy first."""

from __future__ import annotations

from grafana_foundation_sdk.builders import dashboard as build
from grafana_foundation_sdk.models import dashboard as model

from dashboards.grafana import promql, variables
from dashboards.grafana import thresholds as t
from dashboards.grafana.panels import (
    BAD,
    GOOD,
    PLAIN,
    WARN,
    bars,
    lines,
    now,
    number,
    query,
    rows,
    steps,
)
from dashboards.grafana.promql import (
    with_asset_name,
    with_commune_name,
    with_requirement_title,
)

UID = "hatang-district"
_HERE = '{commune=~"$commune"}'
_TOTAL = '{commune=~"$commune",pillar="all"}'

READINESS_COLOURS = ((None, BAD), (t.READINESS_POOR_RATIO, WARN), (t.READINESS_GOOD_RATIO, GOOD))
NONE_IS_GOOD = ((None, GOOD), (1, BAD))


def dashboard() -> model.Dashboard:
    """The dashboard as Grafana's model."""
    made = (
        build.Dashboard("Hatang · Huyện / District")
        .uid(UID)
        .description("Readiness, devices and lines of all watched communes")
        .tags(["hatang"])
        .timezone("browser")
        .time("now-24h", "now")
        .refresh("1m")
        .link(
            build.DashboardLink("Thiết bị / Device")
            .type(model.DashboardLinkType.LINK)
            .url("/d/hatang-device")
            .include_vars(True)
            .keep_time(True)
        )
    )
    for variable in (variables.datasource(), variables.commune()):
        made.with_variable(variable)
    _figures(made)
    _readiness(made)
    _devices(made)
    _uplinks(made)
    _daemon(made)
    return made.build()


def _state(state: str) -> str:
    return f'sum(hatang_asset_state{{commune=~"$commune",state="{state}"}})'


def _figures(made: build.Dashboard) -> None:
    readiness = steps(*READINESS_COLOURS)
    confidence = steps((None, WARN), (t.CONFIDENCE_LOW_RATIO, GOOD))
    bad = steps(*NONE_IS_GOOD)
    alerts = 'count(ALERTS{alertname=~"Hatang.+",alertstate="firing"}) or vector(0)'
    for panel in (
        number(
            "Sẵn sàng / Readiness",
            f"avg(hatang_commune_readiness_ratio{_TOTAL})",
            "percentunit",
            readiness,
        ),
        number(
            "Độ tin cậy / Confidence",
            f"avg(hatang_commune_readiness_confidence_ratio{_TOTAL})",
            "percentunit",
            confidence,
        ),
        number("Đang tốt / Up", _state("up")),
        number("Mất / Down", _state("down"), colours=bad),
        number(
            "Bị chắn / Unreachable", _state("unreachable"), colours=steps((None, GOOD), (1, WARN))
        ),
        number("Chưa rõ / Unknown", _state("unknown")),
        number(
            "Chi phí bù đắp / Gap cost", f"sum(hatang_commune_gap_cost_vnd{_HERE})", "currencyVND"
        ),
        number("Cảnh báo / Alerts", alerts, colours=bad),
    ):
        made.with_panel(panel)


def _readiness(made: build.Dashboard) -> None:
    made.with_row(build.Row("Mức sẵn sàng / Readiness"))
    colours = steps(*READINESS_COLOURS)
    ranked = with_commune_name(f"hatang_commune_readiness_ratio{_TOTAL}")
    sure = with_commune_name(f"hatang_commune_readiness_confidence_ratio{_TOTAL}")
    pillars = with_commune_name('hatang_commune_readiness_ratio{commune=~"$commune",pillar!="all"}')
    costliest = f"topk(20, hatang_requirement_gap_cost_vnd{_HERE} > 0)"
    gaps = with_requirement_title(with_commune_name(costliest))
    verdicts = with_commune_name(f"sum by (commune, state) (hatang_commune_requirements{_HERE})")
    made.with_panel(
        bars("Theo xã / By commune", now(f"sort({ranked})", "{{name}}"), "percentunit", colours)
    )
    made.with_panel(
        bars(
            "Độ tin cậy / Confidence",
            now(f"sort({sure})", "{{name}}"),
            "percentunit",
            steps((None, WARN), (t.CONFIDENCE_LOW_RATIO, GOOD)),
        )
    )
    made.with_panel(
        rows(
            "Thiếu hụt tốn kém nhất / Costliest gaps",
            gaps,
            {
                "name": "Xã / Commune",
                "commune": "Mã / Code",
                "requirement": "Mã yêu cầu / Requirement",
                "title_vi": "Yêu cầu / Title",
                "Value": "VND",
            },
            "currencyVND",
            "sort_desc",
        )
    )
    made.with_panel(
        rows(
            "Theo trụ cột / By pillar",
            pillars,
            {
                "name": "Xã / Commune",
                "commune": "Mã / Code",
                "pillar": "Trụ cột / Pillar",
                "Value": "Sẵn sàng / Readiness",
            },
            "percentunit",
        )
    )
    made.with_panel(
        lines("Diễn biến / Trend", [query(ranked, "{{name}}")], "percentunit", colours=colours)
    )
    made.with_panel(
        rows(
            "Yêu cầu theo kết quả / Requirements by verdict",
            verdicts,
            {
                "name": "Xã / Commune",
                "commune": "Mã / Code",
                "state": "Kết quả / Verdict",
                "Value": "Số / Count",
            },
        )
    )
    _plans(made)


def _plans(made: build.Dashboard) -> None:
    """What to plan for: cost by level, what ends soon, what is missed most, above the norm."""
    made.with_row(build.Row("Kế hoạch / Planning"))
    by_level = with_commune_name(
        f"sum by (commune, level) (hatang_commune_gap_cost_vnd{_HERE}) > 0"
    )
    soon = with_commune_name(
        f"sum by (commune, ends, due) (hatang_commune_forecast_cost_vnd{_HERE}) > 0"
    )
    missed = with_requirement_title(
        'sum by (requirement) (hatang_requirement_state{commune=~"$commune",state=~"unmet|partly"})'
        " > 0"
    )
    above = with_commune_name(f"hatang_commune_above_norm{_HERE}")
    commune = {"name": "Xã / Commune", "commune": "Mã / Code"}
    made.with_panel(
        rows(
            "Chi phí bù đắp theo mức / Gap cost by level",
            by_level,
            {**commune, "level": "Mức / Level", "Value": "VND"},
            "currencyVND",
            "sort_desc",
        )
    )
    made.with_panel(
        rows(
            "Phải thay trong 12 tháng / To be replaced within 12 months",
            soon,
            {**commune, "ends": "Hết / Ends", "due": "Hạn / Due", "Value": "VND"},
            "currencyVND",
            "sort_desc",
        )
    )
    made.with_panel(
        rows(
            "Yêu cầu nhiều xã chưa đạt / Missed by most communes",
            missed,
            {
                "requirement": "Mã yêu cầu / Requirement",
                "title_vi": "Yêu cầu / Title",
                "Value": "Số xã / Communes",
            },
            order="sort_desc",
        )
    )
    made.with_panel(
        rows(
            "Vượt định mức / Above the norm",
            above,
            {**commune, "Value": "Số yêu cầu / Requirements"},
            order="sort_desc",
        )
    )
    oldest = f"max(time() - hatang_commune_evaluated_timestamp_seconds{_HERE})"
    made.with_panel(number("Đánh giá cũ nhất / Oldest evaluation", oldest, "s", span=4))
    due = 'sum(hatang_commune_forecast_cost_vnd{commune=~"$commune",due="year"})'
    made.with_panel(number("Thay trong 12 tháng / Due in 12 months", due, "currencyVND", span=4))


def _devices(made: build.Dashboard) -> None:
    made.with_row(build.Row("Thiết bị / Devices"))
    by_state = f"sum by (state) (hatang_asset_state{_HERE})"
    worst = with_asset_name(f"bottomk(15, hatang_asset_availability_ratio{_HERE})")
    down = with_asset_name('hatang_asset_state{commune=~"$commune",state="down"} == 1')
    made.with_panel(
        lines("Theo trạng thái / By state", [query(by_state, "{{state}}")], "short", stacked=True)
    )
    made.with_panel(
        rows(
            "Đang mất / Down now",
            down,
            {"name": "Thiết bị / Device", "asset": "Mã / Tag", "commune": "Xã / Commune"},
        )
    )
    made.with_panel(
        rows(
            "Sẵn có thấp nhất / Lowest availability",
            worst,
            {
                "name": "Thiết bị / Device",
                "asset": "Mã / Tag",
                "window": "Kỳ / Window",
                "Value": "Sẵn có / Availability",
            },
            "percentunit",
        )
    )
    made.with_panel(
        rows(
            "Cảnh báo / Alerts",
            'ALERTS{alertname=~"Hatang.+"}',
            {
                "alertname": "Cảnh báo / Alert",
                "alertstate": "Trạng thái / State",
                "commune": "Xã / Commune",
                "asset": "Thiết bị / Device",
            },
        )
    )


def _uplinks(made: build.Dashboard) -> None:
    made.with_row(build.Row("Đường truyền / Uplinks"))
    receive, transmit = (
        with_commune_name(
            "sum by (commune) ("
            + promql.on_uplink(f"rate(hatang_interface_{way}_bytes_total{_HERE}[$__rate_interval])")
            + ") * 8"
        )
        for way in ("receive", "transmit")
    )
    busy = with_commune_name(f"quantile_over_time(0.95, {promql.UPLINK_USE}{_HERE}[7d])")
    made.with_panel(
        lines(
            "Lưu lượng / Traffic",
            [query(receive, "{{name}} ↓"), query(transmit, "{{name}} ↑")],
            "bps",
        )
    )
    made.with_panel(
        bars(
            "Mức dùng p95, 7 ngày / Use p95, 7 days",
            now(busy, "{{name}}"),
            "percentunit",
            steps((None, GOOD), (t.UPLINK_BUSY_RATIO, WARN), (t.UPLINK_FULL_RATIO, BAD)),
        )
    )


def _daemon(made: build.Dashboard) -> None:
    made.with_row(build.Row("Hatang"))
    slow = (
        "histogram_quantile(0.95, sum by (le, kind) "
        "(rate(hatang_poll_duration_seconds_bucket[$__rate_interval])))"
    )
    failures = "sum by (kind, reason) (rate(hatang_poll_failures_total[$__rate_interval])) * 60"
    made.with_panel(lines("Thời gian đo p95 / Poll p95", [query(slow, "{{kind}}")], "s", span=8))
    made.with_panel(
        lines(
            "Lỗi đo mỗi phút / Failures a minute",
            [query(failures, "{{kind}} {{reason}}")],
            "short",
            span=8,
        )
    )
    made.with_panel(
        number(
            "Nhịp sống / Heartbeat age",
            "max(time() - hatang_heartbeat_timestamp_seconds)",
            "s",
            steps((None, GOOD), (t.HEARTBEAT_OLD_S, BAD)),
            span=4,
        )
    )
    made.with_panel(
        number(
            "Cơ sở dữ liệu / Database",
            "sum(hatang_database_size_bytes + hatang_wal_size_bytes)",
            "bytes",
            steps((None, PLAIN)),
            span=4,
        )
    )

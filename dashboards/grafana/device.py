"""One device: its state over time, how available it was, its ports, load and services."""

from __future__ import annotations

from grafana_foundation_sdk.builders import dashboard as build
from grafana_foundation_sdk.models import dashboard as model

from dashboards.grafana import thresholds as t
from dashboards.grafana import variables
from dashboards.grafana.equipment import add_power, add_sensors, add_supplies
from dashboards.grafana.panels import (
    BAD,
    GOOD,
    STATE_CODES,
    STATES,
    WARN,
    YES_NO,
    bars,
    lines,
    now,
    number,
    query,
    rows,
    spans,
    steps,
)

UID = "hatang-device"
_THIS = '{asset="$asset"}'

_STATE = (
    "sum by (asset) ("
    + " or ".join(
        f'(hatang_asset_state{{asset="$asset",state="{state}"}} * {code})'
        for state, (code, _, _) in STATE_CODES.items()
    )
    + ")"
)
"""The one-hot series of five states as one number (STATE_CODES)."""


def dashboard() -> model.Dashboard:
    """The dashboard as Grafana's model."""
    made = (
        build.Dashboard("Hatang · Thiết bị / Device")
        .uid(UID)
        .description("One device: state, ports, load and services")
        .tags(["hatang"])
        .timezone("browser")
        .time("now-24h", "now")
        .refresh("1m")
        .link(
            build.DashboardLink("Huyện / District")
            .type(model.DashboardLinkType.LINK)
            .url("/d/hatang-district")
            .keep_time(True)
        )
    )
    for variable in (variables.datasource(), variables.commune(), variables.asset()):
        made.with_variable(variable)
    _state(made)
    _ports(made)
    _load(made)
    add_power(made)
    add_supplies(made)
    add_sensors(made)
    _services(made)
    return made.build()


def _state(made: build.Dashboard) -> None:
    available = steps(
        (None, BAD), (t.AVAILABILITY_POOR_RATIO, WARN), (t.AVAILABILITY_GOOD_RATIO, GOOD)
    )
    since = f"time() - hatang_asset_boot_time_seconds{_THIS}"
    made.with_panel(number("Trạng thái / State", _STATE, mappings=STATES, span=4))
    made.with_panel(number("Chạy liên tục / Uptime", since, "s", span=4))
    made.with_panel(number("Khởi động lại / Reboots", f"hatang_asset_reboots_total{_THIS}", span=4))
    made.with_panel(
        rows(
            "Thiết bị / Device",
            f"hatang_asset_info{_THIS}",
            {
                "name": "Tên / Name",
                "class": "Loại / Class",
                "vendor": "Hãng / Vendor",
                "model": "Kiểu / Model",
                "serial": "Sê-ri / Serial",
                "os": "Hệ điều hành / OS",
                "site": "Nơi đặt / Site",
            },
            span=12,
            height=4,
        )
    )
    made.with_panel(spans("Trạng thái / State", query(_STATE, "{{asset}}"), STATES, height=4))
    made.with_panel(
        bars(
            "Sẵn có / Availability",
            now(f"hatang_asset_availability_ratio{_THIS}", "{{window}}"),
            "percentunit",
            available,
            height=5,
        )
    )
    made.with_panel(
        bars(
            "Thời gian có số liệu / Coverage",
            now(f"hatang_asset_coverage_ratio{_THIS}", "{{window}}"),
            "percentunit",
            steps((None, WARN), (t.CONFIDENCE_LOW_RATIO, GOOD)),
            height=5,
        )
    )


def _rate(name: str) -> str:
    return f"rate(hatang_interface_{name}_total{_THIS}[$__rate_interval])"


def _ports(made: build.Dashboard) -> None:
    made.with_row(build.Row("Cổng / Interfaces"))
    made.with_panel(
        lines(
            "Lưu lượng / Traffic",
            [
                query(f"{_rate('receive_bytes')} * 8", "{{interface}} ↓"),
                query(f"{_rate('transmit_bytes')} * 8", "{{interface}} ↑"),
            ],
            "bps",
        )
    )
    made.with_panel(
        lines(
            "Lỗi và bỏ gói / Errors and discards",
            [
                query(f"{_rate('receive_errors')}", "{{interface}} lỗi/errors ↓"),
                query(f"{_rate('transmit_errors')}", "{{interface}} lỗi/errors ↑"),
                query(f"{_rate('receive_discards')}", "{{interface}} bỏ/discards ↓"),
                query(f"{_rate('transmit_discards')}", "{{interface}} bỏ/discards ↑"),
            ],
            "pps",
        )
    )
    status = query(f"hatang_interface_oper_up{_THIS}", "{{interface}}")
    made.with_panel(spans("Cổng hoạt động / Port is up", status, YES_NO, span=12, height=8))
    made.with_panel(
        rows(
            "Danh sách cổng / Ports",
            f"hatang_interface_speed_bytes_per_second{_THIS} * 8 * on (commune, asset, interface) "
            f"group_left (alias, uplink) hatang_interface_info{_THIS}",
            {
                "interface": "Cổng / Port",
                "alias": "Mô tả / Alias",
                "uplink": "Đường lên / Uplink",
                "Value": "Tốc độ / Speed",
            },
            "bps",
        )
    )


def _used(which: str) -> str:
    where = f'{{asset="$asset",{which}}}'
    return f"hatang_asset_storage_used_bytes{where} / (hatang_asset_storage_size_bytes{where} > 0)"


def _load(made: build.Dashboard) -> None:
    made.with_row(build.Row("Tải / Load"))
    disk = steps((None, GOOD), (t.STORAGE_BUSY_RATIO, WARN), (t.STORAGE_FULL_RATIO, BAD))
    cpu = steps((None, GOOD), (t.CPU_BUSY_RATIO, WARN), (t.CPU_FULL_RATIO, BAD))
    made.with_panel(
        lines(
            "Bộ xử lý / CPU",
            [query(f"hatang_asset_cpu_ratio{_THIS}", "CPU")],
            "percentunit",
            span=8,
            colours=cpu,
        )
    )
    memory = query(_used('kind!="disk"'), "{{storage}}")
    made.with_panel(lines("Bộ nhớ / Memory", [memory], "percentunit", span=8, colours=disk))
    made.with_panel(
        bars(
            "Ổ đĩa / Storage",
            now(_used('kind="disk"'), "{{storage}}"),
            "percentunit",
            disk,
            span=8,
        )
    )


def _services(made: build.Dashboard) -> None:
    made.with_row(build.Row("Điểm đo / Endpoints"))
    latency = steps((None, GOOD), (t.LATENCY_SLOW_S, WARN), (t.LATENCY_BAD_S, BAD))
    expiry = f"(hatang_endpoint_certificate_expiry_timestamp_seconds{_THIS} - time()) / 86400"
    certificate = steps(
        (None, BAD), (t.CERTIFICATE_URGENT_DAYS, WARN), (t.CERTIFICATE_SOON_DAYS, GOOD)
    )
    made.with_panel(
        lines(
            "Độ trễ / Latency",
            [query(f"hatang_endpoint_latency_seconds{_THIS}", "{{endpoint}}")],
            "s",
            colours=latency,
        )
    )
    answered = query(f"hatang_endpoint_up{_THIS}", "{{endpoint}}")
    made.with_panel(spans("Có trả lời / Answered", answered, YES_NO, span=12, height=8))
    made.with_panel(
        number("Chứng thư còn / Certificate left", f"min({expiry})", "d", certificate, span=6)
    )
    age = f"time() - max(hatang_endpoint_last_look_timestamp_seconds{_THIS})"
    made.with_panel(number("Lần đo cuối / Last look", age, "s", span=6))

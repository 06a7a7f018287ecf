"""The alert and recording rules as a Prometheus rule file.

An alert's labels are stable ids only; names are looked up when its text is written, so that a
rename neither ends an alert nor starts a second one. What stands behind a dead edge device is
`unreachable`, not `down`, and raises nothing: one alert, not forty.
"""

from __future__ import annotations

import yaml

from dashboards.grafana import promql, thresholds
from dashboards.grafana.alert import ASSET, Alert
from dashboards.grafana.equipment_alerts import equipment_alerts
from dashboards.grafana.promql import on_uplink

_HEADER = "# Written by `python -m hatang.generate`; change dashboards/grafana/alerts.py."

_EDGES_DOWN = (
    'min by (commune) (hatang_asset_state{state="down"}'
    ' and on (commune, asset) hatang_asset_info{edge="true"}) == 1'
)
"""Communes all of whose edge devices are down; a second line that works is no cut."""

_UPLINK_PORT_DOWN = "max by (commune) ({}) == 1".format(
    on_uplink("(hatang_interface_admin_up == 1 and hatang_interface_oper_up == 0)")
)
"""Communes with an uplink that should be up and is not, seen from an edge that still answers."""

_EDGE_OF_A_CUT = (
    f'(hatang_asset_info{{edge="true"}} and on (commune) ({_EDGES_DOWN}))'  # Alerted by commune.
)

_COMMUNE = (
    '{{ with printf `hatang_commune_info{commune="%s"}` $labels.commune | query }}'
    "{{ . | first | label `name` }} {{ end }}({{ $labels.commune }})"
)


def alerts() -> tuple[Alert, ...]:
    """All alerts, the worst first."""
    t = thresholds
    heartbeat = f"last_over_time(hatang_heartbeat_timestamp_seconds[{t.DAEMON_REMEMBERED_FOR}])"
    backup = "hatang_backup_last_success_timestamp_seconds"
    started = f"process_start_time_seconds and on (job, instance) {backup}"
    total = 'hatang_commune_readiness_ratio{pillar="all"}'
    mandatory = 'hatang_commune_requirements{level="mandatory",state="unmet"}'
    return (
        Alert(
            "HatangDaemonSilent",
            f"time() - {heartbeat} > {t.HEARTBEAT_OLD_S} or absent({heartbeat})",
            t.DAEMON_SILENT_FOR,
            "critical",
            "Hatang không còn ghi nhịp sống; không ai đang theo dõi thiết bị",
            "Hatang writes no heartbeat; nobody is watching the devices",
            "Xem dịch vụ hatang có chạy không (systemctl status hatang) và nhật ký của nó.",
            "See whether the service runs (systemctl status hatang) and what its log says.",
        ),
        Alert(
            "HatangCommuneUplinkDown",
            f"{_EDGES_DOWN} or {_UPLINK_PORT_DOWN}",
            t.UPLINK_DOWN_FOR,
            "critical",
            f"{_COMMUNE} mất đường truyền",
            f"The uplink of {_COMMUNE} is down",
            "Các thiết bị phía sau được ghi là không với tới được và không cảnh báo riêng. "
            "Kiểm tra điện, thiết bị biên và nhà cung cấp đường truyền.",
            "What stands behind it is unreachable and raises no alert of its own. "
            "Check the power, the edge device and the line's provider.",
            keep_firing=t.KEEP_FIRING_FOR,
        ),
        Alert(
            "HatangDeviceDown",
            f'hatang_asset_state{{state="down"}} == 1 unless on (commune, asset) {_EDGE_OF_A_CUT}',
            t.DEVICE_DOWN_FOR,
            "warning",
            f"Thiết bị {ASSET} không trả lời",
            f"Device {ASSET} does not answer",
            "Thiết bị chắn phía trước vẫn sống: kiểm tra điện, cáp và chính thiết bị này.",
            "What stands in front of it answers: check power, cable and the device itself.",
            keep_firing=t.KEEP_FIRING_FOR,
        ),
        *equipment_alerts(),
        Alert(
            "HatangReadinessFell",
            f"{total} < ({total} offset {t.READINESS_COMPARED_DAYS}d) - {t.READINESS_FELL_RATIO}",
            t.READINESS_FELL_FOR,
            "warning",
            f"Mức sẵn sàng của {_COMMUNE} giảm còn {{{{ $value | humanizePercentage }}}}",
            f"Readiness of {_COMMUNE} fell to {{{{ $value | humanizePercentage }}}}",
            f"So với {t.READINESS_COMPARED_DAYS} ngày trước. "
            "Trang của xã nêu từng yêu cầu kèm bằng chứng.",
            f"Against {t.READINESS_COMPARED_DAYS} days ago. "
            "The commune's page shows each requirement with its evidence.",
        ),
        Alert(
            "HatangMandatoryRequirementLost",
            f"{mandatory} > ({mandatory} offset {t.READINESS_COMPARED_DAYS}d)",
            t.MANDATORY_UNMET_FOR,
            "warning",
            f"{_COMMUNE} không còn đạt một yêu cầu bắt buộc (nay {{{{ $value }}}} yêu cầu)",
            f"{_COMMUNE} no longer meets a mandatory requirement (now {{{{ $value }}}} of them)",
            f"So với {t.READINESS_COMPARED_DAYS} ngày trước. Trang so sánh hai ngày nêu yêu cầu "
            "nào đổi và vì sao.",
            f"Against {t.READINESS_COMPARED_DAYS} days ago. The page that compares two days shows "
            "which requirement changed and why.",
        ),
        Alert(
            "HatangReadinessNotSure",
            f'hatang_commune_readiness_confidence_ratio{{pillar="all"}} < {t.CONFIDENCE_LOW_RATIO}',
            t.CONFIDENCE_LOW_FOR,
            "warning",
            f"Độ tin cậy đánh giá {_COMMUNE} chỉ còn {{{{ $value | humanizePercentage }}}}",
            f"Confidence in the readiness of {_COMMUNE} is only "
            "{{ $value | humanizePercentage }}",
            "Bổ sung số liệu kê khai, kiểm kê hoặc theo dõi thiết bị trước khi so sánh các xã.",
            "Declare figures, take stock or watch more devices before communes are compared.",
        ),
        Alert(
            "HatangReadinessStale",
            f"max by (job) (time() - hatang_commune_evaluated_timestamp_seconds) > "
            f"{t.READINESS_MISSED} * max by (job) (hatang_readiness_interval_seconds)",
            t.READINESS_MISSED_FOR,
            "warning",
            "Có xã chưa được đánh giá lại từ {{ $value | humanizeDuration }}",
            "A commune has not been evaluated for {{ $value | humanizeDuration }}",
            "Xem nhật ký của dịch vụ: việc đánh giá (readiness) bị lỗi hoặc không kịp chạy.",
            "See the service's log: the job readiness fails or cannot keep up.",
        ),
        Alert(
            "HatangDiskFull",
            f'increase(hatang_store_errors_total{{kind="full"}}[{t.STORE_ERRORS_WITHIN}]) > 0',
            t.STORE_ERRORS_FOR,
            "critical",
            "Đĩa chứa cơ sở dữ liệu Hatang đã đầy",
            "The disk under Hatang's database is full",
            "Giải phóng chỗ trên đĩa của data_dir; Hatang tự ghi tiếp, không cần khởi động lại.",
            "Free space on the disk of data_dir; Hatang then goes on by itself without a restart.",
        ),
        Alert(
            "HatangDatabaseWriteErrors",
            f'sum without (kind) (increase(hatang_store_errors_total{{kind!="full"}}'
            f"[{t.STORE_ERRORS_WITHIN}])) > 0",
            t.STORE_ERRORS_FOR,
            "warning",
            "Hatang ghi cơ sở dữ liệu bị lỗi",
            "Hatang's database had write errors",
            "Nhật ký của dịch vụ nêu lỗi; kiểm tra đĩa và quyền của data_dir.",
            "The service's log names the error; check the disk and the rights of data_dir.",
        ),
        Alert(
            "HatangStoreNotWritable",
            "hatang_store_ok == 0",
            t.STORE_NOT_OK_FOR,
            "critical",
            "Hatang không ghi được cơ sở dữ liệu; số đo đang giữ trong bộ nhớ",
            "Hatang cannot write its database; observations are held in memory",
            "Bộ nhớ chỉ giữ được một số chu kỳ. Xem nhật ký, chỗ trống và quyền của data_dir.",
            "Memory holds only some cycles. See the log, the free space and rights of data_dir.",
        ),
        Alert(
            "HatangConfigReloadFailed",
            "hatang_config_reload_ok == 0",
            t.RELOAD_FAILED_FOR,
            "warning",
            "Cấu hình mới của Hatang bị từ chối; cấu hình cũ vẫn chạy",
            "Hatang refused its new configuration; the old one still runs",
            "Chạy `hatang check-config FILE`: mỗi lỗi một dòng, kèm tên tệp và khóa.",
            "Run `hatang check-config FILE`: one line an error, with file and key.",
        ),
        Alert(
            "HatangBackupTooOld",
            f"time() - ({backup} > 0 or ({started})) > {t.BACKUP_OLD_S}",
            t.BACKUP_OLD_FOR,
            "warning",
            "Bản sao lưu mới nhất của Hatang đã {{ $value | humanizeDuration }} tuổi",
            "Hatang's newest backup is {{ $value | humanizeDuration }} old",
            "Chạy `hatang backup` và xem vì sao việc sao lưu theo lịch không chạy.",
            "Run `hatang backup` and see why the scheduled one does not.",
        ),
    )


def recordings() -> dict[str, str]:
    """Recorded series: what dashboards ask over windows too long for raw counters."""
    receive = on_uplink("rate(hatang_interface_receive_bytes_total[5m])")
    transmit = on_uplink("rate(hatang_interface_transmit_bytes_total[5m])")
    speed = "hatang_interface_speed_bytes_per_second > 0"
    rates = (
        "rate(hatang_interface_receive_bytes_total[5m])",
        "rate(hatang_interface_transmit_bytes_total[5m])",
    )
    busier = " or ".join(
        f'label_replace({rate} / ({speed}), "way", "{way}", "", "")'
        for rate, way in zip(rates, ("receive", "transmit"), strict=True)
    )
    return {
        promql.ASSETS_BY_STATE: "sum by (commune, state) (hatang_asset_state)",
        promql.UPLINK_RECEIVE: f"sum by (commune) ({receive})",
        promql.UPLINK_TRANSMIT: f"sum by (commune) ({transmit})",
        promql.UPLINK_USE: f"max by (commune) ({on_uplink(f'({busier})')})",
    }


def rule_file() -> str:
    """The YAML text of the rule file, ready for `rule_files` of prometheus.yml."""
    recorded = [{"record": n, "expr": promql.checked(e)} for n, e in recordings().items()]
    groups = [
        {"name": "hatang-recorded", "interval": "1m", "rules": recorded},
        {"name": "hatang-alerts", "rules": [a.rule() for a in alerts()]},
    ]
    text = yaml.safe_dump({"groups": groups}, allow_unicode=True, sort_keys=False, width=1_000_000)
    return f"{_HEADER}\n{text}"

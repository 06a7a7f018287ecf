"""Alerts of power, heat and consumables: what a person must go and see to on the spot."""

from __future__ import annotations

from dashboards.grafana import thresholds as t
from dashboards.grafana.alert import ASSET, Alert

_ON_BATTERY = "hatang_ups_on_battery == 1"
_NEARLY_OUT = (
    f"(hatang_ups_battery_low == 1 and on (commune, asset) {_ON_BATTERY})"
    f" or (hatang_ups_charge_ratio < {t.UPS_CHARGE_LOW_RATIO}"
    f" and on (commune, asset) {_ON_BATTERY})"
    f" or (hatang_ups_runtime_seconds < {t.UPS_RUNTIME_SHORT_S}"
    f" and on (commune, asset) {_ON_BATTERY})"
)


def equipment_alerts() -> tuple[Alert, ...]:
    """The alerts, the worst first."""
    return (
        Alert(
            "HatangUpsNearlyOut",
            f"max by (commune, asset) (1 + 0 * ({_NEARLY_OUT}))",
            "0s",
            "critical",
            f"Bộ lưu điện {ASSET} sắp cạn",
            f"UPS {ASSET} is nearly out of power",
            "Thiết bị phía sau sắp mất điện: tắt máy chủ và thiết bị lưu trữ theo thứ tự.",
            "What hangs on it is about to lose power: shut servers and storage down in order.",
            keep_firing=t.KEEP_FIRING_FOR,
        ),
        Alert(
            "HatangUpsOnBattery",
            _ON_BATTERY,
            t.UPS_ON_BATTERY_FOR,
            "warning",
            f"Bộ lưu điện {ASSET} đang chạy bằng ắc quy",
            f"UPS {ASSET} runs on its battery",
            "Mất điện lưới hoặc đứt cầu dao trước bộ lưu điện; xem còn chạy được bao lâu.",
            "Mains power or the fuse before it is gone; see how long the battery will last.",
            keep_firing=t.KEEP_FIRING_FOR,
        ),
        Alert(
            "HatangSensorCritical",
            "count by (commune, asset) (hatang_sensor_state == 2)",
            t.SENSOR_CRITICAL_FOR,
            "warning",
            f"{{{{ $value }}}} cảm biến của {ASSET} báo nguy",
            f"{{{{ $value }}}} sensors of {ASSET} are critical",
            "Xem quạt, điều hòa và nguồn của thiết bị; trang thiết bị có số đo và ngưỡng.",
            "See to fans, air and power of the device; its page has the value and its limits.",
            keep_firing=t.KEEP_FIRING_FOR,
        ),
        Alert(
            "HatangSupplyLow",
            f'hatang_supply_ratio{{kind!="input"}} <= {t.SUPPLY_LOW_RATIO}',
            t.SUPPLY_LOW_FOR,
            "warning",
            f"{{{{ $labels.supply }}}} của {ASSET} còn {{{{ $value | humanizePercentage }}}}",
            f"{{{{ $labels.supply }}}} of {ASSET} is down to {{{{ $value | humanizePercentage }}}}",
            "Chuẩn bị vật tư thay thế trước khi thiết bị ngừng.",
            "Have a replacement at hand before it stops.",
        ),
    )

"""Writes what is generated from code and data: dashboards, rules and pages of the documentation.

    python -m hatang.generate            write
    python -m hatang.generate --check    write nothing; exit 1 and name what is stale

Needs the development dependencies and a checkout; the daemon never imports it.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

from grafana_foundation_sdk.cog.encoder import JSONEncoder
from grafana_foundation_sdk.models.dashboard import Dashboard

from config.profile import load_profile
from config.profile_schema import schema_text
from dashboards.grafana import alerts, device, district
from dashboards.metrics_page import metrics_page
from dashboards.profile_page import profile_page
from dashboards.reports.as_json import schema
from dashboards.settings_page import settings_page
from hatang.commands_page import commands_page

ROOT = Path(__file__).resolve().parents[1]
"""The checkout."""


def dashboard_json(dashboard: Dashboard) -> str:
    """A dashboard as Grafana's provisioning reads it, each panel with a number of its own."""
    data: dict[str, Any] = json.loads(json.dumps(dashboard, cls=JSONEncoder))
    for number, panel in enumerate(data["panels"], start=1):
        panel["id"] = number
    return json.dumps(data, ensure_ascii=False, indent=1) + "\n"


def generated() -> dict[str, str]:
    """Every generated file: path below the checkout -> text."""
    folder = "dashboards/grafana/generated"
    return {
        f"{folder}/district.json": dashboard_json(district.dashboard()),
        f"{folder}/device.json": dashboard_json(device.dashboard()),
        f"{folder}/alerts.yaml": alerts.rule_file(),
        "docs/metrics.md": metrics_page(),
        "docs/requirements.md": profile_page(load_profile("commune-2026")),
        "docs/commands.md": commands_page(),
        "docs/settings.md": settings_page(),
        "config/profiles/profile.schema.json": schema_text(),
        "docs/report.schema.json": report_schema(),
    }


def report_schema() -> str:
    """The JSON Schema of reports."""
    return json.dumps(schema(), ensure_ascii=False, indent=1, sort_keys=True) + "\n"


def stale(root: Path) -> list[str]:
    """The paths whose file below `root` is missing or differs from what would be written."""
    return [name for name, text in generated().items() if _read(root / name) != text]


def _read(path: Path) -> str:
    return path.read_text(encoding="utf-8") if path.exists() else ""


def write(root: Path) -> None:
    """Write every generated file below `root`."""
    for name, text in generated().items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")


def main(arguments: list[str]) -> int:
    """The command; returns its exit code."""
    if arguments not in ([], ["--check"]):
        print("usage: python -m hatang.generate [--check]", file=sys.stderr)
        return 2
    if not arguments:
        write(ROOT)
        return 0
    found = stale(ROOT)
    for name in found:
        print(f"{name} is stale: run python -m hatang.generate", file=sys.stderr)
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

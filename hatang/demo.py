"""Writes the demo into a folder: recordings, a scenario and a configuration.

Its equipment is registered by `hatang.demo_register`, so that it can be edited like any other.
Nothing here runs: `hatang demo` starts the simulator and the daemon on what was written. Writing
again keeps the database and the secrets and replaces the rest.
"""

from __future__ import annotations

import datetime as dt
import os
import secrets
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from collectors.snmp.simulator.mibs import Identity
from collectors.snmp.simulator.models import MODELS
from collectors.snmp.simulator.recorded import recording_text
from collectors.snmp.simulator.replay import loopback_addresses
from hatang.demo_district import (
    COMMUNES,
    DEMO_PAPER,
    SCENARIO,
    THUAN_BAC,
    declared_as_of,
)
from hatang.demo_equipment import DemoCommune, Device

FIRST_ADDRESS = "127.50.0.1"
PORT = 16100
V3_USER = "hatang-demo"
LISTEN = "127.0.0.1:8650"

SNMPD_COMMUNITY = "public"
"""What Debian's snmpd answers to on loopback as it is installed."""

_HEADER = "# Written by `hatang demo`, anew at each start: what you change here is lost.\n"


@dataclass(frozen=True, slots=True)
class Demo:
    """What was written and how its devices are served. secrets: name -> its file."""

    config: Path
    devices: Path
    scenario: Path
    secrets: dict[str, Path]
    count: int
    first_address: str = FIRST_ADDRESS
    port: int = PORT
    v3_user: str = V3_USER


def write_demo(
    folder: Path, *, snmpd: bool = False, port: int = PORT, listen: str = LISTEN
) -> Demo:
    """Write everything; snmpd: the machine's own SNMP agent answers to `public`, watch it too.

    Raises OSError.
    """
    folder.mkdir(parents=True, exist_ok=True)
    addresses = demo_addresses()
    known = {name: _secret(folder, name) for name in ("community", "auth_key", "priv_key")}
    if snmpd:
        _secret(folder, "local_community", SNMPD_COMMUNITY)
    devices = folder / "devices"
    shutil.rmtree(devices, ignore_errors=True)
    devices.mkdir()
    for number, (commune, device) in enumerate(demo_devices(), 1):
        identity = Identity(
            device.tag.lower(),
            number,
            f"UBND xa {commune.code}",
            patched_on=demo_day(device.patched_days),
        )
        text = recording_text(MODELS[device.model](identity))
        (devices / f"{device.tag}.snmprec").write_text(text, encoding="ascii")
    scenario = folder / "scenario.yaml"
    scenario.write_text(SCENARIO, encoding="utf-8")
    config = folder / "hatang.yaml"
    data = _config(listen, snmpd=snmpd)
    config.write_text(
        _HEADER + yaml.safe_dump(data, allow_unicode=True, sort_keys=False, width=100),
        encoding="utf-8",
    )
    return Demo(config, devices, scenario, known, len(addresses), port=port)


def demo_devices() -> Iterator[tuple[DemoCommune, Device]]:
    """Every simulated device with its commune."""
    for commune in COMMUNES:
        for device in commune.devices:
            yield commune, device


def demo_day(days_ago: int | None) -> dt.date | None:
    """A day of the demo's past; None for none."""
    if days_ago is None:
        return None
    return dt.datetime.now(dt.UTC).date() - dt.timedelta(days=days_ago)


def demo_addresses() -> dict[str, str]:
    """Tag -> address, as the simulator gives them out: by name."""
    tags = sorted(device.tag for _, device in demo_devices())
    return dict(zip(tags, loopback_addresses(FIRST_ADDRESS, len(tags)), strict=True))


def _secret(folder: Path, name: str, value: str | None = None) -> Path:
    """A file with a secret, random by default, for its owner alone; kept where there is one."""
    path = folder / "secrets" / name
    path.parent.mkdir(mode=0o700, exist_ok=True)
    if not path.exists():
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "w") as file:
            file.write(value or secrets.token_urlsafe(18))
    return path


def _config(listen: str, *, snmpd: bool) -> dict[str, Any]:
    credentials: dict[str, Any] = {
        "demo": {
            "version": "v2c",
            "community": {"file": "secrets/community"},
            "networks": ["127.50.0.0/16"],
        },
        "demo-v3": {
            "version": "v3",
            "user": V3_USER,
            "auth_key": {"file": "secrets/auth_key"},
            "priv_key": {"file": "secrets/priv_key"},
            "networks": ["127.50.0.0/16"],
        },
    }
    assets = [_this_machine()]
    if snmpd:
        credentials["this-machine"] = {
            "version": "v2c",
            "community": {"file": "secrets/local_community"},
            "networks": ["127.0.0.1/32"],
        }
        assets.append(_own_agent())
    assets += [_services(c, listen) for c in COMMUNES if c.probes_services]
    return {
        "node": "demo",
        "data_dir": "data",
        "credentials": credentials,
        "polling": {
            "interval": "15s",
            "timeout": "1s",
            "deadline": "10s",
            "retry": "2s",
            "down_after": 2,
        },
        # The demo judges at any hour, or nobody would see uptime on a Sunday.
        "office_hours": {
            "days": ["mon", "tue", "wed", "thu", "fri", "sat", "sun"],
            "spans": ["00:00-23:59"],
            "public_holidays": "none",
        },
        "web": {"listen": listen, "reading": "open"},
        "readiness": {"every": "30s"},
        "communes": [_commune_entry(c) for c in COMMUNES],
        "groups": [THUAN_BAC],
        "assets": assets,
    }


_COUNTED = ("desks", "sites", "inhabitants")


def _commune_entry(commune: DemoCommune) -> dict[str, Any]:
    as_of = declared_as_of(dt.datetime.now(dt.UTC).date())
    entry: dict[str, Any] = {"code": commune.code}
    for name in ("posts", "posts_group_8", "internet_bps", "tslcd_bps", *_COUNTED):
        if getattr(commune, name) is not None:
            entry[name] = getattr(commune, name)
    if commune.declared:
        entry["declared"] = {
            name: {"value": value, "as_of": as_of.isoformat(), "document": DEMO_PAPER}
            for name, value in commune.declared.items()
        }
    return entry


def _this_machine() -> dict[str, Any]:
    return {
        "tag": "TB-HOST",
        "name": "Máy đang chạy Hatang",
        "class": "server",
        "commune": COMMUNES[0].code,
        "endpoints": [{"kind": "host"}],
    }


def _own_agent() -> dict[str, Any]:
    return {
        "tag": "TB-SNMPD",
        "name": "snmpd của máy này",
        "class": "server",
        "commune": COMMUNES[0].code,
        "address": "127.0.0.1",
        "upstream": "TB-HOST",
        "endpoints": [{"kind": "snmp", "credential": "this-machine"}],
    }


def _services(commune: DemoCommune, listen: str) -> dict[str, Any]:
    """Stands for the province's portal of public services: Hatang's own page."""
    return {
        "tag": f"{commune.prefix}-DVC",
        "name": "Cổng dịch vụ công (mô phỏng)",
        "class": "other",
        "commune": commune.code,
        "endpoints": [{"kind": "http", "url": f"http://{listen}/"}],
    }

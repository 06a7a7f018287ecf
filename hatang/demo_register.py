"""Registers the demo's equipment in the database, where it can be edited like any other."""

from __future__ import annotations

from collections.abc import Iterator

from config.assets import Asset, AssetClass
from hatang.demo import Demo, demo_addresses, demo_day, demo_devices
from hatang.demo_declared import declare_demo
from hatang.demo_district import COMMUNES
from hatang.demo_equipment import DESK_ROOM, OFFICE_ROOM, DemoCommune, Device, Shelf
from hatang.plan import read_plan
from inventory.clock import SystemClock
from inventory.custom_field import Field, FieldKind
from inventory.custom_fields import CustomFields
from inventory.readiness.share_measures import PATCHED_ON
from inventory.register.entry import SYSTEM, Create, Edit, Query, Step
from inventory.register.register import Register
from inventory.store.desk import direct_desk

SITE = "Trụ sở UBND xã"


def register_demo(demo: Demo) -> int:
    """Register what is not registered yet; how many that were. Beside it, what people declared.

    What somebody has edited or removed stays so; only where a simulated device answers is put
    right. Raises StoreError (locked while a daemon runs on it).
    """
    plan = read_plan(demo.config)
    with direct_desk(plan.database) as desk:
        clock = SystemClock()
        register = Register(desk, plan.rules, clock)
        register.take_files(plan.files)
        here = register.search(Query(limit=None)).entries
        gone = register.search(Query(limit=None, removed=True)).entries
        known = {entry.asset.tag: entry.asset for entry in here}
        removed = {entry.asset.tag for entry in gone}
        steps: list[Step] = []
        for asset in demo_assets(demo.port):
            now = known.get(asset.tag)
            if now is None and asset.tag not in removed:
                steps.append(Create(asset))
            elif now is not None and (now.address, now.endpoints) != (
                asset.address,
                asset.endpoints,
            ):
                where = {"address": asset.address, "endpoints": _endpoints(asset)}
                steps.append(Edit(asset.tag, where))
        if steps:
            register.apply(steps, SYSTEM, reason="hatang demo")
        fields = CustomFields(register, desk, clock)
        if not any(field.name == PATCHED_ON for field in fields.fields()):
            computers = (AssetClass.DESKTOP, AssetClass.LAPTOP, AssetClass.SERVER)
            fields.create(Field(PATCHED_ON, FieldKind.DATE, computers), SYSTEM)
        declare_demo(plan, desk)
        return sum(isinstance(step, Create) for step in steps)


def demo_assets(port: int) -> Iterator[Asset]:
    """The demo's equipment; port: where simulated devices answer."""
    addresses = demo_addresses()
    for commune, device in demo_devices():
        yield _device(commune, device, addresses[device.tag], port)
    for commune in COMMUNES:
        for shelf in commune.shelves:
            for number in range(1, shelf.count + 1):
                yield Asset.model_validate(
                    {
                        "tag": f"{commune.prefix}-{shelf.code}-{number:02}",
                        "name": f"{shelf.name} số {number}",
                        "class": shelf.asset_class.value,
                        "commune": commune.code,
                        "site": SITE,
                        "room": DESK_ROOM if number <= shelf.desk else OFFICE_ROOM,
                        "in_use_since": shelf.bought,
                        "price_vnd": shelf.price_vnd,
                        "vendor": shelf.vendor,
                        "model": shelf.model,
                        "os": shelf.os,
                        "features": shelf.features,
                        "custom": _custom(shelf),
                    }
                )


def _custom(shelf: Shelf) -> dict[str, str]:
    day = demo_day(shelf.patched_days)
    return {} if day is None else {PATCHED_ON: day.isoformat()}


def _device(commune: DemoCommune, device: Device, address: str, port: int) -> Asset:
    bought = {} if device.bought is None else {"in_use_since": device.bought}
    price = {} if device.bought is None else {"price_vnd": device.price_vnd}
    edge = {"edge": True, "uplink": device.uplink} if device.edge else {}
    credential = "demo-v3" if device.v3 else "demo"
    return Asset.model_validate(
        {
            "tag": device.tag,
            "name": device.name,
            "class": device.asset_class.value,
            "commune": commune.code,
            "site": SITE,
            "room": "" if device.bought is None else device.room or "",
            "address": address,
            "features": device.features,
            "endpoints": [{"kind": "snmp", "credential": credential, "port": port}],
            **bought,
            **price,
            **edge,
        }
    )


def _endpoints(asset: Asset) -> list[dict[str, object]]:
    return [endpoint.model_dump(exclude_none=True) for endpoint in asset.endpoints]

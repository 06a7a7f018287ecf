"""The demo district: in order, answering, and telling its story."""

import asyncio
import socket
import stat
from collections import Counter

import pytest
from prometheus_client import CollectorRegistry

from collectors.base import Steps
from collectors.snmp.simulator.replay import simulate
from collectors.snmp.simulator.scenario import read_scenario
from collectors.targets import targets
from config.credentials import SnmpV3
from hatang.demo import write_demo
from hatang.demo_district import COMMUNES
from hatang.plan import read_plan
from inventory.metrics import Instruments


@pytest.fixture
def demo(tmp_path):
    """A demo on a port that nobody has now, not even a demo that runs beside the tests."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        probe.bind(("127.50.0.1", 0))
        port = probe.getsockname()[1]
    return write_demo(tmp_path / "demo", snmpd=True, port=port)


def test_what_is_written_is_in_order_and_has_six_communes_of_today(demo):
    plan = read_plan(demo.config, env={})
    assert len(plan.communes) == 6
    assert {u.name for u in plan.communes.values()} >= {"Xã Thuận Bắc", "Xã Công Hải"}
    classes = Counter(a.asset_class.value for a in plan.settings.assets if a.endpoints)
    wanted = ("switch", "router", "access_point", "server", "printer", "ups", "camera", "nas")
    assert all(classes[c] for c in wanted)
    assert len(targets(plan.settings)) > demo.count


def test_the_story_speaks_of_devices_that_exist(demo):
    names = {path.stem for path in demo.devices.glob("*.snmprec")}
    story = read_scenario(demo.scenario)
    for event in story.events:
        assert any(event.concerns(name) for name in names), event.device
    assert {rule.device for rule in story.traffic} <= names
    assert any(event.reboot for event in story.events)
    assert any(event.faults.links_down for event in story.events)


def test_every_device_answers_where_the_register_says(demo):
    plan = read_plan(demo.config, env={})
    keys = {name: path.read_text() for name, path in demo.secrets.items()}
    user = SnmpV3.model_validate(
        {
            "version": "v3",
            "user": demo.v3_user,
            "auth_key": keys["auth_key"],
            "priv_key": keys["priv_key"],
        }
    )
    instruments = Instruments(CollectorRegistry())
    wanted = [t for t in targets(plan.settings) if t.kind == "snmp" and t.asset.tag != "TB-SNMPD"]

    async def look_at_all():
        simulator = await simulate(
            demo.devices,
            base=demo.first_address,
            port=demo.port,
            community=keys["community"],
            v3_user=user,
        )
        answers = {}
        try:
            for target in wanted:
                assert simulator.addresses[target.asset.tag][0] == target.asset.address
                collector = target.collector(instruments)
                reading = await collector.collect(Steps())
                answers[target.asset.tag] = reading
                await collector.close()
        finally:
            await simulator.stop()
        return answers

    answers = asyncio.run(look_at_all())
    assert len(answers) == demo.count
    for tag, reading in answers.items():
        assert reading.facts["sys_name"] == tag.lower()
        assert reading.problems == ()
    edges = {d.tag: d.uplink for c in COMMUNES for d in c.devices if d.edge}
    for tag, uplink in edges.items():
        assert uplink in {i.name for i in answers[tag].interfaces}


def test_writing_again_keeps_secrets_and_database_and_replaces_the_rest(demo):
    folder = demo.config.parent
    secrets = {p.name: p.read_text() for p in demo.secrets.values()}
    (folder / "data").mkdir()
    (folder / "data" / "hatang.db").write_text("kept")
    demo.config.write_text("broken: [")
    again = write_demo(folder)
    assert {p.name: p.read_text() for p in again.secrets.values()} == secrets
    assert (folder / "data" / "hatang.db").read_text() == "kept"
    assert read_plan(again.config, env={}).communes
    for path in again.secrets.values():
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
        assert path.read_text() not in again.config.read_text()

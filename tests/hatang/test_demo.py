"""The demo district: in order, answering, and telling its story."""

import datetime as dt
import stat
import time
from collections import Counter
from dataclasses import replace

import pytest
from prometheus_client import CollectorRegistry

from collectors.base import CollectorError, Steps
from collectors.snmp.collector import SnmpCollector
from collectors.snmp.simulator.faults import worst
from collectors.snmp.simulator.motion import IF_OPER_STATUS, IFX_ENTRY
from collectors.snmp.simulator.replay import simulate
from collectors.snmp.simulator.scenario import read_scenario
from collectors.snmp.simulator.snmprec import read_recording
from collectors.targets import targets
from config.assets import AssetClass
from config.credentials import SnmpV2c, SnmpV3
from config.sections import Polling
from hatang.assessment import Assessor
from hatang.demo import write_demo
from hatang.demo_district import COMMUNES
from hatang.demo_register import register_demo
from hatang.plan import read_plan
from inventory.clock import SystemClock
from inventory.indicators.indicators import Indicators
from inventory.metrics import Instruments
from inventory.register.entry import SYSTEM, Query
from inventory.register.register import Register
from inventory.store.desk import direct_desk
from tests.collectors.still_time import run_still
from tests.free_port import free_port

IF_NAME = (*IFX_ENTRY, 1)


@pytest.fixture
def demo(tmp_path):
    """A demo on a port that nobody has now, not even a demo that runs beside the tests."""
    written = write_demo(tmp_path / "demo", snmpd=True, port=free_port())
    register_demo(written)
    return written


def test_what_is_written_is_in_order_and_has_six_communes_of_today(demo):
    plan = read_plan(demo.config, env={})
    assert len(plan.communes) == 6
    assert {u.name for u in plan.communes.values()} >= {"Xã Thuận Bắc", "Xã Công Hải"}
    classes = Counter(a.asset_class.value for a in plan.settings.assets if a.endpoints)
    wanted = ("switch", "router", "access_point", "server", "printer", "ups", "camera", "nas")
    assert all(classes[c] for c in wanted)
    assert len(targets(plan.settings)) > demo.count
    assert all(8 <= len(commune.devices) <= 14 for commune in COMMUNES)


def test_the_pages_and_the_devices_go_where_the_options_say(tmp_path):
    written = write_demo(tmp_path / "demo", port=16200, listen="127.0.0.1:8750")
    register_demo(written)
    plan = read_plan(written.config, env={})
    assert plan.settings.web.listen == ("127.0.0.1", 8750)
    polled = [e for a in plan.settings.assets for e in a.endpoints if e.kind == "snmp"]
    assert {e.port for e in polled} == {16200}


def test_one_commune_is_well_equipped_one_poorly_and_of_one_little_is_known(demo):
    settings = read_plan(demo.config, env={}).settings
    declared = {c.code: c for c in settings.communes}

    def of(code, *classes):
        return [a for a in settings.assets if a.commune == code and a.asset_class.value in classes]

    well, poor, little = "22849", "22846", "22801"
    for code, has in ((well, True), (poor, False)):
        for one in ("firewall", "ups", "scanner", "server"):
            assert bool(of(code, one)) == has, (code, one)
        assert any("backup" in a.features for a in settings.assets if a.commune == code) == has
        pcs = of(code, "desktop", "laptop")
        old = [a for a in pcs if a.in_use_since.year < 2019]
        assert (len(pcs) >= declared[code].posts) == has
        assert (len(old) > len(pcs) / 2) != has
        assert (declared[code].declared["case-files-online"].value > 0.9) == has
    assert of(little, "router", "ont", "switch")
    assert not of(little, "desktop", "laptop")
    assert all(a.in_use_since is None for a in settings.assets if a.commune == little)
    assert (declared[little].posts, declared[little].declared) == (None, {})
    assert all(
        "emo" in figure.document for c in settings.communes for figure in c.declared.values()
    )


def test_monthly_patching_is_met_in_one_commune_unmet_in_another_and_unknown_in_a_third(demo):
    plan = read_plan(demo.config, env={})
    found = {
        evaluation.commune: result.verdict.value
        for evaluation in Assessor(plan).of(("22852", "22840", "22846"), time.time())
        for result in evaluation.results
        if result.requirement == "patched-monthly"
    }
    assert found == {"22852": "met", "22840": "unmet", "22846": "unknown"}


def test_the_story_speaks_of_devices_that_exist(demo):
    names = {path.stem for path in demo.devices.glob("*.snmprec")}
    story = read_scenario(demo.scenario)
    for event in story.events:
        assert any(event.concerns(name) for name in names), event.device
    assert {rule.device for rule in story.traffic} <= names
    assert any(event.reboot for event in story.events)
    faults = worst(event.faults for event in story.events)
    assert faults.dead
    assert faults.drop
    assert faults.delay_s
    assert faults.links_down


def test_what_the_story_cuts_was_up_and_what_it_sends_fits_the_line(demo):
    story = read_scenario(demo.scenario)
    rows = {
        path.stem: {row.oid: row.value for row in read_recording(path).rows}
        for path in demo.devices.glob("*.snmprec")
    }
    cut = [
        (name, link)
        for event in story.events
        for link in event.faults.links_down
        for name in rows
        if event.concerns(name)
    ]
    assert cut
    for name, link in cut:
        assert rows[name][(*IF_OPER_STATUS, link)] == 1, (name, link)
    edges = {d.tag: (d.uplink, c.internet_bps) for c in COMMUNES for d in c.devices if d.edge}
    for rule in story.traffic:
        uplink, line_bps = edges[rule.device]
        assert rows[rule.device][(*IF_NAME, rule.interface)] == uplink.encode()
        assert rows[rule.device][(*IF_OPER_STATUS, rule.interface)] == 1
        assert max(rule.in_bps, rule.out_bps) * (1 + rule.swing) <= line_bps


def v3_user(demo):
    keys = {name: demo.secrets[name].read_text() for name in ("auth_key", "priv_key")}
    return SnmpV3.model_validate({"version": "v3", "user": demo.v3_user, **keys})


def test_every_device_answers_where_the_register_says(demo):
    plan = read_plan(demo.config, env={})
    instruments = Instruments(CollectorRegistry())
    wanted = [t for t in targets(plan.settings) if t.kind == "snmp" and t.asset.tag != "TB-SNMPD"]

    async def look_at_all():
        simulator = await simulate(
            demo.devices,
            base=demo.first_address,
            port=demo.port,
            community=demo.secrets["community"].read_text(),
            v3_user=v3_user(demo),
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

    answers = run_still(look_at_all())
    assert len(answers) == demo.count
    for tag, reading in answers.items():
        assert reading.facts["sys_name"] == tag.lower()
        assert reading.problems == ()
    changed = {
        t: max(p.installed_on for p in answers[t].programs) for t in ("TB-SV-01", "CH-SV-01")
    }
    assert changed["CH-SV-01"] < changed["TB-SV-01"] <= dt.date.today().isoformat()
    edges = {d.tag: d.uplink for c in COMMUNES for d in c.devices if d.edge}
    for tag, uplink in edges.items():
        assert uplink in {i.name for i in answers[tag].interfaces}


def test_in_the_story_a_firewall_answers_its_v3_user_and_no_community(demo):
    plan = read_plan(demo.config, env={})
    target = next(t for t in targets(plan.settings) if t.asset.tag == "TB-FW-01")
    community = demo.secrets["community"].read_text()
    credential = SnmpV2c.model_validate({"version": "v2c", "community": community})
    instruments = Instruments(CollectorRegistry())
    impatient = Polling.model_validate({"timeout": "200ms", "deadline": "1s"})

    async def ask_both():
        simulator = await simulate(
            demo.devices,
            base=demo.first_address,
            port=demo.port,
            community=community,
            v3_user=v3_user(demo),
            scenario=read_scenario(demo.scenario),
        )
        right = target.collector(instruments)
        wrong = SnmpCollector(target.endpoint, target.asset, credential, impatient, instruments)
        try:
            with pytest.raises(CollectorError) as silence:
                await wrong.collect(Steps())
            return await right.collect(Steps()), silence.value
        finally:
            await right.close()
            await wrong.close()
            await simulator.stop()

    reading, silence = run_still(ask_both())
    assert reading.facts["sys_name"] == "tb-fw-01"
    assert silence.reason == "timeout"


def test_writing_again_keeps_secrets_and_database_and_replaces_the_rest(demo):
    folder = demo.config.parent
    secrets = {p.name: p.read_text() for p in demo.secrets.values()}
    demo.config.write_text("broken: [")
    again = write_demo(folder)
    assert {p.name: p.read_text() for p in again.secrets.values()} == secrets
    assert read_plan(again.config, env={}).communes
    for path in again.secrets.values():
        assert path.read_text() not in again.config.read_text()
    files = list((folder / "secrets").iterdir())
    assert {path.name for path in files} == {*again.secrets, "local_community"}
    assert {stat.S_IMODE(path.stat().st_mode) for path in files} == {0o600}


def test_people_have_declared_what_the_file_says_and_the_history_shows_how(demo):
    plan = read_plan(demo.config, env={})
    with direct_desk(plan.database) as desk:
        indicators = Indicators(desk, SystemClock(), plan.ground)
        rows = {row.code: row.said for row in indicators.rows()}
        for commune in plan.settings.communes:
            for name, one in commune.declared.items():
                assert rows[commune.code][name].value == one.value, (commune.code, name)
        trained = rows["22849"]["staff-trained"]
        assert trained.holds
        assert trained.declaration
        assert len(indicators.history("22849", "staff-trained")) == 2
        entered = len(indicators.declarations())
    register_demo(demo)
    with direct_desk(plan.database) as desk:
        assert len(Indicators(desk, SystemClock(), plan.ground).declarations()) == entered


def test_what_somebody_edits_or_removes_in_the_demo_stays_so(demo):
    plan = read_plan(demo.config, env={})
    with direct_desk(plan.database) as desk:
        register = Register(desk, plan.rules, SystemClock())
        pc, other = [
            e.asset.tag for e in register.search(Query(classes=(AssetClass.DESKTOP,))).entries
        ][:2]
        register.edit(pc, {"room": "P. 101"}, SYSTEM)
        register.remove(other, SYSTEM)
        before = register.search(Query(limit=None)).total
    moved = replace(write_demo(demo.config.parent, snmpd=True, port=demo.port), port=demo.port + 1)
    assert register_demo(moved) == 0
    assets = {a.tag: a for a in read_plan(demo.config, env={}).settings.assets}
    assert len(assets) == before
    assert assets[pc].room == "P. 101"
    assert other not in assets
    ports = {
        e.port
        for a in assets.values()
        for e in a.endpoints
        if a.address != "127.0.0.1" and e.kind == "snmp"
    }
    assert ports == {demo.port + 1}

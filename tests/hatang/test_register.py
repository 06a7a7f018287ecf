"""What people register, in a running daemon: looked at without a restart, kept through one."""

import asyncio
import contextlib
import logging
import socket
import sqlite3
import time

import pytest

from config.assets import Asset
from hatang.daemon import Daemon
from hatang.plan import read_plan
from inventory.clock import SystemClock
from inventory.register.entry import Actor, Create, Query
from inventory.register.register import Register
from inventory.store.desk import direct_desk
from inventory.store.errors import StoreError
from inventory.uptime import State

LAN = Actor("lan", "web", "127.0.0.1")
WAIT_S = 60


@pytest.fixture
def environment(monkeypatch, canary):
    monkeypatch.setenv("HATANG_TEST_COMMUNITY", canary)


@pytest.fixture
def port():
    """A TCP port that answers."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield server.getsockname()[1]


def printer(port, tag="PR-1", **more):
    return Asset.model_validate(
        {
            "tag": tag,
            "name": "Máy in",
            "class": "printer",
            "commune": "22849",
            "address": "127.0.0.1",
            "endpoints": [{"kind": "tcp", "port": port}],
            **more,
        }
    )


async def until(found):
    """Let the daemon run until found() is true, a minute at most."""
    ends_s = time.monotonic() + WAIT_S
    while not found():
        assert time.monotonic() < ends_s, "it did not come"
        await asyncio.sleep(0.05)


def run(config, story):
    """Run the daemon in this process until `story(daemon)` ends; whether all was committed."""

    async def both():
        daemon = Daemon(read_plan(config))
        ready = asyncio.Event()
        running = asyncio.create_task(daemon.run(ready))
        waiting = asyncio.create_task(ready.wait())
        await asyncio.wait({running, waiting}, return_when=asyncio.FIRST_COMPLETED)
        try:
            await story(daemon)
        finally:
            daemon.stop()
            waiting.cancel()
        return await running

    return asyncio.run(both())


def is_up(daemon, tag):
    view = daemon.site.snapshot.assets.get(tag)
    return view is not None and view.state is State.UP


@contextlib.contextmanager
def database(config):
    connection = sqlite3.connect(f"file:{config.parent}/data/hatang.db?mode=ro", uri=True)
    try:
        yield connection
    finally:
        connection.close()


def test_what_is_registered_is_looked_at_and_its_history_follows_its_tag(
    environment, district, host_asset, port
):
    config = district(host_asset)

    async def story(daemon):
        register = daemon.site.register
        await asyncio.to_thread(register.create, printer(port), LAN)
        assert register.get("PR-1").version == 1
        await until(lambda: is_up(daemon, "PR-1"))
        await asyncio.to_thread(register.edit, "PR-1", {"tag": "PR-2"}, LAN)
        await until(lambda: is_up(daemon, "PR-2"))
        assert "PR-1" not in daemon.site.snapshot.assets
        await asyncio.to_thread(register.edit, "PR-2", {"status": "retired"}, LAN)
        await until(lambda: daemon.site.snapshot.assets["PR-2"].registered.status == "retired")
        await asyncio.to_thread(register.edit, "PR-2", {"status": "in_use"}, LAN)
        found = register.search(Query("may"))
        assert [e.asset.tag for e in found.entries] == ["PR-2", "SRV-1"]

    assert run(config, story)
    with database(config) as connection:
        assert connection.execute("SELECT tag FROM assets ORDER BY id").fetchall() == [
            ("SRV-1",),
            ("PR-2",),
        ]
        endpoints = connection.execute("SELECT id FROM endpoints ORDER BY id").fetchall()
        assert endpoints == [("PR-2/tcp",), ("SRV-1/host",)]
    assert [a.tag for a in read_plan(config).settings.assets] == ["SRV-1", "PR-2"]

    async def again(daemon):
        await until(lambda: is_up(daemon, "PR-2"))
        await asyncio.to_thread(daemon.site.register.remove, "PR-2", LAN)
        await until(lambda: "PR-2" not in daemon.site.snapshot.assets)

    assert run(config, again)


def test_a_change_has_its_commune_evaluated_at_once_and_no_other(
    environment, district, host_asset, port
):
    """Otherwise evaluations come every hour."""
    config = district(host_asset, '  - {code: "22840"}', readiness_every="1h")

    async def story(daemon):
        communes = daemon.site.snapshot.communes

        def evaluations():
            return {code: view.evaluation for code, view in communes.items()}

        def printers(found):
            result = next(r for r in found.results if r.requirement == "printer-per-3-posts")
            return [row.asset for row in result.evidence if row.asset]

        daemon.site.reconsider(communes)
        await until(lambda: all(evaluations().values()))
        before = evaluations()
        await asyncio.to_thread(daemon.site.register.create, printer(port), LAN)
        await until(lambda: evaluations()["22849"] is not before["22849"])
        assert printers(evaluations()["22849"]) == ["PR-1"]
        assert evaluations()["22840"] is before["22840"]
        daemon.site.reconsider(["22840", "not watched"])
        await until(lambda: evaluations()["22840"] is not before["22840"])

    assert run(config, story)


def test_many_rows_are_taken_over_together(environment, district, host_asset, caplog):
    config = district(host_asset)

    async def story(daemon):
        caplog.set_level(logging.INFO, "hatang.daemon")
        caplog.clear()
        register = daemon.site.register
        steps = [
            Create(printer(1, f"PC-{number}", address=None, endpoints=[])) for number in range(300)
        ]
        await asyncio.to_thread(register.apply, steps, LAN)
        await until(lambda: len(daemon.site.snapshot.assets) == 301)

    assert run(config, story)
    taken = [r for r in caplog.records if r.message.startswith("watching")]
    assert len(taken) <= 2  # the one of the start may still come


def test_what_does_not_fit_the_settings_any_more_is_used_without_it(
    environment, district, host_asset, port
):
    config = district(host_asset)
    with direct_desk(read_plan(config).database) as desk:
        plan = read_plan(config)
        register = Register(desk, plan.rules, SystemClock())
        lan = {"endpoints": [{"kind": "snmp", "credential": "lan"}]}
        register.create(printer(port, "PR-1", **lan), LAN)
        register.create(printer(port, "SRV-1", name="Máy khác", address=None, endpoints=[]), LAN)
    config.write_text(config.read_text().replace("  lan:", "  wan:"))
    plan = read_plan(config)
    assert [(a.tag, a.name) for a in plan.settings.assets] == [
        ("SRV-1", "Máy chủ một cửa"),
        ("PR-1", "Máy in"),
    ]
    assert plan.settings.assets[1].endpoints == ()
    assert [(d.tag, d.field) for d in plan.dropped] == [("SRV-1", "tag"), ("PR-1", "endpoints")]

    async def story(daemon):
        assert "SRV-1" in daemon.site.snapshot.problems["register"]
        register = daemon.site.register
        assert register.get("SRV-1").origin == "file"
        assert register.get("PR-1").asset.endpoints != ()
        await asyncio.to_thread(
            register.edit, "PR-1", {"endpoints": [{"kind": "tcp", "port": port}]}, LAN
        )
        await until(lambda: is_up(daemon, "PR-1"))

    assert run(config, story)


def test_no_command_changes_the_register_beside_a_daemon(environment, district, host_asset):
    config = district(host_asset)

    async def story(daemon):
        with pytest.raises(StoreError) as refused, direct_desk(read_plan(config).database):
            pass
        assert refused.value.kind == "locked"

    assert run(config, story)

"""Sites over a small district, served to a client or to a real browser."""

import datetime as dt
import shutil
import socket
import threading
from dataclasses import replace

import httpx
import pytest
import uvicorn
from prometheus_client import CollectorRegistry

from config.profile import load_profile
from config.sections import Asset, Settings
from dashboards.exposition import register
from dashboards.web.app import make_app
from dashboards.web.site import Site
from inventory.clock import SystemClock
from inventory.judgement import Judge
from inventory.metrics import Instruments
from inventory.observation import Outcome, StorageReading
from inventory.readiness.evaluate import evaluate
from inventory.readiness.facts import AssetFacts, CommuneFacts
from inventory.readiness.result import Evidence
from inventory.snapshot import (
    AssetView,
    CommuneView,
    EndpointView,
    FactView,
    InterfaceView,
    Snapshot,
)
from inventory.store.rows import AssetRow, Batch
from inventory.store.writer import Writer
from inventory.units import Unit
from inventory.uptime import Availability, Interval, State

DAY = 86_400.0


def _settings(texts):
    return Settings.model_validate(
        {
            "communes": [{"code": "22849", "posts": 20, "posts_group_8": 15}, {"code": "22840"}],
            "assets": [
                {
                    "tag": "RT-1",
                    "name": texts("Router UBND xã"),
                    "class": "router",
                    "commune": "22849",
                    "edge": True,
                    "address": "127.0.0.1",
                    "site": texts("Trụ sở"),
                    "vendor": texts("MikroTik"),
                    "price_vnd": 12_000_000,
                    "in_use_since": "2023-06-01",
                    "endpoints": [{"kind": "tcp", "port": 22}],
                },
                {
                    "tag": "SW-1",
                    "name": texts("Switch"),
                    "class": "switch",
                    "commune": "22849",
                    "address": "127.0.0.1",
                    "endpoints": [{"kind": "tcp", "port": 22}],
                },
                {
                    "tag": "PC-1",
                    "name": texts("Máy vi tính"),
                    "class": "desktop",
                    "commune": "22849",
                    "in_use_since": "2014-06-01",
                    "os": "Windows 7",
                },
            ],
        }
    )


def _view(number, asset: Asset, state, now_s, texts):
    totals = dict.fromkeys(State, 0.0) | {State.UP: 86_000.0, State.DOWN: 400.0}
    watched = bool(asset.endpoints)
    return AssetView(
        number,
        asset,
        state,
        now_s - 3700,
        behind="RT-1" if asset.tag == "SW-1" else None,
        endpoints=(
            EndpointView(
                f"{asset.tag}/tcp",
                "tcp",
                60.0,
                Outcome.UNREACHABLE,
                "timeout",
                texts("no answer"),
                now_s - 20,
                now_s - 90,
                2,
                2.0,
                0.012,
            ),
        )
        if watched
        else (),
        facts=(
            FactView("sys_descr", texts("RouterOS 7"), "measured", now_s - 60),
            FactView("sys_name", texts("rt-1"), "measured", now_s - 60),
        )
        if watched
        else (),
        interfaces=(
            InterfaceView(
                1,
                texts("ether1"),
                texts("WAN"),
                "aa",
                10**9,
                True,
                True,
                5,
                5,
                0,
                0,
                0,
                0,
                4.2e7,
                1e6,
                is_uplink=True,
            ),
        )
        if watched
        else (),
        storages=(StorageReading(texts("flash"), "disk", 2**30, 2**29),) if watched else (),
        cpu_ratio=0.25 if watched else None,
        booted_at_s=now_s - 10 * DAY if watched else None,
        availability={"24h": Availability(totals), "30d": Availability(totals)},
    )


@pytest.fixture
def site(tmp_path):
    """site(texts=…) -> Site with a database; texts changes every text that a stranger wrote."""
    made = []

    def make(texts=lambda text: text):
        now_s = SystemClock().wall()
        settings = _settings(texts)
        states = (State.UP, State.UNREACHABLE, State.UNKNOWN)
        views = {
            asset.tag: _view(number, asset, state, now_s, texts)
            for number, (asset, state) in enumerate(zip(settings.assets, states, strict=True), 1)
        }
        profile = load_profile("commune-2026")
        units = {
            code: Unit(code, "commune", texts(name), "56", dt.date(2025, 7, 1))
            for code, name in (("22849", "Xã Thuận Bắc"), ("22840", "Xã Công Hải"))
        }
        facts = CommuneFacts(
            units["22849"],
            settings.communes[0],
            tuple(AssetFacts(asset, asset.os) for asset in settings.assets),
        )
        evaluation = evaluate(profile, facts, now_s)
        results = tuple(
            replace(r, evidence=(*r.evidence, Evidence("measured", texts("proof"), now_s, "RT-1")))
            for r in evaluation.results
        )
        snapshot = Snapshot(
            views,
            {
                "22849": CommuneView(
                    units["22849"], settings.communes[0], replace(evaluation, results=results)
                ),
                "22840": CommuneView(units["22840"], settings.communes[1]),
            },
        )
        database = tmp_path / f"hatang-{len(made)}.db"
        writer = Writer(database)
        born = now_s - 20 * DAY
        writer.write(
            Batch(
                now_s,
                assets=[
                    AssetRow(n, asset.tag, asset.commune, "{}", born)
                    for n, asset in enumerate(settings.assets, 1)
                ],
                timelines={
                    1: [
                        Interval(State.UP, born, now_s - 5 * DAY),
                        Interval(State.DOWN, now_s - 5 * DAY, now_s - 5 * DAY + 7300),
                        Interval(State.UP, now_s - 5 * DAY + 7300),
                    ]
                },
            )
        )
        writer.close(clean=True)
        registry = CollectorRegistry()
        register(registry, snapshot, Instruments(registry).series_dropped)
        found = Site(
            settings,
            profile,
            Judge.of(settings),
            snapshot,
            registry,
            database,
            SystemClock(),
            "0.0.0",
        )
        made.append(found)
        return found

    return make


@pytest.fixture
def serve():
    """serve(site) -> address of a real server in a thread."""
    servers = []

    def start(found):
        opened = socket.create_server(("127.0.0.1", 0))
        server = uvicorn.Server(
            uvicorn.Config(make_app(found), log_config=None, lifespan="off", server_header=False)
        )
        thread = threading.Thread(target=server.run, kwargs={"sockets": [opened]}, daemon=True)
        thread.start()
        servers.append((server, thread, opened))
        return f"http://127.0.0.1:{opened.getsockname()[1]}"

    yield start
    for server, thread, opened in servers:
        server.should_exit = True
        thread.join(timeout=30)
        opened.close()


@pytest.fixture
def client_of(serve):
    """client_of(site) -> an HTTP client of a real server that serves it."""
    clients = []

    def start(found):
        clients.append(httpx.Client(base_url=serve(found), trust_env=False))
        return clients[-1]

    yield start
    for client in clients:
        client.close()


@pytest.fixture
def client(client_of, site):
    """A client of the plain site."""
    return client_of(site())


@pytest.fixture
def browser():
    """A real Chromium."""
    if shutil.which("chromium") is None:
        pytest.skip("needs Debian's chromium")
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(
            executable_path=shutil.which("chromium"),
            args=[
                *("--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"),
                *("--disable-background-networking", "--disable-component-update"),
                "--disable-sync",
            ],
        )
        yield opened
        opened.close()

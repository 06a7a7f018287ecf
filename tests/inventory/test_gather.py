"""Facts of communes from a real database."""

import datetime as dt
from zoneinfo import ZoneInfo

import pytest

from config.profile import load_profile
from config.sections import Settings
from inventory.gather import figures_of, gather
from inventory.readiness.evaluate import evaluate
from inventory.rollups import Bucket
from inventory.store.reader import Reader
from inventory.store.rows import AssetRow, Batch, EndpointRow, FactRow
from inventory.store.writer import Writer
from inventory.uptime import Interval, State

ZONE = ZoneInfo("Asia/Ho_Chi_Minh")


def at(day, hour, minute=0):
    return dt.datetime(2026, 11, day, hour, minute, tzinfo=ZONE).timestamp()


@pytest.fixture
def settings_of():
    return Settings.model_validate(
        {
            "communes": [{"code": "22849", "posts": 10}],
            "readiness": {"window": "7d"},
            "assets": [
                {
                    "tag": "RT",
                    "name": "Router",
                    "class": "router",
                    "edge": True,
                    "commune": "22849",
                    "address": "127.0.0.1",
                    "endpoints": [{"kind": "tcp", "port": 22}],
                },
                {"tag": "PC", "name": "Máy", "class": "desktop", "commune": "22849"},
            ],
        }
    )


def bucket(metric, hour_s, value):
    made = Bucket(metric, hour_s)
    made.add(value)
    return made


def test_office_hours_alone_count_for_uptime_and_figures(database, units, settings_of):
    # Wednesday 25 November 2026: down 06:00 to 09:30, of which two hours are office hours.
    writer = Writer(database)
    writer.write(
        Batch(
            at(25, 12),
            assets=[
                AssetRow(1, "RT", "22849", "{}", at(20, 0)),
                AssetRow(2, "PC", "22849", "{}", at(20, 0)),
            ],
            endpoints=[
                EndpointRow("RT/tcp", 1, "tcp", "e", 1, "ok", "", "", at(25, 12), at(25, 12))
            ],
            facts=[
                FactRow(1, "os", "measured", "RouterOS", at(25, 12)),
                FactRow(1, "os_version", "measured", "7", at(25, 12)),
            ],
            timelines={
                1: [
                    Interval(State.UP, at(20, 0), at(25, 6)),
                    Interval(State.DOWN, at(25, 6), at(25, 9, 30)),
                    Interval(State.UP, at(25, 9, 30)),
                ]
            },
            rollups=[
                (1, bucket("probe_ok", at(25, 3), 0.0)),
                (1, bucket("probe_ok", at(25, 10), 1.0)),
                (1, bucket("uplink_utilisation_ratio", at(25, 10), 0.5)),
            ],
        )
    )
    writer.close(clean=True)
    profile = load_profile("commune-2026")
    with Reader(database) as reader:
        (commune,) = gather(reader, settings_of, units, profile, at(25, 12))
    router, pc = commune.assets
    assert router.longest_outage_s == 2 * 3600
    assert router.office.totals[State.DOWN] == 2 * 3600
    assert router.os == "RouterOS 7"
    assert router.last_answer_at_s == at(25, 12)
    assert router.figures["probe_ok"].count == 1
    assert router.figures["probe_ok"].total == 1
    assert router.figures["uplink_utilisation_ratio"].count == 1
    assert (pc.office, pc.longest_outage_s, pc.figures) == (None, None, {})
    found = {r.requirement: r for r in evaluate(profile, commune, at(25, 12)).results}
    assert found["line-availability"].value < 1
    assert found["longest-outage"].value == 2


def test_figures_are_those_that_the_profile_asks_for():
    assert figures_of(load_profile("commune-2026")) == {"probe_ok", "uplink_utilisation_ratio"}

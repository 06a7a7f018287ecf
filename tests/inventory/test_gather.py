"""Facts of communes from a real database."""

import datetime as dt
from zoneinfo import ZoneInfo

import pytest

from config.assets import Asset
from config.profile import load_profile
from config.sections import Maintenance, Settings
from inventory.gather import Gathering, figures_of, gather
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


MORNING = ("2026-11-25T06:00:00+07:00", "2026-11-25T09:30:00+07:00")
"""Wednesday: down from 06:00 to 09:30, of which two hours are office hours."""


def write(database, rollups=None):
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
                FactRow(1, "os", "measured", "RouterOS", at(25, 11)),
                FactRow(1, "os_version", "measured", "7", at(25, 10)),
                FactRow(2, "os", "registered", "no measurement", at(25, 11)),
            ],
            timelines={
                1: [
                    Interval(State.UP, at(20, 0), at(25, 6)),
                    Interval(State.DOWN, at(25, 6), at(25, 9, 30)),
                    Interval(State.UP, at(25, 9, 30)),
                ]
            },
            rollups=rollups
            or [
                (1, bucket("probe_ok", at(25, 3), 0.0)),
                (1, bucket("probe_ok", at(25, 9), 0.0)),
                (1, bucket("probe_ok", at(25, 10), 1.0)),
                (1, bucket("uplink_utilisation_ratio", at(25, 10), 0.5)),
                (1, bucket("cpu_ratio", at(25, 10), 0.5)),
            ],
        )
    )
    writer.close(clean=True)


def test_office_hours_alone_count_for_uptime_and_figures(database, units, settings_of):
    write(database)
    profile = load_profile("commune-2026")
    with Reader(database) as reader:
        (commune,) = gather(reader, settings_of, units, profile, at(25, 12))
    router, pc = commune.assets
    assert commune.zone == ZONE
    assert router.longest_outage_s == 2 * 3600
    assert router.office.totals[State.DOWN] == 2 * 3600
    assert router.observed_at_s == at(25, 12)
    assert (router.os, router.os_at_s) == ("RouterOS 7", at(25, 11))
    assert router.last_answer_at_s == at(25, 12)
    probes = router.figures["probe_ok"]
    assert (probes.count, probes.total, probes.hours) == (2, 1.0, 2)
    # From Friday the 20th to Wednesday noon: three whole days, and four hours of this morning.
    assert probes.of_hours == 3 * 8 + 4
    assert probes.last_at_s == at(25, 10)
    assert sum(probes.histogram) == 2
    assert router.figures["uplink_utilisation_ratio"].count == 1
    assert "cpu_ratio" not in router.figures
    assert (pc.office, pc.longest_outage_s, pc.observed_at_s, pc.figures) == (None, None, None, {})
    found = {r.requirement: r for r in evaluate(profile, commune, at(25, 12)).results}
    assert found["line-availability"].value < 1
    assert found["longest-outage"].value == 2
    assert found["online-services-reachable"].value == 0.5
    assert found["pc-per-post"].evidence[0].source == "registered"


def test_what_is_registered_wins_over_what_was_measured(database, units, settings_of):
    write(database)
    typed = [
        a.model_copy(update={"os": "RouterOS 6"}) if a.tag == "RT" else a
        for a in settings_of.assets
    ]
    with Reader(database) as reader:
        (commune,) = gather(
            reader,
            settings_of.model_copy(update={"assets": tuple(typed)}),
            units,
            load_profile("commune-2026"),
            at(25, 12),
        )
    assert (commune.assets[0].os, commune.assets[0].os_at_s) == ("RouterOS 6", None)


def test_planned_work_is_no_outage(database, units, settings_of):
    write(database)
    planned = Maintenance.model_validate(
        {"commune": "22849", "from": MORNING[0], "to": MORNING[1], "reason": "fibre"}
    )
    settings = settings_of.model_copy(update={"maintenance": (planned,)})
    with Reader(database) as reader:
        (commune,) = gather(reader, settings, units, load_profile("commune-2026"), at(25, 12))
    router = commune.assets[0]
    assert router.office.totals[State.MAINTENANCE] == 2 * 3600
    assert (router.office.ratio, router.longest_outage_s) == (1.0, 0.0)


def test_only_the_window_counts(database, units, settings_of):
    write(database)
    with Reader(database) as reader:
        (commune,) = gather(
            reader, settings_of, units, load_profile("commune-2026"), at(25, 12) + 8 * 86400
        )
    router = commune.assets[0]
    assert (router.longest_outage_s, router.figures) == (0.0, {})


def test_what_the_database_has_never_seen_is_registered_and_not_observed(
    database, units, settings_of
):
    Writer(database).close(clean=True)
    with Reader(database) as reader:
        (commune,) = gather(reader, settings_of, units, load_profile("commune-2026"), at(25, 12))
    assert [a.registered.tag for a in commune.assets] == ["RT", "PC"]
    assert {(a.office, a.last_answer_at_s, a.os) for a in commune.assets} == {(None, None, "")}


def test_the_first_minutes_of_an_hour_count_at_once(database, units, settings_of):
    write(database, [(1, bucket("probe_ok", at(25, 10), 1.0))])
    with Reader(database) as reader:
        (commune,) = gather(reader, settings_of, units, load_profile("commune-2026"), at(25, 10, 3))
    assert commune.assets[0].figures["probe_ok"].count == 1


def test_hours_of_one_metric_alone_are_read_in_order(database):
    write(database)
    with Reader(database) as reader:
        found = reader.rollups("probe_ok", [at(25, 10), at(25, 3), at(25, 11)])
        assert {id: [(b.hour_s, b.total) for b in line] for id, line in found.items()} == {
            1: [(at(25, 3), 0.0), (at(25, 10), 1.0)]
        }
        assert found[1][1].histogram[-1] == 1
        assert reader.rollups("probe_ok", []) == {}
        assert reader.rollups("latency_s", [at(25, 10)]) == {}


def test_figures_are_those_that_the_profile_asks_for():
    profile = load_profile("commune-2026")
    assert figures_of(profile) == {"probe_ok", "probe_latency_s", "uplink_utilisation_ratio"}
    counts = tuple(r for r in profile.requirements if r.measure.measure == "asset_count")
    assert figures_of(profile.model_copy(update={"requirements": counts})) == set()


def test_asked_for_one_commune_a_cause_in_another_still_counts(database, units):
    """The commune's router hangs on one of the district, which hangs on nothing."""
    router = {"class": "router", "address": "127.0.0.1", "endpoints": [{"kind": "ping"}]}
    settings = Settings.model_validate(
        {
            "communes": [{"code": "22849"}, {"code": "22840"}],
            "readiness": {"window": "7d"},
            "assets": [
                {
                    "tag": "RT",
                    "name": "Xã",
                    "commune": "22849",
                    "upstream": "HUB",
                    "edge": True,
                    **router,
                },
                {"tag": "HUB", "name": "Huyện", "commune": "22840", **router},
                {"tag": "PC", "name": "Máy", "class": "desktop", "commune": "22840"},
            ],
        }
    )
    writer = Writer(database)
    writer.write(
        Batch(
            at(25, 12),
            assets=[AssetRow(n, tag, "-", "{}", at(20, 0)) for n, tag in enumerate(("RT", "HUB"))],
            timelines={
                0: [
                    Interval(State.UP, at(20, 0), at(25, 8)),
                    Interval(State.DOWN, at(25, 8), None, "HUB"),
                ],
                1: [Interval(State.UP, at(20, 0), at(25, 8)), Interval(State.DOWN, at(25, 8))],
            },
        )
    )
    writer.close(clean=True)
    gathering = Gathering(settings, dict.fromkeys(("22849", "22840"), units["22849"]))
    with Reader(database) as reader:
        (commune,) = gathering.facts(reader, ["22849"], [load_profile("commune-2026")], at(25, 12))
    (asset,) = commune.assets
    assert asset.office.totals[State.UNREACHABLE] == 3.5 * 3600
    assert asset.office.totals[State.DOWN] == 0


def test_the_time_of_what_no_requirement_asks_about_is_not_read(database, units, settings_of):
    write(database)
    profile = load_profile("commune-2026")
    counts = tuple(r for r in profile.requirements if r.measure.measure == "asset_count")
    with Reader(database) as reader:
        (asked,) = gather(reader, settings_of, units, profile, at(25, 12))
        (counted,) = gather(
            reader,
            settings_of,
            units,
            profile.model_copy(update={"requirements": counts}),
            at(25, 12),
        )
    assert asked.assets[0].office is not None
    assert (counted.assets[0].office, counted.assets[0].figures) == (None, {})
    assert counted.assets[0].last_answer_at_s == at(25, 12)


def desk(tag, commune, **more):
    values = {"tag": tag, "name": "Máy", "class": "desktop", "commune": commune}
    return Asset.model_validate(values | more)


def test_a_register_that_changed_a_little_is_sorted_as_one_that_is_sorted_anew(database, units):
    """Edited, moved, come and gone, at the beginning, in the middle and at the end."""
    Writer(database).close(clean=True)
    codes = ["22849", "22840", "22852"]
    known = dict.fromkeys(codes, units["22849"])
    base = Settings.model_validate({"communes": [{"code": code} for code in codes]})
    old = [desk(f"{code}-{n}", code) for code in codes for n in range(3)]
    first, last = old[0], old[-1]
    edited = old[4].model_copy(update={"room": "P. 2"})
    changes = {
        "nothing": old,
        "an edit": [*old[:4], edited, *old[5:]],
        "a move": [*old[:4], old[4].model_copy(update={"commune": "22852"}), *old[5:]],
        "one that came and one that went": [desk("A", "22849"), *old[1:-1], desk("Z", "22852")],
        "another order": [last, *old[1:-1], first],
        "none is left": [],
    }
    before = Gathering(base.model_copy(update={"assets": tuple(old)}), known)
    with Reader(database) as reader:
        for what, assets in changes.items():
            settings = base.model_copy(update={"assets": tuple(assets)})
            quick = before.after(settings, known).facts(reader, codes, [], at(25, 12))
            anew = Gathering(settings, known).facts(reader, codes, [], at(25, 12))
            for ours, theirs in zip(quick, anew, strict=True):
                tags = [sorted(a.registered.tag for a in c.assets) for c in (ours, theirs)]
                assert tags[0] == tags[1], what
            if what == "an edit":
                assert quick == anew

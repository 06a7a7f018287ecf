"""What devices say of their programs, batteries and ports, as facts from a real database."""

import datetime as dt
from zoneinfo import ZoneInfo

import pytest

from config.profile import Profile
from config.sections import Settings
from inventory.equipment import ProgramReading, UpsReading
from inventory.gather import gather
from inventory.gather_devices import kinds_of
from inventory.known_equipment import to_json
from inventory.readiness.facts import Number, Runtime
from inventory.store.reader import Reader
from inventory.store.rows import AssetRow, Batch, EquipmentRow, FactRow, InterfaceRow
from inventory.store.writer import Writer
from inventory.uptime import Interval, State

ZONE = ZoneInfo("Asia/Ho_Chi_Minh")


def at(day, hour, minute=0):
    return dt.datetime(2026, 11, day, hour, minute, tzinfo=ZONE).timestamp()


NOW_S = at(25, 12)


def profile_of(*measures):
    return Profile.model_validate(
        {
            "id": "p",
            "version": "1",
            "title": {"vi": "v", "en": "e"},
            "valid_from": "2026-01-01",
            "pillars": [{"id": "a", "title": {"vi": "v", "en": "e"}}],
            "requirements": [
                {
                    "id": f"r{n}",
                    "pillar": "a",
                    "title": {"vi": "v", "en": "e"},
                    "basis": {"kind": "ours", "document": "test"},
                    "level": "mandatory",
                    "measure": measure,
                    "unit": unit,
                    "at_least": 1,
                }
                for n, (measure, unit) in enumerate(measures)
            ],
        }
    )


ANY = {"classes": []}
PROGRAMS = ({"measure": "asset_share", "of": ANY, "protected_by": "antivirus"}, "ratio")
UPS = ({"measure": "ups_runtime"}, "seconds")
OUTAGES = ({"measure": "outage_count", "of": ANY}, "count")
PORTS = ({"measure": "asset_sum", "of": ANY, "figure": "lan_ports"}, "count")


@pytest.mark.parametrize(
    ("measure", "unit", "kinds"),
    [
        (*PROGRAMS, {"programs"}),
        (*UPS, {"ups"}),
        (*PORTS, {"ports"}),
        ({"measure": "line_bandwidth", "line": "uplink"}, "bps", {"ports"}),
        ({"measure": "line_bandwidth"}, "bps", set()),
        ({"measure": "asset_sum", "of": ANY, "custom": "Ghế"}, "count", set()),
        ({"measure": "asset_count", "of": {"software": "office"}}, "count", {"programs"}),
        (
            {"measure": "asset_share", "of": ANY, "having": {"software": "office"}},
            "ratio",
            {"programs"},
        ),
        ({"measure": "asset_share", "of": ANY, "unpatched_for": "30d"}, "ratio", {"programs"}),
        ({"measure": "asset_share", "of": ANY, "past_life": True}, "ratio", set()),
    ],
)
def test_only_what_a_profile_asks_for_is_read(measure, unit, kinds):
    assert kinds_of([profile_of((measure, unit))]) == kinds


@pytest.fixture
def settings():
    watched = {"address": "127.0.0.1", "endpoints": [{"kind": "tcp", "port": 22}]}
    router = {"class": "router", "edge": True, "uplink": "wan", **watched}
    assets = [
        {"tag": "RT", "name": "Router", "commune": "22849", **router},
        {"tag": "UPS", "name": "UPS", "commune": "22849", "class": "ups", **watched},
    ]
    return Settings.model_validate(
        {"communes": [{"code": "22849"}], "readiness": {"window": "7d"}, "assets": assets}
    )


@pytest.fixture
def written(database):
    battery = UpsReading(False, 1.0, 0.4, 900.0)
    programs = (ProgramReading("clamd", running=True), ProgramReading("bash", "2026-11-20"))
    writer = Writer(database)
    up, down = State.UP, State.DOWN
    writer.write(
        Batch(
            NOW_S,
            assets=[
                AssetRow(1, "RT", "22849", "{}", at(20, 0)),
                AssetRow(2, "UPS", "22849", "{}", at(20, 0)),
            ],
            facts=[
                FactRow(1, "os_family", "measured", "fortios", at(25, 9)),
                FactRow(1, "os_version", "measured", "7.2.8", at(25, 9)),
                FactRow(1, "lan_ports", "measured", "8", at(25, 9)),
                FactRow(1, "wifi_radios", "registered", "2", at(25, 9)),
                FactRow(2, "os_family", "measured", "linux", at(25, 9)),
                FactRow(2, "os_version", "measured", "6.1", at(25, 9)),
            ],
            interfaces=[
                InterfaceRow(1, 1, "wan", "", "", 1_000_000_000, True, True, at(25, 8)),
                InterfaceRow(1, 2, "lan1", "", "", 100, True, True, at(25, 8)),
            ],
            equipment=[
                EquipmentRow(1, "programs", to_json("programs", programs), at(25, 7)),
                EquipmentRow(2, "ups", to_json("ups", battery), at(25, 7)),
                EquipmentRow(2, "programs", "[]", at(25, 7)),
            ],
            timelines={
                1: [
                    Interval(up, at(20, 0), at(24, 9)),
                    Interval(down, at(24, 9), at(24, 9, 30)),
                    Interval(up, at(24, 9, 30), at(24, 18)),
                    Interval(down, at(24, 18), at(24, 20)),
                    Interval(up, at(24, 20), at(25, 7)),
                    Interval(down, at(25, 7), at(25, 8)),
                    Interval(up, at(25, 8)),
                ]
            },
        )
    )
    writer.close(clean=True)
    return database


def gathered(database, settings, units, *measures):
    with Reader(database) as reader:
        (commune,) = gather(reader, settings, units, profile_of(*measures), NOW_S)
    return commune.assets


def test_programs_runtime_ports_and_uplink_are_read_with_their_ages(written, settings, units):
    router, ups = gathered(written, settings, units, PROGRAMS, UPS, PORTS)
    assert router.programs.protection == {"antivirus": "ClamAV"}
    assert router.programs.changed_on == dt.date(2026, 11, 20)
    assert (router.programs.at_s, router.programs.is_whole) == (at(25, 7), True)
    assert ups.ups == Runtime(900.0, at(25, 7), on_battery=False)
    assert router.numbers == {
        "lan_ports": Number(8.0, at(25, 9)),
        "uplink_bps": Number(1e9, at(25, 8)),
    }
    # Who lists no program has no such list.
    assert ups.programs is None


def test_what_nobody_asks_for_is_not_read(written, settings, units):
    router, ups = gathered(written, settings, units, ({"measure": "line_bandwidth"}, "bps"))
    assert (router.programs, router.numbers, ups.ups) == (None, {}, None)


def test_each_outage_counts_with_its_office_hours_and_those_at_night_do_not(
    written, settings, units
):
    router, ups = gathered(written, settings, units, OUTAGES)
    assert router.outages_s == (1800.0, 1800.0)
    assert router.longest_outage_s == 1800.0
    assert (ups.outages_s, ups.longest_outage_s) == ((), None)


def test_a_kind_of_system_counts_as_its_name_only_where_its_support_is_known(
    written, settings, units
):
    router, ups = gathered(written, settings, units, UPS)
    assert (router.os, router.os_at_s) == ("fortios 7.2.8", at(25, 9))
    assert (ups.os, ups.os_at_s) == ("", None)


def test_ones_own_table_of_systems_reaches_the_facts(written, settings, units, tmp_path):
    own = tmp_path / "own.csv"
    own.write_text(
        "prefix,supported_until,source\nlinux 6.1,2027-12-31,kernel.org\n", encoding="utf-8"
    )
    readiness = settings.readiness.model_copy(update={"os_support": own})
    with_own = settings.model_copy(update={"readiness": readiness})
    with Reader(written) as reader:
        (commune,) = gather(reader, with_own, units, profile_of(UPS), NOW_S)
    assert commune.systems.of("Linux 6.1").until == dt.date(2027, 12, 31)

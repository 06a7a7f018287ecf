"""What was seen and is not registered: one row a thing, with what it may be."""

import threading

import pytest
from hypothesis import given
from hypothesis import strategies as st
from prometheus_client import CollectorRegistry

from config.discovery import Discovery
from config.sections import Asset
from inventory import inbox as module
from inventory.inbox import Inbox
from inventory.match import Known
from inventory.metrics import Instruments
from inventory.observation import Claim, ClaimKind
from inventory.sighting import (
    Decision,
    How,
    Report,
    ScanState,
    Sighting,
    ThingState,
    Tries,
    cleaned,
    report_from_json,
    report_to_json,
)
from inventory.store.errors import StoreError
from inventory.store.reader import Reader
from inventory.store.writer import Writer

NOW_S = 1_795_000_000.0
SERIAL = Claim(ClaimKind.SERIAL, "CZ3014LK7P")
ENGINE = Claim(ClaimKind.ENGINE_ID, "800000090300aabbccddee")
SWEEP = {"communes": [{"code": "22849", "ranges": ["10.20.0.0/24"]}]}


def asset(tag="SW-01", **more):
    return Asset.model_validate(
        {"tag": tag, "name": tag, "class": "switch", "commune": "22852", **more}
    )


def sighting(address="10.20.0.7", how=How.SCAN, at_s=NOW_S, **more):
    return Sighting(how, address, at_s, **more)


class Run:
    """An inbox on a database, with the register that tests change."""

    def __init__(self, path):
        self.path = path
        self.assets = []
        self.facts = {}
        self.open()

    def open(self):
        self.writer = Writer(self.path)
        with Reader(self.path) as reader:
            things = reader.things()
        self.instruments = Instruments(CollectorRegistry())
        self.inbox = Inbox(
            things,
            self.writer,
            lambda: Known(self.assets, self.facts),
            Discovery.model_validate(SWEEP),
            self.instruments,
        )

    def saw(self, *sightings):
        for one in sightings:
            self.inbox.seen(one)
        self.inbox.step(NOW_S)
        return self.stored()

    def stored(self):
        with Reader(self.path) as reader:
            return reader.things()

    def again(self):
        self.writer.close(clean=True)
        self.open()
        self.inbox.step(NOW_S)

    def close(self):
        self.writer.close(clean=True)


@pytest.fixture
def run(tmp_path):
    made = Run(tmp_path / "hatang.db")
    yield made
    made.close()


def test_a_thing_seen_twice_is_one_row_that_knows_both_times(run):
    run.saw(sighting(claims=(SERIAL,), facts={"vendor": "Ruijie"}))
    (thing,) = run.saw(sighting(at_s=NOW_S + 60, claims=(SERIAL, ENGINE), facts={"model": "S2910"}))
    assert (thing.first_seen_s, thing.last_seen_s, thing.count) == (NOW_S, NOW_S + 60, 2)
    assert thing.facts == {"vendor": "Ruijie", "model": "S2910"}
    assert set(thing.claims) == {SERIAL, ENGINE}
    assert thing.state is ThingState.NEW


def test_a_thing_is_known_by_what_it_claims_at_another_address(run):
    run.saw(sighting("10.20.0.7", claims=(ENGINE,)))
    (thing,) = run.saw(sighting("10.20.0.90", how=How.NEIGHBOUR, claims=(ENGINE,)))
    assert thing.addresses == ("10.20.0.7", "10.20.0.90")
    assert thing.how == (How.SCAN, How.NEIGHBOUR)


def test_another_device_on_an_old_address_is_another_thing(run):
    other = Claim(ClaimKind.SERIAL, "CZ9999AAAA")
    things = run.saw(sighting(claims=(SERIAL,)), sighting(claims=(other,)))
    assert [thing.claims for thing in things] == [(SERIAL,), (other,)]


def test_what_says_nothing_of_itself_is_known_by_its_address(run):
    (thing,) = run.saw(sighting(), sighting(), sighting(how=How.TRAP))
    assert thing.count == 3


def test_a_placeholder_of_a_maker_makes_no_two_things_one(run):
    junk = Claim(ClaimKind.SERIAL, "To be filled by O.E.M.")
    assert len(run.saw(sighting("10.20.0.7", claims=(junk,)), sighting("10.20.0.8"))) == 2


@pytest.mark.parametrize(
    ("registered", "seen", "by"),
    [
        ({"serial": "cz3014lk7p"}, {"claims": (SERIAL,)}, "serial"),
        ({"address": "10.20.0.7"}, {}, "address"),
    ],
)
def test_what_is_surely_registered_is_no_news(run, registered, seen, by):
    run.assets = [asset(**registered)]
    (thing,) = run.saw(sighting(**seen))
    assert thing.state is ThingState.REGISTERED
    assert (thing.match.tag, thing.match.by, thing.match.sure) == ("SW-01", by, True)


def test_another_serial_on_a_registered_address_is_put_before_a_person(run):
    run.assets = [asset(address="10.20.0.7", serial="OLD-1")]
    (thing,) = run.saw(sighting(claims=(SERIAL,)))
    assert thing.state is ThingState.NEW
    assert (thing.match.by, thing.match.against) == ("address", "serial")


def test_a_name_alone_proposes_and_never_decides(run):
    run.assets = [asset()]
    run.facts = {"SW-01": [("sys_name", "sw-core")]}
    (thing,) = run.saw(sighting(claims=(Claim(ClaimKind.SYS_NAME, "SW-Core"),)))
    assert (thing.state, thing.match.by) == (ThingState.NEW, "sys_name")


def test_two_assets_of_one_serial_are_no_match(run):
    run.assets = [asset("SW-01", serial="CZ3014LK7P"), asset("SW-02", serial="CZ3014LK7P")]
    (thing,) = run.saw(sighting(claims=(SERIAL,)))
    assert thing.match is None


def test_what_was_measured_of_an_asset_counts(run):
    run.assets = [asset()]
    run.facts = {"SW-01": [("engine_id", ENGINE.value), ("os", "x")]}
    (thing,) = run.saw(sighting(claims=(ENGINE,)))
    assert (thing.match.tag, thing.match.by) == ("SW-01", "engine_id")


def test_a_mac_address_seen_in_an_arp_table_finds_the_asset(run):
    run.assets = [asset()]
    run.facts = {"SW-01": [("base_mac", "001a2b3c4d5e")]}
    (thing,) = run.saw(sighting("10.20.0.50", how=How.NEIGHBOUR, mac="001a2b3c4d5e"))
    assert thing.match.tag == "SW-01"


def test_a_neighbour_that_tells_only_its_name_is_one_row(run):
    named = Sighting(How.NEIGHBOUR, "", NOW_S, claims=(Claim(ClaimKind.SYS_NAME, "sw-02"),))
    other = Sighting(How.NEIGHBOUR, "", NOW_S, claims=(Claim(ClaimKind.SYS_NAME, "sw-03"),))
    assert [thing.count for thing in run.saw(named, other, named)] == [2, 1]


def test_the_commune_is_that_of_the_range_else_that_of_the_match(run):
    run.assets = [asset(serial="CZ3014LK7P")]
    inside, elsewhere, matched = run.saw(
        sighting("10.20.0.7"), sighting("10.99.0.7"), sighting("10.99.0.8", claims=(SERIAL,))
    )
    assert [thing.commune for thing in (inside, elsewhere, matched)] == ["22849", "", "22852"]


def test_registering_a_thing_settles_it_and_taking_it_out_makes_it_new_again(run):
    run.saw(sighting(claims=(SERIAL,)))
    run.assets = [asset(serial="CZ3014LK7P")]
    run.inbox.register(Discovery())
    run.inbox.step(NOW_S)
    assert run.stored()[0].state is ThingState.REGISTERED
    run.assets = []
    run.inbox.register(Discovery())
    run.inbox.step(NOW_S)
    assert run.stored()[0].state is ThingState.NEW


def test_what_looks_have_learned_since_settles_a_thing_in_a_while(run):
    run.assets = [asset()]
    run.saw(sighting(claims=(ENGINE,)))
    run.facts = {"SW-01": [("engine_id", ENGINE.value)]}
    run.inbox.step(NOW_S + 1)
    assert run.stored()[0].state is ThingState.NEW
    run.inbox.step(NOW_S + module.MATCH_AGAIN_AFTER_S)
    assert run.stored()[0].state is ThingState.REGISTERED


def test_what_a_person_ignores_stays_ignored_when_it_is_seen_again(run):
    (thing,) = run.saw(sighting())
    decision = Decision(thing.id, ThingState.IGNORED, "máy của khách", NOW_S + 5)
    run.inbox.tell(Report(decisions=(decision,)))
    (thing,) = run.saw(sighting(at_s=NOW_S + 60))
    assert (thing.state, thing.reason, thing.count) == (ThingState.IGNORED, "máy của khách", 2)


def test_everything_is_there_after_a_restart(run):
    before = run.saw(sighting(claims=(SERIAL, ENGINE), mac="001a2b3c4d5e", credential="lan"))
    run.again()
    assert run.stored() == before
    (thing,) = run.saw(sighting(claims=(ENGINE,)))
    assert thing.count == 2


def test_what_could_not_be_written_is_written_later(run):
    run.writer.close(clean=True)
    run.inbox.seen(sighting())
    with pytest.raises(StoreError):
        run.inbox.step(NOW_S)
    run.writer.reopen()
    assert len(run.saw()) == 1


def test_sweeps_and_tries_are_kept_and_the_old_ones_go(run):
    scan = ScanState("22849", NOW_S, "d", NOW_S, "running", 64, 254, 2, "hand")
    tried = Tries("10.20.0.7", "lan", "2026-11-18", 2, 1)
    run.inbox.tell(Report(scans=(scan,), tries=(tried,)))
    run.inbox.step(NOW_S)
    with Reader(run.path) as reader:
        assert reader.scans() == [scan]
        assert reader.tries("2026-11-18") == [tried]
    run.inbox.tell(Report(tries=(Tries("10.20.0.8", "lan", "2026-11-30", 1, 0),)))
    run.inbox.step(NOW_S + 120 * 86400)
    with Reader(run.path) as reader:
        assert reader.scans() == []
        assert reader.tries("2026-11-18") == []


def test_a_flood_of_traps_leaves_room_for_what_sweeps_find(run, monkeypatch):
    monkeypatch.setattr(module, "MOST_BY_TRAP", 5)
    traps = [sighting(f"198.51.100.{n}", how=How.TRAP) for n in range(20)]
    things = run.saw(*traps, sighting())
    assert len(things) == 6
    assert run.instruments.sightings_dropped._value.get() == 15


def test_a_full_queue_drops_and_counts(run, monkeypatch):
    monkeypatch.setattr(module, "QUEUE_SIZE", 3)
    assert len(run.saw(*(sighting(f"10.20.0.{n}") for n in range(1, 6)))) == 3


def test_many_threads_may_tell_at_once(run):
    def tell(number):
        for last in range(50):
            run.inbox.seen(sighting(f"10.20.{number}.{last}"))

    threads = [threading.Thread(target=tell, args=(n,)) for n in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(run.saw()) == 400


def test_the_gauge_counts_things_by_state(run):
    run.assets = [asset(serial="CZ3014LK7P")]
    run.saw(sighting("10.20.0.7"), sighting("10.20.0.8", claims=(SERIAL,)))
    gauge = run.instruments.inbox_things
    assert [gauge.labels(s)._value.get() for s in ("new", "ignored", "registered")] == [1, 0, 1]


@given(st.text(), st.dictionaries(st.text(), st.text(), max_size=60), st.text())
def test_any_text_of_a_device_can_be_stored_and_shown(address, facts, serial):
    claims = (Claim(ClaimKind.SERIAL, serial),)
    seen = cleaned(sighting(address, facts=facts, claims=claims))
    assert cleaned(seen) == seen
    told = "".join(
        [seen.address, *seen.facts, *seen.facts.values(), *(c.value for c in seen.claims)]
    )
    assert told == "" or told.isprintable()
    assert len(seen.facts) <= 40
    assert report_from_json(report_to_json(Report((seen,)))) == Report((seen,))


def test_what_a_person_says_a_thing_is_stands_until_that_asset_is_gone(run):
    (thing,) = run.saw(sighting(facts={"sys_name": "x"}))
    decision = Decision(thing.id, ThingState.REGISTERED, "", NOW_S, tag="SW-01")
    run.inbox.tell(Report(decisions=(decision,)))
    run.inbox.step(NOW_S)
    run.inbox.register(Discovery())
    run.inbox.step(NOW_S + 2)  # registered a moment ago and not looked at yet
    assert (run.stored()[0].state, run.stored()[0].match.tag) == (ThingState.REGISTERED, "SW-01")
    run.assets = [asset("SW-01"), asset("SW-02", address="10.20.0.7")]
    run.inbox.register(Discovery())
    run.inbox.step(NOW_S + 900)
    assert run.stored()[0].match.tag == "SW-01"
    run.assets = [asset("SW-02", address="10.20.0.7")]
    run.inbox.register(Discovery())
    run.inbox.step(NOW_S + 1800)
    assert (run.stored()[0].match.tag, run.stored()[0].match.by) == ("SW-02", "address")


def test_the_same_serial_of_another_maker_is_another_device(run):
    run.assets = [asset("SW-01", serial="CZ3014LK7P", vendor="Dell")]
    (thing,) = run.saw(sighting(claims=(SERIAL,), facts={"vendor": "HPE"}))
    assert thing.match is None
    run.assets = [asset("SW-01", serial="CZ3014LK7P", vendor="Hewlett-Packard")]
    run.inbox.register(Discovery())
    run.inbox.step(NOW_S + 900)
    assert run.stored()[0].match.sure


def test_a_uuid_matches_whichever_way_its_bytes_are_written(run):
    told = "00112233-4455-6677-8899-aabbccddeeff"
    run.assets = [asset("PC-1")]
    run.facts = {"PC-1": [("system_uuid", "33221100554477668899aabbccddeeff")]}
    (thing,) = run.saw(sighting(claims=(Claim(ClaimKind.SYSTEM_UUID, told),)))
    assert (thing.match.tag, thing.match.sure) == ("PC-1", True)

"""The parts alone: who a sender is, whose clock counts, what is remembered, and how little."""

import asyncio

import pytest

from collectors.snmp.pdu import Rejected
from collectors.snmp.pysnmp_v3 import Security, User, v3_packet
from collectors.snmp.simulator.ber import tlv
from collectors.snmp.simulator.message import encode_message
from collectors.snmp.traps.bucket import Bucket
from collectors.snmp.traps.receiver import _MOST_REMEMBERED
from collectors.snmp.traps.senders import Sender, plain_address, senders, trusted
from collectors.snmp.traps.usm import LocalEngine, UsmReceiver
from config.sections import Settings

THEIR_ENGINE = b"\x80\x00\x00\x00\x05them"


class Clock:
    """Seconds that pass only when a test says so."""

    def __init__(self):
        self.now_s = 1000.0

    def __call__(self):
        return self.now_s


def test_a_bucket_gives_a_burst_and_then_its_rate():
    clock = Clock()
    bucket = Bucket(60, clock)
    assert [bucket.take() for _ in range(61)] == [True] * 60 + [False]
    clock.now_s += 2.0
    assert [bucket.take() for _ in range(3)] == [True, True, False]
    clock.now_s += 1e6
    assert [bucket.take() for _ in range(61)] == [True] * 60 + [False]


@pytest.fixture
def heard(v3, trap):
    """heard(boots, time): the reason why a trap by this clock is not taken, '' where it is."""
    credential = v3()
    clock = Clock()
    receiver = UsmReceiver(LocalEngine(b"\x80\x00\x00\x00\x05ours", 9, 1000.0), monotonic=clock)
    user = User(credential)
    body = trap()[len(encode_message(1, b"s3cret", b"")) :]
    scoped = tlv(0x30, tlv(4, THEIR_ENGINE) + tlv(4, b"") + body)

    def hear(boots, time_s, engine=THEIR_ENGINE):
        sender = Security(engine, boots, time_s, b"monitor")
        packet = v3_packet(5, 3, sender, scoped, user.keys(engine))
        try:
            found = receiver.hear(packet, [user])
        except Rejected as rejected:
            return rejected.reason
        return found.reason

    hear.clock = clock
    hear.receiver = receiver
    return hear


def test_a_senders_clock_may_not_go_back(heard):
    assert heard(3, 5000) == ""
    heard.clock.now_s += 100
    assert heard(3, 5100 - 150) == ""
    assert heard(3, 5100 - 151) == "not_in_time_window"
    assert heard(2, 9000) == "not_in_time_window"
    assert heard(4, 1) == ""
    assert heard(3, 99999) == "not_in_time_window"
    assert heard(0x7FFFFFFF, 1) == "not_in_time_window"


def test_a_late_packet_does_not_set_the_clock_back(heard):
    assert heard(3, 5000) == ""
    for _ in range(5):
        assert heard(3, 5000 - 140) == ""
    assert heard(3, 5000 - 160) == "not_in_time_window"


def test_a_trap_under_our_own_engine_is_none(heard):
    assert heard(9, 0, b"\x80\x00\x00\x00\x05ours") == "unknown_engine"


def test_clocks_of_senders_are_remembered_in_bounded_number(heard, monkeypatch):
    monkeypatch.setattr("collectors.snmp.traps.usm._MOST_CLOCKS", 8)
    for n in range(20):
        assert heard(1, 50, THEIR_ENGINE + bytes((n,))) == ""
    assert len(heard.receiver._clocks) == 8


def test_what_is_remembered_of_strangers_has_an_end(listening):
    async def main():
        async with listening(senders={}) as heard:
            for n in range(10_000):
                heard.receiver._is_new(heard.receiver._told, f"10.0.{n >> 8}.{n & 255}", 600.0)
            return len(heard.receiver._told)

    assert asyncio.run(main()) == _MOST_REMEMBERED


ASSET = {"class": "switch", "commune": "22849"}


def settings_of(*assets, **more):
    credentials = {
        "lan": {"version": "v2c", "community": "s3cret", "networks": ["10.0.0.0/8"]},
        "other": {"version": "v2c", "community": "0ther"},
    }
    listed = [{"tag": f"T-{n}", "name": "x", **ASSET, **asset} for n, asset in enumerate(assets)]
    return Settings.model_validate(
        {"communes": [{"code": "22849"}], "credentials": credentials, "assets": listed, **more}
    )


def test_an_address_stands_for_the_asset_with_an_snmp_endpoint_else_the_first():
    snmp = {"endpoints": [{"kind": "snmp", "credential": "lan"}]}
    found = senders(
        settings_of(
            {"address": "10.0.0.1"},
            {"address": "10.0.0.1", **snmp},
            {"address": "FE80::1", **snmp},
            {"address": "10.0.0.2", "status": "in_repair"},
            {"address": "switch.example", **snmp},
            {},
        )
    )
    assert found.known == {
        "10.0.0.1": Sender("T-1", "22849"),
        "fe80::1": Sender("T-2", "22849"),
        "10.0.0.2": Sender("T-3", "22849"),
    }
    assert found.names == {"switch.example": Sender("T-4", "22849")}


def test_names_of_the_register_are_resolved_and_those_without_address_left_out():
    found = senders(settings_of({"address": "localhost"}, {"address": "nobody.invalid"}))
    known = asyncio.run(found.resolved()).known
    assert known[plain_address("127.0.0.1")] == Sender("T-0", "22849")
    assert set(known.values()) == {Sender("T-0", "22849")}


def test_credentials_are_those_that_assets_use_or_those_that_are_named():
    snmp = {"address": "10.0.0.1", "endpoints": [{"kind": "snmp", "credential": "lan"}]}
    assert trusted(settings_of(snmp)).communities("10.1.1.1") == [b"s3cret"]
    assert trusted(settings_of(snmp)).communities("192.0.2.1") == []
    named = settings_of(snmp, traps={"credentials": ["other"]})
    assert trusted(named).communities("10.1.1.1") == [b"0ther"]
    assert trusted(settings_of()).communities("10.1.1.1") == []

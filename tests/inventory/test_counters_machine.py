"""N13: rates of a device that wraps, restarts, renumbers, lies and is away, look by look."""

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from config.sections import Asset, Polling
from inventory.asset_record import AssetRecord
from inventory.counters import may_have_turned
from inventory.observation import InterfaceReading, Observation, Outcome, Reading

WRAP_S = 2**32 / 100
ASSET = Asset.model_validate(
    {
        "tag": "SW",
        "name": "SW",
        "class": "switch",
        "commune": "22849",
        "address": "127.0.0.1",
        "endpoints": [{"kind": "tcp", "port": 22}],
    }
)


class Device(RuleBasedStateMachine):
    """A switch of two ports with one counter each, and the record that we keep of it."""

    @initialize(
        bits=st.sampled_from([32, 64]),
        speed=st.sampled_from([100_000_000, 1_000_000_000]),
        begun=st.sampled_from([0, 2**32 - 1000, 2**53 + 1, 2**63]),
        ran=st.sampled_from([300.0, WRAP_S - 500.0, WRAP_S * 2 - 100.0]),
    )
    def begin(self, bits, speed, begun, ran):
        self.bits, self.speed = bits, speed
        self.now, self.uptime = 1e9, ran
        self.octets = {"eth0": begun, "eth1": begun // 2}
        self.index = {"eth0": 1, "eth1": 2}
        self.sent = {"eth0": 0, "eth1": 0}
        self.record = AssetRecord(1, ASSET, {"SW/tcp": Polling()}, self.now)
        self.seq = 0
        self.reboots = self.known_reboots = self.seen = self.hidden = 0
        self.last = None
        self.clean = False
        self.views = {}

    @rule(seconds=st.floats(1, 900), load=st.floats(0, 1))
    def traffic(self, seconds, load):
        self.now += seconds
        self.uptime += seconds
        for name in self.octets:
            passed = int(seconds * load * self.speed / 8)
            self.octets[name] += passed
            self.sent[name] += passed

    @rule(away=st.floats(30, 300), runs=st.floats(120, 600))
    def restart(self, away, runs):
        self.now += away + runs
        self.uptime = runs
        self.octets = dict.fromkeys(self.octets, 0)
        self.reboots += 1

    @rule()
    def numbers_change_places(self):
        self.index = {"eth0": self.index["eth1"], "eth1": self.index["eth0"]}

    @rule()
    def the_long_counters_are_lost_or_found(self):
        self.bits = 96 - self.bits

    @rule(by=st.integers(2**40, 2**63))
    def the_counter_jumps(self, by):
        """A lie; with 32 bits most of it cannot even be seen."""
        if self.bits == 64:
            self.octets["eth0"] += by
            self.clean = False

    @rule()
    def look_that_brings_no_ports(self):
        self._see(())

    @rule(after=st.floats(5, 30))
    def look(self, after):
        self.traffic(after, 0.5)
        ports = tuple(
            InterfaceReading(
                self.index[name],
                name,
                speed_bps=self.speed,
                counter_bits=self.bits,
                in_octets=octets % 2**self.bits,
                out_octets=octets % 2**self.bits,
            )
            for name, octets in self.octets.items()
        )
        self._see(ports)
        self.views = {view.reading.name: view for view in self.record.interfaces.views}
        if self.last is not None:
            self._compare(*self.last)
        self.last = (self.now, dict(self.sent), self._same_counters(), self.hidden)
        self.clean = True

    def _same_counters(self):
        return self.reboots, self.bits, self.index["eth0"]

    def _see(self, ports):
        self.seq += 1
        reading = Reading(
            interfaces=ports, uptime_s=self.uptime % WRAP_S, uptime_wrap_s=WRAP_S, latency_s=0.01
        )
        self.record.apply(
            Observation(
                "n", "e", "SW/tcp", self.seq, "tcp", self.now, self.now - 9e8, 0.1, Outcome.OK,
                reading=reading,
            ),
            self.now,
            None,
        )  # fmt: skip
        # Two restarts between two looks are one to us; what ran before we first looked is none.
        restarted = self.seq > 1 and self.reboots > self.known_reboots
        hidden = restarted and self._looks_like_running_on()
        self.seen += restarted and not hidden
        self.hidden += hidden
        self.known_reboots = self.reboots
        self.last_uptime = self.now, self.uptime % WRAP_S

    def _looks_like_running_on(self):
        """An uptime that fits a device which ran on, within what clocks may drift, proves nothing:
        a restart when sysUpTime was about to wrap is one that nobody can tell from the wrap."""
        then, before = self.last_uptime
        elapsed, uptime = self.now - then, self.uptime % WRAP_S
        ran_on = before + elapsed
        slack = max(10.0, elapsed * 0.02)
        return uptime >= ran_on - slack or (
            ran_on >= WRAP_S and abs(uptime - ran_on % WRAP_S) <= slack
        )

    def _compare(self, then, sent_then, counters_then, hidden_then):
        if self.hidden != hidden_then:
            return
        elapsed = self.now - then
        if self._same_counters() != counters_then:
            assert [view.in_bps for view in self.views.values()] == [None, None]
            return
        for name, view in self.views.items():
            true = (self.sent[name] - sent_then[name]) / elapsed * 8
            for found in (view.in_bps, view.out_bps):
                if found is not None and self.clean:
                    assert found == pytest.approx(true, rel=1e-6, abs=1)
            blind = self.bits == 32 and may_have_turned(elapsed, self.speed / 8)
            if self.clean and not blind:
                assert view.in_bps is not None, "the next look heals"

    @invariant()
    def no_rate_is_negative_or_above_the_link(self):
        for view in self.views.values():
            for found in (view.in_bps, view.out_bps):
                assert found is None or 0 <= found <= self.speed * 1.05

    @invariant()
    def every_restart_is_counted_once_it_is_seen(self):
        assert self.record.reboots <= self.reboots
        assert self.record.reboots == self.seen


Device.TestCase.settings = settings(
    max_examples=80,
    stateful_step_count=30,
    deadline=None,
    suppress_health_check=[HealthCheck.filter_too_much],
)


class TestN13(Device.TestCase):
    """Named for the fault, see test_n13_... below for its single cases."""


def record():
    return AssetRecord(1, ASSET, {"SW/tcp": Polling()}, 0.0)


def see(known, seq, at_s, octets=None, uptime_s=None, bits=64, epoch="e", speed=10**9):
    ports = () if octets is None else (
        InterfaceReading(
            1, "eth0", speed_bps=speed, counter_bits=bits, in_octets=octets, out_octets=octets
        ),
    )  # fmt: skip
    reading = Reading(interfaces=ports, uptime_s=uptime_s, uptime_wrap_s=WRAP_S)
    known.apply(
        Observation("n", epoch, "SW/tcp", seq, "tcp", at_s, at_s, 0.1, Outcome.OK, reading=reading),
        at_s,
        None,
    )
    return known.interfaces.views[0].in_bps if known.interfaces.views else None


def test_n13_a_restart_seen_by_a_look_without_ports_still_voids_the_counters():
    known = record()
    see(known, 1, 1000.0, 4_000_000_000, 5000.0, bits=32, speed=10**8)
    see(known, 2, 1060.0, None, 20.0)
    assert see(known, 3, 1120.0, 1000, 80.0, bits=32, speed=10**8) is None
    assert known.reboots == 1
    assert known.interfaces.resets == 2
    assert see(known, 4, 1180.0, 61_000, 140.0, bits=32, speed=10**8) == 8000


def test_n13_long_counters_found_later_are_no_spike():
    known = record()
    see(known, 1, 1000.0, 100, 5000.0, bits=32, speed=None)
    assert see(known, 2, 1060.0, 2**40 + 700, 5060.0, bits=64, speed=None) is None
    assert see(known, 3, 1120.0, 2**40 + 6700, 5120.0, bits=64, speed=None) == 800


def test_n13_a_gap_is_an_average_and_no_spike():
    known = record()
    see(known, 1, 1000.0, 0, 5000.0)
    assert see(known, 2, 1000.0 + 86_400, 86_400_000, 5000.0 + 86_400) == 8000


def test_n13_a_gigabit_port_of_32_bits_has_no_rate_and_no_reset_is_counted():
    known = record()
    see(known, 1, 1000.0, 4_000_000_000, 5000.0, bits=32)
    assert see(known, 2, 1060.0, 1000, 5060.0, bits=32) is None
    assert known.interfaces.resets == 0


def test_a_restart_of_ours_makes_no_reboot_of_a_device_whose_clock_drifts():
    known = record()
    see(known, 1, 1000.0, uptime_s=500.0)
    days = 100 * 86_400.0
    see(known, 2, 1000.0 + days, uptime_s=500.0 + days - 170)
    see(known, 1, 1060.0 + days, uptime_s=560.0 + days - 170, epoch="f")
    assert known.reboots == 0


def test_a_reboot_while_nobody_was_looking_is_counted_once():
    known = record()
    see(known, 1, 1000.0, uptime_s=50_000.0)
    see(known, 1, 8200.0, uptime_s=600.0, epoch="f")
    see(known, 2, 8260.0, uptime_s=660.0, epoch="f")
    assert known.reboots == 1
    assert known.booted_at_s == 7600.0


def test_497_days_passed_while_nobody_was_looking_are_no_reboot():
    known = record()
    see(known, 1, 1000.0, uptime_s=WRAP_S - 600)
    see(known, 1, 4600.0, uptime_s=3000.0, epoch="f")
    assert known.reboots == 0

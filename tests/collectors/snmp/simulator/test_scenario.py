import pytest

from collectors.snmp.simulator.faults import Faults
from collectors.snmp.simulator.motion import Traffic
from collectors.snmp.simulator.scenario import (
    Event,
    Scenario,
    ScenarioError,
    Timeline,
    read_scenario,
)


@pytest.fixture
def story(tmp_path):
    def write(text):
        path = tmp_path / "scenario.yaml"
        path.write_text(text)
        return path

    return write


def test_a_story_is_read_from_yaml(story):
    scenario = read_scenario(
        story(
            """
events:
  - {device: "edge-*", at: 60s, for: 90s, every: 10m, faults: {dead: true}}
  - {device: sw-02, at: 4m, for: 20s, reboot: true}
  - {device: sw-02, faults: {delay_s: 0.5, links_down: [3]}}
traffic:
  - {device: "edge-*", interface: 1, in_bps: 38.0e+6, out_bps: 9000000, period: 5m}
"""
        )
    )
    assert scenario.timeline("edge-1").faults(61).dead
    assert scenario.timeline("sw-02").faults(0) == Faults(delay_s=0.5, links_down=(3,))
    assert scenario.traffic_of("edge-9") == {1: Traffic(38e6, 9e6, 0.3, 300)}
    assert scenario.traffic_of("sw-02") == {}


@pytest.mark.parametrize(
    ("text", "part"),
    [
        ("events: [{faults: {deaf: true}}]", "events.0.faults.deaf"),
        ("events: [{every: 5m, faults: {dead: true}}]", "say how long it lasts"),
        ("events: [{for: 5m, every: 5m, faults: {dead: true}}]", "shorter than `every`"),
        ("events: [{at: 5}]", "not a duration"),
        ("events: [{at: 5s}]", "either a reboot or faults"),
        ("events: [{reboot: true}]", "say how long"),
        ("incidents: []", "incidents"),
        ("traffic: [{device: x, interface: 0, in_bps: 1, out_bps: 1}]", "traffic.0.interface"),
        ("events: [", "scenario.yaml"),
        ("events: 5", "events"),
        ("[]", "scenario.yaml"),
    ],
)
def test_a_wrong_story_is_refused_with_file_and_key(story, text, part):
    with pytest.raises(ScenarioError) as caught:
        read_scenario(story(text))
    assert part in str(caught.value)
    assert str(caught.value).startswith(str(story(text)))
    assert "\n" not in str(caught.value)


def test_a_story_that_is_not_there_is_named(tmp_path):
    with pytest.raises(ScenarioError, match=r"none\.yaml: No such file"):
        read_scenario(tmp_path / "none.yaml")


def test_a_repeating_event_is_active_in_each_of_its_windows():
    event = Event(at_s="60s", for_s="90s", every_s="10m", faults=Faults(dead=True))
    on = [second for second in range(0, 1800, 30) if event.active(second)]
    assert on == [60, 90, 120, 660, 690, 720, 1260, 1290, 1320]
    assert event.active_total(1300) == 90 + 90 + 40
    assert event.ends(749) == (1, 150.0)
    assert event.ends(750) == (2, 750.0)


def test_an_event_without_times_holds_from_the_start_for_ever():
    timeline = Timeline([Event(faults=Faults(delay_s=1))])
    assert timeline.faults(0) == timeline.faults(1e9) == Faults(delay_s=1)


def test_a_reboot_is_silence_and_then_a_new_life():
    timeline = Timeline([Event(at_s="100s", for_s="20s", every_s="1h", reboot=True)])
    assert timeline.faults(110).dead
    assert not timeline.faults(120).dead
    before, after = timeline.moment(99), timeline.moment(125)
    assert (before.reboots, before.running_s) == (0, 99)
    assert (after.reboots, after.running_s) == (1, 5)
    assert timeline.moment(3725).reboots == 2


def test_a_cut_link_counts_the_seconds_it_lost_in_this_life():
    timeline = Timeline(
        [
            Event(at_s="10s", for_s="10s", every_s="100s", faults=Faults(links_down=(4,))),
            Event(at_s="150s", for_s="10s", reboot=True),
        ]
    )
    assert timeline.moment(15).links_down == {4}
    assert timeline.moment(15).link_lost_s == {4: 5}
    assert timeline.moment(130).link_lost_s == {4: 20}
    assert timeline.moment(215).link_lost_s == {4: 5}


def test_two_events_on_one_link_are_refused():
    cut = Event(faults=Faults(links_down=(4,)))
    with pytest.raises(ScenarioError, match="two events cut link 4"):
        Scenario(events=(cut, cut)).timeline("x")

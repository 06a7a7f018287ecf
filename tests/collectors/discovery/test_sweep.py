"""A sweep over simulated devices on loopback, with real sockets."""

import pytest

from collectors.discovery import sweep as module
from inventory.observation import ClaimKind
from inventory.sighting import How


def test_it_finds_what_answers_and_says_what_it_is(sweep, settings, device, port):
    devices = [device("127.77.0.3", port), device("127.77.0.9", port, "router_mikrotik")]
    swept = sweep(devices, settings(["127.77.0.1-127.77.0.20"], find="snmp"))
    assert set(swept.sightings) == {"127.77.0.3", "127.77.0.9"}
    seen = swept.sightings["127.77.0.9"]
    assert (seen.how, seen.credential, seen.commune) == (How.SCAN, "lan", "22849")
    assert seen.facts["vendor"] == "MikroTik"
    assert seen.asset_class == "router"
    assert {claim.kind for claim in seen.claims} >= {ClaimKind.SYS_NAME, ClaimKind.ADDRESS}
    assert (swept.state.state, swept.state.position, swept.state.found) == ("finished", 20, 2)


def test_a_ping_finds_what_has_no_agent(sweep, settings, pings):
    swept = sweep([], settings(["127.77.1.1-127.77.1.3"]))
    assert set(swept.sightings) == {"127.77.1.1", "127.77.1.2", "127.77.1.3"}
    assert {seen.credential for seen in swept.sightings.values()} == {""}
    assert {seen.note for seen in swept.sightings.values()} == {"no SNMP agent"}


def test_what_is_excluded_is_sent_nothing(sweep, settings, device, port):
    devices = [device(f"127.77.2.{n}", port) for n in (5, 6, 7)]
    swept = sweep(
        devices, settings(["127.77.2.1-127.77.2.9"], exclude=["127.77.2.6/31"], find="both")
    )
    assert "127.77.2.5" in swept.sightings
    assert {"127.77.2.6", "127.77.2.7"}.isdisjoint(swept.sightings)
    assert [one.counts.requests for one in devices[1:]] == [0, 0]


def test_a_registered_device_that_is_watched_is_left_to_its_watch(sweep, settings, device, port):
    devices = [device("127.77.3.5", port), device("127.77.3.6", port)]
    asset = {
        "tag": "SW-1",
        "name": "Switch",
        "class": "switch",
        "commune": "22849",
        "address": "127.77.3.5",
        "endpoints": [{"kind": "snmp", "credential": "lan"}],
    }
    ours = settings(["127.77.3.5-127.77.3.6"], assets=[asset], find="snmp")
    assert set(sweep(devices, ours).sightings) == {"127.77.3.6"}
    assert devices[0].counts.requests == 0


def test_the_second_credential_is_tried_where_the_first_is_ignored(
    sweep, settings, device, port, user
):
    devices = [device("127.77.4.5", port, community="", user=user)]
    ours = settings(["127.77.4.5"], ("lan", "secure"), known={"secure": user}, find="snmp")
    assert sweep(devices, ours).sightings["127.77.4.5"].credential == "secure"


def test_a_sweep_that_was_stopped_goes_on_where_it_was(sweep, settings, device, port, monkeypatch):
    monkeypatch.setattr(module, "GROUP", 4)
    monkeypatch.setattr(module, "GROUPS_AT_ONCE", 1)
    ours = settings(["127.77.5.1-127.77.5.20"], find="snmp")
    numbers = (2, 7, 11, 18)

    def devices():
        return [device(f"127.77.5.{n}", port) for n in numbers]

    part = sweep(devices(), ours, stop_at=8)
    assert part.state.state == "stopped"
    assert 8 <= part.state.position < 20
    served = devices()
    rest = sweep(served, ours, before=part.state)
    assert (rest.state.state, rest.state.position, rest.state.found) == ("finished", 20, 4)
    assert rest.state.started_s == part.state.started_s
    assert [one.counts.requests for one in served[:2]] == [0, 0]
    assert set(part.sightings) | set(rest.sightings) == {f"127.77.5.{n}" for n in numbers}


def test_other_addresses_are_another_sweep_that_begins_anew(sweep, settings, monkeypatch):
    monkeypatch.setattr(module, "GROUP", 2)
    monkeypatch.setattr(module, "GROUPS_AT_ONCE", 1)
    part = sweep([], settings(["127.77.6.1-127.77.6.9"], find="snmp"), stop_at=2)
    whole = sweep([], settings(["127.77.6.1-127.77.6.8"], find="snmp"), before=part.state)
    assert (whole.state.position, whole.state.started_s > part.state.started_s) == (8, True)


def test_progress_never_falls_and_ends_at_the_whole(sweep, settings, device, port, monkeypatch):
    monkeypatch.setattr(module, "GROUP", 4)
    monkeypatch.setattr(module, "TELL_EVERY_S", 0.0)
    swept = sweep([device("127.77.7.3", port)], settings(["127.77.7.1-127.77.7.30"], find="snmp"))
    positions = [report.scans[0].position for report in swept.reports]
    assert positions == sorted(positions)
    assert (positions[0], positions[-1]) == (0, 30)


def test_a_name_full_of_tricks_comes_as_plain_text(sweep, settings, device, port):
    name = b"\x1b[31m<script>alert(1)</script>\r\n\xe2\x80\xaesw"
    evil = device("127.77.8.5", port, sys_name=name)
    seen = sweep([evil], settings(["127.77.8.5"], find="snmp")).sightings["127.77.8.5"]
    assert seen.facts["sys_name"] == "[31m<script>alert(1)</script> sw"


@pytest.mark.parametrize("find", ["ping", "both"])
def test_two_networks_of_two_families_are_swept_together(sweep, settings, pings, find):
    swept = sweep([], settings(["127.77.9.1", "::1"], (), find=find))
    assert set(swept.sightings) == {"127.77.9.1", "::1"}

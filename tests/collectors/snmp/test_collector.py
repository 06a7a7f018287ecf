"""One look and the next: what is asked, what is kept, what a failure becomes. Against the fake."""

import asyncio

import pytest

from collectors.snmp.interfaces import INTERFACES
from collectors.snmp.knowledge.chassis import CLASSES
from collectors.snmp.session import SnmpError
from collectors.snmp.system import SYSTEM
from inventory.observation import Claim, ClaimKind, Outcome

HERE = ("127.0.0.1", 161)
SWITCH = "switch_ruijie"


@pytest.fixture
def looks(looker, v2c):
    """Looks `times` at a session: (Looker, results); `between(n)` runs before each."""

    def run(session, times=1, between=lambda n: None, **settings):
        looking = looker(HERE, v2c(), session=session, **settings)

        async def main():
            found = []
            for n in range(times):
                between(n)
                found.append(await looking.look())
            return found

        return looking, asyncio.run(main())

    return run


def test_a_reading_holds_what_the_tables_say(looks, dictionary_session):
    session = dictionary_session(SWITCH)
    looking, (reading,) = looks(session)
    assert reading.facts["vendor"] == "Ruijie"
    assert reading.facts["model"] == "RG-S2910-24GT4SFP-UP-H"
    assert reading.facts["serial"] == "DEMORJ00011"
    assert reading.claims[0] == Claim(ClaimKind.SERIAL, "DEMORJ00011")
    assert Claim(ClaimKind.ADDRESS, "127.0.0.1") in reading.claims
    assert len(reading.interfaces) == 28
    assert reading.latency_s == 0.01
    assert reading.problems == ()
    assert [step.name for step in looking.steps.done][:6] == [
        "resolve",
        "get system",
        "walk interfaces",
        "get what it has",
        "identify",
        "measure",
    ]
    assert looking.steps.done[2].result == "28 rows, 476 values"
    assert not session.is_open


def test_the_chassis_is_asked_for_once_and_kept(looks, dictionary_session):
    session = dictionary_session(SWITCH)
    _, readings = looks(session, times=3)
    assert session.asked.count(tuple(CLASSES)) == 1
    assert [reading.facts["serial"] for reading in readings] == ["DEMORJ00011"] * 3


def test_the_chassis_is_asked_for_again_after_a_restart(looks, dictionary_session):
    session = dictionary_session(SWITCH)

    def replace(n):
        if n == 1:
            session.values[SYSTEM["sysUpTime"]] = 6000
            session.values[SYSTEM["snmpEngineTime"]] = 60
            session.values[(1, 3, 6, 1, 2, 1, 47, 1, 1, 1, 1, 11, 1)] = b"NEW-BOX"

    _, readings = looks(session, 4, replace)
    assert session.asked.count(tuple(CLASSES)) == 2
    assert readings[-1].facts["serial"] == "NEW-BOX"


def test_another_device_never_gets_the_chassis_of_the_one_before(looks, dictionary_session):
    session = dictionary_session(SWITCH)

    def replace(n):
        if n == 1:
            entity = (1, 3, 6, 1, 2, 1, 47)
            for oid in [oid for oid in session.values if oid[:7] == entity]:
                del session.values[oid]
            session.values[SYSTEM["sysObjectID"]] = (1, 3, 6, 1, 4, 1, 9, 1)

    _, readings = looks(session, 2, replace)
    assert readings[1].facts["vendor"] == "Cisco"
    assert "serial" not in readings[1].facts
    assert ClaimKind.SERIAL not in {claim.kind for claim in readings[1].claims}


def test_a_device_that_falls_silent_is_not_asked_any_further(looks, dictionary_session):
    session = dictionary_session(SWITCH, silent=INTERFACES)
    _, (reading,) = looks(session)
    assert reading.problems == ("silent",)
    assert reading.facts["sys_name"] == "switch-ruijie"
    assert session.asked == [tuple(SYSTEM), tuple(INTERFACES)]
    assert reading.sensors is reading.neighbours is None


def test_topology_and_measures_are_read_once_and_stand_until_they_are_read_again(
    looks, dictionary_session
):
    session = dictionary_session(SWITCH)
    _, readings = looks(session, times=3)
    assert [reading.sensors is None for reading in readings] == [False, True, True]
    assert [reading.addresses is None for reading in readings] == [False, True, True]
    assert [set(asked) - set(INTERFACES) for asked in session.asked[-2:]] == [set(SYSTEM), set()]


def test_n12_ports_keep_their_names_when_ifname_is_lost_on_the_way(looks, dictionary_session):
    session = dictionary_session(SWITCH)
    for index in range(1, 29):
        session.values[(*INTERFACES["ifName"], index)] = b"Gi0/%d" % index

    def lose(n):
        session.lost = {"ifName"} if n == 1 else set()

    _, readings = looks(session, 3, lose)
    assert [reading.problems for reading in readings] == [(), ("ifName: genErr",), ()]
    names = [f"Gi0/{index}" for index in range(1, 29)]
    for reading in readings:
        assert [interface.name for interface in reading.interfaces] == names


def test_an_agent_that_shows_no_system_group_is_partial_and_says_where_to_look(
    looks, dictionary_session
):
    _, (reading,) = looks(dictionary_session({(1, 3, 6, 1, 4, 1, 1): 1}))
    assert "check its view" in reading.problems[0]


@pytest.mark.parametrize("permanent", [True, False])
def test_what_the_engine_raises_becomes_the_outcome(looks, dictionary_session, permanent):
    error = SnmpError(Outcome.REFUSED, "wrong_digest", "the key is wrong", permanent=permanent)
    session = dictionary_session({}, fail=error)
    looking, (found,) = looks(session)
    assert (found.outcome, found.reason, found.message) == (
        Outcome.REFUSED,
        "wrong_digest",
        "the key is wrong",
    )
    assert found.permanent is permanent
    assert not session.is_open
    assert looking.steps.done[-1].result == "failed: the key is wrong"


def test_silence_becomes_unreachable(looks, dictionary_session, no_answer):
    _, (found,) = looks(dictionary_session({}, fail=no_answer))
    assert (found.outcome, found.reason) == (Outcome.UNREACHABLE, "timeout")


def test_a7_a_credential_is_never_offered_outside_its_networks(looker, v2c, dictionary_session):
    session = dictionary_session(SWITCH)
    looking = looker(("localhost", 161), v2c(networks=("10.0.0.0/8",)), session=session)
    found = asyncio.run(looking.look())
    assert (found.outcome, found.reason) == (Outcome.ERROR, "outside_networks")
    assert session.asked == []


def test_a_name_that_does_not_resolve_is_no_outage(looker, v2c):
    found = asyncio.run(looker(("no-such-host.invalid", 161), v2c()).look())
    assert (found.outcome, found.reason) == (Outcome.ERROR, "name_not_found")


def test_closing_twice_is_safe(looker, v2c):
    async def main():
        looking = looker(HERE, v2c())
        await looking.collector.close()
        await looking.collector.close()

    asyncio.run(main())


def test_no_secret_is_in_the_collectors_words(looker, v3):
    looking = looker(HERE, v3(auth_key="canary-auth-1", priv_key="canary-priv-1"))
    for thing in (looking.collector, vars(looking.collector), vars(looking.collector._session)):
        assert "canary" not in repr(thing)

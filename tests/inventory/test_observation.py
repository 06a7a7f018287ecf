"""An observation survives the way it travels, and its id is the same on a re-send."""

import dataclasses

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inventory.equipment import NeighbourReading, PortReading, SensorReading, UpsReading
from inventory.observation import (
    ANSWERED,
    InterfaceReading,
    Observation,
    Outcome,
    Reading,
    from_json,
    to_json,
)

FLOATS = st.floats(allow_nan=False, allow_infinity=False)
TEXT = st.text(st.characters(exclude_categories=["Cs"]))
OBSERVATIONS = st.builds(
    Observation,
    node=TEXT,
    epoch=TEXT,
    endpoint=TEXT,
    seq=st.integers(0, 2**62),
    kind=TEXT,
    at_s=FLOATS,
    monotonic_s=FLOATS,
    duration_s=FLOATS,
    outcome=st.sampled_from(Outcome),
    reason=TEXT,
    message=TEXT,
    reading=st.builds(
        Reading,
        facts=st.dictionaries(TEXT, TEXT, max_size=3),
        uptime_s=st.none() | FLOATS,
        cpu_ratio=st.none() | FLOATS,
        problems=st.lists(TEXT, max_size=2).map(tuple),
        interfaces=st.tuples(
            st.builds(
                InterfaceReading,
                index=st.integers(1, 9),
                name=TEXT,
                port=st.none() | st.builds(PortReading, duplex=TEXT, vlan=st.integers(1, 9)),
            )
        ),
        ups=st.none() | st.builds(UpsReading, on_battery=st.booleans(), runtime_s=FLOATS),
        sensors=st.none() | st.tuples(st.builds(SensorReading, TEXT, TEXT, FLOATS)),
        neighbours=st.none()
        | st.tuples(st.builds(NeighbourReading, TEXT, TEXT, capabilities=st.tuples(TEXT))),
    ),
)


@given(OBSERVATIONS)
def test_what_is_sent_is_what_arrives(seen):
    assert from_json(to_json(seen)) == seen
    assert from_json(to_json(seen)).id == seen.id


@given(st.binary(max_size=200))
def test_anything_else_is_refused(data):
    with pytest.raises(ValueError, match="validation error"):
        from_json(data)


def test_a_fault_of_ours_is_no_answer_and_a_refusal_is_one():
    assert Outcome.ERROR not in ANSWERED
    assert Outcome.REFUSED in ANSWERED


def test_nobody_changes_an_observation():
    seen = Observation("n", "e", "A/snmp", 1, "snmp", 1.0, 1.0, 0.1, Outcome.OK)
    with pytest.raises(dataclasses.FrozenInstanceError):
        seen.seq = 2

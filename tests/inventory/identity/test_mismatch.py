"""Where the register and what is seen disagree is found once, and not again once it is decided."""

import pytest

from config.assets import Asset
from inventory.mismatch import mismatches
from inventory.observation import Outcome
from inventory.sighting import BY_PERSON, How, Match, Thing, ThingState
from inventory.snapshot import AssetView, EndpointView, FactView, Snapshot
from inventory.uptime import State


def view(tag, *, measured=None, answered=False, looked=True, **more):
    values = {"tag": tag, "name": tag, "class": "switch", "commune": "22849", **more}
    asset = Asset.model_validate(values)
    endpoint = EndpointView(
        f"{tag}/ping",
        "ping",
        60.0,
        Outcome.OK if answered else None,
        last_look_at_s=1.0 if looked else None,
        last_answer_at_s=1.0 if answered else None,
    )
    facts = tuple(FactView(k, v, "measured", 1.0) for k, v in (measured or {}).items())
    return AssetView(1, asset, State.UP, 0.0, endpoints=(endpoint,), facts=facts)


def thing(id_, tag, address, by="serial", sure=True):
    return Thing(
        id_, (How.SCAN,), (address,), 1.0, 2.0,
        match=Match(tag, by, sure=sure), state=ThingState.REGISTERED,
    )  # fmt: skip


def found(*views, things=(), kept=(), ranges=None, answered=()):
    snapshot = Snapshot({v.tag: v for v in views})
    where = (ranges or {}).get
    return mismatches(snapshot, things, lambda a: where(a, ""), frozenset(kept), answered)


def tags(assets):
    return [asset.tag for asset in assets]


def test_what_never_answered_a_look_was_never_seen():
    silent, fine, new = view("A"), view("B", answered=True), view("C", looked=False)
    assert tags(found(silent, fine, new).never_seen) == ["A"]


def test_what_answered_before_the_daemon_was_started_again_was_seen():
    assert tags(found(view("A"), view("B"), answered={"A"}).never_seen) == ["B"]


def test_what_a_sweep_saw_was_seen_and_what_is_in_stock_is_not_expected():
    stock = view("A", status="in_stock")
    assert found(stock, view("B"), things=[thing(1, "B", "10.0.0.9")]).never_seen == ()


def test_what_answers_from_another_address_has_moved_and_perhaps_to_another_commune():
    asset = view("A", address="10.0.0.1", answered=True)
    ranges = {"10.1.0.9": "22840"}
    (moved,) = found(asset, things=[thing(1, "A", "10.1.0.9")], ranges=ranges).moved
    assert (moved.address, moved.commune, moved.by) == ("10.1.0.9", "22840", "serial")


@pytest.mark.parametrize("by", ["address", "sys_name", "mac"])
def test_a_weak_claim_moves_nothing(by):
    asset = view("A", address="10.0.0.1", answered=True)
    assert found(asset, things=[thing(1, "A", "10.1.0.9", by)]).moved == ()


def test_a_person_who_said_what_a_thing_is_moves_it():
    asset = view("A", address="10.0.0.1", answered=True)
    assert found(asset, things=[thing(1, "A", "10.1.0.9", BY_PERSON)]).moved


def test_two_that_moved_to_each_others_place_are_one_matter():
    one, other = view("A", address="10.0.0.1"), view("B", address="10.0.0.2")
    things = [thing(1, "A", "10.0.0.2"), thing(2, "B", "10.0.0.1")]
    result = found(one, other, things=things)
    (pair,) = result.swapped
    assert tags([pair.one, pair.other]) == ["A", "B"]
    assert result.moved == ()


def test_serial_numbers_that_answer_crosswise_are_a_swap_and_no_conflict():
    one = view("A", address="10.0.0.1", serial="SA", measured={"serial": "sb"}, answered=True)
    other = view("B", address="10.0.0.2", serial="SB", measured={"serial": "SA"}, answered=True)
    result = found(one, other)
    (pair,) = result.swapped
    assert (pair.one.tag, pair.other.tag, pair.by) == ("A", "B", "serial")
    assert result.conflicting == ()


def test_what_was_typed_against_what_was_measured_is_a_conflict_until_it_is_kept():
    asset = view("A", serial="S1", measured={"serial": "S2"}, answered=True)
    (conflict,) = found(asset).conflicting
    assert (conflict.field, conflict.typed, conflict.measured) == ("serial", "S1", "S2")
    assert found(asset, kept=[("A", "serial", "S2")]).conflicting == ()
    assert found(asset, kept=[("A", "serial", "S9")]).conflicting == (conflict,)


@pytest.mark.parametrize(
    ("field", "typed", "measured"),
    [
        ("model", "RB4011", "RB4011iGS+5HacQ2HnD"),
        ("vendor", "HPE", "Hewlett-Packard"),
        ("os", "windows  10 pro", "Windows 10 Pro 22H2"),
        ("serial", "S1", "To be filled by O.E.M."),
        ("serial", "", "S2"),
    ],
)
def test_the_same_said_otherwise_is_no_conflict(field, typed, measured):
    asset = view("A", measured={field: measured}, answered=True, **{field: typed})
    assert found(asset).conflicting == ()

"""Claims that contradict go before a person; the same thing written otherwise does not."""

import uuid

import pytest
from hypothesis import given
from hypothesis import strategies as st

from config.sections import Asset
from inventory.identity import disagreement, is_junk, same
from inventory.observation import Claim, ClaimKind

SERIAL, UUID, MAC = ClaimKind.SERIAL, ClaimKind.SYSTEM_UUID, ClaimKind.BASE_MAC


def asset(serial=""):
    return Asset.model_validate(
        {"tag": "A", "name": "A", "class": "server", "commune": "22849", "serial": serial}
    )


@pytest.mark.parametrize(
    ("kind", "value"),
    [
        (SERIAL, "To be filled by O.E.M."),
        (SERIAL, " 123456789 "),
        (SERIAL, "xxxxxxxx"),
        (SERIAL, ""),
        (UUID, "00000000-0000-0000-0000-000000000000"),
        (UUID, "f" * 32),
        (MAC, "02000a0b0c0d"),
        (MAC, "ffffffffffff"),
        (MAC, "no mac"),
    ],
)
def test_what_says_nothing_is_junk_and_never_a_disagreement(kind, value):
    assert is_junk(Claim(kind, value))
    assert disagreement(Claim(kind, value), "CZ3014LK7P", asset("CZ3014LK7P")) == ""


@given(st.uuids(version=4))
def test_a_uuid_with_swapped_bytes_is_the_same_machine(one: uuid.UUID):
    swapped = Claim(UUID, one.bytes_le.hex())
    assert same(Claim(UUID, str(one)), swapped)
    assert disagreement(swapped, one.hex, asset()) == ""


@given(st.uuids(version=4), st.uuids(version=4))
def test_two_uuids_are_two_machines(one, other):
    expected = one == other or one.bytes_le == other.bytes
    assert same(Claim(UUID, one.hex), Claim(UUID, other.hex)) == expected


def test_case_blanks_and_separators_make_no_disagreement():
    assert disagreement(Claim(SERIAL, "cz3014lk7p "), "", asset("CZ3014LK7P")) == ""
    assert disagreement(Claim(MAC, "00:1B:2C:3D:4E:5F"), "001b2c3d4e5f", asset()) == ""


def test_another_serial_on_a_known_endpoint_goes_before_a_person():
    assert "answers with B2" in disagreement(Claim(SERIAL, "B2"), "", asset("A1"))
    assert "replaced" in disagreement(Claim(SERIAL, "B2"), "A1", asset())


def test_a_serial_that_was_empty_or_junk_and_is_now_filled_is_no_disagreement():
    assert disagreement(Claim(SERIAL, "B2"), "", asset()) == ""
    assert disagreement(Claim(SERIAL, "B2"), "0", asset()) == ""


def test_names_and_addresses_never_decide():
    for kind in (ClaimKind.SYS_NAME, ClaimKind.ADDRESS, ClaimKind.MAC):
        assert disagreement(Claim(kind, "new"), "old", asset()) == ""

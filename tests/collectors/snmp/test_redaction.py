"""What a recorded device tells of people, places and secrets is taken out; what it is stays."""

from __future__ import annotations

import pytest

from collectors.snmp.redaction import Redactor
from collectors.snmp.text import oid

SERIAL, NAME, LOCATION = "1.3.6.1.2.1.47.1.1.1.1.11.1", "1.3.6.1.2.1.1.5.0", "1.3.6.1.2.1.1.6.0"
DESCR, MAC, TEXT = "1.3.6.1.2.1.1.1.0", "1.3.6.1.2.1.2.2.1.6.3", "1.3.6.1.4.1.99999.1.0"


@pytest.fixture
def redacted():
    """Redacts rows written with dotted OIDs; gives rows the same way, and the redactor."""

    def run(rows, secrets=(), serials=(), version=""):
        redactor = Redactor(secrets, serials, version, key=b"a key of the test")
        kept = redactor.redacted({oid(dots): value for dots, value in rows.items()})
        return {".".join(map(str, row)): value for row, value in kept.items()}, redactor

    return run


def test_a_serial_number_becomes_the_same_other_one_wherever_it_stands(redacted):
    kept, _ = redacted({SERIAL: b"FOC1929B68S", TEXT: b"unit FOC1929B68S ok"})
    assert kept[SERIAL] != b"FOC1929B68S"
    assert kept[SERIAL].startswith(b"FOC")
    assert len(kept[SERIAL]) == 11
    assert kept[TEXT] == b"unit " + kept[SERIAL] + b" ok"


def test_a_serial_number_that_only_the_profile_knows_is_found_too(redacted):
    kept, redactor = redacted({TEXT: b"S192L02000374"}, serials=("S192L02000374",))
    assert kept[TEXT] != b"S192L02000374"
    assert [change.rule for change in redactor.changes] == ["serial number"]


def test_the_devices_name_and_place_are_gone_also_from_other_texts(redacted):
    kept, _ = redacted({NAME: b"xa-an-phu", LOCATION: "Xã An Phú".encode(), TEXT: b"at xa-an-phu"})
    assert kept == {NAME: b"device", LOCATION: b"name", TEXT: b"at device"}


@pytest.mark.parametrize(
    "said",
    [b"snmp community Kh0ngAiBiet set", b"password=hunter22", b"PSK: wifi-cua-xa", b"Kh0ngAiBiet"],
)
def test_a_secret_is_gone_whether_it_is_ours_or_called_one(redacted, said):
    kept, redactor = redacted({TEXT: said}, secrets=("Kh0ngAiBiet",))
    assert not any(word in kept[TEXT] for word in (b"Kh0ngAiBiet", b"hunter22", b"wifi-cua-xa"))
    assert "Kh0ngAiBiet" not in "".join(change.now for change in redactor.changes)


def test_public_addresses_are_gone_and_private_ones_and_versions_stay(redacted):
    kept, _ = redacted(
        {
            TEXT: b"from 8.8.8.8 and 10.1.2.3",
            DESCR: b"Controller 8.10.185.0",
            "1.3.6.1.4.1.99999.2.0": b"8.10.185.0",
            "1.3.6.1.2.1.4.20.1.2.113.160.1.1": 3,
            "1.3.6.1.2.1.4.20.1.2.10.1.2.3": 3,
        },
        version="8.10.185.0",
    )
    assert kept[TEXT].startswith(b"from 203.0.113.")
    assert kept[TEXT].endswith(b" and 10.1.2.3")
    assert kept[DESCR] == b"Controller 8.10.185.0"
    assert kept["1.3.6.1.4.1.99999.2.0"] == b"8.10.185.0"
    assert set(kept) - {TEXT, DESCR, "1.3.6.1.4.1.99999.2.0"} == {"1.3.6.1.2.1.4.20.1.2.10.1.2.3"}


def test_of_a_mac_address_the_makers_half_stays(redacted):
    kept, _ = redacted({MAC: bytes.fromhex("58696c00aa01"), TEXT: b"58:69:6c:00:aa:01"})
    assert kept[MAC][:3].hex() == "58696c"
    assert kept[MAC][3:].hex() != "00aa01"
    assert kept[TEXT].startswith(b"58:69:6c:")
    assert kept[TEXT] != b"58:69:6c:00:aa:01"


def test_neighbours_users_and_programs_are_left_out_and_counted(redacted):
    kept, redactor = redacted(
        {
            "1.3.6.1.2.1.4.22.1.2.3.10.1.2.9": b"\x00" * 6,
            "1.3.6.1.6.3.15.1.2.2.1.3.1.97": b"admin",
            "1.3.6.1.2.1.25.4.2.1.5.7": b"--password hunter22",
            "1.3.6.1.2.1.16.19.2.0": b"1.0.5",
        }
    )
    assert kept == {"1.3.6.1.2.1.16.19.2.0": b"1.0.5"}
    assert sorted(redactor.left_out.values()) == [1, 1, 1]


def test_numbers_object_ids_and_octets_that_are_no_text_stay(redacted):
    rows = {
        TEXT: b"\xff\x00\x08\x08\x08\x08",
        "1.3.6.1.2.1.1.2.0": (1, 3, 6),
        "1.3.6.1.2.1.2.1.0": 4,
    }
    kept, redactor = redacted(rows)
    assert kept == rows
    assert redactor.changes == []

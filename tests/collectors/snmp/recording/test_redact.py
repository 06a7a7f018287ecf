"""What a recording tells of people and places is in it nowhere, and what it was good for stays."""

import asyncio
import ipaddress

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from collectors.snmp.knowledge.book import shipped_book
from collectors.snmp.recording.case import expected_text, make_case
from collectors.snmp.recording.shapes import Shapes
from collectors.snmp.simulator.ber import INTEGER, IP_ADDRESS, OBJECT_IDENTIFIER, OCTET_STRING
from collectors.snmp.simulator.recorded import shipped_folder
from collectors.snmp.simulator.snmprec import Row, format_row, parse_oid, read_recording

SYSTEM = "1.3.6.1.2.1.1"
IF_DESCR, IF_MAC = "1.3.6.1.2.1.2.2.1.2.1", "1.3.6.1.2.1.2.2.1.6.1"
SERIAL = "1.3.6.1.2.1.47.1.1.1.1.11.1"
FDB = "1.3.6.1.2.1.17.4.3.1"
ARP = "1.3.6.1.2.1.4.22.1"
VENDOR = "1.3.6.1.4.1.2011.5.25.99.1"


def row(oid, value, tag=None):
    kind = OCTET_STRING if isinstance(value, bytes) else INTEGER
    return Row(
        parse_oid(oid), tag or (OBJECT_IDENTIFIER if isinstance(value, tuple) else kind), value
    )


def case_of(rows, secrets=(), shapes=None):
    return asyncio.run(make_case(rows, shipped_book(), secrets, shapes=shapes))


def text_of(case):
    return "".join(f"{format_row(found)}\n" for found in case.rows)


def value_at(case, oid):
    (found,) = [found.value for found in case.rows if found.oid == parse_oid(oid)]
    return found


def make(*rows, secrets=()):
    ordered = sorted(rows, key=lambda found: found.oid)
    return case_of(ordered, secrets, shapes=Shapes(b"key"))


def dotted(octets):
    return ".".join(map(str, octets))


LETTERS = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
WORDS = st.text(LETTERS, min_size=8, max_size=12).map("Qz{}".format)
"""No word of the report itself begins so; `sysContact` would be found in it, and be no secret."""
NAMES = st.one_of(
    WORDS, st.builds("{}.{}.gov.vn".format, WORDS, WORDS), WORDS.map("Xã {} Đông".format)
)
SERIALS = st.builds("{}{}".format, WORDS, st.integers(1000, 99999))
MACS = (
    st.lists(st.integers(48, 255), min_size=6, max_size=6, unique=True)
    .map(bytes)
    .filter(lambda mac: not mac[0] & 1)
)
PUBLIC = st.ip_addresses(v=4).filter(
    lambda ip: ip.is_global and not ip.is_multicast and min(ip.packed) > 19
)


@settings(max_examples=50, deadline=None)
@given(
    name=NAMES, location=NAMES, contact=WORDS, serial=SERIALS, mac=MACS, other=MACS,
    ip=PUBLIC, community=WORDS, password=WORDS,
)  # fmt: skip
def test_no_secret_is_anywhere_in_what_is_written(
    name, location, contact, serial, mac, other, ip, community, password
):
    words = [name, location, contact, serial, community, password]
    assume(len({word.lower() for word in words}) == len(words))
    assume(not any(a != b and a.lower() in b.lower() for a in words for b in words))
    assume(mac[:3] != other[:3])
    quad = str(ip)
    case = make(
        row(f"{SYSTEM}.1.0", f"Linux {name} 5.10 at {location}, serial {serial}".encode()),
        row(f"{SYSTEM}.2.0", parse_oid("1.3.6.1.4.1.8072.3.2.10")),
        row(f"{SYSTEM}.4.0", f"{contact}@example.vn".encode()),
        row(f"{SYSTEM}.5.0", name.encode()),
        row(f"{SYSTEM}.6.0", location.encode()),
        row(IF_DESCR, b"eth0"),
        row(IF_MAC, mac),
        row(SERIAL, serial.encode()),
        row(f"{FDB}.1.{dotted(other)}", other),
        row(f"{FDB}.2.{dotted(other)}", 3),
        row(f"{ARP}.2.1.{quad}", mac),
        row(f"{ARP}.3.1.{quad}", ip.packed, IP_ADDRESS),
        row(f"{VENDOR}.1.{len(name.encode())}.{dotted(name.encode())}", 1),
        row(f"{VENDOR}.2.{dotted(mac)}", f"{mac.hex(':')} {mac.hex().upper()} {serial}".encode()),
        row(f"{VENDOR}.3.0", f"peer {quad}, snmp-server community {community}".encode()),
        row(f"{VENDOR}.4.0", f"password={password}; {community}".encode()),
        row(f"{VENDOR}.5.0", b"\x00\x01" + mac + name.encode() + b"\xff"),
        secrets=[community],
    )
    written = (text_of(case) + repr(case.done) + expected_text(case.found)).lower()
    for word in words:
        assert word.lower() not in written
        assert word.encode().hex() not in written
        assert dotted(word.encode()) not in written
    for octets in (mac, other):
        for form in (octets.hex(), octets.hex(":"), dotted(octets)):
            assert form not in written
    assert quad not in written
    assert ip.packed.hex() not in written


def test_equal_stays_equal_wherever_it_stands():
    mac, ip = bytes.fromhex("001122a1b2c3"), ipaddress.IPv4Address("113.160.5.9")
    case = make(
        row(f"{SYSTEM}.5.0", b"sw-phongmay.xa.gov.vn"),
        row("1.0.8802.1.1.2.1.4.1.1.9.0.1.1", b"SW-PHONGMAY"),
        row(IF_MAC, mac),
        row(f"{FDB}.1.{dotted(mac)}", mac),
        row(f"{ARP}.2.1.{ip}", mac),
        row(f"{ARP}.3.1.{ip}", ip.packed, IP_ADDRESS),
        row(f"{VENDOR}.1.0", f"{mac.hex(':')} {mac.hex()} {ip}".encode()),
    )
    (new_mac,) = {found.value for found in case.rows if found.oid == parse_oid(IF_MAC)}
    assert new_mac[:3] == mac[:3]
    assert value_at(case, f"{FDB}.1.{dotted(new_mac)}") == new_mac
    (address,) = {found.value for found in case.rows if found.tag == IP_ADDRESS}
    assert value_at(case, f"{ARP}.2.1.{dotted(address)}") == new_mac
    shown = f"{new_mac.hex(':')} {new_mac.hex()} {dotted(address)}"
    assert value_at(case, f"{VENDOR}.1.0") == shown.encode()
    name = value_at(case, f"{SYSTEM}.5.0").decode()
    remote = value_at(case, "1.0.8802.1.1.2.1.4.1.1.9.0.1.1").decode()
    assert name.startswith(remote.lower() + ".")
    assert remote.isupper()


@pytest.mark.parametrize(
    "text",
    [
        "Cisco IOS Software, Version 15.2(7)E3",
        "firmware 5.12.7.9 of 2023-04-05",
        "HP LaserJet 400 M401dn",
        "the password is kept secret by the token ring community edition",
        "gateway 192.168.1.1, netmask 255.255.255.0, loopback 127.0.0.1",
    ],
)
def test_what_is_nobodys_stays(text):
    case = make(row(f"{SYSTEM}.5.0", b"sw-01-xa"), row(f"{VENDOR}.1.0", text.encode()))
    assert value_at(case, f"{VENDOR}.1.0").decode() == text


def test_a_name_that_is_the_models_stays_and_changes_nothing_else():
    recording = read_recording(shipped_folder() / "printer_hp.snmprec")
    known = case_of(recording.rows)
    model = str(known.found["model"])
    rows = [
        found._replace(value=model.encode()) if found.oid == parse_oid(f"{SYSTEM}.5.0") else found
        for found in recording.rows
    ]
    case = case_of(rows)
    assert case.found["model"] == model
    assert case.found["sys_name"] == model
    assert case.changed == ()


@pytest.mark.parametrize("path", sorted(shipped_folder().glob("*.snmprec")), ids=lambda p: p.stem)
def test_every_shipped_device_is_identified_as_before(path):
    case = case_of(read_recording(path).rows, ["public"])
    assert case.changed == ()


def test_tables_of_connections_programs_and_users_are_left_out_and_counted():
    case = make(
        row(f"{SYSTEM}.5.0", b"sw-01-xa"),
        row("1.3.6.1.2.1.25.4.2.1.5.7", b"--password hunter22"),
        row("1.3.6.1.2.1.6.13.1.1.10.0.0.1.22.113.160.5.9.40000", 5),
        row("1.3.6.1.4.1.77.1.2.25.1.1.5.97.100.109.105.110", b"admin"),
    )
    assert [found.value for found in case.rows if found.oid[:7] != (1, 3, 6, 1, 2, 1, 1)] == []
    assert {rule for rule in case.done if rule.startswith("left out")} == {
        "left out: running programs (hrSWRun)",
        "left out: connections (tcpConnTable)",
        "left out: users (svUserTable)",
    }


@given(st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=40))
def test_a_stand_in_has_the_same_shape_and_the_same_length(secret):
    found = Shapes(b"key").text(secret)
    assert len(found) == len(secret)
    for old, new in zip(secret, found, strict=True):
        if old.isascii():
            assert (old.isdigit(), old.isalpha(), old.isupper()) == (
                new.isdigit(), new.isalpha(), new.isupper(),
            )  # fmt: skip
            assert old.isalnum() or old == new
    assert Shapes(b"key").text(secret) == found


def test_another_recording_has_other_stand_ins():
    assert Shapes().text("sw-phongmay-01") != Shapes().text("sw-phongmay-01")


def test_two_secrets_never_share_a_stand_in_while_there_are_others():
    shapes = Shapes(b"key")
    assert len({shapes.text(f"{number:04}") for number in range(1000)}) == 1000


@pytest.mark.parametrize("said", [b"community: Kh0ngAiBiet", b"at Kh0ngAiBiet", b"xKh0ngAiBietx"])
def test_the_community_that_it_was_asked_with_is_gone_from_within_words_too(said):
    case = make(
        row(f"{SYSTEM}.5.0", b"sw-01-xa"), row(f"{VENDOR}.1.0", said), secrets=["Kh0ngAiBiet"]
    )
    assert b"Kh0ngAiBiet" not in value_at(case, f"{VENDOR}.1.0")


def test_numbers_flags_and_object_ids_stay():
    rows = [
        row(f"{SYSTEM}.2.0", parse_oid("1.3.6.1.4.1.99999.1")),
        row("1.3.6.1.2.1.2.1.0", 4),
        row(f"{VENDOR}.1.0", b"\xff\x00\x08\x08\x08\x08"),
        row(f"{VENDOR}.2.0", b"\x80\x00\x00\x00\x00\x00"),
    ]
    case = make(*rows)
    assert list(case.rows) == sorted(rows, key=lambda found: found.oid)
    assert case.done == {}


def test_of_a_commands_output_only_what_a_profile_asks_for_by_name_is_kept():
    output = "1.3.6.1.4.1.8072.1.3.2.4.1.2"
    battery = f"{output}.7.{dotted(b'ups-nut')}"
    case = make(
        row(f"{SYSTEM}.1.0", b"Linux sw-01-xa 5.10"),
        row(f"{SYSTEM}.2.0", parse_oid("1.3.6.1.4.1.8072.3.2.10")),
        row(f"{battery}.1", b"97"),
        row(f"{output}.7.{dotted(b'passwds')}.1", b"root:x:0"),
    )
    assert value_at(case, f"{battery}.1") == b"97"
    assert case.found["profile"] == "linux-ups"
    assert case.done["left out: commands (nsExtendOutput2Table)"].count == 1

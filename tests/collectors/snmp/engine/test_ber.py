"""The engine's BER beside pyasn1's, and what it must refuse."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyasn1.codec.ber import decoder, encoder
from pyasn1.type import univ

from collectors.snmp.engine.ber import (
    INTEGER,
    OCTET_STRING,
    enter,
    integer,
    oid_body,
    read_integer,
    read_octets,
    read_oid,
    tlv,
)
from collectors.snmp.pdu import Rejected

SUBIDS = st.one_of(st.integers(0, 300), st.integers(0, 2**32 - 1))
OIDS = st.builds(
    lambda root, rest: (*root, *rest),
    st.one_of(
        st.tuples(st.integers(0, 1), st.integers(0, 39)), st.tuples(st.just(2), st.integers(0, 999))
    ),
    st.lists(SUBIDS, max_size=126),
)


@given(OIDS)
def test_an_oid_is_written_as_pyasn1_writes_it_and_read_back(oid):
    body = oid_body(oid)
    assert tlv(6, body) == encoder.encode(univ.ObjectIdentifier(oid))
    assert read_oid(body) == oid


@given(st.integers(-(2**63), 2**63 - 1))
def test_an_integer_is_written_as_pyasn1_writes_it_and_read_back(number):
    packet = integer(number)
    assert packet == encoder.encode(univ.Integer(number))
    assert read_integer(packet, 0, len(packet)) == (number, len(packet))


@pytest.mark.parametrize("length", [0, 1, 127, 128, 255, 256, 65535, 65536])
def test_lengths_are_written_as_pyasn1_writes_them_and_read_back(length):
    packet = tlv(OCTET_STRING, bytes(length))
    assert packet == encoder.encode(univ.OctetString(bytes(length)))
    assert read_octets(packet, 0, len(packet)) == (bytes(length), len(packet))


@given(st.binary(max_size=40))
def test_whatever_body_is_no_oid_is_refused_and_all_else_is_what_pyasn1_reads(body):
    try:
        oid = read_oid(body)
    except Rejected:
        return
    if body:
        theirs, _ = decoder.decode(tlv(6, body), asn1Spec=univ.ObjectIdentifier())
        assert oid == theirs.asTuple()


@pytest.mark.parametrize(
    "body",
    [
        b"\x2b\x80",  # cut off within a subidentifier
        b"\x2b\x80\x01",  # padded
        b"\x2b\x90\x80\x80\x80\x00",  # 2^32
        b"\x2b" + b"\x01" * 127,  # 129 subidentifiers
        b"\x2b" * 700,
    ],
)
def test_an_oid_that_smi_does_not_allow_is_refused(body):
    with pytest.raises(Rejected):
        read_oid(body)


def test_an_empty_oid_is_zero_dot_zero():
    assert read_oid(b"") == (0, 0)


@pytest.mark.parametrize(
    "packet",
    [
        b"",
        b"\x02",
        b"\x02\x00",
        b"\x02\x80\x01\x00\x00",  # indefinite
        b"\x02\x81",
        b"\x02\x85\x00\x00\x00\x00\x01\x05",  # a length of five octets
        b"\x02\x84\xff\xff\xff\xff\x05",
        b"\x02\x02\x05",
        b"\x02\x0a" + bytes(10),
        b"\x04\x01\x05",
    ],
)
def test_what_is_no_integer_is_refused(packet):
    with pytest.raises(Rejected):
        read_integer(packet, 0, len(packet))


def test_an_element_may_not_reach_past_what_holds_it():
    packet = tlv(OCTET_STRING, b"12345")
    assert read_octets(packet, 0, 7) == (b"12345", 7)
    with pytest.raises(Rejected):
        read_octets(packet, 0, 6)
    with pytest.raises(Rejected):
        enter(INTEGER, packet, 0, 7)

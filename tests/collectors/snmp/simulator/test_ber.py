import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyasn1.codec.ber import decoder, encoder
from pyasn1.type import univ

from collectors.snmp.simulator.ber import (
    BerError,
    decode_oid,
    encode_integer,
    encode_length,
    encode_oid,
    encode_value,
    read_integer,
    read_tlv,
    tlv,
)
from collectors.snmp.simulator.message import decode_message, message_version

_SUB_IDS = st.lists(st.integers(0, 2**32 - 1), max_size=20).map(tuple)


@given(st.integers(-(2**63), 2**64 - 1))
def test_an_integer_is_read_back_by_pyasn1_and_has_no_octet_too_many(value):
    body = encode_integer(value)
    assert int(decoder.decode(tlv(2, body))[0]) == value
    assert len(body) == 1 or body[0] not in (0, 0xFF) or (body[0] ^ body[1]) & 0x80


@given(_SUB_IDS)
def test_an_oid_survives_a_round_trip_and_equals_pyasn1(tail):
    oid = (1, 3, *tail)
    assert decode_oid(encode_oid(oid)) == oid
    assert tlv(6, encode_oid(oid)) == encoder.encode(univ.ObjectIdentifier(oid))


@given(st.binary(max_size=300))
def test_bytes_from_anywhere_give_a_message_or_a_ber_error(data):
    for read in (decode_message, message_version):
        try:
            read(data)
        except BerError:
            continue


@pytest.mark.parametrize("length", [0, 127, 128, 255, 256, 65535, 65536])
def test_a_body_of_any_length_is_read_back(length):
    data = tlv(4, b"x" * length)
    assert read_tlv(data, 0, len(data)) == (4, len(data) - length, len(data))
    assert bytes(decoder.decode(data)[0]) == b"x" * length


def test_the_short_form_is_used_below_128():
    assert (encode_length(127), encode_length(128)) == (b"\x7f", b"\x81\x80")


@pytest.mark.parametrize(
    "data",
    [b"", b"\x02", b"\x02\x05\x01", b"\x02\x80\x01", b"\x02\x85\x01\x01\x01\x01\x01", b"\x04\x01a"],
)
def test_an_integer_that_is_cut_short_or_is_none_is_refused(data):
    with pytest.raises(BerError):
        read_integer(data, 0, len(data))


@pytest.mark.parametrize(
    "body", [b"", b"\x2b\x86", b"\x2b" + b"\xff" * 9 + b"\x7f", b"\x2b" + b"\x01" * 200]
)
def test_an_oid_without_end_or_measure_is_refused(body):
    with pytest.raises(BerError):
        decode_oid(body)


def test_an_oid_value_under_another_tag_is_refused():
    with pytest.raises(BerError):
        encode_value(4, (1, 3))

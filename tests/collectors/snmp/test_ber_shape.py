"""The shape of packets, and that decoding one never costs more than a moment."""

import itertools
import random
import time

import pytest

from collectors.snmp.ber_shape import check_shape, digest_span
from collectors.snmp.pdu import Kind, Rejected, Request
from collectors.snmp.pysnmp_messages import V2C, Community
from collectors.snmp.pysnmp_usm import Usm
from collectors.snmp.simulator.ber import encode_integer, encode_oid, tlv
from collectors.snmp.simulator.message import RESPONSE, encode_message
from collectors.snmp.simulator.v3 import V3Agent

OID = tlv(0x06, encode_oid((1, 3, 6, 1, 2, 1, 1, 5, 0)))
NUMBER = tlv(0x02, b"\x01")


def message(*bindings, request_id=7, version=1):
    head = b"".join(tlv(2, encode_integer(n)) for n in (request_id, 0, 0))
    return encode_message(version, b"public", tlv(RESPONSE, head + tlv(0x30, b"".join(bindings))))


def binding(value, name=OID):
    return tlv(0x30, name + value)


GOOD = message(binding(NUMBER), binding(tlv(4, b"text")), binding(b"\x82\x00"))


def test_a_good_answer_passes():
    check_shape(GOOD, 3)


def test_padding_behind_a_message_is_nobodys_business():
    check_shape(GOOD + bytes(7), 3)


@pytest.mark.parametrize("length", range(len(GOOD)))
def test_a3_a_message_that_is_cut_anywhere_is_rejected(length):
    with pytest.raises(Rejected):
        check_shape(GOOD[:length], 3)


def test_a3_no_change_of_one_octet_raises_anything_else():
    rejected = 0
    for at, value in itertools.product(range(len(GOOD)), (0x00, 0x7F, 0x80, 0x84, 0xFF)):
        try:
            check_shape(GOOD[:at] + bytes((value,)) + GOOD[at + 1 :], 3)
        except Rejected:
            rejected += 1
    assert rejected > len(GOOD)


CROOKED = {
    "an empty number": binding(tlv(2, b"")),
    "a number of 10 octets": binding(tlv(0x46, b"\x01" * 10)),
    "a long OID": binding(NUMBER, tlv(6, b"\x01" * 641)),
    "NULL with a body": binding(tlv(5, b"x")),
    "endOfMibView with a body": binding(tlv(0x82, b"x")),
    "a constructed string": binding(tlv(0x24, tlv(4, b"x"))),
    "a SET": binding(tlv(0x31, b"")),
    "a tag of many octets": binding(b"\x1f\x81\x01\x01x"),
    "an indefinite length": binding(b"\x04\x80x\x00\x00"),
    "a length of five octets": binding(b"\x04\x85\x00\x00\x00\x00\x01x"),
    "a body that reaches over its parent": binding(b"\x04\x05x"),
    "nesting without end": binding(tlv(0x30, tlv(0x30, tlv(0x30, tlv(0x30, tlv(0x30, b"")))))),
}


@pytest.mark.parametrize("crooked", CROOKED.values(), ids=CROOKED.keys())
def test_a3_what_snmp_does_not_have_is_rejected(crooked):
    with pytest.raises(Rejected) as caught:
        check_shape(message(crooked), 1)
    assert caught.value.reason == "malformed"


def test_more_bindings_than_were_asked_for_are_rejected():
    with pytest.raises(Rejected) as caught:
        check_shape(message(*[binding(NUMBER)] * 40), 5)
    assert caught.value.reason == "oversize"


def test_anything_but_a_message_is_rejected():
    for data in (b"", b"\x30", b"\x04\x02hi", b"\xa2\x00", b"GET / HTTP/1.1\r\n\r\n"):
        with pytest.raises(Rejected):
            check_shape(data, 1)


def test_n9_hostile_packets_cost_next_to_no_cpu():
    """The third of these alone costs a plain decoder half a second."""
    nested = b""
    for _ in range(5000):
        nested = tlv(0x30, nested)
    hostile = [
        message(binding(NUMBER, tlv(6, b"\x2b" * 60_000))),
        message(binding(tlv(2, b"\x7f" * 60_000))),
        message(*[binding(b"\x05\x00", tlv(6, b"\x2b"))] * 7000),
        message(nested),
        b"\x30\x80" * 30_000,
        random.Random(5).randbytes(60_000),
    ]
    dialect = Community(V2C, "public")
    request = Request(Kind.GET_BULK, ((1, 3),), 60)
    number, _ = dialect.encode(request)
    started = time.process_time()
    for packet in hostile:
        with pytest.raises(Rejected):
            dialect.decode(packet, {number}, request)
    assert (time.process_time() - started) / len(hostile) < 0.05


def test_the_digest_is_found_by_structure(v3):
    """A digest of twelve zeros, and as many zeros in the engine id before it."""
    engine = V3Agent(b"\x80\x00\x1f\x88\x04" + bytes(14) + b"x", [v3()], lambda pdu: None)
    usm = Usm(v3(auth="MD5", level="authNoPriv"))
    request = Request(Kind.GET, ())
    number, question = usm.encode(request)
    usm.decode(engine.answer(question), {number}, request)
    engine.close()
    _, packet = usm.encode(Request(Kind.GET, ((1, 3, 6),)))
    begin, end = digest_span(packet)
    assert end - begin == 12
    assert packet.find(bytes(12)) < begin
    assert packet[begin:end] != bytes(12)

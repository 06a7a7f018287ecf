"""SNMPv3 answers with octets changed, cut or made up: refused, and nothing else comes out."""

import random

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from collectors.snmp.engine.ber import integer, tlv
from collectors.snmp.engine.usm import Usm
from collectors.snmp.pdu import Kind, Memory, Rejected, Report, Request, Response
from collectors.snmp.simulator.device import Device
from collectors.snmp.simulator.message import decode_pdu
from collectors.snmp.simulator.snmprec import Row
from collectors.snmp.simulator.v3 import V3Agent

NAME = (1, 3, 6, 1, 2, 1, 1, 5, 0)
ASK = Request(Kind.GET, (NAME,))
QUIETLY = {"deadline": None, "suppress_health_check": [HealthCheck.function_scoped_fixture]}


@pytest.fixture
def engine():
    return "hatang"


@pytest.fixture(params=["noAuthNoPriv", "authNoPriv", "authPriv"])
def in_step(request, v3):
    """(Usm in step with its agent, number of its request, right answer, whether it is signed)."""
    user = v3(level=request.param)
    device = Device([Row(NAME, 4, b"sw-01")])
    answer = lambda pdu: device.respond(decode_pdu(pdu), version=3).encode()  # noqa: E731
    agent = V3Agent(b"\x80\x00\x1f\x88\x04own-usm", [user], answer)
    usm = Usm(user)
    try:
        for _ in range(3):
            number, packet = usm.encode(ASK)
            found = agent.answer(packet)
            if isinstance(usm.decode(found, {number}, ASK)[1], Response):
                yield usm, number, found, user.level != "noAuthNoPriv"
                return
        pytest.fail("no response")
    finally:
        agent.close()


@settings(max_examples=400, **QUIETLY)
@given(seed=st.integers(0, 2**32))
def test_a_changed_answer_is_refused_and_only_what_is_not_signed_may_pass(in_step, seed):
    usm, number, answer, is_signed = in_step
    rng = random.Random(seed)
    data = bytearray(answer)
    for _ in range(rng.randrange(1, 5)):
        kind, at = rng.randrange(4), rng.randrange(len(data))
        if kind == 0:
            data[at] = rng.randrange(256)
        elif kind == 1:
            del data[at : at + rng.randrange(1, 4)]
        elif kind == 2:
            data[at:at] = rng.randbytes(rng.randrange(1, 4))
        else:
            data[at] ^= 1 << rng.randrange(8)
        if not data:
            break
    if bytes(data) == answer:
        return
    try:
        _, found = usm.decode(bytes(data), {number}, ASK)
    except Rejected:
        return
    assert isinstance(found, Response | Report)
    if is_signed and isinstance(found, Response):
        assert bytes(data).startswith(answer)  # what is behind a message belongs to nobody


@settings(max_examples=300, **QUIETLY)
@given(packet=st.binary(max_size=200))
def test_made_up_packets_are_refused(in_step, packet):
    usm, number, *_ = in_step
    with pytest.raises(Rejected):
        usm.decode(packet, {number}, ASK)


def report(number, *, engine_id=b"\x80\x00\x00\x00\x01x", boots=1, time_s=1, stats=4, model=3):
    """An unsigned report, as the answer to a discovery is."""
    oid = bytes.fromhex("2b060106030f0101") + bytes((stats, 0))
    binding = tlv(0x30, tlv(6, oid) + b"\x41\x01\x07")
    pdu = tlv(0xA8, integer(0) + integer(0) + integer(0) + tlv(0x30, binding))
    header = integer(number) + integer(1500) + b"\x04\x01\x00" + integer(model)
    security = tlv(4, engine_id) + integer(boots) + integer(time_s) + b"\x04\x00" * 3
    scoped = tlv(0x30, tlv(4, engine_id) + b"\x04\x00" + pdu)
    return tlv(0x30, integer(3) + tlv(0x30, header) + tlv(4, tlv(0x30, security)) + scoped)


def test_a_discovery_is_learned_from(v3):
    usm = Usm(v3())
    number, _ = usm.encode(ASK)
    assert usm.decode(report(number), {number}, ASK) == (number, Report("unknown_engine"))
    assert usm.engine == (b"\x80\x00\x00\x00\x01x", 1)
    usm.encode(ASK)


@pytest.mark.parametrize(
    "wrong",
    [
        {"engine_id": b""},
        {"engine_id": b"1234"},
        {"engine_id": b"x" * 33},
        {"boots": -1},
        {"boots": 2**31},
        {"time_s": -1},
        {"time_s": 2**60},
        {"model": 2},
    ],
)
def test_a_discovery_that_cannot_be_true_is_not(v3, wrong):
    usm = Usm(v3())
    number, _ = usm.encode(ASK)
    with pytest.raises(Rejected) as caught:
        usm.decode(report(number, **wrong), {number}, ASK)
    assert caught.value.reason == "malformed"
    assert usm.engine is None


def test_the_clock_of_an_engine_never_runs_past_its_end(v3):
    now_s = [0.0]
    usm = Usm(v3(), monotonic=lambda: now_s[0])
    number, _ = usm.encode(ASK)
    usm.decode(report(number, boots=2**31 - 1, time_s=2**31 - 1), {number}, ASK)
    now_s[0] = 1e6
    usm.encode(ASK)


@pytest.mark.parametrize(
    ("stats", "reason"),
    [
        (1, "unsupported_level"),
        (2, "not_in_time_window"),
        (3, "unknown_user"),
        (5, "wrong_digest"),
        (6, "decryption_error"),
        (99, "report"),
    ],
)
def test_reports_are_told_apart(v3, stats, reason):
    usm = Usm(v3())
    number, _ = usm.encode(ASK)
    assert usm.decode(report(number, stats=stats), {number}, ASK)[1] == Report(reason)


def test_sealed_answers_that_are_recognized_are_read_as_those_that_are_taken_apart(v3):
    columns = ((1, 3, 6, 1, 2, 1, 2, 2, 1, 10), (1, 3, 6, 1, 2, 1, 2, 2, 1, 16))
    counters = [7]
    user = v3(level="authPriv")

    def answer(pdu):
        rows = [
            Row((*oid, port), 0x41, counters[0] + port) for oid in columns for port in (1, 2, 3)
        ]
        return Device(rows).respond(decode_pdu(pdu), version=3).encode()

    agent = V3Agent(b"\x80\x00\x1f\x88\x04own-usm", [user], answer)
    remembers, forgets = Usm(user), Usm(user)
    known = Request(Kind.GET_BULK, columns, 3, columns, memory=Memory())
    plain = Request(Kind.GET_BULK, columns, 3, columns)

    def cells(usm, request):
        for _ in range(3):
            number, packet = usm.encode(request)
            found = usm.decode(agent.answer(packet), {number}, request)[1]
            if isinstance(found, Response):
                return found.cells.indexes, list(found.cells.values)
        pytest.fail("no response")

    try:
        for counters[0] in (7, 8, 90, 200, 70_000, 8, 9):
            assert cells(remembers, known) == cells(forgets, plain)
        assert known.memory.template is not None
    finally:
        agent.close()

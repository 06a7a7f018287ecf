"""The manager's side of USM in both engines, packet by packet, with pysnmp's as the agent."""

import itertools

import pytest

from collectors.snmp import pysnmp_usm
from collectors.snmp.ber_shape import digest_span, element
from collectors.snmp.engine import usm as own_usm
from collectors.snmp.pdu import Kind, Rejected, Report, Request, Response
from collectors.snmp.simulator.ber import tlv
from collectors.snmp.simulator.device import Device
from collectors.snmp.simulator.message import decode_pdu
from collectors.snmp.simulator.snmprec import Row
from collectors.snmp.simulator.v3 import V3Agent

NAME = (1, 3, 6, 1, 2, 1, 1, 5, 0)
ASK = Request(Kind.GET, (NAME,))
ENGINE_ID = b"\x80\x00\x1f\x88\x04usm-test"


class Clock:
    """Seconds that pass only when a test says so."""

    def __init__(self):
        self.now_s = 1000.0

    def __call__(self):
        return self.now_s


def Usm(credential, **more):
    """The class that the credential names, made."""
    made = pysnmp_usm if credential.engine == "pysnmp" else own_usm
    return made.Usm(credential, **more)


@pytest.fixture
def peer():
    """An agent of one variable: peer(users, boots=…)."""
    device = Device([Row(NAME, 4, b"sw-01")])
    made = []

    def make(*users, boots=5, engine_id=ENGINE_ID):
        answer = lambda pdu: device.respond(decode_pdu(pdu), version=3).encode()  # noqa: E731
        made.append(V3Agent(engine_id, users, answer, boots=boots))
        return made[-1]

    yield make
    for engine in made:
        engine.close()


def exchange(usm, engine, request=ASK):
    number, packet = usm.encode(request)
    found, answer = usm.decode(engine.answer(packet), {number}, request)
    assert found == number
    return answer


def in_step(usm, engine):
    """Exchange until a response comes; the reports on the way."""
    reports = []
    for _ in range(4):
        answer = exchange(usm, engine)
        if isinstance(answer, Response):
            return answer, reports
        reports.append(answer.reason)
    pytest.fail(f"no response, but {reports}")


AUTHS = ("MD5", "SHA", "SHA-224", "SHA-256", "SHA-384", "SHA-512")
PRIVS = ("DES", "AES-128", "AES-192", "AES-256", "AES-192-C", "AES-256-C")


@pytest.mark.parametrize(("auth", "priv"), list(itertools.product(AUTHS, PRIVS)))
def test_every_digest_goes_with_every_cipher(v3, peer, auth, priv):
    user = v3(auth=auth, priv=priv)
    usm, engine = Usm(user), peer(user)
    answer, reports = in_step(usm, engine)
    assert answer.bindings == ((NAME, b"sw-01"),)
    assert reports == ["unknown_engine"]


@pytest.mark.parametrize("level", ["noAuthNoPriv", "authNoPriv"])
def test_the_lower_levels_work(v3, peer, level):
    user = v3(level=level)
    answer, _ = in_step(Usm(user), peer(user))
    assert answer.bindings == ((NAME, b"sw-01"),)


def test_the_content_and_the_keys_are_not_in_the_packets(v3, peer):
    user = v3()
    usm, engine = Usm(user), peer(user)
    in_step(usm, engine)
    _, packet = usm.encode(ASK)
    assert bytes((0x2B, 6, 1, 2, 1, 1, 5)) not in packet
    for secret in (user.auth_key.reveal(), user.priv_key.reveal()):
        assert secret.encode() not in packet


def test_no_two_packets_are_encrypted_alike(v3, peer):
    user = v3(priv="AES-128")
    first, second = Usm(user), Usm(user)
    engine = peer(user)
    for usm in (first, second):
        in_step(usm, engine)
    packets = [usm.encode(ASK)[1] for usm in (first, second) * 20]
    salts = {packet[digest_span(packet)[1] :][:10] for packet in packets}
    assert len(salts) == len(packets)


def test_a8_engine_time_advances_with_our_clock(v3, peer):
    user, clock = v3(), Clock()
    usm, engine = Usm(user, monotonic=clock), peer(user)
    in_step(usm, engine)
    clock.now_s += 140  # pysnmp's engine goes by its own clock, and allows for 150 s
    assert isinstance(exchange(usm, engine), Response)
    clock.now_s += 200
    assert exchange(usm, engine) == Report("not_in_time_window")
    assert isinstance(exchange(usm, engine), Response)


def test_n11_a_restart_is_one_report_and_then_all_is_well(v3, peer):
    user = v3()
    usm = Usm(user)
    in_step(usm, peer(user, boots=5))
    _, reports = in_step(usm, peer(user, boots=6))
    assert reports == ["not_in_time_window"]
    assert usm.engine == (ENGINE_ID, 6)


def test_n11_boots_that_fell_back_are_believed_when_signed(v3, peer):
    user = v3()
    usm = Usm(user)
    in_step(usm, peer(user, boots=9))
    _, reports = in_step(usm, peer(user, boots=2))
    assert reports == ["not_in_time_window"]
    assert usm.engine == (ENGINE_ID, 2)


@pytest.mark.parametrize(
    ("wrong", "reason"),
    [
        ({"user": "nobody"}, "unknown_user"),
        ({"auth_key": "another-passphrase"}, "wrong_digest"),
        ({"auth": "MD5"}, "wrong_digest"),
        ({"level": "noAuthNoPriv"}, "unsupported_level"),
    ],
)
def test_n11_refusals_are_told_apart(v3, peer, wrong, reason):
    engine, usm = peer(v3()), Usm(v3(**wrong))
    assert exchange(usm, engine) == Report("unknown_engine")
    assert exchange(usm, engine) == Report(reason)


def changed(packet, at, bit=1):
    return packet[:at] + bytes((packet[at] ^ bit,)) + packet[at + 1 :]


def test_every_changed_octet_of_a_signed_answer_is_noticed(v3, peer):
    user = v3(level="authNoPriv")
    usm, engine = Usm(user), peer(user)
    in_step(usm, engine)
    number, packet = usm.encode(ASK)
    answer = engine.answer(packet)
    for at in range(len(answer)):
        with pytest.raises(Exception) as caught:  # noqa: PT011 - the session takes them all
            usm.decode(changed(answer, at), {number}, ASK)
        assert not isinstance(caught.value, AssertionError)
    assert isinstance(usm.decode(answer, {number}, ASK)[1], Response)


def test_a_digest_of_one_octet_is_not_enough(v3, peer):
    """CVE-2008-0960: the sender must not choose how long the digest is."""
    user = v3(level="authNoPriv", auth="SHA")
    usm, engine = Usm(user), peer(user)
    in_step(usm, engine)
    number, packet = usm.encode(ASK)
    answer = engine.answer(packet)
    begin, _ = digest_span(answer)
    with pytest.raises(Rejected) as caught:
        usm.decode(with_digest(answer, answer[begin : begin + 1]), {number}, ASK)
    assert caught.value.reason == "security"
    assert isinstance(usm.decode(answer, {number}, ASK)[1], Response)


def with_digest(message, digest):
    """The SNMPv3 message with another digest and right lengths."""

    def parts(data):
        _, at, end = element(data, 0, len(data))
        found = []
        while at < end:
            _, _, stop = element(data, at, end)
            found.append(data[at:stop])
            at = stop
        return found

    version, header, security, data = parts(message)
    _, begin, end = element(security, 0, len(security))
    fields = parts(security[begin:end])
    fields[4] = tlv(0x04, digest)
    security = tlv(0x04, tlv(0x30, b"".join(fields)))
    return tlv(0x30, version + header + security + data)


def test_an_unsigned_answer_to_a_signed_request_is_thrown_away(v3, peer):
    signed, unsigned = v3(level="authNoPriv"), v3(level="noAuthNoPriv")
    usm, plain = Usm(signed), Usm(unsigned)
    in_step(usm, peer(signed))
    careless = peer(unsigned)
    in_step(plain, careless)
    number, packet = plain.encode(ASK)
    with pytest.raises(Rejected) as caught:
        usm.decode(careless.answer(packet), {number}, ASK)
    assert caught.value.reason == "security"


def test_an_answer_to_nobodys_request_is_thrown_away(v3, peer):
    user = v3()
    usm, engine = Usm(user), peer(user)
    in_step(usm, engine)
    _, packet = usm.encode(ASK)
    with pytest.raises(Rejected) as caught:
        usm.decode(engine.answer(packet), {1, 2, 3}, ASK)
    assert caught.value.reason == "no_request"


def test_a_replayed_answer_is_older_than_the_window_allows(v3, peer):
    user, clock = v3(level="authNoPriv"), Clock()
    usm, engine = Usm(user, monotonic=clock), peer(user, boots=5)
    in_step(usm, engine)
    number, packet = usm.encode(ASK)
    recorded = engine.answer(packet)
    assert isinstance(usm.decode(recorded, {number}, ASK)[1], Response)
    clock.now_s += 151
    with pytest.raises(Rejected) as caught:
        usm.decode(recorded, {number}, ASK)
    assert caught.value.reason == "security"

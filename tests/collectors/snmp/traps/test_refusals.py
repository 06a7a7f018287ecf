"""What is not taken: wrong secrets, strangers, floods, replays and crooked packets."""

import asyncio
import contextlib
import socket

from hypothesis import given, settings
from hypothesis import strategies as st
from prometheus_client import CollectorRegistry

from collectors.snmp.ber_shape import check_shape
from collectors.snmp.pysnmp_v3 import Security, User, v3_packet
from collectors.snmp.simulator.ber import tlv
from collectors.snmp.simulator.message import encode_message
from collectors.snmp.traps.door import MAX_PACKET, Origin
from collectors.snmp.traps.notification import MOST_BINDINGS
from collectors.snmp.traps.receiver import Hands, Receiver
from collectors.snmp.traps.senders import Sender, Senders, Trusted
from collectors.snmp.traps.usm import LocalEngine
from config.sections import SnmpV2c, SnmpV3
from inventory.metric_table import TRAP_REJECTIONS
from inventory.metrics import Instruments
from tests.collectors.still_time import run_still

DOTTED = "1.3.6.1.6.3.1.1.5.3"
WRONG = ("-v2c", "-c", "guess")
SENDER_ENGINE = "0x80001f8804736e6d70"


def test_a_wrong_community_is_counted_and_an_inform_with_it_not_answered(listening, send, v2c):
    async def main():
        async with listening(v2c("s3cret")) as heard:
            await send("snmptrap", heard.port, "1", DOTTED, options=WRONG)
            await heard.until(heard.rejected)
            options = ("-v2c", "-c", "guess")
            code, _ = await send(
                "snmpinform", heard.port, "1", DOTTED, options=options, wait_s="0.3"
            )
            return code, heard.taken, heard.rejected()

    code, taken, rejected = asyncio.run(main())
    assert code != 0
    assert taken == []
    assert set(rejected) == {"wrong_community"}


def test_a_community_counts_only_from_the_networks_of_its_credential(listening, say, v2c, trap):
    async def main():
        async with listening(v2c("s3cret", networks=["10.0.0.0/8"])) as heard:
            say(heard.port, [trap()])
            await heard.until(heard.rejected)
            return heard.rejected()

    assert run_still(main()) == {"wrong_community": 1}


def test_wrong_keys_users_and_levels_are_told_apart(listening, send, v3, v3_options):
    async def main():
        async with listening(v3()) as heard:
            for options in (
                v3_options(auth_key="another-1", engine=SENDER_ENGINE),
                v3_options(priv_key="another-1", engine=SENDER_ENGINE),
                v3_options(user="nobody", engine=SENDER_ENGINE),
                v3_options(level="authNoPriv", engine=SENDER_ENGINE),
            ):
                before = sum(heard.rejected().values())
                await send("snmptrap", heard.port, "1", DOTTED, options=options)
                await heard.until(lambda before=before: sum(heard.rejected().values()) > before)
            return heard.taken, heard.rejected()

    taken, rejected = asyncio.run(main())
    assert taken == []
    assert rejected == dict.fromkeys(
        ("wrong_digest", "decryption_error", "unknown_user", "unsupported_level"), 1
    )


def test_an_inform_with_a_wrong_key_is_told_so_and_not_taken(listening, send, v3, v3_options):
    async def main():
        async with listening(v3()) as heard:
            options = v3_options(auth_key="another-1")
            code, said = await send("snmpinform", heard.port, "1", DOTTED, options=options)
            return code, said, heard.taken, set(heard.rejected())

    code, said, taken, rejected = asyncio.run(main())
    assert code != 0
    assert "uthentication failure" in said
    assert (taken, rejected) == ([], {"wrong_digest"})


def test_a_stranger_is_told_of_once_and_never_answered(listening, say, v2c, trap):
    async def main():
        async with listening(v2c("s3cret")) as heard:
            say(heard.port, [trap(), trap(), trap(b"guess")], source="127.0.0.77")
            say(heard.port, [trap(b"guess")], source="127.0.0.78")
            await heard.until(lambda: heard.rejected().get("unknown_sender") == 4)
            with contextlib.closing(socket.socket(socket.AF_INET, socket.SOCK_DGRAM)) as client:
                client.bind(("127.0.0.79", 0))
                client.setblocking(False)
                client.sendto(trap(kind=0xA6), ("127.0.0.1", heard.port))
                await heard.until(lambda: heard.rejected().get("unknown_sender") == 5)
                with contextlib.suppress(BlockingIOError):
                    raise AssertionError(f"answered with {client.recv(100)}")
            return heard.taken, heard.strangers

    taken, strangers = run_still(main())
    assert taken == []
    assert strangers == [
        ("127.0.0.77", "link_down", 1000.0),
        ("127.0.0.78", "unauthentic", 1000.0),
        ("127.0.0.79", "link_down", 1000.0),
    ]


def test_a_flood_of_one_sender_leaves_room_for_the_others(listening, say, v2c, trap):
    senders = {"127.0.0.1": "SW-1", "127.0.0.2": "SW-2"}

    async def main():
        async with listening(v2c("s3cret"), senders=senders, limits=(5, 600)) as heard:
            for _ in range(10):
                say(heard.port, [trap()] * 20)
                await asyncio.sleep(0)
            say(heard.port, [trap()], source="127.0.0.2")
            await heard.until(lambda: sum(heard.rejected().values()) + len(heard.taken) >= 201)
            return [t.asset for t in heard.taken], heard.rejected()

    taken, rejected = run_still(main())
    assert (taken.count("SW-1"), taken.count("SW-2")) == (5, 1)
    assert rejected == {"sender_flood": 195}


def test_all_together_have_a_limit_and_so_have_strangers(listening, say, v2c, trap):
    senders = {f"127.0.1.{n}": f"SW-{n}" for n in range(1, 31)}

    async def main():
        async with listening(v2c("s3cret"), senders=senders, limits=(5, 20)) as heard:
            for address in senders:
                say(heard.port, [trap()], source=address)
            for n in range(1, 31):
                say(heard.port, [trap()], source=f"127.0.2.{n}")
            await heard.until(lambda: sum(heard.rejected().values()) + len(heard.taken) >= 60)
            return len(heard.taken), heard.rejected(), len(heard.strangers)

    taken, rejected, strangers = run_still(main())
    assert (taken, strangers) == (20, 0)
    # Of the strangers five get past their own limit, and meet that of all together.
    assert rejected == {"flood": 10 + 5, "unknown_sender": 25}


def test_an_inform_sent_again_is_acknowledged_again_and_taken_once(listening, v2c, trap):
    async def main():
        loop = asyncio.get_running_loop()
        async with listening(v2c("s3cret")) as heard:
            with contextlib.closing(socket.socket(socket.AF_INET, socket.SOCK_DGRAM)) as client:
                client.setblocking(False)
                client.connect(("127.0.0.1", heard.port))
                answers = []
                for _ in range(2):
                    await loop.sock_sendall(client, trap(kind=0xA6))
                    answers.append(await asyncio.wait_for(loop.sock_recv(client, 65535), 30))
            return answers, len(heard.taken)

    answers, taken = run_still(main())
    assert answers == [trap(kind=0xA2)] * 2
    assert taken == 1


def test_a_v3_trap_played_again_is_not_taken_again(listening, send, say, relay, v3, v3_options):
    async def main():
        async with listening(v3()) as heard, relay(heard.port) as (port, recorded):
            await send("snmptrap", port, "1", DOTTED, options=v3_options(engine=SENDER_ENGINE))
            await heard.until(lambda: heard.taken)
            say(heard.port, [recorded[0], recorded[0], b"\x30\x00"])
            await heard.until(heard.rejected)
            return len(heard.taken), heard.rejected()

    assert asyncio.run(main()) == (1, {"malformed": 1})


def test_an_inform_of_an_earlier_run_is_outside_the_time_window(
    listening, send, say, relay, v3, v3_options
):
    """Recorded between a sender and one run, played to the next, whose boots are higher."""

    async def main():
        async with listening(v3(), boots=3) as heard, relay(heard.port) as (port, recorded):
            await send("snmpinform", port, "1", DOTTED, options=v3_options())
            assert len(heard.taken) == 1
        async with listening(v3(), boots=4) as heard:
            say(heard.port, [recorded[-1]])
            await heard.until(heard.rejected)
            return heard.taken, heard.rejected()

    assert asyncio.run(main()) == ([], {"not_in_time_window": 1})


def test_packets_that_are_none_are_counted_and_nothing_else(listening, say, v2c, v3, trap):
    whole = trap()
    crooked = {
        "oversize": [b"\x30" + b"\0" * (MAX_PACKET + 10), trap(more=b"\x30\x00" * 300)],
        "malformed": [
            b"",
            b"\x00",
            whole[:-1],
            trap(kind=0xA0),
            trap(kind=0xA2),
            trap(version=0),
            trap(kind=0xA4, version=0),
            encode_message(1, b"s3cret", b"\xa7\x80\x00\x00"),
            encode_message(3, b"s3cret", b"\xa7\x00"),
        ],
    }

    async def main():
        async with listening(v2c("s3cret"), v3(), limits=(600, 600)) as heard:
            say(heard.port, [packet for many in crooked.values() for packet in many])
            total = sum(map(len, crooked.values()))
            await heard.until(lambda: sum(heard.rejected().values()) + len(heard.taken) >= total)
            say(heard.port, [whole])
            await heard.until(lambda: heard.taken)
            return len(heard.taken), heard.rejected()

    taken, rejected = run_still(main())
    assert taken == 1
    assert rejected == {reason: len(many) for reason, many in crooked.items()}


class Fed:
    """A receiver that is fed by hand, where a socket would only make a fuzzer slow. Its limits
    are out of the way."""

    def __init__(self, trap):
        user = SnmpV3(version="v3", user="open", level="noAuthNoPriv")
        community = SnmpV2c.model_validate({"version": "v2c", "community": "s3cret"})
        self.taken = []
        self.registry = CollectorRegistry()
        hands = Hands(taken=self.taken.append, unknown_sender=lambda *_: None)
        engine = LocalEngine(b"\x80\x00\x00\x00\x05ours", 1, 0.0)
        self._receiver = Receiver(engine, hands, Instruments(self.registry), lambda: 0.0)
        self._receiver.limit(6000, 60000)
        self._receiver.admit(
            Senders({"192.0.2.1": Sender("A", "22849")}), Trusted((community, user))
        )
        head = len(encode_message(1, b"s3cret", b""))
        scoped = tlv(0x30, tlv(4, b"") + tlv(4, b"") + trap()[head:])
        sender = Security(b"\x80\x00\x00\x00\x05them", 1, 1, b"open")
        self.sound = [
            trap(),
            trap(kind=0xA6),
            v3_packet(5, 0, sender, scoped, User(user).keys(sender.engine_id)),
            v3_packet(5, 4, Security(b"", 0, 0, b""), scoped, None),
        ]

    def feed(self, packet):
        self._receiver._received(packet, Origin(("192.0.2.1", 1), []), self)

    def send(self, packet, origin):
        """The receiver's answer."""
        check_shape(packet, MOST_BINDINGS)

    def reasons(self):
        name = "hatang_snmp_traps_rejected_total"
        samples = (sample for family in self.registry.collect() for sample in family.samples)
        return {sample.labels["reason"] for sample in samples if sample.name == name}


def test_the_packets_of_the_fuzzer_are_sound_before_they_are_bent(trap):
    fed = Fed(trap)
    for packet in fed.sound:
        fed.feed(packet)
    assert [t.version for t in fed.taken] == ["v2c", "v2c", "v3"]


@settings(max_examples=30, deadline=None)
@given(data=st.data())
def test_no_bytes_make_it_raise(trap, data):
    """Bent, cut and invented packets: reasons of the table alone come out."""
    fed = Fed(trap)
    base = data.draw(st.sampled_from(fed.sound))
    for _ in range(20):
        packet = bytearray(base)
        for _ in range(data.draw(st.integers(1, 4))):
            packet[data.draw(st.integers(0, len(packet) - 1))] = data.draw(st.integers(0, 255))
        fed.feed(bytes(packet))
        fed.feed(bytes(packet[: data.draw(st.integers(0, len(packet)))]))
    fed.feed(data.draw(st.binary(max_size=200)))
    assert fed.reasons() <= set(TRAP_REJECTIONS)

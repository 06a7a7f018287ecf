"""net-snmp's snmptrap and snmpinform against the receiver: every kind, every version."""

import asyncio
import contextlib
import socket

import pytest

from collectors.snmp.traps.kinds import KINDS

V1 = ("-v1", "-c", "s3cret")
V2C = ("-v2c", "-c", "s3cret")
SENDER_ENGINE = "0x80001f8804736e6d70"

IN_V2 = {
    "cold_start": "1.3.6.1.6.3.1.1.5.1",
    "warm_start": "1.3.6.1.6.3.1.1.5.2",
    "link_down": "1.3.6.1.6.3.1.1.5.3",
    "link_up": "1.3.6.1.6.3.1.1.5.4",
    "authentication_failure": "1.3.6.1.6.3.1.1.5.5",
    "ups_on_battery": "1.3.6.1.2.1.33.2.1",
    "ups_on_mains": "1.3.6.1.4.1.318.0.9",
    "ups_low_battery": "1.3.6.1.4.1.534.1.11.4.1.0.4",
    "ups_battery_recovered": "1.3.6.1.4.1.318.0.11",
    "ups_alarm": "1.3.6.1.2.1.33.2.3",
    "ups_alarm_cleared": "1.3.6.1.2.1.33.2.4",
    "printer_alert": "1.3.6.1.2.1.43.18.2.0.1",
    "enterprise": "1.3.6.1.4.1.2011.5.25.1",
}
IN_V1 = {
    "cold_start": ("1.3.6.1.4.1.9.1.1", "0", "0"),
    "warm_start": ("1.3.6.1.4.1.9.1.1", "1", "0"),
    "link_down": ("1.3.6.1.4.1.9.1.1", "2", "0"),
    "link_up": ("1.3.6.1.4.1.9.1.1", "3", "0"),
    "authentication_failure": ("1.3.6.1.4.1.9.1.1", "4", "0"),
    "ups_on_battery": ("1.3.6.1.4.1.318", "6", "5"),
    "ups_on_mains": ("1.3.6.1.4.1.935", "6", "9"),
    "ups_low_battery": ("1.3.6.1.4.1.318", "6", "7"),
    "ups_battery_recovered": ("1.3.6.1.4.1.534.1.11.4.1", "6", "6"),
    "ups_alarm": ("1.3.6.1.2.1.33.2", "6", "3"),
    "ups_alarm_cleared": ("1.3.6.1.2.1.33.2", "6", "4"),
    "printer_alert": ("1.3.6.1.2.1.43.18.2", "6", "1"),
    "enterprise": ("1.3.6.1.4.1.14988.1.1", "6", "77"),
}


def test_every_kind_is_tried_here():
    assert set(IN_V2) == set(IN_V1) == set(KINDS)


def test_every_kind_is_known_in_v2c_and_in_v1(listening, send, v2c):
    async def main():
        async with listening(v2c("s3cret")) as heard:
            for at, kind in enumerate(KINDS, start=1):
                await send("snmptrap", heard.port, "500", IN_V2[kind], options=V2C)
                await heard.until(lambda at=at: len(heard.taken) == at)
            assert [trap.kind for trap in heard.taken] == list(KINDS)
            heard.taken.clear()
            for at, kind in enumerate(KINDS, start=1):
                enterprise, generic, specific = IN_V1[kind]
                what = (enterprise, "192.0.2.1", generic, specific, "500")
                await send("snmptrap", heard.port, *what, options=V1)
                await heard.until(lambda at=at: len(heard.taken) == at)
            assert [trap.kind for trap in heard.taken] == list(KINDS)
            for kind in KINDS:
                labels = {"commune": "22849", "asset": "SW-1", "kind": kind}
                assert heard.count("traps", **labels) == 2
            assert heard.rejected() == {}

    asyncio.run(main())


def test_what_a_trap_carries_is_kept_as_text(listening, send, v2c):
    bindings = ("1.3.6.1.2.1.2.2.1.1.7", "i", "7", "1.3.6.1.2.1.2.2.1.2.7", "s", "Cổng số 7")
    more = ("1.3.6.1.2.1.2.2.1.6.7", "x", "001B21A0FF02", "1.3.6.1.2.1.4.20.1.1", "a", "10.0.0.7")

    async def main():
        async with listening(v2c("s3cret")) as heard:
            what = ("12345", "1.3.6.1.6.3.1.1.5.3", *bindings, *more)
            await send("snmptrap", heard.port, *what, options=V2C)
            await heard.until(lambda: heard.taken)
            return heard.taken[0]

    trap = asyncio.run(main())
    assert (trap.asset, trap.sender, trap.version) == ("SW-1", "127.0.0.1", "v2c")
    assert (trap.oid, trap.uptime_s, trap.at_s) == ("1.3.6.1.6.3.1.1.5.3", 123.45, 1000.0)
    assert trap.bindings == (
        ("1.3.6.1.2.1.2.2.1.1.7", "7"),
        ("1.3.6.1.2.1.2.2.1.2.7", "Cổng số 7"),
        ("1.3.6.1.2.1.2.2.1.6.7", "001b21a0ff02"),
        ("1.3.6.1.2.1.4.20.1.1", "10.0.0.7"),
    )


def test_a_v1_trap_becomes_what_rfc_3584_says_and_leaves_its_community_behind(listening, send, v2c):
    async def main():
        async with listening(v2c("s3cret")) as heard:
            what = ("1.3.6.1.4.1.14988.1.1", "192.0.2.9", "6", "77", "500")
            more = ("1.3.6.1.4.1.14988.1.1.9", "s", "door")
            await send("snmptrap", heard.port, *what, *more, options=V1)
            await heard.until(lambda: heard.taken)
            return heard.taken[0]

    trap = asyncio.run(main())
    assert trap.oid == "1.3.6.1.4.1.14988.1.1.0.77"
    assert trap.uptime_s == 5.0
    assert trap.bindings == (
        ("1.3.6.1.4.1.14988.1.1.9", "door"),
        ("1.3.6.1.6.3.18.1.3.0", "192.0.2.9"),
        ("1.3.6.1.6.3.1.1.4.3.0", "1.3.6.1.4.1.14988.1.1"),
    )
    assert "s3cret" not in repr(trap)


@pytest.mark.parametrize(
    ("trap", "alarm", "kind"),
    [("3", "2", "ups_on_battery"), ("4", "2", "ups_on_mains"), ("3", "3", "ups_low_battery")],
)
def test_a_well_known_alarm_of_a_ups_has_its_own_kind(listening, send, v2c, trap, alarm, kind):
    async def main():
        async with listening(v2c("s3cret")) as heard:
            descr = ("1.3.6.1.2.1.33.1.6.2.1.2.1", "o", f"1.3.6.1.2.1.33.1.6.3.{alarm}")
            oid = f"1.3.6.1.2.1.33.2.{trap}"
            await send("snmptrap", heard.port, "1", oid, *descr, options=V2C)
            await heard.until(lambda: heard.taken)
            return heard.taken[0].kind

    assert asyncio.run(main()) == kind


@pytest.mark.parametrize(
    ("auth", "priv", "ours"),
    [
        ("MD5", "DES", ("MD5", "DES")),
        ("SHA", "AES", ("SHA", "AES-128")),
        ("SHA-256", "AES", ("SHA-256", "AES-128")),
        ("SHA-512", "AES-256", ("SHA-512", "AES-256")),
        ("SHA-384", "AES-256-C", ("SHA-384", "AES-256-C")),
    ],
)
def test_v3_traps_and_informs_are_taken_signed_and_sealed(
    listening, send, v3, v3_options, auth, priv, ours
):
    credential = v3(auth=ours[0], priv=ours[1])

    async def main():
        async with listening(credential) as heard:
            options = v3_options(auth=auth, priv=priv, engine=SENDER_ENGINE)
            await send("snmptrap", heard.port, "1", "1.3.6.1.6.3.1.1.5.1", options=options)
            await heard.until(lambda: len(heard.taken) == 1)
            options = v3_options(auth=auth, priv=priv)
            done = await send("snmpinform", heard.port, "1", IN_V2["link_up"], options=options)
            assert done[0] == 0, done
            return [(t.kind, t.version) for t in heard.taken], heard.rejected()

    assert asyncio.run(main()) == ([("cold_start", "v3"), ("link_up", "v3")], {})


@pytest.mark.parametrize("level", ["noAuthNoPriv", "authNoPriv"])
def test_a_user_of_a_lower_level_is_taken_at_that_level_alone(
    listening, send, v3, v3_options, level
):
    async def main():
        async with listening(v3(level=level, **NO_KEYS[level])) as heard:
            options = v3_options(level=level)
            done = await send("snmpinform", heard.port, "1", IN_V2["link_up"], options=options)
            assert done[0] == 0, done
            options = v3_options(engine=SENDER_ENGINE)
            await send("snmptrap", heard.port, "1", IN_V2["link_up"], options=options)
            await heard.until(heard.rejected)
            return [t.kind for t in heard.taken], heard.rejected()

    assert asyncio.run(main()) == (["link_up"], {"unsupported_level": 1})


NO_KEYS = {
    "noAuthNoPriv": {"auth_key": None, "priv_key": None},
    "authNoPriv": {"priv_key": None},
}


def test_a_v2c_inform_is_acknowledged(listening, send, v2c):
    async def main():
        async with listening(v2c("s3cret")) as heard:
            done = await send("snmpinform", heard.port, "1", IN_V2["link_down"], options=V2C)
            assert done[0] == 0, done
            return [t.kind for t in heard.taken]

    assert asyncio.run(main()) == ["link_down"]


def test_traps_come_over_ipv6(listening, send, v2c):
    async def main():
        async with listening(v2c("s3cret"), host="::1") as heard:
            done = await send(
                "snmpinform", heard.port, "1", IN_V2["link_down"], options=V2C, host="::1"
            )
            assert done[0] == 0, done
            return [(t.kind, t.asset, t.sender) for t in heard.taken]

    assert asyncio.run(main()) == [("link_down", "SW-6", "::1")]


@pytest.mark.parametrize(("host", "to"), [("0.0.0.0", "127.0.0.5"), ("::", "::1")])
def test_an_inform_is_answered_from_the_address_that_it_was_sent_to(listening, trap, v2c, host, to):
    """A connected socket, like a strict device, takes an answer from nowhere else."""

    async def main():
        loop = asyncio.get_running_loop()
        async with listening(v2c("s3cret"), host=host, senders={to: "SW-1"}) as heard:
            family = socket.AF_INET6 if ":" in to else socket.AF_INET
            with contextlib.closing(socket.socket(family, socket.SOCK_DGRAM)) as client:
                client.setblocking(False)
                client.bind((to, 0))
                client.connect((to, heard.port))
                await loop.sock_sendall(client, trap(kind=0xA6))
                return await asyncio.wait_for(loop.sock_recv(client, 65535), 30)

    assert asyncio.run(main()) == trap(kind=0xA2)

"""Many echo requests over one socket, and the rate at which packets go out."""

import asyncio
import socket

import pytest

from collectors.discovery.arp import read_arp
from collectors.discovery.echoes import Echoes
from collectors.discovery.pace import Pace
from tests.collectors.still_time import run_still


def answering(addresses, family=socket.AF_INET, timeout_s=1.0):
    async def main():
        with Echoes(family, Pace(5000)) as echoes:
            return await echoes.answering(addresses, timeout_s)

    return run_still(main())


def test_everything_on_loopback_answers_once_asked(pings):
    addresses = [f"127.79.{n // 200}.{n % 200 + 1}" for n in range(500)]
    assert answering(addresses) == set(addresses)


def test_what_has_no_route_or_may_not_be_asked_is_silent(pings):
    assert answering(["127.79.0.1", "255.255.255.255"], timeout_s=0.05) == {"127.79.0.1"}


def test_ipv6_answers_too(pings):
    assert answering(["::1"], socket.AF_INET6) == {"::1"}


def test_two_who_ask_at_once_get_their_own_answers(pings):
    async def main():
        with Echoes(socket.AF_INET, Pace(5000)) as echoes:
            return await asyncio.gather(
                echoes.answering(["127.79.1.1"], 1.0),
                echoes.answering(["127.79.1.2"], 1.0),
                echoes.answering(["127.79.1.1"], 1.0),
            )

    assert run_still(main()) == [{"127.79.1.1"}, {"127.79.1.2"}, {"127.79.1.1"}]


@pytest.mark.parametrize("rate", [10, 100])
def test_no_more_packets_go_out_than_the_rate_allows(rate):
    class Loop(asyncio.SelectorEventLoop):
        """Time passes only while somebody sleeps."""

        now_s = 0.0

        def time(self):
            return self.now_s

        def _run_once(self):
            if self._scheduled and not self._ready:
                self.now_s = max(self.now_s, self._scheduled[0].when())
            super()._run_once()

    async def main():
        pace, at = Pace(rate), []

        async def send():
            for _ in range(20):
                await pace.turn()
                at.append(asyncio.get_running_loop().time())

        await asyncio.gather(send(), send())
        await pace.turn(5)
        await pace.turn()
        return at, asyncio.get_running_loop().time()

    loop = Loop()
    try:
        at, end_s = loop.run_until_complete(main())
    finally:
        loop.close()
    assert at[-1] == pytest.approx(39 / rate)
    assert end_s == pytest.approx(45 / rate)


def test_a_machine_without_an_arp_table_knows_no_macs(tmp_path):
    assert read_arp(tmp_path / "none") == {}
    table = tmp_path / "arp"
    table.write_text("IP address  HW type  Flags  HW address  Mask  Device\nrubbish\n\n10.0.0.1\n")
    assert read_arp(table) == {}

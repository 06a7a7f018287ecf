"""Many devices that start together take turns at being asked for everything."""

import asyncio

from collectors.snmp.interfaces import INTERFACES
from collectors.snmp.pace import Pace
from collectors.snmp.system import SYSTEM

HERE = ("127.0.0.1", 161)


def test_a_bucket_has_its_burst_and_then_fills_by_its_rate():
    pace = Pace(per_s=2.0, burst=3.0, _turns=3.0)
    assert [pace.take(100.0) for _ in range(4)] == [True, True, True, False]
    assert [pace.take(100.5), pace.take(100.5)] == [True, False]
    assert [pace.take(1e6) for _ in range(4)] == [True, True, True, False]


def test_a_clock_that_goes_back_gives_no_turn_and_takes_none():
    pace = Pace(per_s=1.0, burst=1.0, _turns=1.0)
    assert pace.take(50.0)
    assert not pace.take(10.0)
    assert pace.take(11.0)


def test_a_device_whose_turn_has_not_come_is_looked_at_all_the_same(
    dictionary_session, looker, v2c
):
    session = dictionary_session("switch_ruijie")
    looking = looker(HERE, v2c(), session=session)
    rarely = looking.collector._rarely
    rarely.pace = Pace(per_s=0.0, burst=0.0, _turns=0.0)

    async def main():
        before = await looking.look()
        asked = list(session.asked)
        rarely.pace = Pace(per_s=0.0, burst=1.0, _turns=1.0)
        return before, asked, await looking.look(), await looking.look()

    before, asked, turn, after = asyncio.run(main())
    assert asked == [tuple(SYSTEM), tuple(INTERFACES)]
    assert len(before.interfaces) == 28
    assert before.neighbours is before.sensors is None
    assert len(turn.neighbours) == 3
    assert turn.facts["serial"] == after.facts["serial"] == "DEMORJ00011"
    assert after.neighbours is None

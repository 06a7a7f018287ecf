"""Stock-takes over a real database, with a clock that tests move."""

import datetime as dt
from zoneinfo import ZoneInfo

import pytest

from config.assets import Asset
from config.sections import Settings
from inventory.register.checks import Rules
from inventory.register.entry import Actor
from inventory.register.register import Register
from inventory.stock_take.count import Count
from inventory.stock_take.opening import Opening
from inventory.stock_take.report import How, Member, MemberRole
from inventory.stock_take.stock_takes import StockTakes
from inventory.store.desk import DirectDesk
from inventory.store.writer import Writer

COMMUNES = {"22849": "Xã Thuận Bắc", "22840": "Xã Bắc Ái"}
ZONE = ZoneInfo("Asia/Ho_Chi_Minh")
NOON = dt.datetime(2026, 12, 31, 12, tzinfo=ZONE).timestamp()


class HandClock:
    """Stands still until it is set."""

    now_s = NOON

    def wall(self):
        return self.now_s

    def monotonic(self):
        return 0.0


def asset(tag="PC-1", **more):
    values = {"tag": tag, "name": f"Máy {tag}", "class": "desktop", "commune": "22849", **more}
    return Asset.model_validate(values)


@pytest.fixture
def make_asset():
    return asset


@pytest.fixture
def clock():
    return HandClock()


@pytest.fixture
def lan():
    return Actor("lan", "web", "127.0.0.1")


@pytest.fixture
def desk(tmp_path):
    writer = Writer(tmp_path / "hatang.db")
    yield DirectDesk(writer)
    writer.close(clean=True)


@pytest.fixture
def register(desk, clock):
    settings = Settings.model_validate({"communes": [{"code": code} for code in COMMUNES]})
    return Register(desk, lambda: Rules(settings, COMMUNES), clock)


@pytest.fixture
def watched():
    """Tag -> view: what monitoring knows; tests put in what they need."""
    return {}


@pytest.fixture
def stock_takes(desk, register, clock, watched):
    return StockTakes(desk, register, clock, ZONE, watched.get, lambda asset, day: 7)


@pytest.fixture
def opened(stock_takes, lan):
    """opened(site="") -> a stock-take of commune 22849 as of today."""

    def open_one(site="", commune="22849", day=dt.date(2026, 12, 31)):
        board = (Member("Nguyễn Thị Lan", "Phó Chủ tịch", MemberRole.CHAIR),)
        opening = Opening(commune, site, day, "Kiểm kê cuối năm", "Cuối năm", board)
        return stock_takes.open(opening, COMMUNES[commune], lan)

    return open_one


@pytest.fixture
def count(clock):
    """count(label, **more) -> a count of now with an id of its own."""
    made = []

    def make(label="", **more):
        made.append(label)
        values = {
            "id": f"count-{len(made):04}",
            "label": label,
            "how": How.SCAN,
            "by": "lan",
            "counted_at_s": clock.wall(),
            "received_at_s": clock.wall(),
        }
        return Count(**values | more)

    return make

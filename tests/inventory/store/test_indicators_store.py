"""Declarations in the database: kept as they were entered, withdrawn, read without a lock."""

import datetime as dt
import sqlite3

from inventory.indicators.declaration import Declaration
from inventory.store import indicators as sql
from inventory.store.desk import direct_desk
from inventory.store.reader import Reader

ENTRY = Declaration(
    "22849", "posts", 40.0, dt.date(2026, 1, 1), dt.date(2027, 1, 1), "QĐ 12", "Lan", "an", 5.5,
    batch="b1",
)  # fmt: skip


def test_entries_come_back_as_they_were_entered_and_keep_standing_in_the_history(tmp_path):
    database = tmp_path / "hatang.db"
    with direct_desk(database) as desk:
        other = Declaration("22840", "staff-trained", 0.9, dt.date(2026, 2, 1), batch="b2")
        kept = desk.write("test", lambda c: sql.add_declarations(c, [ENTRY, other]))
        assert [one.id for one in kept] == [1, 2]
        desk.write("test", lambda c: sql.withdraw(c, [1], 9.0, "binh", "b3"))
        desk.write("test", lambda c: sql.withdraw(c, [1], 10.0, "chi", "b4"))
        (first,) = desk.read(lambda c: sql.declarations(c, communes=["22849"]))
        assert (first.value, first.expires, first.by, first.entered_at_s) == (
            *(40.0, dt.date(2027, 1, 1), "Lan"),
            5.5,
        )
        assert (first.withdrawn_at_s, first.withdrawn_by) == (9.0, "binh")
        found = desk.read(lambda c: sql.declarations(c, withdrawn_in="b3"))
        assert found == [first]
        assert [d.id for d in desk.read(lambda c: sql.declarations(c, made_in="b2"))] == [2]
    with Reader(database) as reader:
        assert [d.name for d in reader.declarations()] == ["posts", "staff-trained"]
        assert [d.commune for d in reader.declarations(["22840"])] == ["22840"]


def test_a_database_from_before_has_none(tmp_path):
    database = tmp_path / "hatang.db"
    with direct_desk(database):
        pass
    with sqlite3.connect(database) as connection:
        connection.execute("DROP TABLE declarations")
    connection.close()
    with Reader(database) as reader:
        assert reader.declarations() == []
        assert reader.declarations(["22849"]) == []

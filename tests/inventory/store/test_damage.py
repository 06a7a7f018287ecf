"""S8: a damaged database is refused, untouched, with the command that mends it."""

import os
import shutil
import sqlite3
import zlib
from contextlib import closing

import pytest

from inventory.readiness.codec import checksum, evaluation_to_json, unpacked
from inventory.readiness.result import Evaluation, Score
from inventory.store.errors import StoreError
from inventory.store.reader import Reader
from inventory.store.rows import Batch
from inventory.store.writer import Writer

PAGE = 4096


@pytest.fixture
def full_database(database, batch):
    writer = Writer(database)
    for number in range(1, 20):
        writer.write(batch(number, rollups=400))
    writer.close(clean=True)
    return database


def flip(path, at, mask=0xFF):
    data = bytearray(path.read_bytes())
    data[at] ^= mask
    path.write_bytes(data)


def root_of(path, kind, table):
    with closing(sqlite3.connect(f"{path.as_uri()}?mode=ro", uri=True)) as reading:
        ((page,),) = reading.execute(
            "SELECT rootpage FROM sqlite_master WHERE type = ? AND tbl_name = ?", (kind, table)
        )
    return (page - 1) * PAGE


def damage_header(path):
    flip(path, 0)


def damage_page_size(path):
    flip(path, 16)


def damage_index(path):
    flip(path, root_of(path, "index", "rollups") + 1)


def damage_table(path):
    flip(path, root_of(path, "table", "rollups"))


def truncate(path):
    os.truncate(path, path.stat().st_size // 2)


def zero_page(path):
    with path.open("r+b") as file:
        file.seek(2 * PAGE)
        file.write(bytes(PAGE))


def not_a_database(path):
    path.write_text("this is not a database\n" * 1000)


DAMAGES = [
    damage_header,
    damage_page_size,
    damage_index,
    damage_table,
    truncate,
    zero_page,
    not_a_database,
]


@pytest.mark.parametrize("damage", DAMAGES, ids=lambda d: d.__name__)
def test_s8_a_damaged_database_is_refused_untouched_with_what_to_do(full_database, damage):
    damage(full_database)
    before = full_database.read_bytes()
    with pytest.raises(StoreError) as refused:
        Writer(full_database)
    assert refused.value.kind == "corrupt"
    assert "hatang restore" in str(refused.value)
    assert full_database.read_bytes() == before


def crashed(database, batch, rollups=100):
    """A database with a log of eleven batches, as a crash leaves it."""
    writer = Writer(database)
    for number in range(1, 12):
        writer.write(batch(number, rollups))
    folder = database.parent / "crashed"
    folder.mkdir()
    for name in (database.name, f"{database.name}-wal"):
        shutil.copyfile(database.with_name(name), folder / name)
    writer.close(clean=True)
    return folder / database.name


def everything(database):
    return {
        path.name: path.read_bytes()
        for path in database.parent.glob(f"{database.name}*")
        if path.suffix not in (".db-shm", ".ballast")
    }


def test_s8_damage_beside_a_log_leaves_the_log_alone_too(full_database, batch):
    found = crashed(full_database, batch, rollups=0)
    damage_index(found)
    before = everything(found)
    assert len(before[f"{found.name}-wal"]) > 0
    with pytest.raises(StoreError) as refused:
        Writer(found)
    assert refused.value.kind == "corrupt"
    assert everything(found) == before


def test_s8_a_log_that_was_cut_short_is_an_earlier_moment_and_sound(database, batch):
    found = crashed(database, batch)
    log = found.with_name(found.name + "-wal")
    os.truncate(log, log.stat().st_size * 2 // 3)
    Writer(found).close(clean=True)
    with Reader(found) as reader:
        assert reader.integrity_problems() == []
        (asset,) = reader.assets()
        assert 1 <= asset.reboots < 11
        # What is missing is not passed off as watched: the heartbeat is of that moment, too.
        assert reader.heartbeat() == asset.reboots


def test_s8_a_flipped_byte_of_an_hourly_figure_is_found_though_sqlite_does_not(full_database):
    data = full_database.read_bytes()
    at = data.index(b"[19, 19, 19")
    flip(full_database, at + 2, mask=0x01)
    with Reader(full_database) as reader:
        assert reader.integrity_problems() == []
        for read in (
            lambda: reader.rollups("cpu_ratio", [3600.0 * h for h in range(400)]),
            lambda: [reader.rollups("cpu_ratio", [3600.0 * h]) for h in range(400)],
        ):
            with pytest.raises(StoreError, match="hatang restore") as refused:
                read()
            assert refused.value.kind == "corrupt"


def test_s8_a_damaged_evaluation_is_noticed_by_its_checksum(database):
    writer = Writer(database)
    evaluation = Evaluation("22849", "p", "1", 5.0, Score(0.5, 0.5), {}, ())
    writer.write(Batch(5.0, evaluations=[evaluation]))
    writer.close(clean=True)
    with Reader(database) as reader:
        assert reader.evaluations(5.0)["22849"] == evaluation
    with closing(sqlite3.connect(database)) as other, other:
        (body,) = other.execute("SELECT body FROM evaluations").fetchone()
        flipped = body[:-9] + bytes([body[-9] ^ 1]) + body[-8:]
        other.execute("UPDATE evaluations SET body = ?", (flipped,))
    with Reader(database) as reader, pytest.raises(StoreError, match="hatang restore") as refused:
        reader.evaluations(5.0)
    assert refused.value.kind == "corrupt"


def test_an_evaluation_that_was_stored_as_plain_text_is_still_read(database):
    evaluation = Evaluation("22849", "p", "1", 5.0, Score(0.5, 0.5), {}, ())
    body = evaluation_to_json(evaluation)
    Writer(database).close(clean=True)
    with closing(sqlite3.connect(database)) as other, other:
        row = ("22849", 5.0, "p", "1", 0.5, 0.5, body, checksum(body))
        other.execute("INSERT INTO evaluations VALUES (?,?,?,?,?,?,?,?)", row)
    with Reader(database) as reader:
        assert reader.evaluations(9.0) == {"22849": evaluation}
        assert reader.evaluations(4.0) == {}


def test_a_body_that_is_no_evaluation_is_refused_as_a_value():
    for body in (b"", b"x", zlib.compress(b"{}"), "{}"):
        with pytest.raises(ValueError, match=r"\S"):
            unpacked(body)


def test_s8_a_state_that_cannot_be_is_damage_and_no_error_of_ours(full_database):
    with closing(sqlite3.connect(full_database)) as other, other:
        other.execute("UPDATE reachability SET state = 'upp'")
    with Reader(full_database) as reader:
        for read in (reader.timelines, lambda: reader.timelines_of(["A"], 0.0)):
            with pytest.raises(StoreError, match="hatang restore"):
                read()


def test_s8_text_that_is_none_any_more_is_damage(full_database):
    with closing(sqlite3.connect(full_database)) as other, other:
        other.execute("UPDATE assets SET tag = CAST(X'ff41' AS TEXT)")
    with Reader(full_database) as reader, pytest.raises(StoreError, match="hatang restore"):
        reader.assets()

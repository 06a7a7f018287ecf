"""Planners' profiles in backups: they come back by name, and nothing that was there is lost."""

import contextlib
import os
import sqlite3

import pytest

from inventory.store.backup import make_backup, restore
from inventory.store.files import FileStore, LostFile
from inventory.store.writer import Writer

AT_S = 1_795_000_000.0
OURS, COAST = b"id: ours\n", "id: ven-biển\n".encode()


@pytest.fixture
def database(tmp_path):
    path = tmp_path / "data" / "hatang.db"
    Writer(path).close(clean=True)
    folder = path.with_name("profiles")
    folder.mkdir()
    (folder / "ours.yaml").write_bytes(OURS)
    (folder / "coast.yaml").write_bytes(COAST)
    (folder / ".ours.yaml.part").write_bytes(b"half")
    (folder / "notes.txt").write_bytes(b"no profile")
    return path


@pytest.fixture
def back_up(database, tmp_path):
    return lambda number=0, keep=9: make_backup(database, tmp_path / "b", AT_S + number, keep)


def tables(path):
    with contextlib.closing(sqlite3.connect(path)) as connection:
        return {row[0] for row in connection.execute("SELECT name FROM sqlite_schema")}


def content(folder):
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def test_profiles_come_back_on_another_machine(back_up, tmp_path):
    made = back_up()
    assert made.lost == []
    target = tmp_path / "elsewhere" / "hatang.db"
    restored = restore(made.path, target)
    folder = target.with_name("profiles")
    assert content(folder) == {"ours.yaml": OURS, "coast.yaml": COAST}
    assert restored.profiles.written == (folder / "coast.yaml", folder / "ours.yaml")
    assert (restored.lost, restored.profiles.kept) == ([], ())
    assert "profile_files" in tables(made.path)
    assert "profile_files" not in tables(target)
    assert restore(made.path, target).profiles.written == ()


def test_what_is_there_keeps_its_content_under_a_second_name(back_up, database):
    made = back_up()
    folder = database.with_name("profiles")
    (folder / "ours.yaml").write_bytes(b"id: later\n")
    (folder / "new.yaml").write_bytes(b"id: new\n")
    (folder / "coast.yaml").unlink()
    (second,) = restore(made.path, database).profiles.kept
    assert second.name.startswith("ours.yaml.before-restore-")
    assert second.read_bytes() == b"id: later\n"
    found = content(folder)
    assert (found["ours.yaml"], found["coast.yaml"], found["new.yaml"]) == (
        OURS,
        COAST,
        b"id: new\n",
    )


def test_each_backup_has_the_profiles_of_its_moment_and_they_go_with_it(back_up, database):
    folder, first = database.with_name("profiles"), back_up()
    store = FileStore(first.path)
    (folder / "ours.yaml").write_bytes(b"id: later\n")
    for path in store.folder.iterdir():
        os.utime(path, (0, 0))
    back_up(1)
    assert len(os.listdir(store.folder)) == 3
    for path in store.folder.iterdir():
        os.utime(path, (0, 0))
    back_up(2, keep=2)
    assert {path.read_bytes() for path in store.folder.iterdir()} == {b"id: later\n", COAST}
    restore(back_up(3).path, database)
    assert (folder / "ours.yaml").read_bytes() == b"id: later\n"


def test_a_profile_that_is_damaged_in_the_backup_is_told_and_what_is_there_stays(back_up, database):
    made = back_up()
    store = FileStore(made.path)
    digest = store.put(OURS)
    (store.folder / digest).write_bytes(b"rotten")
    (database.with_name("profiles") / "ours.yaml").write_bytes(b"id: later\n")
    restored = restore(made.path, database)
    assert restored.lost == [LostFile(digest, "profiles/ours.yaml")]
    assert (database.with_name("profiles") / "ours.yaml").read_bytes() == b"id: later\n"


def test_a_name_that_leads_elsewhere_is_not_written(back_up, tmp_path):
    made = back_up()
    with contextlib.closing(sqlite3.connect(made.path)) as connection, connection:
        connection.execute("UPDATE profile_files SET name = '../../out.yaml' WHERE name LIKE 'o%'")
    restore(made.path, tmp_path / "elsewhere" / "hatang.db")
    assert [path.name for path in tmp_path.rglob("out.yaml")] == []


def test_a_profile_that_cannot_be_read_is_told_and_the_backup_made(back_up, database):
    (database.with_name("profiles") / "folder.yaml").mkdir()
    made = back_up()
    assert made.lost == [LostFile("", "profiles/folder.yaml")]
    assert made.path.exists()

"""S2: the power goes while the writer writes, and whatever was not synced is lost or torn.

A real run is watched call by call. The disk as it may be after a cut is built from that record:
what came before a file's last sync is there, of what came after each write is there, missing or
cut short at a sector.
"""

import random
import re
from dataclasses import dataclass

from inventory.store.connect import open_for_writing
from inventory.store.reader import Reader

CUTS = 120
SECTOR = 512

WRITE = """
    import os, sys
    from pathlib import Path
    from conftest import batch
    from inventory.store.writer import Writer
    writer = Writer(Path(sys.argv[1]))
    writer._connection.execute("PRAGMA wal_autocheckpoint=40")
    for number in range(1, 31):
        writer.write(batch(number))
        os.write(1, b"acknowledged %d" % number)
    writer.close(clean=True)
"""

CALL = re.compile(
    r"\d+ +(?P<name>\w+)"
    r'\((?:\d+<(?P<path>[^>]*)>|"(?P<gone>[^"]*)")(?:, )?(?:"(?P<data>[^"]*)", \d+)?(?:, )?'
    r"(?P<at>\d+)?\) += \d+"
)


@dataclass
class Call:
    name: str
    path: str
    data: bytes
    at: int


def bytes_of(text):
    """strace -xx writes every byte as \\xNN."""
    return bytes.fromhex((text or "").replace("\\x", ""))


def calls_of(trace, database):
    """What was done to the database and its log, and what was said, in order."""
    found = []
    for line in trace.read_text().splitlines():
        call = CALL.match(line)
        if call is None:
            continue
        path, data = bytes_of(call["path"] or call["gone"]).decode(), bytes_of(call["data"])
        if call["name"] == "write" and data.startswith(b"acknowledged"):
            found.append(Call("said", "", data, 0))
        elif path in (str(database), f"{database}-wal"):
            found.append(Call(call["name"], path, data, int(call["at"] or 0)))
    return found


class Disk:
    """The files as they are for certain, and what was asked for since the last sync of each."""

    def __init__(self):
        self.synced = {}
        self.pending = {}
        self.acknowledged = 0

    def take(self, call):
        if call.name == "said":
            self.acknowledged = int(call.data.split()[1])
        elif call.name in ("fsync", "fdatasync"):
            content = self.synced.setdefault(call.path, bytearray())
            for waiting in self.pending.pop(call.path, ()):
                apply(content, waiting)
        elif call.name == "unlink":
            self.synced.pop(call.path, None)
            self.pending.pop(call.path, None)
        else:
            self.pending.setdefault(call.path, []).append(call)

    def after_a_cut(self, dice):
        files = {path: bytearray(content) for path, content in self.synced.items()}
        for path, waiting in self.pending.items():
            content = files.setdefault(path, bytearray())
            for call in waiting:
                fate = dice.random()
                if fate < 0.4:
                    apply(content, call)
                elif fate < 0.6 and call.name == "pwrite64":
                    part = dice.randrange(0, len(call.data) + 1, SECTOR)
                    apply(content, Call("pwrite64", path, call.data[:part], call.at))
        return files


def apply(content, call):
    if call.name == "ftruncate":
        del content[call.at :]
        content.extend(bytes(call.at - len(content)))
        return
    end = call.at + len(call.data)
    content.extend(bytes(max(0, end - len(content))))
    content[call.at : end] = call.data


def test_s2_after_a_power_cut_nothing_acknowledged_is_missing(tmp_path, start_python, strace):
    database, trace = tmp_path / "hatang.db", tmp_path / "trace"
    watched = ["-y", "-xx", "-s", "70000", "-e"]
    watched.append("trace=pwrite64,ftruncate,fsync,fdatasync,write,unlink")
    process = start_python(WRITE, database, before=[*strace, trace, *watched])
    process.stdout.read()
    assert process.wait() == 0
    calls = calls_of(trace, database)
    first = next(n for n, call in enumerate(calls) if call.name == "said")
    assert sum(call.name == "said" for call in calls) == 30
    syncs_of_the_database = sum(
        call.name == "fdatasync" and call.path == str(database) for call in calls[first:]
    )
    assert syncs_of_the_database > 3, "no checkpoint was among the moments"

    dice = random.Random(2)
    cuts = sorted(dice.randrange(first, len(calls)) for _ in range(CUTS))
    disk, at, lost_something = Disk(), 0, 0
    for number, cut in enumerate(cuts):
        for call in calls[at : cut + 1]:
            disk.take(call)
        at = cut + 1
        lost_something += bool(disk.pending)
        folder = tmp_path / str(number)
        folder.mkdir()
        for path, content in disk.after_a_cut(dice).items():
            (folder / path.rpartition("/")[2]).write_bytes(content)
        open_for_writing(folder / "hatang.db").close()
        with Reader(folder / "hatang.db") as reader:
            assert reader.integrity_problems() == []
            (asset,) = reader.assets()
            assert asset.reboots in (disk.acknowledged, disk.acknowledged + 1)
            line = reader.timelines_of(["A"], 0.0)["A"]
            assert reader.heartbeat() == line[-1].start_s == asset.reboots
    assert lost_something > CUTS / 4

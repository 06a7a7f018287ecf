"""S3, S4, S5: full disks, errors of the disk, no file descriptors left."""

import pytest

from inventory.store.errors import StoreError
from inventory.store.lock import StoreLock
from inventory.store.reader import Reader
from inventory.store.writer import BALLAST_BYTES, Writer


def number_in(database):
    with Reader(database) as reader:
        assert reader.integrity_problems() == []
        return reader.assets()[0].reboots


def write_until_it_fails(writer, batch):
    """Larger and larger batches; the number of the last that was committed, and the error."""
    number = 0
    while True:
        try:
            writer.write(batch(number + 1, rollups=number * 300))
        except StoreError as error:
            return number, error
        number += 1


def test_s3_a_full_disk_leaves_reading_and_deleting_possible_and_ends_with_the_space(
    small_disk, batch
):
    folder, grow = small_disk
    database = folder / "hatang.db"
    writer = Writer(database)
    assert (folder / "hatang.db.ballast").stat().st_size == BALLAST_BYTES
    written, failure = write_until_it_fails(writer, batch)
    assert failure.kind in ("full", "io")
    assert number_in(database) == written
    writer.free_ballast()
    assert writer.prune(outages_before_s=0, rollups_before_s=1e12, readiness_before_s=0) > 0
    grow()
    writer.write(batch(written + 1, rollups=5))
    writer.restore_ballast()
    assert (folder / "hatang.db.ballast").stat().st_size == BALLAST_BYTES
    assert number_in(database) == written + 1
    writer.close(clean=True)


def test_s3_a_start_on_a_full_disk_spends_the_ballast(small_disk, batch, fill):
    folder, _ = small_disk
    database = folder / "hatang.db"
    writer = Writer(database)
    writer.write(batch(1))
    writer.close(clean=False)
    fill(folder)
    with StoreLock(database):
        again = Writer(database)
        assert again.after_crash
        again.write(batch(2))
        again.close(clean=True)
    assert not (folder / "hatang.db.ballast").exists()
    assert number_in(database) == 2


def test_s3_a_start_on_a_full_disk_without_a_ballast_says_full(small_disk, batch, fill):
    folder, _ = small_disk
    database = folder / "hatang.db"
    writer = Writer(database)
    writer.write(batch(1))
    writer.close(clean=True)
    (folder / "hatang.db.ballast").unlink()
    filler = fill(folder)
    with pytest.raises(StoreError) as refused:
        Writer(database)
    assert refused.value.kind in ("full", "io")
    filler.unlink()
    Writer(database).close(clean=True)
    assert number_in(database) == 1


def test_s4_a_file_size_limit_is_an_error_of_the_disk_and_a_new_connection_goes_on(
    database, start_python
):
    code = """
        import resource, signal, sys
        from pathlib import Path
        from conftest import batch
        from inventory.store.errors import StoreError
        from inventory.store.writer import Writer
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        writer = Writer(Path(sys.argv[1]))
        writer.write(batch(1))
        _, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
        resource.setrlimit(resource.RLIMIT_FSIZE, (200_000, hard))
        try:
            for number in range(2, 100):
                writer.write(batch(number, 2000))
            print("never failed")
        except StoreError as error:
            print(error.kind)
        resource.setrlimit(resource.RLIMIT_FSIZE, (hard, hard))
        writer.reopen()
        writer.write(batch(1000))
        writer.close(clean=True)
    """
    process = start_python(code, database)
    assert process.stdout.read().strip() in ("io", "full")
    assert process.wait() == 0
    assert number_in(database) == 1000


@pytest.mark.parametrize(
    ("call", "error", "kind", "moments"),
    [
        ("fdatasync", "EIO", "io", (1, 2, 3, 5, 8)),
        ("pwrite64", "EIO", "io", (1, 4, 9, 17, 40)),
        ("pwrite64", "ENOSPC", "full", (2, 5, 12, 23)),
    ],
    ids=["fsync", "write", "full"],
)
def test_s4_whichever_call_to_the_disk_fails_nothing_acknowledged_is_lost(
    tmp_path, start_python, strace, batch, call, error, kind, moments
):
    code = """
        import sys
        from pathlib import Path
        from conftest import batch
        from inventory.store.errors import StoreError
        from inventory.store.reader import Reader
        from inventory.store.writer import Writer
        path, writer, failed, number = Path(sys.argv[1]), None, False, 1
        for _ in range(20):
            try:
                if writer is None:
                    writer = Writer(path)
                elif failed:
                    writer.reopen()
                failed = False
                writer.write(batch(number + 1))
            except StoreError as error:
                failed = True
                print(error.kind, flush=True)
            else:
                number += 1
                with Reader(path) as reader:
                    assert reader.assets()[0].reboots == number
            if number == 6:
                break
        writer.close(clean=True)
    """
    kinds = set()
    for nth in moments:
        database = tmp_path / f"{nth}.db"
        writer = Writer(database)
        writer.write(batch(1))
        writer.close(clean=True)
        # Every other error comes twice, as a dying disk does it.
        failing = f"inject={call}:error={error}:when={nth}..{nth + nth % 2}"
        process = start_python(
            code, database, before=[*strace, "/dev/null", "-e", f"trace={call}", "-e", failing]
        )
        kinds.update(process.stdout.read().split())
        assert process.wait() == 0, nth
        assert number_in(database) == 6
    assert kind in kinds
    assert kinds <= {kind, "io"}


def test_s5_without_file_descriptors_the_open_writer_goes_on_and_a_reader_says_why(
    database, start_python
):
    code = """
        import os, resource, sys
        from pathlib import Path
        from conftest import batch
        from inventory.store.errors import StoreError
        from inventory.store.reader import Reader
        from inventory.store.writer import Writer
        writer = Writer(Path(sys.argv[1]))
        writer.write(batch(1))
        resource.setrlimit(resource.RLIMIT_NOFILE, (64, 64))
        try:
            while True:
                os.open("/dev/null", os.O_RDONLY)
        except OSError:
            pass
        try:
            Reader(Path(sys.argv[1])).assets()
            print("opened")
        except StoreError as error:
            print(error.kind)
        writer.write(batch(2))
        print("written")
    """
    process = start_python(code, database)
    assert process.stdout.read().split() == ["io", "written"]

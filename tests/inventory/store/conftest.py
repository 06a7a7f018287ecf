"""Batches that can be told apart when they are read back, and processes that may be killed.

Also imported, as `conftest`, by the processes that the tests start.
"""

import os
import shutil
import subprocess
import sys
import textwrap
from pathlib import Path

import pytest

from inventory.rollups import STEPS, Bucket
from inventory.store.rows import AssetRow, Batch
from inventory.uptime import Interval, State

HERE = Path(__file__).parent
ROOT = HERE.parents[2]


def batch(number, rollups=50):
    """A batch whose number can be read back: one asset, its time line, some rollups.

    The time line changes its state with every batch, so it says by itself how far it goes.
    """
    at = float(number)
    line = [Interval(State.UP if number % 2 else State.DOWN, at)]
    if number > 1:
        line.insert(0, Interval(State.DOWN if number % 2 else State.UP, at - 1, at))
    return Batch(
        at_s=at,
        assets=[AssetRow(1, "A", "22849", "{}", 0.0, reboots=number)],
        timelines={1: line},
        rollups=[
            (1, Bucket("cpu_ratio", 3600.0 * hour, number, at, at, [number] * STEPS))
            for hour in range(rollups)
        ],
    )


def run_python(code, *arguments, before=(), **options):
    """A Python process that can import the product and this file; `before`: a command that wraps
    it (strace ...)."""
    return subprocess.Popen(
        [*before, sys.executable, "-c", textwrap.dedent(code), *map(str, arguments)],
        stdout=subprocess.PIPE,
        text=True,
        env=os.environ | {"PYTHONPATH": f"{ROOT}{os.pathsep}{HERE}"},
        **options,
    )


@pytest.fixture(name="batch")
def _batch():
    return batch


@pytest.fixture
def start_python():
    """run_python; what still runs at the end is killed."""
    started = []

    def start(*arguments, **options):
        started.append(run_python(*arguments, **options))
        return started[-1]

    yield start
    for process in started:
        process.kill()
        process.wait()
        process.stdout.close()
        if process.stdin:
            process.stdin.close()


@pytest.fixture
def small_disk(tmp_path):
    """A disk of 9 MB and a function that makes it larger; skipped where root may not mount."""
    folder = tmp_path / "disk"
    folder.mkdir()
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=9m", "tmpfs", folder], capture_output=True, text=True
    )
    if mounted.returncode:
        pytest.skip(f"cannot mount a small disk: {mounted.stderr.strip() or 'needs root'}")

    def grow():
        subprocess.run(["mount", "-o", "remount,size=60m", folder], check=True)

    yield folder, grow
    subprocess.run(["umount", "-l", folder], check=False)


@pytest.fixture
def fill():
    """Takes every byte that is left on a disk, in a file beside the database; its path."""

    def take(folder):
        path = folder / "filler"
        with path.open("ab", buffering=0) as filler:
            try:
                while filler.write(bytes(4096)):
                    pass
            except OSError:
                return path

    return take


@pytest.fixture
def strace():
    """The beginning of a command that looks at, or spoils, calls to the kernel; a file comes next.

    Skipped where there is no such thing.
    """
    if shutil.which("strace") is None:
        pytest.skip("needs Debian's strace")
    command = ["strace", "-f", "--seccomp-bpf", "-qq", "-o"]
    able = [*command, "/dev/null", "-e", "trace=fsync", "true"]
    if subprocess.run(able, capture_output=True).returncode:
        pytest.skip("strace may not trace here")
    return command

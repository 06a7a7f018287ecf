"""The real command line and the real daemon, each in a process of its own.

To load Hatang takes longer than most commands take to run, so the processes are forked from one
that has loaded it (warm.py); `started_alone` starts them as a user does.
"""

import contextlib
import json
import os
import shutil
import signal
import socket
import struct
import subprocess
import sys
import tempfile
import threading
import time
import urllib.error
import urllib.request
from pathlib import Path

import pytest
from prometheus_client.parser import text_string_to_metric_families

from collectors.snmp.simulator.recorded import shipped_folder
from tests.collectors.mibs import compiled_once

__all__ = ["compiled_once"]

HERE = Path(__file__).parent
COMMAND = [sys.executable, "-m", "hatang"]
CANARY = "canary-c0mmun1ty"
WAIT_S = 60


def _wait_for(what, found):
    """The first true value of found(); fails after a minute, naming what did not come."""
    pause_s, until = 0.1, time.monotonic() + WAIT_S
    while time.monotonic() < until:
        with contextlib.suppress(urllib.error.URLError, ConnectionError, KeyError):
            value = found()
            if value:
                return value
        time.sleep(pause_s)
        pause_s = min(0.5, 1.1 * pause_s)
    pytest.fail(f"{what} did not come within {WAIT_S} s")


@pytest.fixture
def wait_for():
    """wait_for("the thing", found): polls until found() is true, a minute at most."""
    return _wait_for


@pytest.fixture
def canary():
    """The community of the test districts, which must be seen nowhere."""
    return CANARY


def _environment():
    return os.environ | {"HATANG_TEST_COMMUNITY": CANARY, "NO_COLOR": "1", "TERM": "dumb"}


class Command:
    """A command that runs in a copy of the process that has loaded Hatang; as subprocess.Popen."""

    def __init__(self, report, args, stdout=None, stderr=None):
        self._report, self.args, self.stdout, self.stderr = report, args, stdout, stderr
        self.pid = struct.unpack("i", report.recv(4))[0]
        self.returncode = None

    def wait(self, timeout=None):
        """The exit code; negative: the signal that ended it."""
        if self.returncode is None:
            self._report.settimeout(timeout)
            try:
                said = self._report.recv(4)
            except TimeoutError:
                raise subprocess.TimeoutExpired(self.args, timeout) from None
            self.returncode = os.waitstatus_to_exitcode(struct.unpack("i", said)[0])
            self._report.close()
        return self.returncode

    def poll(self):
        """The exit code, None while it runs."""
        try:
            return self.wait(timeout=0)
        except (BlockingIOError, subprocess.TimeoutExpired):
            return None

    def send_signal(self, number):
        if self.poll() is None:
            os.kill(self.pid, number)

    def terminate(self):
        self.send_signal(signal.SIGTERM)

    def communicate(self, timeout):
        """(what it printed, what it said to stderr) after its end; less than a pipe holds."""
        self.wait(timeout)
        with self.stdout, self.stderr:
            return self.stdout.read(), self.stderr.read()


class Warm:
    """The process that has loaded Hatang; asked for copies of itself that run a command."""

    def __init__(self):
        self._asking, asked = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        # A library that starts threads when it is loaded would have none in a copy.
        one = {"OPENBLAS_NUM_THREADS": "1", "PYTHONPATH": str(HERE.parents[1])}
        with asked:
            self._process = subprocess.Popen(
                [sys.executable, HERE / "warm.py", str(asked.fileno())],
                pass_fds=[asked.fileno()],
                env=_environment() | one,
            )

    def start(self, arguments, environment, stdout, stderr):
        """A Command whose output goes to two open files."""
        message = {"arguments": [*map(str, arguments)], "environment": environment}
        report, reported = socket.socketpair()
        with reported, open(os.devnull) as nothing:
            given = [reported.fileno(), *(f.fileno() for f in (nothing, stdout, stderr))]
            socket.send_fds(self._asking, [json.dumps(message).encode()], given)
        return Command(report, ["hatang", *map(str, arguments)])

    def stop(self):
        self._asking.close()
        self._process.wait(timeout=30)


@pytest.fixture(scope="session")
def warm():
    """The process that the commands of this worker are forked from."""
    made = Warm()
    yield made
    made.stop()


@pytest.fixture(scope="session")
def start_hatang(warm):
    """start_hatang("scan", "22849", env={…}) -> a running Command; its output in two pipes."""

    def start(*arguments, env=None):
        pipes = [os.pipe(), os.pipe()]
        (stdout, out), (stderr, err) = [(os.fdopen(r), os.fdopen(w, "w")) for r, w in pipes]
        with out, err:
            command = warm.start(arguments, _environment() | (env or {}), out, err)
        command.stdout, command.stderr = stdout, stderr
        return command

    return start


@pytest.fixture
def hatang(warm):
    """Runs one command to its end: hatang("check-config", path) -> CompletedProcess."""

    def run(*arguments, env=None):
        with tempfile.TemporaryFile("w+") as out, tempfile.TemporaryFile("w+") as err:
            command = warm.start(arguments, _environment() | (env or {}), out, err)
            try:
                code = command.wait(timeout=120)
            except subprocess.TimeoutExpired:
                os.kill(command.pid, signal.SIGKILL)
                raise
            for file in (out, err):
                file.seek(0)
            return subprocess.CompletedProcess(command.args, code, out.read(), err.read())

    return run


@pytest.fixture
def started_alone():
    """Runs one command to its end as a user starts it: started_alone("version")."""

    def run(*arguments):
        return subprocess.run(
            [*COMMAND, *map(str, arguments)],
            capture_output=True,
            text=True,
            timeout=120,
            env=_environment(),
        )

    return run


class Run:
    """A running `hatang run`; its log is collected as it comes."""

    def __init__(self, process):
        self.process = process
        self.log = []
        self._reader = threading.Thread(target=self._read_log, daemon=True)
        self._reader.start()
        self.url = ""
        for line in self.process.stdout:
            if line.startswith("metrics"):
                self.url = line.split()[1].removesuffix("/metrics")
                break
        if not self.url:
            self.process.wait()
            self._reader.join()
            pytest.fail("the daemon did not start:\n" + "".join(self.log))

    def _read_log(self):
        for line in self.process.stderr:
            self.log.append(line)

    def get(self, path):
        """(status, text) of one page."""
        try:
            with urllib.request.urlopen(self.url + path, timeout=30) as answer:
                return answer.status, answer.read().decode()
        except urllib.error.HTTPError as error:
            return error.code, error.read().decode()

    def value(self, name, **labels):
        """The value of one series, None where there is none."""
        _, text = self.get("/metrics")
        # To read all of it takes longer than the daemon took to write it.
        lines = [line for line in text.splitlines() if line.startswith(name)]
        for family in text_string_to_metric_families("\n".join(lines) + "\n"):
            for sample in family.samples:
                if sample.name == name and labels.items() <= sample.labels.items():
                    return sample.value
        return None

    def send(self, number):
        self.process.send_signal(number)

    def stop(self, number=signal.SIGTERM):
        """Exit code after a signal."""
        if self.process.poll() is None:
            self.process.send_signal(number)
        code = self.process.wait(timeout=60)
        self._reader.join(timeout=60)
        self.process.stdout.close()
        self.process.stderr.close()
        return code


@pytest.fixture
def daemon(start_hatang):
    """Starts daemons on configurations; whatever still runs at the end is stopped. alone: as a
    user starts it."""
    running = []

    def start(config, alone=False):
        arguments = ("run", "--config", str(config))
        if alone:
            process = subprocess.Popen(
                [*COMMAND, *arguments],
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                text=True,
                env=_environment(),
            )
        else:
            process = start_hatang(*arguments)
        running.append(Run(process))
        return running[-1]

    yield start
    for run in running:
        if run.process.poll() is None:
            run.stop(signal.SIGKILL)


@pytest.fixture(scope="session")
def simulate(start_hatang):
    """Runs `hatang simulate` until it answers: simulate(folder, "--still") -> its Command."""

    def start(folder, *options):
        command = start_hatang("simulate", folder, *options)
        assert command.stdout.readline(), command.stderr.read()
        return command

    return start


@pytest.fixture
def devices(tmp_path, simulate):
    """Simulated devices by `hatang simulate`: devices("router_mikrotik", …) -> {name: address}."""
    running = []

    def start(*models, options=()):
        folder = tmp_path / f"devices-{len(running)}"
        folder.mkdir()
        for model in models:
            shutil.copy(shipped_folder() / f"{model}.snmprec", folder)
        known = folder / "map.json"
        where = ("--address", "127.0.0.1", "--port", "0", "--map", str(known))
        running.append(simulate(folder, *where, "--community", CANARY, *options))
        return json.loads(Path(known).read_text())

    yield start
    for command in running:
        command.terminate()
        command.communicate(timeout=30)


@pytest.fixture
def district(tmp_path):
    """Writes a hatang.yaml: district(assets, **extra top-level text) -> its path.

    assets: YAML of the list `assets`, indented by two.
    """

    def write(assets, extra="", readiness_every="1s"):
        path = tmp_path / "hatang.yaml"
        path.write_text(
            f"""\
node: test
data_dir: data
credentials:
  lan:
    version: v2c
    community: ${{HATANG_TEST_COMMUNITY}}
    networks: [127.0.0.0/8]
polling: {{interval: 1s, timeout: 500ms, deadline: 5s, retry: 200ms, down_after: 2}}
web: {{listen: "127.0.0.1:0", reading: open}}
readiness: {{every: {readiness_every}}}
communes:
  - {{code: "22849", posts: 20, posts_group_8: 15, internet_bps: 200000000}}
{extra}
assets:
{assets}
"""
        )
        return path

    return write


@pytest.fixture
def host_asset():
    """YAML of this machine as an asset."""
    return """\
  - tag: SRV-1
    name: Máy chủ một cửa
    class: server
    commune: "22849"
    endpoints: [{kind: host}]
"""


@pytest.fixture
def snmp_asset():
    """YAML of one SNMP asset on a simulated device: snmp_asset(tag, device, key=value, …)."""

    def write(tag, device, asset_class="router", **more):
        extra = "".join(f"    {key}: {value}\n" for key, value in more.items())
        return f"""\
  - tag: {tag}
    name: {tag}
    class: {asset_class}
    commune: "22849"
    address: {device["address"]}
{extra}    endpoints: [{{kind: snmp, credential: lan, port: {device["port"]}}}]
"""

    return write

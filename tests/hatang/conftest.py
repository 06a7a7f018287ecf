"""The real command line and the real daemon, each in a process of its own."""

import contextlib
import json
import os
import shutil
import signal
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from pathlib import Path

import pytest
from prometheus_client.parser import text_string_to_metric_families

from collectors.snmp.simulator.recorded import shipped_folder

COMMAND = [sys.executable, "-m", "hatang"]
CANARY = "canary-c0mmun1ty"
WAIT_S = 60


def _wait_for(what, found):
    """The first true value of found(); fails after a minute, naming what did not come."""
    until = time.monotonic() + WAIT_S
    while time.monotonic() < until:
        with contextlib.suppress(urllib.error.URLError, ConnectionError, KeyError):
            value = found()
            if value:
                return value
        time.sleep(0.1)
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


@pytest.fixture
def hatang():
    """Runs one command to its end: hatang("check-config", path) -> CompletedProcess."""

    def run(*arguments, env=None):
        return subprocess.run(
            [*COMMAND, *map(str, arguments)],
            capture_output=True,
            text=True,
            timeout=120,
            env=_environment() | (env or {}),
        )

    return run


class Run:
    """A running `hatang run`; its log is collected as it comes."""

    def __init__(self, config):
        self.process = subprocess.Popen(
            [*COMMAND, "run", "--config", str(config)],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            env=_environment(),
        )
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
        for family in text_string_to_metric_families(text):
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
def daemon():
    """Starts daemons on configurations; whatever still runs at the end is stopped."""
    running = []

    def start(config):
        running.append(Run(config))
        return running[-1]

    yield start
    for run in running:
        if run.process.poll() is None:
            run.stop(signal.SIGKILL)


@pytest.fixture
def devices(tmp_path):
    """Simulated devices by `hatang simulate`: devices("router_mikrotik", …) -> {name: address}."""
    running = []

    def start(*models, options=()):
        folder = tmp_path / f"devices-{len(running)}"
        folder.mkdir()
        for model in models:
            shutil.copy(shipped_folder() / f"{model}.snmprec", folder)
        known = folder / "map.json"
        where = ("--address", "127.0.0.1", "--port", "0", "--map", str(known))
        process = subprocess.Popen(
            [*COMMAND, "simulate", str(folder), *where, "--community", CANARY, *options],
            stdout=subprocess.PIPE,
            text=True,
        )
        running.append(process)
        process.stdout.readline()
        return json.loads(Path(known).read_text())

    yield start
    for process in running:
        process.terminate()
        process.wait(timeout=30)
        process.stdout.close()


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

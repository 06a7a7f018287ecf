"""What tests of several rooms need: a real Prometheus, and properties that no clock fails."""

import contextlib
import json
import shutil
import socket
import subprocess
import time
import urllib.error
import urllib.parse
import urllib.request

import pytest
import yaml
from hypothesis import HealthCheck, settings

from tests.free_port import free_port

WAIT_S = 60

# Hypothesis fails an example of more than 200 ms, as any may take on a machine with other work.
settings.register_profile("suite", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("suite")


class Prometheus:
    """A real Prometheus that scrapes one address every second."""

    def __init__(self, folder, target, rules=""):
        (folder / "rules.yaml").write_text(rules or "groups: []\n")
        config = {
            "global": {"scrape_interval": "1s", "evaluation_interval": "1s"},
            "rule_files": ["rules.yaml"],
            "scrape_configs": [{"job_name": "hatang", "static_configs": [{"targets": [target]}]}],
        }
        (folder / "prometheus.yml").write_text(yaml.safe_dump(config))
        port = free_port(socket.SOCK_STREAM, "127.0.0.1")
        self._api = f"http://127.0.0.1:{port}/api/v1/"
        self._log = (folder / "log").open("w")
        self._process = subprocess.Popen(
            [
                "prometheus",
                f"--config.file={folder / 'prometheus.yml'}",
                f"--storage.tsdb.path={folder / 'data'}",
                f"--web.listen-address=127.0.0.1:{port}",
            ],
            stdout=self._log,
            stderr=self._log,
        )

    def ask(self, expr):
        """The result of one query now; empty while Prometheus is still starting."""
        return self._get("query", query=expr).get("result", [])

    def rules(self):
        """Every rule as it was evaluated last; empty while Prometheus is still starting."""
        return [rule for group in self._get("rules").get("groups", []) for rule in group["rules"]]

    def _get(self, path, **query):
        with contextlib.suppress(ConnectionError):
            try:
                url = f"{self._api}{path}?{urllib.parse.urlencode(query)}"
                with urllib.request.urlopen(url, timeout=10) as answer:
                    return json.load(answer)["data"]
            except urllib.error.HTTPError as error:
                if error.code != 503:
                    pytest.fail(f"{path} {query}: {error.read().decode()}")
            except urllib.error.URLError:
                pass
        return {}

    def answer(self, expr):
        """The first result that is not empty, within a minute; else an empty one."""
        return self.until(lambda: self.ask(expr)) or []

    def until(self, found):
        """What `found()` gives once that is true, within a minute; else what it gave last."""
        until = time.monotonic() + WAIT_S
        while not (result := found()) and time.monotonic() < until:
            time.sleep(0.2)
        return result

    def stop(self):
        self._process.terminate()
        self._process.wait(timeout=30)
        self._log.close()


@pytest.fixture(scope="session")
def start_prometheus(tmp_path_factory):
    """start_prometheus("127.0.0.1:8650", rules="…") -> Prometheus; stopped at the end."""
    if shutil.which("prometheus") is None:
        pytest.skip("needs Debian's prometheus")
    started = []

    def start(target, rules=""):
        started.append(Prometheus(tmp_path_factory.mktemp("prometheus"), target, rules))
        return started[-1]

    yield start
    for prometheus in started:
        prometheus.stop()

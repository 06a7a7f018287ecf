"""What tests of several rooms need: a real Prometheus."""

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

WAIT_S = 60


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
        with socket.create_server(("127.0.0.1", 0)) as probe:
            port = probe.getsockname()[1]
        self._url = f"http://127.0.0.1:{port}/api/v1/query?"
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
        with contextlib.suppress(ConnectionError):
            try:
                query = urllib.parse.urlencode({"query": expr})
                with urllib.request.urlopen(self._url + query, timeout=10) as answer:
                    return json.load(answer)["data"]["result"]
            except urllib.error.HTTPError as error:
                if error.code != 503:
                    pytest.fail(f"{expr}: {error.read().decode()}")
            except urllib.error.URLError:
                pass
        return []

    def answer(self, expr):
        """The first result that is not empty, within a minute; else an empty one."""
        until = time.monotonic() + WAIT_S
        while time.monotonic() < until:
            if found := self.ask(expr):
                return found
            time.sleep(0.2)
        return []

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

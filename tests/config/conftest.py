"""The gallery of configurations, and an environment for all of them."""

import shutil
from pathlib import Path

import pytest

from config.errors import ConfigError
from config.load import load

HERE = Path(__file__).parent

CANARY = "canary-6f1d-community"
ENVIRONMENT = {
    "COMMUNITY": CANARY,
    "AUTH_KEY": "canary-9b07-authentication",
    "PRIV_KEY": "canary-2c55-privacy",
    "EMPTY": "",
    "SHORT": "7-chars",
    "LINES": "canary-77aa\ncanary-77ab",
    "CONTROL": "canary-0e0e\x1b[2J",
    "PORT": "10161",
    "COUNT": "3",
    "RATIO": "0.92",
    "YES": "true",
    "HOST": "switch-1.example.vn",
    "PLACE": "Trụ sở UBND",
    "KIND": "snmp",
}


@pytest.fixture
def env():
    """Variables that the gallery's files name; what begins with canary- must never be shown."""
    return dict(ENVIRONMENT)


@pytest.fixture(scope="session")
def gallery(tmp_path_factory):
    """A copy of the gallery, to read, in which the files below secrets/private are private."""
    folder = tmp_path_factory.mktemp("gallery")
    for name in ("right", "wrong"):
        shutil.copytree(HERE / name, folder / name)
        for secret in (folder / name).glob("secrets/private/*"):
            secret.chmod(0o600)
    return folder


@pytest.fixture
def loaded(tmp_path, env):
    """loaded(text) -> Settings of a file that holds the text."""

    def run(text):
        path = tmp_path / "hatang.yaml"
        path.write_text(text, encoding="utf-8")
        return load(path, env)

    return run


@pytest.fixture
def problems(loaded):
    """problems(text) -> the lines that refuse a file with the text, without its folder."""

    def run(text):
        with pytest.raises(ConfigError) as caught:
            loaded(text)
        return [line.rpartition("/hatang.yaml")[2].lstrip(":") for line in caught.value.problems]

    return run

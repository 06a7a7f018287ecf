import re

import pytest

from config.load import load
from config.sections import Settings
from config.starter import write_starter


def test_the_starter_is_in_order_as_it_is(tmp_path):
    settings = load(write_starter(tmp_path), {})
    assert [endpoint.kind for asset in settings.assets for endpoint in asset.endpoints] == ["host"]
    assert settings.data_dir == tmp_path / "data"


def test_a_folder_is_made_for_it(tmp_path):
    assert write_starter(tmp_path / "a" / "b") == tmp_path / "a" / "b" / "hatang.yaml"


def test_one_that_is_there_is_never_overwritten(tmp_path):
    path = write_starter(tmp_path)
    path.write_text("node: mine\n")
    with pytest.raises(FileExistsError):
        write_starter(tmp_path)
    assert path.read_text() == "node: mine\n"


EXAMPLE = re.compile(r"( *)# ( *(?:- )?\{?[a-z_0-9-]+:( .*)?|  - .*)")


def test_what_is_commented_out_is_in_order_too(tmp_path):
    path = write_starter(tmp_path)
    lines = path.read_text(encoding="utf-8").splitlines()
    found = [EXAMPLE.fullmatch(line) for line in lines]
    path.write_text(
        "\n".join(f"{m[1]}{m[2]}" if m else line for m, line in zip(found, lines, strict=True)),
        encoding="utf-8",
    )
    for name in ("auth", "priv"):
        secret = tmp_path / "secrets" / name
        secret.parent.mkdir(exist_ok=True)
        secret.write_text("passphrase-1")
        secret.chmod(0o600)
    settings = load(path, {"HATANG_COMMUNITY": "x"})
    router = settings.assets[1]
    assert router.edge
    assert [endpoint.kind for endpoint in router.endpoints] == ["snmp", "ping"]
    assert set(settings.credentials) == {"lan", "secure"}
    assert settings.communes[0].declared
    assert settings.discovery.communes[0].every == 86_400


def test_the_times_that_it_shows_are_the_defaults(tmp_path):
    shown = load(write_starter(tmp_path), {})
    default = Settings()
    for section in ("polling", "office_hours", "web", "readiness", "retention"):
        assert getattr(shown, section) == getattr(default, section)

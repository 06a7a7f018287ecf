"""Whatever is dumped, printed or refused: no secret is in it."""

import copy
import pickle
from pathlib import Path

import pytest
import yaml

from config.errors import ConfigError
from config.load import load
from config.show import effective
from config.yaml_source import parse

CANARIES = ("canary-6f1d-community", "canary-2c55-privacy", "canary-5a5a-passphrase")


@pytest.fixture
def settings(gallery, env):
    return load(gallery / "right" / "everything.yaml", env)


def test_no_dump_of_the_settings_holds_a_secret(settings):
    dumps = [
        repr(settings),
        str(settings),
        f"{settings}",
        repr(settings.model_dump()),
        repr(settings.model_dump(mode="json")),
        settings.model_dump_json(),
        repr(settings.model_copy(update={"node": "x"})),
        repr(copy.deepcopy(settings)),
        repr(effective(settings)),
        repr(list(settings.credentials["lan"])),
        "{}".format(settings.credentials["lan"].community),
        "%s" % settings.credentials["secure"].auth_key,  # noqa: UP031
    ]
    for dump in dumps:
        assert "canary" not in dump
    assert "<secret>" in dumps[0]
    assert "<secret>" in settings.model_dump_json()


def test_settings_with_secrets_are_not_pickled(settings):
    with pytest.raises(TypeError, match="a secret is not pickled"):
        pickle.dumps(settings)


def test_secrets_are_there_for_the_one_who_must_send_them(settings):
    secure = settings.credentials["secure"]
    found = settings.credentials["lan"].community, secure.priv_key, secure.auth_key
    assert tuple(secret.reveal() for secret in found) == CANARIES


def leaves(data, path=()):
    if isinstance(data, dict | list):
        for key, value in data.items() if isinstance(data, dict) else enumerate(data):
            yield from leaves(value, (*path, key))
    else:
        yield path


def with_leaf(data, path, value):
    changed = copy.deepcopy(data)
    here = changed
    for key in path[:-1]:
        here = here[key]
    here[path[-1]] = value
    return changed


def with_key(data, path, key):
    changed = copy.deepcopy(data)
    here = changed
    for step in path[:-1]:
        here = here[step]
    here[key] = here.pop(path[-1])
    return changed


RIGHT = Path(__file__).parent / "right" / "everything.yaml"
DATA = parse(RIGHT.read_text(encoding="utf-8")).value()
LEAVES = list(leaves(DATA))


def told(gallery, data, env, name):
    """What a load of the data says when it refuses it."""
    path = gallery / "right" / name
    path.write_text(yaml.safe_dump(data, allow_unicode=True), encoding="utf-8")
    try:
        load(path, env)
    except ConfigError as error:
        return f"{error} {error!r} {error.__cause__!r} {error.__context__!r}"
    finally:
        path.unlink()
    return ""


def test_a_secret_variable_at_any_place_is_never_told(gallery, env):
    refused = 0
    for path in LEAVES:
        text = told(gallery, with_leaf(DATA, path, "${COMMUNITY}"), env, "variable.yaml")
        assert "canary" not in text, path
        refused += bool(text)
    assert refused > len(LEAVES) / 2


def test_a_secret_in_place_of_anything_of_a_credential_is_never_told(gallery, env):
    inside = [path for path in LEAVES if path[0] == "credentials"]
    for path in inside:
        text = told(gallery, with_leaf(DATA, path, "canary-inline"), env, "inline.yaml")
        assert text or path[2] in ("user", "context"), path
        assert "canary" not in text, path


def test_a_secret_in_place_of_a_key_of_a_credential_is_never_told(gallery, env):
    inside = {path[:3] for path in LEAVES if path[0] == "credentials"}
    for path in sorted(inside):
        text = told(gallery, with_key(DATA, path, "canary-inline"), env, "key.yaml")
        assert "holds a key that is not a setting" in text or path[2] == "version", path
        assert "canary" not in text, path


@pytest.mark.parametrize(
    "text",
    [
        "credentials:\n  lan: {community: canary-1\n",
        "credentials:\n  lan:\n    community: canary-1: canary-2\n",
        'credentials:\n  lan:\n    community: "canary-1\n',
        "credentials:\n  lan:\n    community: 'canary-1'canary-2\n",
        "credentials:\n  lan:\n    community: canary-1\n   canary-2\n",
        "credentials:\n  lan:\n    community: *canary-1\n",
        "credentials:\n  lan:\n    community: !canary-1 x\n",
        "credentials:\n  lan:\n    community: &canary-1\n    canary-2\n",
        "credentials:\n  lan:\n    canary-1: 1\n    canary-1: 2\n",
        "credentials:\n  lan:\n    ? [canary-1]\n",
        'credentials:\n  lan:\n    community: "canary-1\\q"\n',
        'credentials:\n  lan:\n    community: "canary-1\\x00"\n',
        "credentials:\n  lan:\n    community: @canary-1\n",
        "credentials:\n  lan:\n    community: |\n  canary-1\n",
        "credentials:\n  lan:\n    community: %canary-1\n--- canary-2\n",
        "%canary-1\n---\n",
        "%TAG ! canary-1\n---\n",
    ],
)
def test_a_file_that_is_no_yaml_is_refused_without_its_text(text, problems):
    assert "canary" not in " ".join(problems(text))

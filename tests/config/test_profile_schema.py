"""The published schema: what Hatang takes it takes, and it knows what an editor should refuse."""

import json
from pathlib import Path

import jsonschema_rs
import pytest

from config.profile import FOLDER, shipped_profiles
from config.profile_schema import schema_text
from config.yaml_source import parse

HERE = Path(__file__).parent


@pytest.fixture(scope="module")
def schema():
    return jsonschema_rs.validator_for(json.loads(schema_text()))


def value(path):
    return parse(path.read_text(encoding="utf-8")).value()


@pytest.mark.parametrize("name", shipped_profiles())
def test_a_shipped_profile_fits_the_schema(schema, name):
    assert [str(e) for e in schema.iter_errors(value(FOLDER / f"{name}.yaml"))] == []


@pytest.mark.parametrize(
    "name",
    [
        "basis-kind",
        "change-of-a-key-that-is-none",
        "class-unknown",
        "exception-without-reason",
        "layer-type-unknown",
        "level-unknown",
        "max-age-without-unit",
        "measure-missing",
        "title-in-one-language",
        "unknown-key",
        "unknown-key-of-measure",
        "weight-zero",
    ],
)
def test_the_schema_refuses_a_wrong_shape(schema, name):
    assert not schema.is_valid(value(HERE / "wrong_profiles" / f"{name}.yaml"))


def test_a_right_layer_fits(schema):
    layer = {
        "id": "x",
        "version": "1",
        "title": {"vi": "v", "en": "e"},
        "valid_from": "2026-01-01",
        "for": {"province": "56"},
        "change": {"ups": {"max_age": "7d", "remedy": None, "weight": 2}},
        "drop": {"backup": "Không cần."},
    }
    assert schema.is_valid(layer)
    assert not schema.is_valid(layer | {"change": {"ups": {"id": "y"}}})

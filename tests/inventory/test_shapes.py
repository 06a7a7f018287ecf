"""Shapes of communes from a file of the user's."""

import json

import pytest

from config.errors import ConfigError
from inventory.shapes import read_shapes

SQUARE = [[109.0, 11.7], [109.1, 11.7], [109.1, 11.8], [109.0, 11.8], [109.0, 11.7]]
ISLAND = [[109.5, 11.5], [109.51, 11.5], [109.51, 11.51], [109.5, 11.5]]


def feature(code, kind="Polygon", coordinates=(SQUARE,), **properties):
    return {
        "type": "Feature",
        "properties": {"code": code} | properties,
        "geometry": {"type": kind, "coordinates": coordinates},
    }


@pytest.fixture
def written(tmp_path):
    """written(features or any text) -> its file"""

    def write(content):
        file = tmp_path / "communes.geojson"
        if not isinstance(content, str):
            content = json.dumps({"type": "FeatureCollection", "features": content})
        file.write_text(content, encoding="utf-8")
        return file

    return write


def test_shapes_stand_by_their_code_with_the_largest_outline_first(written):
    hole = [[109.02, 11.72], [109.03, 11.72], [109.03, 11.73], [109.02, 11.72]]
    found = read_shapes(
        written(
            [
                feature("22849", "MultiPolygon", [[ISLAND], [SQUARE, hole]]),
                feature(4, name="Ba Đình"),
                feature("22840", coordinates=[SQUARE]),
                feature("22840", coordinates=[ISLAND]),
            ]
        )
    )
    assert set(found) == {"22849", "00004", "22840"}
    assert found["22849"] == (tuple(map(tuple, SQUARE)), tuple(map(tuple, ISLAND)))
    assert len(found["22840"]) == 2


def test_what_is_no_shape_of_a_code_is_left_out(written):
    found = read_shapes(
        written(
            [
                feature("22849"),
                feature(""),
                feature(None),
                feature(True),
                feature("22840", "Point", [109.0, 11.7]),
                feature("22852", coordinates=[[[109.0, 11.7], ["x", 1], [1e9, 2], None]]),
                feature("22861", "MultiPolygon", 7),
                {"properties": None, "geometry": None},
                "nothing",
            ]
        )
    )
    assert set(found) == {"22849"}


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ("{", "is no JSON"),
        ("[" * 100_000, "is no JSON"),
        ("[]", "no GeoJSON FeatureCollection"),
        ('{"features": {}}', "no GeoJSON FeatureCollection"),
        ([feature("22849", "Point", [1, 2])], "no polygon with an official code"),
    ],
)
def test_a_file_that_is_none_is_refused_in_words(written, content, words):
    with pytest.raises(ConfigError, match=words):
        read_shapes(written(content))


def test_a_file_that_is_not_there_is_refused(tmp_path):
    with pytest.raises(ConfigError, match="cannot be read"):
        read_shapes(tmp_path / "none.geojson")

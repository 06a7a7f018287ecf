from typing import Annotated, Literal

import pytest
from pydantic import Field

from config.errors import ConfigError, Report
from config.reading import open_source, validated
from config.scalars import Section, Whole


class Circle(Section):
    shape: Literal["circle"]
    radius: Whole = Field(ge=1)


class Square(Section):
    shape: Literal["square"]
    side: Whole


Shape = Annotated[Circle | Square, Field(discriminator="shape")]


class Drawing(Section):
    title: str = Field(min_length=1, max_length=8)
    frame: Shape | None = None
    by_name: dict[str, tuple[Shape, ...]] = Field(default_factory=dict)
    pair: tuple[Literal["left"], Literal["up", "down"]] | None = None
    colour: str = Field("", alias="color")


@pytest.fixture
def read(tmp_path):
    path = tmp_path / "drawing.yaml"

    def run(text, env=None):
        path.write_text(text, encoding="utf-8")
        source = open_source(path, Report(), env)
        drawing = validated(source, Drawing)
        source.report.raise_if_any()
        return drawing

    return run


@pytest.fixture
def problems(read):
    def run(text):
        with pytest.raises(ConfigError) as caught:
            read(text)
        return [line.rpartition("drawing.yaml:")[2] for line in caught.value.problems]

    return run


def test_a_file_in_order_is_its_section(read):
    drawing = read("title: Nhà\nframe: {shape: circle, radius: 2}\ncolor: red\n")
    assert drawing.frame == Circle(shape="circle", radius=2)
    assert drawing.colour == "red"


def test_a_dollar_is_a_letter_without_an_environment(read):
    assert read("title: ${A}\n").title == "${A}"
    assert read("title: ${A}\n", {"A": "x"}).title == "x"


@pytest.mark.parametrize(
    ("text", "line"),
    [
        (
            "by_name: {a: [{shape: circle, radius: 0}]}",
            "1: by_name.a[0].radius: must be at least 1",
        ),
        ("by_name: {a: [{shape: circle}]}", "1: by_name.a[0].radius: is missing; add it"),
        (
            "by_name: {a: [{shape: cirle}]}",
            "1: by_name.a[0].shape: 'cirle' is not known; did you mean circle?",
        ),
        ("by_name: {a: [{side: 1}]}", "1: by_name.a[0].shape: is missing; known: circle, square"),
        (
            "by_name: {circle: {}}",
            "1: by_name.circle: must be a list: lines that begin with - below it",
        ),
        (
            "frame: {shape: square, sid: 1, side: 1}",
            "1: frame.sid: is not a setting; did you mean side?",
        ),
        ("frame: {shape: [1], side: 1}", "1: frame.shape: is not known; known: circle, square"),
        ("frame: circle", "1: frame: must be a mapping: KEY: VALUE lines below it"),
        ("pair: [right, up]", "1: pair[0]: 'right' is not one of them; write left"),
        ("pair: [left, upp]", "1: pair[1]: 'upp' is not one of them; did you mean up?"),
        ("pair: [left]", "1: pair[1]: is missing; add it"),
        ("colour: red", "1: colour: is not a setting; did you mean color?"),
        ("color: 5", "1: color: must be a text; put it in quotes"),
        ("color:", "1: color: is empty; it must be a text, or remove the key"),
    ],
)
def test_a_slip_is_one_line_with_its_place_and_what_would_be_right(text, line, problems):
    assert problems(f"{text}\ntitle: x\n") == [line]


def test_what_is_missing_is_told_where_it_should_stand(problems):
    assert problems("\ncolor: red\n") == ["2: title: is missing; add it"]


def test_bounds_of_texts_are_told_in_characters(problems):
    assert problems("title: ''\n") == ["1: title: must not be empty"]
    assert problems("title: 123456789x\n") == ["1: title: must have at most 8 characters"]

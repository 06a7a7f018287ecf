from pathlib import Path

import pytest

from config.register_file import asset_columns
from config.scalars import Section
from config.sections import Settings
from dashboards.setting_types import sections_in
from dashboards.settings_page import settings_page

PAGE = settings_page()


def below(model):
    """Every section that settings can hold."""
    yield model
    for field in model.model_fields.values():
        for kind in sections_in(field.annotation):
            yield from below(kind)


@pytest.mark.parametrize("model", sorted(set(below(Settings)), key=lambda kind: kind.__name__))
def test_every_key_of_every_section_is_there_with_what_it_is_for(model):
    for name, field in model.model_fields.items():
        rows = [row for row in PAGE.splitlines() if row.startswith(f"| `{field.alias or name}` |")]
        assert rows, f"{model.__name__}.{name}"
        for row in rows:
            assert len(row.split(" | ")[-1].strip(" |")) > 5, row


@pytest.mark.parametrize(
    "row",
    [
        "| `interval` | duration | `1m` | Time from one look to the next. |",
        "| `down_after` | whole number, at least 1, at most 10 | `3` |",
        "| `listen` | HOST:PORT | `127.0.0.1:8650` |",
        "| `community` | secret: `${NAME}` or `{file: PATH}` | required |",
        "| `days` | list of: one of `mon`, `tue`,",
        "| `commune` | code, in quotes | required |",
        "| `verify_tls` | `true` or `false` | `true` |",
        "| `status` | one of `planned`, `in_stock`, `in_use`,",
        "| `from` | moment, as 2026-11-24T08:00:00+07:00 | required |",
    ],
)
def test_types_and_defaults_are_in_plain_words(row):
    assert row in PAGE


def test_every_kind_has_its_part_with_its_own_keys_only():
    part = PAGE.partition("### assets[].endpoints[], kind: ping")[2].partition("\n##")[0]
    assert "| `count` |" in part
    assert "| `interval` |" not in part


def test_the_example_of_a_refusal_is_what_a_wrong_file_gets():
    assert "\n    hatang.yaml:2: polling.interval: 1s is shorter than its timeout 5s; " in PAGE


def test_every_column_of_a_register_is_named():
    last = PAGE.splitlines()[-1]
    assert all(f"`{column}`" in last for column in asset_columns())


def test_the_page_holds_no_python_words():
    for word in ("None", "True", "Annotated", "tuple", Section.__name__ + "("):
        assert word not in PAGE


def test_the_page_in_docs_is_not_stale():
    path = Path(__file__).parents[2] / "docs" / "settings.md"
    assert path.read_text(encoding="utf-8") == PAGE, "run python -m hatang.generate"

"""Changing a profile file's text by fields: the rest of it stays as it is, letter by letter."""

import pytest

from config.errors import ConfigError
from config.profile_text import HandWork, changed_text, copy_text, renamed_text
from config.yaml_source import parse

HEAD = """# Của tỉnh
id: ours
version: "1"   # đổi mỗi lần sửa
title: {vi: Của ta, en: Ours}
valid_from: 2026-01-01
extends: commune-2026
"""


def test_a_change_is_added_behind_everything_else():
    assert changed_text(HEAD, "ups", {"weight": 3}) == HEAD + "change:\n  ups: {weight: 3}\n"
    assert changed_text(HEAD[:-1], "ups", {"weight": 3}).startswith(HEAD)


def test_a_change_is_merged_into_those_that_are_there_and_comments_around_stay():
    text = HEAD + (
        "change:\n  ups: {weight: 3, remedy: {price_vnd: 1, source: Ours}}\n  backup: {weight: 2}\n"
        "\n# Vì sao\ndrop:\n  logs-kept: Không cần.\n"
    )
    changed = changed_text(text, "ups", {"level": "desirable", "remedy": {"price_vnd": 9}})
    assert changed.startswith(HEAD)
    assert changed.endswith("\n\n# Vì sao\ndrop:\n  logs-kept: Không cần.\n")
    assert parse(changed).value()["change"] == {
        "ups": {"weight": 3, "remedy": {"price_vnd": 9, "source": "Ours"}, "level": "desirable"},
        "backup": {"weight": 2},
    }


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("id: ours\n", "only a file with extends or for"),
        (HEAD + "change: 3\n", "mend the text first"),
        ("{id: ours, extends: commune-2026}\n", "in a line of its own"),
    ],
)
def test_what_only_a_person_can_change_is_said(text, why):
    with pytest.raises(HandWork, match=why):
        changed_text(text, "ups", {"weight": 3})


def test_a_text_that_is_no_yaml_is_told_as_such():
    with pytest.raises(ConfigError):
        changed_text("id: [\n", "ups", {"weight": 3})


def test_a_copy_begins_with_what_it_extends_and_may_be_renamed():
    text = copy_text("ours", "commune-2026", ("Của ta", "Ours"), "2026-01-01")
    assert parse(text).value() == {
        "id": "ours",
        "version": "1",
        "title": {"vi": "Của ta", "en": "Ours"},
        "valid_from": "2026-01-01",
        "extends": "commune-2026",
    }
    assert parse(renamed_text(text, "theirs")).value()["id"] == "theirs"
    with pytest.raises(HandWork):
        renamed_text("{id: ours}", "theirs")

import pytest
from hypothesis import given
from hypothesis import strategies as st

from config.errors import (
    MAX_LENGTH,
    ConfigError,
    Problem,
    Report,
    did_you_mean,
    is_hidden,
    one_line,
    path_text,
)


def test_a_problem_is_file_line_key_and_words():
    assert str(Problem("a.yaml", 7, "web.listen", "is wrong")) == "a.yaml:7: web.listen: is wrong"
    assert str(Problem("a.yaml", 0, "", "cannot be read")) == "a.yaml: cannot be read"


def test_an_error_has_each_problem_once_in_the_order_of_the_files():
    problems = [Problem("b", 1, "", "x"), Problem("a", 10, "", "x"), Problem("a", 9, "", "x")]
    error = ConfigError([*problems, *problems])
    assert error.problems == ("a:9: x", "a:10: x", "b:1: x")
    assert str(error) == "\n".join(error.problems)


@given(st.text(max_size=1000))
def test_a_problem_is_one_printable_line(text):
    report = Report()
    report.add("a.yaml", 1, (text,), text)
    with pytest.raises(ConfigError) as caught:
        report.raise_if_any()
    (line,) = caught.value.problems
    assert len(line.splitlines()) <= 1
    assert "\x1b" not in line
    assert len(line) < MAX_LENGTH + 200


@pytest.mark.parametrize("bad", ["\x1b[2J", "\u202e", "\u2066", "\n", "\x85", "\u2028"])
def test_what_steers_a_terminal_is_not_printed(bad):
    assert "?" in one_line(f"a{bad}b")
    assert bad not in one_line(f"a{bad}b")


def test_hidden_texts_are_shown_as_the_file_has_them_longest_first():
    report = Report()
    report.hide("canary", "${A}")
    report.hide("canary-long'", "${B}")
    report.hide("abc", "${C}")
    report.add("f", 1, (), f"canary-long' canary abc {'canary-long' + chr(39)!r}")
    assert report.problems[0].text == '${B} ${A} abc "${B}"'


def test_a_report_without_problems_raises_nothing():
    Report().raise_if_any()


@pytest.mark.parametrize(
    ("path", "text"),
    [
        (("assets", 3, "endpoints", 0), "assets[3].endpoints[0]"),
        (("credentials", "lan", "community"), "credentials.lan.community"),
        (("credentials", "lan", "canary"), "credentials.lan"),
        (("credentials", "lan", "auth_key", "canary"), "credentials.lan.auth_key"),
        (("credentials", "lan", "networks", 2), "credentials.lan.networks[2]"),
        (("credentials", "lan", "networks", 2, "canary"), "credentials.lan.networks[2]"),
        (("a b", "c"), "'a b'.c"),
    ],
)
def test_a_path_is_written_as_people_write_it(path, text):
    assert path_text(path) == text
    assert is_hidden(path) == (path[-1] == "canary")


def test_a_hint_is_the_nearest_word_or_a_short_list():
    assert did_you_mean("intervall", ["interval", "timeout"]) == "did you mean interval?"
    assert did_you_mean("zzz", ["b", "a"]) == "known: a, b"
    assert did_you_mean("zzz", []) == "there are none"
    many = did_you_mean("zzz", [f"name-{n:02}" for n in range(40)])
    assert many.endswith("name-15 …")

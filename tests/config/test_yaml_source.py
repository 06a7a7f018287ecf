import datetime as dt
from pathlib import Path

import pytest
import yaml
from hypothesis import example, given, settings
from hypothesis import strategies as st

from config import yaml_source
from config.text_file import TextProblem, read_text
from config.yaml_source import MAX_BYTES, MAX_DEPTH, MAX_VALUES, Node, YamlProblem, parse, resolve

GALLERY = Path(__file__).parent


class Refused(tuple):
    """The lines of what is wrong."""


def outcome(text, loader=None):
    try:
        return parse(text, loader).value()
    except YamlProblem as problem:
        return Refused(line for line, _, _ in problem.faults)


@given(st.binary(max_size=300))
@example(b"a: \xff")
@example(b"\xef\xbb\xbfa: 1\n")
@example(b"\xff\xfea\x00")
@example(b"--- >\n")
@example(b"? ? ? [")
@example(b"%YAML 9.9\n---\n")
@example(b"a: &x [*x, *x]")
@example(b'"\\uD800": "\\uDFFF"')
@settings(max_examples=400)
def test_any_bytes_give_a_tree_or_a_problem(tmp_path_factory, raw):
    path = tmp_path_factory.getbasetemp() / "any.yaml"
    path.write_bytes(raw)
    try:
        found = parse(read_text(path, MAX_BYTES))
    except (TextProblem, YamlProblem) as problem:
        found = problem
    assert isinstance(found, Node) or str(found)


PIECES = "a|b|:| |\n|- |? |[|]|{|}|,|'|\"|&x |*x|!t |#|>\n|---\n|...\n|\t|\\|%|@|yes|0161|1.5|~|<<"
YAML_LIKE = st.lists(st.sampled_from([*PIECES.split("|"), "|\n"]), max_size=30).map("".join)


@given(YAML_LIKE)
@settings(max_examples=500)
def test_anything_near_yaml_gives_a_tree_or_a_problem_with_a_line_of_the_file(text):
    found = outcome(text)
    if isinstance(found, Refused):
        assert all(0 < line <= text.count("\n") + 1 for line in found)
    else:
        assert all(type(leaf) in (str, int, float, bool, type(None)) for leaf in leaves(found))


@given(YAML_LIKE)
@settings(max_examples=300)
def test_what_both_of_pyyamls_readers_take_means_the_same(text):
    in_c, in_python = outcome(text, yaml.CSafeLoader), outcome(text, yaml.SafeLoader)
    if not isinstance(in_c, Refused) and not isinstance(in_python, Refused):
        assert in_c == in_python


def leaves(value):
    if isinstance(value, dict):
        for key, child in value.items():
            assert type(key) is str
            yield from leaves(child)
    elif isinstance(value, list):
        for child in value:
            yield from leaves(child)
    else:
        yield value


PLAIN = st.recursive(
    st.none() | st.booleans() | st.integers(-(10**17), 10**17) | st.text("abc é:#-0'\"{}[]!&*%@|>"),
    lambda inner: (
        st.lists(inner, max_size=4) | st.dictionaries(st.text("ab :#'"), inner, max_size=4)
    ),
    max_leaves=20,
)


@given(st.dictionaries(st.text("abc"), PLAIN, max_size=4))
def test_what_pyyaml_writes_is_read_back(data):
    class Writer(yaml.SafeDumper):
        def ignore_aliases(self, data):
            return True

    assert parse(yaml.dump(data, Dumper=Writer, allow_unicode=True)).value() == data


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("", None),
        ("~", None),
        ("true", True),
        ("FALSE", False),
        ("yes", "yes"),
        ("on", "on"),
        ("60", 60),
        ("-7", -7),
        ("0161", "0161"),
        ("0x1f", "0x1f"),
        ("1_000", "1_000"),
        ("13:00", "13:00"),
        ("1e3", "1e3"),
        (".5", ".5"),
        ("0.5", 0.5),
        ("2026-11-24", "2026-11-24"),
        (".inf", ".inf"),
        ("9" * 19, "9" * 19),
    ],
)
def test_an_unquoted_text_means_one_thing(text, value):
    assert resolve(text) == value
    assert type(resolve(text)) is type(value)
    assert parse(f"a: {text}\n").value() == {"a": value}


def test_a_quoted_text_is_a_text():
    found = parse("a: '60'\nb: \"true\"\nc: |\n  60\nd: ''\n").value()
    assert found == {"a": "60", "b": "true", "c": "60\n", "d": ""}


def test_a_date_stays_a_text():
    assert not isinstance(parse("a: 2026-11-24").value()["a"], dt.date)


def test_an_empty_file_is_an_empty_mapping():
    for text in ("", "# nothing\n", "---\n# nothing\n", "\n\n"):
        assert parse(text).value() in ({}, None)


def test_every_value_knows_its_line():
    node = parse("a: 1\nb:\n  - x\n  - c: 2\n    d:\n      3\n")
    assert node.line_of(()) == 1
    assert node.line_of(("a",)) == 1
    assert node.line_of(("b", 0)) == 3
    assert node.line_of(("b", 1, "d")) == 5
    assert node.line_of(("b", 1, "nothing", 7)) == 4


def test_all_double_keys_are_told_at_once():
    with pytest.raises(YamlProblem) as caught:
        parse("a: 1\nb: {c: 1, c: 2}\na: 2\n")
    assert [(line, path) for line, path, _ in caught.value.faults] == [(2, ("b", "c")), (3, ("a",))]


def test_aliases_cannot_grow_without_bound():
    bomb = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n" + "".join(
        f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 10)}]\n" for n in range(1, 9)
    )
    with pytest.raises(YamlProblem, match=f"more than {MAX_VALUES:,} values"):
        parse(bomb)


def test_so_many_values_are_refused_and_one_less_is_not(monkeypatch):
    monkeypatch.setattr(yaml_source, "MAX_VALUES", 50)
    assert len(parse("[" + ", ".join("x" * 49) + "]").value()) == 49
    with pytest.raises(YamlProblem, match="holds more than 50 values"):
        parse("[" + ", ".join("x" * 50) + "]")


def test_nesting_is_bounded():
    assert parse("[" * MAX_DEPTH + "]" * MAX_DEPTH).value()
    for text in ("[" * 100_000, "{a: " * 5000, "- " * 5000 + "x"):
        with pytest.raises(YamlProblem):
            parse(text)


def test_a_changed_value_does_not_change_the_tree():
    node = parse("a: &x [1]\nb: *x\n")
    first = node.value()
    first["a"].append(2)
    assert node.value() == {"a": [1], "b": [1]}


def test_every_explanation_of_pyyamls_errors_is_in_the_gallery():
    told = "\n".join(p.read_text("utf-8", "replace") for p in (GALLERY / "wrong").glob("yaml-*"))
    missing = {words for _, _, words in yaml_source._WORDS if words not in told}
    assert missing == set()


def test_a_place_is_the_key_of_a_mapping_or_the_beginning_of_an_entry():
    node = parse("a: 1\nlist:\n  - {x: 1, yy: {z: 2}}\n  - last\n")
    assert node.place_of(("list", 0, "yy", "z")) == (3, 17)
    assert node.place_of(("list", 1)) == (4, 5)
    assert node.place_of(("list", 7)) == (2, 1)
    assert node.place_of(("list", 0, "none")) == (3, 5)
    assert node.place_of(()) == (1, 1)


def test_what_is_no_yaml_is_told_with_its_column_where_the_reader_knows_it():
    with pytest.raises(YamlProblem) as caught:
        parse("a: 1\nb: c: d\n")
    assert (caught.value.faults[0][0], caught.value.column) == (2, 5)

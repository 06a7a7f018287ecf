import os

import pytest
from hypothesis import given
from hypothesis import strategies as st

from config.environment import MAX_SECRET_BYTES, expand, names_in, read_secret, secret_reader
from config.scalars import EnvText

ENV = {"A": "one", "B_2": "two", "EMPTY": ""}


def expanded(data, env=ENV):
    wrong = []
    return expand(data, env, lambda path, text: wrong.append((path, text))), wrong


def test_variables_are_replaced_in_texts_and_not_in_keys():
    data = {"${A}": ["${A}", "x${A}${B_2}y", 7, None, {"k": "$A"}]}
    found, wrong = expanded(data)
    assert found == {"${A}": ["one", "xonetwoy", 7, None, {"k": "$A"}]}
    assert wrong == []
    assert found["${A}"][1].template == "x${A}${B_2}y"


def test_a_doubled_dollar_is_the_text_itself():
    assert expanded("$${A} ${A} $$${A}") == ("${A} one $${A}", [])


def test_what_was_replaced_is_not_replaced_again():
    assert expanded("${A}", {"A": "${B}", "B": "x"})[0] == "${B}"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("${NO}", "the environment variable NO is not set"),
        ("${EMPTY}", "the environment variable EMPTY is empty"),
        ("${}", "must name a variable as ${NAME}"),
        ("${A", "must name a variable as ${NAME}"),
        ("${A B}", "must name a variable as ${NAME}"),
        ("${1}", "must name a variable as ${NAME}"),
    ],
)
def test_what_cannot_be_replaced_is_told_and_stays(text, said):
    found, wrong = expanded({"k": [text]})
    assert found == {"k": [text]}
    ((path, words),) = wrong
    assert path == ("k", 0)
    assert words.startswith(said)


def test_each_slip_of_a_text_is_told_once():
    _, wrong = expanded("${NO}${NO}${NEVER}")
    assert len(wrong) == 2


@given(st.text().filter(lambda text: "${" not in text))
def test_a_text_without_a_variable_stays_itself(text):
    found, wrong = expanded(text)
    assert found is text
    assert wrong == []


@given(st.text("${}AB_2 "))
def test_any_text_is_replaced_or_told(text):
    found, wrong = expanded(text)
    assert wrong or "${" not in found.replace("${", "", text.count("$${"))


def test_the_names_in_a_text_are_those_that_are_replaced():
    assert names_in("${A}$${B}${C D}${E") == {"A"}


@pytest.fixture
def secret(tmp_path):
    path = tmp_path / "secret"
    path.write_bytes(b"canary\r\n")
    path.chmod(0o640)
    return path


def test_a_secrets_file_is_read_without_its_line_end(secret):
    assert read_secret(secret) == "canary"


def test_a_secrets_file_is_looked_for_in_the_folder_of_the_configuration(secret, tmp_path):
    read = secret_reader(tmp_path)
    assert read({"file": "secret"}) == "canary"
    assert read({"file": str(secret)}) == "canary"


def test_spaces_and_marks_of_a_secret_are_kept(secret):
    secret.write_text("  mật khẩu \n", encoding="utf-8")
    assert read_secret(secret) == "  mật khẩu "


@pytest.mark.parametrize("mode", [0o644, 0o641, 0o602])
def test_a_file_that_others_have_rights_to_is_refused(secret, mode):
    secret.chmod(mode)
    with pytest.raises(ValueError, match="others may read"):
        read_secret(secret)


def test_a_pipe_is_refused_without_waiting_for_its_other_end(tmp_path):
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    with pytest.raises(ValueError, match="no file"):
        read_secret(pipe)


@pytest.mark.parametrize(
    "raw", [b"", b"\n", b"a\nb\n", b"a\rb", b"a\0b", b"\xff", b"x" * (MAX_SECRET_BYTES + 1)]
)
def test_a_file_that_holds_something_else_is_refused_without_its_text(secret, raw):
    secret.write_bytes(raw)
    with pytest.raises(ValueError, match="the secret's file"):
        read_secret(secret)


def test_no_handle_is_left_open(secret, tmp_path):
    before = len(os.listdir("/proc/self/fd"))
    for path in (secret, tmp_path, tmp_path / "none"):
        for _ in range(20):
            try:
                read_secret(path)
            except ValueError:
                continue
    assert len(os.listdir("/proc/self/fd")) == before


@pytest.mark.parametrize(
    "value",
    [
        "canary",
        12345678,
        0.5,
        True,
        None,
        [],
        {},
        {"file": 7},
        {"file": "a", "x": 1},
        EnvText("canary", "x${A}"),
        EnvText("canary", "$${A}"),
        EnvText("can\nary", "${A}"),
    ],
)
def test_a_secret_comes_from_nowhere_else(value, tmp_path):
    with pytest.raises(ValueError, match=r"secret|line break") as caught:
        secret_reader(tmp_path)(value)
    assert "canary" not in str(caught.value)
    assert caught.value.__suppress_context__ or caught.value.__context__ is None

import pytest

from config.text_file import TextProblem, read_text


def problem(path, raw, max_bytes=1000):
    path.write_bytes(raw)
    with pytest.raises(TextProblem) as caught:
        read_text(path, max_bytes)
    return caught.value.line, caught.value.text


@pytest.fixture
def path(tmp_path):
    return tmp_path / "a.txt"


def test_a_text_is_read_without_its_byte_order_mark(path):
    path.write_bytes(b"\xef\xbb\xbf" + "Xã\r\n\tThuận Bắc\n".encode())
    assert read_text(path, 1000) == "Xã\r\n\tThuận Bắc\n"


def test_as_many_bytes_as_allowed_are_read_and_no_more(path):
    path.write_bytes(b"x" * 1000)
    assert len(read_text(path, 1000)) == 1000
    assert problem(path, b"x" * 2_000_001, 2_000_000) == (0, "is larger than 2 MB; split it")


@pytest.mark.parametrize("mark", [b"", b"\xef\xbb\xbf"])
def test_the_line_that_is_not_utf_8_is_named(path, mark):
    line, text = problem(path, mark + b"a\nb\nM\xe1y\n")
    assert (line, text) == (3, "is not UTF-8; save the file as UTF-8")


def test_what_a_spreadsheet_calls_unicode_text_is_refused(path):
    assert "is not UTF-8" in problem(path, "Xã".encode("utf-16"))[1]


@pytest.mark.parametrize("bad", ["\0", "\x1b", "\x7f", "\x9b", "\ufeff", "\uffff"])
def test_the_line_of_a_character_that_cannot_be_printed_is_named(path, bad):
    assert problem(path, f"a\nb{bad}\n".encode())[0] == 2

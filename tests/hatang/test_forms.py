"""`hatang assets labels`, `s24h` and `s26h` on a real configuration."""

import datetime as dt

import pypdfium2
import pytest
import zxingcpp
from openpyxl import load_workbook

from inventory.store.writer import Writer

CONFIG = """
data_dir: {folder}/data
web: {{public_url: "https://hatang.example.vn"}}
communes: [{{code: "22849"}}, {{code: "22840"}}]
assets:
  - tag: PC-1
    name: Máy vi tính
    class: desktop
    commune: "22849"
    price_vnd: 17800000
    in_use_since: 2024-03-01
  - {{tag: MI-1, name: Máy in, class: printer, commune: "22849", price_vnd: 4800000}}
  - {{tag: PC-2, name: Máy vi tính, class: desktop, commune: "22840"}}
"""


@pytest.fixture
def config(tmp_path):
    """A configuration without a database."""
    file = tmp_path / "hatang.yaml"
    file.write_text(CONFIG.format(folder=tmp_path), encoding="utf-8")
    return file


def test_labels_of_a_commune_are_written_and_scan(config, hatang, tmp_path):
    out = tmp_path / "labels.pdf"
    done = hatang("assets", "labels", out, "-c", config, "--commune", "22849", "--sheet", "62x29")
    assert (done.returncode, done.stdout) == (0, f"Wrote 2 labels to {out}\n")
    read = [
        code.text
        for page in pypdfium2.PdfDocument(out)
        for code in zxingcpp.read_barcodes(page.render(scale=203 / 72).to_pil())
    ]
    assert read == ["https://hatang.example.vn/a/MI-1", "https://hatang.example.vn/a/PC-1"]


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("--tags", "PC-1,NO-1"), "nobody has NO-1"),
        (("--sheet", "a4-9x9"), "a4-9x9 is none of"),
        (("--commune", "99999"), "is not watched"),
        (("--start", "25"), "places 1 to 24"),
    ],
)
def test_labels_that_cannot_be_printed_are_refused_and_no_file_is_left(
    config, hatang, tmp_path, arguments, words
):
    done = hatang("assets", "labels", tmp_path / "x.pdf", "-c", config, *arguments)
    assert done.returncode in (1, 2)
    assert words in " ".join(done.stderr.replace("│", " ").split())
    assert not (tmp_path / "x.pdf").exists()


def test_s24h_of_what_files_have_is_written(config, hatang, tmp_path):
    out = tmp_path / "s24h.xlsx"
    (tmp_path / "data").mkdir()
    Writer(tmp_path / "data" / "hatang.db").close(clean=True)
    year = dt.date.today().year
    done = hatang("assets", "s24h", out, "-c", config, "--commune", "22849", "--year", year)
    assert done.returncode == 0, done.stderr
    text = [str(v) for sheet in load_workbook(out) for row in sheet.values for v in row if v]
    assert "PC-1" in text
    assert "MI-1" not in text
    assert f"Năm: {year}" in text


def test_a_book_without_a_database_says_where_it_was_looked_for(config, hatang, tmp_path):
    done = hatang("assets", "s26h", tmp_path / "x.xlsx", "-c", config, "--commune", "22849")
    assert (done.returncode, "there is no database at" in done.stderr) == (4, True)
    assert not (tmp_path / "x.xlsx").exists()


def test_a_year_to_come_has_no_book(config, hatang, tmp_path):
    out = tmp_path / "s24h.xlsx"
    done = hatang("assets", "s24h", out, "-c", config, "--commune", "22849", "--year", 2099)
    assert done.returncode == 2
    assert not out.exists()

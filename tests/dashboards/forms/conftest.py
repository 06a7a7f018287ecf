"""Assets as a commune has them, and what a spreadsheet program makes of a form."""

import csv
import io
import shutil
import subprocess
import zipfile

import pytest
from openpyxl import load_workbook

from config.assets import Asset

HOSTILE = (
    "=1+1",
    "=cmd|' /C calc'!A0",
    "+1",
    "-1+2",
    "@SUM(A1)",
    "\t=1",
    "\r=1",
    "\x00=1",
    "<script>alert(1)</script>",
    "a\u202egnp.exe",
    "x" * 5_000,
    "\u0600\ud800\ufffe",
)
"""What somebody may write into any text of a register."""


def _asset(tag="PC-1", **more):
    values = {
        "tag": tag,
        "name": "Máy bộ phận Một cửa",
        "class": "desktop",
        "commune": "22849",
        "price_vnd": 17_800_000,
        "in_use_since": "2024-03-01",
        "vendor": "MSI",
        "model": "Cubi 5",
        "serial": f"SN-{tag}",
        "site": "Trụ sở UBND xã",
        "room": "Phòng Một cửa",
        "document": "CT 12",
        "country": "Đài Loan",
        "card": "TSCĐ-7",
    }
    return Asset.model_validate(values | more)


@pytest.fixture(scope="session")
def make():
    """make("PC-1", price_vnd=…) -> an asset."""
    return _asset


@pytest.fixture(scope="session")
def hostile():
    """Texts that must stay texts."""
    return HOSTILE


@pytest.fixture(scope="session")
def sheets():
    """sheets(xlsx) -> {sheet's name: its rows as values}; asserts that nothing is a formula."""

    def read(data):
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            for name in archive.namelist():
                if name.startswith("xl/worksheets/sheet"):
                    assert b"<f>" not in archive.read(name)
        book = load_workbook(io.BytesIO(data))
        assert all(c.data_type != "f" for sheet in book for row in sheet for c in row)
        return {sheet.title: [list(row) for row in sheet.values] for sheet in book}

    return read


@pytest.fixture
def in_libreoffice(tmp_path):
    """in_libreoffice(xlsx) -> the cells of the first sheet as LibreOffice shows them."""
    if shutil.which("soffice") is None:
        pytest.skip("needs LibreOffice")

    def show(data):
        (tmp_path / "form.xlsx").write_bytes(data)
        subprocess.run(
            [
                *("soffice", "--headless", f"-env:UserInstallation=file://{tmp_path}/profile"),
                *("--convert-to", "csv:Text - txt - csv (StarCalc):44,34,76,1,,0,false,true"),
                *("--outdir", str(tmp_path), str(tmp_path / "form.xlsx")),
            ],
            check=True,
            capture_output=True,
            timeout=120,
        )
        with (tmp_path / "form.csv").open(encoding="utf-8", newline="") as file:
            return list(csv.reader(file))

    return show

"""`hatang plan`: what ends when, and where what was bought and what was seen disagree."""

import csv
import io
import json

import pytest

from inventory.sighting import How, Thing
from inventory.store.writer import Writer

CONFIG = """\
communes: [{code: "22849", posts: 3}, {code: "22846", posts: 3}]
assets:
  - {tag: PC-1, name: Máy vi tính 1, class: desktop, commune: "22849", in_use_since: 2015-01-01}
  - {tag: PC-2, name: Máy vi tính 2, class: desktop, commune: "22849", os: Windows 11 Pro}
  - {tag: CAM-1, name: Camera, class: camera, commune: "22846", in_use_since: 2015-01-01,
     price_vnd: 2500000}
"""


@pytest.fixture
def planned(tmp_path):
    """A configuration whose database exists and whose inbox has one thing."""
    config = tmp_path / "hatang.yaml"
    config.write_text(CONFIG, encoding="utf-8")
    (tmp_path / "data").mkdir()
    config.write_text(f"data_dir: {tmp_path}/data\n{CONFIG}", encoding="utf-8")
    writer = Writer(tmp_path / "data" / "hatang.db")
    seen = Thing(1, (How.SCAN,), ("10.9.8.7",), 1e9, 1e9, facts={"sys_name": "sw-lau"})
    writer.write_seen([seen], [], [], scans_before_s=0, tries_before="")
    writer.close(clean=True)
    return config


def test_forecast_says_what_is_overdue_and_what_it_costs(hatang, planned):
    asked = hatang("plan", "forecast", "--config", planned, "--format", "json")
    assert asked.returncode == 0, asked.stderr
    body = json.loads(asked.stdout)
    # A computer by the profile's price, a camera by its own.
    assert body["overdue"]["life"] == {"count": 2, "cost_vnd": 17_800_000 + 2_500_000}
    assert body["unknown"]["life"]["count"] == 1
    assert len(body["months"]) == 60
    one = hatang("plan", "forecast", "-c", planned, "--commune", "22846", "--by", "asset", "-f",
                 "csv")  # fmt: skip
    rows = list(csv.DictReader(io.StringIO(one.stdout)))
    life = next(row for row in rows if row["kind"] == "life")
    assert (life["asset"], life["when"], life["cost_vnd"]) == ("CAM-1", "overdue", "2500000")


def test_findings_are_rows_with_their_proofs(hatang, planned):
    asked = hatang("plan", "findings", "--config", planned, "--format", "json")
    assert asked.returncode == 0, asked.stderr
    (found,) = json.loads(asked.stdout)
    assert (found["kind"], found["title"]) == ("not_registered", "sw-lau")
    assert {"name": "address", "value": "10.9.8.7", "shape": "text"} in found["proofs"]
    table = hatang("plan", "findings", "--config", planned)
    assert "sw-lau" in table.stdout
    assert "address: 10.9.8.7" in table.stdout

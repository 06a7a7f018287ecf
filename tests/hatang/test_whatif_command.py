"""`hatang plan gaps` and `hatang plan whatif` on a database that nobody has evaluated yet."""

import csv
import io
import itertools
import json
import time

import pytest

from hatang.assessment import Assessor
from hatang.plan import read_plan
from inventory.store.rows import Batch
from inventory.store.writer import Writer

CONFIG = """\
communes: [{code: "22849", posts: 3}, {code: "22846", posts: 3}]
assets:
  - {tag: PC-1, name: Máy vi tính 1, class: desktop, commune: "22849", in_use_since: 2024-01-01}
  - {tag: PC-2, name: Máy vi tính 2, class: desktop, commune: "22846", in_use_since: 2024-01-01}
"""


@pytest.fixture
def planned(tmp_path):
    config = tmp_path / "hatang.yaml"
    (tmp_path / "data").mkdir()
    config.write_text(f"data_dir: {tmp_path}/data\n{CONFIG}", encoding="utf-8")
    Writer(tmp_path / "data" / "hatang.db").close(clean=True)
    return config


def test_whatif_says_what_a_sum_mends_and_what_it_leaves(hatang, planned):
    asked = hatang("plan", "whatif", "-c", planned, "--budget", "60000000", "--format", "json")
    assert asked.returncode == 0, asked.stderr
    body = json.loads(asked.stdout)
    assert body["problem"]["goal"] == "must_haves"
    assert 0 < body["cost_vnd"] <= 60_000_000
    assert body["cost_vnd"] == sum(p["cost_vnd"] for p in body["purchases"])
    assert body["after"]["mandatory"] > body["before"]["mandatory"]
    assert body["left_out"]
    table = hatang("plan", "whatif", "-c", planned, "--budget", "60000000", "--goal", "equal_share")
    assert table.returncode == 0, table.stderr
    assert table.stdout.startswith("spent ")
    assert "better" in table.stdout
    rows = hatang("plan", "whatif", "-c", planned, "--budget", "60000000", "--commune", "22846",
                  "-f", "csv")  # fmt: skip
    found = list(csv.DictReader(io.StringIO(rows.stdout)))
    assert {row["commune"] for row in found} == {"22846"}


def test_gaps_of_nothing_evaluated_are_none_and_a_strange_commune_is_refused(hatang, planned):
    none = hatang("plan", "gaps", "-c", planned, "--format", "json")
    assert (none.returncode, json.loads(none.stdout)) == (0, [])
    strange = hatang("plan", "whatif", "-c", planned, "--budget", "1", "--commune", "9")
    assert strange.returncode == 2
    assert "not watched" in strange.stderr


def test_gaps_begin_with_the_dearest_unless_they_are_asked_for_by_commune(hatang, planned):
    plan, now_s = read_plan(planned), time.time()
    writer = Writer(plan.database)
    writer.write(Batch(now_s, evaluations=Assessor(plan).of(list(plan.communes), now_s)))
    writer.close(clean=True)
    gaps = [
        json.loads(hatang("plan", "gaps", "-c", planned, "-f", "json", *more).stdout)
        for more in ((), ("--by", "commune"))
    ]
    costs = [gap["cost_vnd"] for gap in gaps[0]]
    assert costs[0] > 0
    assert costs == sorted(costs, reverse=True)
    codes = [gap["commune"] for gap in gaps[1]]
    assert [code for code, _ in itertools.groupby(codes)] == sorted(set(codes))
    assert sorted(map(str, gaps[0])) == sorted(map(str, gaps[1]))

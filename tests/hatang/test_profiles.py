"""`hatang profile`: check with places, explain with origins, diff over communes of a database."""

import json

import pytest

from inventory.store.writer import Writer

LAYER = """id: khanh-hoa
version: "1"
title: {vi: Khánh Hòa, en: Khanh Hoa}
valid_from: 2026-01-01
for: {commune: "22849"}
change:
  internet-bandwidth: {at_least: 300000000}
exceptions:
  - {requirement: ups, commune: "22849", reason: Có máy phát, document: 12/QĐ, until: 2100-01-01}
examples:
  - requirement: internet-bandwidth
    given: {internet_bps: 200000000}
    expect: {verdict: partly}
"""
CONFIG = """data_dir: data
communes:
  - {code: "22849", internet_bps: 200000000}
  - {code: "22840", internet_bps: 200000000}
"""


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "layer.yaml").write_text(LAYER, encoding="utf-8")
    (tmp_path / "hatang.yaml").write_text(CONFIG, encoding="utf-8")
    (tmp_path / "layered.yaml").write_text(
        CONFIG + "readiness: {layers: [layer.yaml]}\n", encoding="utf-8"
    )
    (tmp_path / "data").mkdir()
    Writer(tmp_path / "data" / "hatang.db").close(clean=True)
    return tmp_path


def test_a_file_in_order_is_said_to_be_and_a_broken_example_is_told_at_its_place(hatang, folder):
    layer = folder / "layer.yaml"
    done = hatang("profile", "check", layer)
    assert done.returncode == 0
    assert "is in order: commune-2026" in done.stdout
    assert "1 examples hold" in done.stdout
    layer.write_text(LAYER.replace("verdict: partly", "verdict: met"), encoding="utf-8")
    done = hatang("profile", "check", layer)
    assert done.returncode == 3
    assert done.stderr.strip() == (
        f"{layer}:13:14: examples[0].expect.verdict: met is expected and partly comes out"
    )


def test_what_is_wrong_comes_with_line_and_column_for_programs_too(hatang, folder):
    layer = folder / "layer.yaml"
    layer.write_text(LAYER.replace("at_least:", "at_leest:"), encoding="utf-8")
    done = hatang("profile", "check", layer, "--format", "json")
    assert done.returncode == 3
    assert json.loads(done.stdout) == [
        {
            "file": str(layer),
            "line": 7,
            "column": 24,
            "path": "change.internet-bandwidth.at_leest",
            "text": "is not a setting; did you mean at_least?",
        }
    ]


def test_what_holds_for_a_commune_is_explained_by_the_files_that_say_so(hatang, folder):
    done = hatang(
        *("profile", "explain", "--commune", "22849", "--format", "json"),
        *("--config", folder / "layered.yaml"),
    )
    found = json.loads(done.stdout)
    rows = {row["requirement"]: row for row in found["requirements"]}
    assert [layer["id"] for layer in found["layers"]] == ["khanh-hoa"]
    assert rows["internet-bandwidth"]["said_by"] == ["commune-2026", "khanh-hoa"]
    assert rows["internet-bandwidth"]["met"] == "≥ 300000000 bps, partly ≥ 20000000"
    assert rows["ups"]["exempt_reason"] == "Có máy phát"
    assert rows["firewall"]["exempt_until"] is None


def test_a_difference_names_the_communes_that_change_and_why(hatang, folder):
    done = hatang(
        *("profile", "diff", "commune-2026", folder / "layer.yaml", "--format", "json"),
        *("--config", folder / "hatang.yaml"),
    )
    found = json.loads(done.stdout)
    assert found["requirements"] == [
        {
            "requirement": "internet-bandwidth",
            "kind": "changed",
            "keys": [{"key": "at_least", "before": 200000000, "after": 300000000}],
        }
    ]
    (impact,) = found["communes"]
    assert impact["commune"] == "22849"
    (row,) = (r for r in impact["requirements"] if r["requirement"] == "internet-bandwidth")
    assert (row["before"], row["after"]) == ("met", "partly")
    assert row["why"]["keys"][0]["after"] == 300000000
    assert impact["after"]["readiness"] < impact["before"]["readiness"]


def test_without_a_configuration_the_profiles_alone_are_compared(hatang, folder):
    done = hatang(
        *("profile", "diff", "commune-2026", folder / "layer.yaml"),
        *("--config", folder / "none.yaml"),
    )
    assert done.returncode == 0
    assert "no commune is evaluated" in done.stderr
    assert "at_least: 200000000 → 300000000" in done.stdout


def test_the_profile_of_a_past_day_is_explained_and_days_without_one_are_told(hatang, folder):
    file = folder / "days.yaml"
    file.write_text(CONFIG + "readiness: {profile: [commune-2026-h1, commune-2026]}\n")
    asked = ("profile", "explain", "--commune", "22849", "--format", "json", "--config", file)
    found = json.loads(hatang(*asked, "--as-of", "2026-06-30").stdout)
    assert (found["profile"], found["day"]) == ("commune-2026-h1", "2026-06-30")
    file.write_text(CONFIG + "readiness: {profile: commune-2026-h1}\n")
    done = hatang("check-config", file)
    assert done.returncode == 0
    assert "is valid from 2026-07-01 on; commune-2026-h1 counts all the same" in done.stderr


def test_a_profile_is_chosen_by_a_command_after_it_has_shown_what_changes(hatang, folder):
    config = ("--config", folder / "hatang.yaml")
    asked = ("profile", "use", folder / "layer.yaml", "--reason", "12/QĐ", *config)
    done = hatang(*asked)  # nobody is there to say yes
    assert (done.returncode, "1 of 2 communes change" in done.stdout) == (1, True)
    assert hatang(*asked, "--yes").returncode == 0
    explained = hatang("profile", "explain", "--commune", "22849", "--format", "json", *config)
    assert [one["id"] for one in json.loads(explained.stdout)["layers"]] == ["khanh-hoa"]
    done = hatang("profile", "choices", "--format", "json", *config)
    (row,) = json.loads(done.stdout)
    told = [row[key] for key in ("name", "version", "state", "what", "reason")]
    assert told == ["layer", "1", "now", "a layer", "12/QĐ"]
    past = hatang(*asked, "--yes", "--from", "2026-01-01")
    assert (past.returncode, past.stderr) == (
        1,
        "since: must not be before today: what counted stays as it was\n",
    )

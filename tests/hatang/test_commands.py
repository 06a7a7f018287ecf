"""Every command from outside: what it prints, in which form, and with which exit code."""

import csv
import io
import json

import pytest


@pytest.fixture
def ran(daemon, district, host_asset, wait_for):
    """The configuration of a district that was watched for a moment and evaluated once."""
    config = district(host_asset)
    run = daemon(config)
    wait_for("the host", lambda: run.value("hatang_asset_up", asset="SRV-1") == 1)
    wait_for(
        "readiness",
        lambda: run.value("hatang_commune_evaluated_timestamp_seconds", commune="22849"),
    )
    assert run.stop() == 0
    return config


def test_init_writes_a_starter_that_is_in_order_and_never_writes_over_it(hatang, tmp_path):
    first = hatang("init", tmp_path)
    assert first.returncode == 0
    checked = hatang("check-config", tmp_path / "hatang.yaml")
    assert checked.returncode == 0, checked.stderr
    assert "is in order" in checked.stdout
    again = hatang("init", tmp_path)
    assert again.returncode == 1
    assert "nothing was written" in again.stderr


def test_check_config_names_file_line_key_and_mend_for_each_problem(hatang, tmp_path):
    wrong = tmp_path / "wrong.yaml"
    wrong.write_text("polling:\n  interval: 1s\n  timeout: 5s\nunknown_key: 1\n")
    checked = hatang("check-config", wrong)
    assert checked.returncode == 3
    lines = checked.stderr.splitlines()
    assert any(line.startswith(f"{wrong}:4: unknown_key: ") for line in lines)
    assert any(line.startswith(f"{wrong}:") and "polling" in line for line in lines)
    assert checked.stdout == ""


def test_check_config_names_a_commune_that_ended_and_what_became_of_it(hatang, tmp_path):
    gone = tmp_path / "gone.yaml"
    gone.write_text('communes: [{code: "22853"}]\n')
    checked = hatang("check-config", gone)
    assert checked.returncode == 3
    assert "22853" in checked.stderr
    assert "22852" in checked.stderr


def test_check_config_names_a_district_of_a_group_that_never_was(hatang, tmp_path):
    wrong = tmp_path / "wrong.yaml"
    title = "title: {vi: a, en: b}"
    wrong.write_text(f'groups: [{{id: old, {title}, former_district: "990"}}]\n')
    checked = hatang("check-config", wrong)
    assert checked.returncode == 3
    assert "groups[0].former_district: there is no district 990" in checked.stderr


def test_a_command_that_is_started_alone_tells_the_version(started_alone, hatang):
    done = started_alone("version", "--format", "json")
    assert (done.returncode, done.stderr) == (0, "")
    assert json.loads(done.stdout)["hatang"]
    assert hatang("version", "--format", "json").stdout == done.stdout


def test_a_problem_of_a_command_that_is_started_alone_is_its_exit_code(started_alone, tmp_path):
    wrong = tmp_path / "wrong.yaml"
    wrong.write_text("unknown_key: 1\n")
    done = started_alone("check-config", wrong)
    assert (done.returncode, done.stdout) == (3, "")
    assert done.stderr.startswith(f"{wrong}:1: unknown_key: ")


def test_an_unknown_command_is_usage(hatang):
    assert hatang("watch").returncode == 2


@pytest.mark.parametrize("command", ["assets", "communes", "readiness"])
def test_a_table_before_the_first_run_is_an_error_of_the_store(
    hatang, district, host_asset, command
):
    asked = hatang(command, "--config", district(host_asset))
    assert asked.returncode == 4
    assert "has the daemon run?" in asked.stderr


def test_assets_communes_and_readiness_in_three_forms(hatang, ran):
    for command, key in (("assets", "tag"), ("communes", "code"), ("readiness", "requirement")):
        table = hatang(command, "--config", ran)
        as_json = hatang(command, "--config", ran, "--format", "json")
        as_csv = hatang(command, "--config", ran, "--format", "csv")
        assert (table.returncode, as_json.returncode, as_csv.returncode) == (0, 0, 0)
        rows = json.loads(as_json.stdout)
        assert [row[key] for row in rows] == [
            row[key] for row in csv.DictReader(io.StringIO(as_csv.stdout))
        ]
        assert all(row[key] in table.stdout for row in rows)


def test_readiness_of_one_commune_and_of_a_day_before_anything_was_evaluated(hatang, ran):
    one = hatang("readiness", "--config", ran, "--commune", "22849", "--format", "json")
    rows = json.loads(one.stdout)
    assert len(rows) >= 12
    assert {row["verdict"] for row in rows} <= {"met", "partly", "unmet", "unknown"}
    assert all(row["title"] for row in rows)
    before = hatang("readiness", "--config", ran, "--as-of", "2020-01-01")
    assert before.returncode == 1
    assert "2020-01-01" in before.stderr
    nobody = hatang("readiness", "--config", ran, "--commune", "00000")
    assert nobody.returncode == 2
    assert "22849" in nobody.stderr


def test_the_former_district_shows_its_six_communes_and_what_became_of_them(hatang, ran):
    listed = hatang(
        *("communes", "--config", ran, "--parent", "588", "--as-of", "2025-06-30"),
        *("--format", "json"),
    )
    became = {row["name"]: row["successors"] for row in json.loads(listed.stdout)}
    assert len(became) == 6
    assert became["Xã Bắc Sơn"] == "Xã Ninh Hải (22852)"
    assert became["Xã Lợi Hải"] == "Xã Thuận Bắc (22849)"


def test_a_commune_is_found_by_its_name_without_marks(hatang, ran):
    asked = ("communes", "--config", ran, "--format", "json", "--find")
    found = json.loads(hatang(*asked, "xa thuan bac").stdout)
    assert [(row["code"], row["parent"]) for row in found] == [("22849", "Tỉnh Khánh Hòa")]
    nobody = hatang(*asked, "Atlantis")
    assert (nobody.returncode, "Atlantis" in nobody.stderr) == (1, True)


def test_poll_shows_every_step_and_records_nothing(
    hatang, devices, district, snmp_asset, canary, tmp_path
):
    known = devices("router_mikrotik")
    config = district(snmp_asset("RT-1", known["router_mikrotik"]))
    shown = hatang("poll", "RT-1/snmp", "--config", config)
    assert shown.returncode == 0, shown.stderr
    assert "ok after" in shown.stdout
    as_json = json.loads(hatang("poll", "RT-1", "--config", config, "--format", "json").stdout)
    assert as_json[0]["outcome"] == "ok"
    assert as_json[0]["steps"]
    assert all(step["duration_s"] >= 0 for step in as_json[0]["steps"])
    assert as_json[0]["reading"]["interfaces"]
    assert canary not in json.dumps(as_json)
    assert not (tmp_path / "data").exists()


def test_poll_with_a_wrong_community_is_a_timeout_in_bounded_time(
    hatang, devices, district, snmp_asset
):
    known = devices("router_mikrotik")
    config = district(snmp_asset("RT-1", known["router_mikrotik"]))
    wrong = hatang(
        *("poll", "RT-1", "--config", config, "--format", "json"),
        env={"HATANG_TEST_COMMUNITY": "another"},
    )
    assert wrong.returncode == 1
    (look,) = json.loads(wrong.stdout)
    assert (look["outcome"], look["reason"]) == ("unreachable", "timeout")


V3 = """\
  v3: {{version: v3, user: {user}, auth_key: "${{AUTH}}", priv_key: "${{PRIV}}"}}
"""


@pytest.mark.parametrize(
    ("user", "auth", "reason"),
    [
        ("hatang", "right-auth-key", ""),
        ("hatang", "wrong-auth-key", "wrong_digest"),
        ("nobody", "right-auth-key", "unknown_user"),
    ],
)
def test_poll_tells_a_wrong_v3_user_from_a_wrong_v3_key(
    hatang, devices, district, snmp_asset, monkeypatch, user, auth, reason
):
    keys = {"HATANG_SIMULATE_AUTH_KEY": "right-auth-key", "HATANG_SIMULATE_PRIV_KEY": "right-priv"}
    for name, value in keys.items():
        monkeypatch.setenv(name, value)
    known = devices("router_mikrotik", options=("--v3-user", "hatang"))
    config = district(snmp_asset("RT-1", known["router_mikrotik"]))
    text = config.read_text().replace("credential: lan", "credential: v3")
    text = text.replace("interval: 1s, timeout: 500ms, deadline: 5s", "timeout: 5s, deadline: 30s")
    config.write_text(text.replace("credentials:\n", "credentials:\n" + V3.format(user=user)))
    polled = hatang(
        *("poll", "RT-1", "--config", config, "--format", "json"),
        env={"AUTH": auth, "PRIV": "right-priv"},
    )
    (look,) = json.loads(polled.stdout)
    assert look["reason"] == reason
    assert polled.returncode == (1 if reason else 0)
    assert auth not in polled.stdout + polled.stderr


def test_poll_of_what_is_not_there_says_what_is(hatang, district, host_asset):
    config = district(host_asset)
    nobody = hatang("poll", "NOBODY", "--config", config)
    assert nobody.returncode == 1
    assert "NOBODY" in nobody.stderr
    other = hatang("poll", "SRV-1/snmp", "--config", config)
    assert other.returncode == 1
    assert "SRV-1/host" in other.stderr


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("--address", "192.0.2.1"), "127.0.0.0/8"),
        (("--fault", "*:no_such_fault"), "no_such_fault"),
        (("--scenario", "missing.yaml"), "missing.yaml"),
    ],
)
def test_simulate_refuses_in_one_line(hatang, tmp_path, arguments, words):
    (tmp_path / "a.snmprec").write_text("1.3.6.1.2.1.1.5.0|4|a\n")
    refused = hatang("simulate", tmp_path, *arguments)
    assert refused.returncode in (1, 2)
    assert words in refused.stderr
    assert "Traceback" not in refused.stderr


def test_simulate_of_an_empty_folder_says_what_is_missing(hatang, tmp_path):
    refused = hatang("simulate", tmp_path)
    assert refused.returncode == 1
    assert "no .snmprec file" in refused.stderr

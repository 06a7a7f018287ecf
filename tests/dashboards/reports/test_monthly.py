"""Monthly reports: each month once, also when the daemon was off, and what `hatang report` says."""

import datetime as dt

import pytest
from typer.testing import CliRunner

from hatang.cli import application
from hatang.monthly import DONE, Month, catch_up, months_due, reports_folder, write_month
from inventory.store.writer import Writer


def done(district, month):
    writer = Writer(district.plan.database)
    writer.set_meta(DONE, month)
    writer.close(clean=True)


def due(district, day, hour=12):
    return [str(month) for month in months_due(district.plan, district.moment(day, hour))]


def test_the_last_month_is_due_an_hour_after_it_is_over(known):
    assert due(known, dt.date(2026, 12, 1), 0) == ["2026-10"]
    assert due(known, dt.date(2026, 12, 1), 2) == ["2026-11"]


def test_months_missed_while_the_daemon_was_off_are_made_up_once(district):
    district.evaluate(dt.date(2026, 9, 30))
    done(district, "2026-09")
    assert due(district, dt.date(2026, 10, 15)) == []
    assert due(district, dt.date(2027, 1, 2)) == ["2026-10", "2026-11", "2026-12"]
    done(district, "2026-12")
    assert due(district, dt.date(2027, 1, 3)) == []
    done(district, "2020-01")
    assert len(due(district, dt.date(2027, 1, 3))) == 12


def test_a_month_is_written_against_the_month_before_in_the_forms_of_the_settings(
    district, config_text
):
    district.write("hatang.yaml", config_text + "reports: {formats: [json, csv, pdf]}\n")
    district.evaluate(dt.date(2026, 10, 31))
    district.evaluate(dt.date(2026, 11, 29))
    plan, now_s = district.plan, district.moment(dt.date(2026, 12, 1))
    made = write_month(plan, Month(2026, 11), now_s)
    names = [f"readiness-2026-11-30-from-2026-10-31-vi.{form}" for form in ("json", "csv", "pdf")]
    assert [path.name for path in made] == names
    assert sorted(path.name for path in reports_folder(plan).iterdir()) == sorted(names)
    assert made[0].read_bytes() == district.file(
        "json", dt.date(2026, 11, 30), dt.date(2026, 10, 31)
    )
    # Of the first month there is nothing to compare with.
    first = write_month(plan, Month(2026, 10), now_s)
    assert first[0].name == "readiness-2026-10-31-vi.json"


def test_each_month_is_written_once_and_a_file_that_went_is_not_made_again(district):
    district.evaluate(dt.date(2026, 9, 30))
    district.evaluate(dt.date(2026, 10, 31))
    done(district, "2026-08")

    def run(day):
        now_s = district.moment(day)
        return [p.name for p in catch_up(district.plan, now_s, lambda m: done(district, str(m)))]

    first = run(dt.date(2026, 12, 5))  # nothing was evaluated in November
    assert first == [
        *("readiness-2026-09-30-vi.pdf", "readiness-2026-09-30-vi.xlsx"),
        "readiness-2026-10-31-from-2026-09-30-vi.pdf",
        "readiness-2026-10-31-from-2026-09-30-vi.xlsx",
    ]
    (reports_folder(district.plan) / first[0]).unlink()
    assert run(dt.date(2026, 12, 6)) == []
    assert len(list(reports_folder(district.plan).iterdir())) == 3


def test_a_month_that_could_not_be_written_is_due_still(district):
    district.evaluate(dt.date(2026, 10, 31))
    folder = reports_folder(district.plan)
    folder.write_text("no folder")
    with pytest.raises(OSError, match="reports"):
        catch_up(district.plan, district.moment(dt.date(2026, 11, 2)), lambda m: done(district, m))
    assert due(district, dt.date(2026, 11, 2)) == ["2026-10"]


def test_nothing_is_written_of_a_month_in_which_nothing_was_evaluated(district):
    district.evaluate(dt.date(2026, 10, 20))
    plan, now_s = district.plan, district.moment(dt.date(2026, 12, 1))
    assert write_month(plan, Month(2026, 9), now_s) == []
    assert write_month(plan, Month(2026, 11), now_s) == []
    assert not reports_folder(plan).exists()


def test_a_month_is_reported_on_in_the_language_of_the_pages(district, config_text):
    more = "web: {language: hi}\nreports: {formats: [pdf, csv]}\n"
    district.write("hatang.yaml", config_text + more)
    district.evaluate(dt.date(2026, 10, 20))
    made = write_month(district.plan, Month(2026, 10), district.moment(dt.date(2026, 11, 1)))
    assert [path.name for path in made] == [
        *("readiness-2026-10-31-hi.pdf", "readiness-2026-10-31-hi.csv"),
    ]


@pytest.fixture
def run(known):
    def command(*arguments):
        config = ("--config", str(known.folder / "hatang.yaml"))
        return CliRunner().invoke(application(), ["report", *config, *map(str, arguments)])

    return command


def test_the_command_writes_the_same_file(known, run, tmp_path):
    out = tmp_path / "r.json"
    ran = run("--as-of", "2026-11-05", "--compare", "2026-10-31", "--out", out, "--group", "coast")
    assert ran.exit_code == 0, ran.output
    assert out.read_bytes().startswith(b'{\n "format": "hatang-report-1"')
    text = tmp_path / "r.txt"
    assert run("--as-of", "2026-11-05", "--out", text, "--format", "csv").exit_code == 0
    assert text.read_bytes() == known.file("csv", dt.date(2026, 11, 5))


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (("--as-of", "2026-11-05", "--out", "r.doc"), 2, "give --format"),
        (("--as-of", "2099-01-01", "--out", "r.pdf"), 2, "has not come yet"),
        (("--as-of", "2026-11-05", "--compare", "2026-11-05", "--out", "r.pdf"), 2, "before"),
        (("--as-of", "2026-10-01", "--out", "r.pdf"), 1, "nothing was evaluated"),
        (("--as-of", "2026-11-05", "--out", "no/such/folder/r.pdf"), 1, "cannot be written"),
    ],
)
def test_the_command_says_what_is_wrong(run, tmp_path, monkeypatch, arguments, code, said):
    monkeypatch.chdir(tmp_path)
    ran = run(*arguments)
    assert ran.exit_code == code
    assert said in " ".join(ran.output.split())
    assert not list(tmp_path.iterdir())

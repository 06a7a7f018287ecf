import pytest

from config.errors import Report
from config.register_file import asset_columns, read_register


@pytest.fixture
def register(tmp_path):
    """register(text) -> (assets by line, problems as lines)."""

    def run(text):
        path = tmp_path / "register.csv"
        path.write_text(text, encoding="utf-8", newline="")
        report = Report()
        found = read_register(path, "register.csv", report)
        return {line: asset for asset, line in found}, [str(p) for p in report.problems]

    return run


HEADER = "tag,name,class,commune"
ROW = "SW-1,Switch,switch,22849"


@pytest.mark.parametrize("separator", [",", ";", "\t"])
@pytest.mark.parametrize("mark", ["", "\ufeff"])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_what_spreadsheets_save_is_read(register, separator, mark, end):
    text = mark + f"{HEADER}{end}{ROW}{end}".replace(",", separator)
    assets, problems = register(text)
    assert problems == []
    assert (assets[2].tag, assets[2].commune) == ("SW-1", "22849")


def test_a_cell_may_hold_separators_quotes_and_line_breaks(register):
    assets, _ = register(f'{HEADER}\nSW-1,"Tầng 1, ""A""\nphòng 2",switch,22849\nSW-2,x,switch,1\n')
    assert assets[2].name == 'Tầng 1, "A"\nphòng 2'
    assert assets[4].tag == "SW-2"


def test_empty_rows_and_empty_columns_to_the_right_are_nothing(register):
    assets, problems = register(f"\n{HEADER},,\n,,,,,\n{ROW},,\n\n{ROW.replace('1', '2')}\n")
    assert problems == []
    assert sorted(assets) == [4, 6]


def test_an_empty_file_lacks_its_header(register):
    assets, problems = register("")
    assert assets == {}
    assert problems[0] == "register.csv:1: tag: is missing in the header; add the column"


def test_a_cell_under_no_heading_is_refused(register):
    _, problems = register(f"{HEADER},\n{ROW},lost\n")
    assert problems == [
        "register.csv:2: has 5 cells, the header has 4; look at the separators",
    ]


def test_every_endpoint_column_makes_its_kind(register):
    assets, problems = register(
        f"{HEADER},address,snmp,ping,tcp,http\n{ROW},10.0.0.1,lan,x,22,https://10.0.0.1/\n"
    )
    assert problems == []
    kinds = {endpoint.kind: endpoint for endpoint in assets[2].endpoints}
    assert list(kinds) == ["snmp", "ping", "tcp", "http"]
    assert kinds["snmp"].credential == "lan"
    assert kinds["tcp"].port == 22
    assert kinds["http"].url == "https://10.0.0.1/"


@pytest.mark.parametrize(
    ("text", "dong"),
    [("12500000", 12500000), ("12.500.000", 12500000), ("1 500", 1500), ('"1,500"', 1500)],
)
def test_prices_are_read_as_people_group_them(register, text, dong):
    assets, problems = register(f"{HEADER},price_vnd\n{ROW},{text}\n")
    assert problems == []
    assert assets[2].price_vnd == dong


@pytest.mark.parametrize("text", ["12.5", "1.500.00", "1.500 000", "-5", "1e6", "5 tr"])
def test_prices_that_could_mean_another_sum_are_refused(register, text):
    _, problems = register(f"{HEADER},price_vnd\n{ROW},{text}\n")
    assert problems == [
        f"register.csv:2: price_vnd: {text!r} must be a whole number of dong, for example 12500000"
    ]


@pytest.mark.parametrize(
    ("text", "edge"), [("yes", True), ("Có", True), ("KHÔNG", False), ("", False)]
)
def test_yes_and_no_are_read_in_both_languages(register, text, edge):
    assets, _ = register(f"{HEADER},edge\n{ROW},{text}\n")
    assert assets[2].edge is edge


def test_a_row_in_order_is_kept_beside_one_that_is_not(register):
    assets, problems = register(f"{HEADER}\nSW 1,x,switch,22849\n{ROW}\n")
    assert list(assets) == [3]
    assert problems[0].startswith("register.csv:2: tag: must be 1 to 64 letters")


def test_columns_are_the_keys_of_an_asset_and_four_kinds_of_endpoint():
    columns = asset_columns()
    assert columns[:4] == ("tag", "name", "class", "commune")
    assert columns[-4:] == ("snmp", "ping", "tcp", "http")
    assert "endpoints" not in columns
    assert len(columns) == len(set(columns))

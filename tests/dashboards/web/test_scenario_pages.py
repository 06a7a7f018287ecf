"""A planner asks what a sum would mend, keeps the answers, and sets two side by side."""

import re
import time

import pytest

from dashboards.web.plan_question import NotMoney, read_budget

WAIT_S = 60


@pytest.fixture
def planned(site):
    """A site that speaks English and whose computers can be bought for."""
    return site()


@pytest.fixture
def planner(planned, client_of, log_in):
    """A client of a planner."""
    client = log_in(client_of(planned), planned, "planner", name="lan")
    client.headers["Accept-Language"] = "en"
    return client


def ask(client, **typed):
    form = {"budget": "100 triệu", "goal": "must_haves", "within_ceilings": "1", "use_stock": "1"}
    return client.post("/plan/scenarios", data=form | typed)


def solved(client, **typed):
    """The page of the answer, once it is there, and its address."""
    asked = ask(client, **typed)
    assert asked.status_code == 303, asked.text
    address, until = asked.headers["location"], time.monotonic() + WAIT_S
    while time.monotonic() < until:
        page = client.get(address)
        assert page.status_code == 200
        if 'id="keep"' in page.text:
            return page.text, address
        assert "Looking for the best purchases" in page.text
        time.sleep(0.05)
    pytest.fail(f"no answer within {WAIT_S} s")


def kept(client, name, **typed):
    _, address = solved(client, **typed)
    answer = client.post(address, data={"name": name})
    assert answer.status_code == 303
    return answer.headers["location"]


def figure(page, label):
    return re.search(rf"<dt>{label}</dt><dd>([^<]*)</dd>", page)[1]


def dong(text):
    return int(re.sub(r"\D", "", text) or 0)


@pytest.mark.parametrize(
    ("typed", "dong"),
    [
        ("500 triệu", 500_000_000),
        ("500 trieu", 500_000_000),
        ("500tr", 500_000_000),
        ("500.000.000 đ", 500_000_000),
        ("500,000,000", 500_000_000),
        ("500000000 đồng", 500_000_000),
        ("1,5 tỷ", 1_500_000_000),
        ("2 tỉ", 2_000_000_000),
        ("500 million", 500_000_000),
        ("0.5 bn", 500_000_000),
        ("5 करोड़", 50_000_000),
        ("0", 0),
    ],
)
def test_a_sum_is_read_as_people_type_it(typed, dong):
    assert read_budget(typed) == dong


@pytest.mark.parametrize("typed", ["", "500", "nhiều", "-5 triệu", "1e9", "99999999999999999999"])
def test_what_is_no_sum_is_refused(typed):
    with pytest.raises(NotMoney):
        read_budget(typed)


def test_an_answer_never_spends_more_and_says_before_after_and_what_was_left_out(planner):
    page, address = solved(planner)
    spent, left = dong(figure(page, "Spent")), dong(figure(page, "Left over"))
    assert spent + left == 100_000_000
    assert spent > 0
    orders = re.search(r"What is bought, in all.*?</table>", page, re.S)[0]
    costs = [dong(cost) for cost in re.findall(r'data-label="Cost">([^<]+)</td>', orders)]
    assert sum(costs) == spent
    assert "→" in figure(page, "Readiness of all")
    assert "What was left out" in page
    assert "the money did not reach" in page
    assert planner.post(address, data={"name": " "}).status_code == 422


def test_a_sum_from_the_first_page_stands_in_the_question(planner):
    first = planner.get("/").text
    assert 'action="/plan/scenarios"' in first
    assert 'value="500 million"' in first
    page = planner.get("/plan/scenarios", params={"budget": "500 million"}).text
    assert 'value="500 million"' in page


def test_what_was_typed_wrong_stays_with_its_error_beside_it(planner):
    answer = ask(planner, budget="500", goal="worst_off", allow_moves="1")
    assert answer.status_code == 422
    assert re.search(r'id="f-budget"[^>]*value="500"[^>]*aria-invalid="true"', answer.text, re.S)
    assert "do you mean ₫500,000,000?" in answer.text
    assert re.search(r'value="worst_off" checked', answer.text)
    assert re.search(r'name="allow_moves" value="1" checked', answer.text)


def test_a_kept_answer_reads_the_same_and_two_stand_side_by_side(
    planner, planned, client_of, log_in
):
    one = kept(planner, "Kế hoạch A", budget="100 triệu")
    before = planner.get(one).text
    other = kept(planner, "Kế hoạch B", budget="30 triệu", goal="maximum_score")
    planned.snapshot.assets.clear()
    planned.snapshot.communes.clear()
    body = re.compile(r"<dl.*?(?=<form)", re.S)
    assert body.search(planner.get(one).text)[0] == body.search(before)[0]
    listed = planner.get("/plan/scenarios").text
    assert "Kế hoạch A" in listed
    assert "Kế hoạch B" in listed
    ids = [address.rpartition("/")[2] for address in (one, other)]
    beside = planner.get(f"/plan/scenarios/compare?a={ids[0]}&b={ids[1]}").text
    row = re.search(r">Sum of money</th>.*?</tr>", beside, re.S)[0]
    sums = [dong(cell) for cell in re.findall(r"<strong>([^<]*)</strong>", row)]
    assert sums == [100_000_000, 30_000_000]
    assert planner.post(f"{one}/delete").status_code == 303
    assert planner.get(one).status_code == 404
    admin = log_in(client_of(planned), planned, "administrator")
    log = admin.get("/changes?kind=scenario", headers={"Accept-Language": "en"}).text
    assert re.findall(r">(kept|removed): Scenarios (\d+)<br><small>([^<]*)<", log) == [
        ("removed", ids[0], "Kế hoạch A"),
        ("kept", ids[1], "Kế hoạch B"),
        ("kept", ids[0], "Kế hoạch A"),
    ]


def test_others_see_an_answer_when_it_is_kept_and_only_where_they_see_its_communes(
    planner, planned, client_of, log_in
):
    _, address = solved(planner)
    limited = log_in(client_of(planned), planned, "planner", communes=["22840"])
    assert limited.get(address).status_code == 404
    saved = planner.post(address, data={"name": "Kế hoạch A"}).headers["location"]
    assert limited.get(saved).status_code == 404
    assert "Kế hoạch A" not in limited.get("/plan/scenarios").text
    assert ask(limited, place="22849").status_code == 422
    reader = log_in(client_of(planned), planned, "viewer")
    assert reader.get(saved).status_code == 200
    assert ask(reader).status_code == 403

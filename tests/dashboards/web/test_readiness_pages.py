"""Readiness over communes: worst first, every number down to its evidence, days held together."""

import datetime as dt
import re
from dataclasses import replace
from html.parser import HTMLParser

import pytest

from config.groups import Group
from config.scalars import Text
from inventory.readiness.result import Score, Verdict
from inventory.snapshot import CommuneView
from inventory.store.rows import Batch, ProfileRow
from inventory.store.writer import Writer
from tests.dashboards.web.seen_district import DAY, last_midnight


class Words(HTMLParser):
    def __init__(self):
        super().__init__()
        self.said = []

    def handle_data(self, data):
        self.said.append(data)


def text_of(html):
    words = Words()
    words.feed(html)
    return " ".join(" ".join(words.said).split())


def said(client, path, language="en", status=200):
    answer = client.get(path, params={"lang": language} if "?" not in path else None)
    assert answer.status_code == status, answer.text
    return text_of(answer.text[answer.text.index("<main") :])


def write(site, *evaluations, **more):
    writer = Writer(site.database)
    writer.write(Batch(site.clock.wall(), evaluations=list(evaluations), **more))
    writer.close(clean=True)


def ratio(evaluation, ratio, confidence=0.5, at_s=None):
    moment = evaluation.at_s if at_s is None else at_s
    return replace(evaluation, total=Score(ratio, confidence), at_s=moment)


@pytest.fixture
def three(site):
    """A site of three communes: 22849 was evaluated, 22840 fares worse, 22852 has no data."""
    found = site()
    communes = found.snapshot.communes
    judged = communes["22849"]
    worse = ratio(replace(judged.evaluation, commune="22840"), 0.1)
    unknown = tuple(
        replace(r, verdict=Verdict.UNKNOWN, value=None, share=None, confidence=0.0, cost_vnd=0,
                gap=0.0, explanation="nothing_registered", evidence=())
        for r in judged.evaluation.results
    )  # fmt: skip
    none = replace(judged.evaluation, commune="22852", total=Score(None, 0.0), results=unknown)
    today = dt.date(2026, 1, 1)
    communes["22840"] = replace(communes["22840"], evaluation=worse)
    communes["22852"] = CommuneView(
        found.units.at("22852", today), judged.declared.model_copy(update={"code": "22852"}), none
    )
    group = Group(
        id="pair", title={"vi": "Hai xã", "en": "Two communes"}, communes=["22849", "22852"]
    )
    found.settings = found.settings.model_copy(update={"groups": (group,)})
    return found


def test_the_worst_stands_first_and_a_commune_without_data_last_and_not_as_0_percent(
    three, client_of
):
    client = client_of(three)
    assert 'href="/readiness"' in client.get("/").text
    text = said(client, "/readiness")
    ranked = re.findall(r"([123])\. Xã ([^0-9]+) (228\d\d)", text)
    assert [code for _, _, code in ranked[:3]] == ["22840", "22849", "22852"]
    row = text[text.index("3. Xã") :][:120]
    assert "no data" in row
    assert "0.0%" not in row


def test_the_first_page_names_in_short_who_lacks_most_and_what_costs_most(three, client_of):
    client = client_of(three)
    page = client.get("/", params={"lang": "en"}).text
    short = page[page.index('class="short"') : page.index("<dl")]
    lacking, unsure = text_of(short).split("Too little is known of:")
    assert "Xã Công Hải 10.0%" in lacking
    assert "Less than 60% of what is asked is fulfilled there." in lacking
    assert "Confidence 0%" in unsure.split("The costliest gaps")[0]
    gaps = [r for r in three.snapshot.communes["22840"].evaluation.results if r.cost_vnd]
    dearest = max(gaps, key=lambda r: r.cost_vnd)
    assert f'href="/communes/22840#r-{dearest.requirement}"' in short


def test_roll_ups_are_named_and_say_of_how_many_communes(three, client_of):
    text = said(client_of(three), "/readiness")
    assert "Readiness, weighted mean" in text
    assert re.search(r"Lowest readiness 10\.0%", text)
    assert "2 of 3" in text
    assert re.search(r"Two communes 1 of 2", text)
    assert "Tỉnh Khánh Hòa 2 of 3" in text
    assert re.search(r"Readiness by pillar.* 1\. Xã .* ▼ \d+% \(lowest\)", text)


def test_an_area_keeps_to_its_communes_and_an_unknown_one_is_everything(three, client_of):
    client = client_of(three)
    group = said(client, "/readiness?area=group-pair&lang=en")
    assert "22849" in group
    assert "22840" not in group
    assert "22840" in said(client, "/readiness?area=zzz&weight=zzz&lang=en")


def test_weights_move_the_mean_and_not_the_lowest(three, client_of):
    posts = three.snapshot.communes["22840"].declared.model_copy(update={"posts": 2000})
    three.snapshot.communes["22840"] = replace(three.snapshot.communes["22840"], declared=posts)
    client = client_of(three)
    mean = re.compile(r"weighted mean (\d+\.\d)% .*Lowest readiness (\d+\.\d)%")
    same = mean.search(said(client, "/readiness"))
    weighted = mean.search(said(client, "/readiness?weight=posts&lang=en"))
    assert float(weighted[1]) < float(same[1])
    assert weighted[2] == same[2]


def test_a_map_has_points_until_shapes_are_given(three, client_of):
    client = client_of(three)
    assert 'class="spot b0"' in client.get("/readiness").text
    ring = ((109.0, 11.7), (109.1, 11.7), (109.1, 11.8), (109.0, 11.7))
    three.shapes = {"22840": (ring,)}
    html = client.get("/readiness").text
    assert 'class="area b0"' in html
    assert 'class="spot none"' in html


def test_gaps_lead_to_the_requirement_of_the_commune_and_from_there_to_the_assets(three, client_of):
    client = client_of(three)
    ranking = client.get("/readiness", params={"lang": "en"}).text
    link = re.search(r'href="(/communes/22849)#(r-[a-z0-9-]+)"', ranking)
    commune = client.get(link[1]).text
    assert f'id="{link[2]}"' in commune
    assert 'href="/assets/RT-1"' in commune
    assert re.search(r"last answer|trả lời", text_of(commune))


def test_one_requirement_shows_every_commune_worst_first_with_its_evidence(three, client_of):
    client = client_of(three)
    said(client, "/readiness/requirements/none", status=404)
    html = client.get("/readiness/requirements/pc-per-post", params={"lang": "en"}).text
    text = text_of(html)
    assert "15/2025/QĐ-TTg" in text
    assert html.index('id="c-22849"') < html.index('id="c-22852"')
    assert "the mark is at ≥ 100%" in text
    assert "1 / ≥ 20" in text
    assert "Nothing is registered for this commune" in text
    assert 'href="/assets/RT-1"' in html


def test_a_reader_of_one_commune_sees_no_other(three, client_of, log_in):
    client = log_in(client_of(three), three, "viewer", communes=["22849"])
    write(three, three.snapshot.communes["22840"].evaluation)
    for path in (
        "/readiness",
        "/readiness/requirements/pc-per-post",
        "/readiness/trend",
        "/readiness/trend?commune=22840",
        "/readiness/compare?commune=22840",
    ):
        assert "22840" not in client.get(path).text.replace(f"commune={22840}", "")


def test_the_trend_has_the_last_evaluation_of_each_day_and_breaks_where_there_is_none(
    three, client_of
):
    now_s = three.clock.wall()
    midnight = last_midnight(now_s)
    evaluation = three.snapshot.communes["22849"].evaluation
    days = {1: 0.9, 2: 0.8, 3: 0.7, 9: 0.2}
    write(
        three,
        *(
            ratio(evaluation, value, at_s=midnight - back * DAY + 7200)
            for back, value in days.items()
        ),
        ratio(evaluation, 0.5, at_s=midnight - DAY + 3600),
    )
    html = client_of(three).get("/readiness/trend?days=30&commune=22849&lang=en").text
    assert "Readiness: from 20% to 90%; lowest 20%, highest 90%." in text_of(html)
    chart = html[html.index('id="one-title"') :]
    first_line = chart[chart.index('class="line l0"') : chart.index('class="line l1"')]
    assert first_line.count("<line") == 2
    assert "▲ 70 points" in text_of(html)


def test_a_trend_of_two_days_has_one_point_an_hour(three, client_of):
    now_s = three.clock.wall()
    evaluation = three.snapshot.communes["22849"].evaluation
    hour = now_s - now_s % 3600 - 7200
    write(three, *(ratio(evaluation, 0.5, at_s=hour + 60 * n) for n in range(1, 90)))
    html = client_of(three).get("/readiness/trend?days=2&commune=22849").text
    table = html[html.index('id="one-title"') : html.index('id="together-title"')]
    assert table.count("<tr>") == 3


def test_the_difference_of_two_days_names_what_changed_and_why(three, client_of):
    now_s = three.clock.wall()
    after = three.snapshot.communes["22849"].evaluation
    first = after.results[0]
    then = replace(
        first, value=0.0, share=0.0, verdict=Verdict.UNMET, cost_vnd=first.cost_vnd + 5_000_000,
        evidence=(),
    )  # fmt: skip
    # The profile of then asked one thing more; its stored content has the title.
    asked = three.profile.requirements[0].model_copy(
        update={"id": "fax", "title": Text(vi="Có máy fax", en="A fax machine")}
    )
    old = three.profile.model_copy(update={"requirements": (*three.profile.requirements, asked)})
    before = replace(
        ratio(after, 0.3), at_s=now_s - 20 * DAY, profile_digest=old.digest,
        results=(then, replace(first, requirement="fax"), *after.results[1:]),
    )  # fmt: skip
    kept = ProfileRow(old.digest, old.id, old.version, old.body())
    write(three, before, replace(after, at_s=now_s - 60), profiles=[kept])
    first_day = dt.datetime.fromtimestamp(now_s - 10 * DAY, dt.UTC).date()
    text = said(client_of(three), f"/readiness/compare?from={first_day}&lang=en")
    assert "better" in text
    assert "more assets stand behind it: " in text
    assert "RT-1" in text
    assert re.search(r"-₫5,000,000", text)
    assert "A fax machine" in text
    assert "the profile asks it no more" in text


def test_a_day_that_is_none_is_told_beside_its_field_and_kept(three, client_of):
    client = client_of(three)
    answer = client.get("/readiness/compare?from=31/2/2026&to=2999-01-01&lang=en")
    assert answer.status_code == 422
    assert 'value="31/2/2026"' in answer.text
    assert 'aria-describedby="e-from"' in answer.text
    text = text_of(answer.text)
    assert "This is no day" in text
    assert "This day has not come yet" in text
    turned = client.get("/readiness/compare?from=2026-02-02&to=2026-02-01&lang=en")
    assert "It must be later than the first day." in text_of(turned.text)


def test_where_nothing_is_known_of_the_first_day_the_first_known_one_is_named(three, client_of):
    client, judged = client_of(three), three.snapshot.communes["22849"].evaluation
    write(three, judged)
    text = said(client, "/readiness/compare")
    assert "the first evaluation is of" in text
    assert "From the day after on there is something to compare." in text
    write(three, ratio(judged, 0.2, at_s=judged.at_s - 3 * DAY))
    assert "Nothing is known of the first day" not in said(client, "/readiness/compare")
    old = (dt.datetime.fromtimestamp(judged.at_s, dt.UTC) - dt.timedelta(days=40)).date()
    page = client.get("/readiness/compare", params={"from": str(old), "lang": "en"}).text
    assert "Compare from that day on" in page


def test_before_a_merger_a_commune_is_held_against_each_that_became_it(three, client_of):
    after = three.snapshot.communes["22849"].evaluation
    then_s = dt.datetime(2025, 6, 20, tzinfo=dt.UTC).timestamp()
    write(
        three,
        replace(ratio(after, 0.2, at_s=then_s), commune="22843"),
        ratio(after, 0.4, at_s=then_s),
        ratio(after, 0.8, at_s=three.clock.wall() - 60),
    )
    client = client_of(three)
    text = said(client, "/readiness/compare?from=2025-06-25&commune=22849&lang=en")
    assert "against Xã Phước Kháng (22843), which became it 20.0%" in text
    assert "against Xã Lợi Hải (22849), which became it 40.0%" in text
    assert "against Xã Bắc Phong (22856), which became it not evaluated" in text
    # The day after the merger the code meant another commune, of which nothing is stored.
    later = said(client, "/readiness/compare?from=2025-07-02&commune=22849&lang=en")
    assert "40.0%" not in later
    assert "not evaluated" in later


def test_the_commune_page_has_its_gaps_by_cost_and_leads_on(three, client_of):
    html = client_of(three).get("/communes/22849", params={"lang": "en"}).text
    text = text_of(html)
    assert "What is missing and what it costs" in text
    assert 'href="/readiness/trend?commune=22849"' in html
    assert 'href="/readiness/compare?commune=22849"' in html
    gaps = [
        r
        for r in three.snapshot.communes["22849"].evaluation.results
        if r.verdict in (Verdict.UNMET, Verdict.PARTLY) and not r.cost_vnd
    ]
    assert (f"{len(gaps)} more gaps have no price" in text) == bool(gaps)
    costs = [
        int(cost.replace(",", ""))
        for cost in re.findall(r"₫([\d,]+) ", text[: text.index("Requirements")])
    ]
    assert costs[1:] == sorted(costs[1:], reverse=True)


@pytest.mark.browser
def test_a_link_to_a_requirement_opens_it(three, serve, browser):
    page = browser.new_page()
    try:
        page.goto(f"{serve(three)}/communes/22849#r-pc-per-post")
        assert page.locator("#r-pc-per-post").is_visible()
    finally:
        page.close()

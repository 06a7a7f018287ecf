"""Reading device profiles, what they inherit, and which of them a device is."""

from __future__ import annotations

import asyncio

import pytest

from collectors.snmp.knowledge.book import read_book, shipped_book
from collectors.snmp.knowledge.learn import choose_profile
from collectors.snmp.knowledge.offline import RecordedSession
from collectors.snmp.simulator.snmprec import parse_recording
from collectors.snmp.system import SYSTEM
from config.errors import ConfigError

PEN = "1.3.6.1.4.1.99999"


@pytest.fixture
def folder(tmp_path):
    """folder(name, text): a profile file in a folder of an operator; gives the folder."""

    def write(name, text):
        (tmp_path / f"{name}.yaml").write_text(f"name: {name}\n{text}", encoding="utf-8")
        return tmp_path

    return write


def chosen(book, *lines, object_id=f"{PEN}.1.2", descr="Acme box"):
    rows = [f"1.3.6.1.2.1.1.1.0|4|{descr}", f"1.3.6.1.2.1.1.2.0|6|{object_id}", *lines]
    session = RecordedSession(parse_recording("\n".join(rows).encode(), name="a", source="a"))

    async def choose():
        system = (await session.get(SYSTEM, 0.0)).values
        return (await choose_profile(session, system, book, 0.0)).name

    return asyncio.run(choose())


def refused(folder):
    with pytest.raises(ConfigError) as caught:
        read_book([folder])
    return [str(problem) for problem in caught.value.problems]


def test_every_shipped_profile_is_right_and_has_a_use():
    book = shipped_book()
    parents = {book[name].inherits for name in book.names()}
    for name in book.names():
        assert book[name].match or name in parents, f"{name} is never chosen and no parent"


def test_nobody_knows_it_so_it_is_what_the_standard_mibs_tell():
    assert chosen(shipped_book()) == "base"


def test_the_longest_object_id_wins_then_the_conditions_then_the_priority(folder):
    folder("wide", f"match: [{{object_id: {PEN}}}]\n")
    folder("deep", f"match: [{{object_id: {PEN}.1}}]\n")
    where = folder("words", "match: [{descr: acme}]\n")
    assert chosen(read_book([where])) == "deep"
    assert chosen(
        read_book([folder("both", f"match: [{{object_id: {PEN}.1, descr: acme}}]\n")])
    ) == ("both")
    late = folder("again", f"priority: 1\nmatch: [{{object_id: {PEN}.1, descr: box}}]\n")
    assert chosen(read_book([late])) == "again"
    assert chosen(read_book([late]), object_id=f"{PEN}.2") == "wide"
    assert chosen(read_book([late]), object_id="1.3.6.1.4.1.99998.1") == "words"


def test_an_object_id_matches_whole_numbers_only(folder):
    book = read_book([folder("one", f"match: [{{object_id: {PEN}.1}}]\n")])
    assert chosen(book, object_id=f"{PEN}.11") == "base"


def test_a_device_is_asked_for_what_only_one_of_two_has(folder):
    folder("first", f"match: [{{object_id: {PEN}, has: {PEN}.5}}]\n")
    book = read_book([folder("second", f"match: [{{object_id: {PEN}, has: {PEN}.6}}]\n")])
    assert chosen(book, f"{PEN}.6.1.0|2|1") == "second"
    assert chosen(book, f"{PEN}.5.1.0|2|1") == "first"
    assert chosen(book) == "base"


def test_a_child_asks_its_own_sources_first_and_takes_the_rest_from_its_parents(folder):
    folder("acme", "os: acmeos\nclass: switch\nvendor: Acme\nmodel: [{text: Any}]\n")
    where = folder(
        "acme-x",
        f"inherits: acme\nmatch: [{{object_id: {PEN}}}]\nmodel: [{{text: X}}]\nclass: router\n",
    )
    profile = read_book([where])["acme-x"]
    assert [source.text for source in profile.model][:2] == ["X", "Any"]
    assert len(profile.model) > 2, "and those of the standard MIBs"
    assert (profile.os, profile.class_, profile.vendor[0].text) == ("acmeos", "router", "Acme")


def test_without_drops_what_the_parents_say(folder):
    profile = read_book([folder("plain", "without: [model, sensors]\nmodel: [{text: P}]\n")])[
        "plain"
    ]
    assert [source.text for source in profile.model] == ["P"]
    assert profile.sensors == ()
    assert profile.serial, "serial was not dropped"


def test_an_operator_s_profile_replaces_a_shipped_one_of_its_name(folder):
    name = next(n for n in shipped_book().names() if shipped_book()[n].match)
    assert read_book([folder(name, "vendor: Ours\n")])[name].vendor[0].text == "Ours"


@pytest.mark.parametrize(
    ("text", "line", "words"),
    [
        ("match: [{descr: '('}]\n", 2, "regular expression"),
        ("match: [{descr: '(a)(b)'}]\n", 2, "one group"),
        ("match: [{}]\n", 2, "object_id, descr or has"),
        ("match:\n- object_id: 1.3.x\n", 3, "OID"),
        ("model: [{descr: a, text: b}]\n", 2, "exactly one of"),
        ("model: [{text: b, format: 'x'}]\n", 2, "{} once"),
        ("model: [{text: b, hex: true}]\n", 2, "object only"),
        ("sensors: [{class: warmth, value: 1.3.6.1.4.1.9.1}]\n", 2, "humidity"),
        ("processors: [{name: CPU}]\n", 2, "usage and idle"),
        ("storage: [{total: 1.3.6.1.4.1.9.1}]\n", 2, "percent"),
        ("supplies: [{level: 1.3.6.1.4.1.9.1}]\n", 2, "capacity"),
        ("inherits: nobody\n", 2, "no profile 'nobody'"),
        ("inherits: bad\n", 2, "circle"),
        ("vendors: Acme\n", 2, "vendor"),
    ],
)
def test_what_is_wrong_is_told_with_its_line_and_none_of_it_is_used(folder, text, line, words):
    problems = refused(folder("bad", text))
    assert any(f"bad.yaml:{line}:" in problem and words in problem for problem in problems), (
        problems
    )


def test_a_file_must_be_called_as_its_profile(folder, tmp_path):
    folder("one", "os: x\n")
    (tmp_path / "two.yaml").write_text("name: one\n")
    assert any("two.yaml:1:" in problem and "'two'" in problem for problem in refused(tmp_path))


def test_a_folder_that_is_not_there_is_told(tmp_path):
    assert "is no folder" in refused(tmp_path / "none")[0]

"""Whatever is merged, replaced, split or swapped: taken back, everything is as it was."""

from hypothesis import given, settings
from hypothesis import strategies as st

from inventory.identity_work import Part
from inventory.register.entry import Actor
from inventory.register.problems import NotFound, Refused

TAGS = [f"A-{n}" for n in range(5)]
tags = st.sampled_from(TAGS)
moves = st.one_of(
    st.tuples(st.just("merge"), tags, tags),
    st.tuples(st.just("replace"), tags, st.sampled_from(["N-1", "N-2"])),
    st.tuples(st.just("split"), tags, st.sampled_from(["P-1", "P-2"])),
    st.tuples(st.just("swap"), tags, tags),
)


@st.composite
def registers(draw):
    assets = []
    for number, tag in enumerate(TAGS):
        values = {"tag": tag, "name": tag, "class": "switch", "commune": "22849"}
        values |= draw(
            st.fixed_dictionaries(
                {},
                optional={
                    "serial": st.sampled_from([f"S{number}", ""]),
                    "address": st.just(f"10.20.0.{number + 1}"),
                    "room": st.sampled_from(["Một cửa", "Phòng máy"]),
                    "custom": st.just({"màu": "đen"}),
                },
            )
        )
        if number and draw(st.booleans()):
            values["upstream"] = draw(st.sampled_from(TAGS[:number]))
        assets.append(values)
    return assets


def do(identity, move, who):
    what, one, other = move
    if what == "merge":
        identity.merge(one, other, who)
    elif what == "replace":
        identity.replace(one, {"tag": other}, who)
    elif what == "split":
        identity.split(one, [Part(other, "", "")], who)
    else:
        identity.swap(one, other, who)


@settings(max_examples=20, deadline=None)
@given(assets=registers(), plan=st.lists(moves, max_size=5))
def test_all_taken_back_in_turn_is_as_if_nothing_had_been(fresh_registry, assets, plan):
    who = Actor("lan", "web")
    with fresh_registry() as registry:
        registry.fill(assets, {tag: {"serial": tag, "sys_name": tag} for tag in TAGS})
        before = registry.state()
        states = []
        for move in plan:
            state = registry.state()
            try:
                do(registry.identity, move, who)
            except (Refused, NotFound):
                assert registry.state() == state
                continue
            states.append(state)
        for decision in reversed(registry.identity.standing(*registry.kinds)):
            registry.identity.undo(decision.id, who)
            assert registry.state() == states.pop()
        assert registry.state() == before
        assert not states

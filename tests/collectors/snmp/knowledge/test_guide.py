"""The example of docs/adding-a-device.md does what the guide says."""

from __future__ import annotations

import asyncio
import re
from pathlib import Path

import yaml

from collectors.snmp.knowledge.book import read_book
from collectors.snmp.knowledge.offline import identified
from collectors.snmp.simulator.snmprec import read_recording

GUIDE = Path(__file__).parents[4] / "docs" / "adding-a-device.md"


def test_the_guides_example_finds_what_the_guide_expects(tmp_path):
    blocks = re.findall(r"```(\w+)\n(.*?)```", GUIDE.read_text(encoding="utf-8"), re.DOTALL)
    (_, profile), (_, recording), (_, expected) = blocks
    (tmp_path / "coolbox.yaml").write_text(profile, encoding="utf-8")
    (tmp_path / "device.snmprec").write_text(recording, encoding="utf-8")
    book = read_book([tmp_path])
    found = asyncio.run(identified(read_recording(tmp_path / "device.snmprec"), book))
    wanted = yaml.safe_load(expected)
    for row, want in zip(found.pop("sensors"), wanted.pop("sensors"), strict=True):
        assert {key: row[key] for key in want} == want
    assert {key: found[key] for key in wanted} == wanted

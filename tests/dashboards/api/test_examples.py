"""The examples of docs/api.md do what it says."""

import json
import re
import shutil
import subprocess
from pathlib import Path

import pytest

DOCS = Path(__file__).parents[3] / "docs" / "api.md"


def _run(script, address, token):
    return subprocess.run(
        ["bash", "-euo", "pipefail", "-c", script],
        env={"HATANG": address, "TOKEN": token, "PATH": "/usr/bin:/bin", "no_proxy": "*"},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


@pytest.mark.skipif(shutil.which("curl") is None, reason="needs curl")
def test_every_example_of_the_documentation_succeeds(address, site, token_of):
    text = DOCS.read_text(encoding="utf-8")
    examples = re.findall(r"```sh\n(.*?)```", text, re.DOTALL)
    assert len(examples) >= 7
    token = token_of(site)
    for example in examples:
        done = _run(example, address, token)
        assert done.returncode == 0, (example, done.stdout, done.stderr)
    asset = site.register.get("MT-0007").asset
    assert (asset.room, asset.custodian, asset.note) == ("Tầng 1", "Trần Văn Hoa", "")
    assert site.register.get("MI-0003") is None
    ready = json.loads(_run(examples[-1], address, token).stdout)
    assert ready["commune"] == "22849"


def test_the_documentation_names_every_status_that_is_described(client):
    described = client().get("/openapi.json").json()
    told = set(re.findall(r"\b[45]\d\d\b", DOCS.read_text(encoding="utf-8")))
    for operations in described["paths"].values():
        for operation in operations.values():
            assert {s for s in operation["responses"] if s >= "400"} <= told

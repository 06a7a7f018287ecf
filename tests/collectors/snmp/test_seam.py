"""Nothing of an engine's library gets past its own modules, and the seam stays small."""

import ast
import inspect
from pathlib import Path

from collectors import snmp
from collectors.snmp.session import Session

FOLDER = Path(snmp.__file__).parent
THEIRS = {"pysnmp", "pyasn1"}
ENGINE = {"pysnmp_messages", "pysnmp_usm", "pysnmp_v3", "usm_users"}


def imported(path):
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            yield from (name.name.partition(".")[0] for name in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield (node.module or "").partition(".")[0]


def test_only_the_engines_modules_know_pysnmp():
    knowing = {path.stem for path in FOLDER.glob("*.py") if THEIRS & set(imported(path))}
    assert knowing == ENGINE


def test_the_engine_of_our_own_needs_none_of_it():
    files = sorted((FOLDER / "engine").glob("*.py"))
    assert len(files) > 5
    for path in files:
        assert not THEIRS & set(imported(path)), path


def test_the_seam_has_at_most_five_methods():
    methods = [
        name for name, _ in inspect.getmembers(Session, inspect.isfunction) if name[0] != "_"
    ]
    assert 1 <= len(methods) <= 5


def test_values_that_come_through_are_plain(looker, v2c, simulated, serve_one):
    _, reading = serve_one(simulated("server_linux"), looker, v2c())
    seen = [*reading.facts.values(), *(claim.value for claim in reading.claims)]
    for thing in (*reading.interfaces, *reading.storages):
        seen.extend(getattr(thing, name) for name in thing.__slots__)
    assert {type(value) for value in seen} <= {int, str, bool, type(None)}

"""pysnmp's engines, made quickly: the agents of many tests have one each."""

import runpy
from functools import cache

import pytest
from pysnmp.smi import builder


@pytest.fixture(scope="session", autouse=True)
def compiled_once():
    """For each engine that is made pysnmp compiles its MIBs, twice; here for the first one."""
    source = vars(builder)["__AbstractMibSource"]
    read, found = source.read, {}

    def read_once(self, name):
        key = repr(self), name
        if key not in found:
            found[key] = read(self, name)
        return found[key]

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(source, "read", read_once)
        patch.setattr(runpy, "_get_code_from_file", cache(runpy._get_code_from_file))
        yield

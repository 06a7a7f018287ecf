"""Every digest with every cipher against net-snmp's agent, with right and wrong keys, and IPv6."""

import asyncio
import itertools

import pytest
from prometheus_client import CollectorRegistry

from collectors.address import resolved
from collectors.snmp.session import SnmpError
from collectors.snmp.sessions import session_for
from inventory.metrics import Instruments
from inventory.observation import Outcome

pytestmark = pytest.mark.snmpd

AUTHS = ("MD5", "SHA", "SHA-224", "SHA-256", "SHA-384", "SHA-512")
PRIVS = {
    "DES": "DES",
    "AES-128": "AES",
    "AES-192": "AES-192",
    "AES-256": "AES-256",
    "AES-192-C": "AES-192-C",
    "AES-256-C": "AES-256-C",
}
"""Our name -> net-snmp's."""
ASK = {"sysName": (1, 3, 6, 1, 2, 1, 1, 5, 0)}


def user_of(auth, priv):
    return f"{auth}_{priv}".lower()


@pytest.fixture(scope="module")
def matrix(tmp_path_factory, start_snmpd):
    """An snmpd on IPv4 and IPv6 loopback with a user for each combination."""
    lines = ["rocommunity readers", "rocommunity6 readers", "sysName srv-06"]
    for auth, (priv, theirs) in itertools.product(AUTHS, PRIVS.items()):
        user = user_of(auth, priv)
        lines += [f"createUser {user} {auth} authpass-1 {theirs} privpass-1", f"rouser {user} priv"]
    with start_snmpd(tmp_path_factory.mktemp("matrix"), lines, ipv6=True) as places:
        yield places


async def ask(where, credential, *, timeout_s=5.0, looks=1):
    session = session_for(credential, timeout_s, Instruments(CollectorRegistry()))
    try:
        for _ in range(looks):
            session.open(*await resolved(*where))
            until_s = asyncio.get_running_loop().time() + 30
            found = await session.get(ASK, until_s)
            await session.close()
        return found.values["sysName"]
    except SnmpError as error:
        return error
    finally:
        await session.close()


@pytest.mark.parametrize("auth", AUTHS)
def test_every_cipher_goes_with_this_digest(matrix, v3, auth, run_beside):
    async def main():
        return {
            priv: await ask(matrix[0], v3(user_of(auth, priv), auth=auth, priv=priv), looks=2)
            for priv in PRIVS
        }

    assert run_beside(main(), matrix[0]) == dict.fromkeys(PRIVS, b"srv-06")


@pytest.mark.parametrize("auth", AUTHS)
def test_a_wrong_authentication_passphrase_is_named_with_each_digest(matrix, v3, auth, run_beside):
    credential = v3(user_of(auth, "AES-128"), auth=auth, auth_key="wrong-passphrase")
    error = run_beside(ask(matrix[0], credential), matrix[0])
    assert (error.outcome, error.reason) == (Outcome.REFUSED, "wrong_digest")
    assert error.permanent


@pytest.mark.parametrize("priv", PRIVS)
def test_a_wrong_privacy_passphrase_or_cipher_is_named_with_each_cipher(
    matrix, v3, priv, run_beside
):
    user = user_of("SHA-256", priv)
    other = {"DES": "AES-128"}.get(priv, "DES")

    async def main():
        return [
            await ask(matrix[0], v3(user, **wrong), timeout_s=0.2)
            for wrong in ({"priv": priv, "priv_key": "wrong-passphrase"}, {"priv": other})
        ]

    for error in run_beside(main(), matrix[0]):
        assert (error.outcome, error.reason) == (Outcome.REFUSED, "decryption_error")


def test_an_unknown_user_and_a_context_that_is_not_there(matrix, v3, run_beside):
    async def main():
        known = v3(user_of("SHA-256", "AES-128"), context="vlan-7")
        return await ask(matrix[0], v3("nobody")), await ask(matrix[0], known, timeout_s=0.2)

    unknown, context = run_beside(main(), matrix[0])
    assert unknown.reason == "unknown_user"
    assert context.reason == "decryption_error"  # net-snmp is silent to it as to a wrong key
    assert "context" in context.message


def test_ipv6_is_asked_in_every_version(matrix, v1, v2c, v3, run_beside):
    if len(matrix) < 2:
        pytest.skip("this machine has no IPv6")

    async def main():
        secure = v3(user_of("SHA-512", "AES-256"), auth="SHA-512", priv="AES-256")
        return [await ask(matrix[1], of) for of in (v1("readers"), v2c("readers"), secure)]

    assert run_beside(main(), matrix[0]) == [b"srv-06"] * 3

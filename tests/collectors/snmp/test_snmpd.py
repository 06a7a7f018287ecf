"""Against net-snmp's agent: v2c and v3, each key that may be wrong, and its own walk as judge."""

import asyncio

import pytest

from inventory.observation import ClaimKind, Outcome, Reading

pytestmark = pytest.mark.snmpd

IF_ENTRY = "1.3.6.1.2.1.2.2.1"
IFX_ENTRY = "1.3.6.1.2.1.31.1.1.1"
SOFTWARE = "1.3.6.1.2.1.25.6.3.1"
STORAGE = "1.3.6.1.2.1.25.2.3.1"


def claims(reading):
    return {claim.kind: claim.value for claim in reading.claims}


def test_v2c_brings_home_the_whole_machine(snmpd, looker, v2c):
    looking = looker(snmpd.address, v2c("readers"))
    reading = asyncio.run(looking.look())
    assert isinstance(reading, Reading)
    assert reading.problems == ()
    assert reading.facts["sys_name"] == "srv-01"
    assert reading.facts["sys_location"] == "Phòng máy"
    assert reading.facts["sys_object_id"].startswith("1.3.6.1.4.1.8072.")
    assert "vendor" not in reading.facts
    assert claims(reading)[ClaimKind.ADDRESS] == "127.0.0.1"
    assert claims(reading)[ClaimKind.ENGINE_ID].startswith("80001f88")
    assert reading.uptime_s > 0
    assert reading.uptime_wrap_s == 2**32 / 100
    assert reading.latency_s > 0
    assert "lo" in {interface.name for interface in reading.interfaces}
    assert {storage.kind for storage in reading.storages} >= {"memory", "disk"}
    names = [step.name for step in looking.steps.done]
    assert names[:6] == [
        "resolve",
        "get system",
        "walk interfaces",
        "get what it has",
        "identify",
        "measure",
    ]
    assert "walk addresses" in names
    assert "127.0.0.1" not in {address.address for address in reading.addresses}


def test_interfaces_are_what_net_snmps_own_walk_says(snmpd, looker, v2c, snmpwalk, run_beside):
    before = snmpwalk(snmpd.address, "readers", IF_ENTRY)
    long_before = snmpwalk(snmpd.address, "readers", IFX_ENTRY)
    reading = run_beside(looker(snmpd.address, v2c("readers")).look(), snmpd.address)
    after = snmpwalk(snmpd.address, "readers", IF_ENTRY)
    long_after = snmpwalk(snmpd.address, "readers", IFX_ENTRY)
    indexes = {int(oid.rpartition(".")[2]) for oid in before if oid.startswith(f"{IF_ENTRY}.2.")}
    assert {interface.index for interface in reading.interfaces} == indexes
    for interface in reading.interfaces:
        index = interface.index
        assert interface.name == long_before[f"{IFX_ENTRY}.1.{index}"]
        assert str(interface.if_type) == before[f"{IF_ENTRY}.3.{index}"]
        assert (interface.speed_bps or 0) == int(before[f"{IF_ENTRY}.5.{index}"])
        assert interface.admin_up is (before[f"{IF_ENTRY}.7.{index}"] == "1")
        assert interface.oper_up is (before[f"{IF_ENTRY}.8.{index}"] == "1")
        assert interface.counter_bits == 64
        for ours, column in ((interface.in_octets, 6), (interface.out_octets, 10)):
            oid = f"{IFX_ENTRY}.{column}.{index}"
            assert int(long_before[oid]) <= ours <= int(long_after[oid])
        for ours, column in (
            (interface.in_discards, 13),
            (interface.in_errors, 14),
            (interface.out_discards, 19),
            (interface.out_errors, 20),
        ):
            oid = f"{IF_ENTRY}.{column}.{index}"
            assert int(before[oid]) <= ours <= int(after[oid])


def test_programs_are_what_net_snmps_own_walk_says(snmpd, looker, v2c, snmpwalk, run_beside):
    reading = run_beside(looker(snmpd.address, v2c("readers")).look(), snmpd.address)
    found = {program.name: program for program in reading.programs}
    assert found["snmpd"].running
    walked = set(snmpwalk(snmpd.address, "readers", f"{SOFTWARE}.2").values())
    assert walked <= found.keys()
    assert not walked or any(found[name].installed_on for name in walked)


def test_storages_are_what_net_snmps_own_walk_says(snmpd, looker, v2c, snmpwalk, run_beside):
    reading = run_beside(looker(snmpd.address, v2c("readers")).look(), snmpd.address)
    walked = snmpwalk(snmpd.address, "readers", STORAGE)
    sizes = {}
    for oid, name in walked.items():
        if oid.startswith(f"{STORAGE}.3."):
            index = oid.rpartition(".")[2]
            unit, size = (int(walked[f"{STORAGE}.{column}.{index}"]) for column in (4, 5))
            sizes[name] = unit * (size % 2**32)
    assert reading.storages
    for storage in reading.storages:
        assert storage.size_bytes == sizes[storage.name]
        assert 0 <= storage.used_bytes <= storage.size_bytes
    memory = next(storage for storage in reading.storages if storage.kind == "memory")
    if "Available memory" in sizes:
        free = memory.size_bytes - memory.used_bytes
        assert abs(free - sizes["Available memory"]) < memory.size_bytes / 4


@pytest.mark.parametrize(
    ("user", "auth", "priv"),
    [
        ("md5des", "MD5", "DES"),
        ("sha256aes", "SHA-256", "AES-128"),
        ("sha224aes192", "SHA-224", "AES-192"),
        ("sha512aes256", "SHA-512", "AES-256"),
        ("shaaes192c", "SHA", "AES-192-C"),
        ("sha384aes256c", "SHA-384", "AES-256-C"),
    ],
)
def test_v3_reads_the_same_with_every_digest_and_cipher(
    snmpd, looker, v2c, v3, user, auth, priv, run_beside
):
    async def main():
        looking = looker(snmpd.address, v3(user, auth=auth, priv=priv))
        first, second = await looking.look(), await looking.look()
        plain = await looker(snmpd.address, v2c("readers")).look()
        return first, second, plain

    first, second, plain = run_beside(main(), snmpd.address)
    for reading in (first, second):
        assert reading.problems == ()
        assert reading.facts == plain.facts
        assert set(reading.claims) == set(plain.claims)
        assert [i.name for i in reading.interfaces] == [i.name for i in plain.interfaces]


@pytest.mark.parametrize(
    "credential",
    [
        {"user": "open", "level": "noAuthNoPriv"},
        {"user": "signed", "level": "authNoPriv"},
    ],
)
def test_v3_reads_at_the_lower_levels(snmpd, looker, v3, credential, run_beside):
    reading = run_beside(looker(snmpd.address, v3(**credential)).look(), snmpd.address)
    assert reading.problems == ()
    assert reading.facts["sys_name"] == "srv-01"


@pytest.mark.parametrize(
    ("credential", "reason"),
    [
        ({"user": "nobody"}, "unknown_user"),
        ({"user": "sha256aes", "auth_key": "wrong-passphrase"}, "wrong_digest"),
        ({"user": "sha256aes", "auth": "SHA"}, "wrong_digest"),
        ({"user": "open"}, "unsupported_level"),
        ({"user": "signed"}, "unsupported_level"),
        ({"user": "sha256aes", "level": "authNoPriv"}, "no_access"),
        ({"user": "sha256aes", "priv_key": "wrong-passphrase"}, "decryption_error"),
        ({"user": "sha256aes", "priv": "DES"}, "decryption_error"),
    ],
)
def test_n11_a_wrong_key_is_named_in_bounded_time(
    snmpd, looker, v3, credential, reason, run_beside
):
    async def main():
        loop = asyncio.get_running_loop()
        looking = looker(snmpd.address, v3(**credential), timeout="200ms")
        errors = await looking.look(), await looking.look()
        assert loop.time() < 10
        return errors

    for error in run_beside(main(), snmpd.address):
        assert error.outcome is Outcome.REFUSED
        assert error.reason == reason
        assert error.permanent
        assert "passphrase-1" not in error.message
        assert "wrong-passphrase" not in error.message


def test_a_wrong_community_is_silence_and_says_so_honestly(snmpd, looker, v2c, run_beside):
    error = run_beside(
        looker(snmpd.address, v2c("secret-word"), timeout="100ms").look(), snmpd.address
    )
    assert error.outcome is Outcome.UNREACHABLE
    assert error.reason == "timeout"
    assert not error.permanent
    assert "wrong address, community or access list" in error.message
    assert "secret-word" not in error.message

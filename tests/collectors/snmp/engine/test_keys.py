"""Keys by the examples of the RFCs, and ciphers that give back what they were given."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from collectors.snmp.engine import keys
from collectors.snmp.engine.keys import AesCipher, DesCipher
from collectors.snmp.pdu import Rejected

ENGINE_ID = bytes.fromhex("000000000000000000000002")


@pytest.mark.parametrize(
    ("name", "user_key", "local_key"),
    [
        (
            "md5",
            "9faf3283884e92834ebc9847d8edd963",
            "526f5eed9fcce26f8964c2930787d82b",
        ),
        (
            "sha1",
            "9fb5cc0381497b3793528939ff788d5d79145211",
            "6695febc9288e36282235fc7151f128497b38f3f",
        ),
    ],
)
def test_keys_are_those_of_rfc_3414(name, user_key, local_key):
    """RFC 3414 §A.3.1 and §A.3.2, the passphrase "maplesyrup"."""
    assert keys._user_key(name, b"maplesyrup").hex() == user_key
    assert keys._local_key(name, b"maplesyrup", ENGINE_ID).hex() == local_key


def test_a_long_key_is_extended_as_the_reeder_draft_has_it():
    """draft-reeder-snmpv3-usm-3desede-00 §B.1, MD5 and "maplesyrup"."""
    first = keys._local_key("md5", b"maplesyrup", ENGINE_ID)
    extended = keys._extended_by_reeder("md5", first, 32, ENGINE_ID)
    assert extended.hex() == "526f5eed9fcce26f8964c2930787d82b79eff44a90650ee0a3a40abfac5acc12"


CIPHERS = [DesCipher(bytes(range(16))), *(AesCipher(bytes(range(n))) for n in (16, 24, 32))]


@given(st.binary(min_size=1, max_size=600), st.integers(0, 2**31 - 1), st.integers(0, 2**31 - 1))
def test_what_is_sealed_is_opened_again_and_never_sealed_alike(data, boots, time_s):
    for cipher in CIPHERS:
        sealed, salt = cipher.sealed(data, boots, time_s)
        opened = cipher.opened(sealed, boots, time_s, salt)
        assert opened[: len(data)] == data
        assert len(opened) - len(data) < 8
        again, other_salt = cipher.sealed(data, boots, time_s)
        assert salt != other_salt
        assert len(salt) == 8
        if len(data) >= 16:
            assert sealed != again


@pytest.mark.parametrize("cipher", CIPHERS)
@pytest.mark.parametrize(
    ("sealed", "salt"), [(b"", bytes(8)), (bytes(16), b""), (bytes(16), bytes(9))]
)
def test_what_cannot_be_cipher_text_is_refused(cipher, sealed, salt):
    with pytest.raises(Rejected):
        cipher.opened(sealed, 1, 1, salt)


def test_des_refuses_what_is_no_whole_number_of_blocks():
    with pytest.raises(Rejected):
        CIPHERS[0].opened(bytes(9), 1, 1, bytes(8))


def test_no_key_is_in_the_words_of_its_objects():
    made = keys.signature("SHA-256", "canary-passphrase", ENGINE_ID)
    cipher = keys.cipher("SHA-256", "AES-256", "canary-passphrase", ENGINE_ID)
    for thing in (made, cipher):
        assert "canary" not in repr(thing)
        assert "canary" not in repr(vars(thing))

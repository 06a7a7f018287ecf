"""Stand-ins for secrets: of the same shape, equal for equal secrets, and no way back without a
key that is thrown away."""

from __future__ import annotations

import hashlib
import hmac
import ipaddress
import random
import re
import secrets
from collections.abc import Callable, Hashable
from typing import TypeVar

T = TypeVar("T", bound=Hashable)

_TWO_OCTETS = "áàãâéèêíìóòõôúùýăđĩũơư"
_THREE_OCTETS = "ạảấầẩẫậắằẳẵặẹẻẽếềểễệỉịọỏốồổỗộớờởỡợụủứừửữựỳỵỷỹ"
_PARTS = re.compile(r"[^\s.@,;:/\\]+")
_TRIES = 50


class Shapes:
    """Stand-ins under one key: the same secret has the same stand-in, another secret another one
    as far as there are enough of that shape."""

    def __init__(self, key: bytes | None = None) -> None:
        self._key = key or secrets.token_bytes(32)
        self._given: dict[tuple[str, Hashable], object] = {}
        self._taken: set[tuple[str, object]] = set()

    def text(self, secret: str) -> str:
        """Letters for letters, digits for digits, everything else as it is; case does not matter.

        A host name is replaced part by part, so that `sw-1` and `sw-1.xa.example` still match.
        """
        return _PARTS.sub(lambda part: self._part(part[0]), secret)

    def octets(self, secret: bytes) -> bytes:
        """The same for octets, which may be text."""
        try:
            text = secret.decode("utf-8")
        except UnicodeDecodeError:
            return self._once(
                "octets", secret, lambda chance: chance.randbytes(len(secret)), secret
            )
        return self.text(text).encode("utf-8")

    def mac(self, mac: bytes) -> bytes:
        """A MAC of the same maker (its first three octets)."""
        return self._once("mac", mac, lambda chance: mac[:3] + chance.randbytes(3), mac)

    def ipv4(self, address: bytes) -> bytes:
        """One of 198.18.0.0/15, which RFC 2544 sets aside."""

        def make(chance: random.Random) -> bytes:
            return bytes((198, 18 + chance.getrandbits(1), *chance.randbytes(2)))

        return self._once("ipv4", address, make, address)

    def ipv6(self, address: bytes) -> bytes:
        """One of 2001:db8::/32 (RFC 3849); of a link-local address the second half changes."""
        link_local = ipaddress.IPv6Address(address).is_link_local
        head = address[:8] if link_local else bytes.fromhex("20010db8")

        def make(chance: random.Random) -> bytes:
            return head + chance.randbytes(16 - len(head))

        return self._once("ipv6", address, make, address)

    def _part(self, part: str) -> str:
        folded = part.lower()
        if len(folded) != len(part):  # a letter whose small form is longer
            folded = part
        is_hex = len(part) >= 6 and re.fullmatch(r"[0-9a-f]+", folded) is not None

        def make(chance: random.Random) -> str:
            return "".join(_like(letter, chance, is_hex) for letter in folded)

        small = self._once("text", folded, make, folded)
        return "".join(
            new.upper() if old.isupper() else new for old, new in zip(part, small, strict=True)
        )

    def _once(self, kind: str, secret: T, make: Callable[[random.Random], T], is_not: T) -> T:
        """What was given before, or the first new one that nobody has."""
        known = self._given.get((kind, secret))
        if known is not None:
            return known  # type: ignore[return-value]
        word = f"{kind} {secret!r}".encode("utf-8", "surrogatepass")
        seed = hmac.new(self._key, word, hashlib.sha256).digest()
        chance = random.Random(seed)  # noqa: S311  the key is what keeps it secret
        found = make(chance)
        for _ in range(_TRIES):
            if found != is_not and (kind, found) not in self._taken:
                break
            found = make(chance)
        self._given[kind, secret] = found
        self._taken.add((kind, found))
        return found


def _like(letter: str, chance: random.Random, is_hex: bool) -> str:
    if letter.isascii():
        if letter.isdigit():
            return chance.choice("123456789" if letter != "0" else "0123456789")
        if letter.isalpha():
            return chance.choice("abcdef" if is_hex else "abcdefghijklmnopqrstuvwxyz")
        return letter
    if not letter.isalpha():
        return letter
    octets = len(letter.encode("utf-8", "surrogatepass"))
    return chance.choice({2: _TWO_OCTETS, 3: _THREE_OCTETS}.get(octets, letter))

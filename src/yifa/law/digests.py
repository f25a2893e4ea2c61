"""The SM3 digest (GB/T 32905), for whoever has to prove that something was not changed."""

from __future__ import annotations

import hashlib
from typing import Protocol

_BUILT_IN = "sm3"


class Hasher(Protocol):
    """A digest in the making: what it has taken in so far can be taken as a start for others."""

    def update(self, data: bytes, /) -> None:
        """Takes in more."""

    def copy(self) -> Hasher:
        """Another that has taken in the same."""

    def digest(self) -> bytes:
        """The digest of all that was taken in, 32 bytes."""


try:
    hashlib.new(_BUILT_IN)
except ValueError:  # an OpenSSL without SM3
    from cryptography.hazmat.primitives.hashes import SM3, Hash

    class _Finished:
        """The hasher of `cryptography` under the names of hashlib."""

        def __init__(self, held: Hash) -> None:
            self._held = held

        def update(self, data: bytes, /) -> None:
            self._held.update(data)

        def copy(self) -> _Finished:
            return _Finished(self._held.copy())

        def digest(self) -> bytes:
            return self._held.copy().finalize()

    def hasher(data: bytes = b"") -> Hasher:
        """An SM3 digest that has taken in `data`."""
        begun = _Finished(Hash(SM3()))
        begun.update(data)
        return begun

else:
    _EMPTY = hashlib.new(
        _BUILT_IN
    )  # to copy it takes a tenth of the time of looking the digest up by its name

    def hasher(data: bytes = b"") -> Hasher:
        """An SM3 digest that has taken in `data`."""
        begun = _EMPTY.copy()
        begun.update(data)
        return begun


def sm3(data: bytes) -> str:
    """The SM3 digest as 64 hex digits."""
    return hasher(data).digest().hex()

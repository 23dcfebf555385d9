"""Seals the body of an event with the patient's own key, so that destroying the key erases the content and leaves the chain whole."""

from __future__ import annotations

import os
from functools import lru_cache

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

SEALED = b"\x01"
"""First byte of a sealed body: AES-256-GCM, 12 bytes of nonce, then the text. A plain body begins with a brace."""

_NONCE = 12
_TEXT = 1 + _NONCE


class SealError(Exception):
    """A sealed body does not open with this key: it or what is told of it was changed."""

    def __init__(self, seq: int = 0) -> None:
        super().__init__(seq)
        self.seq = seq
        """The event, where it is known."""


def new_key() -> bytes:
    """A key for one patient."""
    return AESGCM.generate_key(256)


def seal(key: bytes, body: bytes, bound_to: bytes) -> bytes:
    """The body, readable with the key only, and only beside what it was `bound_to`."""
    nonce = os.urandom(_NONCE)
    return SEALED + nonce + _cipher(key).encrypt(nonce, body, bound_to)


def unseal(key: bytes, sealed: bytes, bound_to: bytes) -> bytes:
    """The body of a sealed event.

    Raises:
        SealError: the key, the body or what it was bound to is not what it was.
    """
    return unseal_with(_cipher(key), sealed, bound_to)


def cipher_of(key: bytes) -> AESGCM:
    """A patient's key in place, to open many bodies with it."""
    return AESGCM(key)


def unseal_with(cipher: AESGCM, sealed: bytes, bound_to: bytes) -> bytes:
    """The same as `unseal`, with the key in place."""
    try:
        return cipher.decrypt(sealed[1:_TEXT], sealed[_TEXT:], bound_to)
    except InvalidTag:
        raise SealError from None


@lru_cache(maxsize=64)
def _cipher(key: bytes) -> AESGCM:
    return AESGCM(key)

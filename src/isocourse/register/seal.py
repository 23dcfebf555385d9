"""Seals the body of an event with the patient's own key, so that destroying the key erases the content and leaves the chain whole."""

from __future__ import annotations

import os
from collections.abc import Callable
from functools import lru_cache

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

SEALED = b"\x01"
"""First byte of a sealed body: AES-256-GCM, 12 bytes of nonce, then the text. A plain body begins with a brace."""

_NONCE = 12


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
    try:
        return _cipher(key).decrypt(sealed[1 : 1 + _NONCE], sealed[1 + _NONCE :], bound_to)
    except InvalidTag:
        raise SealError from None


def opener(key: bytes) -> Callable[[bytes, bytes], bytes]:
    """Opens many bodies of one patient: `unseal` with the key in place."""
    decrypt = AESGCM(key).decrypt
    last = 1 + _NONCE

    def opened(sealed: bytes, bound_to: bytes) -> bytes:
        try:
            return decrypt(sealed[1:last], sealed[last:], bound_to)
        except InvalidTag:
            raise SealError from None

    return opened


@lru_cache(maxsize=64)
def _cipher(key: bytes) -> AESGCM:
    return AESGCM(key)

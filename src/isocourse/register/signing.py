"""The signed head: who holds the key says up to which event the chain had grown, so that a cut or rewritten tail shows."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

import msgspec
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_pem_private_key,
)

from isocourse.register.canonical import canonical
from isocourse.register.problem import RegisterError

EVENTS = "isocourse register head"
TRAIL = "isocourse trail head"
"""What a head is signed as, so that the head of one chain is never taken for that of another."""


class Head(msgspec.Struct, frozen=True):
    """The last event at some time, and the signature of who kept the register then."""

    seq: int
    hash: str
    at: str
    key: str
    """The public key, in hexadecimal."""
    signature: str

    @property
    def sound(self) -> bool:
        """Whether the signature is that of the key named."""
        return self.sound_of(EVENTS)

    def sound_of(self, chain: str) -> bool:
        """The same for the head of any chain."""
        try:
            public = Ed25519PublicKey.from_public_bytes(bytes.fromhex(self.key))
            public.verify(bytes.fromhex(self.signature), _signed(chain, self.seq, self.hash, self.at))
        except (InvalidSignature, ValueError):
            return False
        return True


@dataclass(frozen=True, slots=True)
class Signer:
    """Holds the private key."""

    private: Ed25519PrivateKey
    place: Path

    @property
    def public(self) -> str:
        """The public key, in hexadecimal."""
        return self.private.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw).hex()

    def head(self, seq: int, link: bytes, at: str, chain: str = EVENTS) -> Head:
        """The head, signed."""
        return Head(seq, link.hex(), at, self.public, self.private.sign(_signed(chain, seq, link.hex(), at)).hex())


def _signed(chain: str, seq: int, link: str, at: str) -> bytes:
    return canonical([chain, seq, link, at])


def read_signer(place: Path) -> Signer:
    """The signing key in a file.

    Raises:
        RegisterError: there is no such file, or it holds no Ed25519 key.
    """
    try:
        found = load_pem_private_key(place.read_bytes(), None)
    except FileNotFoundError:
        raise RegisterError(
            f"{place}: there is no signing key; copy it from where the register was kept, or make one with "
            "`isocourse register key --new`. Nothing was written."
        ) from None
    except (OSError, ValueError, TypeError) as problem:
        raise RegisterError(f"{place}: no signing key can be read ({problem}). Nothing was written.") from None
    if not isinstance(found, Ed25519PrivateKey):
        raise RegisterError(f"{place}: this is not an Ed25519 key. Nothing was written.")
    return Signer(found, place)


def new_signer(place: Path) -> Signer:
    """A new signing key in a file that only its owner can read.

    Raises:
        RegisterError: a file stands there, or it cannot be written.
    """
    private = Ed25519PrivateKey.generate()
    text = private.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    try:
        place.parent.mkdir(parents=True, exist_ok=True)
        handle = os.open(place, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except OSError as problem:
        raise RegisterError(f"{place}: the signing key cannot be written ({problem.strerror}).") from None
    with os.fdopen(handle, "wb") as file:
        file.write(text)
    return Signer(private, place)

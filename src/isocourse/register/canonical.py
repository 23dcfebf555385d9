"""One way to write an event as bytes, and the hash that ties it to the event before it."""

from __future__ import annotations

from hashlib import sha256

import msgspec

GENESIS = bytes(32)
"""What the first event follows."""

_ENCODER = msgspec.json.Encoder(order="sorted")


def canonical(value: object) -> bytes:
    """The value as JSON with sorted keys and no spaces: equal values give equal bytes.

    >>> canonical({"b": 1, "a": ["x"]})
    b'{"a":["x"],"b":1}'
    """
    return _ENCODER.encode(value)


def link(prev: bytes, told: tuple[int, str, str, int, str, str, str, str], body: bytes) -> bytes:
    """The hash of an event: over the hash before it, what is told of it (seq to knowledge, in the order of the table), and its body.

    The length of the middle part goes in too, so that no byte can move from one part to the next unseen.
    """
    middle = _ENCODER.encode(told)
    return sha256(b"%b%b%b%b" % (prev, len(middle).to_bytes(4, "big"), middle, body)).digest()

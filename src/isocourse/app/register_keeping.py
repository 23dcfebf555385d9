"""Signed heads as files, to be kept where the register is not."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import msgspec

from isocourse.register.problem import RegisterError
from isocourse.register.signing import Head


def read_heads(places: Sequence[Path]) -> tuple[Head, ...]:
    """The heads in some files.

    Raises:
        RegisterError: a file holds no head.
    """
    return tuple(_head(place) for place in places)


def _head(place: Path) -> Head:
    try:
        return msgspec.json.decode(place.read_bytes(), type=Head)
    except OSError as problem:
        raise RegisterError(f"{place}: it cannot be read ({problem.strerror})") from None
    except msgspec.MsgspecError:
        raise RegisterError(
            f"{place}: this is no signed head; `isocourse register key --publish FILE` writes one"
        ) from None


def publish_head(head: Head | None, place: Path) -> None:
    """Writes a head to a file.

    Raises:
        RegisterError: there is no head, or the file cannot be written.
    """
    if head is None:
        raise RegisterError("there is no signed head yet; it is made with the first entry")
    try:
        place.write_bytes(msgspec.json.format(msgspec.json.encode(head)) + b"\n")
    except OSError as problem:
        raise RegisterError(f"{place}: it cannot be written ({problem.strerror})") from None

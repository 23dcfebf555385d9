"""The list of disagreements, kept as data beside the loaded knowledge, since the solver needs a while for it."""

from __future__ import annotations

import os
from pathlib import Path

import msgspec

from isocourse.app.disagreements import Disagreement, disagreements
from isocourse.library import Library


def solved_disagreements(library: Library, folder: Path | None) -> list[Disagreement]:
    """All disagreements but those that are only different; from the folder where the same knowledge was asked before.

    Any failure to read or write there means that the solver is asked again.
    """
    place = folder / f"{library.digest}.disagreements" if folder else None
    if place is not None:
        try:
            return msgspec.msgpack.decode(place.read_bytes(), type=list[Disagreement])
        except (OSError, msgspec.MsgspecError):
            pass
    found = disagreements(library)
    if place is not None:
        try:
            place.parent.mkdir(parents=True, exist_ok=True)
            partial = place.with_suffix(f".{os.getpid()}")
            partial.write_bytes(msgspec.msgpack.encode(found))
            partial.replace(place)
        except OSError:
            pass
    return found

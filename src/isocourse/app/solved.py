"""The list of disagreements, kept as data beside the loaded knowledge, since the solver needs a while for it."""

from __future__ import annotations

import os
from pathlib import Path

import msgspec

from isocourse.app.disagreement import Disagreement
from isocourse.library import Library


def kept_disagreements(library: Library, folder: Path | None) -> list[Disagreement] | None:
    """What the folder holds of the same knowledge; None if that is nothing, or cannot be read."""
    if folder is None:
        return None
    try:
        return msgspec.msgpack.decode(_place(library, folder).read_bytes(), type=list[Disagreement])
    except (OSError, msgspec.MsgspecError):
        return None


def solved_disagreements(library: Library, folder: Path | None) -> list[Disagreement]:
    """All disagreements but those that are only different, kept in the folder; a failure to write there means that the solver is asked again."""
    from isocourse.app.disagreements import disagreements

    found = disagreements(library)
    if folder is not None:
        place = _place(library, folder)
        try:
            place.parent.mkdir(parents=True, exist_ok=True)
            partial = place.with_suffix(f".{os.getpid()}")
            partial.write_bytes(msgspec.msgpack.encode(found))
            partial.replace(place)
        except OSError:
            pass
    return found


def _place(library: Library, folder: Path) -> Path:
    return folder / f"{library.digest}.disagreements"

"""Finds and loads the knowledge, from a cache of data where nothing has changed."""

from __future__ import annotations

import os
from importlib.resources import files
from pathlib import Path

import msgspec

import isocourse
from isocourse.library import Library


def shipped() -> Path:
    """The knowledge folder that ships with the package."""
    return Path(str(files("isocourse"))) / "knowledge"


def load_library(root: Path | None = None, *, cache: bool = True) -> Library:
    """The library of a knowledge folder; the shipped one by default.

    The cache holds data, not code, keyed by names, sizes and times of the knowledge files and of the program itself; any failure
    means that the files are read again.

    Raises:
        ReadError: a mistake in the files.
    """
    folder = root or shipped()
    place = _cache_place(folder) if cache else None
    if place is not None and (kept := _from_cache(place)) is not None:
        return kept
    from isocourse.reading.library import read_library  # the YAML reader is not needed where the cache serves

    library = read_library(folder)
    if place is not None:
        _to_cache(place, library)
    return library


def _cache_place(folder: Path) -> Path | None:
    home = os.environ.get("XDG_CACHE_HOME") or os.path.join(os.path.expanduser("~"), ".cache")
    return Path(home) / "isocourse" / f"{_stamp(folder)}.knowledge"


def _stamp(folder: Path) -> str:
    import hashlib

    whole = hashlib.blake2b(isocourse.__version__.encode(), digest_size=16)
    for code in sorted(Path(isocourse.__file__).parent.rglob("*.py")):
        stat = code.stat()
        whole.update(f"{code.name}{stat.st_size}{stat.st_mtime_ns}".encode())
    for base, _, names in sorted(os.walk(folder)):
        for name in sorted(names):
            if name.endswith(".yaml"):
                stat = os.stat(os.path.join(base, name))
                whole.update(f"{base}/{name}{stat.st_size}{stat.st_mtime_ns}".encode())
    return whole.hexdigest()


def _from_cache(place: Path) -> Library | None:
    try:
        return msgspec.msgpack.decode(place.read_bytes(), type=Library)
    except (OSError, msgspec.MsgspecError, ValueError, TypeError):
        return None


def _to_cache(place: Path, library: Library) -> None:
    try:
        place.parent.mkdir(parents=True, exist_ok=True)
        for old in place.parent.glob("*.knowledge"):
            old.unlink(missing_ok=True)
        partial = place.with_suffix(f".{os.getpid()}")
        partial.write_bytes(msgspec.msgpack.encode(library))
        partial.replace(place)
    except OSError:
        return

"""Finds and loads the knowledge, from a cache of data where nothing has changed."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import msgspec

import isocourse
from isocourse.library import Library
from isocourse.library.translations import WORDS

KEPT = 3
"""How many caches are kept beside the newest: one for each folder of one's own that is in use."""
MADE_BY = ("logic", "facts", "decisions", "library", "reading")
"""The rooms whose code decides what a loaded library holds."""


def shipped() -> Path:
    """The knowledge folder that ships with the package."""
    return Path(isocourse.__file__).parent / "knowledge"


def folders(own: Path | None) -> tuple[Path, ...]:
    """The knowledge folders to read: a folder of one's own is laid over the shipped one, or stands in its place if it is whole."""
    if own is None:
        return (shipped(),)
    return (own,) if (own / "decisions").is_dir() else (shipped(), own)


def kinetics_folder(own: Path | None) -> Path | None:
    """The folder whose kinetic numbers count: one's own if it has any, else the shipped one; none where one's own stands alone."""
    return next((root for root in reversed(folders(own)) if (root / "kinetics").is_dir()), None)


def load_library(own: Path | None = None, *, cache: bool = True) -> Library:
    """The library of the shipped knowledge, with a folder of one's own laid over it or in its place.

    The cache holds data, not code, keyed by names, sizes and times of the knowledge files and of the rooms that read them; any failure
    means that the files are read again.

    Raises:
        ReadError: a mistake in the files.
    """
    roots = folders(own)
    place = _cache_place(roots) if cache else None
    if place is not None and (kept := _from_cache(place)) is not None:
        return kept
    from isocourse.reading.library import read_library  # the YAML reader is not needed where the cache serves

    library = read_library(roots)
    if place is not None:
        _to_cache(place, library)
    return library


def cache_folder() -> Path:
    """The user's cache folder for this program: data only, and nothing is lost if it goes."""
    home = os.environ.get("XDG_CACHE_HOME") or os.path.join(os.path.expanduser("~"), ".cache")
    return Path(home) / "isocourse"


def _cache_place(roots: tuple[Path, ...]) -> Path | None:
    return cache_folder() / f"{_stamp(roots)}.knowledge"


def _stamp(roots: tuple[Path, ...]) -> str:
    """What the cache is known by: the name, size and time of every file that the library is made by and made from."""
    import hashlib

    program = os.path.dirname(isocourse.__file__)
    words = f"{os.sep}{WORDS}{os.sep}"
    files = [
        *(found for room in MADE_BY for found in _files(os.path.join(program, room), ".py")),
        *(found for root in roots for found in _files(str(root), ".yaml") if words not in found[0]),
    ]
    whole = hashlib.blake2b(isocourse.__version__.encode(), digest_size=16)
    for path, size, time in sorted(files):
        whole.update(f"{path}\0{size}\0{time}\n".encode())
    return whole.hexdigest()


def _files(folder: str, ending: str) -> Iterator[tuple[str, int, int]]:
    """Path, size and time of every file with that ending, at any depth."""
    with os.scandir(folder) as entries:
        for entry in entries:
            if entry.name.endswith(ending):
                stat = entry.stat()
                yield entry.path, stat.st_size, stat.st_mtime_ns
            elif entry.name != "__pycache__" and entry.is_dir(follow_symlinks=False):
                yield from _files(entry.path, ending)


def _from_cache(place: Path) -> Library | None:
    try:
        return msgspec.msgpack.decode(place.read_bytes(), type=Library)
    except (OSError, msgspec.MsgspecError, ValueError, TypeError):
        return None


def _to_cache(place: Path, library: Library) -> None:
    try:
        place.parent.mkdir(parents=True, exist_ok=True)
        kept = sorted(place.parent.glob("*.knowledge"), key=lambda old: old.stat().st_mtime)
        for old in kept[:-KEPT]:
            old.unlink(missing_ok=True)
        partial = place.with_suffix(f".{os.getpid()}")
        partial.write_bytes(msgspec.msgpack.encode(library))
        partial.replace(place)
    except OSError:
        return

"""Finds and loads the knowledge, from a cache of data where nothing has changed."""

from __future__ import annotations

import os
import zlib
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

    The cache holds data, not code, and the names, sizes and times of the knowledge files and of the rooms that read them, which must
    be those of now; any failure means that the files are read again.

    Raises:
        ReadError: a mistake in the files.
    """
    roots = folders(own)
    if not cache:
        return _read(roots)
    place, made_of = _cache_place(roots), _made_of(roots)
    if (kept := _from_cache(place, made_of)) is not None:
        return kept
    library = _read(roots)
    _to_cache(place, _Kept(made_of, library))
    return library


def _read(roots: tuple[Path, ...]) -> Library:
    from isocourse.reading.library import read_library  # the YAML reader is not needed where the cache serves

    return read_library(roots)


class _Kept(msgspec.Struct, frozen=True, array_like=True):
    """What the cache holds."""

    made_of: bytes
    library: Library


def cache_folder() -> Path:
    """The user's cache folder for this program: data only, and nothing is lost if it goes."""
    home = os.environ.get("XDG_CACHE_HOME") or os.path.join(os.path.expanduser("~"), ".cache")
    return Path(home) / "isocourse"


def _cache_place(roots: tuple[Path, ...]) -> Path:
    return cache_folder() / f"{zlib.crc32(os.fsencode(os.pathsep.join(map(str, roots)))):08x}.knowledge"


def _made_of(roots: tuple[Path, ...]) -> bytes:
    """The name, size and time of every file that the library is made by and made from."""
    program = os.path.dirname(isocourse.__file__)
    words = f"{os.sep}{WORDS}{os.sep}"
    files = [
        *(found for room in MADE_BY for found in _files(os.path.join(program, room), ".py")),
        *(found for root in roots for found in _files(str(root), ".yaml") if words not in found[0]),
    ]
    lines = (f"{path}\0{size}\0{time}" for path, size, time in sorted(files))
    return os.fsencode("\n".join([isocourse.__version__, *lines]))


def _files(folder: str, ending: str) -> Iterator[tuple[str, int, int]]:
    """Path, size and time of every file with that ending, at any depth."""
    with os.scandir(folder) as entries:
        for entry in entries:
            if entry.name.endswith(ending):
                stat = entry.stat()
                yield entry.path, stat.st_size, stat.st_mtime_ns
            elif entry.name != "__pycache__" and entry.is_dir(follow_symlinks=False):
                yield from _files(entry.path, ending)


def _from_cache(place: Path, made_of: bytes) -> Library | None:
    try:
        kept = msgspec.msgpack.decode(place.read_bytes(), type=_Kept)
    except (OSError, msgspec.MsgspecError, ValueError, TypeError):
        return None
    return kept.library if kept.made_of == made_of else None


def _to_cache(place: Path, kept: _Kept) -> None:
    try:
        place.parent.mkdir(parents=True, exist_ok=True)
        others = sorted(place.parent.glob("*.knowledge"), key=lambda old: old.stat().st_mtime)
        for old in others[:-KEPT]:
            old.unlink(missing_ok=True)
        partial = place.with_suffix(f".{os.getpid()}")
        partial.write_bytes(msgspec.msgpack.encode(kept))
        partial.replace(place)
    except OSError:
        return

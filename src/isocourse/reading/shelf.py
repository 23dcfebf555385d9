"""A knowledge folder, read file by file, keeping every mistake."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeVar

from isocourse.facts.problem import ReadError
from isocourse.library.knowledge import Case
from isocourse.reading.yaml_text import Node, load_text

Made = TypeVar("Made")


@dataclass(slots=True)
class Found:
    """Everything read so far, and the mistakes met."""

    errors: list[ReadError] = field(default_factory=list)
    cases: list[Case] = field(default_factory=list)


def knowledge_files(root: Path) -> list[Path]:
    """The knowledge files, in a fixed order."""
    return sorted(root.rglob("*.yaml"))


class Shelf:
    """A knowledge folder, read file by file, keeping every mistake."""

    def __init__(self, root: Path, found: Found) -> None:
        self.root = root
        self.found = found

    def each(self, folder: str, make: Callable[[Node, str], Made], but: tuple[str, ...] = ()) -> list[Made]:
        """What every file of a folder makes, less those of the names in `but`."""
        paths = [path for path in knowledge_files(self.root / folder) if path.stem not in but]
        return [made for path in paths for made in self.one(path, make)]

    def some(self, name: str, make: Callable[[Node, str], Made]) -> list[Made]:
        """What one file makes, if it is there."""
        path = self.root / name
        return list(self.one(path, make)) if path.exists() else []

    def one(self, path: Path, make: Callable[[Node, str], Made]) -> Iterator[Made]:
        """What a file makes, unless it has a mistake."""
        try:
            yield make(load_text(path.read_text(encoding="utf-8"), self.short(path)), self.short(path))
        except ReadError as error:
            self.found.errors.append(error)

    def short(self, path: Path) -> str:
        """The path as messages show it."""
        return path.relative_to(self.root).as_posix()

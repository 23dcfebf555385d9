"""Knowledge folders laid over each other, read file by file, keeping every mistake."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import cached_property
from pathlib import Path, PurePosixPath
from typing import TypeVar

from msgspec import Struct, field

from isocourse.facts.problem import ReadError
from isocourse.facts.utf8 import utf8
from isocourse.library.knowledge import Case
from isocourse.reading.yaml_text import Node, load_text

Made = TypeVar("Made")


class Found(Struct):
    """Everything read so far, and the mistakes met."""

    errors: list[ReadError] = field(default_factory=list)
    cases: list[Case] = field(default_factory=list)


class Sheet(Struct, frozen=True, dict=True):
    """One knowledge file: its name inside the knowledge, and where it is."""

    name: str
    path: Path

    @cached_property
    def content(self) -> bytes:
        """What stands in it."""
        return self.path.read_bytes()

    @property
    def text(self) -> str:
        """The same as text.

        Raises:
            ReadError: it is not UTF-8.
        """
        return utf8(self.content, self.name)

    @property
    def stem(self) -> str:
        """The file's name without folder and ending."""
        return self.path.stem

    @property
    def parts(self) -> tuple[str, ...]:
        """The folders it lies in and its own name without the ending."""
        return PurePosixPath(self.name).with_suffix("").parts


def knowledge_files(roots: Sequence[Path]) -> list[Sheet]:
    """The knowledge files in a fixed order; a file of a later folder stands for the one of the same name in an earlier."""
    found = {path.relative_to(root).as_posix(): path for root in roots for path in root.rglob("*.yaml")}
    return [Sheet(name, found[name]) for name in sorted(found)]


class Shelf:
    """Knowledge folders laid over each other, read file by file, keeping every mistake."""

    def __init__(self, sheets: Sequence[Sheet], found: Found) -> None:
        self.sheets, self.found = sheets, found

    def within(self, folder: str) -> list[Sheet]:
        """The files of a folder and the folders below it."""
        return [sheet for sheet in self.sheets if sheet.name.startswith(f"{folder}/")]

    def each(self, folder: str, make: Callable[[Node, str], Made], but: tuple[str, ...] = ()) -> list[Made]:
        """What every file of a folder makes, less the files and folders of the names in `but`."""
        sheets = [sheet for sheet in self.within(folder) if not set(but).intersection(sheet.parts)]
        return [made for sheet in sheets for made in self.one(sheet, make)]

    def some(self, name: str, make: Callable[[Node, str], Made]) -> list[Made]:
        """What one file makes, if it is there."""
        return [made for sheet in self.sheets if sheet.name == name for made in self.one(sheet, make)]

    def one(self, sheet: Sheet, make: Callable[[Node, str], Made]) -> Iterator[Made]:
        """What a file makes, unless it has a mistake."""
        try:
            yield make(load_text(sheet.text, sheet.name), sheet.name)
        except ReadError as error:
            self.found.errors.append(error)

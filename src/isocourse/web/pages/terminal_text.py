"""A page of the terminal as parts for a browser: each heading with its lines, so that both faces say the same."""

from __future__ import annotations

from dataclasses import dataclass, field

from isocourse.render.commands import without_commands


@dataclass(slots=True)
class Block:
    """A heading, and the lines under it with their depth."""

    head: str
    lines: list[tuple[int, str]] = field(default_factory=list)


def blocks(text: str) -> list[Block]:
    r"""The parts of a page; the first has no heading.

    >>> blocks("a\n\nHEAD\n----\n  b\n    c\n")
    [Block(head='', lines=[(0, 'a')]), Block(head='HEAD', lines=[(1, 'b'), (2, 'c')])]
    """
    found = [Block("")]
    lines = text.split("\n")
    for line, below in zip(lines, [*lines[1:], ""], strict=True):
        bare = without_commands(line.strip())
        if not bare or set(bare) == {"-"}:
            continue
        if below and set(below) == {"-"}:
            found.append(Block(bare))
        else:
            found[-1].lines.append(((len(line) - len(line.lstrip())) // 2, bare))
    return [block for block in found if block.head or block.lines]

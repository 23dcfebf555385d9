"""The text of a file, whoever it comes from, and where a byte of it is none."""

from __future__ import annotations

from isocourse.facts.frames import said
from isocourse.facts.problem import ReadError


def utf8(content: bytes, name: str) -> str:
    r"""The text of a file, without the mark that some programs put before it.

    Args:
        content: the file.
        name: what the file is called, for the message.

    Raises:
        ReadError: a byte of it is not UTF-8; with line, column, and which byte.

    >>> utf8("\ufeffisocourse: '1'".encode(), "record")
    "isocourse: '1'"
    """
    try:
        return content.decode().removeprefix("\ufeff")
    except UnicodeDecodeError as problem:
        before = content[: problem.start].decode()
        line, column = before.count("\n") + 1, len(before) - before.rfind("\n")
        raise ReadError(name, line, column, said("form.bytes", n=str(problem.start))) from None

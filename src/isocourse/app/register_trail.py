"""The trail of who looked at what as a table, for an auditor to keep or to count in."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator

import msgspec

from isocourse.app.register_table import guarded
from isocourse.register.register import Register
from isocourse.register.trail import Line, Wish, every_line

COLUMNS = tuple(field.name for field in msgspec.structs.fields(Line))
AT_ONCE = 500
"""Lines of a table that are handed over together."""


def table_of(register: Register, wish: Wish) -> Iterator[bytes]:
    """The wanted entries as CSV, in the order in which they were written, some hundreds at a time."""
    file = io.StringIO()
    table = csv.writer(file, lineterminator="\n")
    table.writerow(COLUMNS)
    with register.reading() as connection:
        for number, line in enumerate(every_line(connection, wish), 1):
            table.writerow(guarded(str(cell)) for cell in msgspec.structs.astuple(line))
            if number % AT_ONCE == 0:
                yield _taken(file)
    yield _taken(file)


def _taken(file: io.StringIO) -> bytes:
    text = file.getvalue()
    file.seek(0)
    file.truncate()
    return text.encode()

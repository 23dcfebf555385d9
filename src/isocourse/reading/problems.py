"""What an author or a user hears when a file cannot be read as what it claims to be."""

from __future__ import annotations


class ReadError(Exception):
    """A file that is refused: where, and what is wrong, on one line."""

    def __init__(self, path: str, line: int, column: int, message: str) -> None:
        self.path, self.line, self.column, self.message = path, line, column, message
        where = f"{path}:{line}:{column}" if line else path
        super().__init__(f"{where}: {message}")

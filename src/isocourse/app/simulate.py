"""Answers a question about kinetics: loads the annotated model, takes what a record says, and runs the crowd."""

from __future__ import annotations

from pathlib import Path

from isocourse.app.knowledge import shipped
from isocourse.reading.kinetics import KineticKnowledge, read_kinetics


def load_kinetics(root: Path | None = None) -> KineticKnowledge:
    """The kinetic knowledge of a folder; the shipped one by default.

    Raises:
        ReadError: a mistake in the files.
    """
    return read_kinetics(root or shipped())

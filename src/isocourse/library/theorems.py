"""What the knowledge says must be proved of it: safety/theorems.yaml, as read."""

from msgspec import Struct

from isocourse.decisions.tables import Say


class WorsePair(Struct, frozen=True):
    """A fact that gets worse in one direction, and the points whose answers it must never relax."""

    fact: str
    higher: bool
    points: tuple[str, ...]


class Exempt(Struct, frozen=True):
    """Where a theorem is known not to hold, and why that is accepted."""

    theorem: str
    about: str
    why: str


class Theorems(Struct, frozen=True):
    """The safety rules of the design, as far as they are stated over facts."""

    say: tuple[tuple[str, Say], ...] = ()
    """Each theorem in words."""
    needs: int = -1
    """What rule 1 asks for: a negative last test, taken for or near this prescription."""
    red: tuple[tuple[str, tuple[tuple[str, str], ...]], ...] = ()
    """For each red line the findings (point, find) that speak of the same thing."""
    worse: tuple[WorsePair, ...] = ()
    exempt: tuple[Exempt, ...] = ()

"""An instrument: what it measures, how it is scored, its bands with their gaps, and what its licence allows."""

from msgspec import Struct

from isocourse.decisions.tables import Say
from isocourse.facts.instruments import Scale
from isocourse.library.said import Said


class Item(Struct, frozen=True):
    """One item: our own short name, and its printed wording only where the licence allows it."""

    name: str
    weight: int
    text: str = ""


class Band(Struct, frozen=True):
    """Scores that carry one name; a band without one is a gap that the authors left."""

    low: int
    high: int | None
    """None: no upper end is given."""
    name: str
    note: str
    claims: tuple[str, ...]


class Watch(Struct, frozen=True):
    """An item whose answer counts whatever the total."""

    item: int
    at_least: int
    stream: str
    text: str
    claims: tuple[str, ...]


class Instrument(Struct, frozen=True):
    """One instrument."""

    name: str
    say: Say
    measures: str
    filled_by: str
    """patient or clinician."""
    stream: str
    scale: Scale | None
    """None for a bare count, which has no upper end."""
    items: tuple[Item, ...]
    bands: tuple[Band, ...]
    watches: tuple[Watch, ...]
    scoring: tuple[Said, ...]
    notes: tuple[Said, ...]
    licence: Said
    texts_allowed: bool
    open: tuple[str, ...]

    def bands_within(self, low: int, high: int) -> tuple[Band, ...]:
        """The bands that a score between `low` and `high` may still be in, gaps included."""
        return tuple(band for band in self.bands if band.low <= high and (band.high is None or low <= band.high))

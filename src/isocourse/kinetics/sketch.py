"""Percentiles by counting: fine logarithmic bins for every moment, the same memory for a thousand patients and a million."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from isocourse.kinetics.draws import Floats

PER_OCTAVE_BITS = 6
"""64 bins from one power of two to the next: each at most 1.6 % wide."""
LOWEST, HIGHEST = -10, 14
"""Powers of two that bins reach: 0.001 to 16,384 ng/mL; what lies below is counted in the first bin, above in the last."""
BINS = (HIGHEST - LOWEST) << PER_OCTAVE_BITS
ROW = BINS + 16
GROUP = 1 << 17
"""Counters that are filled at once."""
SHIFT = 23 - PER_OCTAVE_BITS
BASE = (127 + LOWEST) << PER_OCTAVE_BITS
"""The bits of a float32 above `SHIFT`, less this, are its bin: exponent, then the first bits of the mantissa."""


@dataclass(slots=True)
class Sketch:
    """Counts for each moment and bin."""

    counts: NDArray[np.uint32]
    """Shape (days, moments of a day, ROW); a row is a little longer than its bins, so that rows do not crowd in the cache."""
    shape: tuple[int, ...]
    """What the moments stand for: (days, species, steps)."""

    @classmethod
    def empty(cls, shape: tuple[int, ...]) -> Sketch:
        """No counts yet."""
        return cls(np.zeros((shape[0], int(np.prod(shape[1:])), ROW), dtype=np.uint32), shape)

    def add(self, levels: Floats) -> None:
        """Counts levels of shape (patients, *shape)."""
        days, width, _ = self.counts.shape
        flat = levels.reshape(len(levels), days, width)
        group = max(1, GROUP // (width * ROW))
        for first in range(0, days, group):
            places = bins_of(flat[:, first : first + group])
            many = places.shape[1]
            places += (np.arange(many * width) * ROW).reshape(many, width)
            found = np.bincount(places.ravel(), minlength=many * width * ROW)
            self.counts[first : first + many] += found.reshape(many, width, ROW).astype(np.uint32)

    def merge(self, other: Sketch) -> None:
        """Adds the counts of another sketch of the same shape."""
        self.counts += other.counts

    def quantiles(self, shares: tuple[float, ...]) -> Floats:
        """The levels below which those shares of the patients lie; shape (shares, *shape)."""
        edges = bin_edges()
        days, width, _ = self.counts.shape
        found = np.empty((len(shares), days, width))
        columns = np.arange(width)
        for day in range(days):
            part = self.counts[day].T[:BINS].astype(np.int64).cumsum(axis=0)
            total = part[-1]
            for place, share in enumerate(shares):
                wanted = share * total
                at = (part < wanted).sum(axis=0).clip(0, BINS - 1)
                before = np.where(at > 0, part[at - 1, columns], 0)
                inside = np.maximum(part[at, columns] - before, 1)
                weight = ((wanted - before) / inside).clip(0.0, 1.0)
                found[place, day] = edges[at] + weight * (edges[at + 1] - edges[at])
        return found.reshape(len(shares), *self.shape)


def bins_of(levels: Floats) -> NDArray[np.int64]:
    """The bin of each level."""
    bits = levels.astype(np.float32).view(np.int32) >> SHIFT
    return (bits.astype(np.int64) - BASE).clip(0, BINS - 1)


def bin_edges() -> Floats:
    """The edges of the bins; the first bin begins at 0."""
    bits = ((np.arange(BINS + 1, dtype=np.int64) + BASE) << SHIFT).astype(np.int32)
    edges = bits.view(np.float32).astype(np.float64)
    edges[0] = 0.0
    return edges

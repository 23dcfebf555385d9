"""Memory used again from tile to tile: fresh pages cost more than what is computed in them."""

from __future__ import annotations

import numpy as np

from isocourse.kinetics.draws import Floats


class Room:
    """Arrays by name; a tile made in a room is good until the next one is made in it."""

    def __init__(self) -> None:
        self._held: dict[str, Floats] = {}

    def array(self, name: str, shape: tuple[int, ...]) -> Floats:
        """An array of that shape, with whatever was in it."""
        size = int(np.prod(shape))
        if name not in self._held or self._held[name].size < size:
            self._held[name] = np.empty(size)
        return self._held[name][:size].reshape(shape)

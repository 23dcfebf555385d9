"""Memory used again from tile to tile: fresh pages cost more than what is computed in them."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar, cast

import numpy as np

from isocourse.kinetics.draws import Floats

Made = TypeVar("Made")


class Room:
    """Arrays by name; a tile made in a room is good until the next one is made in it."""

    def __init__(self) -> None:
        self._held: dict[str, Floats] = {}
        self._made: dict[str, tuple[object, object]] = {}

    def array(self, name: str, shape: tuple[int, ...]) -> Floats:
        """An array of that shape, with whatever was in it."""
        size = int(np.prod(shape))
        if name not in self._held or self._held[name].size < size:
            self._held[name] = np.empty(size)
        return self._held[name][:size].reshape(shape)

    def once(self, name: str, key: object, make: Callable[[], Made]) -> Made:
        """What `make` gives, kept as long as the key stays the same."""
        if name not in self._made or self._made[name][0] != key:
            self._made[name] = (key, make())
        return cast("Made", self._made[name][1])

"""Random numbers that belong to a patient: number j of patient i is the same whatever is simulated beside it."""

from __future__ import annotations

from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

Floats: TypeAlias = NDArray[Any]
"""An array of float64; a cube may be of float32."""

PEOPLE, DOSES, ASSAYS, ADHERENCE = 1, 2, 3, 4
"""What a stream of numbers is for; streams of one seed never overlap."""

_BLOCK = 4
"""Philox makes four 64-bit words for each value of its counter."""


def uniforms(seed: int, purpose: int, start: int, stop: int, each: int) -> Floats:
    """Numbers in (0, 1), shape (stop - start, each): the row of patient i depends on seed, purpose, i and `each` alone.

    Philox is counter-based: the counter is the patient, so any tile begins where its first patient stands.

    >>> whole = uniforms(7, PEOPLE, 0, 10, 5)
    >>> bool((whole[6:] == uniforms(7, PEOPLE, 6, 10, 5)).all())
    True
    """
    blocks = -(-each // _BLOCK)
    philox = np.random.Philox(counter=start * blocks, key=(purpose << 64) | (seed & (2**64 - 1)))
    words = philox.random_raw((stop - start) * blocks * _BLOCK).reshape(stop - start, blocks * _BLOCK)
    return ((words[:, :each] >> np.uint64(11)).astype(np.float64) + 0.5) * 2.0**-53


def normals(seed: int, purpose: int, start: int, stop: int, each: int) -> Floats:
    """Standard normal numbers, shape (stop - start, each), by the method of Box and Muller."""
    half = -(-each // 2)
    found = uniforms(seed, purpose, start, stop, 2 * half)
    radius = np.sqrt(-2.0 * np.log(found[:, :half]))
    angle = (2.0 * np.pi) * found[:, half:]
    return np.concatenate((radius * np.cos(angle), radius * np.sin(angle)), axis=1)[:, :each]

"""A sentence of ours with the claims it rests on: what every page of reference is made of."""

from __future__ import annotations

from msgspec import Struct


class Said(Struct, frozen=True):
    """One sentence in our own words, and the claims behind it."""

    text: str
    claims: tuple[str, ...]

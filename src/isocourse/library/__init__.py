"""What a loaded knowledge base is, and what judging a record with it gives: frozen types only."""

from isocourse.library.assessment import Asked, Assessment
from isocourse.library.effects import Effect
from isocourse.library.instruments import Instrument
from isocourse.library.interactions import Interaction
from isocourse.library.knowledge import Case, Claim, Library, Work
from isocourse.library.products import Product
from isocourse.library.said import Said

__all__ = [
    "Asked",
    "Assessment",
    "Case",
    "Claim",
    "Effect",
    "Instrument",
    "Interaction",
    "Library",
    "Product",
    "Said",
    "Work",
]

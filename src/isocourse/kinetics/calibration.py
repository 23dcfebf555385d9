"""placeholder"""
from dataclasses import dataclass
FIGURES = {}
@dataclass(frozen=True, slots=True)
class Item:
    id: str; computes: str; says: str; unit: str; published: str; low: float; high: float; fitted: bool; remembered: bool; sources: tuple; note: str

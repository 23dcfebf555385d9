"""What a loaded knowledge base is, and what judging a record with it gives: frozen types only."""

from isocourse.library.assessment import Asked, Assessment
from isocourse.library.knowledge import Case, Claim, Library, Product, Work

__all__ = ["Asked", "Assessment", "Case", "Claim", "Library", "Product", "Work"]

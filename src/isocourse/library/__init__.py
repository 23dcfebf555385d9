"""What a loaded knowledge base is: frozen types only."""

from isocourse.library.knowledge import Case, Claim, Library, Product, Work

__all__ = ["Case", "Claim", "Library", "Product", "Work"]

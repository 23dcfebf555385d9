"""Isocourse: published guidance on oral isotretinoin for acne, as a program."""

__all__ = ["__version__"]

__version__ = "0.1.0"

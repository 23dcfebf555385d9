"""Truth, units, the rule language and its lowerings; knows nothing of medicine.

Its modules are imported one by one, so that a command loads only what it needs.
"""

__all__ = ["compiled", "exact", "explain", "problems", "reference", "syntax", "tree", "truth", "typing", "units"]

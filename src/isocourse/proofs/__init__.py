"""Proofs: the rule tree as formulas of a solver, what follows for every patient, and whom two positions part on."""

__all__ = ["lowering", "pairs", "question"]

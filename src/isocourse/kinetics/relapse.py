"""Relapse as a cohort saw it: an association with the total dose. Never worked out from sebum, never a forecast for one patient."""

from __future__ import annotations

from dataclasses import dataclass
from math import exp

from isocourse.kinetics.parameters import Relapse
from isocourse.kinetics.problem import KineticsError


@dataclass(frozen=True, slots=True)
class Share:
    """The share of a cohort that relapses within some years, with the range from the cohort's own interval."""

    middle: float
    low: float
    high: float


def relapsed(model: Relapse, cumulative_mg_per_kg: float, years: float, female: bool | None = None) -> Share:
    """The share of patients with this total dose who relapse within some years.

    Raises:
        KineticsError: a negative dose or time.
    """
    if cumulative_mg_per_kg < 0 or years < 0:
        raise KineticsError(
            "relapse", f"{cumulative_mg_per_kg:g} mg/kg, {years:g} years", "values of 0 or more", "correct them"
        )
    shares = [
        _share(model, cumulative_mg_per_kg, years, female, each.value)
        for each in (model.ratio_per_mg_kg, model.ratio_low, model.ratio_high)
    ]
    return Share(shares[0], min(shares), max(shares))


def sex_factor(model: Relapse, female: bool | None) -> float:
    """The hazard of this sex against that of the mixed cohort."""
    mixed = 1.0 + (model.female.value - 1.0) * model.share_female.value
    if female is None:
        return 1.0
    return (model.female.value if female else 1.0) / mixed


def _share(model: Relapse, dose: float, years: float, female: bool | None, ratio: float) -> float:
    strength = model.scale.value * ratio ** (dose - model.reference_mg_kg.value) * sex_factor(model, female)
    return 1.0 - exp(-strength * (1.0 - exp(-model.rate_per_year.value * years)))

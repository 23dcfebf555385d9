"""What a kinetic model is made of: every number with its unit, where it comes from, and how far it can be trusted."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

from isocourse.kinetics.problem import KineticsError

Mark = Literal["SAW-P", "SAW-S", "DER", "MEM", "fitted", "assumed"]
"""How a number came here: read at source, read second-hand, arithmetic from numbers read, remembered only, fitted to numbers read, assumed."""

FORMULATIONS = ("conventional", "lidose", "micronised", "suspension")
FOODS = ("high_fat", "meal", "fasted")

Variability = Literal["healthy", "clinic", "none"]


@dataclass(frozen=True, slots=True)
class Parameter:
    """One number of the model."""

    value: float
    unit: str
    mark: Mark
    log_sd: float = 0.0
    """Standard deviation of the natural logarithm between people; 0 means the same for all."""
    log_sd_clinic: float | None = None
    """The same among patients in a clinic rather than healthy volunteers, where it differs."""
    weight_power: float = 0.0
    """The value is multiplied by (weight / reference weight) to this power."""
    cap: float | None = None
    """No person's value is above this."""
    sources: tuple[str, ...] = ()
    assumption: str = ""
    note: str = ""

    def spread(self, variability: Variability) -> float:
        """The log-SD between people, for the kind of people asked about."""
        if variability == "none":
            return 0.0
        if variability == "clinic" and self.log_sd_clinic is not None:
            return self.log_sd_clinic
        return self.log_sd


@dataclass(frozen=True, slots=True)
class Disposition:
    """What becomes of the drug once absorbed; apparent values, per available fraction of a conventional capsule with a high-fat meal."""

    clearance: Parameter
    central_volume: Parameter
    exchange: Parameter
    peripheral_volume: Parameter
    oxo_loss: Parameter
    oxo_volume: Parameter
    oxo_mass_ratio: Parameter
    reference_weight: Parameter


@dataclass(frozen=True, slots=True)
class Absorption:
    """How one formulation in one food state reaches the blood."""

    formulation: str
    food: str
    share: Parameter
    """Relative bioavailability; 1 is a conventional capsule with a high-fat meal."""
    rate: Parameter
    lag: Parameter

    @property
    def key(self) -> tuple[str, str]:
        """Formulation and food state."""
        return self.formulation, self.food


@dataclass(frozen=True, slots=True)
class Endogenous:
    """Levels that a person has without the drug."""

    parent: Parameter
    oxo: Parameter
    tretinoin: Parameter


@dataclass(frozen=True, slots=True)
class Tretinoin:
    """The isomer, as a side branch; low confidence."""

    share: Parameter
    clearance: Parameter
    loss: Parameter


@dataclass(frozen=True, slots=True)
class Recycling:
    """Bile recycling, off unless asked for; low confidence."""

    to_bile: Parameter
    returned: Parameter
    meals_h: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class Noise:
    """What differs from dose to dose and from measurement to measurement."""

    occasion: Parameter
    residual: Parameter


@dataclass(frozen=True, slots=True)
class Sebum:
    """Three linear pools: regenerative capacity, gland mass, sebum; rates per week."""

    sebum_turnover: Parameter
    gland_turnover: Parameter
    max_effect: Parameter
    effect_level: Parameter
    loss_rate: Parameter
    loss_level: Parameter
    regrowth: Parameter


@dataclass(frozen=True, slots=True)
class Flare:
    """The early worsening of some patients."""

    shares: tuple[tuple[str, Parameter], ...]
    """Grade and the share of patients who have it, mild first."""
    heights: tuple[Parameter, ...]
    peak_week: Parameter
    end_week: Parameter


@dataclass(frozen=True, slots=True)
class Lesions:
    """Lesions follow sebum with a delay; low confidence."""

    rate: Parameter
    power: Parameter
    nodule_rate: Parameter
    flare: Flare


@dataclass(frozen=True, slots=True)
class Relapse:
    """A cure-type hazard taken from a cohort; never from sebum."""

    scale: Parameter
    ratio_per_mg_kg: Parameter
    ratio_low: Parameter
    ratio_high: Parameter
    reference_mg_kg: Parameter
    female: Parameter
    share_female: Parameter
    rate_per_year: Parameter


@dataclass(frozen=True, slots=True)
class Model:
    """The whole model, as its annotated data say."""

    disposition: Disposition
    absorption: tuple[Absorption, ...]
    endogenous: Endogenous
    tretinoin: Tretinoin
    recycling: Recycling
    noise: Noise
    sebum: Sebum
    lesions: Lesions
    relapse: Relapse
    confidence: tuple[tuple[str, str], ...] = ()
    """How far each part can be trusted, in words."""

    def absorbed(self, formulation: str, food: str) -> Absorption:
        """How a formulation is absorbed in a food state.

        Raises:
            KineticsError: no number was seen for that pair.
        """
        for each in self.absorption:
            if each.key == (formulation, food):
                return each
        known = ", ".join(f"{each.formulation} {each.food}" for each in self.absorption)
        raise KineticsError(
            f"absorption of {formulation} {food}",
            "no published number was seen for this pair",
            f"one of {known}",
            "choose one of these, or add a parameter with its source to knowledge/kinetics/absorption.yaml",
        )

    def check(self) -> None:
        """Refuses values that no body can have.

        Raises:
            KineticsError: a clearance, volume or rate that is not above zero, or a lag below zero.
        """
        parts: tuple[Any, ...] = (
            self.disposition,
            *self.absorption,
            self.endogenous,
            self.tretinoin,
            self.noise,
            self.sebum,
        )
        for part in parts:
            for name in part.__dataclass_fields__:
                held = getattr(part, name)
                if isinstance(held, Parameter):
                    _check(f"{type(part).__name__.lower()}.{name}", held)


def _check(name: str, held: Parameter) -> None:
    lowest_allowed = name.endswith(".lag") or name.startswith("noise")
    if held.value < 0 or (held.value == 0 and not lowest_allowed):
        raise KineticsError(name, f"{held.value:g} {held.unit}", "a value above zero", "correct the parameter")
    if held.log_sd < 0:
        raise KineticsError(name, f"log-SD {held.log_sd:g}", "zero or more", "correct the parameter")

"""Virtual patients: who they are follows from the seed and their number alone, so any part of the crowd can be made by itself."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

import numpy as np

from isocourse.kinetics.draws import PEOPLE, Floats, normals
from isocourse.kinetics.parameters import Absorption, Model, Parameter, Variability
from isocourse.kinetics.problem import KineticsError

AgeGroup = Literal["adult", "adolescent"]
GIVEN = (
    "weight_kg",
    "clearance",
    "central_volume",
    "exchange",
    "peripheral_volume",
    "oxo_loss",
    "oxo_volume",
    "share",
    "rate",
    "lag",
)
"""Columns that a table of given patients may have; units as in the parameter files."""

_COLUMNS = 20
"""Normal numbers that belong to each patient; the order below is fixed, so that a new one goes at the end."""
(
    _WEIGHT,
    _CLEARANCE,
    _CENTRAL,
    _EXCHANGE,
    _PERIPHERAL,
    _OXO_LOSS,
    _OXO_VOLUME,
    _SHARE,
    _RATE,
    _LAG,
    _TRETINOIN,
    _BASE_PARENT,
    _BASE_OXO,
    _BASE_TRETINOIN,
    _EFFECT_LEVEL,
    _LOSS_RATE,
    _REGROWTH,
    _FLARE,
) = range(18)


@dataclass(frozen=True, slots=True)
class Absorbed:
    """How some patients absorb one formulation in one food state; arrays of shape (patients,)."""

    share: Floats
    rate_per_h: Floats
    lag_h: Floats


@dataclass(frozen=True, slots=True)
class People:
    """Some patients, one value each; arrays of shape (patients,)."""

    weight_kg: Floats
    clearance_l_h: Floats
    central_l: Floats
    exchange_l_h: Floats
    peripheral_l: Floats
    oxo_loss_per_h: Floats
    oxo_l: Floats
    tretinoin_clearance_l_h: Floats
    tretinoin_loss_per_h: Floats
    base_ng_ml: Floats
    """Endogenous parent, 4-oxo and tretinoin; shape (3, patients)."""
    effect_level: Floats
    loss_rate: Floats
    regrowth: Floats
    flare: Floats
    """A standard normal number that decides on a flare."""
    normal: Floats
    """The patient's own numbers for share, rate and lag; shape (3, patients)."""

    def __len__(self) -> int:
        return len(self.weight_kg)


@dataclass(frozen=True, slots=True)
class Population:
    """A crowd of virtual patients, or some given ones.

    Args:
        model: the annotated parameters.
        n: how many.
        seed: decides who they are, together with their number.
        weight_kg: median body weight; 70 kg is the model's reference adult.
        weight_log_sd: spread of body weight; 0 gives everybody the same.
        variability: healthy (volunteers of a crossover), clinic (clearance varies more) or none (everybody typical).
        age_group: adult or adolescent; an adolescent differs by weight alone, since no adolescent values were seen.
        female: sex, for relapse only; None is a mixed crowd.
        given: columns of given patients instead of drawn ones; what is not given is typical.
    """

    model: Model
    n: int = 1000
    seed: int = 1
    weight_kg: float = 70.0
    weight_log_sd: float = 0.0
    variability: Variability = "healthy"
    age_group: AgeGroup = "adult"
    female: bool | None = None
    given: Mapping[str, Floats] = field(default_factory=dict)

    def __post_init__(self) -> None:
        _check(self)

    @classmethod
    def sample(cls, model: Model, n: int, *, seed: int = 1, weight_kg: float = 70.0, **more: object) -> Population:
        """A drawn crowd; the other keywords are those of the class."""
        return cls(model, n, seed, weight_kg, **more)  # type: ignore[arg-type]  # passed on as they are

    @classmethod
    def typical(cls, model: Model, *, weight_kg: float = 70.0) -> Population:
        """One patient with every value at its median."""
        return cls(model, 1, weight_kg=weight_kg, variability="none")

    @classmethod
    def of(cls, model: Model, **columns: Floats) -> Population:
        """Given patients: columns by the names in `GIVEN`, all of one length; what is not given is typical."""
        held = {name: np.atleast_1d(np.asarray(column, dtype=np.float64)) for name, column in columns.items()}
        lengths = {len(column) for column in held.values()}
        if len(lengths) != 1:
            raise KineticsError(
                "given patients", f"columns of {sorted(lengths)} rows", "one length", "give one row each"
            )
        return cls(model, lengths.pop(), variability="none", given=held)

    def people(self, start: int = 0, stop: int | None = None) -> People:
        """The patients from one number up to, not including, another."""
        stop = self.n if stop is None else min(stop, self.n)
        typical = self.variability == "none"
        drawn = np.zeros((stop - start, _COLUMNS)) if typical else normals(self.seed, PEOPLE, start, stop, _COLUMNS)
        body = self.model.disposition
        weight = self._column("weight_kg", start, stop, self.weight_kg * np.exp(self.weight_log_sd * drawn[:, _WEIGHT]))
        ratio = weight / body.reference_weight.value

        def value(held: Parameter, column: int, name: str = "") -> Floats:
            spread = held.spread(self.variability)
            found = held.value * np.exp(spread * drawn[:, column]) * ratio**held.weight_power
            if held.cap is not None:
                found = np.minimum(found, held.cap)
            return self._column(name, start, stop, found)

        base, sebum = self.model.endogenous, self.model.sebum
        return People(
            weight,
            value(body.clearance, _CLEARANCE, "clearance"),
            value(body.central_volume, _CENTRAL, "central_volume"),
            value(body.exchange, _EXCHANGE, "exchange"),
            value(body.peripheral_volume, _PERIPHERAL, "peripheral_volume"),
            value(body.oxo_loss, _OXO_LOSS, "oxo_loss"),
            value(body.oxo_volume, _OXO_VOLUME, "oxo_volume"),
            value(self.model.tretinoin.clearance, _TRETINOIN),
            value(self.model.tretinoin.loss, _TRETINOIN) * 0 + self.model.tretinoin.loss.value,
            np.stack(
                [value(base.parent, _BASE_PARENT), value(base.oxo, _BASE_OXO), value(base.tretinoin, _BASE_TRETINOIN)]
            ),
            value(sebum.effect_level, _EFFECT_LEVEL),
            value(sebum.loss_rate, _LOSS_RATE),
            value(sebum.regrowth, _REGROWTH),
            drawn[:, _FLARE],
            np.stack([drawn[:, _SHARE], drawn[:, _RATE], drawn[:, _LAG]]),
        )

    def absorbed(self, people: People, how: Absorption, start: int, interval_h: float) -> Absorbed:
        """How the patients numbered from `start` absorb; a drawn lag is kept below the dosing interval.

        Raises:
            KineticsError: a median or given lag as long as the interval.
        """
        stop = start + len(people)
        share, rate, lag = (
            held.value * np.exp(held.spread(self.variability) * row)
            for held, row in zip((how.share, how.rate, how.lag), people.normal, strict=True)
        )
        lag = np.minimum(lag, how.lag.cap) if how.lag.cap is not None else lag
        given_lag = self._column("lag", start, stop, lag)
        check_lag(how, float(given_lag.max()) if "lag" in self.given else how.lag.value, interval_h)
        return Absorbed(
            self._column("share", start, stop, share),
            self._column("rate", start, stop, rate),
            np.minimum(given_lag, LAG_SHARE * interval_h),
        )

    def _column(self, name: str, start: int, stop: int, drawn: Floats) -> Floats:
        return self.given[name][start:stop] if name in self.given else drawn


LAG_SHARE = 0.999
"""A drawn lag is at most this share of the shortest dosing interval."""


def check_lag(how: Absorption, lag_h: float, interval_h: float) -> None:
    """Refuses a lag as long as the interval: doses would then be absorbed after the next one was taken.

    Raises:
        KineticsError: as said.
    """
    if lag_h >= interval_h:
        raise KineticsError(
            f"lag of {how.formulation} {how.food}",
            f"{lag_h:g} h",
            f"less than the shortest dosing interval of {interval_h:g} h",
            "take doses further apart or correct the lag",
        )


def _check(asked: Population) -> None:
    if asked.n < 1:
        raise KineticsError("patients", f"{asked.n}", "1 or more", "give a number, such as 1000")
    if asked.seed < 0:
        raise KineticsError("seed", f"{asked.seed}", "0 or more", "give a whole number")
    if not 0 < asked.weight_kg < float("inf"):
        raise KineticsError("weight", f"{asked.weight_kg:g} kg", "above 0", "correct the weight")
    if asked.weight_kg < SMALLEST_KG:
        raise KineticsError(
            "weight",
            f"{asked.weight_kg:g} kg",
            f"{SMALLEST_KG:g} kg or more",
            "this model does not reach small children; it was made from adults and is scaled by weight only",
        )
    if asked.weight_log_sd < 0:
        raise KineticsError("spread of weight", f"{asked.weight_log_sd:g}", "0 or more", "correct it")
    asked.model.check()
    for name, column in asked.given.items():
        if name not in GIVEN:
            raise KineticsError(
                "given patients", f'column "{name}"', f"one of {', '.join(GIVEN)}", "rename or drop the column"
            )
        lowest = 0.0 if name == "lag" else np.nextafter(0, 1)
        bad = np.flatnonzero(~(np.isfinite(column) & (column >= lowest)))
        if len(bad):
            raise KineticsError(
                f"given patient {bad[0] + 1}", f"{name} {column[bad[0]]:g}", "a value above zero", "correct the value"
            )


SMALLEST_KG = 25.0
"""Below this the request is refused; no number stands behind such patients."""

"""The model beside what was published: every figure computed afresh, and two scores that are never added up."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from isocourse.kinetics import invariants
from isocourse.kinetics.draws import Floats
from isocourse.kinetics.lesions import followed
from isocourse.kinetics.observe import Exposure, HalfLife, Peak, Trough, Washout
from isocourse.kinetics.parameters import Model
from isocourse.kinetics.plan import laid_out
from isocourse.kinetics.population import Population
from isocourse.kinetics.regimen import Regimen
from isocourse.kinetics.relapse import relapsed
from isocourse.kinetics.simulate import Simulation, simulate
from isocourse.kinetics.skin import Skin
from isocourse.kinetics.tile import Options, tile_of

BLOOD = 1.7
"""Plasma over blood, as two European labels give it (sources ch-isotretinoin-mepha, cz-isotretinoin-belupo)."""


@dataclass(frozen=True, slots=True)
class Item:
    """One published figure, the band in which ours should lie, and whether it helped to choose the parameters."""

    id: str
    computes: str
    says: str
    unit: str
    published: str
    low: float
    high: float
    fitted: bool
    remembered: bool
    sources: tuple[str, ...]
    note: str


@dataclass(frozen=True, slots=True)
class Scored:
    """An item with our figure."""

    item: Item
    value: float

    @property
    def inside(self) -> bool:
        """Whether our figure lies in its band."""
        return self.item.low <= self.value <= self.item.high


@dataclass(frozen=True, slots=True)
class Score:
    """How many of a kind lie in their bands."""

    inside: int
    of: int


@dataclass(frozen=True, slots=True)
class Calibration:
    """All items, in the order of the file."""

    items: tuple[Scored, ...]
    n: int
    seed: int

    def score(self, *, fitted: bool, remembered: bool = False) -> Score:
        """The score of one kind of items."""
        chosen = [each for each in self.items if each.item.fitted is fitted and each.item.remembered is remembered]
        return Score(sum(each.inside for each in chosen), len(chosen))

    @property
    def misses(self) -> tuple[Scored, ...]:
        """The items outside their bands."""
        return tuple(each for each in self.items if not each.inside)


def calibrated(model: Model, items: Iterable[Item], *, n: int = 1500, seed: int = 1) -> Calibration:
    """Every item with our figure, from one crowd."""
    studies = Studies(model, n, seed)
    return Calibration(tuple(Scored(item, FIGURES[item.computes](studies)) for item in items), n, seed)


def figures(model: Model, names: Iterable[str], *, n: int = 1500, seed: int = 1) -> Mapping[str, float]:
    """Some figures by name."""
    studies = Studies(model, n, seed)
    return {name: FIGURES[name](studies) for name in names}


class Studies:
    """The published studies, repeated on virtual patients; each is run once, when it is first asked for."""

    def __init__(self, model: Model, n: int, seed: int) -> None:
        self.model = model
        self.people = Population(model, n, seed)
        self.typical = Population.typical(model)

    def single(self, mg: float, formulation: str, food: str) -> Simulation:
        """One dose, watched for ten days on a grid of a quarter of an hour."""
        key = f"{mg:g} {formulation} {food}"
        if key not in self._singles:
            regimen = Regimen.single(mg, formulation=formulation, food=food, days=10)
            watch = (Exposure(), Peak(), HalfLife(24, 72), HalfLife(24, 72, "oxo"), HalfLife(6, 24), HalfLife(72, 168))
            self._singles[key] = simulate(self.people, regimen, watch, follow_days=0, step_h=0.25)
        return self._singles[key]

    @cached_property
    def _singles(self) -> dict[str, Simulation]:
        return {}

    @cached_property
    def _repeats(self) -> dict[str, Simulation]:
        return {}

    def repeated(self, food: str, mg: float = 40, times: int = 2) -> Simulation:
        """40 mg twice daily for 30 days, with what is left afterwards."""
        key = f"{food} {mg:g} {times}"
        if key not in self._repeats:
            regimen = Regimen.daily(mg, times_a_day=times, days=30, food=food)
            self._repeats[key] = simulate(self.people, regimen, (Exposure(), Trough(), Peak("last"), Washout()))
        return self._repeats[key]

    @cached_property
    def approach(self) -> Floats:
        """Each day's area over that of day 30, 40 mg twice daily with a meal; shape (2, days, patients)."""
        plan = laid_out(Regimen.daily(40, times_a_day=2, days=30))
        areas = tile_of(self.people, plan, 0, self.people.n, Options(), hours=False).areas()
        return areas / areas[:, -1:]

    def skin(self, mg_per_kg: float, weeks: int = 16) -> Simulation:
        """A typical patient's skin on one dose a day with a meal."""
        key = f"{mg_per_kg:g} {weeks}"
        if key not in self._skins:
            regimen = Regimen.daily(mg_per_kg * self.model.disposition.reference_weight.value, weeks=weeks)
            self._skins[key] = simulate(self.typical, regimen, (Skin(),), follow_days=56)
        return self._skins[key]

    @cached_property
    def _skins(self) -> dict[str, Simulation]:
        return {}

    def on_day(self, mg_per_kg: float, row: str, day: int, weeks: int = 16) -> float:
        """Sebum, gland or lesions of the typical patient at the end of a day, counted from 1; without a flare."""
        regimen = Regimen.daily(mg_per_kg * self.model.disposition.reference_weight.value, weeks=weeks)
        tile = tile_of(self.typical, laid_out(regimen, follow_days=60), 0, 1, Options(), hours=False)
        pools = tile.sebum(tile.areas()[0] / 24.0, self.model.sebum)
        if row == "lesions":
            return float(followed(pools.sebum, self.model.lesions, None)[day, 0])
        return float((pools.gland if row == "gland" else pools.sebum)[day, 0])


Figure = Callable[[Studies], float]


def _mean(mg: float, formulation: str, food: str, column: str) -> Figure:
    return lambda made: float(made.single(mg, formulation, food).column(column).values.mean())


def _cv(mg: float, formulation: str, food: str, column: str) -> Figure:
    return lambda made: made.single(mg, formulation, food).summary(column).cv_percent or 0.0


def _ratio(above: Figure, below: Figure) -> Figure:
    return lambda made: above(made) / below(made)


def _repeat(food: str, column: str, share: float | None = None, mg: float = 40, times: int = 2) -> Figure:
    def found(made: Studies) -> float:
        values = made.repeated(food, mg, times).column(column).values
        return float(values.mean() if share is None else np.quantile(values, share))

    return found


def _washout(food: str, day: int) -> Figure:
    return lambda made: 100.0 * float((made.repeated(food).column("washout_days").values <= day).mean())


def _approach(species: int, day: int) -> Figure:
    return lambda made: float(made.approach[species, day - 1].mean())


def _days_to_90(made: Studies) -> float:
    return float(np.quantile(1 + np.argmax(made.approach[1] >= 0.9, axis=0), 0.95))


def _recovery(mg_per_kg: float) -> Figure:
    return lambda made: float(made.skin(mg_per_kg).column("sebum.weeks_to_0.80").values[0])


def _skin(mg_per_kg: float, row: str, week: int, weeks: int = 16) -> Figure:
    return lambda made: made.on_day(mg_per_kg, row, week * 7, weeks)


def _lesions_5mg(week: int) -> Figure:
    return lambda made: made.on_day(5.0 / made.model.disposition.reference_weight.value, "lesions", week * 7, 32)


def _order(made: Studies) -> float:
    low, middle, high = (made.on_day(dose, "sebum", 84) for dose in (0.1, 0.5, 1.0))
    return float(low > middle > high)


def _relapse(years: float) -> Figure:
    def found(made: Studies) -> float:
        return 100.0 * relapsed(made.model.relapse, made.model.relapse.reference_mg_kg.value, years).middle

    return found


def _late_sd(made: Studies) -> float:
    return float(made.single(80, *FASTED).column("parent.half_life_72_168").values.std(ddof=1))


def _harmonic(column: str) -> Figure:
    return lambda made: float(1.0 / (1.0 / made.single(80, *FASTED).column(column).values).mean())


def _cv_gap(made: Studies) -> float:
    return _cv(80, *FED, "parent.half_life_24_72")(made) - _cv(80, *FASTED, "parent.half_life_24_72")(made)


def _recycling(made: Studies) -> float:
    """AUC of a typical patient when all bile is lost over AUC when it returns; clearance as raised for recycling."""
    share = made.model.recycling
    return (1 - share.to_bile.value * share.returned.value) / 1.0


def _tretinoin(made: Studies) -> float:
    part, body = made.model.tretinoin, made.model.disposition
    return part.share.value * body.clearance.value / part.clearance.value


LOW_ARM_MG_PER_KG = 14.0
"""About what 0.1 mg/kg/day for 20 weeks gives (source strauss-1984)."""
FED, FASTED, MEAL = ("conventional", "high_fat"), ("conventional", "fasted"), ("conventional", "meal")
_AUC = "parent.auc"
_FED_AUC, _FASTED_AUC, _MEAL_AUC = (_mean(80, *how, _AUC) for how in (FED, FASTED, MEAL))
_LIDOSE_FED, _LIDOSE_FASTED = (_mean(40, "lidose", food, _AUC) for food in ("high_fat", "fasted"))
_MICRO_FED, _MICRO_FASTED = (_mean(32, "micronised", food, _AUC) for food in ("high_fat", "fasted"))
_HALF = "parent.half_life_24_72"

FIGURES: Mapping[str, Figure] = {
    "fed.auc.mean": _FED_AUC,
    "fed.cmax.mean": _mean(80, *FED, "parent.cmax"),
    "fed.tmax.mean": _mean(80, *FED, "parent.tmax"),
    "fed.auc.cv": _cv(80, *FED, _AUC),
    "fed.cmax.cv": _cv(80, *FED, "parent.cmax"),
    "fasted.auc.mean": _FASTED_AUC,
    "fasted.cmax.mean": _mean(80, *FASTED, "parent.cmax"),
    "fasted.tmax.mean": _mean(80, *FASTED, "parent.tmax"),
    "fasted.auc.cv": _cv(80, *FASTED, _AUC),
    "fasted.cmax.cv": _cv(80, *FASTED, "parent.cmax"),
    "fed.half_life.mean": _mean(80, *FED, _HALF),
    "fasted.half_life.mean": _mean(80, *FASTED, _HALF),
    "half_life.fed_over_fasted": _ratio(_mean(80, *FED, _HALF), _mean(80, *FASTED, _HALF)),
    "fed.oxo_half_life.mean": _mean(80, *FED, "oxo.half_life_24_72"),
    "fed_fasted.half_life_cv_gap": _cv_gap,
    "half_life.early": _harmonic("parent.half_life_6_24"),
    "half_life.late.sd": _late_sd,
    "steady.ratio.mean": _repeat("meal", "oxo_over_parent"),
    "steady.ratio.p5": _repeat("meal", "oxo_over_parent", 0.05),
    "steady.ratio.p95": _repeat("meal", "oxo_over_parent", 0.95),
    "steady.day5.parent": _approach(0, 5),
    "steady.day5.oxo": _approach(1, 5),
    "steady.day10.parent": _approach(0, 10),
    "steady.day10.oxo": _approach(1, 10),
    "steady.days90.p95": _days_to_90,
    "suspension.oxo_tmax.median": lambda made: float(
        np.median(made.single(80, "suspension", "fasted").column("oxo.tmax").values)
    ),
    "suspension.oxo_cmax_ratio": _ratio(
        _mean(80, "suspension", "fasted", "oxo.cmax"), _mean(80, "suspension", "fasted", "parent.cmax")
    ),
    "fed_over_fasted.auc": _ratio(_FED_AUC, _FASTED_AUC),
    "meal_over_fasted.auc": _ratio(_MEAL_AUC, _FASTED_AUC),
    "lidose_over_conventional_fasted.auc": _ratio(_LIDOSE_FASTED, _mean(40, *FASTED, _AUC)),
    "lidose_fed_over_fasted.auc": _ratio(_LIDOSE_FED, _LIDOSE_FASTED),
    "lidose_fed_over_fasted.cmax": _ratio(
        _mean(40, "lidose", "high_fat", "parent.cmax"), _mean(40, "lidose", "fasted", "parent.cmax")
    ),
    "micronised_over_lidose_fed.auc": _ratio(_MICRO_FED, _LIDOSE_FED),
    "micronised_over_lidose_fasted.auc": _ratio(_MICRO_FASTED, _LIDOSE_FASTED),
    "washout.fed.day14": _washout("high_fat", 14),
    "washout.meal.day14": _washout("meal", 14),
    "washout.fed.day21": _washout("high_fat", 21),
    "blood.trough": lambda made: _repeat("meal", "parent.trough")(made) / BLOOD,
    "blood.peak": lambda made: _repeat("fasted", "parent.cmax", None, 80, 1)(made) / BLOOD,
    "sebum.1_0.week4": _skin(1.0, "sebum", 4),
    "sebum.1_0.week6": _skin(1.0, "sebum", 6),
    "sebum.1_0.week16": _skin(1.0, "sebum", 16),
    "sebum.1_0.week20": _skin(1.0, "sebum", 20, 20),
    "sebum.1_0.after8": _skin(1.0, "sebum", 24),
    "sebum.ratio_doses": _ratio(_skin(0.1, "sebum", 12), _skin(1.0, "sebum", 12)),
    "sebum.order": _order,
    "gland.1_0.week12": _skin(1.0, "gland", 12),
    "recovery.1_0.weeks": _recovery(1.0),
    "recovery.0_1.weeks": _recovery(0.1),
    "lesions.5mg.week4": _lesions_5mg(4),
    "lesions.5mg.week16": _lesions_5mg(16),
    "lesions.5mg.week32": _lesions_5mg(32),
    "relapse.1y": _relapse(1),
    "relapse.9y": _relapse(9),
    "relapse.low_arm": lambda made: 100.0 * relapsed(made.model.relapse, LOW_ARM_MG_PER_KG, 50).middle,
    "relapse.inside_3y": lambda made: 100.0 * _relapse(3)(made) / _relapse(50)(made),
    "relapse.ratio_100": lambda made: made.model.relapse.ratio_per_mg_kg.value**100,
    "endogenous.parent": lambda made: made.model.endogenous.parent.value,
    "tretinoin.ratio": _tretinoin,
    "recycling.auc": _recycling,
    "invariants": lambda made: invariants.largest_error(made.model),
}
"""Every figure that a file of the knowledge may ask for."""

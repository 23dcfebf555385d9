"""A regimen: which dose is taken when, of what, with what food. Data, shared by all patients and never copied for each."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from itertools import pairwise

from isocourse.kinetics.parameters import FOODS, FORMULATIONS
from isocourse.kinetics.problem import KineticsError

HOURS = 24.0
DAYS_A_WEEK = 7


@dataclass(frozen=True, slots=True, order=True)
class Dose:
    """One intake."""

    time_h: float
    """Hours since the first day began."""
    amount: float
    """mg, or mg per kg of body weight where the regimen says so."""
    formulation: str = "conventional"
    food: str = "meal"
    steady_every_h: float = 0.0
    """Above 0: the same dose was taken at this interval for ever before, so steady state is reached at this dose."""


@dataclass(frozen=True, slots=True)
class Regimen:
    """The doses of one course, by day; every method returns a new regimen.

    >>> Regimen.daily(20, times_a_day=2, weeks=20).cumulative
    5600.0
    """

    doses: tuple[Dose, ...]
    days: int
    """Length of the course in days; follow-up comes after it."""
    name: str = ""
    per_kg: bool = False
    """Whether amounts are mg per kg."""
    adherence: float = 1.0
    """The chance that a dose is taken, drawn for each patient and dose."""
    strengths: tuple[float, ...] = ()
    """Capsule strengths in mg, for counting capsules."""

    def __post_init__(self) -> None:
        _check(self)

    @classmethod
    def daily(
        cls,
        dose: float,
        *,
        times_a_day: int = 1,
        weeks: float | None = None,
        days: int | None = None,
        formulation: str = "conventional",
        food: str = "meal",
        per_kg: bool = False,
        name: str = "",
    ) -> Regimen:
        """The same dose at equal intervals, from hour 0 of each day.

        Args:
            dose: mg of one intake (mg per kg with `per_kg`).
            times_a_day: intakes a day.
            weeks: length; or days.
            days: length; or weeks.
            formulation: conventional, lidose, micronised or suspension.
            food: high_fat, meal or fasted.
            per_kg: whether the dose is per kg of body weight.
            name: what to call it in tables.
        """
        length = _length(weeks, days)
        if not 1 <= times_a_day <= 24:
            raise KineticsError("times a day", f"{times_a_day}", "a whole number from 1 to 24", "correct it")
        every = HOURS / times_a_day
        doses = tuple(
            Dose(day * HOURS + intake * every, dose, formulation, food)
            for day in range(length)
            for intake in range(times_a_day)
        )
        return cls(doses, length, name, per_kg)

    @classmethod
    def single(
        cls, dose: float, *, formulation: str = "conventional", food: str = "high_fat", days: int = 1
    ) -> Regimen:
        """One dose at hour 0, watched for some days."""
        return cls((Dose(0.0, dose, formulation, food),), days)

    @property
    def cumulative(self) -> float:
        """All doses together as planned, in mg or mg per kg."""
        return float(sum(dose.amount for dose in self.doses))

    @property
    def shortest_interval_h(self) -> float:
        """The least time between two doses; infinite where there is one dose only."""
        times = [dose.time_h for dose in self.doses]
        gaps = [later - earlier for earlier, later in pairwise(times)]
        return min((*gaps, *(dose.steady_every_h for dose in self.doses if dose.steady_every_h)), default=float("inf"))

    def on_day(self, day: int) -> tuple[Dose, ...]:
        """The doses of one day, counted from 0."""
        return tuple(dose for dose in self.doses if day * HOURS <= dose.time_h < (day + 1) * HOURS)

    def then(self, other: Regimen) -> Regimen:
        """This course, and another right after it: titration, taper, switch."""
        if self.per_kg != other.per_kg:
            raise KineticsError(
                "regimen", "one part in mg and one in mg per kg", "one unit", "give both parts in the same unit"
            )
        shift = self.days * HOURS
        later = tuple(replace(dose, time_h=dose.time_h + shift) for dose in other.doses)
        return replace(self, doses=self.doses + later, days=self.days + other.days)

    def titrated(self, doses: Iterable[float], *, weeks_each: float) -> Regimen:
        """The first steps replaced by other amounts, one for each intake, each for some weeks."""
        length = round(weeks_each * DAYS_A_WEEK)
        amounts = list(doses)
        return self._changed(
            lambda dose: (
                replace(dose, amount=amounts[step])
                if (step := int(dose.time_h // HOURS) // length) < len(amounts)
                else dose
            )
        )

    def tapered(self, doses: Iterable[float], *, weeks_each: float) -> Regimen:
        """The last steps replaced by other amounts, one for each intake, each for some weeks."""
        length = round(weeks_each * DAYS_A_WEEK)
        amounts = list(doses)
        first = self.days - length * len(amounts)
        if first < 0:
            raise KineticsError(
                "taper", f"{length * len(amounts)} days of steps", f"at most {self.days} days", "shorten the steps"
            )
        return self._changed(
            lambda dose: (
                dose
                if dose.time_h < first * HOURS
                else replace(dose, amount=amounts[int(dose.time_h // HOURS - first) // length])
            )
        )

    def alternate(self, every: int = 2) -> Regimen:
        """Only the doses of every second (third, ...) day."""
        if every < 1:
            raise KineticsError("alternate days", f"every {every} days", "1 or more", "correct it")
        return self._kept(lambda day: day % every == 0)

    def pulsed(self, days_on: int, days_off: int) -> Regimen:
        """Some days on, some days off, again and again."""
        if days_on < 1 or days_off < 0:
            raise KineticsError("pulse", f"{days_on} on, {days_off} off", "at least 1 on and 0 off", "correct it")
        return self._kept(lambda day: day % (days_on + days_off) < days_on)

    def paused(self, first_day: int, last_day: int) -> Regimen:
        """No dose from one day of the course to another, both counted from 1 and both included."""
        if not 1 <= first_day <= last_day:
            raise KineticsError("break", f"day {first_day} to day {last_day}", "first day up to last day", "correct it")
        return self._kept(lambda day: not first_day <= day + 1 <= last_day)

    def missed(self, days: Iterable[int]) -> Regimen:
        """No dose on these days of the course, counted from 1."""
        gone = frozenset(days)
        return self._kept(lambda day: day + 1 not in gone)

    def adhered(self, share: float) -> Regimen:
        """Each dose is taken with this chance, drawn for each patient."""
        return replace(self, adherence=share)

    def switched(self, from_day: int, *, formulation: str = "", food: str = "") -> Regimen:
        """Another formulation or food state from a day of the course on, counted from 1."""
        start = (from_day - 1) * HOURS
        return self._changed(
            lambda dose: (
                dose
                if dose.time_h < start
                else replace(dose, formulation=formulation or dose.formulation, food=food or dose.food)
            )
        )

    def fasting(self, days: Iterable[int]) -> Regimen:
        """The doses of these days, counted from 1, taken on an empty stomach."""
        empty = frozenset(days)
        return self._changed(
            lambda dose: replace(dose, food="fasted") if int(dose.time_h // HOURS) + 1 in empty else dose
        )

    def named(self, name: str) -> Regimen:
        """The same under another name."""
        return replace(self, name=name)

    def _kept(self, keep: Callable[[int], bool]) -> Regimen:
        return replace(self, doses=tuple(dose for dose in self.doses if keep(int(dose.time_h // HOURS))))

    def _changed(self, change: Callable[[Dose], Dose]) -> Regimen:
        return replace(self, doses=tuple(change(dose) for dose in self.doses))


def _length(weeks: float | None, days: int | None) -> int:
    if (weeks is None) == (days is None):
        raise KineticsError("length", "both or neither of weeks and days", "one of them", "give weeks or days")
    length = days if weeks is None else round(weeks * DAYS_A_WEEK)
    if length is None or length < 1:
        raise KineticsError("length", f"{length} days", "1 day or more", "correct it")
    return length


def _check(regimen: Regimen) -> None:
    previous = -1.0
    if not regimen.doses:
        raise KineticsError("regimen", "no dose at all", "one dose or more", "give a dose, or fewer breaks")
    if not 0 < regimen.adherence <= 1:
        raise KineticsError("adherence", f"{regimen.adherence:g}", "above 0 and at most 1", "give a share, such as 0.9")
    for number, dose in enumerate(regimen.doses, 1):
        where = f"dose {number} at hour {dose.time_h:g}"
        if not 0 <= dose.time_h < regimen.days * HOURS:
            raise KineticsError(
                where, "outside the course", f"hour 0 to {regimen.days * HOURS:g}", "lengthen the course"
            )
        if not 0 <= dose.amount < float("inf"):
            raise KineticsError(where, f"{dose.amount:g} mg", "an amount of 0 or more", "correct the amount")
        if dose.time_h < previous:
            raise KineticsError(
                where, f"earlier than hour {previous:g} before it", "doses in order", "sort them by time"
            )
        same = [other for other in regimen.doses[max(0, number - 5) : number - 1] if other.time_h == dose.time_h]
        if any((other.formulation, other.food) == (dose.formulation, dose.food) for other in same):
            raise KineticsError(where, "a second dose of the same at the same time", "one", "add the amounts")
        if any(other.food != dose.food for other in same):
            raise KineticsError(where, "two food states at the same time", "one", "say which it is")
        _check_words(where, dose)
        previous = dose.time_h


def _check_words(where: str, dose: Dose) -> None:
    known: tuple[tuple[str, str, tuple[str, ...]], ...] = (
        ("formulation", dose.formulation, FORMULATIONS),
        ("food", dose.food, FOODS),
    )
    for what, found, options in known:
        if found not in options:
            raise KineticsError(where, f'{what} "{found}"', f"one of {', '.join(options)}", "choose one of these")
    if dose.steady_every_h < 0:
        raise KineticsError(where, f"interval {dose.steady_every_h:g} h", "above 0", "correct the interval")

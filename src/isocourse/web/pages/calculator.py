"""The quick calculator: weight, dose and capsules in; capsules a day, mg/kg/day and totals out. It needs no record and stores nothing."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction

from litestar import Response, get, post

from isocourse.app.calculate import Sum, Sums, calculate, strengths_of
from isocourse.course.amounts import rounded
from isocourse.web.refusals import RefusalError
from isocourse.web.roles import Needs
from isocourse.web.speech import NotUnderstoodError, Speech
from isocourse.web.visit import Visit, Visiting

FIELDS = ("weight", "dose", "unit", "product", "strengths", "times_a_day", "weeks", "target")
UNITS = ("mg/day", "mg/kg/day")
WEIGHT_KG, DOSE_MG, DOSE_PER_KG, STRENGTH_MG = (20, 300), (1, 300), (Fraction(1, 20), 4), (Fraction(1), Fraction(100))
"""What is taken for a slip of the pen outside; far beyond what any text here speaks of."""
MOST_WEEKS, MOST_TARGET, MOST_TIMES = 104, 400, 4


@get("/calculator", opt={"needs": Needs.KNOWLEDGE}, include_in_schema=False)
async def empty(visit: Visiting) -> Response[str]:
    """The empty form."""
    return _page(visit, {"unit": "mg/kg/day", "times_a_day": "1"}, {}, None)


@post("/calculator", opt={"needs": Needs.KNOWLEDGE}, include_in_schema=False)
async def work_out(visit: Visiting) -> Response[str]:
    """The form with what came out, or with what is to be corrected."""
    form = await visit.form(*FIELDS)
    given = {name: form.text(name).strip() for name in FIELDS}
    asked, wrong = sum_from(given, visit)
    return _page(visit, given, wrong, calculate(asked) if asked else None)


def sum_from(given: Mapping[str, str], visit: Visit) -> tuple[Sum | None, dict[str, str]]:
    """What is to be worked out, or what is to be corrected."""
    reading = _Reading(given, visit.speech)
    if given["unit"] not in UNITS:
        raise RefusalError(
            visit.speech("The form holds a choice that is not offered; load the page again. Nothing was done.")
        )
    per_kg = given["unit"] == "mg/kg/day"
    strengths = reading.strengths(visit)
    weight = reading.amount("weight", *WEIGHT_KG)
    dose = reading.amount("dose", *(DOSE_PER_KG if per_kg else DOSE_MG))
    times = reading.amount("times_a_day", 1, MOST_TIMES, whole=True)
    weeks = reading.amount("weeks", 1, MOST_WEEKS, whole=True) if given["weeks"] else None
    target = reading.amount("target", 1, MOST_TARGET) if given["target"] else None
    if reading.wrong:
        return None, reading.wrong
    return Sum(weight, dose, per_kg, strengths, int(times), None if weeks is None else int(weeks), target), {}


class _Reading:
    """Reads the fields and gathers what is to be corrected."""

    def __init__(self, given: Mapping[str, str], speech: Speech) -> None:
        self.given, self.speech = given, speech
        self.wrong: dict[str, str] = {}

    def amount(self, name: str, low: Fraction | int, high: Fraction | int, *, whole: bool = False) -> Fraction:
        try:
            return self._within(self.given[name], low, high, whole)
        except NotUnderstoodError as problem:
            self.wrong[name] = str(problem)
            return Fraction(1)

    def strengths(self, visit: Visit) -> tuple[Fraction, ...]:
        if self.given["strengths"]:
            try:
                parts = self.given["strengths"].replace(";", " ").replace(", ", " ").split()
                return tuple(self._within(each, *STRENGTH_MG, whole=False) for each in parts)
            except NotUnderstoodError as problem:
                self.wrong["strengths"] = str(problem)
                return ()
        product = visit.desk.library.product(self.given["product"])
        if product is None:
            self.wrong["product"] = self.speech("choose a product, or write the strengths of the capsules at hand")
            return ()
        return strengths_of(product.strengths)

    def _within(self, text: str, low: Fraction | int, high: Fraction | int, whole: bool) -> Fraction:
        digits = self.speech.read_number(text)
        if not digits or not low <= Fraction(digits) <= high or (whole and Fraction(digits).denominator != 1):
            ends = {"low": self.speech.number(f"{float(low):g}"), "high": self.speech.number(f"{float(high):g}")}
            raise NotUnderstoodError(self.speech("a number from {low} to {high}", **ends))
        return Fraction(digits)


def _page(visit: Visit, given: Mapping[str, str], wrong: Mapping[str, str], found: Sums | None) -> Response[str]:
    def shown(number: Fraction | None, places: int = 2) -> str:
        return "" if number is None else visit.speech.number(rounded(number, places))

    products = [(each.name, ", ".join(each.strengths)) for each in visit.desk.library.products if each.strengths]
    return visit.page(
        "calculator.html",
        status=422 if wrong else 200,
        given=given,
        wrong=wrong,
        found=found,
        products=products,
        shown=shown,
    )


HANDLERS = (empty, work_out)

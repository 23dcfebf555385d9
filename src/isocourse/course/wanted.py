"""What a prescriber asks of a plan: start, product, dose steps, taper, breaks, missed days, weights. What is left out gets a default."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from fractions import Fraction

from msgspec import Struct
from msgspec.structs import replace

from isocourse.facts.days import parse_span, show
from isocourse.logic.problems import did_you_mean
from isocourse.logic.units import exact

PER_DAY = "mg/day"
PER_KG = "mg/kg/day"


class WantedStep(Struct, frozen=True):
    """One dose step as asked."""

    amount: Fraction
    unit: str
    """`mg/day` or `mg/kg/day`."""
    count: int | None = None
    """How long; None for the last step: until the course ends."""
    length_unit: str = "days"
    """`days`, `weeks` or `months`, as asked; "1 month", "30 days" and "4 weeks" are not the same."""
    product: str = ""
    """Empty: the product of the step before it."""
    taper: bool = False


class Break(Struct, frozen=True):
    """Days without capsules, both ends included."""

    first: int
    last: int
    why: str = ""


class Wanted(Struct, frozen=True):
    """Everything that can be wanted of a plan; None and empty mean "take the default and say so"."""

    start: int | None = None
    product: str = ""
    dose: WantedStep | None = None
    """One dose for the whole course."""
    steps: tuple[WantedStep, ...] = ()
    taper: tuple[WantedStep, ...] = ()
    """The last steps; they end where the course ends."""
    times_a_day: int | None = None
    weights: tuple[tuple[int | None, Fraction], ...] = ()
    """Day and kg, beside those on file; without a day it is the weight of today."""
    breaks: tuple[Break, ...] = ()
    missed: tuple[int, ...] = ()
    """Days on which no capsule was or will be taken."""
    drug_free_days: bool = False
    """Whether a pattern may leave days without a capsule."""
    supply_days: int | None = None
    target: Fraction | None = None
    """mg/kg at which the drawn course ends."""
    until: int | None = None
    """The last day of the drawn course."""
    moved: tuple[tuple[str, int | None], ...] = ()
    """Happenings by handle, as `supply-2`, moved to another day; None: missed, and not made up for."""
    pack: int | None = None
    """Capsules in one pack."""
    key: str = ""
    """What tells this course from others in one calendar; the same key, the same events."""


# texts -----------------------------------------------------------------------------------------------------------------
Told = str | int | bool | tuple[str, ...] | tuple[int, ...] | None
"""A wish as it comes from the command line or from the `plan:` block of a record."""

MOST_MG = Fraction(2000)
"""mg/day; more is refused, as in an order."""
MOST_PER_KG = Fraction(10)
"""mg/kg/day; more is refused as a slip of the pen. Our assumption: five times the most that any text read allows."""
WEIGHT = (Fraction(15), Fraction(400))
"""kg; claim plausible.weight, as for a weight on file."""
MOST_TARGET = Fraction(2000)
"""mg/kg; the width of the fact that holds the total (knowledge/streams/progress.yaml)."""
MOST_DAYS = 3650
"""Days in one step; more is refused, as in an order."""

_UNITS = {PER_DAY: PER_DAY, "mg/d": PER_DAY, PER_KG: PER_KG, "mg/kg/d": PER_KG}
_LENGTHS = {"day": "days", "days": "days", "week": "weeks", "weeks": "weeks", "month": "months", "months": "months"}
_DAYS_AT_MOST = {"days": 1, "weeks": 7, "months": 31}
_WORDS = re.compile(r"[,;]|[0-9]+(?:\.[0-9]+)?(?=[A-Za-z])|[^\s,;]+")
_HANDLE = re.compile(r"start|last-dose|(?:supply|visit|test)-[0-9]{1,4}", re.ASCII)
"""What can be moved; the day of a step, of the peak or of a birthday follows from other days."""
_OWN_WISH = {"start": "start", "last-dose": "until"}
"""The events whose day is a wish of its own: everything hangs on it, so that it is moved there and nowhere else."""


class WantedError(Exception):
    """A wish that cannot be read: which one, at which column of its text (from 1), what is wrong and what is expected."""

    def __init__(self, name: str, message: str, column: int = 0) -> None:
        self.name, self.message, self.column = name, " ".join(message.split()), column
        where = f"{name.replace('_', ' ')}, column {column}" if column else name.replace("_", " ")
        super().__init__(f"{where}: {self.message}")


def wanted_of(told: Mapping[str, Told], base: Wanted) -> Wanted:
    """What is wanted, from texts by name, laid over what was wanted before; a list replaces the list before it.

    Raises:
        WantedError: a name that is none, or a text that cannot be read.

    >>> wanted_of({"dose": "0.5 mg/kg/day", "breaks": "2027-01-10..2027-01-20: surgery"}, Wanted()).breaks[0].why
    'surgery'
    """
    given = {name: value for name, value in told.items() if value not in (None, "", ())}
    for name in given:
        if name not in _READERS:
            raise WantedError(name, f"nothing of that name can be wanted{did_you_mean(name, _READERS)}")
    if "dose" in given and "steps" in given:
        raise WantedError("dose", "give one dose for the whole course, or steps, not both")
    read = {name: _READERS[name](name, value) for name, value in given.items()}
    if "moved" in given:
        read |= _own_wishes(read, _moved("moved", given["moved"]))
    if "dose" in read:
        base = replace(base, steps=())
    if "steps" in read:
        base = replace(base, dose=None)
    return replace(base, **read)


def _own_wishes(read: Mapping[str, object], asked: tuple[tuple[str, int | None], ...]) -> dict[str, object]:
    """What is moved, with a start and a last dose as the days wanted for them."""
    moved, days = dict(asked), dict[str, object]()
    for handle, wish in _OWN_WISH.items():
        if handle not in moved:
            continue
        day = moved.pop(handle)
        if day is None:
            raise WantedError("moved", f'"{handle}" cannot be missed; give the day it moves to')
        if read.get(wish, day) != day:
            raise WantedError("moved", f'"{handle}" has two days; give it once, as {wish} or here')
        days[wish] = day
    return days | {"moved": tuple(moved.items())}


def parse_steps(text: str, name: str = "steps") -> tuple[WantedStep, ...]:
    """Dose steps as people write them; only the last one may be without a length, and no step of a taper.

    Raises:
        WantedError: the text is no such thing.

    >>> [(step.amount, step.unit, step.count) for step in parse_steps("0.5 mg/kg/day for 4 weeks, then 40 mg/day")]
    [(Fraction(1, 2), 'mg/kg/day', 4), (Fraction(40, 1), 'mg/day', None)]
    """
    found = _Steps(name, text).read()
    for step, column in found if name == "taper" else found[:-1]:
        if step.count is None:
            which = "a step of a taper" if name == "taper" else "every step but the last"
            raise WantedError(name, f'{which} needs a length, such as "for 4 weeks"', column)
    return tuple(replace(step, taper=name == "taper") for step, _ in found)


class _Steps:
    """Reads steps word by word, and knows where it is."""

    def __init__(self, name: str, text: str) -> None:
        self.name = name
        self.words = [(match[0], match.start() + 1) for match in _WORDS.finditer(text)]
        self.end = len(text) + 1
        self.place = 0

    def read(self) -> list[tuple[WantedStep, int]]:
        found = [self.step()]
        while self.word:
            self.between()
            found.append(self.step())
        return found

    @property
    def word(self) -> str:
        """The word that is read next; empty at the end."""
        return self.words[self.place][0] if self.place < len(self.words) else ""

    @property
    def column(self) -> int:
        return self.words[self.place][1] if self.place < len(self.words) else self.end

    def fail(self, message: str) -> WantedError:
        return WantedError(self.name, message, self.column)

    def take(self) -> str:
        found = self.word
        self.place += 1
        return found

    def between(self) -> None:
        """What stands between two steps: a comma or a semicolon, with or without "then"."""
        if self.word not in (",", ";", "then"):
            known = ("then", "for", "of")
            raise self.fail(
                f'"{self.word}" is not expected here{did_you_mean(self.word, known)}; write ", then" and the next step'
            )
        if self.take() in (",", ";") and self.word == "then":
            self.take()

    def step(self) -> tuple[WantedStep, int]:
        begun = self.column
        amount = self.number("a dose, such as 0.5 mg/kg/day or 40 mg/day")
        unit = self.unit()
        most = MOST_MG if unit == PER_DAY else MOST_PER_KG
        if not 0 < amount <= most:
            raise WantedError(self.name, f"a dose lies above 0 and up to {most} {unit}", begun)
        made = WantedStep(amount, unit)
        while self.word in ("for", "of"):
            made = self.length(made) if self.take() == "for" else self.product(made)
        return made, begun

    def number(self, expected: str) -> Fraction:
        if not self.word:
            raise self.fail(f"expected {expected}")
        try:
            found = exact(self.word)
        except ValueError:
            raise self.fail(f'"{self.word}" is not {expected}') from None
        self.take()
        following = self.words[self.place + 1][0] if self.place + 1 < len(self.words) else ""
        if self.word == "," and following[:1].isdigit():
            raise self.fail(f'write a decimal point: "{found}.{following}"')
        return found

    def unit(self) -> str:
        if self.word not in _UNITS:
            said = (
                f'no unit "{self.word}"{did_you_mean(self.word, (PER_DAY, PER_KG))}'
                if self.word
                else "the unit is missing"
            )
            raise self.fail(f"{said}; write mg/day or mg/kg/day")
        return _UNITS[self.take()]

    def length(self, step: WantedStep) -> WantedStep:
        if step.count is not None:
            raise self.fail("a step has one length")
        begun = self.column
        count = self.number("how long, such as 4 weeks")
        if self.word not in _LENGTHS:
            said = (
                f'no length "{self.word}"{did_you_mean(self.word, _LENGTHS)}' if self.word else "the length has no unit"
            )
            raise self.fail(f"{said}; write days, weeks or months")
        unit = _LENGTHS[self.take()]
        if count.denominator != 1 or not 0 < count * _DAYS_AT_MOST[unit] <= MOST_DAYS:
            raise WantedError(self.name, f"a length is a whole number of {unit}, up to {MOST_DAYS} days", begun)
        return replace(step, count=int(count), length_unit=unit)

    def product(self, step: WantedStep) -> WantedStep:
        if step.product:
            raise self.fail("a step has one product")
        if self.word in ("", ",", ";", "then", "for"):
            raise self.fail("expected a product, such as acnecutan")
        return replace(step, product=self.take())


# one reader for each wish ------------------------------------------------------------------------------------------------
_PARTS = re.compile(r"[^;\n]+")
_BREAKS = re.compile(r"(?:[^;\n]|;(?!\s*[0-9]{4}-))+")
"""A break may have a ";" in its why; only one before a date parts it from the next."""


def _each(value: Told, parts: re.Pattern[str] = _PARTS) -> Iterator[tuple[int | str, int]]:
    """The entries of a list, each with the column where it begins: a text holds them one to a line, or parted by ";"."""
    for entry in value if isinstance(value, tuple) else (value,):
        if isinstance(entry, str):
            for match in parts.finditer(entry):
                if text := match[0].strip():
                    yield text, match.start() + 1 + len(match[0]) - len(match[0].lstrip())
        elif isinstance(entry, int):
            yield entry, 0


def _day(name: str, value: Told | int, column: int = 1) -> int:
    """One whole day."""
    if isinstance(value, int) and not isinstance(value, bool):
        return value
    try:
        span = parse_span(str(value).strip())
    except ValueError as error:
        raise WantedError(name, f"{error}; write a day such as 2027-02-01", column) from None
    if not span.known:
        raise WantedError(name, f'"{value}" is more than one day; write a day such as 2027-02-01', column)
    return span.first


def _days(name: str, text: str, column: int) -> tuple[int, int]:
    """From one day to another, both included, or one day."""
    low, dots, high = text.partition("..")
    first = _day(name, low, column)
    last = _day(name, high, column + len(low) + 2) if dots else first
    if last < first:
        raise WantedError(name, f"it runs backwards: {show(first)} to {show(last)}; turn it round", column)
    return first, last


def _start(name: str, value: Told) -> int:
    return _day(name, value)


def _plain(name: str, value: Told) -> str:
    return str(value).strip()


def _dose(name: str, value: Told) -> WantedStep:
    steps = parse_steps(str(value), name)
    if len(steps) > 1 or steps[0].count is not None:
        raise WantedError(name, "one dose for the whole course, such as 0.5 mg/kg/day; for more than one give steps")
    return steps[0]


def _steps(name: str, value: Told) -> tuple[WantedStep, ...]:
    return parse_steps(str(value), name)


def _whole(most: int) -> Callable[[str, Told], int]:
    def read(name: str, value: Told) -> int:
        text = str(value).strip()
        if not (text.isascii() and text.isdigit()) or len(text) > 4 or not 1 <= int(text) <= most:
            raise WantedError(name, f'"{text[:40]}" is not a whole number from 1 to {most}', 1)
        return int(text)

    return read


def _weights(name: str, value: Told) -> tuple[tuple[int | None, Fraction], ...]:
    found = []
    for text, column in _each(value):
        day, colon, amount = str(text).rpartition(":")
        digits, _, unit = amount.strip().partition(" ")
        try:
            kg = exact(digits)
        except ValueError:
            kg = Fraction(0)
        if unit.strip() != "kg" or not WEIGHT[0] <= kg <= WEIGHT[1]:
            expected = f"a weight from {WEIGHT[0]} to {WEIGHT[1]} kg, such as 58 kg or 2027-02-01: 60 kg"
            raise WantedError(name, f'"{text}" is not {expected}', column)
        found.append((_day(name, day, column) if colon else None, kg))
    return tuple(found)


def _breaks(name: str, value: Told) -> tuple[Break, ...]:
    found = []
    for text, column in _each(value, _BREAKS):
        days, _, why = str(text).partition(":")
        first, last = _days(name, days.rstrip(), column)
        found.append(Break(first, last, why.strip()))
    return tuple(found)


def _missed(name: str, value: Told) -> tuple[int, ...]:
    days: dict[int, None] = {}
    for entry, column in _each(value):
        if isinstance(entry, int):
            days[entry] = None
            continue
        for match in re.finditer(r"[^,\s]+", entry):
            first, last = _days(name, match[0], column + match.start())
            days.update(dict.fromkeys(range(first, last + 1)))
    return tuple(sorted(days))


def _flag(name: str, value: Told) -> bool:
    if isinstance(value, bool):
        return value
    if value not in ("yes", "no"):
        raise WantedError(name, f'"{value}" is neither yes nor no', 1)
    return value == "yes"


def _target(name: str, value: Told) -> Fraction:
    digits, _, unit = str(value).strip().partition(" ")
    try:
        amount = exact(digits)
    except ValueError:
        amount = Fraction(0)
    if unit.strip() not in ("", "mg/kg") or not 0 < amount <= MOST_TARGET:
        raise WantedError(name, f'"{value}" is not a total for the body weight, such as 120 mg/kg', 1)
    return amount


def _moved(name: str, value: Told) -> tuple[tuple[str, int | None], ...]:
    found = []
    for text, column in _each(value):
        handle, colon, day = (part.strip() for part in str(text).partition(":"))
        if not colon or not _HANDLE.fullmatch(handle):
            expected = "an event that can be moved (a supply, a visit, a test, the start or the last-dose) and its day"
            raise WantedError(name, f'"{text}" is not {expected}, such as supply-2: 2027-02-01', column)
        found.append((handle, None if day == "missed" else _day(name, day, column + str(text).index(":") + 1)))
    return tuple(found)


_READERS: dict[str, Callable[[str, Told], object]] = {
    "start": _start,
    "product": _plain,
    "dose": _dose,
    "steps": _steps,
    "taper": _steps,
    "times_a_day": _whole(6),
    "weights": _weights,
    "breaks": _breaks,
    "missed": _missed,
    "drug_free_days": _flag,
    "supply_days": _whole(365),
    "target": _target,
    "until": _start,
    "moved": _moved,
    "pack": _whole(1000),
    "key": _plain,
}
"""What can be wanted, by name, and how its text is read."""

WISHES = tuple(_READERS)
"""The names of everything that can be wanted."""

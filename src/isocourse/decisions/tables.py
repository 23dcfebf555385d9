"""What a document says, as frozen tables: points, editions, positions, readings, rows. Conditions are nodes of one program."""

from enum import StrEnum
from functools import cached_property

from msgspec import Struct

from isocourse.facts.wording import Say as Say


def words(say: Say, language: str = "en") -> str:
    """The text in a language, or in English where it is missing."""
    by = dict(say)
    return by.get(language) or by.get("en", "")


class Shape(StrEnum):
    """How a point is answered."""

    CHOICE = "choice"
    RANGE = "range"
    FINDINGS = "findings"
    SCHEDULE = "schedule"
    STEPS = "steps"


class Status(StrEnum):
    """What kind of answer a cell of the matrix holds. No two may be shown alike."""

    ANSWERED = "answered"
    CANNOT_TELL = "cannot_tell"
    SILENT = "silent"
    SILENT_HERE = "silent_here"
    NOT_READ = "not_read"
    NOT_APPLICABLE = "not_applicable"
    OUTSIDE = "outside"


SPEAKS = (Status.ANSWERED, Status.CANNOT_TELL)
"""Only these say something of this patient; none of the others counts as agreement."""


class Option(Struct, frozen=True):
    """One thing that can be done."""

    name: str
    say: Say
    broken_if: int = -1
    """The condition under which the file shows that this option is not followed; -1 if the file cannot show it."""
    stand: str = ""
    """`forbids` or `allows` what the point is about; nothing if it does neither by name."""


class Point(Struct, frozen=True, dict=True):
    """A question, when it is asked, and how it can be answered."""

    name: str
    question: Say
    title: Say
    stage: str
    shape: Shape
    applies: int
    options: tuple[Option, ...] = ()
    safer_than: tuple[tuple[str, tuple[str, ...]], ...] = ()
    """For an option, those it is directly safer than."""
    done: str = ""
    """For a range: the fact that the file's own figure is."""
    unit: str = ""
    binds_on: str = "visit"
    outside: str = "judged"
    """For an order outside acne: judged, ceiling, or muted."""
    finds: tuple[tuple[str, Say], ...] = ()
    """For findings, schedules and steps: the kinds of thing found or to be done, or the drugs, with their words."""
    states: bool = False
    """What is said is how things are, not what to do: two statements can be opposed though neither has force."""
    reached: bool = False
    """For a range: the figure grows towards it, so lying below it breaks nothing."""
    shows: tuple[tuple[str, str], ...] = ()
    """For steps: the fact that the file's own figure of the daily dose is, by unit."""

    def option(self, name: str) -> Option:
        """An option by name."""
        return self._by_name[name]

    @cached_property
    def _by_name(self) -> dict[str, Option]:
        return {option.name: option for option in self.options}

    def safer(self, one: str, other: str) -> bool:
        """Whether `one` is safer than `other` in the point's partial order."""
        below = dict(self.safer_than)
        todo = list(below.get(one, ()))
        while todo:
            here = todo.pop()
            if here == other:
                return True
            todo.extend(below.get(here, ()))
        return False

    def say_of(self, find: str) -> Say:
        """The words for a kind of finding or duty."""
        return self._finds.get(find) or (("en", find.replace("_", " ")),)

    @cached_property
    def _finds(self) -> dict[str, Say]:
        return dict(self.finds)


class Window(Struct, frozen=True):
    """Days around an anchor, closed at both ends; the unit is the source's own."""

    low: int
    high: int
    unit: str = "days"


class Moment(Struct, frozen=True):
    """An anchor, moved by a number of days, weeks or months."""

    anchor: str
    offset: int = 0
    unit: str = "days"


class Duty(Struct, frozen=True):
    """Something to do at a moment, to keep up, or to avoid."""

    verb: str
    what: str
    at: Moment | None = None
    window: Window | None = None
    begin: Moment | None = None
    until: Moment | None = None
    every: str = ""
    met: int = -1
    """The condition that the file must show today for the duty to be kept; -1 if none is given."""
    met_text: str = ""
    unstated: bool = False
    """The source names the duty without a period."""


class Length(Struct, frozen=True):
    """How long a step lasts, counted in the source's own unit."""

    low: int
    high: int | None
    """None: so long or longer."""
    unit: str

    @property
    def stated(self) -> bool:
        """Whether the source says anything of the length; a step of which it says nothing lasts a day or longer."""
        return (self.low, self.high, self.unit) != (1, None, "days")


UNSTATED = Length(1, None, "days")
"""The source names no length."""


class Step(Struct, frozen=True):
    """One stage of a course of a drug: from when, how long, how much, and which way the dose goes."""

    verb: str
    """do, raise, lower (within the range), keep (unchanged) or avoid (the drug is not given)."""
    what: str
    """`dose` is the dose of isotretinoin; else a drug of the vocabulary."""
    begin: Moment | None = None
    then: bool = False
    """It begins on the day after the step before it of the same drug ends. With neither `begin`, `then` nor `until` the source names no time."""
    until: Moment | None = None
    """Its last day."""
    length: Length | None = None
    """None with no `until` either: it goes on."""
    low: str = ""
    """The ends of what the dose may be during the step, as printed; nothing where the source gives no figure."""
    high: str = ""
    below: bool = False
    """Whether the upper end does not itself belong to it: lower than `high`."""
    unit: str = ""
    of: str = ""
    force: str = ""
    when: int = -1
    """The condition under which it is taken; -1 if there is none."""
    text: str = ""
    say: Say = ()
    """The condition in words."""
    over: int = -1
    """The node "the dose on file lies above it"; -1 where the file shows no such figure."""
    under: int = -1

    @property
    def open(self) -> bool:
        """Whether it goes on with no end of its own."""
        return self.length is None and self.until is None

    @property
    def said(self) -> tuple[object, ...]:
        """Two steps that say the same are the same."""
        timed = (self.begin, self.then, self.until, self.length)
        amount = (self.low, self.high, self.below, self.unit, self.of)
        return (self.verb, self.what, *timed, *amount, self.force, self.when)


class Row(Struct, frozen=True, dict=True):
    """One row of a table. Which of `take`, `low` to `of`, `find`, `duty` and `steps` is filled depends on the shape."""

    name: str
    when: int
    text: str
    force: str
    claims: tuple[str, ...]
    take: tuple[str, ...] = ()
    low: str = ""
    high: str = ""
    below: bool = False
    """For a range: whether its upper end does not itself belong to it: lower than `high`."""
    unit: str = ""
    of: str = ""
    over: int = -1
    """For a range: the node "the file's figure lies above it"."""
    under: int = -1
    find: str = ""
    duty: Duty | None = None
    steps: tuple[Step, ...] = ()
    closes: str = ""
    see: tuple[str, ...] = ()
    second_hand: bool = False
    """It rests on second-hand readings only: it may make an answer stricter, never milder."""
    where: str = ""
    """file:line of the row."""

    @property
    def meaning(self) -> tuple[object, ...]:
        """What satisfies it, of a choice or a range: two rows that mean the same are one answer, said with whatever force."""
        return (self.take, self.low, self.high, self.below, self.unit, self.of)

    @cached_property
    def subjects(self) -> tuple[str, ...]:
        """The finding, the duty or the drugs that it is about; nothing for a choice or a range."""
        if self.steps:
            return tuple(dict.fromkeys(step.what for step in self.steps))
        return tuple(name for name in (self.find, self.duty.what if self.duty else "") if name)

    @cached_property
    def asides(self) -> tuple[tuple[str, int], ...]:
        """The conditions besides `when` on which what it says rests, each with its name: of a duty that it is met, of steps theirs."""
        met = (("met", self.duty.met),) if self.duty and self.duty.met >= 0 else ()
        return (*met, *((f"step {place}", step.when) for place, step in enumerate(self.steps, 1) if step.when >= 0))


class Reading(Struct, frozen=True, dict=True):
    """One way to take a sentence."""

    name: str
    acts: bool
    why: str
    rows: tuple[Row, ...]

    @cached_property
    def roots(self) -> tuple[int, ...]:
        """The condition of each row."""
        return tuple(row.when for row in self.rows)

    @cached_property
    def nodes(self) -> tuple[int, ...]:
        """Every condition on which what it says rests."""
        return (*self.roots, *(node for row in self.rows for _, node in row.asides))


class Position(Struct, frozen=True, dict=True):
    """One thing that a document says on a point."""

    name: str
    claims: tuple[str, ...]
    readings: tuple[Reading, ...]

    @cached_property
    def acting(self) -> Reading:
        """The reading that acts."""
        return next(reading for reading in self.readings if reading.acts)


class Cell(Struct, frozen=True):
    """One protocol's table on one point: its positions, or why there are none."""

    point: str
    status: Status
    positions: tuple[Position, ...] = ()
    looked: str = ""
    """Where one looked, if the text was not read, or not all of it."""

    @property
    def read_whole(self) -> bool:
        """Whether the text answers the point and was read as far as it bears on it, so that what it leaves out is left out."""
        return self.status is Status.ANSWERED and not self.looked


class Definition(Struct, frozen=True):
    """A term that an edition defines for itself."""

    name: str
    status: Status
    node: int = -1
    text: str = ""
    claims: tuple[str, ...] = ()
    looked: str = ""
    second_hand: bool = False


class Bound(Struct, frozen=True):
    """One end of an edition's life."""

    day: int
    certainty: str
    claims: tuple[str, ...] = ()


class Edition(Struct, frozen=True, dict=True):
    """A dated version of a protocol, with a cell for every point."""

    protocol: str
    edition: str
    title: Say
    short: Say
    authority: str
    jurisdictions: tuple[str, ...]
    formulations: tuple[str, ...]
    begins: Bound | None
    ends: Bound | None
    relations: tuple[tuple[str, str], ...]
    cells: tuple[Cell, ...]
    definitions: tuple[Definition, ...]
    days: tuple[tuple[int, str], ...] = ()
    """Examples: on a day it is surely in force (yes), surely not (no), or may be (doubtful)."""

    @property
    def key(self) -> str:
        """protocol/edition."""
        return f"{self.protocol}/{self.edition}"

    def cell(self, point: str) -> Cell:
        """The table on a point."""
        return self._by_point[point]

    @cached_property
    def _by_point(self) -> dict[str, Cell]:
        return {cell.point: cell for cell in self.cells}

    def definition(self, name: str) -> Definition | None:
        """A definition by name."""
        return next((each for each in self.definitions if each.name == name), None)


class RedLine(Struct, frozen=True):
    """Something that outranks every other answer."""

    name: str
    node: int
    text: str
    say: Say
    do: Say
    claims: tuple[str, ...]


class OrderCheck(Struct, frozen=True):
    """Something wrong with an order under any protocol; it speaks only when certain."""

    name: str
    node: int
    text: str
    say: Say
    explain: Say
    claims: tuple[str, ...]


class Tactic(Struct, frozen=True):
    """Something being done that a source advises against; it speaks only when certain, and breaks no rule by itself."""

    name: str
    node: int
    text: str
    say: Say
    why: Say
    advises_against: tuple[str, ...]
    """Claims."""
    points: tuple[str, ...]
    """The decision points under which each protocol says what it thinks of it."""
    because: tuple[str, ...] = ()
    """Claims behind the why."""
    allowed_by: tuple[str, ...] = ()
    """Claims of those who allow it."""
    where: str = ""

    @property
    def claims(self) -> tuple[str, ...]:
        """Every claim cited, each once."""
        return tuple(dict.fromkeys((*self.advises_against, *self.because, *self.allowed_by)))


AUTHORITY = ("mandatory", "label", "guideline", "consensus", "review", "promotional")
"""From the one that binds to the one that sells."""

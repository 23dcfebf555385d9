"""Facts as declared: what a rule may read, how it is folded from streams, and how a clinician can obtain it."""

from msgspec import Struct

from isocourse.logic.problems import LanguageError, did_you_mean
from isocourse.logic.syntax import Binary, Call, Interval, Name, Number, Tree
from isocourse.logic.units import DAYS_IN

FOLDS = ("last", "first", "nth", "highest", "lowest", "count", "total", "span", "largest_gap", "any")
"""The closed list of folds. `days_since` is a comparison with today."""

OBTAIN = ("look", "ask", "measure", "refer")
"""How a missing fact is obtained, cheapest first."""


class Anchor(Struct, frozen=True):
    """A day that another fact gives, moved by whole days."""

    fact: str
    days: int = 0


class Filter(Struct, frozen=True):
    """Which events count: the named part is one of the values. `kind` looks at a list item and its classes."""

    part: str
    values: tuple[str, ...]


class Fold(Struct, frozen=True):
    """One of the closed list of folds over one stream."""

    how: str
    stream: str
    part: str = "value"
    number: int = 1
    where: tuple[Filter, ...] = ()
    first: Anchor | None = None
    last: Anchor | None = None
    first_open: bool = False
    last_open: bool = False


class Fact(Struct, frozen=True):
    """Something that can be known about a patient. `kind`: quantity, count, date, yes_no, coded, documentary, judgement."""

    name: str
    kind: str
    fold: Fold | None = None
    built_in: bool = False
    """Worked out by our own rule in facts/courses.py rather than folded."""
    ratio: tuple[str, str] | None = None
    condition: str = ""
    """For a fact that is a condition over other facts."""
    unit: str = ""
    step: str = "1"
    low: int = 0
    high: int = 0
    values: tuple[str, ...] = ()
    stale_after: int = 0
    future: str = "unknown"
    obtain: str = "ask"
    worse: str = ""
    say: tuple[tuple[str, str], ...] = ()
    claims: tuple[str, ...] = ()
    file: str = ""
    line: int = 0


def read_fold(tree: Tree) -> Fold:
    """A fold from its syntax: `last(alt)`, `any(drugs, class = tetracycline, current)`.

    Raises:
        LanguageError: not one of the closed list, or an argument that no fold takes.
    """
    if not isinstance(tree, Call) or tree.name not in FOLDS:
        found = tree.name if isinstance(tree, Call) else "something else"
        raise LanguageError(
            f"expected a fold ({', '.join(FOLDS)}), found {found}" + did_you_mean(found, FOLDS), tree.column
        )
    number, args = 1, list(tree.args)
    if tree.name == "nth":
        if len(args) < 2 or not isinstance(args[0], Number):
            raise LanguageError("nth(2, stream) takes a number and a stream", tree.column)
        number, args = int(args[0].digits), args[1:]
    if not args or not isinstance(args[0], Name):
        raise LanguageError(f"{tree.name}(...) needs a stream first", tree.column)
    stream, _, part = args[0].text.partition(".")
    return Fold(tree.name, stream, part or "value", number, tuple(_filter(arg) for arg in args[1:]))


def _filter(tree: Tree) -> Filter:
    if isinstance(tree, Name) and tree.text == "current":
        return Filter("state", ("current", "said_active"))
    if (
        isinstance(tree, Binary)
        and tree.operator == "="
        and isinstance(tree.left, Name)
        and isinstance(tree.right, Name)
    ):
        part = "kind" if tree.left.text in ("class", "kind") else tree.left.text
        return Filter(part, (tree.right.text,))
    raise LanguageError("a fold takes `part = value`, `kind = ...`, `class = ...` or `current`", tree.column)


def windowed(fold: Fold, relation: str, window: Interval | Tree) -> Fold:
    """The fold limited to a window: `in [a..b]`, `after a`, `since a`, `before a`, `until a`.

    Raises:
        LanguageError: an end of the window is not a date fact moved by days.
    """
    if isinstance(window, Interval):
        first, last = anchor(window.low), anchor(window.high)
        return _with(fold, first, last, not window.low_closed, not window.high_closed)
    at = anchor(window)
    if relation in ("after", "since"):
        return _with(fold, at, None, relation == "after", False)
    return _with(fold, None, at, False, relation == "before")


def _with(fold: Fold, first: Anchor | None, last: Anchor | None, first_open: bool, last_open: bool) -> Fold:
    return Fold(fold.how, fold.stream, fold.part, fold.number, fold.where, first, last, first_open, last_open)


def anchor(tree: Tree) -> Anchor:
    """A date fact, moved by whole days or weeks.

    Raises:
        LanguageError: it is something else.
    """
    if isinstance(tree, Name):
        return Anchor(tree.text)
    if (
        isinstance(tree, Binary)
        and tree.operator in "+-"
        and isinstance(tree.left, Name)
        and isinstance(tree.right, Number)
        and tree.right.unit in DAYS_IN
    ):
        days = int(tree.right.digits) * DAYS_IN[tree.right.unit]
        return Anchor(tree.left.text, days if tree.operator == "+" else -days)
    raise LanguageError("a window ends at a date fact, moved by days or weeks: `first_dose - 90 days`", tree.column)

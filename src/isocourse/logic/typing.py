"""From the syntax of a condition to nodes: names looked up, units checked, thresholds made whole steps."""

from __future__ import annotations

from fractions import Fraction
from typing import Protocol

from msgspec import Struct, field

from isocourse.logic.problems import LanguageError, did_you_mean
from isocourse.logic.syntax import UNLIMITED, Binary, Call, Interval, Junction, Name, Number, Tree, Within
from isocourse.logic.tree import Builder, Op, Slot
from isocourse.logic.units import DAYS_IN, decimal, exact, same_unit


class Amount(Struct, frozen=True):
    """An ordered stored value: its slot, its unit, and how many steps one of each accepted unit is."""

    slot: Slot
    steps: dict[str, Fraction]
    """Steps in one of each unit; a threshold that is not a whole number of steps is refused."""
    unit: str
    name: str
    is_date: bool = False


class Coded(Struct, frozen=True):
    """A coded stored value, or a yes/no one (values `no`, `yes`)."""

    slot: Slot
    name: str

    @property
    def yes_no(self) -> bool:
        """Whether it stands alone as a condition."""
        return self.slot.values == ("no", "yes")


class Ratio(Struct, frozen=True):
    """One amount over another, never divided."""

    over: Amount
    under: Amount
    name: str
    unit: str


class Formula(Struct, frozen=True):
    """A condition with a name: a definition of one edition, or a fact derived by a condition."""

    tree: Tree
    name: str


Meaning = Amount | Coded | Ratio | Formula


class Names(Protocol):
    """What the names of a condition mean here."""

    def meaning(self, name: str, column: int) -> Meaning:
        """The meaning of a fact's name.

        Raises:
            LanguageError: no such fact, with "did you mean".
        """

    def fold(self, call: Call) -> Meaning:
        """The meaning of a fold written inside a condition."""


class _Lowering(Struct):
    builder: Builder
    names: Names
    file_reads: bool
    within: list[str] = field(default_factory=list)


def lower_condition(tree: Tree, builder: Builder, names: Names, *, file_reads: bool = False) -> int:
    """The node of a condition.

    Args:
        tree: the condition's syntax.
        builder: where nodes are collected.
        names: what the names mean here.
        file_reads: whether `recorded(...)` may stand here (findings and schedule rows only).

    Raises:
        LanguageError: unknown names, units that do not fit, thresholds that would be rounded.
    """
    return _condition(tree, _Lowering(builder, names, file_reads))


def _condition(tree: Tree, to: _Lowering) -> int:
    if isinstance(tree, Junction):
        return _junction(tree, to)
    if isinstance(tree, Binary):
        return _comparison(tree, to)
    if isinstance(tree, Within):
        return _within(tree, to)
    if isinstance(tree, Name) and tree.text in UNLIMITED:
        return to.builder.node(Op.TRUE, text=tree.text)
    if isinstance(tree, Call) and tree.name == "recorded":
        return _recorded(tree, to)
    if isinstance(tree, Name | Call):
        return _standing_alone(tree, to)
    raise LanguageError("expected a condition that is yes or no, found a number or a range", tree.column)


def _junction(tree: Junction, to: _Lowering) -> int:
    children = tuple(_condition(part, to) for part in tree.parts)
    if tree.kind == "not":
        return to.builder.node(Op.NOT, children, text=tree.text)
    if tree.kind == "count":
        return to.builder.node(Op.COUNT, children, (tree.count,), text=tree.text)
    distinct = tuple(dict.fromkeys(children))
    return to.builder.node(Op.AND if tree.kind == "and" else Op.OR, distinct, text=tree.text)


def _recorded(tree: Call, to: _Lowering) -> int:
    if not to.file_reads:
        raise LanguageError(
            "recorded(...) reads the file, not the patient; it may stand in findings and schedule rows only",
            tree.column,
        )
    if len(tree.args) != 1 or not isinstance(tree.args[0], Name):
        raise LanguageError("recorded(...) takes the name of one fact", tree.column)
    name = tree.args[0]
    meaning = to.names.meaning(name.text, name.column)
    if isinstance(meaning, Amount | Coded):
        slot = to.builder.slot(meaning.slot)
        return to.builder.node(Op.RECORDED, (slot,), text=tree.text, names=(name.text,))
    raise LanguageError(f"{name.text} is worked out, not recorded; name the stored fact behind it", name.column)


def _standing_alone(tree: Name | Call, to: _Lowering) -> int:
    meaning = _meaning(tree, to)
    if isinstance(meaning, Formula):
        return _formula(meaning, tree.column, to)
    if isinstance(meaning, Coded) and meaning.yes_no:
        return to.builder.node(
            Op.ONE_OF, (to.builder.slot(meaning.slot),), (2,), text=meaning.name, names=(meaning.name,)
        )
    raise LanguageError(f"{tree.text} is not a yes/no fact; compare it with something", tree.column)


def _formula(meaning: Formula, column: int, to: _Lowering) -> int:
    if meaning.name in to.within:
        raise LanguageError(f"{meaning.name} is defined by itself", column)
    to.within.append(meaning.name)
    node = _condition(meaning.tree, to)
    to.within.pop()
    return node


def _meaning(tree: Tree, to: _Lowering) -> Meaning:
    if isinstance(tree, Name):
        return to.names.meaning(tree.text, tree.column)
    if isinstance(tree, Call):
        return to.names.fold(tree)
    if isinstance(tree, Binary) and tree.operator == "/":
        return _ratio(tree, to)
    raise LanguageError("expected a fact here", tree.column)


def _ratio(tree: Binary, to: _Lowering) -> Ratio:
    over, under = _meaning(tree.left, to), _meaning(tree.right, to)
    if not isinstance(over, Amount) or not isinstance(under, Amount) or over.is_date or under.is_date:
        raise LanguageError("a ratio is one amount over another", tree.column)
    if under.slot.low <= 0:
        raise LanguageError(f"{under.name} may be zero or less, so nothing can be divided by it", tree.column)
    return Ratio(over, under, tree.text, "")


# comparisons -------------------------------------------------------------------------------------------------------------
def _comparison(tree: Binary, to: _Lowering) -> int:
    if tree.operator in "+-/":
        raise LanguageError(
            "expected a condition that is yes or no, found an amount; compare it with something", tree.column
        )
    left = tree.left
    meaning, shift = _amount(left, to)
    if isinstance(meaning, Coded):
        return _code_comparison(meaning, tree.operator, (tree.right,), tree, to)
    if isinstance(meaning, Formula):
        raise LanguageError(f"{meaning.name} is a condition; let it stand alone or inside not(...)", tree.column)
    return _ordered(meaning, shift, tree.operator, tree.right, tree.text, to)


def _amount(tree: Tree, to: _Lowering) -> tuple[Meaning, int]:
    """The fact at the root of a sum, and the days added to it."""
    if isinstance(tree, Binary) and tree.operator in "+-":
        meaning, shift = _amount(tree.left, to)
        days = _days(tree.right)
        if not isinstance(meaning, Amount) or not meaning.is_date:
            raise LanguageError("only days and weeks can be added, and only to a date", tree.column)
        return meaning, shift + (days if tree.operator == "+" else -days)
    if isinstance(tree, Number):
        raise LanguageError("write the fact first: `alt_now >= 40 U/L`", tree.column)
    return _meaning(tree, to), 0


def _days(tree: Tree) -> int:
    if not isinstance(tree, Number):
        raise LanguageError("expected a number of days or weeks", tree.column)
    if tree.unit not in DAYS_IN:
        hint = "; a month is not a fixed number of days" if tree.unit.startswith(("month", "year")) else ""
        raise LanguageError(f'"{tree.digits} {tree.unit}" is not a number of days or weeks{hint}', tree.column)
    if "." in tree.digits:
        raise LanguageError("days are counted whole", tree.column)
    return int(tree.digits) * DAYS_IN[tree.unit]


def _ordered(meaning: Amount | Ratio, shift: int, operator: str, right: Tree, text: str, to: _Lowering) -> int:
    """`left operator right`, from the one question "at least", asked once or twice."""
    strictly = {">=": False, "<": False, ">": True, "<=": True}
    if operator in ("=", "!="):
        both = (
            _at_least(meaning, shift, right, False, to),
            _not(_at_least(meaning, shift, right, True, to), text, to),
        )
        equal = to.builder.node(Op.AND, both, text=text)
        return equal if operator == "=" else _not(equal, text, to)
    node = _at_least(meaning, shift, right, strictly[operator], to)
    return _not(node, text, to) if operator in ("<", "<=") else node


def _spelled(name: str, shift: int, strict: bool, right: Tree) -> str:
    """The question "at least" as it is asked, whatever comparison the author wrote; its truth is printed beside it."""
    moved = f" {'+' if shift > 0 else '-'} {abs(shift)} days" if shift else ""
    return f"{name}{moved} {'>' if strict else '>='} {_shown(right)}"


def _shown(tree: Tree) -> str:
    if isinstance(tree, Number):
        return f"{tree.digits} {tree.unit}".rstrip()
    return tree.text if not isinstance(tree, Interval) else "a range"


def _not(node: int, text: str, to: _Lowering) -> int:
    return to.builder.node(Op.NOT, (node,), text=text)


def _at_least(meaning: Amount | Ratio, shift: int, right: Tree, strict: bool, to: _Lowering) -> int:
    if isinstance(meaning, Ratio):
        return _ratio_at_least(meaning, right, strict, to)
    text = _spelled(meaning.name, shift, strict, right)
    slot = to.builder.slot(meaning.slot)
    if isinstance(right, Number):
        if meaning.is_date:
            raise LanguageError(f"{meaning.name} is a date; compare it with a date", right.column)
        steps = _steps(meaning, right)
        return to.builder.node(
            Op.AT_LEAST, (slot,), (steps + strict,), text=text, names=(meaning.name,), unit=right.unit
        )
    other, other_shift = _amount(right, to)
    if not isinstance(other, Amount) or other.is_date != meaning.is_date:
        raise LanguageError(f"{meaning.name} cannot be compared with that", right.column)
    if not meaning.is_date and not _commensurate(meaning, other):
        raise LanguageError(
            f"{meaning.name} is in {meaning.unit or 'no unit'}, {other.name} in {other.unit or 'no unit'}", right.column
        )
    return to.builder.node(
        Op.GAP,
        (slot, to.builder.slot(other.slot)),
        (other_shift - shift + strict,),
        text=text,
        names=(meaning.name, other.name),
    )


def _commensurate(one: Amount, other: Amount) -> bool:
    return same_unit(one.unit, other.unit) and one.steps.get(one.unit) == other.steps.get(other.unit)


def _steps(meaning: Amount, number: Number) -> int:
    """A threshold in whole steps; a unit is demanded where the fact has one."""
    per_unit = _per_unit(meaning, number)
    steps = exact(number.digits) * per_unit
    if steps.denominator != 1:
        raise LanguageError(
            f"{number.digits} {number.unit} is {decimal(steps)} steps of {meaning.name}: a threshold must be a "
            "whole number of steps; make the step finer",
            number.column,
        )
    return int(steps)


def _per_unit(meaning: Amount, number: Number) -> Fraction:
    if not number.unit:
        if meaning.unit:
            raise LanguageError(f"{meaning.name} is in {meaning.unit}; write the unit", number.column)
        return meaning.steps[""]
    for unit, steps in meaning.steps.items():
        if unit and same_unit(unit, number.unit):
            return steps
    accepted = ", ".join(unit for unit in meaning.steps if unit) or "no unit"
    raise LanguageError(
        f'{meaning.name} is measured in {accepted}, not "{number.unit}"'
        + did_you_mean(number.unit, [unit for unit in meaning.steps if unit]),
        number.column,
    )


def _ratio_at_least(meaning: Ratio, right: Tree, strict: bool, to: _Lowering) -> int:
    if not isinstance(right, Number):
        raise LanguageError("a ratio is compared with a number", right.column)
    if right.unit and not same_unit(right.unit, meaning.unit):
        raise LanguageError(
            f'{meaning.name} is in {meaning.unit or "no unit (times)"}, not "{right.unit}"', right.column
        )
    if meaning.unit and not right.unit:
        raise LanguageError(f"{meaning.name} is in {meaning.unit}; write the unit", right.column)
    # over / steps_over >= k * under / steps_under, cleared of fractions
    scale = exact(right.digits) * meaning.over.steps[meaning.over.unit] / meaning.under.steps[meaning.under.unit]
    if scale < 0:
        raise LanguageError("a ratio is never compared with a negative number", right.column)
    over, under = to.builder.slot(meaning.over.slot), to.builder.slot(meaning.under.slot)
    limit = _shown(right)
    if strict:  # over > k under  is  not(under * k >= over)
        flipped = to.builder.node(
            Op.RATIO,
            (under, over),
            (scale.numerator, scale.denominator),
            text=f"{meaning.name} <= {limit}",
            names=(meaning.name,),
            unit=right.unit,
        )
        return to.builder.node(Op.NOT, (flipped,), text=f"{meaning.name} > {limit}")
    return to.builder.node(
        Op.RATIO,
        (over, under),
        (scale.denominator, scale.numerator),
        text=f"{meaning.name} >= {limit}",
        names=(meaning.name,),
        unit=right.unit,
    )


# codes and ranges --------------------------------------------------------------------------------------------------------
def _within(tree: Within, to: _Lowering) -> int:
    meaning, shift = _amount(tree.subject, to)
    if tree.interval is None:
        if not isinstance(meaning, Coded):
            raise LanguageError("a list in parentheses is for codes; write [low..high] for amounts", tree.column)
        return _code_comparison(meaning, "=", tree.options, tree, to)
    if isinstance(meaning, Coded | Formula):
        raise LanguageError(f"{meaning.name} has no order, so it lies in no range", tree.column)
    _forward(tree.interval)
    low = _at_least(meaning, shift, tree.interval.low, not tree.interval.low_closed, to)
    high = _at_least(meaning, shift, tree.interval.high, tree.interval.high_closed, to)
    return to.builder.node(Op.AND, (low, _not(high, tree.text, to)), text=tree.text)


def _forward(interval: Interval) -> None:
    low, high = interval.low, interval.high
    if isinstance(low, Number) and isinstance(high, Number):
        if low.unit and high.unit and low.unit != high.unit:
            raise LanguageError(
                f"the ends of the range have different units, {low.unit} and {high.unit}", interval.column
            )
        if exact(low.digits) > exact(high.digits):
            raise LanguageError(f"the range runs backwards, from {low.digits} to {high.digits}", interval.column)


def _code_comparison(
    meaning: Coded, operator: str, options: tuple[Tree, ...], tree: Binary | Within, to: _Lowering
) -> int:
    if operator not in ("=", "!="):
        raise LanguageError(f"{meaning.name} is a code; it can be = or != or in (...), not {operator}", tree.column)
    mask = 0
    for option in options:
        mask |= 1 << _code(meaning, option)
    everything = (1 << len(meaning.slot.values)) - 1
    wanted = mask if operator == "=" else everything & ~mask
    return to.builder.node(
        Op.ONE_OF, (to.builder.slot(meaning.slot),), (wanted,), text=tree.text, names=(meaning.name,)
    )


def _code(meaning: Coded, option: Tree) -> int:
    if not isinstance(option, Name):
        raise LanguageError(f"expected one of {', '.join(meaning.slot.values)}", option.column)
    if option.text not in meaning.slot.values:
        raise LanguageError(
            f'{meaning.name} is never "{option.text}"'
            + did_you_mean(option.text, meaning.slot.values)
            + f" (one of {', '.join(meaning.slot.values)})",
            option.column,
        )
    return meaning.slot.values.index(option.text)

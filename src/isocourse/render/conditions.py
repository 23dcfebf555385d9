"""The condition of a row in words: the same question as the code asks, with every border, bracket and negation told."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import date

from msgspec import Struct

from isocourse.decisions.dates import COUNTS
from isocourse.decisions.tables import Point, Row, Shape
from isocourse.decisions.wording import ENGLISH, Wording
from isocourse.facts.declare import Filter, Fold, read_fold
from isocourse.library import Library
from isocourse.logic.problems import LanguageError
from isocourse.logic.syntax import UNLIMITED, Binary, Call, Interval, Junction, Name, Number, Tree, Within, parse
from isocourse.render.words import HOW_MANY, ONE_OF, TIMES, fact_words
from isocourse.render.written import either

FIXED = {
    "when.and": "{one} and {other}",
    "when.or": "{one} or {other}",
    "when.not": "not ({what})",
    "when.some_of": "at least {k} of ({parts})",
    "when.quoted": "“{what}”",
    "when.always": "always",
    "when.rest": "none of the earlier conditions of this position holds",
    "when.term": "{term} (as this source defines it)",
    "when.on_file": "{what} is on file",
    "when.at_least": "{what} is at least {value}",
    "when.more": "{what} is more than {value}",
    "when.at_most": "{what} is at most {value}",
    "when.less": "{what} is less than {value}",
    "when.is": "{what} is {value}",
    "when.is_not": "{what} is not {value}",
    "when.coded": "{what} is “{value}”",
    "when.not_coded": "{what} is not “{value}”",
    "when.one_of": "{what} is one of ({values})",
    "when.not_before": "{what}: no earlier than {value}",
    "when.after": "{what}: after {value}",
    "when.not_after": "{what}: no later than {value}",
    "when.before": "{what}: before {value}",
    "when.ago": "the day {count} ago",
    "when.ahead": "the day {count} from today",
    "when.days_after": "the day {count} after “{day}”",
    "when.days_before": "the day {count} before “{day}”",
    "when.both_ends": "{what} is from {low} to {high} (both ends included)",
    "when.low_open": "{what} is from {low} to {high} (the lower end not included, the upper end included)",
    "when.high_open": "{what} is from {low} to {high} (the lower end included, the upper end not included)",
    "when.no_ends": "{what} is from {low} to {high} (neither end included)",
    "when.ratio": "“{over}” divided by “{under}”",
    "when.any_of": "at least one entry under “{things}”",
    "when.now": "now",
    "when.now_or_said": "now or said to be in use",
    "when.ever": "now or earlier",
}
"""The frames of conditions."""

AMOUNTS = {">=": "at_least", ">": "more", "<=": "at_most", "<": "less", "=": "is", "!=": "is_not"}
DAYS = AMOUNTS | {">=": "not_before", ">": "after", "<=": "not_after", "<": "before"}
CODES = {"=": "coded", "!=": "not_coded"}
"""The frame of each comparison, of amounts, of days and of codes."""

ENDS = {(True, True): "both_ends", (False, True): "low_open", (True, False): "high_open", (False, False): "no_ends"}
TURNED = {">=": "<=", ">": "<", "<=": ">=", "<": ">", "=": "=", "!=": "!=", "+": "-", "-": "+"}
OF_SUPPLY = ("drugs", "methods")
"""Lists of which something can be said to be in use though the supply has ended; `current` takes that in."""

COUNTED = ("courses", "lesions", "points")
"""Units that are words: they stand in brackets behind the number, where every language has them in one form."""

UNIT_OF = {"day": "days", "week": "weeks", "month": "months", "year": "years"}

_AMOUNT = re.compile(r"(\d+(?:\.\d+)?) ?(\S.*)?", re.ASCII)
_BRACKETS = re.compile(r"\([^()]*\)|“[^“”]*”|«[^«»]*»")
_JOINED = re.compile(r"\b(?:and|or|и|или|va|yoki)\b|;|,\s")
"""What could be taken for the joint of two questions, or for the end of one."""


def condition_words(library: Library, text: str, w: Wording = ENGLISH, *, inside: bool = False) -> str:
    """A condition in words, so written that it can stand beside another if it is to; a part without words stays as it is."""
    try:
        return _Teller(library, w).told(parse(text), inside)
    except LanguageError:
        return text


def whom_words(library: Library, point: Point, rows: Sequence[Row], row: Row, w: Wording = ENGLISH) -> str:
    """Whom one of the rows of a position speaks of, in words; nothing for a row that is said of everybody.

    In a choice and in a range the first row that holds speaks; so a later one says that none before it holds.
    """
    told = "" if row.text in UNLIMITED else condition_words(library, row.text, w)
    if point.shape not in (Shape.CHOICE, Shape.RANGE) or row == rows[0]:
        return told
    rest = w(FIXED["when.rest"])
    return w(FIXED["when.and"], one=rest, other=condition_words(library, row.text, w, inside=True)) if told else rest


class _Teller(Struct, frozen=True):
    """Tells the parts of a condition in one language."""

    library: Library
    w: Wording

    def say(self, frame: str, **parts: str | int) -> str:
        return self.w(FIXED[f"when.{frame}"], **parts)

    # questions ---------------------------------------------------------------------------------------------------------
    def told(self, tree: Tree, inside: bool = False) -> str:
        """A question; inside another one, whatever could be read across its borders stands in brackets or quotation marks."""
        if isinstance(tree, Junction):
            return self._junction(tree, inside)
        leaf = self._leaf(tree)
        return self._whole(leaf) if inside else leaf

    def _junction(self, tree: Junction, inside: bool) -> str:
        if tree.kind == "not":
            return self.say("not", what=self.told(tree.parts[0]))
        if tree.kind == "count":
            return self.say("some_of", k=str(tree.count), parts="; ".join(self.told(each, True) for each in tree.parts))
        parts = _without_always(tree) if tree.kind == "and" else tree.parts
        if len(parts) == 1:
            return self.told(parts[0], inside)
        joined, *others = [self.told(each, True) for each in parts]
        for other in others:
            joined = self.say(tree.kind, one=joined, other=other)
        return f"({joined})" if inside else joined

    def _leaf(self, tree: Tree) -> str:
        if isinstance(tree, Binary) and tree.operator in AMOUNTS:
            return self._comparison(tree)
        if isinstance(tree, Within):
            return self._within(tree)
        return self._thing(tree)

    def _comparison(self, tree: Binary) -> str:
        if self._is_day(tree.left):
            tree = _from_the_fact(tree)
            return self.say(
                DAYS[tree.operator], what=self._whole(self._thing(tree.left)), value=self._value(tree, tree.right)
            )
        what, value = self._whole(self._thing(tree.left)), tree.right
        if isinstance(value, Name) and (value.quoted or not self._is_name(value)):
            return (
                self.say(CODES[tree.operator], what=what, value=self._code(value))
                if tree.operator in CODES
                else tree.text
            )
        return self.say(AMOUNTS[tree.operator], what=what, value=self._value(tree, value))

    def _within(self, tree: Within) -> str:
        what = self._whole(self._thing(tree.subject))
        if tree.interval is None:
            return self.say(
                "one_of",
                what=what,
                values=", ".join(self.say("quoted", what=self._code(each)) for each in tree.options),
            )
        ends = tree.interval
        low, high = self._value(tree, ends.low), self._value(tree, ends.high)
        return self.say(ENDS[ends.low_closed, ends.high_closed], what=what, low=low, high=high)

    def _value(self, tree: Binary | Within, value: Tree) -> str:
        """What a fact is compared with: an amount, a day, or another fact."""
        subject = tree.left if isinstance(tree, Binary) else tree.subject
        if isinstance(value, Number):
            return self._amount(value, of_ratio=self._is_ratio(subject))
        return self._whole(self._thing(value))

    # facts -------------------------------------------------------------------------------------------------------------
    def _thing(self, tree: Tree) -> str:
        """A fact, a day, a ratio or a fold; anything else as it is written."""
        if isinstance(tree, Name):
            return self._name(tree.text)
        if isinstance(tree, Call):
            return self._call(tree)
        if isinstance(tree, Binary) and tree.operator in "+-" and isinstance(tree.right, Number):
            return self._moved(tree, tree.right)
        if isinstance(tree, Binary) and tree.operator == "/":
            return self.say("ratio", over=self._thing(tree.left), under=self._thing(tree.right))
        if isinstance(tree, Number):
            return self._amount(tree)
        return "" if isinstance(tree, Interval) else tree.text

    def _name(self, name: str) -> str:
        if name in UNLIMITED:
            return self.say("always")
        base, _, part = name.partition(".")
        if base in self.library.fact_by_name:
            told = fact_words(self.library, base, self.w)
            return f"{told} ({self.w(part.replace('_', ' '))})" if part and part != "value" else told
        defined = {each.name for edition in self.library.editions for each in edition.definitions}
        return self.say("term", term=self.w(name.replace("_", " "))) if name in defined else name

    def _moved(self, tree: Binary, by: Number) -> str:
        """A day some days before or after another."""
        count = self._amount(by)
        if isinstance(tree.left, Name) and tree.left.text == "today":
            return self.say("ago" if tree.operator == "-" else "ahead", count=count)
        return self.say(
            "days_before" if tree.operator == "-" else "days_after", count=count, day=self._thing(tree.left)
        )

    def _amount(self, number: Number, *, of_ratio: bool = False) -> str:
        unit = number.unit or (TIMES if of_ratio else "")
        return _amount_words(number.digits, UNIT_OF.get(unit, unit), self.w)

    def _code(self, tree: Tree) -> str:
        return self.w(tree.text.replace("_", " ")) if isinstance(tree, Name) else self._thing(tree)

    def _whole(self, told: str) -> str:
        """Words that cannot be taken apart: in quotation marks where they hold a joining word outside brackets."""
        bare, before = told, ""
        while bare != before:
            bare, before = _BRACKETS.sub("", bare), bare
        return self.say("quoted", what=told) if _JOINED.search(bare) else told

    # kinds of facts ----------------------------------------------------------------------------------------------------
    def _is_name(self, tree: Name) -> bool:
        return tree.text.partition(".")[0] in self.library.fact_by_name

    def _is_day(self, tree: Tree) -> bool:
        if isinstance(tree, Binary) and tree.operator in "+-":
            return self._is_day(tree.left)
        if not isinstance(tree, Name):
            return False
        base, _, part = tree.text.partition(".")
        fact = self.library.fact_by_name.get(base)
        return part in ("day", "known") or (fact is not None and fact.kind == "date" and part in ("", "value"))

    def _is_ratio(self, tree: Tree) -> bool:
        if isinstance(tree, Name):
            fact = self.library.fact_by_name.get(tree.text)
            return fact is not None and fact.ratio is not None
        return isinstance(tree, Binary) and tree.operator == "/"

    # folds -------------------------------------------------------------------------------------------------------------
    def _call(self, call: Call) -> str:
        if call.name == "recorded" and len(call.args) == 1 and isinstance(call.args[0], Name):
            return self.say("on_file", what=self._whole(self._name(call.args[0].text)))
        try:
            fold = read_fold(call)
        except LanguageError:
            return call.text
        return self._fold(fold) or call.text

    def _fold(self, fold: Fold) -> str:
        """A fold in words; nothing where it is none that a condition may hold, or its list or kind is not known."""
        kinds = [each.values[0] for each in fold.where if each.part == "kind"]
        kind = self._kind(fold.stream, kinds[0]) if kinds else ""
        known = fold.stream in ONE_OF or fold.stream in self.library.catalogue.by_name
        tellable = fold.how in ("any", "count") and fold.part == "value" and len(kinds) < 2
        if not (tellable and known) or (kinds and not kind):
            return ""
        marks = list(self._marks(fold))
        if fold.how == "count":
            things = self.w(HOW_MANY, things=self._things(fold.stream))
            return f"{things} ({', '.join([kind, *marks] if kind else marks)})"
        if not kind:
            return f"{self.say('any_of', things=self._things(fold.stream))} ({', '.join(marks)})"
        return f"{kind} ({', '.join([self.w(ONE_OF.get(fold.stream, fold.stream)), *marks])})"

    def _marks(self, fold: Fold) -> Iterator[str]:
        """When an entry must stand in the list to count, and what else it must be."""
        states = [each for each in fold.where if each.part == "state"]
        yield self.say(("now_or_said" if fold.stream in OF_SUPPLY else "now") if states else "ever")
        yield from (self._mark(each) for each in fold.where if each.part not in ("kind", "state"))

    def _mark(self, each: Filter) -> str:
        value = self.w(each.values[0].replace("_", " "))
        return value if each.part == "value" else f"{self.w(each.part.replace('_', ' '))}: {value}"

    def _things(self, stream: str) -> str:
        found = self.library.catalogue.by_name.get(stream)
        return self.w(found.say) if found is not None and found.say else self.w(stream.replace("_", " "))

    def _kind(self, stream: str, kind: str) -> str:
        """One thing, or a class of things, that a list can hold; nothing where it is not known."""
        item = self.library.catalogue.item(stream, kind)
        if item is None:
            return ""
        return self.w(item.say) if item.say else self.w(kind.replace("_", " "))


def value_words(text: str, w: Wording = ENGLISH) -> str:
    """A value of a fact as it is given, in words: a day, codes, or an amount with its unit.

    >>> value_words("2026-11-24"), value_words("supply_ended | current"), value_words("1.8 mmol/L")
    ('24 Nov 2026', 'supply ended or current', '1.8 mmol/L')
    """
    try:
        return w.day(date.fromisoformat(text).toordinal())
    except ValueError:
        if match := _AMOUNT.fullmatch(text):
            return _amount_words(match[1], match[2] or "", w)
        return either([w(code.replace("_", " ")) for code in text.split(" | ")], w)


def _amount_words(digits: str, unit: str, w: Wording) -> str:
    """A number with its unit, as the language writes it."""
    if unit in COUNTS and digits.isdigit():
        return w(COUNTS[unit][int(digits) != 1], n=int(digits))
    told = w.number(digits)
    if unit in COUNTED:
        return f"{told} ({w(unit)})"
    return f"{told} {w(unit) if w.translated(unit) else unit}" if unit else told


def _without_always(tree: Junction) -> tuple[Tree, ...]:
    """The parts that ask something: `always and x` asks what x asks."""
    asking = tuple(each for each in tree.parts if not (isinstance(each, Name) and each.text in UNLIMITED))
    return asking or tree.parts[:1]


def _from_the_fact(tree: Binary) -> Binary:
    """`today >= first_dose + 15 weeks` as `first_dose <= today - 15 weeks`: the same question, asked of the fact."""
    today, right = tree.left, tree.right
    if not (isinstance(today, Name) and today.text == "today"):
        return tree
    operator = TURNED[tree.operator]
    if isinstance(right, Binary) and right.operator in "+-" and isinstance(right.left, Name):
        if right.left.text == "today":
            return tree
        moved = Binary(TURNED[right.operator], today, right.right, right.column, right.text)
        return Binary(operator, right.left, moved, tree.column, tree.text)
    return Binary(operator, right, today, tree.column, tree.text) if isinstance(right, Name) else tree

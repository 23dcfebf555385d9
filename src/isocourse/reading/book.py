"""The book of facts: what every name in a condition means, and which slot it reads."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction

from isocourse.facts.days import FIRST_DAY, LAST_DAY
from isocourse.facts.declare import Fact, Filter, Fold, read_fold
from isocourse.facts.snapshot import Source
from isocourse.facts.streams import Attribute, Catalogue, Stream, UnitRule
from isocourse.logic.problems import LanguageError, did_you_mean
from isocourse.logic.syntax import Call, Tree, parse
from isocourse.logic.tree import Builder, Slot
from isocourse.logic.typing import Amount, Coded, Formula, Meaning, Ratio
from isocourse.logic.units import quotient

COUNT_LIMIT = 99
"""A count on file has no upper bound of its own; this one only closes the interval."""


class Book:
    """All facts and streams, and the slots that conditions have asked for."""

    def __init__(self, catalogue: Catalogue, facts: Mapping[str, Fact]) -> None:
        self.catalogue = catalogue
        self.facts = facts
        self.builder = Builder()
        self.sources: dict[str, Source] = {}

    def names(self, definitions: Mapping[str, Tree] | None = None, let: Mapping[str, str] | None = None) -> Scope:
        """The names as one edition and one reading have them."""
        return Scope(self, definitions or {}, let or {})

    def listed(self) -> tuple[Source, ...]:
        """The source of every slot, in slot order."""
        return tuple(self.sources[slot.name] for slot in self.builder.program().slots)

    def slot(self, slot: Slot, source: Source) -> Slot:
        """Registers where a slot's value comes from."""
        self.sources.setdefault(slot.name, source)
        return slot


class Scope:
    """What names mean in one table."""

    def __init__(self, book: Book, definitions: Mapping[str, Tree], let: Mapping[str, str]) -> None:
        self.book = book
        self.definitions = definitions
        self.let = let

    def meaning(self, name: str, column: int) -> Meaning:
        """The meaning of a fact's name, after the reading's substitutions."""
        name = self.let.get(name, name)
        if name in self.definitions:
            return Formula(self.definitions[name], name)
        base, _, part = name.partition(".")
        fact = self.book.facts.get(base)
        if fact is None:
            known = [*self.book.facts, *self.definitions]
            where = "" if not self.definitions and base in DEFINED else "; facts are declared in knowledge/facts"
            raise LanguageError(f'no fact "{base}"' + did_you_mean(base, known) + where, column)
        if fact.ratio is not None and not part:
            return self._ratio(fact, column)
        if fact.condition and not part:
            return Formula(parse(fact.condition), fact.name)
        return self._stored(fact, part, name, column)

    def fold(self, call: Call) -> Meaning:
        """The meaning of `any(...)` or `count(...)` written inside a condition."""
        fold = read_fold(call)
        if fold.how not in ("any", "count"):
            raise LanguageError(
                f"{fold.how}(...) is declared as a fact; only any(...) and count(...) stand in conditions", call.column
            )
        self._check_fold(fold, call.column)
        name = spell(fold)
        slot = Slot(name, 1, 3, ("no", "yes")) if fold.how == "any" else Slot(name, 0, COUNT_LIMIT)
        self.book.slot(slot, Source(name, name, fold=fold))
        if fold.how == "any":
            return Coded(slot, name)
        return Amount(slot, {"": Fraction(1)}, "", name)

    def _check_fold(self, fold: Fold, column: int) -> None:
        check_fold(self.book.catalogue, fold, column)

    def _ratio(self, fact: Fact, column: int) -> Ratio:
        assert fact.ratio is not None
        over, under = (self.meaning(name, column) for name in fact.ratio)
        if not isinstance(over, Amount) or not isinstance(under, Amount):
            raise LanguageError(f"{fact.name} is a ratio of two amounts", column)
        return Ratio(over, under, fact.name, quotient(over.unit, under.unit))

    def _stored(self, fact: Fact, part: str, name: str, column: int) -> Amount | Coded:
        stream = self.book.catalogue.by_name.get(fact.fold.stream) if fact.fold else None
        if part not in ("", "value") and fact.fold is None:
            raise LanguageError(f"{fact.name} is no event on file, so it has no part .{part}", column)
        if part in ("day", "known") or (fact.kind == "date" and not part):
            slot = self.book.slot(Slot(name, FIRST_DAY, LAST_DAY), Source(name, fact.name, part or "value"))
            return Amount(slot, {"": Fraction(1)}, "", name, is_date=True)
        if part and part != "value":
            attribute = stream.attribute(part) if stream else None
            if attribute is None:
                known = [each.name for each in stream.attributes] if stream else []
                raise LanguageError(
                    f"{fact.name} has no part .{part}" + did_you_mean(part, [*known, "day", "value"]), column
                )
            return self._part(attribute, name, fact, part)
        bare = fact.name
        return self._whole(fact, stream, bare)

    def _part(self, attribute: Attribute, name: str, fact: Fact, part: str) -> Amount | Coded:
        if attribute.kind in ("coded", "yes_no"):
            values = attribute.values or ("no", "yes")
            return Coded(self.book.slot(Slot(name, 0, 0, values), Source(name, fact.name, part)), name)
        slot = self.book.slot(Slot(name, attribute.low, attribute.high), Source(name, fact.name, part))
        return Amount(slot, steps_of(attribute.units), attribute.unit, name)

    def _whole(self, fact: Fact, stream: Stream | None, name: str) -> Amount | Coded:
        if fact.fold is not None and fact.fold.how in ("count", "span", "largest_gap"):
            return Amount(
                self.book.slot(
                    Slot(name, 0, COUNT_LIMIT if fact.fold.how == "count" else LAST_DAY - FIRST_DAY), Source(name, name)
                ),
                {"": Fraction(1)} if fact.fold.how == "count" else {"days": Fraction(1)},
                "" if fact.fold.how == "count" else "days",
                name,
            )
        values = fact.values or (stream.values if stream else ())
        if not values and (fact.kind in ("yes_no", "documentary", "judgement") or _yes_no(fact, stream)):
            values = ("no", "yes")
        if values:
            return Coded(self.book.slot(Slot(name, 0, 0, values), Source(name, fact.name)), name)
        if stream is not None:
            return Amount(
                self.book.slot(Slot(name, stream.low, stream.high), Source(name, fact.name)),
                steps_of(stream.units),
                stream.unit,
                name,
            )
        per = 1 / Fraction(fact.step)
        return Amount(
            self.book.slot(Slot(name, fact.low, fact.high), Source(name, fact.name)), {fact.unit: per}, fact.unit, name
        )


DEFINED = ("able_to_become_pregnant",)
"""Terms that editions define for themselves."""


def _yes_no(fact: Fact, stream: Stream | None) -> bool:
    return (fact.fold is not None and fact.fold.how == "any") or (
        stream is not None and stream.kind in ("yes_no", "documentary", "judgement")
    )


def steps_of(units: tuple[UnitRule, ...]) -> dict[str, Fraction]:
    """Steps in one of each accepted unit."""
    return {rule.unit: Fraction(rule.steps) for rule in units} or {"": Fraction(1)}


def spell(fold: Fold) -> str:
    """The one spelling of a fold that stands in a condition.

    >>> spell(read_fold(parse("any(drugs, class = tetracycline, current)")))
    'any(drugs, kind = tetracycline, current)'
    """
    filters = ["current" if each.part == "state" else f"{each.part} = {each.values[0]}" for each in fold.where]
    return f"{fold.how}({', '.join([fold.stream, *filters])})"


def check_fold(catalogue: Catalogue, fold: Fold, column: int) -> None:
    """Whether a fold's stream, part, values and kinds exist.

    Raises:
        LanguageError: one of them does not, with "did you mean".
    """
    names = [vocabulary.name for vocabulary in catalogue.vocabularies]
    stream = catalogue.by_name.get(fold.stream)
    if stream is None and fold.stream not in names:
        known = [*catalogue.by_name, *names]
        raise LanguageError(
            f'no stream "{fold.stream}"'
            + did_you_mean(fold.stream, known)
            + "; streams are declared in knowledge/streams",
            column,
        )
    for each in fold.where:
        if each.part == "kind":
            vocabulary = catalogue.vocabulary(fold.stream) if fold.stream in names else None
            if vocabulary is None or not vocabulary.kind_known(each.values[0]):
                known = list(vocabulary.kinds()) if vocabulary else []
                raise LanguageError(
                    f'{fold.stream} has no kind "{each.values[0]}"' + did_you_mean(each.values[0], known), column
                )
        else:
            _check_filter(stream, fold.stream, each, column)


def _check_filter(stream: Stream | None, name: str, wanted: Filter, column: int) -> None:
    """Whether the part that a fold looks at exists and can have the value, so that no filter is silently never met."""
    if wanted.part == "state":
        if "current" not in wanted.values:
            raise LanguageError(f'{name} has no part "state"; write `current`', column)
        return
    attribute = stream.attribute(wanted.part) if stream is not None else None
    if attribute is None and (stream is None or wanted.part != "value"):
        known = [each.name for each in stream.attributes] if stream is not None else ["kind", "current"]
        raise LanguageError(f'{name} has no part "{wanted.part}"' + did_you_mean(wanted.part, known), column)
    values, kind = (
        (attribute.values, attribute.kind)
        if attribute is not None
        else (stream.values, stream.kind)
        if stream
        else ((), "")
    )
    possible = values or (("no", "yes") if kind in ("yes_no", "judgement", "documentary") else ())
    if wanted.values[0] not in possible:
        raise LanguageError(
            f'{name}: {wanted.part} is never "{wanted.values[0]}"' + did_you_mean(wanted.values[0], possible), column
        )

"""Streams: kinds of dated record, their units and codes; vocabularies: the drugs, conditions and methods a list can hold."""

from collections.abc import Iterable, Mapping
from functools import cached_property

from msgspec import Struct


class UnitRule(Struct, frozen=True):
    """A written unit, and how many whole steps of the stream one of it is."""

    unit: str
    steps: int


class Coding(Struct, frozen=True):
    """A code of an outside system. A unit belongs to the code: another unit under it is a Problem."""

    system: str
    code: str
    unit: str = ""
    prefix: bool = False
    unreadable: bool = False
    """What stands under it belongs to the stream and is not a result of it: a number of hCG is neither positive nor negative."""


class Attribute(Struct, frozen=True):
    """A typed part of an event: `kind` is quantity, coded, yes_no or count."""

    name: str
    kind: str
    values: tuple[str, ...] = ()
    unit: str = ""
    units: tuple[UnitRule, ...] = ()
    low: int = 0
    high: int = 1 << 40


class Stream(Struct, frozen=True):
    """A kind of dated record. `kind`: quantity, coded, yes_no, items, documentary, judgement."""

    name: str
    kind: str
    unit: str = ""
    units: tuple[UnitRule, ...] = ()
    """Accepted units, the stream's own first."""
    low: int = 0
    high: int = 0
    """The plausible range in steps; outside it a value is refused."""
    values: tuple[str, ...] = ()
    attributes: tuple[Attribute, ...] = ()
    codes: tuple[Coding, ...] = ()
    results: tuple[tuple[str, tuple[Coding, ...]], ...] = ()
    """For a coded stream: the codes that stand for each value."""
    say: tuple[tuple[str, str], ...] = ()
    claims: tuple[str, ...] = ()
    bare: bool = False
    """Whether a number alone can mean one unit only, as a score or a count does."""

    def steps_in(self, unit: str) -> int | None:
        """Whole steps in one of a written unit, or None if the unit is not accepted."""
        return next((rule.steps for rule in self.units if rule.unit == unit), None)

    def attribute(self, name: str) -> Attribute | None:
        """An attribute by name."""
        return next((each for each in self.attributes if each.name == name), None)


class Item(Struct, frozen=True):
    """One drug, condition, allergy, method, procedure or symptom."""

    name: str
    kinds: tuple[str, ...]
    """Every class it belongs to, itself first, ancestors included."""
    codes: tuple[Coding, ...] = ()
    names: tuple[str, ...] = ()
    """Words by which it is recognised in plain text."""
    products: tuple[tuple[str, str, str], ...] = ()
    """Product code, strength in mg, formulation."""
    say: tuple[tuple[str, str], ...] = ()
    judged: bool = True
    """False for a drug we can name but no protocol here speaks of."""


class Vocabulary(Struct, frozen=True):
    """The items a list stream can hold."""

    name: str
    items: tuple[Item, ...]
    classes: tuple[Item, ...] = ()
    negations: tuple[tuple[str, tuple[Coding, ...]], ...] = ()
    """Codes that say "none": for the whole list (`*`) or for one kind."""

    def kind_known(self, kind: str) -> bool:
        """Whether any item or class has that name."""
        return any(kind in item.kinds for item in self.items) or any(kind == each.name for each in self.classes)

    def kinds_of(self, kind: str) -> frozenset[str]:
        """The kinds that everything of a kind belongs to, itself among them."""
        members = [frozenset(item.kinds) for item in (*self.items, *self.classes) if kind in (item.name, *item.kinds)]
        return frozenset.intersection(*members) | {kind} if members else frozenset({kind})

    def kinds(self) -> tuple[str, ...]:
        """Every kind that can be asked for."""
        return tuple(
            sorted({kind for item in self.items for kind in item.kinds} | {each.name for each in self.classes})
        )


class Catalogue(Struct, frozen=True, dict=True):
    """All streams and vocabularies, with the indexes that a reader needs."""

    streams: tuple[Stream, ...]
    vocabularies: tuple[Vocabulary, ...]

    @cached_property
    def by_name(self) -> Mapping[str, Stream]:
        """The streams by their names."""
        return {stream.name: stream for stream in self.streams}

    def vocabulary(self, name: str) -> Vocabulary:
        """A vocabulary by name."""
        return next(each for each in self.vocabularies if each.name == name)

    def item(self, vocabulary: str, name: str) -> Item | None:
        """An item by its own name."""
        return self._items.get((vocabulary, name))

    def stream_of_code(self, system: str, code: str) -> tuple[Stream, Coding] | None:
        """The stream that a code of an observation belongs to, and the coding with its unit."""
        return self._codes.get((system, code))

    def value_of_code(self, stream: Stream, system: str, code: str) -> str | None:
        """The value of a coded stream that an answer code stands for."""
        return next(
            (
                value
                for value, codings in stream.results
                for coding in codings
                if (coding.system, coding.code) == (system, code)
            ),
            None,
        )

    def items_of_code(self, vocabulary: str, system: str, code: str) -> tuple[Item, ...]:
        """The items, or failing those the classes, that a code stands for."""
        exact = self._item_codes.get((vocabulary, system, code))
        if exact:
            return (exact,)
        return tuple(each for each in self.vocabulary(vocabulary).classes if _has_prefix(each.codes, system, code))

    def item_of_text(self, vocabulary: str, text: str) -> Item | None:
        """The item whose name stands as whole words in a text; the longest name wins."""
        hits = self._hits(vocabulary, text)
        return max(hits, key=lambda hit: hit[0])[1] if hits else None

    def items_of_text(self, vocabulary: str, text: str) -> tuple[Item, ...]:
        """Every item whose name stands as whole words in a text, but not inside a longer name that stands there."""
        taken: list[tuple[int, int]] = []
        found: dict[str, Item] = {}
        for _, item, first, last in sorted(self._hits(vocabulary, text), key=lambda hit: -hit[0]):
            if not any(begin <= first and last <= end for begin, end in taken):
                taken.append((first, last))
                found[item.name] = item
        return tuple(found.values())

    def _hits(self, vocabulary: str, text: str) -> list[tuple[int, Item, int, int]]:
        """(length of the name, item, first and last word) for each name that stands in a text."""
        words = _words(text)
        names = self._names.get(vocabulary, {})
        return [
            (length, item, place, place + len(name))
            for place, word in enumerate(words)
            for length, name, item in names.get(word, ())
            if words[place : place + len(name)] == name
        ]

    @cached_property
    def _names(self) -> dict[str, dict[str, list[tuple[int, list[str], Item]]]]:
        """For each vocabulary, the names of its items by their first word."""
        found: dict[str, dict[str, list[tuple[int, list[str], Item]]]] = {}
        for vocabulary in self.vocabularies:
            names = found.setdefault(vocabulary.name, {})
            for item in vocabulary.items:
                for name in item.names:
                    if words := _words(name):
                        names.setdefault(words[0], []).append((len(name), words, item))
        return found

    @cached_property
    def _items(self) -> dict[tuple[str, str], Item]:
        return {
            (vocabulary.name, item.name): item
            for vocabulary in self.vocabularies
            for item in (*vocabulary.classes, *vocabulary.items)
        }

    @cached_property
    def _codes(self) -> dict[tuple[str, str], tuple[Stream, Coding]]:
        return {(coding.system, coding.code): (stream, coding) for stream in self.streams for coding in stream.codes}

    @cached_property
    def _item_codes(self) -> dict[tuple[str, str, str], Item]:
        found: dict[tuple[str, str, str], Item] = {}
        for vocabulary in self.vocabularies:
            for item in (*vocabulary.classes, *vocabulary.items):
                for coding in item.codes:
                    if not coding.prefix:
                        found[vocabulary.name, coding.system, coding.code] = item
                for code, _, _ in item.products:
                    found[vocabulary.name, "rxnorm", code] = item
        return found


def _has_prefix(codes: Iterable[Coding], system: str, code: str) -> bool:
    return any(coding.prefix and coding.system == system and code.startswith(coding.code) for coding in codes)


def _words(text: str) -> list[str]:
    return "".join(letter if letter.isalnum() else " " for letter in text.lower()).split()

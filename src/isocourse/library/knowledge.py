"""A loaded knowledge base: sources, claims, streams, facts, points, editions, safety, and the program that all conditions became."""

from collections.abc import Mapping, Sequence
from functools import cached_property
from types import MappingProxyType

from msgspec import Struct, field, msgpack

from isocourse.decisions.tables import Edition, OrderCheck, Point, RedLine, Say, Tactic
from isocourse.facts.axioms import Axiom
from isocourse.facts.declare import Fact
from isocourse.facts.presume import Presumptions
from isocourse.facts.snapshot import Source
from isocourse.facts.streams import Catalogue, UnitRule
from isocourse.library.disagreements import Disagreements
from isocourse.library.effects import Effect
from isocourse.library.instruments import Instrument
from isocourse.library.interactions import Interaction
from isocourse.library.page import PatientPage
from isocourse.library.products import Product
from isocourse.library.sheet import PatientSheet
from isocourse.library.theorems import Theorems
from isocourse.logic.tree import Program, Slot


class Work(Struct, frozen=True):
    """A document that claims come from."""

    name: str
    title: str
    publisher: str
    kind: str
    dated: str
    found_at: str
    read: str
    note: str = ""


class Study(Struct, frozen=True):
    """What a study found, for a claim that reports one."""

    design: str
    n: str
    effect: str
    interval: str
    limits: str


class Bearing(Struct, frozen=True):
    """What a claim means for positions on a point: it `supports` or `weakens` them."""

    point: str
    way: str
    positions: tuple[str, ...]
    """protocol/edition/position."""


class Claim(Struct, frozen=True):
    """One statement of a document, in our own words."""

    name: str
    says: str
    work: str
    where: str
    read: str
    force: str = "fact"
    grade: str = "not_graded"
    population: str = ""
    formulation: str = ""
    comparator: str = ""
    damage: str = ""
    origin: str = ""
    interest: str = ""
    seed: str = ""
    checked_by: str = ""
    kind: str = ""
    """rule, number, action, fact, against, damaged or brand: what sort of statement it is."""
    readings: tuple[str, ...] = ()
    """For a damaged sentence: the ways to take it."""
    study: Study | None = None
    bears_on: tuple[Bearing, ...] = ()


class Case(Struct, frozen=True):
    """A readable example beside the knowledge: what is given, and what every position must answer."""

    where: str
    name: str
    edition: str
    point: str
    """The decision point, or `definition:` and the term, or `tactic:` and its id; a tactic belongs to no edition."""
    given: tuple[tuple[str, str], ...]
    expect: tuple[tuple[str, tuple[tuple[str, str], ...]], ...]
    """For each position: (stance or row, expected answer); for a choice the answer is empty."""
    met: tuple[tuple[str, tuple[tuple[str, str], ...]], ...] = ()
    missing: tuple[tuple[str, tuple[str, ...]], ...] = ()


class ReferencePatient(Struct, frozen=True):
    """An invented patient in whom every answer is the ordinary one; witnesses differ from her in as little as can be."""

    say: Say = ()
    given: tuple[tuple[str, str], ...] = ()
    grid: tuple[tuple[str, str], ...] = ()
    """How finely a clinician would write an amount, by unit."""


ALSO_CALLED = {"GB": "UK", "EL": "GR"}
"""Other codes of two places: the United Kingdom in ISO 3166, Greece in texts of the European Union."""


class Library(Struct, frozen=True, dict=True):
    """Everything that was loaded, ready to judge a patient."""

    digest: str
    """A hash of the knowledge files."""
    catalogue: Catalogue
    facts: tuple[Fact, ...]
    works: tuple[Work, ...]
    claims: tuple[Claim, ...]
    points: tuple[Point, ...]
    editions: tuple[Edition, ...]
    red: tuple[RedLine, ...]
    checks: tuple[OrderCheck, ...]
    products: tuple[Product, ...]
    program: Program
    sources: tuple[Source, ...]
    """For each slot of the program, where its value comes from."""
    packed_cases: bytes = b""
    """The cases beside the rows, as `pack_cases` left them: only a check reads them, and they are a third of everything."""
    axioms: tuple[Axiom, ...] = ()
    """What no patient breaks."""
    reference: ReferencePatient = field(default_factory=ReferencePatient)
    theorems: Theorems = field(default_factory=Theorems)
    disagreements: Disagreements = field(default_factory=Disagreements)
    presumptions: Presumptions = field(default_factory=Presumptions)
    regions: tuple[tuple[str, tuple[str, ...]], ...] = ()
    """For a region the countries in which its rules bind."""
    effects: tuple[Effect, ...] = ()
    interactions: tuple[Interaction, ...] = ()
    instruments: tuple[Instrument, ...] = ()
    tactics: tuple[Tactic, ...] = ()
    page: PatientPage = field(default_factory=PatientPage)
    """What a page for a patient is made of."""
    sheet: PatientSheet = field(default_factory=PatientSheet)
    """The sentences of the one-page sheet for the patient."""

    @cached_property
    def cases(self) -> tuple[Case, ...]:
        """The cases beside the rows."""
        return msgpack.decode(self.packed_cases, type=tuple[Case, ...]) if self.packed_cases else ()

    def __repr__(self) -> str:
        return f"Library({self.digest}: {len(self.editions)} editions, {len(self.points)} points)"

    def measured(self, slot: Slot) -> tuple[Fact | None, tuple[UnitRule, ...]]:
        """The declared fact behind a slot, and the units that its stream, or the part of it, is written in."""
        base, _, part = slot.name.partition(".")
        fact = self.fact_by_name.get(base)
        stream = self.catalogue.by_name.get(fact.fold.stream) if fact and fact.fold else None
        attribute = stream.attribute(part) if stream and part else None
        return fact, attribute.units if attribute else stream.units if stream else ()

    @property
    def known_places(self) -> tuple[str, ...]:
        """Every place whose rules are known here, and every member of a region."""
        own = {place for edition in self.editions for place in edition.jurisdictions}
        return tuple(sorted(own | {member for _, members in self.regions for member in members}))

    def place(self, text: str) -> str:
        """A place as it is spelt here, whatever the case; any other text in capitals."""
        plain = text.strip().upper()
        return ALSO_CALLED.get(plain, plain)

    def places(self, country: str) -> tuple[str, ...]:
        """A place, and the regions that it belongs to: the jurisdictions whose rules bind there."""
        return (country, *(region for region, members in self.regions if country in members)) if country else ()

    @cached_property
    def fact_by_name(self) -> Mapping[str, Fact]:
        """The declared facts; nobody can add to what all share."""
        return MappingProxyType({fact.name: fact for fact in self.facts})

    @cached_property
    def _points(self) -> dict[str, Point]:
        return {point.name: point for point in self.points}

    @cached_property
    def _editions(self) -> dict[str, Edition]:
        return {edition.key: edition for edition in self.editions}

    @cached_property
    def _claims(self) -> dict[str, Claim]:
        return {claim.name: claim for claim in self.claims}

    @cached_property
    def _works(self) -> dict[str, Work]:
        return {work.name: work for work in self.works}

    def point(self, name: str) -> Point:
        """A decision point by name."""
        return self._points[name]

    def edition(self, key: str) -> Edition:
        """An edition by protocol/edition."""
        return self._editions[key]

    def edition_named(self, key: str) -> Edition | None:
        """An edition by protocol/edition, where there is one of that name."""
        return self._editions.get(key)

    def claim(self, name: str) -> Claim:
        """A claim by name."""
        return self._claims[name]

    def work(self, name: str) -> Work:
        """A source by name."""
        return self._works[name]

    def product(self, name: str) -> Product | None:
        """A product by name."""
        return next((product for product in self.products if product.name == name), None)


def pack_cases(cases: Sequence[Case]) -> bytes:
    """Cases, as a library carries them."""
    return msgpack.encode(cases)

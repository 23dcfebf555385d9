"""A product in the hand: what the capsule holds, how it is taken with food, and what its milligrams are said to equal."""

from msgspec import Struct

from isocourse.decisions.tables import Say
from isocourse.library.said import Said


class Excipient(Struct, frozen=True):
    """Something in the capsule besides the drug, in all strengths or in those named."""

    name: str
    found: str
    """`all`, `some` (which is not known), or `named`."""
    strengths: tuple[str, ...]
    allergy: str
    """The allergy it matters for, by its name in the vocabulary; empty where it matters for none."""
    note: str
    claims: tuple[str, ...]


class Equivalence(Struct, frozen=True):
    """What an amount of this product was found or said to equal. Milligrams are converted through one of these or not at all."""

    amount: str
    other: str
    """The product or formulation it is compared with."""
    other_amount: str
    state: str
    """fed, fasted, or unstated."""
    finding: str
    disputed: bool
    note: str
    claims: tuple[str, ...]


class Stated(Struct, frozen=True):
    """A yes or no that the text of a product settles for whoever has it in hand."""

    fact: str
    holds: bool
    claims: tuple[str, ...]


class Product(Struct, frozen=True):
    """A product on a market: its formulation and the protocol that is its label."""

    name: str
    say: Say
    formulation: str
    markets: tuple[str, ...]
    strengths: tuple[str, ...]
    """In milligrams."""
    label: str = ""
    food: str = ""
    """`with_food`, `any`, or empty: not read, or disputed."""
    excipients: tuple[Excipient, ...] = ()
    claims: tuple[str, ...] = ()
    withdrawn: str = ""
    food_said: tuple[Said, ...] = ()
    """What is said of food, by whom; several where they disagree."""
    equivalences: tuple[Equivalence, ...] = ()
    states: tuple[Stated, ...] = ()
    open: tuple[str, ...] = ()
    """What was looked for and not read."""

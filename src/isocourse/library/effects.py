"""An unwanted effect: how often, how it follows the dose, when it comes, what helps, and who says reduce, hold or stop."""

from msgspec import Struct

from isocourse.decisions.tables import Say
from isocourse.library.said import Said

FREQUENCY_WORDS = {
    "very_common": "very common (1 in 10 or more)",
    "common": "common (1 in 100 to 1 in 10)",
    "uncommon": "uncommon (1 in 1,000 to 1 in 100)",
    "rare": "rare (1 in 10,000 to 1 in 1,000)",
    "very_rare": "very rare (1 in 10,000 or fewer)",
    "not_known": "frequency not known",
}
"""The classes of European product information."""


class Frequency(Struct, frozen=True):
    """How often: a class of product information, or a rate with the people it was counted in."""

    rate: str
    of: str
    """The denominator of a rate; empty for a class."""
    note: str
    claims: tuple[str, ...]

    @property
    def words(self) -> str:
        """The rate as people read it, its denominator included."""
        return FREQUENCY_WORDS.get(self.rate, f"{self.rate} of {self.of}")


class DoseLink(Struct, frozen=True):
    """Whether the effect follows the dose: yes, no, disputed or unclear."""

    link: str
    text: str
    claims: tuple[str, ...]


class Advice(Struct, frozen=True):
    """What a document advises, and when."""

    do: tuple[str, ...]
    one_of: bool
    """Whether the words of `do` are alternatives; otherwise all of them are advised."""
    when: str
    by: str
    """The protocol that says it; empty where it is none of those here."""
    who: str
    """Who says it, where it is no protocol here."""
    claims: tuple[str, ...]


class Grading(Struct, frozen=True):
    """Severity grades of one term of the CTCAE, in our own words. No protocol of isotretinoin stops by them."""

    term: str
    grades: tuple[tuple[str, str], ...]
    note: str
    claims: tuple[str, ...]


class Effect(Struct, frozen=True):
    """One unwanted effect."""

    name: str
    say: Say
    system: str
    item: str
    """Its place in a vocabulary, as `symptoms.headache`; empty where there is none."""
    stream: str
    """The measurement it shows in; empty where there is none."""
    frequencies: tuple[Frequency, ...]
    dose_link: DoseLink | None
    onset: tuple[Said, ...]
    course: tuple[Said, ...]
    care: tuple[Said, ...]
    advice: tuple[Advice, ...]
    red_flags: tuple[Said, ...]
    gradings: tuple[Grading, ...]
    notes: tuple[Said, ...]
    open: tuple[str, ...]
    """What was looked for and not read."""

    @property
    def stops(self) -> tuple[Advice, ...]:
        """The advice that may end in stopping."""
        return tuple(each for each in self.advice if "stop" in each.do)

"""Everything that the knowledge folder says on kinetics: the model, what was published, what cannot be answered."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, fields

from isocourse.kinetics.calibration import Item
from isocourse.kinetics.parameters import Model, Parameter


@dataclass(frozen=True, slots=True)
class Statement:
    """A statement of the review on kinetics or mechanism, and the model's figure or why there is none."""

    id: str
    says: str
    computes: str
    unit: str
    marked: str
    why: str


@dataclass(frozen=True, slots=True)
class Unanswered:
    """A question that the model cannot answer, and why."""

    ask: str
    says: str
    sources: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class KineticKnowledge:
    """Everything in knowledge/kinetics."""

    model: Model
    items: tuple[Item, ...]
    statements: tuple[Statement, ...]
    unanswered: tuple[Unanswered, ...]

    @property
    def cited(self) -> frozenset[str]:
        """The sources that any number or statement here rests on."""
        return frozenset(
            [
                *(source for part in _parameters(self.model) for source in part.sources),
                *(source for item in self.items for source in item.sources),
                *(source for each in self.unanswered for source in each.sources),
            ]
        )


def _parameters(part: object) -> Iterator[Parameter]:
    if isinstance(part, Parameter):
        yield part
    elif isinstance(part, tuple):
        for each in part:
            yield from _parameters(each)
    elif hasattr(part, "__dataclass_fields__"):
        for field in fields(part):  # type: ignore[arg-type]  # a dataclass instance
            yield from _parameters(getattr(part, field.name))

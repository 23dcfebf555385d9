"""How long it takes to fold a timeline of 40 events into every fact that the rules read."""

from __future__ import annotations

from functools import partial
from random import Random

from stopwatch import AS_OF, middle, nanoseconds, table

from isocourse.app.knowledge import load_library
from isocourse.facts.days import Span
from isocourse.facts.declare import Fold
from isocourse.facts.fold import fold_events
from isocourse.facts.record import Coverage, Event, Quantity, Record
from isocourse.facts.snapshot import take_snapshot

EVENTS = 40


def timeline(rng: Random) -> Record:
    """A year of blood results."""
    events = tuple(
        Event(
            stream,
            Quantity(steps, steps),
            Span.of(day),
            Span.of(day + 1),
            f"Observation/{n}",
            f"{steps} steps",
        )
        for n in range(EVENTS)
        for stream, steps, day in [
            (rng.choice(("alt", "ast", "triglycerides")), rng.randint(20_000, 90_000), AS_OF - rng.randint(0, 365))
        ]
    )
    return Record(events=events, coverage=(Coverage("alt", AS_OF - 400, AS_OF, "clinic"),))


def main() -> None:
    """Prints microseconds for one fold and for the whole snapshot."""
    library = load_library()
    record = timeline(Random(7))
    alt = Record(events=tuple(event for event in record.events if event.stream == "alt"), coverage=record.coverage)
    forty = Record(
        events=tuple(Event("alt", Quantity(n, n), Span.of(AS_OF - n), None, "", "") for n in range(1, EVENTS + 1)),
        coverage=record.coverage,
    )
    rows = [("work", "us")]
    for how in ("last", "highest", "count", "largest_gap"):
        fold = Fold(how, "alt")
        one = partial(fold_events, fold, forty, library.catalogue, _anywhere, AS_OF)
        taken = nanoseconds(one, repeats=15, loops=100)
        rows.append((f"{how}(alt), {EVENTS} events of its stream", f"{middle(taken) / 1e3:.1f}"))
    facts = {fact.name: fact for fact in library.facts}
    for name, each in (
        (f"every fact, {EVENTS} events of three streams", record),
        (f"every fact, {len(alt.events)} of one", alt),
    ):
        whole = partial(take_snapshot, library.program, library.sources, facts, each, library.catalogue, AS_OF)
        taken = nanoseconds(whole, repeats=15, loops=5)
        rows.append((name, f"{middle(taken) / 1e3:.1f}"))
    table("folding a timeline (median of 15)", rows)


def _anywhere(_: str) -> Span:
    return Span.of(AS_OF - 200)


if __name__ == "__main__":
    main()

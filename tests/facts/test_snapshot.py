"""A snapshot holds what is known today, where it comes from, and what to mind."""

import pytest

from isocourse.facts.days import FIRST_DAY, Span, day_number
from isocourse.facts.record import Event, Part, Quantity, Record
from isocourse.facts.snapshot import Origin, Snapshot, take_snapshot
from isocourse.library import Library
from isocourse.logic.tree import State
from isocourse.logic.truth import Truth

TODAY = day_number(2026, 11, 24)
STARTED = Event("first_dose", Span.of(TODAY - 60), Span.of(TODAY - 60), None, "course.first_dose", "60 days ago")
NEGATIVE, POSITIVE = 1, 2


def taken(library: Library, *events: Event) -> Snapshot:
    facts = {fact.name: fact for fact in library.facts}
    return take_snapshot(library.program, library.sources, facts, Record(events=events), library.catalogue, TODAY)


def place(library: Library, name: str) -> int:
    return next(index for index, slot in enumerate(library.program.slots) if slot.name == name)


def held(library: Library, snapshot: Snapshot, name: str) -> tuple[int, int]:
    index = place(library, name)
    return snapshot.state.low[index], snapshot.state.high[index]


def origin(library: Library, snapshot: Snapshot, name: str) -> Origin:
    return snapshot.origins[place(library, name)]


def alt(value: int, happened: Span, upper_limit: int | None = None, slack: int = 50) -> Event:
    parts: dict[str, Part] = (
        {} if upper_limit is None else {"upper_limit": Quantity(upper_limit * 100, upper_limit * 100, "U/L")}
    )
    value_of = Quantity(value * 100, value * 100, "U/L", slack)
    return Event("alt", value_of, happened, None, f"Observation/alt-{value}", f"{value} U/L", parts=parts)


def pregnancy_test(result: str, day: int, setting: str) -> Event:
    return Event(
        "pregnancy_test", (result,), Span.of(day), None, f"test of {day}", result, parts={"setting": (setting,)}
    )


def test_nothing_on_file_leaves_every_value_open(library: Library) -> None:
    snapshot, blank = taken(library), State.blank(library.program)
    papers = {fact.name for fact in library.facts if fact.kind == "documentary"}
    for index, slot in enumerate(library.program.slots):
        if slot.name in papers or slot.name == "today":
            continue
        assert (snapshot.state.low[index], snapshot.state.high[index]) == (blank.low[index], blank.high[index]), (
            slot.name
        )
        assert snapshot.state.recorded[index] == Truth.NO, slot.name


def test_today_is_the_day_asked_for(library: Library) -> None:
    if any(slot.name == "today" for slot in library.program.slots):
        assert held(library, taken(library), "today") == (TODAY, TODAY)


def test_a_value_keeps_its_origin_its_unit_and_its_slack(library: Library) -> None:
    snapshot = taken(library, STARTED, alt(62, Span.of(TODAY - 5), 40))
    assert held(library, snapshot, "alt_now") == (6200, 6200)
    assert held(library, snapshot, "alt_now.upper_limit") == (4000, 4000)
    said = origin(library, snapshot, "alt_now")
    assert (said.written, said.where, said.unit, said.slack) == (
        "62 U/L on 19 Nov 2026",
        ("Observation/alt-62",),
        "U/L",
        50,
    )


def test_an_upper_limit_that_was_not_printed_is_not_known_though_the_value_is(library: Library) -> None:
    snapshot = taken(library, STARTED, alt(62, Span.of(TODAY - 5)))
    slot = library.program.slots[place(library, "alt_now.upper_limit")]
    assert held(library, snapshot, "alt_now.upper_limit") == (slot.low, slot.high)
    assert snapshot.known(place(library, "alt_now"), library.program.slots[place(library, "alt_now")])
    assert not snapshot.known(place(library, "alt_now.upper_limit"), slot)


def test_parts_of_one_event_stay_together_when_two_are_possible(library: Library) -> None:
    day = TODAY - 5
    snapshot = taken(library, pregnancy_test("negative", day, "home"), pregnancy_test("positive", day, "medical"))
    result, setting = place(library, "last_pregnancy_test"), place(library, "last_pregnancy_test.setting")
    assert snapshot.state.low[result] == NEGATIVE | POSITIVE
    [group] = [each for each in snapshot.state.groups if result in each.slots]
    at = group.slots.index(result), group.slots.index(setting)
    settings = library.program.slots[setting].values
    home, medical = 1 << settings.index("home"), 1 << settings.index("medical")
    assert {(row[at[0]][0], row[at[1]][0]) for row in group.rows} == {(NEGATIVE, home), (POSITIVE, medical)}


def test_one_possible_event_needs_no_branching(library: Library) -> None:
    assert taken(library, pregnancy_test("negative", TODAY - 5, "home")).state.groups == ()


def test_an_undated_value_widens_what_may_be_the_latest_and_is_named(library: Library) -> None:
    undated = Event(
        "alt", Quantity(30000, 30000, "U/L"), Span(FIRST_DAY, TODAY), None, "Observation/undated", "300 U/L"
    )
    snapshot = taken(library, STARTED, alt(62, Span.of(TODAY - 5)), undated)
    assert held(library, snapshot, "alt_now") == (6200, 30000)
    assert any("Observation/undated" in mark for mark in origin(library, snapshot, "alt_now").marks)


def test_a_value_goes_stale_the_day_after_its_limit(library: Library) -> None:
    fact = next(fact for fact in library.facts if fact.name == "weight")
    assert fact.stale_after > 0

    def weighed(days_ago: int) -> Snapshot:
        kilograms = Quantity(58 * 10**8, 58 * 10**8, "kg")
        return taken(library, Event("weight", kilograms, Span.of(TODAY - days_ago), None, "scale", "58 kg"))

    assert held(library, weighed(fact.stale_after), "weight") == (58 * 10**8, 58 * 10**8)
    slot = library.program.slots[place(library, "weight")]
    stale = weighed(fact.stale_after + 1)
    assert held(library, stale, "weight") == (slot.low, slot.high)
    assert "days old" in origin(library, stale, "weight").marks[0]
    assert "58 kg" in origin(library, stale, "weight").written


def test_a_paper_not_seen_is_itself_a_finding(library: Library) -> None:
    snapshot = taken(library)
    assert held(library, snapshot, "postmenopause_confirmed")[0] == Truth.NO
    assert origin(library, snapshot, "postmenopause_confirmed").written == "not seen on file"


def test_a_paper_on_file_is_seen(library: Library) -> None:
    paper = Event("postmenopause_confirmed", Truth.YES, Span.of(TODAY - 5), None, "letter", "confirmed")
    assert held(library, taken(library, paper), "postmenopause_confirmed")[0] == Truth.YES


def test_a_pregnancy_status_counts_as_a_condition(library: Library) -> None:
    status = Event("pregnancy_status", ("pregnant",), Span.of(TODAY - 5), None, "Observation/status", "pregnant")
    assert held(library, taken(library, status), "pregnant")[0] == Truth.YES


def test_a_value_without_a_day_may_be_older_than_it_holds(library: Library) -> None:
    weight = Event("weight", Quantity(66 * 10**8, 66 * 10**8, "kg"), Span(FIRST_DAY, TODAY), None, "undated", "66 kg")
    snapshot = taken(library, weight)
    slot = next(slot for slot in library.program.slots if slot.name == "weight")
    assert held(library, snapshot, "weight") == (slot.low, slot.high)
    assert "66 kg may be more than 180 days old" in origin(library, snapshot, "weight").marks


def test_a_value_without_a_day_is_the_latest_or_gives_way_to_one_that_holds(library: Library) -> None:
    older, undated = (
        Event("weight", Quantity(kg * 10**8, kg * 10**8, "kg"), day, None, f"{kg}", f"{kg} kg")
        for kg, day in ((60, Span.of(TODAY - 3)), (66, Span(FIRST_DAY, TODAY)))
    )
    assert held(library, taken(library, older, undated), "weight") == (60 * 10**8, 66 * 10**8)


@pytest.mark.parametrize(
    ("events", "shown"),
    [
        pytest.param([(Truth.YES, Span.of(TODAY - 3))], True, id="a-paper-of-three-days-ago"),
        pytest.param([(Truth.YES, Span(FIRST_DAY, TODAY))], False, id="a-monthly-paper-without-a-day-may-be-old"),
        pytest.param(
            [(Truth.YES, Span.of(TODAY - 3)), (Truth.NO, Span.of(TODAY - 3))], False, id="shown-and-denied-on-one-day"
        ),
        pytest.param(
            [(Truth.NO, Span.of(TODAY - 9)), (Truth.YES, Span.of(TODAY - 3))], True, id="denied-and-later-shown"
        ),
    ],
)
def test_a_paper_in_doubt_is_not_shown(library: Library, events: list[tuple[Truth, Span]], shown: bool) -> None:
    told = [Event("booklet_filled", said, day, None, f"{said} {day}", said.word) for said, day in events]
    assert held(library, taken(library, *told), "booklet_filled")[0] == Truth.of(shown)

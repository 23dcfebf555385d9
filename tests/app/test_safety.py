"""Safety rules 1, 3, 4, 6 and 8 of the design, as properties of whole assessments."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from isocourse.app.assess import assess
from isocourse.app.given import given_snapshot
from isocourse.decisions.answers import judge
from isocourse.decisions.gate import Gate
from isocourse.decisions.kept import Kept
from isocourse.decisions.tables import SPEAKS, Shape, Status
from isocourse.facts.days import FIRST_DAY, Span, parse_span
from isocourse.facts.orders import Script, order_of
from isocourse.facts.record import Event, Quantity, Record
from isocourse.library import Asked, Library
from isocourse.logic.compiled import compile_program
from isocourse.logic.truth import Truth
from isocourse.reading.records import record_of
from isocourse.reading.yaml_text import load_text
from isocourse.render.terminal import page, verdict
from isocourse.render.words import STATUS

TODAY = date(2026, 11, 24).toordinal()
NO_WAY = ("hysterectomy", "bilateral_oophorectomy", "tubal_sterilisation")


@st.composite
def people(draw: st.DrawFn) -> Record:
    """Someone with an open order, of whom little is known."""
    events = []
    gender = draw(st.sampled_from(["female", "male", "other", None]))
    if gender:
        events.append(Event("recorded_gender", (gender,), Span.of(FIRST_DAY), None, "patient", gender))
    for item in NO_WAY:
        said = draw(st.sampled_from([Truth.YES, Truth.NO, Truth.UNKNOWN, None]))
        if said is not None:
            events.append(Event("procedures", said, Span.of(TODAY - 900), None, item, item, item))
    for number in range(draw(st.integers(0, 3))):
        value = draw(st.sampled_from([("negative",), ("positive",), ("unclear",), ("negative", "positive")]))
        day = Span.of(TODAY - draw(st.integers(0, 60)))
        happened = draw(st.sampled_from([day, Span(FIRST_DAY, day.last)]))
        setting = draw(st.sampled_from([("medical",), ("home",)]))
        events.append(
            Event(
                "pregnancy_test", value, happened, day, f"test {number}", " or ".join(value), parts={"setting": setting}
            )
        )
    if draw(st.booleans()):
        events.append(Event("first_dose", Span.of(TODAY - 70), Span.of(TODAY - 70), None, "course", "first dose"))
    state = draw(st.sampled_from(["draft", "active"]))
    order = order_of(Script("order", "isotretinoin", Span.of(TODAY - draw(st.integers(0, 40))), state), TODAY)
    return Record(events=tuple(events), orders=(order,))


def held_up(library: Library, record: Record, where: str) -> bool:
    seen = assess(library, record, Asked(TODAY, jurisdiction=where))
    return bool(seen.today.stop_now) or any(isinstance(held, Gate) for held in seen.today.not_today)


def cannot_be(record: Record) -> bool:
    """Whether the file holds anything by which some definition could call this person unable to become pregnant."""
    organs = any(event.stream == "pregnancy_test" for event in record.events) or any(
        event.value is Truth.YES for event in record.events if event.item in NO_WAY
    )
    male = any(event.value == ("male",) for event in record.events) and not organs
    return male or any(event.item in NO_WAY and event.value is Truth.YES for event in record.events)


@settings(max_examples=200, deadline=None)
@given(record=people(), where=st.sampled_from(["", "US", "EU", "UK", "UZ"]))
def test_no_go_on_unknown(library: Library, record: Record, where: str) -> None:
    """Rule 1: whoever may become pregnant is held up unless the last test is surely negative."""
    if not cannot_be(record) and not last_surely_negative(record):
        assert held_up(library, record, where)


def last_surely_negative(record: Record) -> bool:
    """Whether every test that may be the last one is negative."""
    tests = [event for event in record.events if event.stream == "pregnancy_test"]
    newest = max((event.happened.first for event in tests), default=0)
    return bool(tests) and all(event.value == ("negative",) for event in tests if event.happened.last >= newest)


@pytest.mark.parametrize("where", ["", "US", "EU", "UK", "UZ"])
def test_a_negative_test_of_two_months_ago_frees_nobody(library: Library, where: str) -> None:
    female = Event("recorded_gender", ("female",), Span.of(FIRST_DAY), None, "patient", "female")
    old = Event(
        "pregnancy_test", ("negative",), Span.of(TODAY - 60), None, "test", "negative", parts={"setting": ("medical",)}
    )
    order = order_of(Script("order", "isotretinoin", Span.of(TODAY), "draft"), TODAY)
    assert held_up(library, Record(events=(female, old), orders=(order,)), where)


def test_a_suspected_pregnancy_holds_up_whatever_the_last_test_says(library: Library) -> None:
    def seen(*more: Event) -> list[object]:
        female = Event("recorded_gender", ("female",), Span.of(FIRST_DAY), None, "patient", "female")
        begun = Event("first_dose", Span.of(TODAY - 70), Span.of(TODAY - 70), None, "course", "first dose")
        test = Event(
            "pregnancy_test", ("negative",), Span.of(TODAY), None, "test", "negative", parts={"setting": ("medical",)}
        )
        asked = Event("unprotected_sex", Truth.NO, Span.of(TODAY), None, "visit", "no unprotected sex")
        order = order_of(Script("order", "isotretinoin", Span.of(TODAY), "draft"), TODAY)
        record = Record(events=(female, begun, test, asked, *more), orders=(order,))
        return [
            held
            for held in assess(library, record, Asked(TODAY, jurisdiction="US")).today.not_today
            if isinstance(held, Gate)
        ]

    assert seen() == []
    provisional = Event("conditions", Truth.UNKNOWN, Span.of(TODAY - 1), None, "condition", "pregnancy", "pregnancy")
    assert len(seen(provisional)) == 1


def test_a_man_is_not_held_up_for_pregnancy_and_the_origin_of_that_no_is_told(library: Library) -> None:
    male = Event("recorded_gender", ("male",), Span.of(FIRST_DAY), None, "patient", "male")
    order = order_of(Script("order", "isotretinoin", Span.of(TODAY), "draft"), TODAY)
    seen = assess(library, Record(events=(male,), orders=(order,)), Asked(TODAY))
    assert not any(isinstance(held, Gate) for held in seen.today.not_today)
    slot = next(index for index, slot in enumerate(library.program.slots) if slot.name == "female_organs")
    assert "from recorded gender" in seen.snapshot.origins[slot].marks


# rule 3 --------------------------------------------------------------------------------------------------------------
def test_a_missing_clinical_fact_never_acts_as_a_no(library: Library) -> None:
    """Of a patient of whom nothing is known, no finding is excluded unless a document is what it reads."""
    snapshot = given_snapshot(library, {})
    values = compile_program(library.program)(snapshot.state)
    papers = {fact.name for fact in library.facts if fact.kind == "documentary"}
    for edition in library.editions:
        for point in (point for point in library.points if point.shape is Shape.FINDINGS):
            for answer in judge(library.program, values, snapshot, edition, point, outside=False):
                for row in answer.verdicts:
                    read = {library.program.slots[slot].name for slot in library.program.slots_under([row.row.when])}
                    assert row.applies is not Truth.NO or read & papers, (edition.key, row.row.name)


def test_no_red_line_is_drawn_for_a_patient_of_whom_nothing_is_known(library: Library) -> None:
    seen = assess(library, Record(), Asked(TODAY))
    assert seen.today.stop_now == ()
    assert seen.exit_code == 0


def test_a_missing_document_never_acts_as_a_yes(library: Library) -> None:
    snapshot = given_snapshot(library, {})
    for index, slot in enumerate(library.program.slots):
        if slot.name in {fact.name for fact in library.facts if fact.kind == "documentary"}:
            assert snapshot.state.low[index] == Truth.NO


# rule 4 --------------------------------------------------------------------------------------------------------------
RECORD = """
isocourse: '1'
patient: {{birth: '2000-01-01', recorded_gender: male}}
course: {{first_dose: '2026-09-21'}}
events:
  - {{stream: triglycerides, value: {before}, day: '2026-09-14'}}
  - {{stream: triglycerides, value: {now}, day: '2026-11-16'}}
"""


@settings(max_examples=40, deadline=None)
@given(before=st.integers(20, 1000), now=st.integers(20, 1500))
def test_the_same_quantity_in_other_units_gives_the_same_answers(library: Library, before: int, now: int) -> None:
    def words(one: str, other: str) -> list[object]:
        node = load_text(RECORD.format(before=one, now=other), "record")
        seen = assess(library, record_of(node, "record", library.catalogue, TODAY), Asked(TODAY))
        assert not seen.record.problems
        return [
            (answer.edition.key, answer.position, answer.status, [each.meaning for each in answer.stances])
            for answer in seen.answers
        ]

    def mmol(amount: int) -> str:
        digits = f"{amount * 1129:07d}"
        return f"{digits[:-5]}.{digits[-5:]} mmol/L"

    assert words(f"{before} mg/dL", f"{now} mg/dL") == words(mmol(before), mmol(now))


def test_where_rounding_decides_it_is_marked_and_changes_no_stance(library: Library) -> None:
    """797 mg/dL prints whole numbers; 9 mmol/L lies within half of the last digit."""
    node = load_text(RECORD.format(before="100 mg/dL", now="797 mg/dL"), "record")
    seen = assess(library, record_of(node, "record", library.catalogue, TODAY), Asked(TODAY))
    marked = [answer for answer in seen.answers if any(mark.startswith("rounding decides") for mark in answer.marks)]
    assert {answer.edition.protocol for answer in marked} == {"uk-bnf"}


def test_an_instant_written_in_utc_never_excludes_the_clinics_own_day() -> None:
    assert parse_span("2026-03-02T23:30:00-05:00") == Span.of(date(2026, 3, 2).toordinal())
    utc = parse_span("2026-03-03T04:30:00Z")
    assert utc.first <= date(2026, 3, 2).toordinal() <= utc.last


# rule 6 --------------------------------------------------------------------------------------------------------------
def test_no_two_statuses_are_called_alike() -> None:
    assert len(set(STATUS.values())) == len(STATUS) == len(Status)


def test_silence_and_the_unread_never_count_as_agreement(library: Library) -> None:
    order = order_of(Script("order", "isotretinoin", Span.of(TODAY), "draft"), TODAY)
    seen = assess(library, Record(orders=(order,)), Asked(TODAY))
    parting = [answer for each in seen.today.disagreements for answer in each.answers]
    assert all(answer.status in SPEAKS for answer in parting)
    only = assess(library, Record(orders=(order,)), Asked(TODAY, protocols=("uz-moh",)))
    assert only.today.answered == 0
    assert f"0 of {len(library.points)} points answered" in verdict(only)


def test_the_best_verdict_is_that_nothing_against_it_was_found(library: Library) -> None:
    male = Event("sex_at_birth", ("male",), Span.of(FIRST_DAY), None, "patient", "male")
    text = page(assess(library, Record(events=(male,)), Asked(TODAY)), 80)
    assert "Nothing against it found" in text
    for word in (" safe", " OK", "✓", " go ahead", "is normal"):
        assert word not in text


# rule 8 --------------------------------------------------------------------------------------------------------------
def test_a_second_hand_row_never_closes_and_never_excuses(library: Library) -> None:
    rows = [
        (edition, cell, row)
        for edition in library.editions
        for cell in edition.cells
        for position in cell.positions
        for reading in position.readings
        for row in reading.rows
        if row.second_hand
    ]
    assert rows, "the knowledge has second-hand rows; if it has none, this test asserts nothing"
    for edition, cell, row in rows:
        assert not row.closes, (edition.key, cell.point, row.name)


@settings(max_examples=60, deadline=None)
@given(record=people())
def test_nothing_is_called_kept_on_the_word_of_a_second_hand_row(library: Library, record: Record) -> None:
    seen = assess(library, record, Asked(TODAY))
    for answer in seen.answers:
        for stance in answer.stances:
            assert stance.row is None or not stance.row.second_hand or stance.kept is not Kept.KEPT
        for row in answer.verdicts:
            assert not row.row.second_hand or row.kept is not Kept.KEPT


def test_an_implausible_value_is_refused_with_a_reason_and_counts_as_not_known(library: Library) -> None:
    node = load_text(RECORD.format(before="620 mmol/L", now="100 mg/dL"), "record")
    record = record_of(node, "record", library.catalogue, TODAY)
    (problem,) = record.problems
    assert "lies outside 0.1 to 130 mmol/L" in problem.line()
    assert len([event for event in record.events if event.stream == "triglycerides"]) == 1


def test_an_edition_whose_start_was_not_read_stands_beside_the_one_before_it(library: Library) -> None:
    def programmes(day: str) -> set[str]:
        seen = assess(library, Record(), Asked(date.fromisoformat(day).toordinal(), jurisdiction="US"))
        return {edition.key for edition in seen.governs if edition.protocol == "us-ipledge"}

    assert programmes("2026-11-14") == {"us-ipledge/2023-discretion"}
    assert programmes("2026-11-15") == {"us-ipledge/2023-discretion", "us-ipledge/2026"}
    assert programmes("2023-10-15") == {"us-ipledge/2021", "us-ipledge/2023-discretion"}
    assert programmes("2022-06-01") == {"us-ipledge/2021"}
    assert programmes("2021-12-12") == set()


def test_a_place_whose_protocol_was_not_read_has_no_governing_answer(library: Library) -> None:
    seen = assess(library, Record(jurisdiction="UZ"), Asked(TODAY))
    assert seen.governs == ()
    assert {answer.status for answer in seen.answers if answer.edition.protocol == "uz-moh"} == {Status.NOT_READ}
    assert "No governing protocol: we have not read what governs in UZ" in page(seen, 200)


def test_the_ceiling_of_an_order_outside_acne_is_judged_and_its_floor_is_not(library: Library) -> None:
    steps = 80 * (library.catalogue.by_name["weight"].steps_in("kg") or 0)
    weight = Event("weight", Quantity(steps, steps, "kg"), Span.of(TODAY - 3), None, "weight", "80 kg")
    low = Script(
        "order", "isotretinoin", Span.of(TODAY), "draft", daily_mg=None, reason="psoriasis", reason_acne=Truth.NO
    )
    order = replace(order_of(low, TODAY), daily_dose=Quantity(500, 500, "mg/day"))
    seen = assess(library, Record(events=(weight,), orders=(order,)), Asked(TODAY))
    doses = [answer for answer in seen.answers if answer.point.name == "dose_range" and answer.stances]
    assert doses
    assert all(answer.kept is not Kept.BROKEN for answer in doses)
    high = replace(order, daily_dose=Quantity(18000, 18000, "mg/day"))
    seen = assess(library, Record(events=(weight,), orders=(high,)), Asked(TODAY))
    assert any(answer.kept is Kept.BROKEN for answer in seen.answers if answer.point.name == "dose_range")

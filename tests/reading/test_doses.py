"""What was really taken can be written down; an entry that cannot be used is named and left out, and never a crash."""

from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from isocourse.course.exposure import periods_of
from isocourse.course.wanted import WISHES, Break, Wanted, wanted_of
from isocourse.facts.days import Span, day_number
from isocourse.facts.problem import ReadError
from isocourse.facts.record import DoseEntry, Record
from isocourse.facts.streams import Catalogue
from isocourse.reading.records import node_of, record_of
from isocourse.reading.yaml_text import load_text

TODAY = day_number(2026, 11, 24)
FIRST = day_number(2026, 9, 21)
HALF = Fraction(1, 2)


def read(catalogue: Catalogue, **parts: object) -> Record:
    return record_of(node_of({"isocourse": "1", "patient": {}, **parts}), "record.json", catalogue, TODAY)


def dose(**more: object) -> dict[str, object]:
    return {"from": "2026-09-21", "until": "2026-10-20", "daily_dose": "40 mg", "basis": "reported", **more}


def one(catalogue: Catalogue, **more: object) -> DoseEntry:
    record = read(catalogue, doses=[dose(**more)])
    assert record.problems == ()
    return record.doses[0]


def test_days_with_a_dose_are_read(catalogue: Catalogue) -> None:
    found = one(catalogue, formulation="lidose", product="absorica")
    assert found == DoseEntry(
        "dose 1",
        "40 mg/day from 21 Sep 2026 to 20 Oct 2026",
        "reported",
        Span.of(FIRST),
        Span.of(FIRST + 29),
        (Fraction(40), Fraction(40)),
        formulation=("lidose",),
        product="absorica",
    )


@pytest.mark.parametrize(
    ("adherence", "share"),
    [
        ("every day", (Fraction(1), Fraction(1))),
        ("most days", (HALF, Fraction(1))),
        ("half", (HALF, HALF)),
        ("none", (Fraction(0), Fraction(0))),
        ("80..100 %", (Fraction(4, 5), Fraction(1))),
        ("92.5 %", (Fraction(37, 40), Fraction(37, 40))),
    ],
)
def test_what_was_taken_in_part_is_an_interval(
    catalogue: Catalogue, adherence: str, share: tuple[Fraction, Fraction]
) -> None:
    found = one(catalogue, adherence=adherence)
    assert found.share == share
    assert found.assumption == ('"most days" is more than half of them' if adherence == "most days" else "")


def test_missed_days_are_a_number_or_named(catalogue: Catalogue) -> None:
    assert one(catalogue, missed="3").missed == 3
    assert one(catalogue, missed=["2026-10-02", "2026-10-01"]).missed_days == (FIRST + 10, FIRST + 11)


def test_a_dose_known_in_part_is_an_interval_and_one_that_goes_on_lasts_until_today(catalogue: Catalogue) -> None:
    found = read(catalogue, doses=[{"from": "2026-10", "daily_dose": "20..40 mg/day", "basis": "reported"}]).doses[0]
    assert found.daily_mg == (Fraction(20), Fraction(40))
    assert found.first == Span(day_number(2026, 10, 1), day_number(2026, 10, 31))
    assert found.last == Span.of(TODAY)


def test_a_month_that_is_not_over_ends_today_at_the_latest(catalogue: Catalogue) -> None:
    assert one(catalogue, until="2026-11").last == Span(day_number(2026, 11, 1), TODAY)


def test_capsules_handed_out_count_whole_on_their_day_or_over_the_days_they_last(catalogue: Catalogue) -> None:
    whole, spread = read(catalogue, doses=[GIVEN_OUT, {**GIVEN_OUT, "days": "30"}]).doses
    assert (whole.basis, whole.first, whole.last, whole.daily_mg) == (
        "dispensed",
        Span.of(FIRST),
        Span.of(FIRST),
        (Fraction(1200), Fraction(1200)),
    )
    assert (spread.last, spread.daily_mg) == (Span.of(FIRST + 29), (Fraction(40), Fraction(40)))
    assert whole.written == "60 capsules of 20 mg on 21 Sep 2026"


def test_the_day_on_which_capsules_were_handed_out_is_an_event(catalogue: Catalogue) -> None:
    record = read(catalogue, doses=[GIVEN_OUT, dose()])
    assert [(e.stream, e.value) for e in record.events] == [("dispensed_on", Span.of(FIRST))]
    assert record.counts["dose entries"] == 2


GIVEN_OUT: dict[str, object] = {"dispensed": "2026-09-21", "strength": "20 mg", "capsules": "60"}


@pytest.mark.parametrize(
    ("entry", "where", "found"),
    [
        (dose(basis="said"), "dose 1", 'basis "said"'),
        (dose(daily_dose="40"), "dose 1: daily_dose", '"40"'),
        (dose(daily_dose="40 g"), "dose 1: daily_dose", '"40 g"'),
        (dose(daily_dose="3000 mg"), "dose 1: daily_dose", '"3000 mg"'),
        (dose(**{"from": "soon"}), "dose 1: from", '"soon" is not a date (year-month-day)'),
        (dose(**{"from": "2026-12-01"}), "dose 1: from", "2026-12-01 lies after 24 Nov 2026"),
        (dose(until="2026-12-01"), "dose 1: until", "2026-12-01 lies after 24 Nov 2026"),
        (dose(until="2026-09-20"), "dose 1", "it ends before it begins"),
        (dose(adherence="rarely"), "dose 1", 'adherence "rarely"'),
        (dose(adherence="most day"), "dose 1", 'adherence "most day"; did you mean "most days"?'),
        (dose(adherence="100..80 %"), "dose 1", 'adherence "100..80 %"'),
        (dose(adherence="120 %"), "dose 1", 'adherence "120 %"'),
        (dose(adherence="half", missed="3"), "dose 1", "both adherence and missed"),
        (dose(missed="few"), "dose 1: missed", '"few"'),
        (dose(missed=["2026-10"]), "dose 1: missed", '"2026-10" is more than one day'),
        (dose(missed=["x"]), "dose 1: missed", '"x" is not a date (year-month-day)'),
        (dose(formulation="gel"), "dose 1", 'formulation "gel"'),
        ({**GIVEN_OUT, "dispensed": "2026-09"}, "dose 1", '"2026-09" is more than one day'),
        ({**GIVEN_OUT, "strength": "20"}, "dose 1: strength", '"20"'),
        ({**GIVEN_OUT, "capsules": "sixty"}, "dose 1: capsules", '"sixty"'),
        ({**GIVEN_OUT, "capsules": "6000"}, "dose 1: capsules", '"6000"'),
        ({**GIVEN_OUT, "capsules": "0"}, "dose 1: capsules", "0 capsules"),
        ({**GIVEN_OUT, "days": "0"}, "dose 1: days", "0 days"),
    ],
)
def test_an_entry_that_cannot_be_used_is_named_and_left_out_and_the_rest_is_read(
    catalogue: Catalogue, entry: dict[str, object], where: str, found: str
) -> None:
    record = read(catalogue, doses=[entry, dose()])
    assert (record.problems[0].where, record.problems[0].found) == (where, found)
    assert all(problem.left_out for problem in record.problems)
    assert len(record.doses) == 1
    assert not [event for event in record.events if event.stream == "dispensed_on"]


def test_a_problem_with_a_dose_is_one_line_that_says_what_to_do(catalogue: Catalogue) -> None:
    (problem,) = read(catalogue, doses=[dose(until="2026-12-01")]).problems
    assert problem.line() == (
        "dose 1: until: 2026-12-01 lies after 24 Nov 2026; expected a day up to then; "
        "check the date; what is planned stands under plan. The entry was left out, and no total counts it."
    )


def test_a_prescribed_dose_may_go_on_ahead(catalogue: Catalogue) -> None:
    assert one(catalogue, basis="prescribed", until="2026-12-20").last == Span.of(day_number(2026, 12, 20))


@pytest.mark.parametrize(
    "parts",
    [
        {"doses": [dose(dosage="40 mg")]},
        {"doses": [{"from": "2026-09-21", "basis": "reported"}]},
        {"doses": "none"},
        {"plan": {"stat": "2026-12-01"}},
        {"plan": ["start"]},
        {"plan": {"start": {"day": "2026-12-01"}}},
    ],
    ids=["misspelt", "missing", "no-list", "no-such-wish", "no-mapping", "no-text"],
)
def test_a_misspelt_or_missing_key_is_refused(catalogue: Catalogue, parts: dict[str, object]) -> None:
    with pytest.raises(ReadError):
        read(catalogue, **parts)


texts = st.text(alphabet="0123456789.-% mgostdayeverhlfn", max_size=12)


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.dictionaries(st.sampled_from(["from", "until", "daily_dose", "basis", "adherence", "missed"]), texts),
    st.booleans(),
)
def test_whatever_is_written_is_read_or_named(catalogue: Catalogue, written: dict[str, str], capsules: bool) -> None:
    entry: dict[str, object] = dose(**written)
    if capsules:
        named = {"from": "dispensed", "daily_dose": "strength", "missed": "capsules"}
        entry = GIVEN_OUT | {named[key]: text for key, text in written.items() if key in named}
    record = read(catalogue, doses=[entry])
    assert len(record.doses) + bool(record.problems) == 1
    for period in periods_of(record, TODAY):
        assert 0 <= period.taken.low <= period.taken.high <= 1
        assert 0 < period.daily_mg.low <= period.daily_mg.high
        assert period.first <= period.last


GUIDE = Path(__file__).parents[2] / "docs" / "guide" / "records.md"


def examples() -> list[str]:
    return [block.split("```")[0] for block in GUIDE.read_text(encoding="utf-8").split("```yaml\n")[1:]]


def test_the_records_of_the_guide_are_read_without_a_problem(catalogue: Catalogue) -> None:
    records = [
        record_of(load_text(text, "records.md"), "records.md", catalogue, TODAY)
        for text in examples()
        if text.startswith("isocourse")
    ]
    assert len(records) == 3
    assert [problem.line() for record in records for problem in record.problems] == []
    assert [entry.basis for record in records for entry in record.doses] == ["reported", "dispensed"]
    (plan,) = [record.plan for record in records if record.plan]
    assert {name for name, _ in plan} == set(WISHES) - {"dose"}


# what is wanted of a plan ----------------------------------------------------------------------------------------------------
def test_what_is_wanted_of_a_plan_is_kept_as_checked_texts(catalogue: Catalogue) -> None:
    plan = {
        "start": "2026-12-01",
        "steps": "0.5 mg/kg/day for 4 weeks, then 1 mg/kg/day",
        "breaks": ["2027-01-10..2027-01-20: surgery; at the knee", "2027-03-01"],
        "missed": ["2026-12-05", "2026-12-07"],
        "pack": "30",
        "note": "as agreed",
    }
    record = read(catalogue, plan=plan)
    assert record.problems == ()
    assert dict(record.plan)["missed"] == "2026-12-05\n2026-12-07"
    wanted = wanted_of(dict(record.plan), Wanted())
    assert wanted.start == day_number(2026, 12, 1)
    assert wanted.breaks == (
        Break(day_number(2027, 1, 10), day_number(2027, 1, 20), "surgery; at the knee"),
        Break(day_number(2027, 3, 1), day_number(2027, 3, 1)),
    )
    assert (len(wanted.steps), len(wanted.missed), wanted.pack) == (2, 2, 30)


def test_a_wish_that_cannot_be_read_is_named_and_left_out(catalogue: Catalogue) -> None:
    record = read(catalogue, plan={"start": "soon", "dose": "40 mg/day", "steps": "40 mg/day", "pack": "30"})
    assert [problem.line() for problem in record.problems] == [
        'plan.start: "soon" is not a date (year-month-day); write a day such as 2027-02-01; '
        "expected as docs/guide/records.md shows it; correct it. It counts as not asked for.",
        "plan.steps: give one dose for the whole course, or steps, not both; "
        "expected as docs/guide/records.md shows it; correct it. It counts as not asked for.",
    ]
    assert record.plan == (("dose", "40 mg/day"), ("pack", "30"))

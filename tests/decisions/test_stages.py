"""The steps of a course fall one after the other, and the file is judged by the one that certainly holds today."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from isocourse.decisions.dates import DayOf
from isocourse.decisions.stages import NOT_NAMED, stage_of_today, stages
from isocourse.decisions.steps_apart import rows_steps_opposed
from isocourse.decisions.tables import UNSTATED, Length, Moment, Row, Step
from isocourse.facts.days import LAST_DAY, Span, day_number
from isocourse.logic.truth import Truth

MARCH = day_number(2026, 3, 1)
START = Moment("start")


def row(*steps: Step) -> Row:
    return Row("row", 0, "always", "should", ("a.claim",), steps=steps)


def dose(low: str = "0.5", high: str = "0.5", **more: object) -> Step:
    made = Step("do", "dose", low=low, high=high, unit="mg/kg/day", of="any", force="should")
    return made if not more else _with(made, more)


def _with(step: Step, more: dict[str, object]) -> Step:
    return replace(step, **more)


def days(**known: Span) -> DayOf:
    return known.get


def span(first: int, last: int | None = None) -> Span:
    return Span(first, first if last is None else last)


def test_four_weeks_from_the_first_of_march_are_the_first_to_the_twenty_eighth() -> None:
    two = row(dose(begin=START, length=Length(4, 4, "weeks")), dose("0.5", "1.0", then=True))
    first, second = stages(two, days(start=span(MARCH)))
    assert (first.begins, first.ends) == (span(MARCH), span(day_number(2026, 3, 28)))
    assert (second.begins, second.ends, second.open) == (span(day_number(2026, 3, 29)), None, True)


def test_a_month_from_the_last_of_january_ends_before_the_last_of_february() -> None:
    (only,) = stages(row(dose(begin=START, length=Length(1, 1, "months"))), days(start=span(day_number(2026, 1, 31))))
    assert only.ends == span(day_number(2026, 2, 27))


def test_two_to_four_weeks_leave_open_when_the_next_step_begins() -> None:
    two = row(dose(begin=START, length=Length(2, 4, "weeks")), dose(then=True))
    first, second = stages(two, days(start=span(MARCH)))
    assert first.certain == span(MARCH, MARCH + 13)
    assert second.begins == span(MARCH + 14, MARCH + 28)
    assert second.certain == span(MARCH + 28, LAST_DAY)


def test_four_weeks_or_longer_give_the_next_step_an_earliest_day_only() -> None:
    two = row(dose(begin=START, length=Length(4, None, "weeks")), dose(then=True))
    _, second = stages(two, days(start=span(MARCH)))
    assert second.begins == span(MARCH + 28, LAST_DAY)
    assert second.certain is None


def test_a_step_of_unstated_length_is_certain_on_its_first_day_alone() -> None:
    two = row(dose(begin=START, length=UNSTATED), dose("0.5", "1.0", then=True))
    first, second = stages(two, days(start=span(MARCH)))
    assert first.certain == span(MARCH)
    assert second.certain is None
    assert second.depends_on == (NOT_NAMED,)


def test_what_lasts_until_a_day_began_so_long_before() -> None:
    (before,) = stages(
        row(Step("do", "prednisone", until=Moment("start", -1), length=Length(4, 4, "weeks"))), days(start=span(MARCH))
    )
    assert (before.begins, before.ends) == (span(MARCH - 28), span(MARCH - 1))


def test_an_anchor_that_is_not_known_is_named() -> None:
    two = row(dose(begin=START, length=Length(4, 4, "weeks")), dose(then=True))
    for stage in stages(two, days()):
        assert (stage.begins, stage.ends, stage.certain) == (None, None, None)
        assert stage.depends_on == ("the first dose",)


def test_a_first_dose_some_day_in_march_makes_only_the_shared_days_certain() -> None:
    (only,) = stages(row(dose(begin=START, length=Length(6, 6, "weeks"))), days(start=span(MARCH, MARCH + 30)))
    assert only.certain == span(MARCH + 30, MARCH + 41)


def test_the_next_step_of_one_drug_does_not_wait_for_another_drug() -> None:
    mixed = row(
        Step("do", "prednisone", begin=Moment("steroid"), length=Length(4, None, "weeks")),
        Step("avoid", "dose", begin=Moment("steroid"), length=Length(2, 2, "weeks")),
        dose(then=True),
        Step("do", "prednisone", then=True),
    )
    _, _, isotretinoin, prednisone = stages(mixed, days(steroid=span(MARCH)))
    assert isotretinoin.begins == span(MARCH + 14)
    assert prednisone.begins == span(MARCH + 28, LAST_DAY)


def test_a_condition_is_not_known_of_a_step_still_to_come() -> None:
    two = row(dose(begin=START, length=Length(4, 4, "weeks")), dose("0.5", "1.0", then=True, when=7))
    holds = (Truth.YES, Truth.YES)
    early = stages(two, days(start=span(MARCH), each_visit=span(MARCH + 27)), holds)
    later = stages(two, days(start=span(MARCH), each_visit=span(MARCH + 28)), holds)
    assert [stage.holds for stage in early] == [Truth.YES, Truth.UNKNOWN]
    assert [stage.holds for stage in later] == [Truth.YES, Truth.YES]


LENGTHS = st.builds(
    lambda low, more, unit: Length(low, None if more is None else low + more, unit),
    st.integers(1, 26),
    st.none() | st.integers(0, 8),
    st.sampled_from(["days", "weeks", "months"]),
)


@st.composite
def courses(draw: st.DrawFn) -> Row:
    """A course of one drug: steps that follow each other, the last of which may go on."""
    lengths = draw(st.lists(LENGTHS, min_size=1, max_size=5))
    steps = [dose(begin=START, length=lengths[0]), *(dose(then=True, length=length) for length in lengths[1:])]
    if draw(st.booleans()):
        steps.append(dose(then=True))
    return row(*steps)


STARTS = st.builds(lambda first, width: Span(first, first + width), st.integers(730_000, 760_000), st.integers(0, 40))


@given(courses(), STARTS)
def test_stages_stand_in_order_never_overlap_and_take_the_anchor_in(course: Row, start: Span) -> None:
    found = stages(course, days(start=start))
    assert [stage.step for stage in found] == list(course.steps)
    assert found[0].begins == start
    for before, after in pairwise(found):
        assert before.begins is not None
        assert before.ends is not None
        assert after.begins is not None
        assert before.begins.first <= before.begins.last <= before.ends.last
        assert before.begins.first <= before.ends.first <= before.ends.last
        assert after.begins.first == min(before.ends.first + 1, LAST_DAY)
        assert after.begins.last == min(before.ends.last + 1, LAST_DAY)
    certain = [each for stage in found if (each := stage.certain) is not None]
    assert all(one.last < two.first for one, two in pairwise(certain))


@given(courses(), st.integers(730_000, 760_000), st.integers(-30, 900))
def test_on_a_known_first_dose_every_day_up_to_an_open_length_has_one_stage_at_most(
    course: Row, start: int, after: int
) -> None:
    day_of = days(start=Span.of(start), each_visit=Span.of(start + after))
    found = stages(course, day_of)
    held = [stage for stage in found if (each := stage.certain) and each.first <= start + after <= each.last]
    assert len(held) <= 1
    assert stage_of_today(found, day_of) is (held[0] if held else None)
    if after < 0:
        assert held == []
    exact = [stage.begins is not None and stage.begins.known for stage in found]
    ends = [stage.open or (stage.ends is not None and stage.ends.known) for stage in found]
    if (
        after >= 0
        and all(exact)
        and all(ends)
        and (found[-1].open or after <= (found[-1].ends or Span(0, 0)).last - start)
    ):
        assert held, "every day of a course without gaps has its stage"


@given(courses(), st.integers(730_000, 760_000), st.integers(0, 40))
def test_knowing_the_first_dose_better_never_takes_a_certain_day_away(course: Row, start: int, width: int) -> None:
    loose = stages(course, days(start=Span(start, start + width)))
    for known in (start, start + width // 2, start + width):
        tight = stages(course, days(start=Span.of(known)))
        for one, other in zip(loose, tight, strict=True):
            if one.certain is not None:
                assert other.certain is not None
                assert other.certain.first <= one.certain.first
                assert one.certain.last <= other.certain.last


FOUR = Length(4, 4, "weeks")


@pytest.mark.parametrize(
    ("one", "other", "apart"),
    [
        pytest.param(row(dose(begin=START)), row(dose("1.0", "1.0", begin=START)), True, id="two-doses-on-one-day"),
        pytest.param(row(dose(begin=START)), row(dose("0.5", "1.0", begin=START)), False, id="an-end-in-common"),
        pytest.param(
            row(dose(begin=START, length=FOUR)),
            row(dose("1.0", "1.0", begin=Moment("start", 28))),
            False,
            id="one-ends-the-day-before-the-other-begins",
        ),
        pytest.param(
            row(dose(begin=START, length=FOUR)),
            row(dose("1.0", "1.0", begin=Moment("start", 27))),
            True,
            id="one-day-in-common",
        ),
        pytest.param(
            row(dose(begin=START, length=Length(1, 1, "months"))),
            row(dose("1.0", "1.0", begin=Moment("start", 28))),
            False,
            id="a-month-may-be-28-days",
        ),
        pytest.param(
            row(dose(begin=START)), row(dose("1.0", "1.0", begin=START, of="lidose")), True, id="any-takes-lidose-in"
        ),
        pytest.param(
            row(dose(begin=START, of="conventional")),
            row(dose("1.0", "1.0", begin=START, of="lidose")),
            False,
            id="other-capsules-are-another-unit",
        ),
        pytest.param(
            row(dose(begin=START)), row(dose("60", "60", begin=START, unit="mg/day")), False, id="another-unit"
        ),
        pytest.param(
            row(dose(begin=START, force="none")), row(dose("1.0", "1.0", begin=START)), False, id="without-force"
        ),
        pytest.param(row(dose(begin=START)), row(dose("1.0", "1.0", begin=Moment("steroid"))), False, id="two-anchors"),
        pytest.param(
            row(dose(begin=START)),
            row(Step("avoid", "dose", begin=START, force="must")),
            True,
            id="given-and-forbidden",
        ),
        pytest.param(
            row(dose(begin=START)),
            row(Step("avoid", "prednisone", begin=START, force="must")),
            False,
            id="another-drug-is-forbidden",
        ),
        pytest.param(
            row(dose(begin=START, verb="raise", high="1.0")),
            row(dose(begin=START, verb="lower", high="1.0")),
            True,
            id="up-and-down-at-one-time",
        ),
        pytest.param(
            row(dose(begin=START, length=UNSTATED), dose(then=True, verb="lower", low="", high="")),
            row(dose(begin=START, verb="keep", low="", high="")),
            True,
            id="a-taper-at-any-time-and-none-at-all",
        ),
        pytest.param(
            row(dose(begin=START, length=UNSTATED), dose(then=True, verb="lower", low="", high="")),
            row(dose(begin=START, verb="keep", low="", high="", length=FOUR)),
            False,
            id="a-taper-after-a-dose-that-is-kept-for-weeks",
        ),
    ],
)
def test_two_courses_are_opposed_only_where_they_cannot_both_be_followed(one: Row, other: Row, *, apart: bool) -> None:
    assert bool(list(rows_steps_opposed(one, other))) is apart
    assert bool(list(rows_steps_opposed(other, one))) is apart

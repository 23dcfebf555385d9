"""Conditions mean what a clinician reads in them, at the border, one step beside it, and with the fact missing."""

from __future__ import annotations

import pytest

from isocourse.logic.exact import reachable_truths
from isocourse.logic.syntax import parse
from isocourse.logic.tree import Op
from isocourse.logic.truth import Truth
from tests.logic.small_book import ask

N, Y, U = Truth.NO, Truth.YES, Truth.UNKNOWN


@pytest.mark.parametrize(
    ("operator", "below", "at", "above"),
    [(">=", N, Y, Y), (">", N, N, Y), ("<=", Y, Y, N), ("<", Y, N, N), ("=", N, Y, N), ("!=", Y, N, Y)],
)
def test_a_comparison_is_decided_at_the_step(operator: str, below: Truth, at: Truth, above: Truth) -> None:
    asked = ask(f"alt_now {operator} 40 U/L")
    assert [asked.answer(alt_now=steps) for steps in (399, 400, 401)] == [below, at, above]
    assert asked.answer() is U


@pytest.mark.parametrize(
    ("operator", "low", "high", "expected"),
    [
        (">=", 400, 500, Y),
        (">=", 399, 500, U),
        (">=", 300, 399, N),
        (">", 400, 500, U),
        ("<", 300, 399, Y),
        ("<", 300, 400, U),
        ("=", 400, 401, U),
        ("=", 401, 500, N),
        ("!=", 300, 399, Y),
    ],
)
def test_an_interval_satisfies_only_if_all_of_it_does(operator: str, low: int, high: int, expected: Truth) -> None:
    assert ask(f"alt_now {operator} 40 U/L").answer(alt_now=(low, high)) is expected


@pytest.mark.parametrize(
    ("interval", "inside"),
    [
        ("[12..18]", (N, Y, Y, Y, N)),
        ("[12..18)", (N, Y, Y, N, N)),
        ("(12..18]", (N, N, Y, Y, N)),
        ("(12..18)", (N, N, Y, N, N)),
    ],
)
def test_both_ends_of_a_range_are_tested(interval: str, inside: tuple[Truth, ...]) -> None:
    asked = ask(f"age in {interval} years")
    assert tuple(asked.answer(age=years) for years in (11, 12, 15, 18, 19)) == inside


def test_a_threshold_may_stand_in_any_accepted_unit() -> None:
    asked = ask("triglycerides_now >= 500 mg/dL")
    assert [asked.answer(triglycerides_now=steps) for steps in (500 * 1_129 - 1, 500 * 1_129)] == [N, Y]


def test_the_same_question_is_one_node() -> None:
    asked = ask("(pregnant or age >= 18 years) and (age >= 18 years or pregnant or not(not(pregnant)))")
    assert sum(node.op in (Op.AT_LEAST, Op.ONE_OF) for node in asked.program.nodes) == 2


@pytest.mark.parametrize(
    ("operator", "less", "exactly", "more"),
    [(">=", N, Y, Y), (">", N, N, Y), ("<=", Y, Y, N), ("<", Y, N, N), ("=", N, Y, N), ("!=", Y, N, Y)],
)
def test_a_ratio_is_exact_at_its_threshold(operator: str, less: Truth, exactly: Truth, more: Truth) -> None:
    asked = ask(f"alt_rise {operator} 3")
    found = [asked.answer(alt_baseline=110, alt_now=now) for now in (329, 330, 331)]
    assert found == [less, exactly, more]


def test_a_ratio_that_is_no_whole_number_is_not_rounded() -> None:
    asked = ask("dose_per_kg >= 0.3 mg/kg/day")
    assert [asked.answer(ordered_daily_dose=dose, weight=700) for dose in (209, 210)] == [N, Y]


def test_a_ratio_with_one_half_missing_is_not_known_unless_nothing_plausible_reaches_it() -> None:
    asked = ask("alt_rise >= 3")
    assert asked.answer(alt_now=330) is U
    assert asked.answer(alt_baseline=(100, 110), alt_now=330) is Y
    assert asked.answer(alt_now=29) is N


def test_a_ratio_may_be_written_out() -> None:
    assert ask("alt_now / alt_baseline >= 3").program.nodes[-1] == ask("alt_rise >= 3").program.nodes[-1]


@pytest.mark.parametrize(
    ("text", "gap", "expected"),
    [
        ("today >= first_dose + 30 days", 29, N),
        ("today >= first_dose + 30 days", 30, Y),
        ("today - 30 days >= first_dose", 29, N),
        ("today - 30 days >= first_dose", 30, Y),
        ("today > first_dose + 30 days", 30, N),
        ("today <= first_dose + 2 weeks", 14, Y),
        ("today <= first_dose + 2 weeks", 15, N),
        ("today = first_dose + 7 days", 7, Y),
        ("today = first_dose + 7 days", 8, N),
        ("today in [first_dose..first_dose + 7 days]", 0, Y),
        ("today in [first_dose..first_dose + 7 days]", 7, Y),
        ("today in [first_dose..first_dose + 7 days)", 7, N),
        ("today in (first_dose..first_dose + 7 days]", 0, N),
    ],
)
def test_days_between_two_dates_are_counted(text: str, gap: int, expected: Truth) -> None:
    assert ask(text).answer(first_dose=740_000, today=740_000 + gap) is expected


def test_codes_are_sets_of_what_is_still_possible() -> None:
    asked = ask("last_pregnancy_test in (negative, unclear)")
    answers = [asked.answer(last_pregnancy_test=codes) for codes in ("negative", "positive", "negative|unclear")]
    assert [*answers, asked.answer(last_pregnancy_test="positive|unclear"), asked.answer()] == [Y, N, Y, U, U]
    assert ask("last_pregnancy_test != negative").answer(last_pregnancy_test="positive|unclear") is Y


def test_a_yes_no_fact_stands_alone() -> None:
    asked = ask("pregnant")
    assert [asked.answer(pregnant="yes"), asked.answer(pregnant="no"), asked.answer()] == [Y, N, U]
    assert ask("not(pregnant)").answer(pregnant="no") is Y
    assert ask("pregnant = no").answer(pregnant="no") is Y


def test_parts_of_one_event_are_slots_of_their_own() -> None:
    asked = ask(
        "last_pregnancy_test.setting = home and last_pregnancy_test.supervised and "
        "last_pregnancy_test.day >= today - 7 days and last_pregnancy_test.sensitivity <= 25 IU/L"
    )
    assert {slot.name for slot in asked.program.slots} == {
        "last_pregnancy_test.setting",
        "last_pregnancy_test.supervised",
        "last_pregnancy_test.day",
        "last_pregnancy_test.sensitivity",
        "today",
    }


def test_folds_become_one_slot_for_each_spelling() -> None:
    asked = ask("any(drugs, class = tetracycline) and any(drugs, kind = tetracycline)")
    assert [slot.name for slot in asked.program.slots] == ["any(drugs, kind = tetracycline)"]
    barrier = ask("count(methods, kind = barrier, current) >= 2")
    assert [barrier.answer(**{"count(methods, kind = barrier, current)": n}) for n in (1, 2)] == [N, Y]


def test_recorded_reads_the_file_and_not_the_patient() -> None:
    asked = ask("recorded(alt_now)", file_reads=True)
    assert asked.answer() is N
    assert asked.answer(alt_now=(10, 100_000)) is Y
    assert reachable_truths(asked.program, asked.state(), asked.root) == N


def test_a_condition_with_a_name_is_written_in_place() -> None:
    assert ask("adult").answer(age=18) is Y
    able = parse("sex = female and not(sterilised)")
    asked = ask("able_to_become_pregnant and adult", definitions={"able_to_become_pregnant": able})
    assert asked.answer(sex="female", sterilised="no", age=18) is Y
    assert asked.answer(sex="female", sterilised="yes") is N


def test_a_reading_puts_another_fact_in_a_name_s_place() -> None:
    asked = ask("alt_rise >= 3 U/L", let={"alt_rise": "alt_now"})
    assert [asked.answer(alt_now=steps) for steps in (29, 30)] == [N, Y]


def test_always_holds() -> None:
    assert ask("always").answer() is Y
    assert ask("otherwise").answer() is Y
    assert ask("not(always)").answer() is N


def test_something_or_its_opposite_always_holds_though_row_by_row_it_is_not_known() -> None:
    asked = ask("alt_now >= 40 U/L or alt_now < 40 U/L")
    assert asked.answer() is U
    assert reachable_truths(asked.program, asked.state(), asked.root) == Y

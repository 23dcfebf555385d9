"""A written value is believed exactly, or refused with a reason."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from isocourse.facts.believe import believe, plausible, shown
from isocourse.facts.problem import Problem
from isocourse.facts.record import Quantity
from tests.fhir.catalogue import CATALOGUE

ALT, TRIGLYCERIDES, WEIGHT = (CATALOGUE.by_name[name] for name in ("alt", "triglycerides", "weight"))


def amount(found: Quantity | Problem) -> Quantity:
    assert isinstance(found, Quantity), found
    return found


def refusal(found: Quantity | Problem) -> str:
    assert isinstance(found, Problem), found
    return found.line()


@given(st.decimals("0.1", "130", places=2))
def test_a_value_keeps_its_digits(written: object) -> None:
    found = amount(believe(TRIGLYCERIDES, str(written), "mmol/L", "lab"))
    assert found.low == found.high
    assert Fraction(found.low, 100_000) == Fraction(str(written))


@given(st.integers(9, 11_000))
def test_milligrams_a_decilitre_convert_exactly(written: int) -> None:
    found = amount(believe(TRIGLYCERIDES, str(written), "mg/dL", "lab"))
    assert (found.low, found.high) == (written * 1129, written * 1129)


@given(st.integers(16, 399), st.integers(0, 99))
def test_kilograms_and_grams_are_the_same_weight(whole: int, hundredths: int) -> None:
    kilograms = amount(believe(WEIGHT, f"{whole}.{hundredths:02}", "kg", "scale"))
    grams = amount(believe(WEIGHT, str(whole * 1000 + hundredths * 10), "g", "scale"))
    assert (kilograms.low, kilograms.high) == (grams.low, grams.high)


def test_the_last_printed_digit_says_how_finely_it_was_rounded() -> None:
    assert amount(believe(ALT, "62", "U/L", "lab")).slack == 50
    assert amount(believe(ALT, "62.0", "U/L", "lab")).slack == 5


@pytest.mark.parametrize(
    ("comparator", "low", "high"),
    [
        pytest.param("<", 100, 499, id="less-than-5-may-be-anything-below"),
        pytest.param("<=", 100, 500, id="at-most-5"),
        pytest.param(">", 501, 2_000_000, id="more-than-5"),
        pytest.param(">=", 500, 2_000_000, id="at-least-5"),
    ],
)
def test_a_comparator_leaves_a_range(comparator: str, low: int, high: int) -> None:
    found = amount(believe(ALT, "5", "U/L", "lab", comparator=comparator))
    assert (found.low, found.high) == (low, high)


@pytest.mark.parametrize(
    ("digits", "unit", "comparator", "said"),
    [
        pytest.param("155", "mg", "", "check the unit", id="a-weight-in-milligrams"),
        pytest.param("70", "", "", "without a unit", id="no-unit"),
        pytest.param("-70", "kg", "", "outside 15 to 400 kg", id="negative"),
        pytest.param("14.99", "kg", "", "outside 15 to 400 kg", id="just-below-the-plausible"),
        pytest.param("NaN", "kg", "", "plain decimal", id="not-a-number"),
        pytest.param("1E400", "kg", "", "plain decimal", id="an-exponent"),
        pytest.param("Infinity", "kg", "", "plain decimal", id="infinity"),
        pytest.param("70,5", "kg", "", "plain decimal", id="a-decimal-comma"),
        pytest.param("9" * 400, "kg", "", "plain decimal", id="endless-digits"),
        pytest.param("70", "kg", "~", "comparator", id="a-comparator-we-do-not-know"),
    ],
)
def test_what_cannot_be_believed_is_refused_with_a_reason(digits: str, unit: str, comparator: str, said: str) -> None:
    line = refusal(believe(WEIGHT, digits, unit, "scale", comparator=comparator))
    assert said in line
    assert "weight counts as not known" in line
    assert "\n" not in line


def test_both_ends_of_the_plausible_range_are_believed() -> None:
    assert plausible(WEIGHT) == "15 to 400 kg"
    assert amount(believe(WEIGHT, "15", "kg", "scale")).low == WEIGHT.low
    assert amount(believe(WEIGHT, "400", "kg", "scale")).high == WEIGHT.high


@given(st.text(max_size=12), st.text(max_size=6), st.sampled_from(["", "<", "<=", ">", ">=", "ad"]))
def test_nothing_written_in_a_record_raises(digits: str, unit: str, comparator: str) -> None:
    assert isinstance(believe(ALT, digits, unit, "lab", comparator=comparator), Quantity | Problem)


@given(st.integers(100, 2_000_000), st.sampled_from(["<", "<=", ">", ">="]))
def test_a_range_never_leaves_the_plausible_one_or_runs_backwards(steps: int, comparator: str) -> None:
    found = believe(ALT, f"{steps // 100}.{steps % 100:02}", "U/L", "lab", comparator=comparator)
    if isinstance(found, Quantity):
        assert ALT.low <= found.low <= found.high <= ALT.high


def test_an_amount_is_shown_in_plain_decimals() -> None:
    assert shown(Quantity(6250, 6250), "U/L", 100) == "62.5 U/L"
    assert shown(Quantity(100, 499), "U/L", 100) == "1 to 4.99 U/L"


@given(st.decimals("0.11", "129", places=9), st.sampled_from(["mmol/L", "mg/dL"]))
def test_a_value_finer_than_a_step_lies_between_its_neighbours_and_is_never_rounded(written: object, unit: str) -> None:
    steps = Fraction(str(written)) * (1129 if unit == "mg/dL" else 100_000)
    found = believe(TRIGLYCERIDES, str(written), unit, "lab")
    if isinstance(found, Quantity):
        assert found.low <= steps <= found.high
        assert found.high - found.low == (0 if steps.denominator == 1 else 1)
    else:
        assert not TRIGLYCERIDES.low <= steps <= TRIGLYCERIDES.high

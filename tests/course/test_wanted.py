"""What a prescriber asks for is read with exact digits, or refused with the place and what was meant."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from isocourse.course.wanted import (
    MOST_MG,
    PER_DAY,
    PER_KG,
    WISHES,
    Break,
    Told,
    Wanted,
    WantedError,
    WantedStep,
    parse_steps,
    wanted_of,
)
from isocourse.facts.days import day_number

HALF = Fraction(1, 2)


@pytest.mark.parametrize(
    ("text", "steps"),
    [
        pytest.param(
            "0.5 mg/kg/day for 4 weeks, then 1 mg/kg/day",
            (WantedStep(HALF, PER_KG, 4, "weeks"), WantedStep(Fraction(1), PER_KG)),
            id="a-step-in-weeks-then-the-rest",
        ),
        pytest.param(
            "20 mg/day for 1 month of acnecutan",
            (WantedStep(Fraction(20), PER_DAY, 1, "months", "acnecutan"),),
            id="a-month-stays-a-month",
        ),
        pytest.param(
            "20 mg/day of absorica-ld for 30 days; 0.4 mg/kg/day",
            (WantedStep(Fraction(20), PER_DAY, 30, "days", "absorica-ld"), WantedStep(Fraction(2, 5), PER_KG)),
            id="the-product-before-the-length",
        ),
        pytest.param(
            "40mg/day for 2weeks then 12.5 mg/d",
            (WantedStep(Fraction(40), PER_DAY, 2, "weeks"), WantedStep(Fraction(25, 2), PER_DAY)),
            id="without-spaces-and-commas",
        ),
    ],
)
def test_steps_are_read_as_they_are_written(text: str, steps: tuple[WantedStep, ...]) -> None:
    assert parse_steps(text) == steps


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "steps, column 1: expected a dose, such as 0.5 mg/kg/day or 40 mg/day"),
        ("some mg/day", 'steps, column 1: "some" is not a dose, such as 0.5 mg/kg/day or 40 mg/day'),
        ("0,5 mg/kg/day", 'steps, column 2: write a decimal point: "0.5"'),
        ("1e3 mg/day", 'steps, column 2: no unit "e3"; write mg/day or mg/kg/day'),
        ("1.2.3 mg/day", 'steps, column 1: "1.2.3" is not a dose, such as 0.5 mg/kg/day or 40 mg/day'),
        ("40", "steps, column 3: the unit is missing; write mg/day or mg/kg/day"),
        ("40 mg/dy", 'steps, column 4: no unit "mg/dy"; did you mean "mg/day"?; write mg/day or mg/kg/day'),
        ("0.5 mg/kg", 'steps, column 5: no unit "mg/kg"; did you mean "mg/kg/day"?; write mg/day or mg/kg/day'),
        ("0 mg/day", "steps, column 1: a dose lies above 0 and up to 2000 mg/day"),
        ("40 mg/kg/day", "steps, column 1: a dose lies above 0 and up to 10 mg/kg/day"),
        ("20 mg/day for 4", "steps, column 16: the length has no unit; write days, weeks or months"),
        ("20 mg/day for 4 weks", 'steps, column 17: no length "weks"; did you mean "weeks"?; write days, weeks or months'),
        ("20 mg/day for 1.5 months", "steps, column 15: a length is a whole number of months, up to 3650 days"),
        ("20 mg/day for 600 weeks", "steps, column 15: a length is a whole number of weeks, up to 3650 days"),
        ("20 mg/day, then 40 mg/day", 'steps, column 1: every step but the last needs a length, such as "for 4 weeks"'),
        ("20 mg/day for 4 weeks, 30 mg/day, 40 mg/day", 'steps, column 24: every step but the last needs a length, such as "for 4 weeks"'),
        ("20 mg/day fro 4 weeks", 'steps, column 11: "fro" is not expected here; did you mean "for"?; write ", then" and the next step'),
        ("20 mg/day of", "steps, column 13: expected a product, such as acnecutan"),
        ("20 mg/day for 4 weeks, then", "steps, column 28: expected a dose, such as 0.5 mg/kg/day or 40 mg/day"),
        ("20 mg/day for 4 weeks for 5 weeks", "steps, column 27: a step has one length"),
        ("20 mg/day of a of b", "steps, column 19: a step has one product"),
    ],
)  # fmt: skip
def test_a_step_that_cannot_be_read_is_refused_on_one_line_with_its_place(text: str, said: str) -> None:
    with pytest.raises(WantedError) as refused:
        parse_steps(text)
    assert str(refused.value) == said


def test_a_taper_ends_where_the_course_ends_so_every_step_has_a_length() -> None:
    assert parse_steps("20 mg/day for 4 weeks", "taper") == (WantedStep(Fraction(20), PER_DAY, 4, "weeks", taper=True),)
    with pytest.raises(WantedError, match="a step of a taper needs a length"):
        parse_steps("20 mg/day for 4 weeks, then 10 mg/day", "taper")


TEXTS: dict[str, Told] = {
    "start": "2027-01-04",
    "product": "acnecutan",
    "steps": "0.5 mg/kg/day for 4 weeks, then 1 mg/kg/day",
    "taper": "20 mg/day for 2 weeks",
    "times_a_day": "2",
    "weights": "58 kg\n2027-01-15: 60.5 kg",
    "breaks": "2027-01-10..2027-01-20: surgery; 2027-03-01",
    "missed": "2027-01-05, 2027-01-07..2027-01-08",
    "drug_free_days": "yes",
    "supply_days": "30",
    "target": "120 mg/kg",
    "until": "2027-06-30",
    "moved": "supply-2: 2027-02-01; visit-3: missed",
    "pack": "30",
    "key": "course-1",
}
MOVABLE = "an event that can be moved (a supply, a visit, a test, the start or the last-dose) and its day"
EXPECTED = Wanted(
    start=day_number(2027, 1, 4),
    product="acnecutan",
    steps=parse_steps("0.5 mg/kg/day for 4 weeks, then 1 mg/kg/day"),
    taper=parse_steps("20 mg/day for 2 weeks", "taper"),
    times_a_day=2,
    weights=((None, Fraction(58)), (day_number(2027, 1, 15), Fraction(121, 2))),
    breaks=(
        Break(day_number(2027, 1, 10), day_number(2027, 1, 20), "surgery"),
        Break(day_number(2027, 3, 1), day_number(2027, 3, 1)),
    ),
    missed=(day_number(2027, 1, 5), day_number(2027, 1, 7), day_number(2027, 1, 8)),
    drug_free_days=True,
    supply_days=30,
    target=Fraction(120),
    until=day_number(2027, 6, 30),
    moved=(("supply-2", day_number(2027, 2, 1)), ("visit-3", None)),
    pack=30,
    key="course-1",
)


def test_everything_that_can_be_wanted_is_read_from_text() -> None:
    assert wanted_of(TEXTS, Wanted()) == EXPECTED
    assert set(TEXTS) | {"dose"} == set(WISHES)


def test_what_the_command_line_has_read_already_means_the_same() -> None:
    told: dict[str, Told] = TEXTS | {
        "start": day_number(2027, 1, 4),
        "times_a_day": 2,
        "weights": ("58 kg", "2027-01-15: 60.5 kg"),
        "breaks": ("2027-01-10..2027-01-20: surgery", "2027-03-01"),
        "missed": (day_number(2027, 1, 5), day_number(2027, 1, 7), day_number(2027, 1, 8)),
        "drug_free_days": True,
        "supply_days": 30,
        "until": day_number(2027, 6, 30),
        "moved": ("supply-2: 2027-02-01", "visit-3: missed"),
        "pack": 30,
    }
    assert wanted_of(told, Wanted()) == EXPECTED


def test_a_start_and_a_last_dose_that_move_take_everything_with_them() -> None:
    moved = wanted_of({"moved": "start: 2027-02-01; last-dose: 2027-08-01; visit-2: missed"}, EXPECTED)
    assert (moved.start, moved.until) == (day_number(2027, 2, 1), day_number(2027, 8, 1))
    assert moved.moved == (("visit-2", None),)


def test_what_is_not_said_stays_as_it_was_wanted() -> None:
    assert wanted_of({"start": None, "weights": (), "product": ""}, EXPECTED) == EXPECTED
    assert wanted_of({"missed": "2027-02-02"}, EXPECTED).missed == (day_number(2027, 2, 2),)


def test_one_dose_takes_the_place_of_steps_and_steps_of_one_dose() -> None:
    one = wanted_of({"dose": "40 mg/day"}, EXPECTED)
    assert (one.dose, one.steps) == (WantedStep(Fraction(40), PER_DAY), ())
    many = wanted_of({"steps": "40 mg/day for 4 weeks, then 60 mg/day"}, one)
    assert many.dose is None
    assert len(many.steps) == 2


@pytest.mark.parametrize(
    ("told", "said"),
    [
        ({"stat": "2027-01-04"}, 'stat: nothing of that name can be wanted; did you mean "start"?'),
        ({"dose": "40 mg/day", "steps": "40 mg/day"}, "dose: give one dose for the whole course, or steps, not both"),
        ({"dose": "40 mg/day for 4 weeks"}, "dose: one dose for the whole course, such as 0.5 mg/kg/day; for more than one give steps"),
        ({"start": "2027-01"}, 'start, column 1: "2027-01" is more than one day; write a day such as 2027-02-01'),
        ({"until": "soon"}, 'until, column 1: "soon" is not a date (year-month-day); write a day such as 2027-02-01'),
        ({"times_a_day": "7"}, 'times a day, column 1: "7" is not a whole number from 1 to 6'),
        ({"supply_days": "0"}, 'supply days, column 1: "0" is not a whole number from 1 to 365'),
        ({"pack": "ten"}, 'pack, column 1: "ten" is not a whole number from 1 to 1000'),
        ({"weights": "58"}, 'weights, column 1: "58" is not a weight from 15 to 400 kg, such as 58 kg or 2027-02-01: 60 kg'),
        ({"weights": "58 kg; 580 kg"}, 'weights, column 8: "580 kg" is not a weight from 15 to 400 kg, such as 58 kg or 2027-02-01: 60 kg'),
        ({"breaks": "2027-01-20..2027-01-10"}, "breaks, column 1: it runs backwards: 20 Jan 2027 to 10 Jan 2027; turn it round"),
        ({"breaks": "2027-01-20..2027-01-32"}, 'breaks, column 13: "2027-01-32" is no day of the calendar; write a day such as 2027-02-01'),
        ({"missed": "2027-01-05, 2027-13-01"}, 'missed, column 13: "2027-13-01" is no day of the calendar; write a day such as 2027-02-01'),
        ({"drug_free_days": "perhaps"}, 'drug free days, column 1: "perhaps" is neither yes nor no'),
        ({"target": "7000 mg"}, 'target, column 1: "7000 mg" is not a total for the body weight, such as 120 mg/kg'),
        ({"moved": "2027-02-01"}, f'moved, column 1: "2027-02-01" is not {MOVABLE}, such as supply-2: 2027-02-01'),
        ({"moved": "birthday-18: 2027-02-01"}, f'moved, column 1: "birthday-18: 2027-02-01" is not {MOVABLE}, such as supply-2: 2027-02-01'),
        ({"moved": "start: missed"}, 'moved: "start" cannot be missed; give the day it moves to'),
        ({"moved": "start: 2027-02-01", "start": "2027-02-02"}, 'moved: "start" has two days; give it once, as start or here'),
        ({"moved": "supply-2: later"}, 'moved, column 10: "later" is not a date (year-month-day); write a day such as 2027-02-01'),
    ],
)  # fmt: skip
def test_a_wish_that_cannot_be_read_is_refused_on_one_line(told: dict[str, Told], said: str) -> None:
    with pytest.raises(WantedError) as refused:
        wanted_of(told, Wanted())
    assert str(refused.value) == said


written = st.builds(
    lambda amount, unit, count, length: (amount, unit, count, length),
    st.decimals("0.01", "10", places=2),
    st.sampled_from([PER_DAY, PER_KG]),
    st.integers(1, 52),
    st.sampled_from(["days", "weeks", "months"]),
)


@given(st.lists(written, min_size=1, max_size=4))
def test_whatever_is_written_comes_back_to_the_last_digit(drawn: list[tuple[object, str, int, str]]) -> None:
    text = ", then ".join(f"{amount} {unit} for {count} {length}" for amount, unit, count, length in drawn)
    assert parse_steps(text) == tuple(
        WantedStep(Fraction(str(amount)), unit, count, length) for amount, unit, count, length in drawn
    )


@given(st.text(alphabet=" 0123456789.,;:-/mgkdaywntheforscu²\n", max_size=40), st.sampled_from(WISHES))
def test_no_text_does_anything_but_be_read_or_refused(text: str, name: str) -> None:
    said, found = "", Wanted()
    try:
        found = wanted_of({name: text}, Wanted())
    except WantedError as refused:
        said = str(refused)
    assert "\n" not in said
    assert all(step.amount <= MOST_MG for step in (*found.steps, *found.taper))

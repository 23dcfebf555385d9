"""Files of regimens to compare."""

import pytest

from isocourse.facts.problem import ReadError
from isocourse.reading.regimens import read_regimens

FILE = """
regimens:
  - {name: usual, dose: 20 mg, times_a_day: '2', weeks: '20', food: meal, strengths: ['10', '20']}
  - name: rising
    steps: [{dose: 10 mg, weeks: '4'}, {dose: 20 mg, times_a_day: '2', weeks: '16'}]
    breaks: [29-42]
    missed: ['50']
  - {name: by weight, dose: 0.5 mg/kg, weeks: '16', formulation: lidose, food: fasted, alternate: '2', adherence: '0.8'}
  - {name: pulses, dose: 40 mg, weeks: '8', on_off: 7-21, switch: {day: '29', food: fasted}, fasting: [1-2]}
"""


def test_each_regimen_is_what_the_file_says() -> None:
    usual, rising, by_weight, pulses = read_regimens(FILE, "r.yaml")
    assert (usual.name, usual.cumulative, usual.strengths) == ("usual", 5600, (10, 20))
    assert rising.days == 140
    assert [len(rising.on_day(day)) for day in (0, 28, 41, 42, 49)] == [1, 0, 0, 2, 0]
    assert (by_weight.per_kg, by_weight.adherence, len(by_weight.doses)) == (True, 0.8, 56)
    assert [dose.food for dose in pulses.doses[:3]] == ["fasted", "fasted", "meal"]
    assert pulses.doses[-1].food == "fasted"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        pytest.param("regimens: []", "no regimen", id="empty"),
        pytest.param("regimens: [{name: a, dose: 20, weeks: '4'}]", "write it as 20 mg or 0.25 mg/kg", id="no-unit"),
        pytest.param("regimens: [{name: a, dose: 20 mg}]", "give weeks or days", id="no-length"),
        pytest.param("regimens: [{name: a, doze: 20 mg}]", 'did you mean "dose"', id="misspelt"),
        pytest.param(
            "regimens: [{name: a, dose: 20 mg, weeks: '4', steps: []}]", 'either "dose" or "steps"', id="both"
        ),
        pytest.param(
            "regimens: [{name: a, dose: 20 mg, weeks: '4', breaks: [9-3]}]", "break: day 9 to day 3", id="backwards"
        ),
        pytest.param(
            "regimens: [{name: a, dose: 5 mg, days: '3'}, {name: a, dose: 5 mg, days: '3'}]", "twice", id="one-name"
        ),
        pytest.param(
            "regimens: [{name: a, dose: 20 mg, weeks: '4', breaks: [1-28]}]", "no dose at all", id="nothing-left"
        ),
        pytest.param("regimens: [{name: a, dose: 20 mg, weeks: four}]", "is not a number", id="length-in-words"),
    ],
)
def test_a_mistake_is_named_with_its_line(text: str, said: str) -> None:
    with pytest.raises(ReadError, match=said) as found:
        read_regimens(text, "r.yaml")
    assert str(found.value).startswith("r.yaml:1:")

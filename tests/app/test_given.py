"""Facts stated one by one in a record: what is taken, and why another is not, alike on the page and in the data."""

import pytest

from isocourse.app.assess import assess
from isocourse.facts.days import whole_day
from isocourse.library import Asked, Assessment, Library
from isocourse.reading.records import record_of
from isocourse.reading.yaml_text import load_text
from isocourse.render.terminal import page

TODAY = whole_day("2026-11-24")


def stated(library: Library, facts: str) -> Assessment:
    text = f"isocourse: '1'\npatient: {{}}\nfacts: {{{facts}}}\n"
    return assess(library, record_of(load_text(text, "record"), "record", library.catalogue, TODAY), Asked(TODAY))


@pytest.mark.parametrize(
    ("facts", "why"),
    [
        pytest.param("alt_now: '62'", "alt_now is measured in U/L", id="no-unit"),
        pytest.param("alt_now: 62 mg/dL", 'not "mg/dL"', id="a-unit-of-something-else"),
        pytest.param("alt_nwo: 62 U/L", 'did you mean "alt_now"?', id="misspelt"),
        pytest.param("pregnant: perhaps", 'pregnant is never "perhaps"', id="neither-yes-nor-no"),
        pytest.param("alt_now: 90000 U/L", "outside the plausible range", id="not-plausible"),
    ],
)
def test_why_a_stated_fact_is_not_taken_stands_on_the_page_as_in_the_data(
    library: Library, facts: str, why: str
) -> None:
    seen = stated(library, facts)
    [problem] = seen.record.problems
    assert why in problem.line()
    assert problem.line() in " ".join(page(seen, 400, matrix=False, full=False).split())


@pytest.mark.parametrize("score", ["2", "2 points"])
def test_a_stated_answer_on_self_harm_raises_the_red_line_with_or_without_its_unit(
    library: Library, score: str
) -> None:
    seen = stated(library, f"phq9_item9: '{score}'")
    assert seen.record.problems == ()
    assert [each.line.name if each.line else "" for each in seen.today.stop_now] == ["suicidality"]

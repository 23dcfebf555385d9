"""Where the governing text was not read, what every other text forbids is still said."""

from __future__ import annotations

from isocourse.decisions.breaches import Breach
from isocourse.library import Assessment, Library
from isocourse.render.terminal import verdict
from isocourse.render.today import not_today_lines
from tests.app.test_let_through import seen

CHILD = """
isocourse: '1'
patient: {birth: '2018-04-17', recorded_gender: male}
jurisdiction: IN
course: {first_dose: '2026-09-21'}
orders: [{day: '2026-11-20', state: active, dose: 20 mg, times_a_day: '1', capsules: '30', repeats: '0', reason: acne, formulation: conventional}]
"""


def breach(found: Assessment, point: str, about: str = "") -> Breach | None:
    held = [each for each in found.today.not_today if isinstance(each, Breach)]
    return next((each for each in held if (each.point.name, each.about) == (point, about)), None)


def test_a_child_of_8_is_not_hidden_by_a_notice_that_was_read_in_part(library: Library) -> None:
    found = seen(library, start=CHILD)
    held = breach(found, "contraindications", "age")
    assert held is not None
    assert held.unheard
    assert [answer.edition.protocol for answer in held.milder] == ["seed-review"]
    lines = " ".join(not_today_lines(found))
    assert "No governing text read on this point; broken under every protocol that speaks" in lines
    assert "milder: Seed 2025 (relative): age: should: take special care" in lines


def test_a_child_of_12_is_under_no_bar_of_age(library: Library) -> None:
    child = CHILD.replace("2018-04-17", "2014-04-17")
    assert breach(seen(library, start=child), "contraindications", "age") is None


def test_a_point_that_nobody_governing_was_read_on_shows_what_all_others_ask(library: Library) -> None:
    held = breach(seen(library, start=CHILD), "work_up", "liver_enzymes")
    assert held is not None
    assert held.unheard


def test_a_governing_text_that_was_read_on_a_point_is_not_filled_up_from_elsewhere(library: Library) -> None:
    found = seen(library, start=CHILD.replace("jurisdiction: IN", "jurisdiction: EU"))
    held = [each for each in found.today.not_today if isinstance(each, Breach) and each.point.name == "work_up"]
    assert held
    assert all(each.governed for each in held)


def test_papers_of_another_country_are_not_asked_for_where_the_governing_text_asks_for_none(library: Library) -> None:
    found = seen(library, start=CHILD.replace("jurisdiction: IN", "jurisdiction: UK"))
    lacking = [each for each in found.today.not_today if isinstance(each, Breach)]
    assert all(each.governed for each in lacking if each.point.name in ("consent_and_forms", "visits"))


def test_a_breach_elsewhere_is_not_said_to_be_one_under_what_governs(library: Library) -> None:
    said = verdict(seen(library, start=CHILD))
    assert "broken under every protocol that speaks" in said

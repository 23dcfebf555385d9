from fractions import Fraction
from pathlib import Path

import pytest

from isocourse.app.assess import assess
from isocourse.app.knowledge import shipped
from isocourse.app.record import read_record
from isocourse.course.forecast import Forecast, ends, look, second_course, turns
from isocourse.course.outline import Outline, PlannedSupply
from isocourse.course.project import Projector, projector
from isocourse.decisions.answers import judge
from isocourse.decisions.tables import Status
from isocourse.facts.days import day_number, show
from isocourse.library import Asked, Assessment, Library

TODAY = day_number(2026, 11, 24)
FIRST_DOSE = day_number(2026, 9, 21)


def sample(library: Library, name: str) -> Assessment:
    return assess(
        library, read_record(Path(shipped() / f"patients/{name}.yaml"), library.catalogue, TODAY), Asked(TODAY)
    )


def going_on(assessment: Assessment, end: int | None = None) -> Projector:
    supplies = tuple(
        PlannedSupply(day, day + 29, Fraction(40), 2, "conventional", "eu-conventional")
        for day in range(TODAY + 26, (end or TODAY + 400) + 1, 30)
    )
    return projector(assessment.library, assessment.snapshot, Outline(FIRST_DOSE, end, supplies))


@pytest.fixture(scope="module")
def forecasts(library: Library) -> dict[tuple[str, str], Forecast]:
    patient = sample(library, "alt-trebled")
    found = ends(library, going_on(patient), patient.editions, ("eu-label",), TODAY, TODAY + 300)
    return {(each.edition, each.position): each for each in found}


def test_a_rule_of_weeks_gives_a_date(forecasts: dict[tuple[str, str], Forecast]) -> None:
    european = forecasts["eu-label/2018", "main"]
    assert (european.kind, european.first, european.governs) == ("dated", FIRST_DOSE + 16 * 7, True)
    assert european.last == FIRST_DOSE + 24 * 7 + 1
    assert european.claims == ("eu.duration.weeks",)


def test_a_rule_of_clearance_gives_no_date_and_says_what_it_waits_for(
    forecasts: dict[tuple[str, str], Forecast],
) -> None:
    alliance = forecasts["global-alliance/2018", "statement"]
    assert (alliance.kind, alliance.depends_on, alliance.last) == ("not_before", ("cleared",), None)


def test_a_rule_of_weeks_or_response_says_both(forecasts: dict[tuple[str, str], Forecast]) -> None:
    american = forecasts["us-label/2026-08", "main"]
    assert (american.kind, american.depends_on) == ("not_before", ("nodule_fall",))
    assert american.last == FIRST_DOSE + 20 * 7 + 1


def test_a_text_that_was_not_read_forecasts_nothing(forecasts: dict[tuple[str, str], Forecast]) -> None:
    unread = [each for each in forecasts.values() if each.kind == Status.NOT_READ]
    assert unread
    assert all(each.first is None and each.last is None for each in unread)


def test_no_change_of_a_stopping_rule_is_missed_between_two_looks(library: Library) -> None:
    patient = sample(library, "alt-trebled")
    on, point = going_on(patient), library.point("when_to_stop")
    speaking = [each for each in patient.editions if each.cell(point.name).status is Status.ANSWERED]
    assert len(speaking) >= 8
    for edition in speaking:
        found = dict(turns(library, on, edition, point, ("end_course",), TODAY, TODAY + 150))
        held = found[TODAY]
        for day in range(TODAY, TODAY + 151):
            notes = on(day).sure
            answers = judge(library.program, notes.values, notes.snapshot, edition, point, outside=False, notes=notes)
            held = found.get(day, held)
            daily = {answer.position: look(answer, ("end_course",)) for answer in answers}
            assert daily == held, (edition.key, show(day))


def test_a_second_course_waits_as_long_as_each_source_says(library: Library) -> None:
    patient = sample(library, "alt-trebled")
    last = TODAY + 100
    found = second_course(library, going_on(patient, last), patient.editions, (), last + 1, last + 200)
    said = {each.edition: each for each in found if each.kind in ("dated", "not_before")}
    assert {each.rule for each in said.values()} == {"retreatment"}
    american = said["us-label/2026-08"]
    assert american.first is not None
    assert american.first >= last + 59


def test_the_sample_patient_is_on_treatment(library: Library) -> None:
    assert sample(library, "alt-trebled").governs[0].protocol == "eu-label"

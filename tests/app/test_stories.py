"""Whole patients, told as a clinician would tell them: what the file holds, and what each document then says."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from isocourse.app.assess import assess
from isocourse.app.record import read_record
from isocourse.decisions.answers import Answer, Verdict
from isocourse.decisions.breaches import Breach
from isocourse.decisions.tables import Status
from isocourse.library import Asked, Assessment, Library
from isocourse.logic.truth import Truth
from isocourse.reading.records import record_of
from isocourse.reading.yaml_text import load_text
from tests.conftest import Ran

ORDER = "daily_dose: 40 mg, strength: 20 mg, capsules: '60', repeats: '0', formulation: conventional"


def told(library: Library, story: str, as_of: str, jurisdiction: str = "") -> Assessment:
    """The story as a record, judged on a day."""
    day = date.fromisoformat(as_of).toordinal()
    text = f"isocourse: '1'\n{story}".replace("ORDER", ORDER)
    return assess(
        library,
        record_of(load_text(text, "story"), "story", library.catalogue, day),
        Asked(day, jurisdiction=jurisdiction),
    )


def answers(seen: Assessment, point: str, protocol: str) -> dict[str, list[Answer]]:
    """What the editions of a protocol say on a point, by edition."""
    found: dict[str, list[Answer]] = {}
    for each in seen.answers:
        if (each.point.name, each.edition.protocol) == (point, protocol):
            found.setdefault(each.edition.edition, []).append(each)
    return found


def verdict(seen: Assessment, point: str, edition: str, row: str) -> Verdict:
    """The verdict of one row."""
    (found,) = (
        each
        for answer in seen.answers
        if (answer.point.name, answer.edition.key) == (point, edition)
        for each in answer.verdicts
        if each.row.name == row
    )
    return found


def governing(seen: Assessment) -> set[str]:
    return {edition.key for edition in seen.governs}


UK_COURSE = """
patient: {birth: '2009-09-14', recorded_gender: male}
jurisdiction: UK
course: {first_dose: '2025-12-01'}
orders: [{day: '2026-02-01', state: active, reason: acne, ORDER}]
events:
  - {stream: second_prescriber_agreed, value: yes, day: '2025-11-28'}
  - {stream: started_by_specialist, value: yes, day: '2025-11-28'}
  - {stream: risk_form_signed, value: yes, day: '2025-11-28'}
"""


def test_a_course_that_crosses_the_british_change_keeps_the_forms_of_its_start(library: Library) -> None:
    before, after = told(library, UK_COURSE, "2026-01-21"), told(library, UK_COURSE, "2026-02-02")
    assert set(answers(before, "consent_and_forms", "uk-mhra")) == {"2025-10"}
    assert set(answers(after, "consent_and_forms", "uk-mhra")) == {"2025-10"}, "nobody signs the form of 2026 again"
    assert set(answers(after, "prescriber", "uk-mhra")) == {"2026-01"}, (
        "who may prescribe is asked at each prescription"
    )
    assert dict(after.doubts)["uk-mhra/2025-10"] == "it ended on 21 Jan 2026 and binds what was asked at the start"
    assert {"uk-mhra/2025-10", "uk-mhra/2026-01"} <= governing(after)


def test_the_second_prescriber_who_agreed_in_2025_is_not_asked_for_again(library: Library) -> None:
    before, after = told(library, UK_COURSE, "2026-01-21"), told(library, UK_COURSE, "2026-02-02")
    assert verdict(before, "prescriber", "uk-mhra/2025-10", "second_prescriber").applies is Truth.NO
    assert verdict(after, "prescriber", "uk-mhra/2026-01", "second_prescriber").row.take == ("not_needed",)


HOME_TEST = """
patient: {birth: '2000-05-05', recorded_gender: female}
jurisdiction: US
course: {first_dose: '2026-09-01'}
orders: [{state: draft, reason: acne, ORDER}]
events:
  - {stream: pregnancy_test, value: negative, day: 'TESTED', setting: home}
  - {stream: menopause_months, value: 0 months, day: '2026-11-01'}
lists: [{list: procedures, item: '*', is: no, day: '2026-09-01'}]
"""


def test_the_modified_american_programme_stands_beside_the_old_one_from_15_november(library: Library) -> None:
    eve = told(library, HOME_TEST.replace("TESTED", "2026-11-12"), "2026-11-14")
    day = told(library, HOME_TEST.replace("TESTED", "2026-11-12"), "2026-11-15")
    assert set(answers(eve, "pregnancy_tests", "us-ipledge")) == {"2023-discretion"}
    assert set(answers(day, "pregnancy_tests", "us-ipledge")) == {"2023-discretion", "2026"}
    assert {"us-ipledge/2023-discretion", "us-ipledge/2026"} <= set(dict(day.doubts)), "the day is known at second hand"


def test_a_start_that_is_planned_for_after_the_change_is_asked_for_the_forms_of_the_change(library: Library) -> None:
    planned = HOME_TEST.replace("TESTED", "2026-11-09").replace("2026-09-01'}\norders", "2026-11-20'}\norders")
    seen = told(library, planned, "2026-11-10")
    assert set(answers(seen, "consent_and_forms", "us-ipledge")) == {"2023-discretion", "2026"}
    assert set(answers(seen, "pregnancy_tests", "us-ipledge")) == {"2023-discretion"}, "a test is asked for today"
    assert dict(seen.doubts)["us-ipledge/2026"] == "it begins on 15 Nov 2026, before the first dose"


@pytest.mark.parametrize(("tested", "kept"), [("2026-11-17", "kept"), ("2026-11-16", "broken")])
def test_a_test_at_home_covers_a_prescription_for_seven_days(library: Library, tested: str, kept: str) -> None:
    seen = told(library, HOME_TEST.replace("TESTED", tested), "2026-11-24")
    assert verdict(seen, "pregnancy_tests", "us-ipledge/2026", "before_each").kept.value == kept


FRENCH = """
patient: {birth: '2000-05-05', recorded_gender: female}
course: {first_dose: '2026-09-01'}
product: eu-conventional
orders: [{day: '2026-11-24', state: active, reason: acne, ORDER}]
events:
  - {stream: pregnancy_test, value: negative, day: '2026-11-20', setting: medical, supervised: yes}
  - {stream: menopause_months, value: 0 months, day: '2026-11-20'}
lists: [{list: procedures, item: '*', is: no, day: '2026-09-01'}]
"""


def test_a_french_course_is_governed_by_the_french_rules_and_by_the_european_label(library: Library) -> None:
    seen = told(library, FRENCH, "2026-11-24", jurisdiction="FR")
    assert governing(seen) == {"france/2021", "eu-label/2018"}
    assert verdict(seen, "pregnancy_tests", "france/2021", "before_each").kept.value == "broken", "four days, not three"
    assert verdict(seen, "pregnancy_tests", "eu-label/2018", "during_each").kept.value == "kept"
    broken = [item for item in seen.today.not_today if isinstance(item, Breach)]
    assert "pregnancy_tests" in {item.point.name for item in broken if item.governed}


def test_the_same_course_in_germany_is_governed_by_the_european_label_alone(library: Library) -> None:
    seen = told(library, FRENCH, "2026-11-24", jurisdiction="DE")
    assert governing(seen) == {"eu-label/2018"}
    assert answers(seen, "pregnancy_tests", "france"), "the French rules are shown, and bind nobody there"


def test_without_a_place_nothing_governs_and_everything_is_shown(library: Library) -> None:
    assert governing(told(library, FRENCH, "2026-11-24")) == set()


def test_of_a_bare_record_nothing_is_allowed_and_nothing_is_red(library: Library) -> None:
    seen = told(library, "patient: {}", "2026-11-24")
    assert not seen.today.stop_now
    assert governing(seen) == set()
    assert all(truth is Truth.UNKNOWN for _, truth in seen.able)
    allowed = [
        found.row.name
        for each in seen.answers
        if each.point.name == "contraindications"
        for found in each.verdicts
        if found.applies is Truth.YES
    ]
    assert allowed == []


SECOND_COURSE = """
patient: {birth: '2000-05-05', recorded_gender: female}
jurisdiction: US
course: {first_dose: '2025-01-07', last_dose: '2025-06-03'}
orders:
  - {day: '2025-05-06', state: ended, reason: acne, ORDER}
  - {state: draft, reason: acne, ORDER}
events:
  - {stream: relapsed, value: yes, day: '2026-11-20'}
  - {stream: menopause_months, value: 0 months, day: '2026-11-20'}
lists: [{list: procedures, item: '*', is: no, day: '2026-11-20'}]
"""


def test_a_second_course_that_is_drafted_begins_with_two_tests_like_the_first(library: Library) -> None:
    seen = told(library, SECOND_COURSE, "2026-11-24")
    for edition in ("us-ipledge/2023-discretion", "us-ipledge/2026"):
        assert verdict(seen, "pregnancy_tests", edition, "before_first").applies is Truth.YES
        assert verdict(seen, "pregnancy_tests", edition, "two_tests").applies is Truth.YES


def test_whether_a_second_course_may_begin_is_asked_when_it_is_drafted(library: Library) -> None:
    seen = told(library, SECOND_COURSE, "2026-11-24")
    (again,) = answers(seen, "retreatment", "eu-label")["2018"]
    assert [stance.take for stance in again.stances] == [("repeat",)]
    assert all(
        each.status is not Status.NOT_APPLICABLE for each in seen.answers if each.point.name == "retreatment_dose"
    )


def test_a_man_on_file_with_female_anatomy_is_asked_for_tests(library: Library) -> None:
    story = """
patient: {birth: '2000-05-05', recorded_gender: male, sex_at_birth: female}
jurisdiction: EU
course: {first_dose: '2026-11-25'}
orders: [{state: draft, reason: acne, ORDER}]
events: [{stream: menopause_months, value: 0 months, day: '2026-11-20'}]
lists: [{list: procedures, item: '*', is: no, day: '2026-11-20'}]
"""
    seen = told(library, story, "2026-11-24")
    assert dict(seen.able)["eu-label/2018"] is Truth.YES
    assert verdict(seen, "pregnancy_tests", "eu-label/2018", "before_first").applies is Truth.YES


ANOTHER_DISEASE = """
patient: {birth: '1981-05-05', recorded_gender: male}
jurisdiction: US
orders: [{day: '2026-11-20', state: active, reason: rosacea, daily_dose: DOSE, formulation: conventional}]
events: [{stream: weight, value: 80 kg, day: '2026-11-20'}]
"""


def kept_of_range(seen: Assessment) -> set[str]:
    return {each.kept.value for each in answers(seen, "dose_range", "us-label")["2026-08"]}


def test_of_capsules_for_another_disease_only_what_is_unsafe_is_judged(library: Library) -> None:
    low = told(library, ANOTHER_DISEASE.replace("DOSE", "10 mg"), "2026-11-24")
    high = told(library, ANOTHER_DISEASE.replace("DOSE", "240 mg"), "2026-11-24")
    assert low.outside
    muted = {each.status for each in low.answers if each.point.name == "dose_direction"}
    assert muted <= {Status.OUTSIDE, Status.NOT_READ, Status.SILENT}
    assert Status.OUTSIDE in muted
    assert "broken" not in kept_of_range(low), "less than in acne is no finding there"
    assert "broken" in kept_of_range(high), "more than in acne is"


def test_a_result_that_became_known_later_is_not_used_before(library: Library) -> None:
    story = """
patient: {birth: '2000-05-05', recorded_gender: male}
course: {first_dose: '2026-09-01'}
orders: [{day: '2026-11-01', state: active, reason: acne, ORDER}]
events:
  - {stream: alt, value: 20 U/L, day: '2026-08-25', upper_limit: 40 U/L}
  - {stream: alt, value: 62 U/L, day: '2026-11-16', known: '2026-11-18', upper_limit: 40 U/L}
"""

    def stops(as_of: str) -> set[tuple[str, ...]]:
        (body,) = (
            each
            for each in answers(told(library, story, as_of), "lab_stop", "seed-review")["2025"]
            if each.position == "body"
        )
        return {stance.take for stance in body.stances}

    assert ("stop",) in stops("2026-11-18")
    assert stops("2026-11-18") != stops("2026-11-17")


def test_only_a_birth_year_leaves_the_age_limit_open_for_one_year(library: Library) -> None:
    story = "patient: {birth: '2014', recorded_gender: male}\norders: [{state: draft, reason: acne, ORDER}]"

    def under_12(as_of: str) -> Truth:
        return verdict(told(library, story, as_of), "contraindications", "eu-label/2018", "age").applies

    assert [under_12(day) for day in ("2025-12-31", "2026-07-01", "2026-12-31")] == [Truth.YES, Truth.UNKNOWN, Truth.NO]


def test_a_witness_that_is_printed_and_saved_shows_the_same_parting(
    run: Callable[..., Ran], library: Library, tmp_path: Path
) -> None:
    name = "when_to_stop:global-alliance/2018/statement~msd-manual/print/main"
    printed = run("contradictions", "--witness", name)
    assert printed.code == 0, printed.err
    saved = tmp_path / "witness.yaml"
    saved.write_text(printed.out, encoding="utf-8")
    day = date(2026, 11, 24).toordinal()
    seen = assess(library, read_record(saved, library.catalogue, day), Asked(day))
    partings = [
        {answer.edition.key for answer in clash.answers}
        for clash in seen.today.disagreements
        if clash.kind == "opposed" and clash.point.name == "when_to_stop"
    ]
    assert any({"global-alliance/2018", "msd-manual/print"} <= keys for keys in partings)

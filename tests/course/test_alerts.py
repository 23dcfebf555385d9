from fractions import Fraction

import pytest
from msgspec.structs import replace

from isocourse.app.plan import since
from isocourse.course.alerts import Alerts
from isocourse.course.wanted import PER_DAY, Wanted, WantedStep
from isocourse.decisions.tables import Shape
from isocourse.facts.days import Span
from isocourse.facts.known import known_by
from isocourse.facts.record import Record
from isocourse.library import Asked, Library
from isocourse.logic.truth import Truth
from tests.course.conftest import TODAY, Kept, boy, event, kg

WANTED = Wanted(dose=WantedStep(Fraction(40), PER_DAY))


def found(library: Library, record: Record, days_ago: int, within: int = 7) -> Alerts:
    return since(library, record, Asked(TODAY), WANTED, TODAY - days_ago, within)[0]


def test_a_result_that_stops_is_a_stricter_answer(library: Library, sample: Kept) -> None:
    said = found(library, sample("alt-trebled"), 12)
    body = [each for each in said.stricter if each.after.point.name == "lab_stop" and each.after.position == "body"]
    assert [each.after.edition.key for each in body] == ["seed-review/2025"]


def test_an_answer_that_did_not_change_is_no_alert(library: Library, sample: Kept) -> None:
    said = found(library, sample("alt-trebled"), 0)
    assert (said.stricter, said.red, said.gate_closed) == ((), (), False)


def test_a_new_danger_is_a_red_line_that_was_not_there(library: Library) -> None:
    drug = event("drugs", Truth.YES, TODAY - 2, "doxycycline")
    record = boy(event("weight", kg(60)), drug)
    assert found(library, record, 5).red
    assert found(library, record, 1).red == ()


def test_what_is_no_longer_allowed_must_be_less_safe_than_what_is_left(library: Library, sample: Kept) -> None:
    for each in found(library, sample("alt-trebled"), 12).stricter:
        point = each.after.point
        if point.shape is Shape.CHOICE and each.before is not None:
            was = {take for stance in each.before.stances for take in stance.take}
            now = {take for stance in each.after.stances for take in stance.take}
            assert all(any(point.safer(new, old) for new in now) for old in was - now)


def test_windows_are_open_closing_or_ahead_by_their_days(library: Library, sample: Kept) -> None:
    said = found(library, sample("test-sampled", jurisdiction="EU", product="eu-conventional"), 30, within=30)
    for entry in said.closed:
        assert entry.last is not None
        assert TODAY - 30 <= entry.last < TODAY
    for entry in said.closing:
        assert entry.first is not None
        assert entry.last is not None
        assert entry.first <= TODAY <= entry.last <= TODAY + 30
    for entry in said.due:
        assert entry.first is not None
        assert TODAY < entry.first <= TODAY + 30
    assert said.due


@pytest.mark.parametrize(("within", "told"), [(27, False), (28, True)])
def test_a_supply_is_named_when_its_last_day_lies_within_the_days_ahead(
    library: Library, sample: Kept, within: int, told: bool
) -> None:
    said = found(library, sample("alt-trebled"), 5, within)
    assert bool(said.supply) is told


def test_a_record_of_an_earlier_day_holds_what_was_known_then() -> None:
    late = replace(event("alt", ("x",), 10), known=Span.of(12))
    record = Record(events=(event("alt", ("x",), 9), late, event("alt", ("x",), 14)))
    assert [len(known_by(record, day).events) for day in (8, 9, 11, 12, 14)] == [0, 1, 1, 2, 3]

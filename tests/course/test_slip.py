from fractions import Fraction

import pytest
from msgspec.structs import replace

from isocourse.app.plan import judged
from isocourse.course.slip import Slip, SlipError, slip
from isocourse.course.wanted import PER_DAY, Wanted, WantedStep
from isocourse.facts.days import day_number
from isocourse.facts.record import Record
from isocourse.library import Asked, Library
from isocourse.logic.truth import Truth
from tests.course.conftest import TODAY, Kept, boy, event, kg

TESTED = day_number(2026, 11, 23)
FORTY = WantedStep(Fraction(40), PER_DAY)


def slipped(library: Library, record: Record, handle: str, to: int | None, wanted: Wanted | None = None) -> Slip:
    want = wanted or Wanted(dose=FORTY, until=TODAY + 149)
    return slip(judged(library, record, Asked(TODAY), want), want, handle, to)


@pytest.fixture
def woman(sample: Kept) -> Record:
    """She has a negative test of yesterday under the American programme, and treatment has not begun."""
    kept = sample(
        "test-sampled", without=("first_dose", "pregnancy_test"), jurisdiction="US", product="us-conventional"
    )
    test = replace(event("pregnancy_test", ("negative",), TESTED), parts={"setting": ("medical",)})
    return replace(kept, orders=(), events=(*kept.events, test, event("weight", kg(60))))


def broken(found: Slip) -> set[tuple[str, str, str]]:
    return {(each.edition.protocol, each.point.name, each.row.name) for each in found.broken}


def test_a_test_on_file_is_the_test_of_the_first_supply(library: Library, woman: Record) -> None:
    found = slipped(library, woman, "supply-1", TODAY + 1)
    test = next(each for each in found.before.happenings if each.handle == "test-1")
    assert (test.day, test.done) == (TESTED, True)
    assert TESTED not in found.before.outline.tests


@pytest.mark.parametrize(
    ("late", "is_broken"),
    [pytest.param(6, False, id="the-last-day-of-the-window"), pytest.param(7, True, id="a-day-later")],
)
def test_a_supply_after_the_window_of_its_test_breaks_the_programmes_rule(
    library: Library, woman: Record, late: int, is_broken: bool
) -> None:
    found = slipped(library, woman, "supply-1", TESTED + late)
    windows = {name for name in broken(found) if name[:2] == ("us-ipledge", "supply_window")}
    assert bool(windows) is is_broken


def test_what_breaks_is_named_under_the_rules_that_govern_and_was_not_broken_before(
    library: Library, woman: Record
) -> None:
    found = slipped(library, woman, "supply-1", TESTED + 20)
    own = [each for each in found.broken if each.governs]
    assert {each.edition.protocol for each in own} <= {"us-ipledge", "us-label"}
    assert own
    assert all(each.was is not Truth.NO and each.day == TESTED + 20 for each in own)


def test_a_start_that_moves_takes_everything_with_it(library: Library) -> None:
    found = slipped(library, boy(event("weight", kg(60))), "start", TODAY + 14)
    moved = {each.after.handle: (each.before, each.after) for each in found.happenings if each.after}
    for handle in ("start", "supply-1", "supply-2", "visit-3"):
        before, after = moved[handle]
        assert before is not None
        assert after.day is not None
        assert before.day is not None
        assert after.day - before.day == 14
    assert found.without_capsules == ()


def test_duties_keep_their_identity_when_they_move(library: Library) -> None:
    found = slipped(library, boy(event("weight", kg(60))), "start", TODAY + 14)
    both = [each for each in found.duties if each.before and each.after]
    assert both
    assert all(each.before and each.after and each.before.uid == each.after.uid for each in both)


def test_a_late_supply_shortens_nothing_but_leaves_its_days_empty(library: Library) -> None:
    found = slipped(library, boy(event("weight", kg(60))), "supply-2", TODAY + 35)
    assert found.without_capsules == tuple(range(TODAY + 30, TODAY + 35))
    assert found.after.end == found.before.end


def test_a_missed_supply_is_not_made_up_for(library: Library) -> None:
    found = slipped(library, boy(event("weight", kg(60))), "supply-2", None)
    assert found.without_capsules == tuple(range(TODAY + 30, TODAY + 60))
    assert "supply-2" not in {each.handle for each in found.after.happenings}


def test_a_missed_test_is_gone(library: Library, woman: Record) -> None:
    found = slipped(library, woman, "test-2", None)
    assert "test-2" not in {each.handle for each in found.after.happenings}
    assert len(found.after.outline.tests) == len(found.before.outline.tests) - 1


def test_the_last_dose_moves_what_lies_after_it(library: Library) -> None:
    found = slipped(library, boy(event("weight", kg(60))), "last-dose", TODAY + 179)
    assert found.after.end == TODAY + 179


@pytest.mark.parametrize(
    ("handle", "to"),
    [
        pytest.param("supply-42", TODAY + 3, id="no-such-event"),
        pytest.param("peak-dose", TODAY + 3, id="not-movable"),
        pytest.param("supply-2", TODAY - 3, id="into-the-past"),
        pytest.param("start", None, id="a-start-cannot-be-missed"),
    ],
)
def test_what_cannot_slip_is_refused(library: Library, handle: str, to: int | None) -> None:
    with pytest.raises(SlipError):
        slipped(library, boy(event("weight", kg(60))), handle, to)


def test_nothing_slips_in_a_plan_that_is_withheld(library: Library, sample: Kept) -> None:
    with pytest.raises(SlipError, match="withheld"):
        slipped(library, sample("doxycycline"), "start", TODAY + 3)


def test_a_day_that_stays_moves_nothing(library: Library) -> None:
    found = slipped(library, boy(event("weight", kg(60))), "supply-2", TODAY + 30)
    assert (found.happenings, found.duties, found.broken, found.without_capsules) == ((), (), (), ())

"""Whatever is written, in whatever order, the rows kept in step are the rows that a rebuild gives."""

from __future__ import annotations

import tempfile
from pathlib import Path

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from isocourse.register import events as kinds
from isocourse.register.canonical import canonical
from isocourse.register.events import Draft, Opened, Written
from isocourse.register.fold import fold, void
from isocourse.register.projections import differences
from isocourse.register.register import Register
from isocourse.register.signing import new_signer
from isocourse.register.verify import verify
from tests.register.conftest import STAMP, Place
from tests.register.invented import admit

DAYS = ("2026-01-05", "2026-02", "2026-11-24", "")
DRAWN = (Phase.explicit, Phase.reuse, Phase.generate)
"""A failing history is shown as it was drawn: to shrink it would take minutes."""
KEY = Path(tempfile.mkdtemp()) / "key.pem"
new_signer(KEY)

entries = st.fixed_dictionaries(
    {"stream": st.sampled_from(["weight", "alt"]), "value": st.sampled_from(["1 kg", "2 kg", "3 kg"])},
    optional={"day": st.sampled_from([day for day in DAYS if day]), "known": st.sampled_from(["2026-03-01"])},
)
items = st.fixed_dictionaries(
    {"list": st.just("drugs"), "item": st.sampled_from(["doxycycline", "*"]), "is": st.sampled_from(["yes", "no"])},
    optional={"from": st.sampled_from(["2026-01-01"]), "day": st.sampled_from(["2026-02-02"])},
)
visits = st.fixed_dictionaries(
    {}, optional={"events": st.lists(entries, max_size=3), "lists": st.lists(items, max_size=2)}
)
changes = st.dictionaries(
    st.sampled_from(["jurisdiction", "product", "first_dose", "last_dose"]),
    st.sampled_from(["EU", "2026-01-01", None]),
    max_size=2,
)
deeds = st.lists(
    st.one_of(
        st.tuples(st.just("visit"), visits),
        st.tuples(st.just("change"), changes),
        st.tuples(st.just("person"), st.sampled_from(["male", "female", None])),
        st.tuples(st.just("undo"), st.integers(0, 20)),
        st.tuples(st.just("erase"), st.none()),
    ),
    max_size=9,
)
whose = st.integers(0, 2)


@given(st.lists(st.tuples(whose, deeds), min_size=1, max_size=4), st.booleans())
@settings(max_examples=15, phases=DRAWN, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_any_history_gives_the_same_rows_when_it_is_replayed(
    several: list[tuple[int, list[tuple[str, object]]]], at_once: bool
) -> None:
    with tempfile.TemporaryDirectory() as folder:
        _replayed(Place("sqlite", f"{folder}/register.db", KEY, None), several, at_once=at_once)


@given(st.lists(st.tuples(whose, deeds), min_size=1, max_size=3), st.booleans())
@settings(
    max_examples=6,
    phases=DRAWN,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
)
def test_and_on_postgresql(
    request: pytest.FixtureRequest, several: list[tuple[int, list[tuple[str, object]]]], at_once: bool
) -> None:
    server = request.getfixturevalue("server")
    server.empty()
    _replayed(Place("postgresql", server.url, KEY, server), several, at_once=at_once)


def _replayed(place: Place, several: list[tuple[int, list[tuple[str, object]]]], *, at_once: bool) -> None:
    register = place.made()
    try:
        courses = [admit(register)[1] for _ in range(3)]
        gone: set[str] = set()
        for who, done in several:
            course = courses[who]
            drafts = [draft for deed in done if (draft := _draft(register, deed, course.patient, course.course))]
            if course.patient in gone:
                continue
            for some in [drafts] if at_once else [[draft] for draft in drafts]:
                with register.writing(STAMP) as writer:
                    writer.append(some)
            if any(deed == "erase" for deed, _ in done):
                register.erase(STAMP, course.patient, "asked")
                gone.add(course.patient)
        with register.reading() as connection:
            kept = differences(connection)
        assert kept == []
        register.rebuild()
        assert verify(register, own_key=register.signer().public).faults == []
    finally:
        register.close()


def _draft(register: Register, deed: tuple[str, object], patient: str, course: str) -> Draft | None:
    kind, what = deed
    if kind == "visit":
        return Draft(kinds.VISIT_RECORDED, what, patient, course)  # type: ignore[arg-type]  # a mapping, as drawn
    if kind == "change":
        return Draft(kinds.COURSE_CHANGED, {"set": what}, patient, course)
    if kind == "person":
        return Draft(kinds.PATIENT_CHANGED, {"patient": {"recorded_gender": what}}, patient)
    if kind == "undo":
        own = [event.seq for event in register.events_of(patient) if event.kind in kinds.CAN_BE_UNDONE]
        return (
            Draft(kinds.ENTRY_UNDONE, {"of": own[int(str(what)) % len(own)], "why": "drawn"}, patient, course)
            if own
            else None
        )
    return None


def happened(*events: tuple[int, str, dict[str, object]]) -> list[Opened]:
    """Events of one course, by number, kind and body."""
    return [Opened(seq, "p", "c", place, kind, body, "", "", "") for place, (seq, kind, body) in enumerate(events, 1)]


def written(*events: tuple[int, str, dict[str, object]]) -> list[Written]:
    """The same as a fold reads them."""
    return [(each.seq, "p", "c", each.version, each.kind, canonical(each.body)) for each in happened(*events)]


def test_the_newest_entry_counts_and_of_one_day_the_one_written_last() -> None:
    def told(value: str, day: str) -> dict[str, object]:
        return {"events": [{"stream": "weight", "value": value, "day": day}]}

    seen = fold(
        written(
            (1, kinds.VISIT_RECORDED, told("58 kg", "2026-11-01")),
            (2, kinds.VISIT_RECORDED, told("59 kg", "2026-11-02")),
            (3, kinds.VISIT_RECORDED, told("60 kg", "2026-11-02")),
            (4, kinds.VISIT_RECORDED, told("40 kg", "2020-01-01")),
        )
    )
    assert seen.latest == (("p", "c", "weight", "", "2026-11-02", "60 kg", 3),)
    assert seen.courses[0][7] == "2026-11-02"


@pytest.mark.parametrize(
    ("undone", "expected"),
    [
        pytest.param([], {1}, id="one-undoing"),
        pytest.param([2], {2}, id="the-undoing-was-undone"),
        pytest.param([2, 3], {1, 3}, id="and-that-too"),
    ],
)
def test_undoing_an_undoing_brings_the_entry_back(undone: list[int], expected: set[int]) -> None:
    first = [(1, kinds.VISIT_RECORDED, dict[str, object]()), (2, kinds.ENTRY_UNDONE, {"of": 1, "why": ""})]
    later = [(3 + place, kinds.ENTRY_UNDONE, {"of": of, "why": ""}) for place, of in enumerate(undone)]
    assert void(happened(*first, *later)) == expected

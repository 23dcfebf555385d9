"""The rows of a patient are those that a slow and obvious reading of the events gives."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import cast

from hypothesis import given, settings
from hypothesis import strategies as st

from isocourse.register import events as kinds
from isocourse.register.canonical import canonical
from isocourse.register.events import Written
from isocourse.register.fold import UNREAD, fold

Body = dict[str, object]
Entry = Mapping[str, str]

days = st.sampled_from(["2026-01-05", "2026-02", "2026-11-24", "2026-11-24T08:00:00Z", "2025-12-31"])
results = st.fixed_dictionaries(
    {"stream": st.sampled_from(["weight", "alt"]), "value": st.sampled_from(["1 kg", "2 kg", "3 kg"])},
    optional={"day": days, "known": days, "setting": st.just("home")},
)
items = st.fixed_dictionaries(
    {
        "list": st.sampled_from(["drugs", "methods"]),
        "item": st.sampled_from(["x", "*"]),
        "is": st.sampled_from(["yes", "no"]),
    },
    optional={"from": days, "day": days, "known": days},
)
orders = st.fixed_dictionaries(
    {"state": st.sampled_from(["active", "ended"])},
    optional={"day": days, "dose": st.just("20 mg"), "times_a_day": st.just("2"), "daily_dose": st.just("40 mg")},
)
doses = st.fixed_dictionaries(
    {},
    optional={
        "basis": st.sampled_from(["reported", "prescribed"]),
        "dispensed": days,
        "from": days,
        "until": days,
        "daily_dose": st.just("40 mg"),
        "strength": st.just("20 mg"),
        "capsules": st.sampled_from(["30", "60"]),
        "missed": st.lists(days, max_size=1),
    },
)
coverage = st.fixed_dictionaries({"stream": st.just("methods"), "from": days})
visits = st.fixed_dictionaries(
    {},
    optional={
        "events": st.lists(results, max_size=4),
        "lists": st.lists(items, max_size=3),
        "orders": st.lists(orders, max_size=2),
        "doses": st.lists(doses, max_size=2),
        "coverage": st.lists(coverage, max_size=2),
        "facts": st.just({"age": "20"}),
    },
)
said = st.dictionaries(
    st.sampled_from(["jurisdiction", "product", "first_dose", "last_dose"]), st.sampled_from(["EU", None])
)
person = st.dictionaries(
    st.sampled_from(["recorded_gender", "sex_at_birth"]), st.sampled_from(["male", "female", None])
)
courses = st.sampled_from(["c1", "c2"])
deeds = st.one_of(
    st.tuples(st.just(kinds.VISIT_RECORDED), courses, visits),
    st.tuples(st.just(kinds.VISIT_RECORDED), courses, visits),
    st.tuples(st.just(kinds.COURSE_CHANGED), courses, st.fixed_dictionaries({"set": said})),
    st.tuples(st.just(kinds.PATIENT_CHANGED), st.just(""), st.fixed_dictionaries({"patient": person})),
    st.tuples(st.just(kinds.DOCUMENT_RECEIVED), courses, st.just({"text": "{}"})),
    st.tuples(
        st.just(kinds.ENTRY_UNDONE), st.sampled_from(["", "c1"]), st.fixed_dictionaries({"of": st.integers(1, 12)})
    ),
)


def written(told: Sequence[tuple[str, str, Body]]) -> list[Written]:
    """The events as a fold reads them, with bodies that it does not ask for left out."""
    versions: dict[str, int] = {}
    found: list[Written] = []
    for seq, (kind, course, body) in enumerate(told, 1):
        versions[course] = versions.get(course, 0) + 1
        found.append((seq, "p", course, versions[course], kind, b"{}" if kind in UNREAD else canonical(body)))
    return found


def earlier(told: Sequence[tuple[str, str, Body]]) -> list[tuple[str, str, Body]]:
    """The same, each undoing undoing what was written before it."""
    return [
        (kind, course, {"of": 1 + cast("int", body["of"]) % (seq - 1)} if kind == kinds.ENTRY_UNDONE else body)
        for seq, (kind, course, body) in enumerate(told, 1)
        if kind != kinds.ENTRY_UNDONE or seq > 1
    ]


@given(st.lists(deeds, min_size=1, max_size=12))
@settings(max_examples=150, deadline=None)
def test_what_lists_show_is_what_was_written_last_of_the_newest_day(drawn: list[tuple[str, str, Body]]) -> None:
    told = [(kinds.PATIENT_CHANGED, "", dict[str, object]({"patient": {}})), *drawn]
    told = earlier(told)
    rows = fold(written(told))
    standing = [(seq, *each) for seq, each in enumerate(told, 1) if seq not in undone(told)]
    people = [
        cast("dict[str, str | None]", body["patient"]) for _, kind, _, body in standing if kind == kinds.PATIENT_CHANGED
    ]
    names = sorted({course for _, course, _ in told if course})
    assert rows.patient == ("p", last(people, "recorded_gender"), last(people, "sex_at_birth"), len(names), len(told))
    for row, name in zip(rows.courses, names, strict=True):
        own = [(seq, kind, body) for seq, kind, course, body in standing if course == name]
        changed = [cast("dict[str, str | None]", body["set"]) for _, kind, body in own if kind == kinds.COURSE_CHANGED]
        held = latest(own)
        assert row == (
            name,
            "p",
            sum(course == name for _, course, _ in told),
            *(last(changed, part)[:10] for part in ("jurisdiction", "product", "first_dose", "last_dose")),
            max((day for day, *_ in held.values()), default=""),
            sum(entries(kind, body) for _, kind, body in own),
            max(seq for seq, (_, course, _) in enumerate(told, 1) if course == name),
            "".join(f" {stream}" for stream in sorted({stream for stream, _ in held})) + " ",
        )
        assert [each[2:] for each in rows.latest if each[1] == name] == [(*key, *held[key]) for key in sorted(held)]


def undone(told: Sequence[tuple[str, str, Body]]) -> set[int]:
    """The numbers of the events that a later one has undone, newest undoing first."""
    found: set[int] = set()
    for seq in range(len(told), 0, -1):
        kind, _, body = told[seq - 1]
        if kind == kinds.ENTRY_UNDONE and seq not in found:
            found.add(cast("int", body["of"]))
    return found


def last(changes: Sequence[dict[str, str | None]], name: str) -> str:
    """What was said last of something; nothing where it was taken back."""
    return next((change[name] for change in reversed(changes) if name in change), None) or ""


def entries(kind: str, body: Body) -> int:
    """How many entries an event of a course holds."""
    if kind == kinds.VISIT_RECORDED:
        return sum(len(cast("list[Entry]", body.get(part, ()))) for part in kinds.ENTRIES)
    return int(kind == kinds.DOCUMENT_RECEIVED)


def latest(own: Sequence[tuple[int, str, Body]]) -> dict[tuple[str, str], tuple[str, str, int]]:
    """The newest entry of each name, read from the first to the last."""
    found: dict[tuple[str, str], tuple[str, str, int]] = {}

    def tell(name: tuple[str, str], day: str, value: str, seq: int) -> None:
        if name not in found or day[:10] >= found[name][0]:
            found[name] = (day[:10], value, seq)

    for seq, kind, body in own:
        if kind != kinds.VISIT_RECORDED:
            continue
        for each in cast("list[Entry]", body.get("events", ())):
            tell((each["stream"], ""), each.get("day") or each.get("known") or "", each["value"], seq)
        for each in cast("list[Entry]", body.get("lists", ())):
            day = each.get("day") or each.get("from") or each.get("known") or ""
            tell((each["list"], each["item"]), day, each["is"], seq)
        for each in cast("list[Entry]", body.get("orders", ())):
            told = each.get("daily_dose") or " ".join(each[part] for part in ("dose", "times_a_day") if part in each)
            tell(("orders", each["state"]), each.get("day", ""), told, seq)
        for each in cast("list[Entry]", body.get("doses", ())):
            day = each.get("dispensed") or each.get("until") or each.get("from") or ""
            told = each.get("daily_dose") or " x ".join(each[part] for part in ("capsules", "strength") if part in each)
            tell(("doses", each.get("basis", "dispensed")), day, told, seq)
    return found

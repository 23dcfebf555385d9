"""A course kept in the register is judged as the file it came from; worklist, search, import and export hold what they say."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import msgspec
import pytest

from isocourse.app.assess import assess
from isocourse.app.knowledge import shipped
from isocourse.app.record import read_record
from isocourse.app.register import (
    admission_of,
    admit,
    change_course,
    history,
    identify,
    know,
    open_course,
    parsed,
    record_visit,
    undo,
    visit_of,
)
from isocourse.app.register_table import write_table
from isocourse.app.register_transfer import admission, bring_in, export_fhir, export_table
from isocourse.app.register_worklist import GATE, LAPSED, found, judge_course, refresh, wish, worded, work
from isocourse.app.samples import SAMPLE_DAY
from isocourse.decisions.tables import words
from isocourse.facts.courses import work_out
from isocourse.facts.days import LAST_DAY, Span, iso
from isocourse.facts.problem import ReadError
from isocourse.facts.record import Record
from isocourse.library import Asked, Library
from isocourse.logic.truth import Truth
from isocourse.register.events import Stored
from isocourse.register.listing import Told
from isocourse.register.problem import RegisterError
from isocourse.register.register import Register
from isocourse.register.verify import verify
from isocourse.render.report import report
from tests.register.conftest import STAMP, blank, place, register, server, signing_key

__all__ = ["blank", "place", "register", "server", "signing_key"]  # fixtures

PATIENTS = sorted((shipped() / "patients").glob("*.yaml"))
AS_OF = SAMPLE_DAY


def kept(register: Register, library: Library, path: Path) -> Stored:
    """A sample patient, added as a clinic would."""
    admitted, _ = admission(path, {}, {"name": path.stem, "number": path.stem}, library, AS_OF)
    return admit(register, STAMP, [admitted])[0]


def answers(library: Library, record: Record) -> bytes:
    """Everything that is said of a record, as its JSON has it, less where in the file each fact stands."""
    said = msgspec.json.decode(msgspec.json.encode(report(assess(library, record, Asked(AS_OF)))))
    return msgspec.json.encode(_without(said, ("origin", "where", "lines")))


def _without(value: object, names: tuple[str, ...]) -> object:
    if isinstance(value, dict):
        return {key: _without(each, names) for key, each in value.items() if key not in names}
    if isinstance(value, list):
        return [_without(each, names) for each in value]
    return value


# the same answers ----------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("path", PATIENTS, ids=lambda path: path.stem)
def test_a_course_in_the_register_gets_the_same_answers_as_its_file(
    register: Register, library: Library, path: Path
) -> None:
    course = kept(register, library, path)
    file = read_record(path, library.catalogue, AS_OF)
    known = know(register, library, course.course, AS_OF)
    assert [_bare(each) for each in known.record.events] == [_bare(each) for each in file.events]
    ours, theirs = (assess(library, each, Asked(AS_OF)) for each in (known.record, file))
    assert [(a.edition.key, a.point.name, a.position, a.status, a.stances) for a in ours.answers] == [
        (a.edition.key, a.point.name, a.position, a.status, a.stances) for a in theirs.answers
    ]
    assert ours.exit_code == theirs.exit_code
    assert len(ours.today.not_today) == len(theirs.today.not_today)


def _bare(event: object) -> object:
    return (
        {name: each for name, each in msgspec.structs.asdict(event).items() if name != "origin"}
        if isinstance(event, msgspec.Struct)
        else (
            getattr(event, "stream", ""),
            getattr(event, "value", None),
            getattr(event, "happened", None),
            getattr(event, "item", ""),
            getattr(event, "state", ""),
        )
    )


def test_a_fhir_document_in_the_register_gets_the_same_answers_and_no_name_stays_in_it(
    register: Register, library: Library, tmp_path: Path
) -> None:
    document = {
        "resourceType": "Bundle", "type": "collection",
        "entry": [{"resource": each} for each in (
            {"resourceType": "Patient", "id": "p1", "birthDate": "1999-04-17", "gender": "female", "identifier": [{"value": "MRN-77"}],
             "name": [{"given": ["Zebra"], "family": "Canary"}], "telecom": [{"value": "555-canary"}]},
            {"resourceType": "Observation", "id": "o1", "status": "final", "subject": {"reference": "Patient/p1", "display": "Zebra Canary"},
             "code": {"coding": [{"system": "http://loinc.org", "code": "1742-6"}]}, "effectiveDateTime": "2026-11-16",
             "valueQuantity": {"value": 62.50, "unit": "U/L", "system": "http://unitsofmeasure.org", "code": "U/L"}},
        )],
    }  # fmt: skip
    path = tmp_path / "fhir.json"
    path.write_text(json.dumps(document), encoding="utf-8")
    assert bring_in(register, STAMP, library, [path], AS_OF) == (1, [])
    [line] = found(register, library, wish({"words": "canary"}), AS_OF, 10)
    assert (line.name, line.number, line.birth) == ("Zebra Canary", "MRN-77", "1999-04-17")
    known = know(register, library, line.course, AS_OF)
    assert answers(library, known.record) == answers(library, read_record(path, library.catalogue, AS_OF))
    bodies = json.dumps([dict(event.body) for event in known.events])
    assert "anary" not in bodies
    assert "MRN-77" not in bodies
    assert "1999" not in bodies


# what happens to a course --------------------------------------------------------------------------------------------------
def test_an_undone_visit_counts_no_more_and_undoing_that_brings_it_back(register: Register, library: Library) -> None:
    course = kept(register, library, shipped() / "patients" / "alt-trebled.yaml")
    before = know(register, library, course.course, AS_OF)
    body, problems = visit_of(
        parsed("events: [{stream: alt, value: 300 U/L, day: '2026-11-24'}]", "visit"), "visit", library, AS_OF
    )
    assert problems == ()
    wrong = record_visit(register, STAMP, course.course, body, before.version)
    assert "300" in answers(library, know(register, library, course.course, AS_OF).record).decode()
    undone = undo(register, STAMP, course.patient, wrong.seq, "typed for another patient")
    assert answers(library, know(register, library, course.course, AS_OF).record) == answers(library, before.record)
    undo(register, STAMP, course.patient, undone.seq, "it was right")
    assert "300" in answers(library, know(register, library, course.course, AS_OF).record).decode()
    assert [line.undone for line in history(know(register, library, course.course, AS_OF), library.catalogue)][-3:] == [
        False,
        True,
        False,
    ]
    assert verify(register).faults == []


def test_what_cannot_be_undone_says_so(register: Register, library: Library) -> None:
    course = kept(register, library, PATIENTS[0])
    with pytest.raises(RegisterError, match="cannot be undone"):
        undo(register, STAMP, course.patient, course.seq, "no")
    with pytest.raises(RegisterError, match="is not one of"):
        undo(register, STAMP, course.patient, 1, "no")
    visit = undo(register, STAMP, course.patient, course.seq + 1, "once")
    with pytest.raises(RegisterError, match="was undone before"):
        undo(register, STAMP, course.patient, visit.seq - 1, "twice")


def test_a_second_course_knows_what_the_first_one_learned_but_not_its_dates(
    register: Register, library: Library
) -> None:
    first = kept(register, library, shipped() / "patients" / "alt-trebled.yaml")
    change_course(register, STAMP, first.course, {"last_dose": "2026-11-24"})
    second = open_course(register, STAMP, first.patient, {"jurisdiction": "UK"})
    record = know(register, library, second.course, AS_OF).record
    assert record.jurisdiction == "UK"
    assert {event.stream for event in record.events} >= {"weight", "alt", "methods", "recorded_gender"}
    assert "first_dose" not in {event.stream for event in record.events}
    assert [order.state for order in record.orders] == ["ended"]
    assert know(register, library, first.course, AS_OF).record.orders[0].state != "draft"


def test_a_second_course_waits_for_the_last_dose_of_the_first_one_and_does_not_end_with_it(
    register: Register, library: Library
) -> None:
    first = kept(register, library, shipped() / "patients" / "alt-trebled.yaml")
    change_course(register, STAMP, first.course, {"last_dose": "2026-11-24"})
    second = open_course(register, STAMP, first.patient, {"jurisdiction": "EU"})

    def told(course: str, as_of: int) -> dict[str, object]:
        record = know(register, library, course, as_of).record
        return {name: work_out(name, record, as_of).value for name in ("on_treatment", "finished", "last_dose")}

    over = {"on_treatment": Truth.NO, "finished": Truth.YES, "last_dose": Span.of(AS_OF)}
    assert told(second.course, AS_OF + 2) == told(first.course, AS_OF + 2) == over
    change_course(register, STAMP, second.course, {"first_dose": "2027-03-01"})
    later = AS_OF + 200
    running = {"on_treatment": Truth.YES, "finished": Truth.NO, "last_dose": Span(later, LAST_DAY)}
    assert told(second.course, later) == running
    assert told(first.course, later) == over
    change_course(register, STAMP, second.course, {"last_dose": "2027-05-01"})
    assert told(second.course, later)["finished"] is Truth.YES
    table = io.StringIO()
    write_table(register, table)
    rows = {row["course"]: row["last_dose"] for row in csv.DictReader(io.StringIO(table.getvalue()))}
    assert rows == {first.course: "2026-11-24", second.course: "2027-05-01"}


def test_an_order_of_an_earlier_course_that_is_still_open_is_seen_in_the_next_one(
    register: Register, library: Library
) -> None:
    first = kept(register, library, shipped() / "patients" / "alt-trebled.yaml")
    second = open_course(register, STAMP, first.patient, {})
    assert [order.state for order in know(register, library, second.course, AS_OF).record.orders] == ["current"]


def test_a_corrected_birth_date_is_judged_by(register: Register, library: Library) -> None:
    course = kept(register, library, PATIENTS[0])
    identify(register, STAMP, course.patient, {"birth": "2015-01-01"})
    known = know(register, library, course.course, AS_OF)
    assert known.record.birth is not None
    assert iso(known.record.birth.first) == "2015-01-01"
    assert known.identity is not None
    assert known.identity.name == PATIENTS[0].stem
    assert verify(register).faults == []


@pytest.mark.parametrize(
    ("text", "said"),
    [
        pytest.param("event: []", 'did you mean "events"', id="misspelt-part"),
        pytest.param("events: [{stream: altt, value: 20 U/L}]", 'no stream "altt"', id="misspelt-stream"),
        pytest.param("events: [{stream: alt, valu: 20 U/L}]", "valu", id="misspelt-key"),
        pytest.param("{}", "empty", id="nothing"),
        pytest.param("[]", "a visit is a mapping", id="a-list"),
        pytest.param("patient: {birth: '1999'}", 'a visit has no "patient"', id="an-identity-does-not-belong-there"),
    ],
)
def test_a_visit_that_is_none_is_refused_in_one_line(library: Library, text: str, said: str) -> None:
    with pytest.raises(ReadError) as refused:
        visit_of(parsed(text, "visit.yaml"), "visit.yaml", library, AS_OF)
    assert said in str(refused.value)
    assert "\n" not in str(refused.value)


def test_a_value_that_cannot_be_believed_is_kept_and_named_each_time(register: Register, library: Library) -> None:
    course = kept(register, library, PATIENTS[0])
    body, problems = visit_of(
        parsed("events: [{stream: weight, value: 4000 kg, day: '2026-11-24'}]", "v"), "v", library, AS_OF
    )
    assert len(problems) == 1
    record_visit(register, STAMP, course.course, body)
    assert "4000 kg" in " ".join(each.line() for each in know(register, library, course.course, AS_OF).record.problems)


# the worklist --------------------------------------------------------------------------------------------------------------
def test_the_worklist_says_what_assess_says(register: Register, library: Library) -> None:
    courses = {kept(register, library, path).course: path for path in PATIENTS}
    assert refresh(register, library, AS_OF) == len(PATIENTS)
    listed = work(register, library, wish({}), AS_OF, 100)
    for line in listed.lines:
        seen = assess(library, read_record(courses[line.course], library.catalogue, AS_OF), Asked(AS_OF))
        assert bool(line.told.red) == bool(seen.today.stop_now)
        assert bool(line.told.held or line.told.overdue) == bool(seen.today.not_today)
        assert line.as_of == iso(AS_OF)
        assert not line.behind
    assert sum(listed.totals.values()) == len(PATIENTS)
    assert [line.rank for line in listed.lines] == sorted(
        (line.rank for line in listed.lines), key=["red", "not_today", "overdue", "closing", "cannot_tell"].index
    )
    assert refresh(register, library, AS_OF) == 0


def test_the_worklist_is_honest_about_its_age(register: Register, library: Library) -> None:
    course = kept(register, library, PATIENTS[0])
    assert work(register, library, wish({}), AS_OF, 10).age == ["1 course was never judged."]
    refresh(register, library, AS_OF)
    change_course(register, STAMP, course.course, {"jurisdiction": "US"})
    assert work(register, library, wish({}), AS_OF + 1, 10).age == [
        "1 course judged as of 2026-11-24, not today.",
        "1 of them was written to since.",
    ]
    [line] = found(register, library, wish({}), AS_OF, 10)
    assert line.behind
    assert refresh(register, library, AS_OF) == 1
    assert not found(register, library, wish({}), AS_OF, 10)[0].behind


def test_a_course_written_to_while_it_was_judged_counts_as_out_of_date(register: Register, library: Library) -> None:
    course = kept(register, library, PATIENTS[0])

    def slow(library: Library, record: Record, as_of: int) -> Told:
        change_course(register, STAMP, course.course, {"product": "acnecutan"})
        return judge_course(library, record, as_of)

    refresh(register, library, AS_OF, judge=slow)
    assert found(register, library, wish({}), AS_OF, 10)[0].behind


def test_a_woman_without_a_pregnancy_test_is_held_up_on_the_list(register: Register, library: Library) -> None:
    admitted, _ = admission(
        None, {"jurisdiction": "EU"}, {"name": "A", "recorded_gender": "female", "birth": "1999"}, library, AS_OF
    )
    admit(register, STAMP, [admitted])
    refresh(register, library, AS_OF)
    [line] = work(register, library, wish({"why": ("not_today",)}), AS_OF, 10).lines
    assert "a pregnancy is not excluded inside the window of a test" in line.told.held
    assert worded(library, Told(held=(GATE,))).held != (GATE,)


def test_a_red_line_whose_value_grew_too_old_is_told_in_words(library: Library) -> None:
    line = library.red[0]
    [said] = worded(library, Told(held=(LAPSED + line.name,))).held
    assert said == f"red until its value grew too old, and nothing newer is on file: {words(line.say)}"


def test_windows_that_close_within_two_weeks_are_listed_by_their_day(register: Register, library: Library) -> None:
    kept(register, library, shipped() / "patients" / "alt-trebled.yaml")
    refresh(register, library, AS_OF)
    [line] = work(register, library, wish({"why": ("closing",)}), AS_OF, 10).lines
    assert line.told.closing
    assert all(iso(AS_OF) <= day <= iso(AS_OF + 14) for day, _ in line.told.closing)
    assert work(register, library, wish({"closes_by": "2026-11-24"}), AS_OF, 10).lines == []


# finding -------------------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("wanted", "names"),
    [
        pytest.param({"words": "oktam"}, ["Oʻktam Gʻaniyev"], id="apostrophes-do-not-count"),
        pytest.param({"words": "G'ANI"}, ["Oʻktam Gʻaniyev"], id="nor-does-case"),
        pytest.param({"words": "семенова"}, ["Анна Семёнова"], id="nor-an-accent"),
        pytest.param({"words": "n-2"}, ["Анна Семёнова"], id="a-whole-number"),
        pytest.param({"words": "%"}, [], id="a-sign-is-a-sign"),
        pytest.param({"jurisdiction": "UK"}, ["Анна Семёнова"], id="by-place"),
        pytest.param({"state": "running"}, ["Oʻktam Gʻaniyev"], id="running"),
        pytest.param({"state": "planned"}, ["Анна Семёнова"], id="planned"),
        pytest.param({"state": "ended"}, ["Bob"], id="ended"),
        pytest.param({"stream": "weight"}, ["Bob"], id="something-on-file"),
        pytest.param({"not_seen_since": "2026-01-01", "stream": "weight"}, ["Bob"], id="not-seen-since"),
    ],
)
def test_courses_are_found(register: Register, library: Library, wanted: dict[str, str], names: list[str]) -> None:
    people = [
        ({"first_dose": "2026-10-01"}, {"name": "Oʻktam Gʻaniyev", "number": "n-1"}),
        ({"jurisdiction": "UK", "first_dose": "2026-12-01"}, {"name": "Анна Семёнова", "number": "n-2"}),
        ({"first_dose": "2025-01-01", "last_dose": "2025-06-01"}, {"name": "Bob", "number": "n-3"}),
    ]
    courses = [
        admit(register, STAMP, [admission(None, settings, person, library, AS_OF)[0]])[0] for settings, person in people
    ]
    record_visit(
        register, STAMP, courses[2].course, {"events": [{"stream": "weight", "value": "60 kg", "day": "2025-06-01"}]}
    )
    assert [line.name for line in found(register, library, wish(wanted), AS_OF, 10)] == names


# in and out ------------------------------------------------------------------------------------------------------------------
def test_a_table_goes_out_and_comes_in_with_the_same_answers(
    register: Register, library: Library, tmp_path: Path
) -> None:
    for path in PATIENTS:
        kept(register, library, path)
    table = tmp_path / "all.csv"
    assert export_table(register, STAMP, table).written == len(PATIENTS)
    assert table.stat().st_mode & 0o077 == 0
    before = {line.number: line.course for line in found(register, library, wish({}), AS_OF, 100)}
    assert bring_in(register, STAMP, library, [table], AS_OF)[0] == len(PATIENTS)
    both = found(register, library, wish({}), AS_OF, 100)
    assert len(both) == 2 * len(PATIENTS)
    for line in both:
        again, first = (know(register, library, each, AS_OF).record for each in (line.course, before[line.number]))
        assert [_bare(each) for each in again.events] == [_bare(each) for each in first.events]
        assert answers(library, again) == answers(library, first)


def test_a_table_holds_two_courses_of_one_patient_what_was_taken_and_an_order_of_another_product(
    register: Register, library: Library, tmp_path: Path
) -> None:
    first = kept(register, library, shipped() / "patients" / "alt-trebled.yaml")
    text = """
orders: [{day: '2026-11-24', state: draft, dose: 16 mg, product: acnecutan, note: "two\\nlines, and a comma"}]
doses:
  - {from: '2026-09-21', until: '2026-10-20', daily_dose: 20 mg, basis: reported, missed: ['2026-10-01', '2026-10-02']}
  - {dispensed: '2026-10-19', strength: 20 mg, capsules: '60', days: '30'}
"""
    body, problems = visit_of(parsed(text, "v"), "v", library, AS_OF)
    assert problems == ()
    record_visit(register, STAMP, first.course, body)
    open_course(register, STAMP, first.patient, {"jurisdiction": "UK", "product": "acnecutan"})
    table = tmp_path / "all.csv"
    export_table(register, STAMP, table)
    register.erase(STAMP, first.patient, "to add the patient anew")
    assert bring_in(register, STAMP, library, [table], AS_OF)[0] == 1
    lines = sorted(found(register, library, wish({}), AS_OF, 10), key=lambda line: line.jurisdiction)
    assert [(line.jurisdiction, line.product) for line in lines] == [("EU", "eu-conventional"), ("UK", "acnecutan")]
    assert lines[0].patient == lines[1].patient
    record = know(register, library, lines[0].course, AS_OF).record
    file = read_record(shipped() / "patients" / "alt-trebled.yaml", library.catalogue, AS_OF)
    assert len(record.doses) == len(file.doses) + 2
    assert [order.product for order in record.orders] == ["", "acnecutan"]
    assert record.problems == ()


def test_no_cell_of_a_table_is_a_formula(register: Register, library: Library, tmp_path: Path) -> None:
    admit(
        register,
        STAMP,
        [admission(None, {}, {"name": "=cmd()", "number": "+1", "contact": "'quoted"}, library, AS_OF)[0]],
    )
    table = tmp_path / "all.csv"
    export_table(register, STAMP, table)
    assert "'=cmd()" in table.read_text(encoding="utf-8")
    bring_in(register, STAMP, library, [table], AS_OF)
    assert {line.name for line in found(register, library, wish({}), AS_OF, 10)} == {"=cmd()"}


@pytest.mark.parametrize(
    ("text", "said"),
    [
        pytest.param("name,part\nA,\n", 'no column "number"', id="no-number"),
        pytest.param("number,part\n,events\n", "names no patient", id="empty-number"),
        pytest.param("number,part\n1,event\n", 'did you mean "events"', id="misspelt-part"),
        pytest.param("number,part\n1\n", "1 cells under 2 columns", id="cells-missing"),
        pytest.param("number,part,stream,value\n1,events,altt,20 U/L\n", 'no stream "altt"', id="misspelt-stream"),
    ],
)
def test_a_table_that_is_none_is_refused_and_nothing_is_written(
    register: Register, library: Library, tmp_path: Path, text: str, said: str
) -> None:
    table = tmp_path / "bad.csv"
    table.write_text(text, encoding="utf-8")
    with pytest.raises(ReadError) as refused:
        bring_in(register, STAMP, library, [PATIENTS[0], table], AS_OF)
    assert said in str(refused.value)
    assert found(register, library, wish({}), AS_OF, 10) == []


def test_what_is_exported_as_fhir_is_read_back_as_the_same_facts(
    register: Register, library: Library, tmp_path: Path
) -> None:
    course = kept(register, library, shipped() / "patients" / "alt-trebled.yaml")
    bundle = tmp_path / "bundle.json"
    done = export_fhir(register, STAMP, library, course.course, AS_OF, bundle)
    ours = know(register, library, course.course, AS_OF).record
    theirs = read_record(bundle, library.catalogue, AS_OF)
    assert [problem.line() for problem in theirs.problems] == []
    coded = (
        "alt",
        "ast",
        "alp",
        "bilirubin",
        "triglycerides",
        "ldl",
        "cholesterol",
        "weight",
        "pregnancy_test",
        "recorded_gender",
    )
    for stream in coded:
        assert sorted((e.happened.first, repr(e.value)) for e in theirs.events if e.stream == stream) == sorted(
            (e.happened.first, repr(e.value)) for e in ours.events if e.stream == stream
        ), stream
    assert theirs.birth == ours.birth
    for name in ("daily_dose", "times_a_day", "days_supply", "repeats", "reason_acne", "day", "state"):
        assert getattr(theirs.orders[0], name) == getattr(ours.orders[0], name), name
    lost = {event.stream for event in ours.events} - {event.stream for event in theirs.events}
    assert all(any(stream.replace("_", " ") in each.replace("_", " ") for each in done.left_out) for stream in lost), (
        lost,
        done.left_out,
    )


def test_a_file_that_is_there_is_not_overwritten(register: Register, library: Library, tmp_path: Path) -> None:
    table = tmp_path / "all.csv"
    table.write_text("mine", encoding="utf-8")
    with pytest.raises(RegisterError, match="left as it is"):
        export_table(register, STAMP, table)
    assert table.read_text(encoding="utf-8") == "mine"


def test_a_native_record_with_a_mistake_is_not_added(register: Register, library: Library, tmp_path: Path) -> None:
    path = tmp_path / "r.yaml"
    path.write_text("isocourse: '1'\npatient: {birht: '1999'}\n", encoding="utf-8")
    with pytest.raises(ReadError, match="birht"):
        admission_of(parsed(path.read_text(encoding="utf-8"), str(path)), str(path), library, AS_OF)

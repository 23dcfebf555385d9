"""A mistake in the knowledge is named by file, line and column; a rule changed by one step fails its own cases."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from isocourse.app.check import check
from isocourse.app.knowledge import shipped

SEED = "protocols/seed-review/2025"
SEED_LABS = f"{SEED}/lab_stop.yaml"
US_TESTS = "protocols/us-label/2026-08/pregnancy_tests.yaml"
US_LABS = "protocols/us-label/2026-08/lab_stop.yaml"
EU_TESTS = "protocols/eu-label/2018/pregnancy_tests.yaml"
IPLEDGE = "protocols/us-ipledge/2023-discretion/edition.yaml"
SEED_STOP = "{when: otherwise, take: [carry_on], force: should, closes: seed.labs.only}"

BROKEN = [
    (
        "number-alone-with-two-units",
        "streams/labs.yaml",
        "    unit: mmol/L\n",
        "    unit: mmol/L\n    bare: yes\n",
        "a number alone is read only where every unit of the stream is of one size",
    ),
    (
        "unknown-fact",
        SEED_LABS,
        "'alt_rise >= 3 or ast",
        "'alt_rize >= 3 or ast",
        'no fact "alt_rize"; did you mean "alt_rise"?',
    ),
    ("unit-missing", US_LABS, "triglycerides_now > 800 mg/dL", "triglycerides_now > 800", "write the unit"),
    ("unit-that-the-fact-never-has", US_LABS, "> 800 mg/dL'", "> 800 mg/L'", 'not "mg/L"'),
    (
        "threshold-that-rounds",
        US_LABS,
        "> 800 mg/dL'",
        "> 800.0000001 mg/dL'",
        "a threshold must be a whole number of steps",
    ),
    ("mixed-and-or", SEED_LABS, "'alt_rise >= 3 or ast", "'alt_rise >= 3 and ast", "`and` and `or` are mixed here"),
    (
        "no-such-claim",
        SEED_LABS,
        "claims: [seed.labs.threefold]",
        "claims: [seed.labs.threefould]",
        'no claim "seed.labs.threefould"; did you mean',
    ),
    (
        "position-without-claims",
        SEED_LABS,
        "claims: [seed.labs.threefold]",
        "claims: []",
        "a position needs at least one claim",
    ),
    ("position-that-forgets-claims", SEED_LABS, "    claims: [seed.labs.threefold]\n", "", 'a position needs "claims"'),
    (
        "closing-row-without-closes",
        SEED_LABS,
        SEED_STOP,
        SEED_STOP.replace(", closes: seed.labs.only", ""),
        "a row that always holds needs `closes:`",
    ),
    (
        "closed-by-no-claim",
        SEED_LABS,
        "closes: seed.labs.only}",
        "closes: seed.labs.onlie}",
        'no claim "seed.labs.onlie"',
    ),
    (
        "may-with-one-option",
        SEED_LABS,
        SEED_STOP,
        SEED_STOP.replace("should", "may"),
        "`may` is freedom between two options or more",
    ),
    (
        "force-misspelt",
        SEED_LABS,
        SEED_STOP,
        SEED_STOP.replace("should", "shall"),
        'force is one of must, should, may, none, not "shall"',
    ),
    ("unknown-option", SEED_LABS, SEED_STOP, SEED_STOP.replace("carry_on", "carry"), '"carry" is not one of'),
    (
        "condition-without-quotes",
        US_LABS,
        "'triglycerides_of_upper_limit > 1 or triglycerides_now > 800 mg/dL'",
        "triglycerides_now > 800 mg/dL",
        "a condition stands in single quotes; found triglycerides_now > 800 mg/dL, write 'triglycerides_now > 800 mg/dL'",
    ),
    (
        "condition-that-a-comment-cuts",
        SEED_LABS,
        "'alt_rise >= 3 or ast_rise >= 3 or triglycerides_rise >= 3 or cholesterol_rise >= 3 or ldl_rise >= 3', take: [stop]",
        "alt_rise >= 3 or ast_rise >= 3 #, take: [stop]\n        , take: [stop]",
        "a condition stands in single quotes",
    ),
    (
        "no-instead-of-a-list",
        SEED_LABS,
        SEED_STOP,
        SEED_STOP.replace("[carry_on]", "no"),
        'expected a list such as [stop], found "no"',
    ),
    ("no-option-at-all", SEED_LABS, SEED_STOP, SEED_STOP.replace("[carry_on]", "[]"), "the list of options is empty"),
    (
        "take-and-not",
        SEED_LABS,
        SEED_STOP,
        SEED_STOP.replace("take:", "not: [stop], take:"),
        "a row has either `take:` or `not:`",
    ),
    (
        "two-acting-readings",
        SEED_LABS,
        "{id: doubled_first_value,",
        "{id: doubled_first_value, acts: yes,",
        "exactly one reading acts",
    ),
    (
        "no-acting-reading",
        SEED_LABS,
        "{id: earliest, acts: yes,",
        "{id: earliest, acts: no,",
        "exactly one reading acts",
    ),
    (
        "reading-that-gives-no-number",
        SEED_LABS,
        "let: {times: '2'}}\n      - {id: doubled_first_value",
        "let: {time: '2'}}\n      - {id: doubled_first_value",
        "no reading gives {times}",
    ),
    (
        "key-misspelt-in-a-row",
        SEED_LABS,
        "closes: seed.labs.only}",
        "closses: seed.labs.only}",
        '"closses"; did you mean "closes"?',
    ),
    (
        "key-twice",
        SEED_LABS,
        "decision: lab_stop\n",
        "decision: lab_stop\ndecision: lab_stop\n",
        'the key "decision" stands twice',
    ),
    (
        "anchor-in-yaml",
        SEED_LABS,
        "decision: lab_stop\n",
        "decision: &x lab_stop\n",
        "anchors and aliases are not used here",
    ),
    ("tag-in-yaml", SEED_LABS, "decision: lab_stop\n", "decision: !!str lab_stop\n", "tags are not used here"),
    ("bad-yaml", SEED_LABS, "decision: lab_stop\n", "decision: [lab_stop\n", "this is not valid YAML"),
    (
        "no-such-point",
        SEED_LABS,
        "decision: lab_stop\n",
        "decision: lab_stopp\n",
        'no decision point "lab_stopp"; did you mean "lab_stop"?',
    ),
    (
        "recorded-in-a-choice",
        SEED_LABS,
        "'alt_rise >= 3 or ast",
        "'recorded(alt_now) or ast",
        "may stand in findings and schedule rows only",
    ),
    ("two-positions-of-one-name", SEED_LABS, "  - id: conclusion ", "  - id: body ", "two positions have the same id"),
    ("two-rows-of-one-name", EU_TESTS, "id: during_each,", "id: before_first,", "before_first"),
    (
        "window-backwards",
        EU_TESTS,
        "window: '[1..1] months'",
        "window: '[1..-1] months'",
        "the window runs backwards, from 1 to -1",
    ),
    ("window-with-an-open-end", EU_TESTS, "window: '[1..1] months'", "window: '[1..1) months'", "closed ends"),
    (
        "window-in-years",
        EU_TESTS,
        "window: '[1..1] months'",
        "window: '[1..1] years'",
        "a window counts whole days, weeks or months",
    ),
    ("unknown-anchor", EU_TESTS, "at: last_dose", "at: last_dosis", '"last_dosis" is not an anchor'),
    ("duty-without-a-time", EU_TESTS, ", at: last_dose, window: '[1..1] months'", "", "a duty needs `at:`"),
    ("point-not-answered", "protocols/uz-moh/2024/edition.yaml", "supply_limit, ", "", "supply_limit is not answered"),
    ("relation-misspelt", IPLEDGE, "is: replaced_by", "is: replacd_by", 'did you mean "replaced_by"?'),
    (
        "certainty-unknown-word",
        IPLEDGE,
        "certainty: second_hand",
        "certainty: hearsay",
        "certainty is one of read, second_hand",
    ),
    ("date-that-is-none", IPLEDGE, "'2023-10-01'", "'2023-13-01'", "2023-13-01"),
    (
        "step-so-coarse-that-a-unit-rounds",
        "streams/labs.yaml",
        "unit: mmol/L\n    step: '0.00001'",
        "unit: mmol/L\n    step: '0.001'",
        "step",
    ),
    (
        "unknown-stream",
        "facts/labs.yaml",
        "from: 'last(alt) after",
        "from: 'last(altt) after",
        'no stream "altt"; did you mean "alt"?',
    ),
    ("unknown-fold", "facts/labs.yaml", "from: 'last(alt) after", "from: 'lest(alt) after", "expected a fold"),
    (
        "window-of-a-fact-in-months",
        "facts/labs.yaml",
        "first_dose - 90 days",
        "first_dose - 3 months",
        "moved by days or weeks",
    ),
    (
        "claim-without-a-source",
        "claims/seed_labs.yaml",
        "source: seed-isotretinoin-2025",
        "source: seed-isotretinoin-2024",
        'no source "seed-isotretinoin-2024"; did you mean',
    ),
    ("how-read-unknown", "claims/seed_labs.yaml", "read: SEED", "read: SEEN", "read is one of SEED"),
    (
        "point-that-applies-to-nobody-known",
        "decisions/lab_stop/point.yaml",
        "applies: on_treatment",
        "applies: on_treatmant",
        'did you mean "on_treatment"?',
    ),
    (
        "red-line-of-an-unknown-kind",
        "safety/red.yaml",
        "kind = intracranial_hypertension",
        "kind = intracranial_hypotension",
        "has no kind",
    ),
    (
        "failing-case",
        SEED_LABS,
        "expect: {body: [stop], conclusion: [stop, carry_on]}",
        "expect: {body: [carry_on], conclusion: [stop, carry_on]}",
        "body: expected carry_on; found stop",
    ),
    (
        "case-with-an-unknown-fact",
        SEED_LABS,
        "given: {alt_baseline: 20 U/L, alt_now: 60 U/L}",
        "given: {alt_basline: 20 U/L, alt_now: 60 U/L}",
        'no rule reads "alt_basline"; did you mean "alt_baseline"?',
    ),
    (
        "case-in-a-wrong-unit",
        SEED_LABS,
        "given: {alt_baseline: 20 U/L, alt_now: 60 U/L}",
        "given: {alt_baseline: 20 mg/dL, alt_now: 60 U/L}",
        'not "mg/dL"',
    ),
    (
        "case-without-expectation",
        SEED_LABS,
        "    given: {}\n    expect: {body: [stop, carry_on], conclusion: [stop, carry_on]}\n",
        "    given: {}\n",
        'a case needs "expect"',
    ),
]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return Path(shutil.copytree(shipped(), tmp_path / "knowledge"))


def change(folder: Path, name: str, old: str, new: str) -> int:
    """Replaces the first occurrence; its line."""
    path = folder / name
    text = path.read_text(encoding="utf-8")
    assert old in text, f"{name} does not hold {old!r} any more; give this case another place to break"
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    return text[: text.index(old)].count("\n") + 1


@pytest.mark.parametrize(("name", "old", "new", "message"), [pytest.param(*case[1:], id=case[0]) for case in BROKEN])
def test_a_mistake_is_named_where_it_stands(folder: Path, name: str, old: str, new: str, message: str) -> None:
    change(folder, name, old, new)
    mistakes = check(folder).mistakes
    named = [line for line in mistakes if message in line]
    assert named, mistakes[:5]
    assert re.match(r"[\w/.-]+\.yaml:\d+(:\d+)?: ", named[0]), named[0]
    assert all("\n" not in line for line in mistakes)


def test_a_file_in_another_encoding_is_named(folder: Path) -> None:
    path = folder / SEED_LABS
    path.write_bytes(path.read_bytes().replace(b"decision:", b"# \xe4\ndecision:", 1))
    assert any(re.match(rf"{SEED_LABS}:1:3: .*UTF-8", line) for line in check(folder).mistakes)


def test_the_shipped_knowledge_is_sound(folder: Path) -> None:
    assert check(folder).mistakes == ()


def test_line_and_column_point_at_the_word(folder: Path) -> None:
    old, new = "'alt_rise >= 3 or ast_rise >= 3", "'alt_rise >= 3 or ast_rize >= 3"
    line = change(folder, SEED_LABS, old, new)
    column = (folder / SEED_LABS).read_text(encoding="utf-8").splitlines()[line - 1].index("ast_rize") + 1
    assert f"{SEED_LABS}:{line}:{column}: no fact" in "\n".join(check(folder).mistakes)


def test_every_broken_file_is_named_in_one_go(folder: Path) -> None:
    change(folder, SEED_LABS, "'alt_rise >= 3 or ast", "'alt_rize >= 3 or ast")
    change(folder, EU_TESTS, "at: last_dose", "at: last_dosis")
    mistakes = "\n".join(check(folder).mistakes)
    assert SEED_LABS in mistakes
    assert EU_TESTS in mistakes


def test_a_row_that_no_case_fires_is_named(folder: Path) -> None:
    row = "      - {id: never_tried, when: 'alt_now >= 19999 U/L', take: [stop], force: must}\n"
    place = "      - {id: triglycerides_uncontrolled,"
    change(folder, US_LABS, place, row + place)
    assert "no case fires row never_tried" in "\n".join(check(folder).mistakes)


def test_a_second_hand_claim_never_closes_a_question(folder: Path) -> None:
    path = folder / "claims/seed_labs.yaml"
    text = path.read_text(encoding="utf-8")
    begin = text.index("seed.labs.only:")
    path.write_text(text[:begin] + text[begin:].replace("read: SEED", "read: SAW-S", 1), encoding="utf-8")
    assert "a second-hand claim never closes a question" in "\n".join(check(folder).mistakes)


def test_two_editions_overlap_only_with_a_relation(folder: Path) -> None:
    change(folder, IPLEDGE, "to: {date: '2026-11-14'", "to: {date: '2026-12-31'")
    for edition in ("2023-discretion", "2026"):
        path = folder / f"protocols/us-ipledge/{edition}/edition.yaml"
        path.write_text(re.sub(r"(?m)^relations: .*\n", "", path.read_text(encoding="utf-8")), encoding="utf-8")
    assert "overlaps us-ipledge/2023-discretion without a relation; write `relations:`" in "\n".join(
        check(folder).mistakes
    )


def test_an_edition_never_forgets_a_point(folder: Path) -> None:
    (folder / SEED_LABS).unlink()
    mistakes = "\n".join(check(folder).mistakes)
    assert f"{SEED}/edition.yaml:1:1: lab_stop is not answered" in mistakes


# mutants: the cases beside the rows notice a rule changed by one step ---------------------------------------------------------
def mutants(name: str) -> Iterator[tuple[str, str]]:
    """The file's text with one row gone, one threshold moved or one comparison flipped, and what was done."""
    text = (shipped() / name).read_text(encoding="utf-8")
    head, _, cases = text.partition("\ncases:")
    rows = [line for line in head.split("\n") if line.startswith("      - {") and ("when:" in line or "met:" in line)]
    for number, line in enumerate(rows, start=1):
        yield f"row {number} gone", text.replace(line + "\n", "", 1)
        for changed, what in _changed(line):
            yield f"row {number}: {what}", head.replace(line, changed, 1) + "\ncases:" + cases


def _changed(line: str) -> Iterator[tuple[str, str]]:
    for quoted in re.finditer(r"(?:when|met): '([^']*)'", line):
        for hit in re.finditer(r">=|<=|!=|[<>]|(?<= )=(?= )|\b\d+\b(?! of)", quoted[1]):
            word = hit.group()
            new = {">=": ">", "<=": "<", ">": ">=", "<": "<=", "=": "!=", "!=": "="}.get(word) or str(int(word) + 1)
            before = quoted[1][: hit.start()].split()[-2 if word.isdigit() else -1 :]
            at = quoted.start(1) + hit.start()
            yield line[:at] + new + line[at + len(word) :], f"{' '.join(before)} {word} becomes {new}"


MUTANTS = [(name, what, text) for name in (SEED_LABS, US_TESTS, EU_TESTS) for what, text in mutants(name)]


@pytest.mark.slow
@pytest.mark.parametrize(
    ("name", "text"),
    [pytest.param(name, text, id=f"{name.split('/')[1]} {what}") for name, what, text in MUTANTS],
)
def test_the_cases_notice_a_rule_changed_by_one_step(folder: Path, name: str, text: str) -> None:
    (folder / name).write_text(text, encoding="utf-8")
    assert check(folder).mistakes, "no case beside the rows tells this apart from the rule as printed"


def test_there_are_mutants_of_every_kind() -> None:
    done = " ".join(what for _, what, _ in MUTANTS)
    assert len(MUTANTS) > 30
    assert all(kind in done for kind in (" gone", ">= becomes >", "= becomes !=", "3 becomes 4", "7 becomes 8"))

"""The assessment as data: the documented, versioned JSON that `isocourse assess --json` prints."""

from __future__ import annotations

import msgspec

from isocourse.decisions.answers import Answer, Stance, Verdict
from isocourse.decisions.dates import coming, due
from isocourse.decisions.dates import words as duty_words
from isocourse.decisions.gate import Gate
from isocourse.decisions.lapsed import Lapsed
from isocourse.decisions.stages import Stage, stages
from isocourse.decisions.tables import OrderCheck, Point, Status, Tactic
from isocourse.decisions.today import Held, Parting, RedFinding
from isocourse.decisions.wording import Wording
from isocourse.facts.days import FIRST_DAY, LAST_DAY, iso
from isocourse.facts.record import Order
from isocourse.library import Assessment, Library
from isocourse.logic.truth import Truth
from isocourse.render.flips import becomes_words, change_text, nearest
from isocourse.render.steps import step_words
from isocourse.render.terminal import verdict
from isocourse.render.today import definition_lines, held_lines, parting_lines, person, red_lines, second_look_lines
from isocourse.render.words import answer_words, fact_words, slot_words, verdict_words

SCHEMA = "isocourse/assess/1"
"""Name and version of the JSON; the number changes when a reader of it would have to."""


class JsonProblem(msgspec.Struct, frozen=True):
    """Something in the file that could not be used as it stands."""

    where: str
    line: str
    left_out: bool


class JsonOrder(msgspec.Struct, frozen=True):
    """One order for isotretinoin."""

    origin: str
    written: str
    state: str
    day: list[str]
    supply_ended: list[str]
    reason: str
    reason_acne: str


class JsonFact(msgspec.Struct, frozen=True):
    """One fact that an answer read, with where its value comes from."""

    fact: str
    called: str
    value: str
    known: bool
    written: str
    origin: list[str]
    marks: list[str]


class JsonStance(msgspec.Struct, frozen=True):
    """One stance that is still reachable."""

    take: list[str]
    low: str
    high: str
    below: bool
    """Whether `high` itself lies outside: lower than it."""
    unit: str
    of: str
    force: str
    silent_here: bool
    kept: str
    row: str
    condition: str


class JsonStage(msgspec.Struct, frozen=True):
    """One step of a row of steps, with its days as far as they can be told."""

    verb: str
    what: str
    low: str
    high: str
    below: bool
    """Whether `high` itself lies outside: lower than it."""
    unit: str
    of: str
    force: str
    words: str
    first_begins: str | None
    """The earliest day on which it may begin."""
    last_begins: str | None
    first_ends: str | None
    last_ends: str | None
    goes_on: bool
    condition: str
    holds: str
    depends_on: list[str]


class JsonVerdict(msgspec.Struct, frozen=True):
    """One row of findings, of a schedule or of steps."""

    row: str
    find: str
    duty: str
    when: str
    applies: str
    take: list[str]
    force: str
    kept: str
    first_day: str | None
    last_day: str | None
    next_day: str | None
    """For a duty that comes again and has begun: the day it next falls due."""
    depends_on: list[str]
    missing: list[str]
    not_shown: list[str]
    condition: str
    claims: list[str]
    stages: list[JsonStage] = []


class JsonFlip(msgspec.Struct, frozen=True):
    """The nearest change of one fact or two after which an answer would be another one."""

    subject: str
    change: dict[str, str]
    becomes: list[str]


class JsonAnswer(msgspec.Struct, frozen=True):
    """One position of one edition on one decision point."""

    protocol: str
    edition: str
    decision: str
    position: str
    status: str
    words: str
    stances: list[JsonStance]
    verdicts: list[JsonVerdict]
    kept: str
    claims: list[str]
    read: list[JsonFact]
    missing: list[str]
    second_hand: bool
    outside: bool
    marks: list[str]
    looked: str
    otherwise_read: list[JsonReading]
    would_change: list[JsonFlip]


class JsonReading(msgspec.Struct, frozen=True):
    """Another reading of the same sentence that would answer differently."""

    reading: str
    why: str
    answer: JsonAnswer


class JsonItem(msgspec.Struct, frozen=True):
    """One entry of a list of Today."""

    kind: str
    about: str
    text: list[str]
    protocols: list[str]
    claims: list[str]


class JsonMissing(msgspec.Struct, frozen=True):
    """A fact that would settle something."""

    fact: str
    called: str
    obtain: str
    decisions: list[str]
    protocols: list[str]


class JsonToday(msgspec.Struct, frozen=True):
    """The five lists, in their fixed order; before the last, tactics worth a second look."""

    stop_now: list[JsonItem]
    not_today: list[JsonItem]
    cannot_tell: list[JsonMissing]
    asked_of_you: list[JsonItem]
    disagreements: list[JsonItem]
    second_look: list[JsonItem]
    second_look_withheld: bool
    rest: dict[str, int]
    verdict: str


class JsonEdition(msgspec.Struct, frozen=True):
    """An edition that was asked."""

    protocol: str
    edition: str
    title: str
    authority: str
    governs: bool
    binding_doubt: str
    able_to_become_pregnant: str


class JsonUnjudged(msgspec.Struct, frozen=True):
    """Something read that no rule here judges."""

    kind: str
    what: str
    origin: str
    why: str


class JsonClaim(msgspec.Struct, frozen=True):
    """A claim that some answer rests on."""

    says: str
    source: str
    where: str
    read: str
    found_at: str


class JsonAssessment(msgspec.Struct, frozen=True):
    """The whole."""

    schema: str
    as_of: str
    knowledge: str
    subject: str
    exit_code: int
    start_and_supply: str
    """`closed` while a red line holds, rule 1 is not met, or the file breaks a rule; else `not_closed_by_anything_read`."""
    problems: list[JsonProblem]
    orders: list[JsonOrder]
    outside: bool
    editions: list[JsonEdition]
    today: JsonToday
    answers: list[JsonAnswer]
    unjudged: list[JsonUnjudged]
    counts: dict[str, int]
    claims: dict[str, JsonClaim]


def report(seen: Assessment) -> JsonAssessment:
    """The assessment as plain data."""
    answers = [_answer(seen, answer) for answer in seen.answers]
    cited = {name for answer in answers for name in answer.claims} | {
        name for item in _items(seen) for name in item.claims
    }
    return JsonAssessment(
        SCHEMA,
        iso(seen.asked.as_of),
        seen.library.digest,
        person(seen),
        seen.exit_code,
        "closed" if seen.today.against else "not_closed_by_anything_read",
        [JsonProblem(problem.where, problem.line(), problem.left_out) for problem in seen.record.problems],
        [_order(order) for order in seen.orders],
        seen.outside,
        _editions(seen),
        _today(seen),
        answers,
        [JsonUnjudged(str(each.kind), str(each.what), each.origin, str(each.why)) for each in seen.record.unjudged],
        dict(seen.record.counts),
        {name: _claim(seen.library, name) for name in sorted(cited)},
    )


def to_json(seen: Assessment) -> bytes:
    """The assessment as indented JSON."""
    return msgspec.json.format(msgspec.json.encode(report(seen)), indent=2)


def schema() -> bytes:
    """The JSON Schema of the assessment."""
    return msgspec.json.format(msgspec.json.encode(msgspec.json.schema(JsonAssessment)), indent=2)


def _order(order: Order) -> JsonOrder:
    day = [iso(order.day.first), iso(order.day.last)] if order.day else []
    ended = [iso(order.supply_ended.first), iso(order.supply_ended.last)] if order.supply_ended else []
    return JsonOrder(order.origin, str(order.written), order.state, day, ended, order.reason, order.reason_acne.word)


def _editions(seen: Assessment) -> list[JsonEdition]:
    doubts, able = dict(seen.doubts), dict(seen.able)
    return [
        JsonEdition(
            edition.protocol,
            edition.edition,
            seen.words(edition.title),
            edition.authority,
            edition in seen.governs,
            str(doubts.get(edition.key, "")),
            able[edition.key].word if edition.key in able else _defined(edition),
        )
        for edition in seen.editions
    ]


def _defined(edition: object) -> str:
    definition = edition.definition("able_to_become_pregnant")  # type: ignore[attr-defined]  # an Edition
    return definition.status.value if definition else Status.SILENT.value


# answers -------------------------------------------------------------------------------------------------------------------
def _answer(seen: Assessment, answer: Answer) -> JsonAnswer:
    return JsonAnswer(
        answer.edition.protocol,
        answer.edition.edition,
        answer.point.name,
        answer.position,
        answer.status.value,
        answer_words(seen, answer),
        [_stance(stance) for stance in answer.stances],
        [_verdict(seen, answer, verdict) for verdict in answer.verdicts],
        answer.kept.value,
        list(answer.claims),
        [_fact(seen, slot) for slot in answer.read],
        list(answer.missing),
        answer.second_hand,
        answer.outside,
        list(answer.marks),
        answer.looked,
        [JsonReading(name, why, _answer(seen, other)) for name, why, other in answer.otherwise_read],
        [
            JsonFlip(flip.subject, dict(change_text(seen, flip)), becomes_words(answer, flip, seen.words))
            for flip in nearest(seen, answer)
        ],
    )


def _stance(stance: Stance) -> JsonStance:
    row = stance.row
    if row is None:
        return JsonStance([], "", "", False, "", "", "none", True, stance.kept.value, "", "")
    return JsonStance(
        list(stance.take),
        row.low,
        row.high,
        row.below,
        row.unit,
        row.of,
        row.force,
        False,
        stance.kept.value,
        row.name,
        row.text,
    )


def _verdict(seen: Assessment, answer: Answer, verdict: Verdict) -> JsonVerdict:
    row = verdict.row
    found = due(row.duty, seen.day_of) if row.duty else None
    return JsonVerdict(
        row.name,
        row.find,
        f"{row.duty.verb} {row.duty.what}" if row.duty else "",
        duty_words(row.duty, seen.words) if row.duty else "",
        verdict.applies.word,
        list(row.take),
        row.force,
        verdict.kept.value,
        _day(found.first if found else None),
        _day(found.last if found else None),
        _day(coming(row.duty, seen.day_of, seen.asked.as_of) if row.duty else None),
        list(found.depends_on) if found else [],
        list(verdict.missing),
        list(verdict.unshown),
        row.text,
        list(row.claims),
        [_stage(answer.point, stage, seen.words) for stage in stages(row, seen.day_of, verdict.holds)],
    )


def _stage(point: Point, stage: Stage, w: Wording) -> JsonStage:
    step = stage.step
    begins = (_bound(stage.begins.first), _bound(stage.begins.last)) if stage.begins else (None, None)
    ends = (_bound(stage.ends.first), _bound(stage.ends.last)) if stage.ends else (None, None)
    return JsonStage(
        step.verb,
        step.what,
        step.low,
        step.high,
        step.below,
        step.unit,
        step.of,
        step.force,
        step_words(point, step, step.force, w),
        *begins,
        *ends,
        stage.open,
        step.text,
        stage.holds.word,
        list(stage.depends_on),
    )


def _bound(day: int) -> str | None:
    """A day; nothing where only the calendar ends there."""
    return None if day in (FIRST_DAY, LAST_DAY) else iso(day)


def _day(day: int | None) -> str | None:
    return None if day is None else iso(day)


def _fact(seen: Assessment, slot: int) -> JsonFact:
    declared, origin = seen.library.program.slots[slot], seen.snapshot.origins[slot]
    return JsonFact(
        declared.name,
        fact_words(seen.library, declared.name, seen.words),
        slot_words(seen, slot),
        seen.snapshot.known(slot, declared),
        str(origin.written),
        list(origin.where),
        list(origin.marks),
    )


def _claim(library: Library, name: str) -> JsonClaim:
    claim = library.claim(name)
    work = library.work(claim.work)
    return JsonClaim(claim.says, work.title, claim.where, claim.read, work.found_at)


# today ---------------------------------------------------------------------------------------------------------------------
def _items(seen: Assessment) -> list[JsonItem]:
    return [
        *(_red(seen, finding) for finding in seen.today.stop_now),
        *(_held(seen, held) for held in seen.today.not_today),
        *(_second_look(seen, tactic) for tactic in seen.today.second_look),
        *(_asked(seen, answer, verdict) for answer, verdict in seen.today.asked),
    ]


def _today(seen: Assessment) -> JsonToday:
    counts: dict[str, int] = {}
    for answer in seen.today.rest:
        counts[answer.status.value] = counts.get(answer.status.value, 0) + 1
    missing = [
        JsonMissing(
            each.fact,
            fact_words(seen.library, each.fact, seen.words),
            each.obtain,
            list(each.points),
            list(each.protocols),
        )
        for each in seen.today.cannot_tell
    ]
    return JsonToday(
        [_red(seen, finding) for finding in seen.today.stop_now],
        [_held(seen, held) for held in seen.today.not_today],
        missing,
        [_asked(seen, answer, verdict) for answer, verdict in seen.today.asked],
        [*_definition(seen), *(_parting(seen, parting) for parting in seen.today.disagreements)],
        [_second_look(seen, tactic) for tactic in seen.today.second_look],
        seen.today.withheld,
        counts,
        verdict(seen),
    )


def _red(seen: Assessment, finding: RedFinding) -> JsonItem:
    text = [line.strip() for line in red_lines(seen, finding)]
    if finding.line is not None:
        return JsonItem("red", finding.line.name, text, [], list(finding.line.claims))
    assert finding.answer is not None
    assert finding.verdict is not None
    return JsonItem(
        "red", finding.verdict.row.find, text, [finding.answer.edition.key], list(finding.verdict.row.claims)
    )


def _held(seen: Assessment, held: Held) -> JsonItem:
    text = [line.strip() for line in held_lines(seen, held)]
    if isinstance(held, Gate):
        return JsonItem(
            "no_go_on_unknown", "pregnancy", text, [key for key, truth in seen.able if truth is not Truth.NO], []
        )
    if isinstance(held, OrderCheck):
        return JsonItem("order_check", held.name, text, [], list(held.claims))
    if isinstance(held, Lapsed):
        return _was_red(held, text)
    keys = list(dict.fromkeys(answer.edition.key for answer in held.answers))
    claims = list(dict.fromkeys(claim for answer in held.answers for claim in answer.claims))
    return JsonItem("broken", f"{held.point.name} {held.about}".strip(), text, keys, claims)


def _asked(seen: Assessment, answer: Answer, verdict: Verdict) -> JsonItem:
    row = verdict.row
    text = [verdict_words(seen, answer, verdict)]
    return JsonItem("asked_of_you", f"{answer.point.name} {row.find}", text, [answer.edition.key], list(row.claims))


def _was_red(held: Lapsed, text: list[str]) -> JsonItem:
    if held.line is not None:
        return JsonItem("was_red", held.line.name, text, [], list(held.line.claims))
    assert held.answer is not None
    assert held.verdict is not None
    return JsonItem("was_red", held.verdict.row.find, text, [held.answer.edition.key], list(held.verdict.row.claims))


def _definition(seen: Assessment) -> list[JsonItem]:
    text = [line.strip() for line in definition_lines(seen)]
    return [JsonItem("definition", "able_to_become_pregnant", text, [key for key, _ in seen.able], [])] if text else []


def _parting(seen: Assessment, parting: Parting) -> JsonItem:
    keys = list(dict.fromkeys(answer.edition.key for answer in parting.answers))
    claims = list(dict.fromkeys(claim for answer in parting.answers for claim in answer.claims))
    return JsonItem(
        parting.kind,
        f"{parting.point.name} {parting.about}".strip(),
        [line.strip() for line in parting_lines(seen, parting)],
        keys,
        claims,
    )


def _second_look(seen: Assessment, tactic: Tactic) -> JsonItem:
    text = [line.strip() for line in second_look_lines(seen, tactic)]
    return JsonItem("tactic", tactic.name, text, [], list(tactic.claims))

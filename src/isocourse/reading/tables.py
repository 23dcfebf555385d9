"""Reads decision points and the tables of editions: rows of text become nodes of the one program."""

from __future__ import annotations

import re
from collections.abc import Mapping

from msgspec import Struct
from msgspec.structs import replace

from isocourse.decisions.dates import ANCHORS
from isocourse.decisions.tables import Cell, Duty, Moment, Option, Point, Position, Reading, Row, Shape, Status, Window
from isocourse.library.knowledge import Claim
from isocourse.logic.problems import LanguageError, did_you_mean
from isocourse.logic.syntax import UNLIMITED, Number, Tree, parse, parse_interval
from isocourse.logic.tree import Slot
from isocourse.logic.typing import Amount, lower_condition
from isocourse.reading.book import Book, Scope
from isocourse.reading.forms import Form
from isocourse.reading.ranges import Ends, ends_of
from isocourse.reading.steps import StepsReader
from isocourse.reading.yaml_text import Map, Node, Text

FORCES = ("must", "should", "may", "none")
_MOMENT = re.compile(r"(\w+)(?:\s*([+-])\s*(\d+)\s+(day|days|week|weeks|month|months))?")


def read_point(root: Node, path: str, book: Book) -> Point:
    """One decision point."""
    form = Form(
        root,
        path,
        "a decision point",
        required=("point", "question", "title", "stage", "shape", "applies"),
        optional=(
            "options",
            "safer_than",
            "done",
            "unit",
            "binds_on",
            "outside",
            "finds",
            "states",
            "reached",
            "shows",
            "note",
        ),
    )
    options = tuple(_option(name, node, form, book) for name, node in form.pairs("options"))
    names = [option.name for option in options]
    order = tuple((name, form_texts(form, node, names)) for name, node in form.pairs("safer_than"))
    shape = Shape(form.one_of("shape", [shape.value for shape in Shape]))
    applies = condition(form, form.get("applies"), book, book.names())
    if shape is Shape.STEPS:
        _drugs_known(form, book)
    return Point(
        form.text("point"),
        form.say("question"),
        form.say("title"),
        form.text("stage"),
        shape,
        applies,
        options,
        order,
        form.text("done", ""),
        form.text("unit", ""),
        form.one_of("binds_on", ("start", "visit", "prescription", "supply", "last_dose"), "visit"),
        form.one_of("outside", ("judged", "ceiling", "muted"), "judged"),
        tuple((name, _say(form, node)) for name, node in form.pairs("finds")),
        form.flag("states"),
        form.flag("reached"),
        tuple((unit, form.as_text(node)) for unit, node in form.pairs("shows")),
    )


def _drugs_known(form: Form, book: Book) -> None:
    """Steps are of isotretinoin, called `dose`, or of drugs of the vocabulary."""
    drugs = book.catalogue.vocabulary("drugs")
    for name, node in form.pairs("finds"):
        if name != "dose" and not drugs.kind_known(name):
            raise form.fail(
                node,
                f'no drug "{name}"'
                + did_you_mean(name, list(drugs.kinds()))
                + "; drugs are declared in knowledge/vocabulary",
            )


def form_texts(form: Form, node: Node, known: list[str]) -> tuple[str, ...]:
    """A list of known words."""
    if isinstance(node, Text):
        raise form.fail(node, f'expected a list such as [{known[0]}], found "{node.text}"')
    items = form.items_of(node)
    found = tuple(form.as_text(each) for each in items)
    for word, each in zip(found, items, strict=True):
        if word not in known:
            raise form.fail(each, f'"{word}" is not one of {", ".join(known)}' + did_you_mean(word, known))
    return found


def _say(form: Form, node: Node) -> tuple[tuple[str, str], ...]:
    if not isinstance(node, Map):
        raise form.fail(node, "expected a text by language: {en: ...}")
    return tuple((language, form.as_text(each)) for language, each in node.entries.items())


def _option(name: str, node: Node, form: Form, book: Book) -> Option:
    inner = Form(node, form.path, "an option", required=("say",), optional=("broken_if", "stand"))
    broken = condition(inner, inner.get("broken_if"), book, book.names()) if inner.has("broken_if") else -1
    return Option(name, inner.say("say"), broken, inner.one_of("stand", ("", "forbids", "allows"), ""))


def condition(
    form: Form,
    node: Node,
    book: Book,
    scope: Scope,
    *,
    file_reads: bool = False,
    template: Mapping[str, str] | None = None,
) -> int:
    """The node of a condition written in a file."""
    form.condition(node)
    text = filled(form, node, template or {})
    try:
        return lower_condition(parse(text), book.builder, scope, file_reads=file_reads)
    except LanguageError as problem:
        raise form.fail(node, problem.message, problem.column) from None


def filled(form: Form, node: Node, template: Mapping[str, str]) -> str:
    """A text with its {names} replaced from the reading."""

    def replace(match: re.Match[str]) -> str:
        if match[1] not in template:
            raise form.fail(node, f"no reading gives {{{match[1]}}}" + did_you_mean(match[1], template))
        return template[match[1]]

    return re.sub(r"\{(\w+)\}", replace, form.as_text(node))


class Tables(Struct):
    """What is needed to read the tables of one edition."""

    path: str
    book: Book
    points: Mapping[str, Point]
    claims: Mapping[str, Claim]
    definitions: Mapping[str, Tree]

    def cell(self, root: Node) -> Cell:
        """The table of one edition on one point."""
        form = Form(
            root,
            self.path,
            "a protocol table",
            required=("decision", "positions"),
            optional=("cases", "note", "looked"),
        )
        name = form.text("decision")
        if name not in self.points:
            raise form.fail(form.get("decision"), f'no decision point "{name}"' + did_you_mean(name, self.points))
        positions = tuple(self.position(node, self.points[name]) for node in form.list_of("positions"))
        if len({position.name for position in positions}) != len(positions):
            raise form.fail(form.get("positions"), "two positions have the same id")
        return Cell(name, Status.ANSWERED, positions, form.text("looked", ""))

    def position(self, node: Node, point: Point) -> Position:
        """One thing that the document says on the point."""
        form = Form(
            node,
            self.path,
            "a position",
            required=("id", "claims", "rows"),
            optional=("readings", "note", "formulation", "origin"),
        )
        claims = self.cited(form, "claims")
        if not claims:
            raise form.fail(node, "a position needs at least one claim")
        lets = [self.let(each) for each in form.list_of("readings")] or [("as_read", True, "", {})]
        if sum(acts for _, acts, _, _ in lets) != 1:
            raise form.fail(form.get("readings"), "exactly one reading acts")
        readings = tuple(Reading(name, acts, why, self.rows(form, point, claims, let)) for name, acts, why, let in lets)
        return Position(form.text("id"), claims, readings)

    def let(self, node: Node) -> tuple[str, bool, str, dict[str, str]]:
        """One way to take the sentence: id, whether it acts, why, and what it replaces."""
        form = Form(node, self.path, "a reading", required=("id",), optional=("acts", "why", "let"))
        return (
            form.text("id"),
            form.flag("acts"),
            form.text("why", ""),
            {key: form.as_text(value) for key, value in form.pairs("let")},
        )

    def rows(self, form: Form, point: Point, claims: tuple[str, ...], let: dict[str, str]) -> tuple[Row, ...]:
        """The rows as one reading takes them."""
        nodes = form.list_of("rows")
        if not nodes:
            raise form.fail(form.node, "a position needs at least one row")
        scope = self.book.names(self.definitions, let)
        made = tuple(RowReader(self, point, node, claims, let, scope, place).read() for place, node in enumerate(nodes))
        names = [row.name for row in made]
        for place, name in enumerate(names):
            if name in names[:place]:
                raise form.fail(nodes[place], f'two rows are called "{name}"; give one an id')
        return made

    def cited(self, form: Form, key: str) -> tuple[str, ...]:
        """Claims that exist."""
        found = form.texts(key)
        for name, node in zip(found, form.list_of(key), strict=True):
            self.exists(form, name, node)
        return found

    def exists(self, form: Form, name: str, node: Node) -> None:
        """Whether a claim exists."""
        if name not in self.claims:
            raise form.fail(
                node, f'no claim "{name}"' + did_you_mean(name, self.claims) + "; claims are in knowledge/claims"
            )


class RowReader:
    """Reads one row of a table."""

    KEYS = ("id", "when", "force", "claims", "closes", "see", "note")

    def __init__(
        self,
        tables: Tables,
        point: Point,
        node: Node,
        claims: tuple[str, ...],
        let: dict[str, str],
        scope: Scope,
        place: int,
    ) -> None:
        shapes: dict[Shape, tuple[str, ...]] = {
            Shape.CHOICE: ("take", "not"),
            Shape.RANGE: ("range", "of"),
            Shape.FINDINGS: ("find", "take", "not"),
            Shape.SCHEDULE: ("do", "keep_up", "avoid", "at", "window", "every", "from", "until", "met", "period"),
            Shape.STEPS: ("steps",),
        }
        self.form = Form(
            node,
            tables.path,
            f"a row of a {point.shape.value} table",
            required=("when", "force"),
            optional=(*self.KEYS, *shapes[point.shape]),
        )
        self.tables, self.point, self.node, self.let, self.scope, self.place = tables, point, node, let, scope, place
        self.claims = tables.cited(self.form, "claims") or claims

    @property
    def file_reads(self) -> bool:
        """Whether conditions may ask what stands on file; only where every row is judged by itself."""
        return self.point.shape in (Shape.FINDINGS, Shape.SCHEDULE)

    def read(self) -> Row:
        """The row."""
        form = self.form
        file_reads = self.file_reads
        when = condition(form, form.get("when"), self.tables.book, self.scope, file_reads=file_reads, template=self.let)
        force = form.one_of("force", FORCES)
        reads = {self.tables.claims[name].read for name in self.claims}
        second_hand = "SAW-S" in reads and not reads & {
            "SEED",
            "SAW-P",
        }  # arithmetic and house rules do not make it first-hand
        row = Row(
            form.text("id", ""),
            when,
            filled(form, form.get("when"), self.let),
            force,
            self.claims,
            closes=self._closes(),
            see=form.texts("see"),
            second_hand=second_hand,
            where=f"{form.path}:{self.node.line}",
        )
        shaped = {
            Shape.CHOICE: self._choice,
            Shape.RANGE: self._range,
            Shape.FINDINGS: self._finding,
            Shape.SCHEDULE: self._schedule,
            Shape.STEPS: self._steps,
        }
        return shaped[self.point.shape](row)

    def _choice(self, row: Row) -> Row:
        return replace(row, name=row.name or f"row{self.place + 1}", take=self._take(row.force))

    def _finding(self, row: Row) -> Row:
        find = self.form.text("find")
        return replace(row, name=row.name or find, take=self._take(row.force), find=find)

    def _closes(self) -> str:
        """A choice that always holds needs a claim that closes the question; a second-hand one never closes."""
        form = self.form
        if form.has("closes"):
            self.tables.exists(form, form.text("closes"), form.get("closes"))
            if self.tables.claims[form.text("closes")].read == "SAW-S":
                raise form.fail(form.get("closes"), "a second-hand claim never closes a question")
        elif self.point.shape is Shape.CHOICE and form.text("when") in UNLIMITED:
            raise form.fail(
                form.get("when"),
                "a row that always holds needs `closes:` and a claim that says there is nothing else; "
                "without it the table ends in silent_here",
            )
        return form.text("closes", "")

    def _take(self, force: str) -> tuple[str, ...]:
        names = [option.name for option in self.point.options]
        form = self.form
        if form.has("take") == form.has("not"):
            raise form.fail(self.node, "a row has either `take:` or `not:`")
        listed = form_texts(form, form.get("take" if form.has("take") else "not"), names)
        if not listed:
            raise form.fail(self.node, "the list of options is empty")
        taken = listed if form.has("take") else tuple(name for name in names if name not in listed)
        if force == "may" and len(taken) < 2:
            raise form.fail(self.node, "`may` is freedom between two options or more; write the other one too")
        return taken

    def _range(self, row: Row) -> Row:
        form = self.form
        text = filled(form, form.get("range"), self.let)
        if text == "none":
            return replace(row, name=row.name or f"row{self.place + 1}", of="none")
        ends, node = self._ends(form), form.get("range")
        if ends.below and self.point.reached:
            raise form.fail(node, "a figure that grows towards its range has closed ends: '[120..150] mg/kg'")
        of = form.one_of("of", ("any", "conventional", "lidose", "micronised"))
        return replace(
            row,
            name=row.name or f"row{self.place + 1}",
            low=ends.low,
            high=ends.high,
            below=ends.below,
            unit=ends.unit,
            of=of,
            over=self._node(ends.over(self.point.done), node),
            under=self._node(ends.under(self.point.done), node),
        )

    def _ends(self, form: Form) -> Ends:
        node = form.get("range")
        return ends_of(form, node, filled(form, node, self.let))

    def _node(self, text: str, node: Node) -> int:
        try:
            return lower_condition(parse(text), self.tables.book.builder, self.tables.book.names())
        except LanguageError as problem:
            raise self.form.fail(node, f"{problem.message} (in {text})") from None

    # steps ---------------------------------------------------------------------------------------------------------
    def _steps(self, row: Row) -> Row:
        reader = StepsReader(
            self.point,
            self.form.path,
            self._condition,
            self._ends,
            lambda form, key: self._moment(key, form),
            self._node,
        )
        for anchor in ("each_visit", "start"):
            self.tables.book.builder.slot(self._slot_of(ANCHORS[anchor], self.node))
        return reader.read(row, self.form)

    def _condition(self, form: Form, node: Node) -> tuple[int, str]:
        """The node and the text of a step's condition."""
        made = condition(form, node, self.tables.book, self.scope, file_reads=self.file_reads, template=self.let)
        return made, filled(form, node, self.let)

    # schedules ---------------------------------------------------------------------------------------------------------
    def _schedule(self, row: Row) -> Row:
        form = self.form
        verbs = [verb for verb in ("do", "keep_up", "avoid") if form.has(verb)]
        if len(verbs) != 1:
            raise form.fail(self.node, "a duty has exactly one of do, keep_up, avoid")
        what = form.text(verbs[0])
        if what not in dict(self.point.finds):
            raise form.fail(
                form.get(verbs[0]),
                f'{self.point.name} has no duty "{what}"' + did_you_mean(what, dict(self.point.finds)),
            )
        met = (
            condition(form, form.get("met"), self.tables.book, self.scope, file_reads=True, template=self.let)
            if form.has("met")
            else -1
        )
        duty = Duty(
            verbs[0],
            what,
            self._moment("at"),
            self._window(),
            self._moment("from"),
            self._moment("until"),
            form.text("every", ""),
            met,
            filled(form, form.get("met"), self.let) if form.has("met") else "",
            form.text("period", "") == "unstated",
        )
        self._anchored(duty)
        return replace(row, name=row.name or what, duty=duty)

    def _anchored(self, duty: Duty) -> None:
        if not (duty.at or duty.begin or duty.until or duty.unstated):
            raise self.form.fail(self.node, "a duty needs `at:`, `from:`/`until:`, or `period: unstated`")
        if duty.window and not duty.at:
            raise self.form.fail(self.form.get("window"), "a window needs `at:`")

    def _moment(self, key: str, form: Form | None = None) -> Moment | None:
        form = form or self.form
        if not form.has(key):
            return None
        node = form.get(key)
        match = _MOMENT.fullmatch(filled(form, node, self.let))
        if not match or match[1] not in ANCHORS:
            raise form.fail(
                node,
                f'"{form.as_text(node)}" is not an anchor; one of {", ".join(ANCHORS)}, with + or - days, weeks, months'
                + did_you_mean(form.as_text(node), ANCHORS),
            )
        fact = ANCHORS[match[1]]
        if fact:
            self.tables.book.builder.slot(self._slot_of(fact, node))
        offset = int(match[3] or 0) * (-1 if match[2] == "-" else 1)
        return Moment(match[1], offset, _plural(match[4] or "days"))

    def _slot_of(self, fact: str, node: Node) -> Slot:
        meaning = self.tables.book.names().meaning(fact, node.column)
        if not isinstance(meaning, Amount):
            raise self.form.fail(node, f"{fact} is not a date")
        return meaning.slot

    def _window(self) -> Window | None:
        if not self.form.has("window"):
            return None
        node = self.form.get("window")
        text = filled(self.form, node, self.let)
        try:
            interval = parse_interval(text)
        except LanguageError as problem:
            raise self.form.fail(node, problem.message, problem.column) from None
        low, high = interval.low, interval.high
        if (
            not isinstance(low, Number)
            or not isinstance(high, Number)
            or not (interval.low_closed and interval.high_closed)
        ):
            raise self.form.fail(node, "a window is two whole numbers with closed ends: '[-7..0] days'")
        if _plural(low.unit) not in ("days", "weeks", "months") or "." in low.digits + high.digits:
            raise self.form.fail(node, "a window counts whole days, weeks or months")
        if int(low.digits) > int(high.digits):
            raise self.form.fail(node, f"the window runs backwards, from {low.digits} to {high.digits}")
        return Window(int(low.digits), int(high.digits), _plural(low.unit))


def _plural(unit: str) -> str:
    return unit if unit.endswith("s") else unit + "s"

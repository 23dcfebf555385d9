"""The condition language as text: words to a syntax tree, by a small Pratt parser. The grammar stands in docs/guide/grammar.md."""

from __future__ import annotations

import re

from msgspec import Struct

from isocourse.logic.problems import LanguageError

UNLIMITED = ("always", "otherwise")
"""The conditions that hold for everybody."""
KEYWORDS = frozenset({"and", "or", "not", "in", "at", "least", "of", "otherwise", "always"})
COMPARISONS = (">=", "<=", "!=", ">", "<", "=")

_TOKEN = re.compile(
    r"""(?P<space>\s+)
      | (?P<number>[0-9]+(?:\.[0-9]+)?(?!\w|\.\d))
      | (?P<badnumber>[0-9][\w.]*)
      | (?P<word>[A-Za-z_][A-Za-z_0-9]*(?:\.[A-Za-z_][A-Za-z_0-9]*)*)
      | (?P<string>"[^"]*")
      | (?P<mark>\.\.|>=|<=|!=|[()\[\],=<>+\-*/%])
      | (?P<bad>.)""",
    re.VERBOSE,
)


class Token(Struct, frozen=True):
    """One word of a condition, and the column it starts at (from 1)."""

    kind: str
    text: str
    column: int


class Number(Struct, frozen=True):
    """A number with the unit written behind it, if any."""

    digits: str
    unit: str
    column: int


class Name(Struct, frozen=True):
    """A fact, a part of one (`last_pregnancy_test.day`), or a code."""

    text: str
    column: int
    quoted: bool = False


class Call(Struct, frozen=True):
    """A fold or a function: `any(drugs, class = tetracycline, current)`."""

    name: str
    args: tuple[Tree, ...]
    column: int
    text: str


class Binary(Struct, frozen=True):
    """`left operator right`: a comparison, a sum or a ratio."""

    operator: str
    left: Tree
    right: Tree
    column: int
    text: str


class Within(Struct, frozen=True):
    """`x in [low..high)` or `x in (a, b)`."""

    subject: Tree
    interval: Interval | None
    options: tuple[Tree, ...]
    column: int
    text: str


class Interval(Struct, frozen=True):
    """`[low..high)` with closed or open ends."""

    low: Tree
    high: Tree
    low_closed: bool
    high_closed: bool
    column: int


class Junction(Struct, frozen=True):
    """`and`, `or`, `not` and `at least k of`; the last keeps k in `count`."""

    kind: str
    parts: tuple[Tree, ...]
    column: int
    text: str
    count: int = 0


Tree = Number | Name | Call | Binary | Within | Interval | Junction


def parse(text: str) -> Tree:
    """The syntax tree of one condition.

    Raises:
        LanguageError: with the column and what was expected there.
    """
    reader = _Reader(text)
    tree = reader.expression()
    reader.end()
    return tree


def parse_interval(text: str) -> Interval:
    """An interval by itself, as in `range:` and `window:` (a trailing unit belongs to both ends)."""
    reader = _Reader(text)
    interval = reader.interval(reader.take("[", "("))
    reader.end()
    return interval


def tokens(text: str) -> list[Token]:
    """The words of a condition.

    Raises:
        LanguageError: a character or number that the language does not have.
    """
    found: list[Token] = []
    for match in _TOKEN.finditer(text):
        kind = match.lastgroup or "bad"
        if kind == "space":
            continue
        if kind in ("bad", "badnumber"):
            raise LanguageError(_bad_word(match.group(), kind), match.start() + 1)
        if kind == "number" and max(map(len, match.group().split("."))) > 18:
            raise LanguageError("a number has at most 18 digits on each side of the point", match.start() + 1)
        found.append(Token(kind, match.group(), match.start() + 1))
    return found


def _bad_word(word: str, kind: str) -> str:
    if kind == "badnumber":
        return f'"{word}" is neither a number nor a name; write digits, a point, digits'
    known = {
        "&": "and",
        "|": "or",
        "!": "not(...)",
        "'": 'double quotes: "female"',
        "~": "not(...)",
        ";": "one condition",
    }
    return f'the language has no "{word}"' + (f"; write {known[word]}" if word in known else "")


class _Reader:
    """Walks the words once, left to right."""

    def __init__(self, text: str) -> None:
        if not text.strip():
            raise LanguageError("the condition is empty; write `always` if it always holds")
        self.text = text
        self.words = tokens(text)
        self.at = 0
        self.depth = 0

    # words -----------------------------------------------------------------------------------------------------------
    def peek(self, ahead: int = 0) -> Token:
        place = self.at + ahead
        return self.words[place] if place < len(self.words) else Token("end", "the end", len(self.text) + 1)

    def next(self) -> Token:
        word = self.peek()
        self.at += 1
        return word

    def take(self, *wanted: str) -> Token:
        word = self.next()
        if word.text not in wanted or word.kind == "string":
            raise LanguageError(f"expected {' or '.join(wanted)}, found {word.text}", word.column)
        return word

    def sees(self, *wanted: str) -> bool:
        word = self.peek()
        return word.kind in ("word", "mark") and word.text in wanted

    def end(self) -> None:
        word = self.peek()
        if word.kind != "end":
            raise LanguageError(f"the condition should end before {word.text}", word.column)

    def since(self, column: int) -> str:
        last = self.words[self.at - 1]
        return self.text[column - 1 : last.column - 1 + len(last.text)]

    # conditions --------------------------------------------------------------------------------------------------------
    def expression(self) -> Tree:
        self.depth += 1
        if self.depth > 40:
            raise LanguageError("the condition is nested more than 40 deep", self.peek().column)
        start = self.peek().column
        parts = [self.comparison()]
        joined = ""
        while self.sees("and", "or"):
            word = self.next()
            if joined and word.text != joined:
                raise LanguageError(
                    "`and` and `or` are mixed here; say with parentheses what belongs together", word.column
                )
            joined = word.text
            parts.append(self.comparison())
        self.depth -= 1
        return parts[0] if not joined else Junction(joined, tuple(parts), start, self.since(start))

    def comparison(self) -> Tree:
        start = self.peek().column
        left = self.sum()
        if self.sees("in"):
            self.next()
            return self.within(left, start)
        if self.sees(*COMPARISONS):
            operator = self.next()
            right = self.sum()
            if self.sees(*COMPARISONS):
                raise LanguageError("one comparison at a time; write `x in [a..b]` for a range", self.peek().column)
            return Binary(operator.text, left, right, operator.column, self.since(start))
        return left

    def within(self, subject: Tree, start: int) -> Tree:
        opening = self.take("[", "(")
        if opening.text == "[" or self._is_interval():
            interval = self.interval(opening)
            return Within(subject, interval, (), start, self.since(start))
        options = [self.sum()]
        while self.sees(","):
            self.next()
            options.append(self.sum())
        self.take(")")
        return Within(subject, None, tuple(options), start, self.since(start))

    def _is_interval(self) -> bool:
        depth = 0
        for ahead in range(len(self.words) - self.at):
            word = self.peek(ahead)
            if word.text == ".." and depth == 0:
                return True
            depth += word.text in ("(", "[")
            depth -= word.text in (")", "]")
            if depth < 0:
                return False
        return False

    def interval(self, opening: Token) -> Interval:
        low = self.sum()
        self.take("..")
        high = self.sum()
        closing = self.take("]", ")")
        if self.peek().kind == "word" and self.peek().text not in KEYWORDS:
            unit = self.unit()
            low, high = _with_unit(low, unit), _with_unit(high, unit)
        return Interval(low, high, opening.text == "[", closing.text == "]", opening.column)

    # values ------------------------------------------------------------------------------------------------------------
    def sum(self) -> Tree:
        start = self.peek().column
        left = self.ratio()
        while self.sees("+", "-"):
            operator = self.next()
            left = Binary(operator.text, left, self.ratio(), operator.column, self.since(start))
        return left

    def ratio(self) -> Tree:
        start = self.peek().column
        left = self.primary()
        if self.sees("/"):
            operator = self.next()
            right = self.primary()
            return Binary("/", left, right, operator.column, self.since(start))
        if self.sees("*", "%"):
            raise LanguageError(
                f"the language has no {self.peek().text}; name a fact for the result", self.peek().column
            )
        return left

    def primary(self) -> Tree:
        word = self.next()
        if word.kind == "number":
            return self.number(word, "")
        if word.kind == "string":
            return Name(word.text[1:-1], word.column, quoted=True)
        if word.text == "-" and self.peek().kind == "number":
            return self.number(self.next(), "-")
        if word.text == "(" and word.kind == "mark":
            inside = self.expression()
            self.take(")")
            return inside
        if word.text == "not":
            return self.negation(word)
        if word.text == "at":
            return self.at_least(word)
        if word.kind == "word" and (word.text not in KEYWORDS or word.text in UNLIMITED):
            return self.call(word) if self.sees("(") else Name(word.text, word.column)
        raise LanguageError(f"expected a fact, a number or a condition, found {word.text}", word.column)

    def number(self, word: Token, sign: str) -> Number:
        unit = ""
        if self.sees("%"):
            raise LanguageError("write the number itself, not a percentage", self.peek().column)
        if self.peek().kind == "word" and self.peek().text not in KEYWORDS:
            unit = self.unit()
        return Number(sign + word.text, unit, word.column)

    def unit(self) -> str:
        unit = self.next().text
        while self.sees("/") and self.peek(1).kind == "word":
            self.next()
            unit += "/" + self.next().text
        return unit

    def negation(self, word: Token) -> Tree:
        if not self.sees("("):
            raise LanguageError("write not( ... ) with parentheses", word.column)
        self.next()
        inside = self.expression()
        self.take(")")
        return Junction("not", (inside,), word.column, self.since(word.column))

    def at_least(self, word: Token) -> Tree:
        self.take("least")
        count = self.next()
        if count.kind != "number" or not count.text.isdigit():
            raise LanguageError(f"expected a whole number after `at least`, found {count.text}", count.column)
        self.take("of")
        self.take("(")
        parts = [self.expression()]
        while self.sees(","):
            self.next()
            parts.append(self.expression())
        self.take(")")
        if not 1 <= int(count.text) <= len(parts):
            raise LanguageError(f"at least {count.text} of {len(parts)} conditions can never be asked", count.column)
        return Junction("count", tuple(parts), word.column, self.since(word.column), int(count.text))

    def call(self, word: Token) -> Tree:
        self.take("(")
        args: list[Tree] = []
        if not self.sees(")"):
            args.append(self.expression())
            while self.sees(","):
                self.next()
                args.append(self.expression())
        self.take(")")
        return Call(word.text, tuple(args), word.column, self.since(word.column))


def _with_unit(end: Tree, unit: str) -> Tree:
    if isinstance(end, Number):
        if end.unit:
            raise LanguageError(f"the unit stands twice: {end.unit} and {unit}", end.column)
        return Number(end.digits, unit, end.column)
    return end

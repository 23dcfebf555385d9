"""What the commands share: options, exit codes, loading, and how mistakes of a user are told."""

from __future__ import annotations

import os
import shutil
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from isocourse.decisions.wording import Wording
    from isocourse.facts.record import Record
    from isocourse.library import Assessment, Library

ANSWERED, USAGE, NO_ANSWER, HELD = 0, 1, 2, 4
"""Exit codes; an assessment adds 3 (values left out) and 10 (a red finding). Where several hold, the first of 1, 2, 4, 10, 3, 0 counts."""


class NoAnswer(click.ClickException):
    """No answer is possible: one line, exit 2."""

    exit_code = NO_ANSWER


class Day(click.ParamType):  # type: ignore[type-arg]  # generic in some releases of click only
    """A calendar day as year-month-day."""

    name = "YYYY-MM-DD"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> int:  # noqa: ANN401 - click's signature
        """The day's number."""
        if isinstance(value, int):
            return value
        from isocourse.facts.days import whole_day

        try:
            return whole_day(value)
        except ValueError:
            self.fail(f'"{value}" is not a day of 1890 to 2200; write it as 2026-11-24', param, ctx)


class KnowledgeFolder(click.Path):
    """A folder that holds some knowledge: rules of one's own are never left out because the folder's name was misspelt."""

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Path:  # noqa: ANN401 - click's signature
        """The folder."""
        from isocourse.app.knowledge import shipped

        folder, ours = Path(os.fsdecode(super().convert(value, param, ctx))), sorted(shipped().iterdir())
        rooms = [each.name for each in ours if each.is_dir()]
        files = [each.name for each in ours if each.suffix == ".yaml"]
        if not any((folder / name).is_dir() for name in rooms) and not any((folder / name).is_file() for name in files):
            self.fail(f"{folder} holds no knowledge; name the folder that holds {', '.join(rooms)}", param, ctx)
        return folder


def today() -> int:
    """The day it is."""
    return date.today().toordinal()


RECORD = click.argument("record", type=click.Path(path_type=Path))
AS_OF = click.option("--as-of", type=Day(), default=today, show_default="today", help="The day to judge by.")
PROTOCOL = click.option(
    "--protocol", "protocols", multiple=True, help="Only this protocol or protocol/edition; may be given again."
)
JURISDICTION = click.option(
    "--jurisdiction",
    default="",
    help="Where the course is: US, UK, EU or one of its countries (FR, DE, ...), ...; overrides the record.",
)
PRODUCT = click.option(
    "--product", default="", help="The product in hand, for its formulation and label; see `isocourse protocols`."
)
PRESUME = click.option(
    "--presume",
    is_flag=True,
    help="Take what a problem or medication list on file does not name for a no; never for red lines, pregnancy or allergies.",
)
JSON = click.option("--json", "as_json", is_flag=True, help="Print JSON instead of text.")
WIDTH = click.option(
    "--width", type=click.IntRange(40, 400), default=None, help="Columns of text; the terminal's own by default."
)
LANGUAGE = click.option(
    "--language",
    type=click.Choice(["en", "ru", "uz"]),
    default="en",
    show_default=True,
    help="The language to tell it in; what is not translated stands in English, with a mark.",
)
KNOWLEDGE = click.option(
    "--knowledge",
    type=KnowledgeFolder(path_type=Path, exists=True, file_okay=False),
    default=None,
    envvar="ISOCOURSE_KNOWLEDGE",
    help="A folder of knowledge of your own: laid over the shipped one, or in its place if it is whole.",
)


def print_json(data: object) -> None:
    """Prints data as indented JSON."""
    import msgspec

    from isocourse.decisions.sentence import written
    from isocourse.decisions.wording import ENGLISH

    click.echo(msgspec.json.format(msgspec.json.encode(data, enc_hook=written(ENGLISH)), indent=2).decode())


def write_file(path: Path, text: str) -> None:
    """Writes a file and makes its folder; one line where that cannot be done."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    except OSError as problem:
        raise NoAnswer(
            f"{path} cannot be written: {problem.strerror}; choose another place. Nothing was written."
        ) from None


def columns(width: int | None) -> int:
    """How many columns to write."""
    return width or min(160, shutil.get_terminal_size((80, 24)).columns)


def styled(text: str, words: Wording | None = None) -> str:
    """Bold headings and red lines where the terminal shows them; the words carry everything without."""
    from isocourse.render.terminal import TITLES

    lines, titles = text.split("\n"), {words(title) if words else title for title in TITLES}
    return "\n".join(
        click.style(line, bold=True)
        if line in titles
        else click.style(line, fg="red", bold=True)
        if line.lstrip().startswith("! ")
        else line
        for line in lines
    )


def load(knowledge: Path | None) -> Library:
    """The library, or one line that says what is wrong with it."""
    from isocourse.app.knowledge import load_library
    from isocourse.facts.problem import ReadError

    try:
        return load_library(knowledge)
    except ReadError as error:
        raise NoAnswer(f"the knowledge cannot be read: {error}") from None


def judged(
    record: Path,
    as_of: int,
    protocols: Sequence[str],
    jurisdiction: str,
    product: str,
    knowledge: Path | None,
    *,
    presume: bool = False,
    language: str = "en",
) -> Assessment:
    """The record judged, in a language, or one line that says why it cannot be."""
    from msgspec.structs import replace

    from isocourse.app.assess import assess as judge
    from isocourse.library import Asked

    library, found = read(record, as_of, protocols, jurisdiction, product, knowledge)
    seen = judge(library, found, Asked(as_of, tuple(protocols), jurisdiction, product, presume))
    return seen if language == "en" else replace(seen, words=spoken(language, knowledge))


def read(
    record: Path, as_of: int, protocols: Sequence[str], jurisdiction: str, product: str, knowledge: Path | None
) -> tuple[Library, Record]:
    """The library and the record, or one line that says why one of them cannot be read."""
    from isocourse.app.record import read_record
    from isocourse.facts.problem import ReadError

    library = load(knowledge)
    _known(library, protocols, jurisdiction, product)
    try:
        found = read_record(record, library.catalogue, as_of)
    except ReadError as error:
        raise NoAnswer(str(error)) from None
    products = [each.name for each in library.products]
    if found.product and found.product not in products:
        from isocourse.logic.problems import did_you_mean

        raise NoAnswer(
            f'{record}: no product "{found.product}"{did_you_mean(found.product, products)}; see `isocourse protocols`'
        )
    return library, found


def spoken(language: str, knowledge: Path | None, *, notes: bool = False) -> Wording:
    """The words of a language, on demand with those of the notes on contradictions, or one line that says what is wrong with them."""
    from isocourse.app.words import load_words, with_notes
    from isocourse.facts.problem import ReadError

    try:
        words = load_words(language, knowledge)
        return with_notes(words, knowledge) if notes else words
    except ReadError as error:
        raise NoAnswer(f"the words of {language} cannot be read: {error}") from None


def _known(library: Library, protocols: Sequence[str], jurisdiction: str, product: str) -> None:
    checked("--protocol", protocols, [key for edition in library.editions for key in (edition.protocol, edition.key)])
    checked("--jurisdiction", [library.place(jurisdiction)] if jurisdiction else [], library.known_places)
    checked("--product", [product] if product else [], [each.name for each in library.products])


def checked(option: str, given: Sequence[str], known: Sequence[str]) -> None:
    """Whether every word given is known; a usage error with "did you mean" otherwise."""
    from isocourse.logic.problems import did_you_mean

    for word in given:
        if word not in known:
            raise click.BadParameter(
                f'"{word}" is not known{did_you_mean(word, known)}; known: {", ".join(dict.fromkeys(known))}',
                param_hint=option,
            )

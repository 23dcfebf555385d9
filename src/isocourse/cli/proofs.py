"""Commands that ask the solver: where guidance parts, and what is proved of every patient."""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import click

from isocourse.cli.options import (
    ANSWERED,
    JSON,
    KNOWLEDGE,
    LANGUAGE,
    NO_ANSWER,
    WIDTH,
    NoAnswer,
    checked,
    columns,
    load,
    print_json,
    spoken,
    write_file,
)

if TYPE_CHECKING:
    from isocourse.app.at_least import Compared
    from isocourse.app.disagreement import Disagreement, Side
    from isocourse.app.fold_mutants import FoldTried
    from isocourse.decisions.wording import Wording
    from isocourse.library import Library
    from isocourse.render.disagreements import Entry


def needs_solver() -> None:
    """Whether the solver is installed; one line otherwise."""
    try:
        import z3  # noqa: F401 - only whether it is there
    except ImportError:
        raise NoAnswer('the solver is not installed; install it with: pip install "isocourse[prove]"') from None


@contextmanager
def progress(label: str, length: int) -> Iterator[Callable[[int], None]]:
    """A progress bar on a terminal, and nothing elsewhere."""
    if not sys.stderr.isatty():
        yield lambda _: None
        return
    with click.progressbar(length=length, label=label, file=sys.stderr) as bar:
        yield bar.update


@click.command()
@click.argument("points", nargs=-1)
@click.option(
    "--protocol",
    "protocols",
    multiple=True,
    help="Only where this protocol or protocol/edition takes part; may be given again.",
)
@click.option("--all", "everything", is_flag=True, help="Also the rules that differ and can both be satisfied.")
@click.option("--full", is_flag=True, help="Write out every one; otherwise the first 25 of each kind.")
@click.option(
    "--html", type=click.Path(path_type=Path, dir_okay=False), default=None, help="Write one self-contained page here."
)
@click.option(
    "--witness",
    default="",
    metavar="ID",
    help="Print the witness of one contradiction as a record for `isocourse assess`.",
)
@LANGUAGE
@JSON
@WIDTH
@KNOWLEDGE
def contradictions(
    points: tuple[str, ...],
    protocols: tuple[str, ...],
    everything: bool,
    full: bool,
    html: Path | None,
    witness: str,
    language: str,
    as_json: bool,
    width: int | None,
    knowledge: Path | None,
) -> None:
    """List where guidance contradicts guidance, on POINTS or on all: found by the solver, with the patient it happens to.

    Five kinds: rules that no patient of some kind can both satisfy, with an invented witness; a source that asks about what it
    never has measured; statements that clash; damaged sentences; and, with --all, rules that differ. The witness differs in as
    few facts as can be from the reference patient; save it with --witness ID and judge it with `isocourse assess`.
    """
    needs_solver()
    from isocourse.app.disagreements import KINDS, disagreements

    library = load(knowledge)
    checked("POINTS", points, [point.name for point in library.points])
    checked("--protocol", protocols, [name for edition in library.editions for name in (edition.protocol, edition.key)])
    kinds = KINDS if everything else KINDS[:4]
    with progress("Asking about each pair of positions", pair_count(library)) as seen:
        found = disagreements(library, points=points, protocols=protocols, kinds=kinds, seen=seen)
    if witness:
        click.echo(record_text(found, witness), nl=False)
        return
    if as_json:
        print_json(found)
        return
    from isocourse.render.disagreements import HEADS, NONE, lines, page

    w = spoken(language, knowledge, notes=True)
    entries = [entry(library, each, w) for each in found]
    counts = Counter(each.kind for each in found)
    if html:
        write_file(html, page(entries, w(library.reference.say), counts, w))
        click.echo(f"{len(entries)} disagreements written to {html}")
        return
    if not entries:
        click.echo(w(NONE))
        return
    for line in lines(entries, columns(width), full=full, w=w):
        click.echo(line)
    kinds_told = {kind: kind if language == "en" else w(HEADS[kind]) for kind in counts}
    click.echo("\n" + "; ".join(f"{count} {kinds_told[kind]}" for kind, count in counts.items()))


def pair_count(library: Library) -> int:
    """How many pairs of positions there are."""
    sizes = [sum(len(edition.cell(point.name).positions) for edition in library.editions) for point in library.points]
    return sum(size * (size - 1) // 2 for size in sizes)


def record_text(found: list[Disagreement], wanted: str) -> str:
    """The witness of one contradiction as a record."""
    import yaml

    from isocourse.logic.problems import did_you_mean

    known = [each.id for each in found if each.record]
    chosen = next((each for each in found if wanted in (each.id, str(each.rank)) and each.record), None)
    if chosen is None:
        raise NoAnswer(
            f'no contradiction with a witness is called "{wanted}"{did_you_mean(wanted, known)}; see `isocourse contradictions`'
        )
    return yaml.safe_dump(chosen.record, sort_keys=False, allow_unicode=True, width=1000, default_style=None)


def entry(library: Library, each: Disagreement, w: Wording) -> Entry:
    """A disagreement, ready to be written."""
    from isocourse.app.disagreement_words import shown
    from isocourse.render.disagreements import HINGES, Entry

    told = shown(library, each, w)
    sides = [
        (_who(library, side, w), "; ".join(part.text for part in says))
        for side, says in zip((each.one, each.other), told.sides, strict=True)
    ]
    hinges = [
        w(HINGES, name=one.name, say=one.say.text, what=one.hinges_on.text) + (f" {one.note.text}" if one.note else "")
        for one in told.known
    ]
    return Entry(
        each.id,
        each.rank,
        each.kind,
        w(library.point(each.decision).question) if each.decision else "",
        sides[0],
        sides[1],
        told.witness,
        each.witness is not None,
        told.why.text if told.why else "",
        each.known_as,
        each.claims,
        told.damaged.text if told.damaged else told.topic,
        tuple(hinges),
        told.english,
        (library.edition_named(each.one.who) is None, library.edition_named(each.other.who) is None),
    )


def _who(library: Library, side: Side, w: Wording) -> str:
    """An edition by its short name, with its position; a source by its title, which stays as it is."""
    from isocourse.render.words import position_words

    edition = library.edition_named(side.who)
    if edition is None:
        return next((work.title for work in library.works if work.name == side.who), side.who)
    short = w(edition.short)
    return f"{short} ({position_words(side.position, w)})" if side.position else short


@click.command()
@click.option(
    "--at-least", default="", metavar="PROTOCOL", help="Prove that another protocol is no laxer than this one."
)
@click.option(
    "--protocol",
    "protocols",
    multiple=True,
    help="With --at-least: which protocol to prove it of; all others by default.",
)
@click.option(
    "--mutants",
    is_flag=True,
    help="Break every rule and every fold in every small way and list what nothing notices; takes minutes.",
)
@click.option("--full", is_flag=True, help="List what was proved too, and every unanswered demand by itself.")
@JSON
@KNOWLEDGE
def prove(
    at_least: str, protocols: tuple[str, ...], mutants: bool, full: bool, as_json: bool, knowledge: Path | None
) -> None:
    """Prove of every patient there could be what must hold: the safety rules, for any patient with any facts missing.

    A theorem that fails shows the patient nearest to the reference patient for whom it does. A question that the solver does not
    settle in time is undecided, never proved. Exit 0 if everything is proved or excepted with a reason, 2 otherwise.
    """
    needs_solver()
    library = load(knowledge)
    if at_least:
        sys.exit(_no_laxer(library, at_least, protocols, full=full, as_json=as_json))
    if mutants:
        sys.exit(_mutants(library, protocols, knowledge, as_json=as_json))
    from isocourse.app.prove import prove as run
    from isocourse.decisions.tables import words
    from isocourse.proofs.theorems import Outcome

    with progress("Proving", len(library.theorems.say)) as _:
        shown = list(run(library))
    bad = [each for each in shown if each.proof.outcome in (Outcome.FAILS, Outcome.UNDECIDED)]
    if as_json:
        print_json(
            [
                {
                    "theorem": each.proof.theorem,
                    "about": each.proof.about,
                    "outcome": each.proof.outcome,
                    "why": each.proof.why,
                    "patient": dict(each.patient),
                }
                for each in shown
            ]
        )
        sys.exit(NO_ANSWER if bad else ANSWERED)
    for name, say in library.theorems.say:
        mine = [each for each in shown if each.proof.theorem == name]
        counts = Counter(each.proof.outcome.value for each in mine)
        click.echo(
            f"{words(say)}\n  {name}: {', '.join(f'{count} {word}' for word, count in sorted(counts.items())) or 'nothing to prove'}"
        )
        for each in mine:
            if full or each.proof.outcome is not Outcome.PROVED:
                told = f"  {each.proof.outcome.value}: {each.proof.about}" + (
                    f" ({each.proof.why})" if each.proof.why else ""
                )
                click.echo(told)
                if each.patient and each.proof.outcome is Outcome.FAILS:
                    click.echo("    for: " + "; ".join(f"{fact}: {value}" for fact, value in each.patient))
    click.echo(f"\n{len(shown)} questions: {len(shown) - len(bad)} proved or excepted, {len(bad)} not.")
    sys.exit(NO_ANSWER if bad else ANSWERED)


def _mutants(library: Library, protocols: tuple[str, ...], knowledge: Path | None, *, as_json: bool) -> int:
    """Breaks every rule and every fold in every small way, and lists what nothing notices; only rules where protocols are named."""
    from isocourse.app.at_least import editions_named
    from isocourse.app.mutants import share_killed, try_mutants

    checked("--protocol", protocols, [name for edition in library.editions for name in (edition.protocol, edition.key)])
    wanted = tuple(edition for name in protocols for edition in editions_named(library, name)) or library.editions
    rows = sum(len(position.acting.rows) for edition in wanted for cell in edition.cells for position in cell.positions)
    with progress("Breaking rules", rows) as seen:
        tried = list(try_mutants(library, wanted, seen))
    folds = [] if protocols else _folds(library, knowledge)
    counts = Counter((each.mutant.kind, each.fate) for each in tried)
    counts += Counter((fold.mutant.kind, fold.fate) for fold in folds)
    survivors = [each for each in tried if each.fate == "survived"]
    unnoticed = [fold for fold in folds if fold.fate == "survived"]
    if as_json:
        print_json(
            {
                "counts": [
                    {"kind": kind, "fate": fate, "count": count} for (kind, fate), count in sorted(counts.items())
                ],
                "killed": share_killed(tried),
                "survivors": [
                    {
                        "edition": each.mutant.edition.key,
                        "point": each.mutant.point,
                        "position": each.mutant.position,
                        "row": each.mutant.row,
                        "kind": each.mutant.kind,
                        "change": each.mutant.what,
                    }
                    for each in survivors
                ],
                "folds_killed": share_killed(folds),
                "folds_survived": [
                    {
                        "fact": fold.mutant.fact.name,
                        "kind": fold.mutant.kind,
                        "change": fold.mutant.what,
                        "file": fold.by,
                    }
                    for fold in unnoticed
                ],
            }
        )
        return ANSWERED
    for kind in dict.fromkeys(kind for kind, _ in sorted(counts)):
        told = ", ".join(f"{count} {fate}" for (other, fate), count in sorted(counts.items()) if other == kind)
        click.echo(f"{kind}: {told}")
    for each in survivors:
        where = f"{each.mutant.edition.key} {each.mutant.point} {each.mutant.position} {each.mutant.row}"
        click.echo(f"  survived: {where}: {each.mutant.what}")
    for fold in unnoticed:
        click.echo(f"  survived: {fold.mutant.fact.name}: {fold.mutant.what}; told apart by: {fold.by}")
    click.echo(f"\n{len(tried)} broken rules; of those that change an answer {share_killed(tried):.1%} are noticed.")
    if folds:
        click.echo(f"{len(folds)} broken folds; of those that change a fact {share_killed(folds):.1%} are noticed.")
    return ANSWERED


def _folds(library: Library, knowledge: Path | None) -> list[FoldTried]:
    """Every fold broken in every small way."""
    from isocourse.app.fold_mutants import try_folds
    from isocourse.app.knowledge import folders
    from isocourse.reading.timelines import read_timelines

    timelines, _, _ = read_timelines(folders(knowledge), library.catalogue)
    with progress("Breaking folds", len(library.facts)) as seen:
        return list(try_folds(library, timelines, seen=seen))


def _no_laxer(library: Library, label: str, protocols: tuple[str, ...], *, full: bool, as_json: bool) -> int:
    """Proves editions no laxer than the label, or shows for whom they are."""
    from isocourse.app.at_least import at_least, editions_named
    from isocourse.proofs.question import Asker
    from isocourse.proofs.theorems import Outcome
    from isocourse.render.rows import row_words

    names = [name for edition in library.editions for name in (edition.protocol, edition.key)]
    checked("--at-least", [label], names)
    checked("--protocol", protocols, names)
    than = editions_named(library, label)[-1]
    wanted = [edition for name in protocols for edition in editions_named(library, name)] or list(library.editions)
    asker = Asker(library.program)
    found = [each for edition in wanted if edition is not than for each in at_least(library, edition, than, asker)]
    bad = [each for each in found if each.demand.outcome is not Outcome.PROVED]
    if as_json:
        print_json(
            [
                {
                    "edition": each.edition,
                    "than": each.than,
                    "point": each.demand.point.name,
                    "position": each.demand.position,
                    "row": each.demand.row,
                    "outcome": each.demand.outcome,
                    "why": each.demand.why,
                    "patient": dict(each.patient),
                }
                for each in found
            ]
        )
        return NO_ANSWER if bad else ANSWERED
    for edition in dict.fromkeys(each.edition for each in found):
        mine = [each for each in found if each.edition == edition]
        laxer = [each for each in mine if each.demand.outcome is not Outcome.PROVED]
        click.echo(
            f"{edition} against {than.key}: "
            + (f"laxer in {len(laxer)} of {len(mine)} demands" if laxer else f"no laxer in any of {len(mine)} demands")
        )
        for line in [] if full else _unanswered_lines(laxer):
            click.echo(line)
        for each in mine if full else [each for each in laxer if not each.demand.why]:
            point = each.demand.point
            rows = [
                row
                for position in than.cell(point.name).positions
                for row in position.acting.rows
                if row.name == each.demand.row
            ]
            said = row_words(point, rows[0]) if rows else each.demand.row
            click.echo(
                f"  {each.demand.outcome.value}: {point.name}: {than.key} says {said}"
                + (f"; {each.demand.why}" if each.demand.why else "")
            )
            if each.demand.outcome is Outcome.FAILS and not each.demand.why:
                click.echo(
                    "    for: "
                    + (
                        "; ".join(f"{fact}: {value}" for fact, value in each.patient)
                        or "the reference patient as she is"
                    )
                )
    return NO_ANSWER if bad else ANSWERED


def _unanswered_lines(laxer: list[Compared]) -> list[str]:
    """The demands on points that the edition says nothing on, or was not read on: one line for each reason, with the points."""
    gathered: dict[str, list[Compared]] = {}
    for each in laxer:
        if each.demand.why:
            gathered.setdefault(each.demand.why, []).append(each)
    lines = []
    for why, several in gathered.items():
        points = list(dict.fromkeys(each.demand.point.name for each in several))
        lines.append(f"  fails, {len(several)} demands: {why}: {', '.join(points)}; --full lists them one by one")
    return lines


@click.command()
@click.argument("old")
@click.argument("new")
@JSON
@KNOWLEDGE
def diff(old: str, new: str, as_json: bool, knowledge: Path | None) -> None:
    """Show what changed from edition OLD to edition NEW, for whom, and which sample patients get another answer."""
    needs_solver()
    from isocourse.app.difference import affected, changes
    from isocourse.app.samples import SAMPLE_DAY, samples
    from isocourse.decisions.tables import words
    from isocourse.render.changes import changes_data, changes_lines

    library = load(knowledge)
    keys = [edition.key for edition in library.editions]
    checked("OLD", [old], keys)
    checked("NEW", [new], keys)
    one, other = library.edition(old), library.edition(new)
    found = changes(library, one, other)
    told = affected(library, one, other, samples(library), SAMPLE_DAY)
    if as_json:
        print_json(
            {
                "old": old,
                "new": new,
                "changes": changes_data(library, found),
                "patients": [{"name": name, "points": points} for name, points in told],
            }
        )
        return
    for line in changes_lines(library, found):
        click.echo(line)
    click.echo(
        f"\n{len(found)} changes from {old} to {new}."
        if found
        else f"Nothing found that {new} says otherwise than {old}."
    )
    for name, points in told:
        titles = ", ".join(words(library.point(point).title) for point in points)
        click.echo(f"sample patient {name}: another answer on {titles}")
    if not told:
        click.echo("No sample patient gets another answer.")

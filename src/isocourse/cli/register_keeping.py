"""The commands that keep a register sound: verify, rebuild, back up, restore, bring in, take out, erase, keys, upgrade."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from isocourse.cli.options import ANSWERED, AS_OF, JSON, KNOWLEDGE, NO_ANSWER, NoAnswer, load, print_json
from isocourse.cli.register import FILE, Asked, bar, closed_at_the_end, command, register

if TYPE_CHECKING:
    from isocourse.register.register import Register

__all__ = ["register"]
"""The whole group: the commands of both files."""


def _events(opened: Register) -> int:
    """About how many events there are, for a bar."""
    head = opened.head()
    return head.seq if head else 0


@command("verify")
@click.option("--head", "heads", type=FILE, multiple=True, help="A signed head kept elsewhere; may be given again.")
@JSON
def verify_register(asked: Asked, heads: tuple[Path, ...], as_json: bool) -> None:
    """Check every link, seal and signature, and compare the projections with what the events give."""
    from isocourse.app.register_keeping import read_heads
    from isocourse.register.verify import verify

    opened = asked.open()
    own = opened.signer().public if opened.key.exists() else ""
    with bar("Events looked at, each twice", 2 * _events(opened) or None) as progress:
        found = verify(opened, read_heads(heads), progress, own_key=own)
    if as_json:
        print_json(found)
    else:
        for fault in found.faults:
            click.echo(f"! {fault}")
        click.echo(f"{found.events} events, {found.erased} patients erased; {found.head or 'no signed head'}.")
        if found.trail:
            click.echo(f"{found.trail} entries in the trail of who looked at what.")
        click.echo(
            "Nothing is wrong with it."
            if found.sound
            else "Do not write to it; keep a copy as it is, and compare with the last backup."
        )
    sys.exit(ANSWERED if found.sound else NO_ANSWER)


@command("rebuild")
@JSON
def rebuild(asked: Asked, as_json: bool) -> None:
    """Drop the projections and make them anew from all events."""
    opened = asked.open()
    with bar("Events read", _events(opened) or None) as progress:
        count = opened.rebuild(progress)
    if as_json:
        print_json({"events": count})
    else:
        click.echo(f"Rebuilt from {count} events.")


@command("upgrade")
@JSON
def upgrade(asked: Asked, as_json: bool) -> None:
    """Take the tables of an older register to this version: all of it, or nothing."""
    from isocourse.register.register import upgrade_register

    with bar("Events read") as progress:
        before, count = upgrade_register(asked.address, asked.key, progress)
    if as_json:
        print_json({"before": before, "events": count})
    else:
        click.echo(
            f"Taken from version {before} to the newest; {count} events, none lost. `isocourse register verify` checks them."
        )


@command("backup")
@click.argument("file", type=FILE)
@JSON
def backup(asked: Asked, file: Path, as_json: bool) -> None:
    """Write everything to FILE, names and keys too: keep it as you keep the register."""
    from isocourse.register.backup import back_up

    with bar("Lines written") as progress:
        count = back_up(asked.open(), file, asked.stamp(), progress)
    if as_json:
        print_json({"events": count, "file": str(file)})
    else:
        click.echo(
            f"{count} events written to {file}. It holds names and keys; who was erased since an older backup is still in that one."
        )


@command("restore")
@click.argument("file", type=FILE)
@JSON
def restore_register(asked: Asked, file: Path, as_json: bool) -> None:
    """Make a new register at --register from a backup in FILE."""
    from isocourse.register.backup import restore
    from isocourse.register.register import empty_register

    opened = closed_at_the_end(empty_register(asked.address, asked.key))
    with bar("Lines read") as progress:
        count = restore(opened, file, asked.stamp(), progress)
    if as_json:
        print_json({"events": count, "register": opened.address})
    else:
        click.echo(f"{count} events restored to {opened.address}. `isocourse register verify` checks them.")


@command("import")
@click.argument("files", nargs=-1, required=True, type=FILE)
@AS_OF
@KNOWLEDGE
@JSON
def bring_in(asked: Asked, files: tuple[Path, ...], as_of: int, knowledge: Path | None, as_json: bool) -> None:
    """Add the patient of each file: a native record, a FHIR document, or a table of entries (.csv, see `export`)."""
    from isocourse.app.register_transfer import bring_in as brought

    library = load(knowledge)
    with bar("Patients added") as progress:
        count, problems = brought(asked.open(), asked.stamp(library.digest), library, files, as_of, progress)
    if as_json:
        print_json({"patients": count, "problems": [each.line() for each in problems]})
    else:
        for problem in problems[:20]:
            click.echo(f"- {problem.line()} It is kept as written.")
        more = f"; {len(problems)} values that cannot be believed" if problems else ""
        click.echo(f"{count} patients added{more}.")
    sys.exit(3 if any(problem.left_out for problem in problems) else ANSWERED)


@command("export")
@click.argument("file", type=FILE)
@click.option(
    "--fhir", "course", default="", metavar="COURSE", help="One course as a FHIR R4 Bundle, instead of all as a table."
)
@AS_OF
@KNOWLEDGE
@JSON
def export(asked: Asked, file: Path, course: str, as_of: int, knowledge: Path | None, as_json: bool) -> None:
    """Write every course to FILE as one table (CSV), or with --fhir one course as FHIR; that it was done is kept."""
    from isocourse.app.register_transfer import export_fhir, export_table

    if course:
        said = export_fhir(asked.open(), asked.stamp(), load(knowledge), course, as_of, file)
    else:
        with bar("Courses written") as progress:
            said = export_table(asked.open(), asked.stamp(), file, progress)
    if as_json:
        print_json({"file": str(file), "written": said.written, "left_out": said.left_out})
        return
    click.echo(f"{said.words} written to {file}. It holds what identifies patients.")
    for each in said.left_out:
        click.echo(f"- left out: {each}")


@command("erase")
@click.argument("patient")
@click.option("--why", required=True, help="On whose request; no names, it is kept.")
@click.option("--yes", is_flag=True, help="Do not ask.")
@JSON
def erase(asked: Asked, patient: str, why: str, yes: bool, as_json: bool) -> None:
    """Erase PATIENT: the name and the key that opens every entry. The chain stays whole; nobody can undo it."""
    if not yes and not click.confirm(f"Erase {patient} for good?"):
        raise NoAnswer("nothing was erased")
    asked.open().erase(asked.stamp(), patient, why)
    if as_json:
        print_json({"erased": patient})
    else:
        click.echo(
            f"{patient} was erased. Backups made before still hold the patient: destroy them, or restore and erase."
        )


@command("identify")
@click.argument("patient")
@click.option("--name", default=None, help="Who it is.")
@click.option("--number", default=None, help="The medical record number.")
@click.option("--contact", default=None, help="How to reach the patient.")
@click.option("--birth", default=None, help="2006-02-17, or 2006.")
@JSON
def identify(asked: Asked, patient: str, as_json: bool, **person: str | None) -> None:
    """Correct who stands behind PATIENT; what is not given stays as it is."""
    from isocourse.app.register import identify as identified

    now = identified(asked.open(), asked.stamp(), patient, person)
    if as_json:
        print_json(now)
    else:
        click.echo(f"{patient}: {now.name}, born {now.birth}, number {now.number}.")


@command("key")
@click.option("--new", is_flag=True, help="Make a new signing key, and write its public half into the chain.")
@click.option("--adopt", is_flag=True, help="Let this machine sign: write its public key into the chain.")
@click.option(
    "--publish", type=FILE, default=None, help="Write the newest signed head to this file, to be kept elsewhere."
)
@JSON
def key(asked: Asked, new: bool, adopt: bool, publish: Path | None, as_json: bool) -> None:
    """Show the public key of this machine and the newest signed head; a head kept elsewhere proves that nothing was cut off."""
    from isocourse.app.register_keeping import publish_head

    opened = asked.open()
    signer = opened.rekey(asked.stamp()) if new else opened.adopt(asked.stamp()) if adopt else opened.signer()
    head = opened.head()
    if publish is not None:
        publish_head(head, publish)
    if as_json:
        print_json({"public": signer.public, "file": str(opened.key), "head": head})
        return
    click.echo(f"Public key {signer.public} ({opened.key}).")
    if head is not None:
        click.echo(f"Signed up to event {head.seq} at {head.at}: {head.hash}.")

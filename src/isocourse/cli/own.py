"""A protocol of one's own: a copy of a shipped edition to start from."""

from __future__ import annotations

import re
from pathlib import Path

import click

from isocourse.cli.options import NoAnswer, checked, load

NAME = re.compile(r"[a-z][a-z0-9]*(-[a-z0-9]+)*")


@click.command()
@click.argument("edition")
@click.argument("folder", type=click.Path(path_type=Path, file_okay=False))
@click.option("--as", "name", required=True, help="The name of your protocol, such as our-clinic.")
def adopt(edition: str, folder: Path, name: str) -> None:
    """Copy EDITION into FOLDER as a protocol of your own, to be changed, checked and proved no laxer than the original."""
    from isocourse.app.knowledge import shipped

    library = load(None)
    checked("EDITION", [edition], [each.key for each in library.editions])
    if not NAME.fullmatch(name):
        raise click.BadParameter(
            f'"{name}" is not a name; small letters, digits and hyphens, such as our-clinic', param_hint="--as"
        )
    if any(each.protocol == name for each in library.editions):
        raise click.BadParameter(f'"{name}" is a shipped protocol; choose another name', param_hint="--as")
    source = shipped() / "protocols" / edition
    target = folder / "protocols" / name / source.name
    if target.exists():
        raise NoAnswer(f"{target} is there already; nothing was written")
    target.mkdir(parents=True)
    for path in sorted(source.glob("*.yaml")):
        text = path.read_text(encoding="utf-8")
        if path.stem == "edition":
            text = _card(text, name, edition)
        (target / path.name).write_text(text, encoding="utf-8")
    click.echo(f"Copied {edition} to {target}. Next:")
    click.echo(f"  isocourse check --knowledge {folder}")
    click.echo(f"  isocourse prove --knowledge {folder} --at-least {edition} --protocol {name}")


def _card(text: str, name: str, edition: str) -> str:
    """The edition's card under its new name; it no longer binds by law, so it is a guideline of the house."""
    text = re.sub(r"^protocol: .*$", f"protocol: {name}", text, count=1, flags=re.M)
    text = re.sub(r"^title: .*$", f"title: {{en: '{name}, after {edition}'}}", text, count=1, flags=re.M)
    text = re.sub(r"^short: .*$", f"short: {{en: {name[:14]}}}", text, count=1, flags=re.M)
    text = re.sub(r"^authority: .*$", "authority: guideline", text, count=1, flags=re.M)
    return re.sub(r"^relations:(.*\n)((?:  .*\n)*)", "", text, flags=re.M)

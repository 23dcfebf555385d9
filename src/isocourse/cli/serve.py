"""The command `serve`: the workbench on this machine."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from isocourse.cli.options import KNOWLEDGE, NoAnswer, today

if TYPE_CHECKING:
    from isocourse.register.problem import RegisterError
    from isocourse.register.register import Register


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True, help="Where to listen; this machine only.")
@click.option("--port", type=click.IntRange(1, 65535), default=8765, show_default=True, help="The port.")
@click.option(
    "--register",
    "address",
    envvar="ISOCOURSE_REGISTER",
    default="",
    help="The register to open: a SQLite file or postgresql://...; without it nothing is stored.",
)
@click.option(
    "--key",
    envvar="ISOCOURSE_REGISTER_KEY",
    type=click.Path(path_type=Path, dir_okay=False),
    default=None,
    help="The signing key of this machine.",
)
@KNOWLEDGE
def serve(host: str, port: int, address: str, key: Path | None, knowledge: Path | None) -> None:
    """Open the workbench: pages and a JSON interface in a browser on this machine.

    The start address is printed here and works once. Without --register nothing is stored; what is entered is kept in memory
    until you leave.
    """
    try:
        import uvicorn

        from isocourse.web.desk import Desk
        from isocourse.web.server import server
    except ImportError as problem:
        raise NoAnswer(
            f'the workbench is not installed ({problem.name}); install it with: pip install "isocourse[web]"'
        ) from None
    import secrets
    import time

    from isocourse.web.settings import RefusedToListenError, Settings, checked_host

    try:
        place = checked_host(host)
    except RefusedToListenError as problem:
        raise NoAnswer(str(problem)) from None
    token = secrets.token_urlsafe(24)
    from isocourse.cli.register import now

    settings = Settings(
        place,
        port,
        time.monotonic,
        today,
        lambda line: click.echo(f"Open this address, once: {line}"),
        token,
        now,
        knowledge,
    )
    app, door = server(settings, Desk(knowledge), _register(address, key) if address else None)
    click.echo(f"For programs on this machine: Authorization: Bearer {token}")
    door.tell()
    uvicorn.run(
        app,
        host=place.strip("[]"),
        port=port,
        access_log=False,
        log_level="warning",
        server_header=False,
        date_header=True,
    )


def _register(address: str, key: Path | None) -> Register | RegisterError:
    """The register at an address, or one line that says why it cannot be opened; of another version, its pages say it too."""
    from isocourse.cli.register import told_defaults
    from isocourse.register.problem import RegisterError, VersionError

    try:
        return told_defaults(address, key, "").open()
    except VersionError as problem:
        click.echo(f"The register cannot be used: {problem}", err=True)
        return problem
    except RegisterError as problem:
        raise NoAnswer(str(problem)) from None

"""The command `serve`: the workbench on this machine."""

from __future__ import annotations

from pathlib import Path

import click

from isocourse.cli.options import KNOWLEDGE, NoAnswer, today


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True, help="Where to listen; this machine only.")
@click.option("--port", type=click.IntRange(1, 65535), default=8765, show_default=True, help="The port.")
@KNOWLEDGE
def serve(host: str, port: int, knowledge: Path | None) -> None:
    """Open the workbench: pages and a JSON interface in a browser on this machine.

    The start address is printed here and works once. Nothing is stored; what is entered is kept in memory until you leave.
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
    settings = Settings(
        place,
        port,
        time.monotonic,
        today,
        lambda line: click.echo(f"Open this address, once: {line}"),
        token,
        knowledge,
    )
    app, door = server(settings, Desk(knowledge))
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

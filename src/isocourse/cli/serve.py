"""The command `serve`: the workbench on this machine, or in a clinic."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from isocourse.cli.clinic import Typed, clinic_from, clinic_options, told
from isocourse.cli.options import KNOWLEDGE, NoAnswer, today

if TYPE_CHECKING:
    from isocourse.register.problem import RegisterError
    from isocourse.register.register import Register
    from isocourse.web.settings import Settings


@click.command()
@click.option(
    "--host", default="127.0.0.1", show_default=True, help="Where to listen; this machine only, unless people sign in."
)
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
@clinic_options
def serve(
    host: str,
    port: int,
    address: str,
    key: Path | None,
    knowledge: Path | None,
    **clinic_words: Any,  # noqa: ANN401 - click's options
) -> None:
    """Open the workbench: pages and a JSON interface in a browser on this machine, or, with --issuer, in a clinic.

    On one machine the start address is printed here and works once. Without --register nothing is stored; what is entered is
    kept in memory until you leave. In a clinic people sign in at the clinic's provider; docs/guide/workbench.md shows how.
    """
    try:
        from isocourse.web.ready import hurry

        hurry()
        import uvicorn

        from isocourse.web.desk import Desk
        from isocourse.web.server import server
    except ImportError as problem:
        raise NoAnswer(
            f'the workbench is not installed ({problem.name}); install it with: pip install "isocourse[web]"'
        ) from None
    from isocourse.register.problem import RegisterError

    typed = Typed(**clinic_words)
    settings = _settings(typed, host, port, address, knowledge)
    register = _register(address, key) if address else None
    if settings.clinic is not None and isinstance(register, RegisterError):
        raise NoAnswer(str(register))
    try:
        app, door = server(settings, Desk(knowledge), register)
    except RegisterError as problem:
        raise NoAnswer(str(problem)) from None
    if settings.clinic is not None:
        told(settings.clinic)
    else:
        click.echo(f"For programs on this machine: Authorization: Bearer {settings.api_token}")
        door.tell()
    uvicorn.run(
        app,
        host=settings.host.strip("[]"),
        port=port,
        access_log=False,
        log_level="warning",
        server_header=False,
        date_header=True,
        proxy_headers=bool(typed.proxies),
        forwarded_allow_ips=list(typed.proxies),
        ssl_certfile=typed.certificate,
        ssl_keyfile=typed.certificate_key,
    )


def _settings(typed: Typed, host: str, port: int, address: str, knowledge: Path | None) -> Settings:
    """What the server is told, once it is certain that nobody comes in who should not."""
    import os
    import secrets
    import time

    from isocourse.cli.register import now
    from isocourse.web.clinic import RefusedToListenError
    from isocourse.web.settings import Settings, checked_host

    clinic = clinic_from(typed, address, dict(os.environ)) if typed.wanted else None
    try:
        place = checked_host(host) if clinic is None else host
    except RefusedToListenError as problem:
        raise NoAnswer(str(problem)) from None
    token = secrets.token_urlsafe(24) if clinic is None else ""

    def tell(line: str) -> None:
        click.echo(f"Open this address, once: {line}")

    return Settings(place, port, time.monotonic, today, tell, token, now, knowledge, clinic=clinic)


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

"""The options of `serve` for a clinic: who vouches for people, which groups have which role, and how TLS reaches it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

import click
from msgspec import Struct

from isocourse.cli.options import NoAnswer

if TYPE_CHECKING:
    from isocourse.web.clinic import Clinic

F = TypeVar("F", bound=Callable[..., object])
FILE = click.Path(path_type=Path, dir_okay=False)
SECRET = "ISOCOURSE_OIDC_CLIENT_SECRET"

OPTIONS = (
    click.option(
        "--address",
        "seen_at",
        envvar="ISOCOURSE_ADDRESS",
        default="",
        help="What browsers open: https://isocourse.example.",
    ),
    click.option(
        "--issuer",
        envvar="ISOCOURSE_OIDC_ISSUER",
        default="",
        help="The provider at which people sign in (OpenID Connect).",
    ),
    click.option(
        "--client-id", envvar="ISOCOURSE_OIDC_CLIENT_ID", default="", help="How the provider knows this program."
    ),
    click.option(
        "--client-secret-file",
        "secret_file",
        envvar="ISOCOURSE_OIDC_CLIENT_SECRET_FILE",
        type=FILE,
        default=None,
        help=f"A file with the secret that the provider gave; or set {SECRET}.",
    ),
    click.option(
        "--roles-claim",
        envvar="ISOCOURSE_OIDC_ROLES_CLAIM",
        default="groups",
        show_default=True,
        help="What the provider calls people's groups; realm_access.roles leads inwards.",
    ),
    click.option(
        "--role",
        "roles",
        multiple=True,
        metavar="GROUP=ROLE",
        help="Who has which role: reader, clinician, pharmacist, auditor, admin; may be given again.",
    ),
    click.option(
        "--certificate", envvar="ISOCOURSE_CERTIFICATE", type=FILE, default=None, help="A certificate for TLS."
    ),
    click.option(
        "--certificate-key", envvar="ISOCOURSE_CERTIFICATE_KEY", type=FILE, default=None, help="Its private key."
    ),
    click.option(
        "--proxy",
        "proxies",
        multiple=True,
        metavar="ADDRESS",
        help="A proxy that ends TLS in front of this server, such as 127.0.0.1; may be given again.",
    ),
)


def clinic_options(command: F) -> F:
    """The options of a clinic."""
    for option in reversed(OPTIONS):
        command = option(command)
    return command


class Typed(Struct, frozen=True):
    """What was typed of them."""

    seen_at: str
    issuer: str
    client_id: str
    secret_file: Path | None
    roles_claim: str
    roles: tuple[str, ...]
    certificate: Path | None
    certificate_key: Path | None
    proxies: tuple[str, ...]

    @property
    def wanted(self) -> bool:
        """Whether people are to sign in."""
        return bool(self.issuer or self.client_id or self.seen_at or self.roles or self.secret_file or self.proxies)


def clinic_from(typed: Typed, register: str, environment: dict[str, str]) -> Clinic:
    """The clinic that was asked for.

    Raises:
        NoAnswer: something is missing, cannot be read, or is not safe; one line says what.
    """
    from isocourse.web.clinic import RefusedToListenError, clinic_of

    roles = typed.roles or tuple(filter(None, environment.get("ISOCOURSE_OIDC_ROLES", "").split(";")))
    try:
        clinic = clinic_of(
            typed.seen_at, typed.issuer, typed.client_id, _secret(typed, environment), typed.roles_claim, roles
        )
    except RefusedToListenError as problem:
        raise NoAnswer(str(problem)) from None
    if not register:
        raise NoAnswer(
            "people are to sign in, and there is no register: the trail of who looks at what is kept in it; give --register. Nothing was started."
        )
    _checked_tls(typed)
    return clinic


def _secret(typed: Typed, environment: dict[str, str]) -> str:
    if typed.secret_file is None:
        return environment.get(SECRET, "").strip()
    try:
        return typed.secret_file.read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError) as problem:
        said = getattr(problem, "strerror", None) or "it is not text"
        raise NoAnswer(
            f"--client-secret-file {typed.secret_file}: it cannot be read ({said}). Nothing was started."
        ) from None


def _checked_tls(typed: Typed) -> None:
    """Whether every connection comes over TLS: names and pages of patients are in it."""
    import ipaddress
    import ssl

    for proxy in typed.proxies:
        try:
            ipaddress.ip_network(proxy)
        except ValueError:
            raise NoAnswer(
                f"--proxy {proxy}: expected an address or a network, such as 127.0.0.1 or 10.1.0.0/24. Nothing was started."
            ) from None
    if typed.certificate is None and typed.certificate_key is None:
        if not typed.proxies:
            raise NoAnswer(
                "pages would go over the network unencrypted; give --certificate and --certificate-key, or --proxy with the address of the proxy "
                "that ends TLS. Nothing was started."
            )
        return
    if typed.certificate is None or typed.certificate_key is None:
        raise NoAnswer("--certificate and --certificate-key go together. Nothing was started.")
    try:
        ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER).load_cert_chain(typed.certificate, typed.certificate_key)
    except (OSError, ssl.SSLError) as problem:
        said = getattr(problem, "reason", None) or problem.strerror or "not a certificate with its key"
        raise NoAnswer(
            f"{typed.certificate}: the certificate cannot be used with its key ({said}). Nothing was started."
        ) from None


def told(clinic: Clinic) -> None:
    """Says where people come in, and whether the provider answers."""
    import asyncio
    import time

    from isocourse.web.provider import NotAnsweringError, Provider

    click.echo(
        f"People sign in at {clinic.address}; the provider must know {clinic.back} as where to send them back to."
    )
    try:
        asyncio.run(Provider(clinic, time.monotonic, time.time).about())
    except NotAnsweringError as problem:
        click.echo(
            f"The provider {clinic.issuer} does not answer as it should now ({problem}); until it does, nobody can sign in.",
            err=True,
        )
    except ModuleNotFoundError as problem:
        raise NoAnswer(
            f'signing in is not installed ({problem.name}); install it with: pip install "isocourse[clinic]". Nothing was started.'
        ) from None

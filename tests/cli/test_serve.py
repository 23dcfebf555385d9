"""What `serve` refuses to start with, in one line each, and what it hands on to the server when it starts."""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from isocourse.cli.main import cli
from isocourse.register.events import Stamp
from isocourse.register.register import init_register
from tests.web.real_provider import certificate

Serve = Callable[..., Result]
NOBODY = "http://127.0.0.1:9"
"""A provider that does not answer."""


@pytest.fixture
def started(monkeypatch: pytest.MonkeyPatch) -> list[Mapping[str, Any]]:
    """What the server was started with, each time that it was."""
    found: list[Mapping[str, Any]] = []
    monkeypatch.setattr("uvicorn.run", lambda app, **given: found.append({"app": app, **given}))
    for name in ("REGISTER", "OIDC_ISSUER", "ADDRESS", "OIDC_CLIENT_SECRET", "OIDC_ROLES"):
        monkeypatch.delenv(f"ISOCOURSE_{name}", raising=False)
    return found


@pytest.fixture
def words(tmp_path: Path) -> dict[str, str]:
    """A whole command: each option, and what is given."""
    init_register(str(tmp_path / "r.db"), tmp_path / "k.pem", Stamp("tests", "2026-11-24T09:30:00.000000Z")).close()
    cert, key = certificate(tmp_path)
    (tmp_path / "secret").write_text("hush\n")
    return {
        "--host": "0.0.0.0",
        "--register": str(tmp_path / "r.db"),
        "--key": str(tmp_path / "k.pem"),
        "--address": "https://isocourse.clinic.example",
        "--issuer": NOBODY,
        "--client-id": "isocourse",
        "--client-secret-file": str(tmp_path / "secret"),
        "--role": "Derm doctors=clinician",
        "--certificate": str(cert),
        "--certificate-key": str(key),
    }


def serve(given: Mapping[str, str | None], **environment: str) -> Result:
    """Runs the command; None leaves an option out."""
    typed = [part for name, value in given.items() if value is not None for part in (name, value)]
    return CliRunner().invoke(cli, ["serve", *typed], env=environment)


def test_a_whole_command_starts_a_clinic(words: dict[str, str], started: list[Mapping[str, Any]]) -> None:
    done = serve(words)
    assert done.exit_code == 0, done.output
    [given] = started
    assert (given["host"], given["ssl_certfile"]) == ("0.0.0.0", Path(words["--certificate"]))
    assert (given["proxy_headers"], given["forwarded_allow_ips"]) == (False, [])
    settings = given["app"].settings
    assert settings.clinic.client_secret == "hush"
    assert settings.clinic.roles == {"Derm doctors": "clinician"}
    assert settings.api_token == ""
    assert "https://isocourse.clinic.example/signed-in" in done.output
    assert "does not answer as it should now" in done.output
    assert "Bearer" not in done.output
    assert "hush" not in done.output + repr(settings)


def test_behind_a_proxy_only_the_proxy_says_who_came_and_how(
    words: dict[str, str], started: list[Mapping[str, Any]]
) -> None:
    done = serve(words | {"--certificate": None, "--certificate-key": None, "--proxy": "10.1.0.0/24"})
    assert done.exit_code == 0, done.output
    assert (started[0]["proxy_headers"], started[0]["forwarded_allow_ips"]) == (True, ["10.1.0.0/24"])


def test_secret_and_roles_may_come_from_the_environment(
    words: dict[str, str], started: list[Mapping[str, Any]]
) -> None:
    given = words | {"--client-secret-file": None, "--role": None}
    roles = "cn=derm,ou=staff=clinician;Audit = auditor"
    done = serve(given, ISOCOURSE_OIDC_CLIENT_SECRET="hush", ISOCOURSE_OIDC_ROLES=roles)
    assert done.exit_code == 0, done.output
    clinic = started[0]["app"].settings.clinic
    assert clinic.roles == {"cn=derm,ou=staff": "clinician", "Audit": "auditor"}
    assert clinic.client_secret == "hush"


def test_the_secret_is_never_on_the_command_line() -> None:
    from isocourse.cli.serve import serve as command

    names = [name for param in command.params for name in param.opts]
    assert "--client-secret-file" in names
    assert not [name for name in names if name in ("--client-secret", "--secret", "--password")]


def test_a_first_start_makes_this_machines_own_register_and_a_second_one_opens_it(
    started: list[Mapping[str, Any]], tmp_path: Path
) -> None:
    home = {"XDG_DATA_HOME": str(tmp_path / "data"), "XDG_CONFIG_HOME": str(tmp_path / "config")}
    done = serve({}, **home)
    assert done.exit_code == 0, done.output
    place = tmp_path / "data" / "isocourse" / "register.db"
    assert f"A new register is at {place}" in " ".join(done.output.split())
    before = place.stat().st_ino
    again = serve({}, **home)
    assert again.exit_code == 0, again.output
    assert "new register" not in again.output
    assert place.stat().st_ino == before
    assert len(started) == 2


def test_without_a_register_nothing_is_stored(started: list[Mapping[str, Any]], tmp_path: Path) -> None:
    home = {"XDG_DATA_HOME": str(tmp_path / "data"), "XDG_CONFIG_HOME": str(tmp_path / "config")}
    done = CliRunner().invoke(cli, ["serve", "--no-register"], env=home)
    assert done.exit_code == 0, done.output
    assert len(started) == 1
    assert list(tmp_path.rglob("*")) == []
    both = CliRunner().invoke(cli, ["serve", "--no-register", "--register", "r.db"], env=home)
    assert "not both" in both.output
    assert len(started) == 1


def test_on_one_machine_nobody_may_say_that_a_request_came_from_elsewhere(
    started: list[Mapping[str, Any]], tmp_path: Path
) -> None:
    done = serve({"--register": None}, XDG_DATA_HOME=str(tmp_path), XDG_CONFIG_HOME=str(tmp_path))
    assert done.exit_code == 0, done.output
    assert (started[0]["host"], started[0]["proxy_headers"]) == ("127.0.0.1", False)
    assert "Open this address, once: http://127.0.0.1:8765/start?token=" in done.output


@pytest.mark.parametrize(
    ("change", "said"),
    [
        pytest.param({"--issuer": None}, "--issuer is missing", id="no-provider"),
        pytest.param({"--client-id": None, "--role": None}, "--client-id, --role are missing", id="two-missing"),
        pytest.param({"--client-secret-file": None}, "--client-secret-file is missing", id="no-secret"),
        pytest.param({"--client-secret-file": "/nowhere/secret"}, "cannot be read", id="secret-not-there"),
        pytest.param({"--register": None}, "there is no register", id="no-register"),
        pytest.param({"--address": None}, "--address is missing", id="no-address"),
        pytest.param({"--address": "http://isocourse.clinic.example"}, "over TLS", id="address-without-tls"),
        pytest.param({"--address": "https://isocourse.clinic.example/app"}, "without a path", id="address-with-a-path"),
        pytest.param({"--issuer": "http://sso.clinic.example"}, "must be https", id="provider-without-tls"),
        pytest.param({"--role": "Derm=surgeon"}, "one of reader, clinician", id="no-such-role"),
        pytest.param({"--role": "clinician"}, "expected GROUP=ROLE", id="no-group"),
        pytest.param({"--certificate": None}, "go together", id="key-without-certificate"),
        pytest.param({"--certificate": None, "--certificate-key": None}, "unencrypted", id="no-tls-at-all"),
        pytest.param({"--certificate-key": "SAME"}, "cannot be used with its key", id="not-its-key"),
        pytest.param({"--proxy": "nginx"}, "expected an address or a network", id="proxy-by-name"),
        pytest.param({"--register": "/nowhere/r.db"}, "there is no register here", id="register-not-there"),
    ],
)
def test_a_clinic_that_would_not_be_safe_is_not_started(
    words: dict[str, str], started: list[Mapping[str, Any]], change: dict[str, str | None], said: str
) -> None:
    if change.get("--certificate-key") == "SAME":
        change = {"--certificate-key": words["--certificate"]}
    done = serve({**words, **change})
    assert done.exit_code == 2
    assert said in done.output
    assert done.output.count("\n") == 1
    assert started == []


def test_a_signing_key_that_the_register_does_not_know_starts_nothing(
    words: dict[str, str], started: list[Mapping[str, Any]], tmp_path: Path
) -> None:
    from isocourse.register.signing import new_signer

    done = serve(words | {"--key": str(new_signer(tmp_path / "other.pem").place)})
    assert (done.exit_code, started) == (2, [])
    assert "does not know this key" in done.output


@pytest.mark.parametrize("name", ["httpx2", "authlib"])
def test_what_is_not_installed_is_named(
    words: dict[str, str], started: list[Mapping[str, Any]], monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    for module in [each for each in sys.modules if each.partition(".")[0] == name]:
        monkeypatch.delitem(sys.modules, module)
    monkeypatch.setitem(sys.modules, name, None)
    done = serve(words)
    assert (done.exit_code, started) == (2, [])
    assert 'pip install "isocourse[clinic]"' in done.output

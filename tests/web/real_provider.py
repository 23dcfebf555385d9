"""A real provider of OpenID Connect (npm's oidc-provider) and a real `isocourse serve`, each a process of its own on this machine."""

from __future__ import annotations

import os
import re
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from html import unescape
from pathlib import Path

import httpx
import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID

from tests.conftest import COMMAND, REPOSITORY

HERE = Path(__file__).parent / "provider"
CLIENT, SECRET = "isocourse", "a-secret-of-the-clinic"
INSTALL_S, START_S = 120, 60


def installed() -> Path:
    """The folder in which the provider lies, fetched once by its lock file; the test is skipped, with the reason, where it cannot be."""
    if shutil.which("node") is None or shutil.which("npm") is None:
        pytest.skip("no node and npm are installed here; on Debian: apt-get install nodejs npm")
    lock = (HERE / "package-lock.json").read_bytes()
    place = REPOSITORY / "build" / f"oidc-provider-{sha256(lock).hexdigest()[:12]}"
    if not (place / "whole").exists():
        shutil.rmtree(place, ignore_errors=True)
        shutil.copytree(HERE, place)
        words = ["npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund"]
        try:
            done = subprocess.run(words, cwd=place, capture_output=True, text=True, check=False, timeout=INSTALL_S)
        except subprocess.TimeoutExpired:
            pytest.skip(f"npm did not fetch oidc-provider within {INSTALL_S} s")
        if done.returncode != 0:
            pytest.skip(f"npm could not fetch oidc-provider: {done.stderr.strip()[-200:]}")
        (place / "whole").touch()
    shutil.copy(HERE / "provider.mjs", place)
    return place


@contextmanager
def provider(back: str, *, groups_in_token: bool) -> Iterator[str]:
    """A provider that sends people back to one address; its issuer."""
    given = os.environ | {"CLIENT_ID": CLIENT, "CLIENT_SECRET": SECRET, "BACK": back}
    given["GROUPS_IN_TOKEN"] = "yes" if groups_in_token else "no"
    process = subprocess.Popen(
        ["node", "provider.mjs"],
        cwd=installed(),
        env=given,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    try:
        assert process.stdout is not None
        yield f"http://127.0.0.1:{int(process.stdout.readline())}"
    finally:
        process.kill()
        process.communicate()


def free_port() -> int:
    """A port that nobody listens at."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def certificate(folder: Path) -> tuple[Path, Path]:
    """A certificate of our own for this machine, and its key."""
    key, name = (
        ec.generate_private_key(ec.SECP256R1()),
        x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")]),
    )
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), critical=False)
        .sign(key, SHA256())
    )
    cert, private = folder / "tls.pem", folder / "tls-key.pem"
    cert.write_bytes(made.public_bytes(Encoding.PEM))
    private.write_bytes(key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    return cert, private


@dataclass
class Served:
    """One running clinic."""

    address: str
    issuer: str
    log: Path
    environment: dict[str, str]

    def said(self) -> str:
        """Everything it printed."""
        return self.log.read_text("utf-8")


@contextmanager
def served(folder: Path, *, groups_in_token: bool) -> Iterator[Served]:
    """`isocourse serve --host 0.0.0.0` with a certificate of its own, a register and a provider, until it is left."""
    port = free_port()
    address, log = f"https://localhost:{port}", folder / "log"
    with provider(f"{address}/signed-in", groups_in_token=groups_in_token) as issuer:
        cert, key = certificate(folder)
        (folder / "secret").write_text(SECRET + "\n", "utf-8")
        given = os.environ | {
            "PYTHONPATH": str(REPOSITORY / "src"),
            "PYTHONUNBUFFERED": "1",
            "ISOCOURSE_REGISTER": str(folder / "register.db"),
            "ISOCOURSE_REGISTER_KEY": str(folder / "key.pem"),
            "ISOCOURSE_OIDC_ROLES": "clinicians of the clinic=clinician; auditors of the clinic=auditor",
        }
        command = [sys.executable, "-c", COMMAND]
        subprocess.run([*command, "register", "init"], env=given, check=True, capture_output=True, timeout=START_S)
        words = ["serve", "--host", "0.0.0.0", "--port", port, "--address", address, "--issuer", issuer]
        words += ["--client-id", CLIENT, "--client-secret-file", folder / "secret"]
        words += ["--certificate", cert, "--certificate-key", key]
        with log.open("wb") as out:
            process = subprocess.Popen([*command, *map(str, words)], env=given, stdout=out, stderr=out)
        try:
            _wait(address, process, log)
            yield Served(address, issuer, log, given)
        finally:
            process.terminate()
            process.wait(START_S)


def _wait(address: str, process: subprocess.Popen[bytes], log: Path) -> None:
    until = time.monotonic() + START_S
    while True:
        try:
            if httpx.get(f"{address}/alive", verify=False).status_code == 200:
                return
        except httpx.HTTPError:
            assert process.poll() is None, log.read_text("utf-8")
            assert time.monotonic() < until, "the server does not answer"
            time.sleep(0.05)


FORM = re.compile(r'<form[^>]*action="([^"]+)"', re.DOTALL)


def at_the_provider(browser: httpx.Client, address: str, name: str, back: str) -> str:
    """Signs in at the provider and agrees; the address that it sends the browser back to."""
    given = [{"prompt": "login", "login": name, "password": "any"}, {"prompt": "consent"}]
    reply = browser.get(address)
    for _ in range(12):
        while reply.status_code in (302, 303):
            onwards = str(reply.url.join(reply.headers["location"]))
            if onwards.startswith(back):
                return onwards
            reply = browser.get(onwards)
        form = FORM.search(reply.text)
        assert form is not None, reply.text
        action = str(reply.url.join(unescape(form[1])))
        fields = given[0] if 'name="login"' in reply.text else given[1]
        reply = browser.post(action, data=fields)
    raise AssertionError("the provider does not lead back")

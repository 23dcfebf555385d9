"""A browser without a window, for tests that look at pages as people will."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest

FLAGS = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-pdf-header-footer",
)
LIMIT_S = 120


def printed(page: Path) -> Path:
    """The page as PDF, printed by Chromium; the test is skipped, saying so, where there is none."""
    program = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if program is None:
        pytest.skip("no Chromium is installed here, so the printed page is not looked at")
    out = page.with_suffix(".pdf")
    command = [program, *FLAGS, f"--user-data-dir={page.parent / 'profile'}", f"--print-to-pdf={out}", page.as_uri()]
    subprocess.run(command, check=True, capture_output=True, timeout=LIMIT_S)
    return out


def pages(pdf: Path) -> list[str]:
    """The text of each printed page; skipped, saying so, without poppler's pdftotext."""
    if shutil.which("pdftotext") is None:
        pytest.skip("no pdftotext is installed here, so the printed text is not read")
    done = subprocess.run(["pdftotext", "-layout", str(pdf), "-"], check=True, capture_output=True, timeout=LIMIT_S)
    return done.stdout.decode("utf-8").split("\f")[:-1]


def sizes(pdf: Path) -> set[str]:
    """The sizes of the printed pages as poppler names them; skipped, saying so, without it."""
    if shutil.which("pdfinfo") is None:
        pytest.skip("no pdfinfo is installed here, so the size of the page is not read")
    done = subprocess.run(["pdfinfo", "-l", "9999", str(pdf)], check=True, capture_output=True, timeout=LIMIT_S)
    return {
        line.partition("(")[2].rstrip(")")
        for line in done.stdout.decode().splitlines()
        if "size:" in line and "(" in line
    }

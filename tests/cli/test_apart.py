"""A process of its own says what the entry point says when a test calls it here; and what only a process can show."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from isocourse.app.knowledge import shipped
from tests.conftest import COMMAND, Ran

Run = Callable[..., Ran]
SAMPLE = str(shipped() / "patients" / "alt-trebled.yaml")
ON = ("--as-of", "2026-11-24")


@pytest.mark.parametrize(
    "words",
    [
        ("assess", SAMPLE, *ON),
        ("assess", SAMPLE, *ON, "--json"),
        ("assess", "nowhere.yaml"),
        ("assess", SAMPLE, "--as-of", "yesterday"),
        ("explain", SAMPLE, "liver", *ON),
        ("explain", SAMPLE, *ON, "--for", "patient", "--language", "ru"),
        ("plan", SAMPLE, *ON, "--json"),
        ("simulate", "--dose", "40 mg/day", "--weeks", "4"),
        ("demo", "--list"),
        ("nothing",),
        ("--version",),
        (),
    ],
    ids=lambda words: " ".join(words[:1] + words[-1:]) if words else "no words",
)
def test_a_process_of_its_own_says_the_same(run: Run, run_apart: Run, words: tuple[str, ...]) -> None:
    assert run(*words) == run_apart(*words)


def test_a_reader_who_closes_the_pipe_ends_it_quietly(environment: dict[str, str], tmp_path: Path) -> None:
    command = f'{sys.executable} -c "{COMMAND}" facts | head -n 1'
    done = subprocess.run(
        ["bash", "-c", command], capture_output=True, encoding="utf-8", env=environment, check=False, cwd=tmp_path
    )
    assert done.stderr == ""
    assert len(done.stdout.splitlines()) == 1


def test_who_closed_the_output_before_it_began_gets_the_exit_code_alone(
    environment: dict[str, str], tmp_path: Path
) -> None:
    command = f'{sys.executable} -c "{COMMAND}" assess {SAMPLE} --as-of 2026-11-24 >&-'
    done = subprocess.run(
        ["bash", "-c", command], stderr=subprocess.PIPE, encoding="utf-8", env=environment, check=False, cwd=tmp_path
    )
    assert (done.returncode, done.stderr) == (0, "")


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="there is no device here that is always full")
def test_an_answer_that_could_not_be_written_is_told_in_one_line(environment: dict[str, str], tmp_path: Path) -> None:
    with Path("/dev/full").open("w") as full:
        done = subprocess.run(
            [sys.executable, "-c", COMMAND, "assess", SAMPLE, *ON],
            stdout=full,
            stderr=subprocess.PIPE,
            encoding="utf-8",
            env=environment,
            check=False,
            cwd=tmp_path,
        )
    assert done.returncode == 2
    assert done.stderr.startswith("Error: ")
    assert "No space left on device" in done.stderr
    assert "Traceback" not in done.stderr

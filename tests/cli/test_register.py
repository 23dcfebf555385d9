"""The register as a user has it at the command line: every command, on both databases, its words, its JSON, its exit codes."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner

from isocourse.app.knowledge import shipped
from isocourse.cli.main import cli
from isocourse.library import Library
from tests.conftest import COMMAND, REPOSITORY, Ran
from tests.register.conftest import Place, place, server, signing_key

__all__ = ["place", "server", "signing_key"]  # fixtures

SAMPLE = shipped() / "patients" / "alt-trebled.yaml"
DAY = ("--as-of", "2026-11-24")
Commands = Callable[..., Ran]


@pytest.fixture
def register(place: Place, tmp_path: Path, library: Library, monkeypatch: pytest.MonkeyPatch) -> Commands:
    """The command `isocourse register` on one place, in this process: a start of its own for each would take minutes."""
    monkeypatch.setenv("ISOCOURSE_REGISTER", place.url)
    monkeypatch.setenv("ISOCOURSE_REGISTER_KEY", str(tmp_path / "key.pem"))
    monkeypatch.setenv("ISOCOURSE_ACTOR", "dr-a")
    monkeypatch.setattr("isocourse.cli.register.load", lambda _: library)
    monkeypatch.setattr("isocourse.cli.register_keeping.load", lambda _: library)

    def ran(*words: str | Path, text: str = "", register: str = "") -> Ran:
        given = ["register", *(["--register", register] if register else []), *map(str, words)]
        done = CliRunner().invoke(cli, given, input=text)
        if done.exception is not None and not isinstance(done.exception, SystemExit):
            raise done.exception
        return Ran(done.exit_code, done.stdout, done.stderr)

    return ran


def test_a_day_at_a_clinic(register: Commands, place: Place, tmp_path: Path) -> None:
    assert "make one with `isocourse register init`" in register("search").err
    assert register("init").code == 0
    assert "already" in register("init").err

    added = json.loads(
        register("add", "--record", SAMPLE, "--name", "Ann Example", "--number", "7", *DAY, "--json").out
    )
    course, patient = added["course"], added["patient"]
    second = register("add", "--name", "Bo", "--birth", "2001", "--gender", "male", "jurisdiction=UK", *DAY)
    assert second.code == 0
    assert second.out.startswith("Written as event ")

    shown = register("show", course, *DAY)
    assert "Ann Example" in shown.out
    assert "dr-a: visit: " in shown.out
    assert " 6 list entries, 1 order, " in shown.out
    judged = register("show", course, "--assess", *DAY)
    assert judged.code == 0
    assert "CANNOT TELL UNTIL" in judged.out

    body = "events: [{stream: weight, value: 59 kg, day: '2026-11-24'}]"
    seen = register("visit", course, "-", "--expect", "2", *DAY, text=body)
    assert "version 3" in seen.out
    late = register("visit", course, "-", "--expect", "2", *DAY, text=body)
    assert late.code == 2
    assert "somebody else wrote to it in between" in late.err
    odd = register("visit", course, "-", *DAY, text="events: [{stream: weight, value: 4000 kg, day: '2026-11-24'}]")
    assert odd.code == 3
    assert "It is kept as written." in odd.out
    event = json.loads(register("show", course, "--json", *DAY).out)["history"][-1]["seq"]
    assert register("undo", patient, str(event), "--why", "a slip").code == 0
    assert register("change", course, "last_dose=2026-11-24").code == 0
    assert register("change", course, "last_dose=2026-13-24").code == 2
    assert "did you mean" in register("change", course, "lastdose=2026-11-24").err

    assert register("worklist", *DAY).out.splitlines() == ["2 courses were never judged.", "Nothing is on the list."]
    assert register("refresh", *DAY).out == "2 courses judged.\n"
    work = register("worklist", *DAY)
    assert "Ann Example" in work.out
    assert work.out.splitlines()[0] == "2 courses judged as of 2026-11-24."
    assert json.loads(register("worklist", *DAY, "--json").out)["totals"]
    assert register("search", "ann", *DAY).out.startswith(course)
    assert register("search", "nobody", *DAY).out == "No course is like that.\n"

    sound = register("verify")
    assert sound.code == 0
    assert "Nothing is wrong with it." in sound.out
    head = tmp_path / "head.json"
    assert register("key", "--publish", head).code == 0
    assert register("verify", "--head", head).code == 0
    assert register("identify", patient, "--birth", "1999-04-18").out.startswith(
        f"{patient}: Ann Example, born 1999-04-18"
    )

    saved = tmp_path / "all.jsonl"
    assert register("backup", saved).code == 0
    assert "left as it is" in register("backup", saved).err
    other = str(tmp_path / "other.db")
    assert register("restore", saved, register=other).code == 0
    assert register("verify", "--head", head, register=other).code == 0
    assert "already" in register("restore", saved, register=other).err

    table = tmp_path / "all.csv"
    assert register("export", table).out.startswith("2 courses written")
    assert register("export", tmp_path / "f.json", "--fhir", course, *DAY).code == 0
    assert register("import", table, *DAY).code in (0, 3)
    assert len(json.loads(register("search", "--json", *DAY).out)) == 4

    assert register("erase", patient, "--why", "asked", text="n\n").code == 2
    assert register("erase", patient, "--why", "asked", "--yes").code == 0
    assert "no course" in register("show", course, *DAY).err
    assert "was erased" in register("undo", patient, "4", "--why", "x").err
    assert register("rebuild").out.startswith("Rebuilt from")
    assert register("key", "--new").code == 0
    assert register("verify", "--head", head).code == 0
    assert "no register" not in register("upgrade").err


@pytest.mark.parametrize(
    ("address", "said"),
    [
        pytest.param("mysql://x@localhost/y", "kept in a SQLite file or in PostgreSQL", id="another-database"),
        pytest.param("postgresql://iso@127.0.0.1:1/none", "does not answer", id="no-server"),
        pytest.param("no/where.db", "there is no register here", id="no-file"),
        pytest.param("sqlite://", "kept in a SQLite file or in PostgreSQL", id="in-memory"),
        pytest.param("://", "is no address of a database", id="no-address"),
    ],
)
def test_an_address_that_leads_nowhere_is_told_in_one_line(register: Commands, address: str, said: str) -> None:
    ran = register("search", register=address)
    assert ran.code == 2
    assert said in ran.err
    assert len(ran.err.strip().splitlines()) == 1


def test_a_password_is_never_printed(register: Commands) -> None:
    for address in (
        "postgresql://iso:s3cret@127.0.0.1:1/none",
        "mysql://iso:s3cret@localhost/y",
        "what://iso:s3cret@x:y:z/y",
    ):
        ran = register("search", register=address)
        assert ran.code == 2
        assert "s3cret" not in ran.err + ran.out


@pytest.mark.parametrize("missing", ["sqlalchemy", "cryptography", "platformdirs"])
def test_where_the_extra_is_missing_it_says_what_to_install(missing: str) -> None:
    code = f"import sys; sys.modules[{missing!r}] = None\n{COMMAND}"
    place = os.environ | {"PYTHONPATH": str(REPOSITORY / "src")}
    done = subprocess.run(
        [sys.executable, "-c", code, "register", "search"], capture_output=True, text=True, env=place, check=False
    )
    assert done.returncode == 2
    assert "pip install 'isocourse[register]'" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_visit_in_another_encoding_is_refused_in_one_line(register: Commands, tmp_path: Path) -> None:
    (tmp_path / "visit.yaml").write_bytes("events: []  # na\xefve\n".encode("latin-1"))
    ran = register("visit", "c1", tmp_path / "visit.yaml")
    assert (ran.code, ran.out) == (2, "")
    assert ran.err == "Error: byte 16 is not UTF-8; save the file as UTF-8. Nothing was written.\n"


def test_every_command_explains_itself(register: Commands) -> None:
    listed = register("--help")
    assert listed.code == 0
    names = [line.split()[0] for line in listed.out.partition("Commands:")[2].splitlines() if line.strip()]
    assert len(names) > 18
    for name in names:
        ran = register(name, "--help")
        assert ran.code == 0
        assert "--json" in ran.out, name


@pytest.mark.parametrize(
    "words",
    [
        ("search", "--register", "{other}"),
        ("search", "--register={other}"),
        ("--register", "{other}", "search"),
    ],
)
def test_which_register_may_be_said_before_the_command_or_behind_it(
    register: Commands, tmp_path: Path, words: tuple[str, ...]
) -> None:
    other = str(tmp_path / "other.db")
    assert other in register("init", register=other).out
    assert "No course" in register(*(word.format(other=other) for word in words)).out


def test_what_stands_behind_two_dashes_is_no_option_of_ours(register: Commands) -> None:
    assert register("init").code == 0
    assert "No course" in register("search", "--", "--by").out
    refused = register("search", "--register")
    assert (refused.code, refused.err.splitlines()[-1]) == (2, "Error: Option '--register' requires an argument.")

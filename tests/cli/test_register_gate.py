"""Capsules written at the terminal pass the gate that they pass in the workbench, on the same patients, and leave the same entry."""

from __future__ import annotations

import json
import os
import pty
import shutil
import subprocess
import sys
from collections.abc import Callable, Mapping
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from isocourse.app import register as app
from isocourse.app.register import Known
from isocourse.library import Library
from isocourse.register.events import Opened, Stamp
from isocourse.register.register import Register, open_register
from tests.conftest import COMMAND, REPOSITORY, Ran
from tests.register.at_gate import (
    CAPSULES,
    DAY,
    KEPT,
    NEW_TEST,
    NO_DAYS,
    OLD_TEST,
    POSITIVE,
    READY,
    RECORD,
    RECORDS,
    WHY,
)
from tests.register.conftest import blank, signing_key

__all__ = ["blank", "signing_key"]  # fixtures

OPTION = {"closed": "--although-closed", "cannot_tell": "--although-not-known"}
NOTE = {"closed": f"gate closed: {WHY}", "cannot_tell": f"gate not known to be open: {WHY}"}
TODAY = ("--as-of", DAY)


class Terminal:
    """Somebody at a terminal, with a register in a file."""

    def __init__(self, run: Callable[..., Ran], folder: Path, library: Library) -> None:
        self.run, self.folder, self.library = run, folder, library

    def __call__(self, *words: str | Path) -> Ran:
        """One command of the register."""
        return self.run("register", *words)

    def visit(self, course: str, entries: Mapping[str, object], *words: str) -> Ran:
        """A visit, in a file."""
        place = self.folder / "visit.json"
        place.write_text(json.dumps(entries), encoding="utf-8")
        return self("visit", course, place, *TODAY, *words)

    def course(self, record: str) -> str:
        """A course that is kept."""
        place = self.folder / "record.yaml"
        place.write_text(record, encoding="utf-8")
        made = self("add", "--record", place, *TODAY, "--json")
        assert made.code in (0, 3), made.err
        return str(json.loads(made.out)["course"])

    def events(self, course: str) -> tuple[Opened, ...]:
        """What was written of it."""
        register = open_register(os.environ["ISOCOURSE_REGISTER"], Path(os.environ["ISOCOURSE_REGISTER_KEY"]))
        try:
            return app.know(register, self.library, course, date.fromisoformat(DAY).toordinal()).events
        finally:
            register.close()

    def history(self, course: str) -> list[str]:
        """Each thing that was written, in words."""
        lines = json.loads(self("show", course, *TODAY, "--json").out)["history"]
        return [text for line in lines for text in (line["words"], *line["entries"])]


@pytest.fixture
def terminal(
    run: Callable[..., Ran],
    blank: Path,
    signing_key: Path,
    tmp_path: Path,
    library: Library,
    monkeypatch: pytest.MonkeyPatch,
) -> Terminal:
    shutil.copyfile(blank, tmp_path / "register.db")
    monkeypatch.setenv("ISOCOURSE_REGISTER", str(tmp_path / "register.db"))
    monkeypatch.setenv("ISOCOURSE_REGISTER_KEY", str(signing_key))
    monkeypatch.setenv("ISOCOURSE_ACTOR", "dr-a")
    return Terminal(run, tmp_path, library)


def _visit(terminal: Terminal, course: str, *words: str, **other: object) -> Ran:
    return terminal.visit(course, {"doses": [CAPSULES], **other}, *words)


def _change(terminal: Terminal, course: str, *words: str, **_: object) -> Ran:
    return terminal("change", course, f"dispensed_on={DAY}", *TODAY, *words)


DOORS = [pytest.param(_visit, id="a-visit"), pytest.param(_change, id="the-dates-of-a-course")]
Send = Callable[..., Ran]


@pytest.mark.parametrize("send", DOORS)
def test_at_an_open_gate_nobody_is_asked_why(terminal: Terminal, send: Send) -> None:
    course = terminal.course(READY)
    ran = send(terminal, course)
    assert ran.code == 0, ran.err
    assert "Nothing found against handing out capsules on 24 Nov 2026 under EU label 2018" in ran.out
    assert "handing out was" not in " ".join(terminal.history(course))


@pytest.mark.parametrize("gate", ["closed", "cannot_tell"])
@pytest.mark.parametrize("send", DOORS)
def test_where_it_is_not_open_it_is_confirmed_and_the_reason_stays_with_the_entry(
    terminal: Terminal, send: Send, gate: str
) -> None:
    course = terminal.course(RECORDS[gate])
    before = terminal.events(course)
    other = OPTION["closed" if gate == "cannot_tell" else "cannot_tell"]
    for words in ((), (OPTION[gate], ""), (OPTION[gate], "  "), (other, WHY)):
        held = send(terminal, course, *words)
        assert held.code == 4
        assert held.out == ""
        assert OPTION[gate] in held.err
        assert held.err.rstrip().endswith("Nothing was written.")
    assert terminal.events(course) == before
    ran = send(terminal, course, OPTION[gate], WHY)
    assert ran.code == 0, ran.err
    assert f"Handed out all the same: {WHY}" in ran.out
    *_, written = terminal.events(course)
    assert len(terminal.events(course)) == len(before) + 1
    assert (written.actor, written.knowledge) == ("dr-a", terminal.library.digest)
    assert KEPT[gate] in " ".join(terminal.history(course))


def test_the_entries_are_those_that_the_workbench_writes(terminal: Terminal) -> None:
    """The web's own test holds the browser's entry beside the terminal's; this holds the terminal's to its letters."""
    course = terminal.course(RECORD)
    _visit(terminal, course, "--although-closed", WHY)
    _change(terminal, course, "--although-closed", WHY)
    visit, change = terminal.events(course)[-2:]
    assert visit.body == {"doses": [{**CAPSULES, "note": NOTE["closed"]}]}
    assert change.body == {"set": {"dispensed_on": DAY}, "note": NOTE["closed"]}


def test_what_closes_it_is_told_with_the_rule_and_what_would_open_it(terminal: Terminal) -> None:
    held = " ".join(_visit(terminal, terminal.course(RECORD)).err.split())
    for text in (
        "Closed: as far as the file shows, capsules are not to be handed out on 24 Nov 2026.",
        "no pregnancy test on file",
        "until the file shows a negative test inside its window",
        "From when until when: EU label 2018: must: hand out the capsules from the prescription to 6 days after",
        "On file: The order on file is of 20 Nov 2026, 4 days before.",
        "Also stands against a start or a supply: - Laboratory schedule",
        "Error: handing out is closed on 2026-11-24.",
    ):
        assert text in held
    assert held.index("no pregnancy test on file") < held.index("From when until when") < held.index("On file:")


def test_a_red_line_stands_first(terminal: Terminal) -> None:
    held = _visit(terminal, terminal.course(READY), **POSITIVE)
    assert held.code == 4
    said = " ".join(held.err.split())
    assert said.startswith(
        "Closed: as far as the file shows, capsules are not to be handed out on 24 Nov 2026. ! Pregnancy"
    )
    assert "! Pregnancy, or a positive last test. Stop isotretinoin at once" in said


def test_a_test_of_the_same_visit_opens_it(terminal: Terminal) -> None:
    course = terminal.course(OLD_TEST)
    assert _visit(terminal, course).code == 4
    assert _visit(terminal, course, **NEW_TEST).code == 0


def test_a_test_of_the_same_visit_closes_it(terminal: Terminal) -> None:
    course = terminal.course(READY)
    assert _visit(terminal, course, **POSITIVE).code == 4
    assert _visit(terminal, course, "--although-not-known", WHY, **POSITIVE).code == 4
    assert _visit(terminal, course, "--although-closed", WHY, **POSITIVE).code == 0
    assert KEPT["closed"] in " ".join(terminal.history(course))


@pytest.mark.parametrize(("day", "said"), NO_DAYS)
def test_a_day_on_which_nothing_can_have_been_handed_out_is_refused(terminal: Terminal, day: str, said: str) -> None:
    course = terminal.course(READY)
    before = terminal.events(course)
    for ran in (
        terminal.visit(course, {"doses": [CAPSULES | {"dispensed": day}]}),
        terminal("change", course, f"dispensed_on={day}", *TODAY),
    ):
        assert ran.code == 2
        assert said in ran.err
        assert "Nothing was written." in ran.err
    assert terminal.events(course) == before


def test_a_program_is_told_the_same(terminal: Terminal) -> None:
    course = terminal.course(RECORD)
    held = _visit(terminal, course, "--json")
    told = json.loads(held.out)
    assert (held.code, held.err, told["written"]) == (4, "", False)
    assert (told["course"], told["version"]) == (course, terminal.events(course)[-1].version)
    (day,) = told["handing_out"]
    assert (day["day"], day["gate"], day["reason"]) == (DAY, "closed", "")
    assert "no pregnancy test on file" in day["closing"][0]
    assert day["windows"][0].startswith("EU label 2018: must: hand out the capsules")
    assert day["file"]
    assert day["besides"]
    assert "--although-closed" in told["line"]
    written = json.loads(_visit(terminal, course, "--json", "--although-closed", WHY).out)
    assert written["handing_out"][0] == day | {"reason": WHY}
    assert written["version"] == told["version"] + 1
    alone = terminal.visit(course, NEW_TEST, "--json")
    assert json.loads(alone.out)["handing_out"] == []


def test_what_hands_nothing_out_is_not_asked_about(terminal: Terminal) -> None:
    course = terminal.course(RECORD)
    taken = {"from": "2026-09-21", "until": "2026-10-20", "daily_dose": "40 mg", "basis": "reported"}
    assert terminal.visit(course, {"doses": [taken]}).code == 0
    assert terminal("change", course, "first_dose=2026-09-22", *TODAY).code == 0
    assert terminal("change", course, "dispensed_on=", *TODAY).code == 0
    needless = terminal("change", course, "first_dose=2026-09-21", *TODAY, "--although-closed", WHY)
    assert needless.code == 1
    assert "no capsules are handed out here" in needless.err


def test_a_reason_that_nobody_asked_for_is_kept_all_the_same(terminal: Terminal) -> None:
    course = terminal.course(READY)
    assert _visit(terminal, course, "--although-closed", WHY).code == 0
    assert terminal.events(course)[-1].body == {"doses": [{**CAPSULES, "note": WHY}]}


def test_a_reason_that_would_be_cut_off_is_refused(terminal: Terminal) -> None:
    course = terminal.course(RECORD)
    assert _visit(terminal, course, "--although-closed", "x" * 301).code == 1
    assert _visit(terminal, course, "--although-closed", "x" * 300).code == 0


def test_a_course_is_not_opened_with_capsules_handed_out(terminal: Terminal) -> None:
    course = terminal.course(READY)
    patient = terminal.events(course)[0].patient
    before = terminal("search", *TODAY).out
    for words in (("--patient", patient), ("--birth", "1999", "--gender", "female")):
        ran = terminal("add", *words, f"dispensed_on={DAY}", *TODAY)
        assert ran.code == 1
        assert "isocourse register change" in ran.err
    assert terminal("search", *TODAY).out == before


def test_capsules_of_several_days_are_judged_each_by_its_own(terminal: Terminal) -> None:
    """The order is of 20 November: what was handed out the day before it was not covered, what was handed out the day after it was."""
    course = terminal.course(READY)
    early = CAPSULES | {"dispensed": "2026-11-19", "note": "the last packs"}
    both = {"doses": [CAPSULES | {"dispensed": "2026-11-21"}, early]}
    held = terminal.visit(course, both)
    assert held.code == 4
    assert "handing out is closed on 2026-11-19. If" in held.err
    assert "21 Nov 2026 lies" not in held.err
    ran = terminal.visit(course, both, "--although-closed", WHY)
    assert ran.code == 0
    *_, written = terminal.events(course)
    assert written.body == {"doses": [both["doses"][0], early | {"note": f"{NOTE['closed']}; the last packs"}]}


def test_what_was_written_meanwhile_is_not_passed_by(terminal: Terminal, monkeypatch: pytest.MonkeyPatch) -> None:
    """What was judged is the version that is written to; somebody else's positive test in between is a conflict."""
    course = terminal.course(READY)
    judged = app.know

    def and_somebody_else_writes(register: Register, library: Library, name: str, as_of: int) -> Known:
        found = judged(register, library, name, as_of)
        app.record_visit(register, Stamp("dr-b", "2026-11-24T09:30:00.000000Z"), name, POSITIVE)
        return found

    monkeypatch.setattr(app, "know", and_somebody_else_writes)
    ran = _visit(terminal, course)
    assert ran.code == 2
    assert "somebody else wrote to it in between" in ran.err


# at a real terminal ----------------------------------------------------------------------------------------------------------
@pytest.fixture
def typed(terminal: Terminal, environment: Mapping[str, str]) -> Callable[..., tuple[int, str]]:
    """The command in a process of its own whose input is a terminal: its exit code, and what is written to the screen."""

    def ran(course: str, keys: str, *words: str) -> tuple[int, str]:
        keyboard, end = pty.openpty()
        os.write(keyboard, keys.encode())
        place = {**os.environ, **environment, "PYTHONPATH": str(REPOSITORY / "src")}
        command = [sys.executable, "-c", COMMAND, "register", "change", course, f"dispensed_on={DAY}", *TODAY, *words]
        given: dict[str, Any] = {"stdin": end, "capture_output": True, "encoding": "utf-8", "env": place}
        try:
            done = subprocess.run(command, timeout=120, check=False, **given)
        finally:
            os.close(end)
            os.close(keyboard)
        return done.returncode, done.stdout + done.stderr

    return ran


def test_somebody_at_a_terminal_is_asked(terminal: Terminal, typed: Callable[..., tuple[int, str]]) -> None:
    course = terminal.course(RECORD)
    before = terminal.events(course)
    code, said = typed(course, "n\n")
    assert code == 4
    assert said.count("Closed: as far as the file shows") == 1
    assert "Were the capsules handed out all the same? [y/N]" in said
    assert terminal.events(course) == before
    code, said = typed(course, "y\nseen on paper\n", "--json")
    assert code == 4
    assert "all the same? [y/N]" not in said
    code, said = typed(course, "y\nseen on paper\n")
    assert code == 0, said
    assert said.index("no pregnancy test on file") < said.index("[y/N]") < said.index("Why; it stays with the entry")
    assert terminal.events(course)[-1].body == {"set": {"dispensed_on": DAY}, "note": NOTE["closed"]}

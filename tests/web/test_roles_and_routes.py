"""Every route of a clinic's workbench, asked by each role and by nobody: each answer is the one that roles_and_routes.txt says."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from isocourse.web.desk import Desk
from isocourse.web.roles import ROLES, Needs
from tests.web.bench import RECORD, Bench
from tests.web.clinic import OURS, ClinicBench, clinic_bench, kept_course
from tests.web.test_access import EXAMPLE, routes

TABLE = Path(__file__).parent / "roles_and_routes.txt"
NOBODY = "nobody"
ONLY_HERE = {"/sign-in", "/signed-in", "/signed-out"}
ONLY_AT_ONE_MACHINE = {"/start", "/knock"}
FINE = {200, 201, 303, 400, 404, 409, 415, 422}
"""What an answer to a bare request may be; 400 and more where it lacks what a real one has."""


def table() -> tuple[list[str], dict[tuple[str, str], dict[str, bool]]]:
    """The columns, and for each route what each column says."""
    lines = [line.split() for line in TABLE.read_text("utf-8").splitlines() if line and not line.startswith("#")]
    (_, _, *columns), *rows = lines
    found = {}
    for method, path, *cells in rows:
        assert len(cells) == len(columns), path
        assert set(cells) <= {"yes", "no"}, path
        assert (method, path) not in found, path
        found[method, path] = dict(zip(columns, (cell == "yes" for cell in cells), strict=True))
    return columns, found


@pytest.fixture(scope="module")
def clinic(desk: Desk, tmp_path_factory: pytest.TempPathFactory) -> Iterator[ClinicBench]:
    """A clinic's server with one course in its register."""
    with clinic_bench(desk, tmp_path_factory.mktemp("clinic")) as found:
        yield found


@pytest.fixture(scope="module")
def course(clinic: ClinicBench) -> str:
    """The course's pseudonym."""
    clinic.come_in()
    return kept_course(clinic, RECORD).rpartition("/")[2]


def address_of(path: str, course: str) -> str:
    """An address of a route, with its parts filled in."""
    return re.sub(r"\{(\w+)(?::\w+)?\}", lambda part: (EXAMPLE | {"course": course})[part[1]], path)


def asked(clinic: ClinicBench, method: str, address: str, column: str) -> httpx.Response:
    """One request by somebody who has just signed in with that role, or by nobody."""
    clinic.client.cookies.clear()
    headers = dict(OURS)
    if column != NOBODY:
        key, session = clinic.house.sessions.open("sub-1", frozenset({column}))
        clinic.client.cookies.set(clinic.house.settings.cookie, key)
        headers["x-form-token"] = session.form_token()
        if method == "POST" and not address.startswith("/api"):
            return clinic.client.post(
                address, data={"token": session.form_token()}, headers=headers, follow_redirects=False
            )
    return clinic.client.request(method, address, headers=headers, follow_redirects=False)


def test_the_table_has_a_row_for_every_route_and_for_nothing_else(clinic: ClinicBench) -> None:
    columns, rows = table()
    assert columns == [NOBODY, *ROLES]
    assert {(method, path) for method, path, _ in routes(clinic)} == set(rows)


def test_the_table_agrees_with_what_each_route_says_it_needs(clinic: ClinicBench) -> None:
    _, rows = table()
    for method, path, needs in routes(clinic):
        says = {role: needs is Needs.NOTHING or needs in granted for role, granted in ROLES.items()}
        assert rows[method, path] == {NOBODY: needs is Needs.NOTHING, **says}, path


@pytest.mark.parametrize("column", [NOBODY, *ROLES])
def test_each_cell_of_the_table_is_what_the_server_does(clinic: ClinicBench, course: str, column: str) -> None:
    _, rows = table()
    wrong = []
    for (method, path), cells in rows.items():
        reply = asked(clinic, method, address_of(path, course), column)
        stranger = reply.status_code == 401 and "nobody is signed in" in reply.text.lower()
        refused = reply.status_code == 403 and "your role does not allow this" in reply.text.lower()
        if cells[column]:
            right = not stranger and not refused and (reply.status_code in FINE or path == "/signed-in")
        else:
            right = stranger if column == NOBODY else refused
        if not right:
            wrong.append((method, path, reply.status_code))
    assert wrong == []


def test_somebody_with_two_roles_may_do_what_either_may(clinic: ClinicBench, course: str) -> None:
    clinic.client.cookies.clear()
    key, _ = clinic.house.sessions.open("sub-2", frozenset({"reader", "auditor"}))
    clinic.client.cookies.set(clinic.house.settings.cookie, key)
    assert clinic.client.get("/trail").status_code == 200
    assert clinic.client.get(f"/course/{course}").status_code == 200
    assert clinic.client.get(f"/course/{course}/visit").status_code == 403


def test_on_one_machine_there_is_another_door_and_nothing_else_is_otherwise(clinic: ClinicBench, bench: Bench) -> None:
    here = {(method, path, needs) for method, path, needs in routes(clinic) if path not in ONLY_HERE}
    there = {(method, path, needs) for method, path, needs in routes(bench) if path not in ONLY_AT_ONE_MACHINE}
    assert here == there

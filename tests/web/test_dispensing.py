"""A pharmacist enters what was handed out, and nothing else: what the rules say of it stands first, and a closed gate asks for a reason."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator

import pytest

from isocourse.register.events import Opened
from isocourse.register.verify import verify
from isocourse.web.desk import Desk
from isocourse.web.handing_out import only_handed_out
from isocourse.web.speech import speech_of
from tests.register.at_gate import READY, RECORD
from tests.web.clinic import OURS, ClinicBench, clinic_bench, kept_course

SUPPLY = {
    "dispensed_on": "2026-11-24",
    "dispensed.strength": "20",
    "dispensed.packs": "2",
    "dispensed.pack": "30",
    "dispensed.days": "30",
}


@pytest.fixture(scope="module")
def clinic(desk: Desk, tmp_path_factory: pytest.TempPathFactory) -> Iterator[ClinicBench]:
    """A clinic's server."""
    with clinic_bench(desk, tmp_path_factory.mktemp("clinic")) as found:
        yield found


def as_(clinic: ClinicBench, role: str, sub: str) -> None:
    """Somebody else signs in."""
    clinic.client.cookies.clear()
    assert clinic.sign_in(role, sub=sub, name=f"The {role}").status_code == 303


def opened(clinic: ClinicBench, record: str) -> str:
    """A course that a clinician keeps; a pharmacist is signed in then."""
    as_(clinic, "clinician", "doctor")
    course = kept_course(clinic, record)
    as_(clinic, "pharmacist", "pharmacist-1")
    return course


def page_of(clinic: ClinicBench, course: str) -> str:
    """The page of handing out."""
    reply = clinic.client.get(f"{course}/dispense")
    assert reply.status_code == 200, reply.text[-300:]
    return html.unescape(reply.text)


def version_of(page: str) -> str:
    """The version that the form was handed out for."""
    found = re.search(r'name="expected" value="(\d+)"', page)
    assert found is not None
    return found[1]


def history(clinic: ClinicBench, course: str) -> str:
    """What was written."""
    return html.unescape(clinic.client.get(course).text)


def test_a_pharmacist_writes_what_was_handed_out_and_it_counts_as_in_a_visit(clinic: ClinicBench) -> None:
    course = opened(clinic, READY)
    page = page_of(clinic, course)
    assert "Nothing found that closes handing out" in page
    assert "20 Nov 2026 to 26 Nov 2026" in page
    assert "The order on file is of 20 Nov 2026, 4 days before." in page
    assert page.index("Nothing found that closes") < page.index('name="dispensed.strength"')
    assert 'name="confirm"' not in page
    reply = clinic.send(f"{course}/dispense", expected=version_of(page), **SUPPLY)
    assert reply.status_code == 200, reply.text[-500:]
    said = html.unescape(reply.text)
    assert "What was handed out was written" in said
    for head in ("Became stricter", "Windows that close soon", "Falls due", "Supply"):
        assert head in said
    assert "handed out: 60 capsules of 20 mg for 30 days, 24 Nov 2026" in history(clinic, course)


def test_the_entry_is_the_one_that_a_visit_writes(clinic: ClinicBench) -> None:
    mine, theirs = opened(clinic, READY), opened(clinic, READY)
    clinic.send(f"{mine}/dispense", expected=version_of(page_of(clinic, mine)), **SUPPLY)
    as_(clinic, "clinician", "doctor")
    number = version_of(clinic.client.get(f"{theirs}/visit").text)
    assert clinic.send(f"{theirs}/visit", visit="2026-11-24", expected=number, **SUPPLY).status_code == 200
    shelf = clinic.house.shelf
    assert shelf is not None
    written = [
        shelf.know(course.rpartition("/")[2], clinic.house.settings.today()).events[-1] for course in (mine, theirs)
    ]
    assert written[0].kind == written[1].kind == "visit.recorded"
    assert written[0].body == written[1].body
    assert written[0].actor == "The pharmacist (pharmacist-1)"


def test_a_closed_gate_stands_first_in_red_and_asks_for_a_reason(clinic: ClinicBench) -> None:
    course = opened(clinic, RECORD)
    page = page_of(clinic, course)
    assert "✕ Handing out is closed" in page
    assert page.index("✕ Handing out is closed") < page.index('name="dispensed.strength"')
    assert 'class="list stop"' in page
    number = version_of(page)
    for said in ({}, {"confirm": "closed"}, {"reason": "the paper was seen"}, {"confirm": "closed", "reason": "  "}):
        reply = clinic.send(f"{course}/dispense", expected=number, **SUPPLY, **said)
        assert reply.status_code == 422
        assert "confirm it below and say why" in reply.text
        assert 'value="30"' in reply.text
        assert version_of(reply.text) == number
    reply = clinic.send(f"{course}/dispense", expected=number, **SUPPLY, confirm="closed", reason="the paper was seen")
    assert reply.status_code == 200
    assert "handing out was closed: the paper was seen" in history(clinic, course)


def test_a_window_is_judged_by_the_day_of_handing_out_not_by_today(clinic: ClinicBench) -> None:
    late = READY.replace("day: '2026-11-20', dose", "day: '2026-11-16', dose").replace(
        "negative, day: '2026-11-20'", "negative, day: '2026-11-16'"
    )
    course = opened(clinic, late)
    page = page_of(clinic, course)
    assert "24 Nov 2026 lies outside." in page
    number = version_of(page)
    assert clinic.send(f"{course}/dispense", expected=number, **SUPPLY).status_code == 422
    earlier = SUPPLY | {"dispensed_on": "2026-11-22"}
    assert clinic.send(f"{course}/dispense", expected=number, **earlier).status_code == 200


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        pytest.param({"dispensed_on": "2026-11"}, "write the whole day", id="a-month-alone"),
        pytest.param({"dispensed_on": "2026-11-25"}, "this day lies ahead", id="tomorrow"),
        pytest.param({"dispensed_on": "2026-02-31"}, "there is no such day", id="no-day"),
        pytest.param({"dispensed.strength": ""}, "need their strength and their number", id="no-strength"),
        pytest.param(
            {"dispensed.packs": "", "dispensed.pack": ""}, "need their strength and their number", id="no-number"
        ),
        pytest.param({"dispensed.pack": ""}, "write whole packs", id="packs-of-what"),
        pytest.param({"dispensed.capsules": "90"}, "the packs hold 60 capsules together", id="two-numbers"),
        pytest.param(
            {"dispensed.product": "acnecutan"}, "acnecutan has capsules of 8, 16 mg", id="a-strength-it-has-not"
        ),
        pytest.param({"dispensed.packs": "2000"}, "a whole number up to 3000", id="too-many"),
        pytest.param({"dispensed.strength": "20,5"}, "a comma can be read in two ways", id="a-comma"),
    ],
)
def test_what_cannot_be_is_asked_about_and_nothing_is_written(
    clinic: ClinicBench, wrong: dict[str, str], said: str
) -> None:
    course = opened(clinic, READY)
    number = version_of(page_of(clinic, course))
    reply = clinic.send(f"{course}/dispense", expected=number, **(SUPPLY | wrong))
    assert reply.status_code == 422
    assert said in html.unescape(reply.text)
    assert version_of(page_of(clinic, course)) == number


def test_a_day_alone_is_no_entry(clinic: ClinicBench) -> None:
    course = opened(clinic, READY)
    reply = clinic.send(f"{course}/dispense", expected=version_of(page_of(clinic, course)), dispensed_on="2026-11-24")
    assert reply.status_code == 422
    assert "Nothing was filled in" in reply.text


def test_no_other_kind_of_entry_passes_this_way(clinic: ClinicBench) -> None:
    course = opened(clinic, READY)
    number = version_of(page_of(clinic, course))
    for field in ("s.alt.now", "first_dose", "order.state", "l.drugs.tetracycline", "more.drugs"):
        assert clinic.send(f"{course}/dispense", expected=number, **SUPPLY, **{field: "yes"}).status_code == 400
    for path in ("visit", "change", "undo", "further", "plan"):
        assert clinic.send(f"{course}/{path}").status_code == 403
    assert version_of(page_of(clinic, course)) == number


def test_two_who_hand_out_at_once_lose_nothing(clinic: ClinicBench) -> None:
    course = opened(clinic, READY)
    number = version_of(page_of(clinic, course))
    assert clinic.send(f"{course}/dispense", expected=number, **SUPPLY).status_code == 200
    second = clinic.send(f"{course}/dispense", expected=number, **SUPPLY)
    assert second.status_code == 409
    assert 'name="dispensed.pack" value="30"' in second.text
    assert version_of(second.text) != number


def test_a_pharmacist_undoes_their_own_entry_and_nobody_elses(clinic: ClinicBench) -> None:
    course = opened(clinic, READY)
    reply = clinic.send(f"{course}/dispense", expected=version_of(page_of(clinic, course)), **SUPPLY)
    seq = re.findall(r'name="seq" value="(\d+)"', reply.text)[0]
    undo = f"{course}/dispense/undo"
    first = str(int(seq) - 1)
    for other in (first, "999", "1"):
        refused = clinic.send(undo, seq=other, why="x")
        assert refused.status_code == 422
        assert "Only what you wrote yourself" in refused.text
    as_(clinic, "pharmacist", "pharmacist-2")
    assert clinic.send(undo, seq=seq, why="not mine").status_code == 422
    assert f'name="seq" value="{seq}"' not in history(clinic, course)
    as_(clinic, "pharmacist", "pharmacist-1")
    assert f'name="seq" value="{seq}"' in history(clinic, course)
    assert clinic.send(undo, seq=seq, why="").status_code == 422
    assert clinic.send(undo, seq=seq, why="another patient").status_code == 303
    page = history(clinic, course)
    assert "another patient" in page
    assert re.search(r"<s>handed out: 60 capsules", page)
    assert clinic.send(undo, seq=seq, why="again").status_code == 422
    assert clinic.register is not None
    assert verify(clinic.register).sound


def test_every_look_and_entry_is_in_the_trail(clinic: ClinicBench) -> None:
    course = opened(clinic, READY)
    before = len(clinic.trail())
    clinic.send(f"{course}/dispense", expected=version_of(page_of(clinic, course)), **SUPPLY)
    told = [(line.what, line.who, line.courses) for line in clinic.trail()[: len(clinic.trail()) - before]]
    name = course.rpartition("/")[2]
    for what in ("POST /course/{course}/dispense", "GET /course/{course}/dispense"):
        assert any(line[0] == what and line[1] == "pharmacist-1" and name in line[2] for line in told), told


@pytest.mark.parametrize("language", ["ru", "uz"])
def test_a_closed_gate_is_told_in_the_language_of_the_page(clinic: ClinicBench, language: str) -> None:
    course = opened(clinic, RECORD)
    clinic.send("/language", language=language, back="/")
    speech = speech_of(language)
    page = page_of(clinic, course)
    for text in (
        "Handing out is closed",
        "From when until when",
        "Handed out all the same",
        "Write what was handed out",
    ):
        assert speech(text) != text
        assert speech(text) in page
    assert "lies inside" not in page
    half = clinic.send(
        f"{course}/dispense",
        expected=version_of(page),
        confirm="closed",
        reason="бумага",
        **(SUPPLY | {"dispensed.strength": "20,0"}),
    )
    assert half.status_code == 200
    assert speech("What was handed out was written") in half.text


def test_it_needs_no_script(clinic: ClinicBench) -> None:
    page = page_of(clinic, opened(clinic, RECORD))
    assert "hx-" not in page
    assert page.count('method="post"') >= 2


# JSON ---------------------------------------------------------------------------------------------------------------------
def body(version: int, **other: object) -> dict[str, object]:
    """A handing out as a program sends it."""
    return {"expected": version, "day": "2026-11-24", "strength_mg": "20", "capsules": 60, "days": 30, **other}


def test_a_program_is_told_the_same_and_writes_the_same(clinic: ClinicBench) -> None:
    course = opened(clinic, READY)
    path = f"/api/courses/{course.rpartition('/')[2]}/dispensing"
    told = clinic.client.get(path).json()
    assert (told["gate"], told["day"]) == ("open", "2026-11-24")
    assert told["windows"][0] in page_of(clinic, course)
    late = clinic.client.get(path, params={"on": "2026-11-19"}).json()
    assert late["gate"] == "closed"
    written = clinic.ask(path, body(told["version"]))
    assert written.status_code == 200, written.text
    entry = written.json()["entries"][0]
    assert "SUPPLY" in written.json()["told"]
    assert clinic.ask(path, body(told["version"])).status_code == 409
    assert "handed out: 60 capsules of 20 mg for 30 days, 24 Nov 2026" in history(clinic, course)
    assert clinic.ask(f"{path}/undo", {"entry": entry, "why": "another patient"}).status_code == 200
    assert clinic.ask(f"{path}/undo", {"entry": entry, "why": "again"}).status_code == 422


def test_a_program_that_hands_out_at_a_closed_gate_says_why(clinic: ClinicBench) -> None:
    course = opened(clinic, RECORD)
    path = f"/api/courses/{course.rpartition('/')[2]}/dispensing"
    version = clinic.client.get(path).json()["version"]
    refused = clinic.ask(path, body(version))
    assert refused.status_code == 422
    assert "Nothing was written" in refused.json()["line"]
    assert clinic.ask(path, body(version, gate_not_open=True)).status_code == 422
    assert clinic.ask(path, body(version, gate_not_open=True, reason="seen on paper")).status_code == 200
    assert "handing out was closed: seen on paper" in history(clinic, course)


@pytest.mark.parametrize(
    ("wrong", "status"),
    [
        pytest.param({"capsules": "60"}, 400, id="text-for-a-number"),
        pytest.param({"capsules": 60.0}, 400, id="a-fraction"),
        pytest.param({"capsules": True}, 400, id="true-for-a-number"),
        pytest.param({"capsules": 0}, 400, id="none-at-all"),
        pytest.param({"strength_mg": 20}, 400, id="a-number-for-digits"),
        pytest.param({"strength_mg": "20 mg"}, 400, id="a-unit-in-it"),
        pytest.param({"day": "2026-11"}, 400, id="a-month"),
        pytest.param({"day": "2026-02-31"}, 422, id="no-day"),
        pytest.param({"day": "2026-11-25"}, 422, id="tomorrow"),
        pytest.param({"gate_not_open": 1}, 400, id="one-for-yes"),
        pytest.param({"event": "alt"}, 400, id="an-unknown-key"),
        pytest.param({"product": "nothing"}, 422, id="an-unknown-product"),
    ],
)
def test_what_a_program_sends_is_read_strictly(clinic: ClinicBench, wrong: dict[str, object], status: int) -> None:
    course = opened(clinic, READY)
    path = f"/api/courses/{course.rpartition('/')[2]}/dispensing"
    version = clinic.client.get(path).json()["version"]
    assert clinic.ask(path, body(version) | wrong).status_code == status
    text = '{"expected": 2, "expected": 2, "day": "2026-11-24", "strength_mg": "20", "capsules": 60}'
    headers = OURS | {"x-form-token": clinic.token(), "content-type": "application/json"}
    assert clinic.client.post(path, content=text, headers=headers).status_code == 400
    assert clinic.client.get(path).json()["version"] == version


@pytest.mark.parametrize(
    ("kind", "body", "is_one"),
    [
        pytest.param("visit.recorded", {"doses": [{"dispensed": "2026-11-24"}]}, True, id="capsules-alone"),
        pytest.param(
            "visit.recorded", {"doses": [{"dispensed": "2026-11-24"}], "events": [{}]}, False, id="with-a-result"
        ),
        pytest.param(
            "visit.recorded", {"doses": [{"dispensed": "2026-11-24"}, {"from": "x"}]}, False, id="with-a-dose-taken"
        ),
        pytest.param("visit.recorded", {"doses": []}, False, id="nothing"),
        pytest.param("course.changed", {"doses": [{"dispensed": "2026-11-24"}]}, False, id="another-kind"),
    ],
)
def test_only_an_entry_of_capsules_alone_is_a_pharmacists(kind: str, body: dict[str, object], is_one: bool) -> None:
    assert only_handed_out(Opened(5, "p", "c", 3, kind, body, "a", "2026-11-24T09:00:00.000000Z", "")) is is_one

"""Patients come in from files and go out again: a table, a record, FHIR, a backup; what cannot be read is said, and nothing is half written."""

import html
import io
import json
import zipfile
from pathlib import Path

import httpx
import pytest

from isocourse.app.words import load_words
from isocourse.register.register import Register, open_register
from isocourse.register.verify import verify
from isocourse.web.speech import LANGUAGES, speech_of
from tests.web.bench import DAY, OURS, RECORD, Bench
from tests.web.test_no_leaks import BUNDLE


def given(clinic: Bench, address: str, name: str, data: bytes, **fields: str) -> httpx.Response:
    """Uploads a file."""
    form = {"token": clinic.token(), **fields}
    return clinic.client.post(address, data=form, files={"file": (name, data)}, headers=OURS)


def taken(clinic: Bench, address: str) -> bytes:
    """A file that is taken out."""
    reply = clinic.send(address)
    assert reply.status_code == 200, reply.text[:300]
    assert "attachment" in reply.headers["content-disposition"]
    return reply.content


def courses(clinic: Bench) -> int:
    """How many courses the register holds."""
    assert clinic.house.shelf is not None
    return len(clinic.house.shelf.find({}, DAY))


@pytest.mark.parametrize(
    ("name", "data"),
    [
        pytest.param("A-20.yaml", RECORD.encode(), id="a-record"),
        pytest.param("one.json", json.dumps(BUNDLE).encode(), id="fhir"),
        pytest.param(
            "table.csv",
            b"number,part,birth,stream,value,day\r\n7,events,1999,weight,58 kg,2026-11-20\r\n",
            id="a-table",
        ),
        pytest.param("table.txt", "\ufeffnumber,part\nA-9,\n".encode(), id="a-table-under-another-name"),
    ],
)
def test_a_patient_comes_in_from_a_file(clinic: Bench, name: str, data: bytes) -> None:
    reply = given(clinic, "/register/import", name, data)
    assert reply.status_code == 200, html.unescape(reply.text)[-900:]
    assert "1 patient was added." in reply.text
    assert courses(clinic) == 1


def test_what_goes_out_as_a_table_comes_in_as_it_was(clinic: Bench, course: str) -> None:
    table = taken(clinic, "/register/export")
    assert b"Nilufar Karimova" in table
    assert b"20 U/L" in table
    doubled = given(clinic, "/register/import", "courses.csv", table)
    assert doubled.status_code == 409
    assert "In the register already, by their numbers: A-17." in doubled.text
    assert courses(clinic) == 1
    assert "1 patient was added." in given(clinic, "/register/import", "courses.csv", table, again="yes").text
    assert courses(clinic) == 2


def test_a_value_that_cannot_be_believed_is_kept_and_named(clinic: Bench) -> None:
    data = RECORD.replace("58 kg", "5800 kg").encode()
    reply = given(clinic, "/register/import", "heavy.yaml", data)
    assert reply.status_code == 200
    assert "1 value cannot be believed" in reply.text
    assert "5800 kg" in reply.text


def test_one_course_goes_out_as_fhir(clinic: Bench, course: str) -> None:
    bundle = json.loads(taken(clinic, f"{course}/fhir"))
    assert bundle["resourceType"] == "Bundle"
    assert clinic.send("/course/none/fhir").status_code == 404


def test_a_course_that_came_as_fhir_goes_out_with_its_document(clinic: Bench) -> None:
    given(clinic, "/register/import", "one.json", json.dumps(BUNDLE).encode())
    page = clinic.send("/register/find", words="canaryova").text
    course = page[page.index('href="/course/') + 6 :].partition('"')[0]
    archive = zipfile.ZipFile(io.BytesIO(taken(clinic, f"{course}/fhir")))
    assert archive.namelist() == ["course.fhir.json", "course-1.fhir.json"]


def test_a_backup_becomes_a_new_register_and_leaves_the_open_one_alone(
    clinic: Bench, course: str, register: Register
) -> None:
    backup = taken(clinic, "/register/backup")
    home = Path(str(register.engine.url.database))
    before = verify(register).events
    reply = given(clinic, "/register/restore", "register.jsonl", backup)
    assert reply.status_code == 200, html.unescape(reply.text)[-900:]
    assert "Every link, seal and signature of it was checked." in reply.text
    (made,) = home.parent.glob("register-restored-*.db")
    assert str(made) in reply.text
    assert verify(register).events == before
    later = open_register(str(made), register.key)
    assert verify(later).faults == []
    known = later.identity_of(register.patient_of(course.rpartition("/")[2]))
    assert known is not None
    assert known.name == "Nilufar Karimova"
    later.close()


@pytest.mark.parametrize(
    "spoil",
    [
        pytest.param(lambda data: data[:-40], id="cut-off"),
        pytest.param(lambda data: data.replace(b"Nilufar", b"Nilufer"), id="tampered-with"),
        pytest.param(lambda _: RECORD.encode(), id="a-record"),
        pytest.param(lambda _: b"{}\n{}\n", id="other-json"),
        pytest.param(lambda _: b"PK\x03\x04" + b"x" * 99, id="an-archive"),
        pytest.param(lambda _: b"", id="nothing"),
    ],
)
def test_what_is_no_whole_backup_is_not_restored(clinic: Bench, course: str, register: Register, spoil: object) -> None:
    assert callable(spoil)
    home = Path(str(register.engine.url.database)).parent
    reply = given(clinic, "/register/restore", "register.jsonl", spoil(taken(clinic, "/register/backup")))
    assert reply.status_code in (415, 422), reply.text[:200]
    assert 'role="alert"' in reply.text
    assert "Nothing was written" in reply.text
    assert "isocourse-" not in reply.text
    assert list(home.glob("register-restored-*")) == []


WRONG = {
    "a-workbook": ("patients.xlsx", b"PK\x03\x04\x14\x00", "This file cannot be read: it is {kind}."),
    "a-pdf": ("patients.csv", b"%PDF-1.7\n", "This file cannot be read: it is {kind}."),
    "a-picture": ("scan.png", b"\x89PNG\r\n\x1a\n", "This file cannot be read: it is {kind}."),
    "nothing": ("empty.csv", b"", "No file was chosen, or it is empty. Nothing was written."),
}


@pytest.mark.parametrize("language", LANGUAGES)
def test_letters_of_another_encoding_are_told_in_the_readers_language_with_their_line(
    clinic: Bench, language: str
) -> None:
    clinic.send("/language", language=language, back="/")
    reply = given(clinic, "/register/import", "names.csv", "number,part,name\n7,,Петрова\n".encode("cp1251"))
    assert reply.status_code == 422
    speech, byte = speech_of(language), load_words(language)("byte {n} is not UTF-8; save the file as UTF-8", n="20")
    told = f"{speech('line {n}', n=2)}: {byte}. {speech('Nothing was written.')}"
    assert told.casefold() in html.unescape(reply.text).casefold()
    assert courses(clinic) == 0


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("case", WRONG)
def test_a_file_of_the_wrong_kind_is_told_in_the_readers_language(clinic: Bench, case: str, language: str) -> None:
    clinic.send("/language", language=language, back="/")
    name, data, line = WRONG[case]
    reply = given(clinic, "/register/import", name, data)
    assert reply.status_code in (415, 422)
    said = speech_of(language)(line).partition("{")[0]
    assert said in html.unescape(reply.text)
    assert courses(clinic) == 0


@pytest.mark.parametrize(
    ("data", "said"),
    [
        pytest.param(b"name,part\nx,\n", 'there is no column "number"', id="without-a-number"),
        pytest.param(b"number,part\n7,eventss\n", 'part "eventss"', id="a-part-misspelt"),
        pytest.param(b"number,part\n7,events,3\n", "3 cells under 2 columns", id="a-comma-too-many"),
        pytest.param(
            b"number,part,stream,value,day\n7,events,weight,58 kg,2026-11-20\n8,events,wait,1,2026-11-20\n",
            "wait",
            id="a-stream-that-is-none-in-the-second-row",
        ),
        pytest.param(b"hello", "a record", id="words"),
        pytest.param(b"{", "not valid JSON", id="cut-off-json"),
    ],
)
def test_a_file_with_a_mistake_brings_nobody_in(clinic: Bench, data: bytes, said: str) -> None:
    reply = given(clinic, "/register/import", "table.csv", data)
    assert reply.status_code == 422
    page = html.unescape(reply.text)
    assert said in page
    assert "Nothing was written" in page
    assert "/tmp" not in page
    assert courses(clinic) == 0


def test_who_may_not_import_sees_no_link_and_gets_nothing(clinic: Bench, course: str) -> None:
    next(iter(clinic.house.sessions)).roles = frozenset({"clinician"})
    assert "/register/files" not in clinic.client.get("/register").text
    for address in ("/register/export", "/register/backup", f"{course}/fhir"):
        assert clinic.send(address).status_code == 403
    assert clinic.client.get("/register/files").status_code == 403
    assert given(clinic, "/register/restore", "x", b"x").status_code == 403

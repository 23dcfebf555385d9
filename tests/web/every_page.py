"""Every page that the workbench makes, with a sample patient, with a plan, and with a visit that was entered; for the tests that walk them all."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from html.parser import HTMLParser

import httpx

from tests.web.bench import OURS, Bench

RECORD = """isocourse: '1'
patient: {birth: '1999-04-17', recorded_gender: female}
jurisdiction: EU
product: eu-conventional
course: {first_dose: '2026-09-21'}
orders: [{state: active, day: '2026-11-20', dose: 20 mg, times_a_day: '2', reason: acne}]
events:
  - {stream: weight, value: 58 kg, day: '2026-11-20'}
  - {stream: alt, value: 20 U/L, day: '2026-09-14', upper_limit: 40 U/L}
"""
OBSERVED: list[dict[str, object]] = [
    {
        "resourceType": "Observation",
        "id": name,
        "status": "final",
        "subject": {"reference": "Patient/1"},
        "code": {"coding": [{"system": "http://loinc.org", "code": code}]},
        **rest,
    }
    for name, code, rest in (
        ("1", "14927-8", {"valueQuantity": {"value": 620, "code": "mmol/L"}, "effectiveDateTime": "2026-11-20"}),
        ("2", "14927-8", {"valueQuantity": {"value": 2, "code": "mg/dL"}, "effectiveDateTime": "2026-11-20"}),
        ("3", "14927-8", {"valueQuantity": {"code": "mmol/L"}, "effectiveDateTime": "2026-11-20"}),
        ("4", "14927-8", {"valueString": "high", "effectiveDateTime": "2026-11-20"}),
        ("5", "14927-8", {"valueQuantity": {"value": 2, "code": "mmol/L"}, "effectiveDateTime": "2027-11-20"}),
        ("6", "14927-8", {"valueQuantity": {"value": 2, "code": "mmol/L"}, "effectiveDateTime": "soon"}),
        ("7", "14927-8", {"dataAbsentReason": {"text": "-"}, "effectiveDateTime": "2026-11-20"}),
        ("8", "0-0", {"valueQuantity": {"value": 2, "code": "mmol/L"}}),
        ("9", "14927-8", {"valueQuantity": {"value": 2, "code": "mmol/L"}, "modifierExtension": [{"url": "x"}]}),
    )
]
ORDERED: list[dict[str, object]] = [
    {
        "resourceType": "MedicationRequest",
        "id": name,
        "status": status,
        "intent": "order",
        "subject": {"reference": "Patient/1"},
        "medicationCodeableConcept": {"text": drug},
        **rest,
    }
    for name, status, drug, rest in (
        (
            "1",
            "active",
            "isotretinoin 20 mg",
            {"authoredOn": "2026-11-20", "dosageInstruction": [{"text": "as told"}, {"text": "20 mg daily"}]},
        ),
        (
            "2",
            "on-hold",
            "isotretinoin 20 mg",
            {
                "authoredOn": "2027-11-20",
                "dispenseRequest": {"quantity": {"value": 3, "unit": "boxes"}, "numberOfRepeatsAllowed": 1000},
            },
        ),
        ("3", "cancelled", "isotretinoin", {}),
        ("4", "active", "xyloba", {"authoredOn": "never"}),
        (
            "5",
            "active",
            "isotretinoin",
            {
                "dosageInstruction": [
                    {
                        "doseAndRate": [{"doseQuantity": {"value": 20, "unit": "ml"}}],
                        "timing": {"repeat": {"frequency": 900, "period": 1, "periodUnit": "d", "dayOfWeek": ["mon"]}},
                    }
                ]
            },
        ),
    )
]
RAISED = {"s.alt.now": "130", "s.alt.now~unit": "U/L", "s.alt.now~day": "2026-11-23", "s.alt.now~upper": "40"}
SUPPLY = {"dispensed_on": "2026-11-24", "dispensed.strength": "20", "dispensed.capsules": "60", "dispensed.days": "30"}
NOT_BELIEVED = {
    "s.alt.now": "130000",
    "s.alt.now~unit": "U/L",
    "s.alt.now~day": "2026-11-23",
    "s.weight": "5800",
    "s.weight~unit": "kg",
}
EVERYTHING = {
    "s.pregnancy_test": "negative",
    "s.pregnancy_test~day": "2026-11-23",
    "s.acne_severity": "severe",
    "l.methods.implant": "yes",
    "l.drugs.tetracycline": "no",
    "l.symptoms.headache": "yes",
    "complete.conditions": "yes",
    "order.state": "active",
    "order.day": "2026-11-24",
    "order.dose": "20",
    "order.times_a_day": "1",
    "order.reason": "acne",
    **SUPPLY,
}
"""A visit with an entry of every part."""

UNREADABLE = {
    "values": """isocourse: '1'
patient: {birth: '2099-04-17', recorded_gender: woman}
jurisdiction: Nowhereland
course: {first_dose: '2026-02-31', dispensed_on: '2026-12-24'}
orders: [{state: active, day: '2026-11-20', dose: 20 g, times_a_day: much, product: accutan, reason: acne}]
doses:
  - {dispensed: '2026-11', strength: 20 mg, capsules: '0', days: '0'}
  - {from: '2026-11-20', until: '2026-11-10', daily_dose: 20 ml, basis: guessed, adherence: sometimes, missed: [never]}
  - {from: '2026-10-20', until: '2026-11-10', daily_dose: 20 mg, basis: reported, missed: ['2026-11']}
events:
  - {stream: weight, value: 5800 kg, day: '2026-11-20'}
  - {stream: weight, value: 58, day: '2026-11-20'}
  - {stream: weight, value: heavy, day: '2026-11-21'}
  - {stream: alt, value: 60..20 U/L, day: '2026-11-21'}
  - {stream: alt, value: '>99999999 U/L', day: '2026-11-21'}
  - {stream: alt, value: 20 U/L, day: '2026-11-12', upper_limit: 40 U/L}
  - {stream: alt, value: 30 U/L, day: '2026-11-12', upper_limit: 40 U/L}
  - {stream: pregnancy_test, value: maybe, day: '2026-11-20', setting: garden, supervised: perhaps}
  - {stream: pregnancy_test, value: negative}
  - {stream: nodular, value: sometimes, day: '2026-11-40'}
lists:
  - {list: conditions, item: headache, is: yes, day: '2026-11-20'}
  - {list: methods, item: doxycycline, is: no, day: '2026-11-20'}
  - {list: drugs, item: xyloba, is: yes, day: '2027-11-20'}
coverage: [{stream: drugs, from: '2026-11-20', to: '2026-11-10', by: x}]
plan: {dose: much}
facts: {age: 'ninety'}
""",
    "fhir": json.dumps(
        {
            "resourceType": "Bundle",
            "type": "collection",
            "link": [{"relation": "next", "url": "x"}],
            "entry": [
                {"resource": {"resourceType": "Patient", "id": "1", "birthDate": "2099-01-01", "gender": "f"}},
                {"resource": {"resourceType": "Device", "id": "1"}},
                {},
                *({"resource": each} for each in OBSERVED),
                *({"resource": each} for each in ORDERED),
            ],
        }
    ),
}
"""Records with parts that cannot be read, of each kind; they are taken, and say so."""

REFUSED = {
    "no record": "nothing",
    "a stream": RECORD.replace("stream: alt", "stream: altt"),
    "a key": RECORD.replace("jurisdiction", "juridiction"),
    "a part": RECORD.replace("stream: alt, ", ""),
    "a list": "isocourse: '1'\npatient: {}\nevents: {}\n",
    "a version": "isocourse: '7'\npatient: {}\n",
    "a choice": RECORD.replace("state: active", "state: actve"),
    "twice": RECORD + "product: x\n",
    "an anchor": "isocourse: &a '1'\npatient: {}\n",
    "no yaml": "isocourse: ['1'\n",
    "a product": RECORD.replace("eu-conventional", "eu-conventionel"),
    "cut off": '{"resourceType": "Patient", "id',
    "no number": '{"resourceType": "Patient", "x": NaN}',
    "twice in json": '{"resourceType": "Patient", "id": "1", "id": "2"}',
    "no resource": '{"a": 1}',
    "two patients": '[{"resourceType": "Patient", "id": "1"}, {"resourceType": "Patient", "id": "2"}]',
}
"""Files that are refused, each for another reason."""

SAMPLES = ("alt-trebled", "doxycycline", "boy-of-16", "relapse")
GOT = {
    "start": "/",
    "enter": "/enter",
    "protocols": "/protocols",
    "edition": "/protocols/eu-label/2018",
    "changes": "/changes/uk-mhra/2023-10/2025-10",
    "claim": "/claims/seed.labs.threefold",
    "sources": "/sources",
    "source": "/sources/seed_review",
    "contradictions": "/contradictions",
    "calculator": "/calculator",
    "simulate": "/simulate",
    "nothing": "/nothing",
    "register": "/register",
    "files": "/register/files",
    "trail": "/trail",
}
OF_A_PATIENT = {
    "today": "",
    "matrix": "/matrix",
    "matrix, all": "/matrix?show=all",
    "why": "/why/lab_stop/seed-review/2025",
    "why, silent": "/why/lab_stop/uk-nice/2021",
    "plan": "/plan",
    "paper": "/plan.html",
    "sheet": "/sheet.html",
    "expected": "/plan/expected",
}


def walk(bench: Bench) -> Iterator[tuple[str, str]]:
    """Each page by name, in the language that was chosen."""
    for name, address in GOT.items():
        yield name, bench.client.get(address).text
    for sample in SAMPLES:
        for name, rest in OF_A_PATIENT.items():
            yield f"{sample}: {name}", bench.client.get(f"/patient/{sample}{rest}").text
    yield "slip", bench.send("/patient/boy-of-16/slip", event="supply-2", to="2027-01-12").text
    yield "slip, missed", bench.send("/patient/boy-of-16/slip", event="supply-2", to="", miss="yes").text
    for name, event, to in (
        ("past", "supply-2", "2020-01-01"),
        ("nothing", "supply-99", "2027-01-12"),
        ("start", "start", ""),
    ):
        yield f"slip, {name}", bench.send("/patient/boy-of-16/slip", event=event, to=to, miss="" if to else "yes").text
    yield "plan, wrong", bench.send("/patient/boy-of-16/plan", dose="much").text
    yield "calculator, done", bench.send("/calculator", **SUM).text
    yield "calculator, none", bench.send("/calculator", **{**SUM, "dose": "0.1"}).text
    yield "calculator, wrong", bench.send("/calculator", **{**SUM, "weight": "x"}).text
    yield "simulate, done", bench.send("/simulate", **CROWD).text
    yield from _of_a_record(bench)
    yield from _of_the_register(bench)
    yield "door", at_the_door(bench)


SHOWN = {
    "/": "start",
    "/enter": "enter",
    "/read": "read, empty",
    "/start": "door",
    "/calculator": "calculator",
    "/simulate": "simulate",
    "/protocols": "protocols",
    "/protocols/{protocol}/{edition}": "edition",
    "/changes/{protocol}/{old}/{new}": "changes",
    "/claims/{name}": "claim",
    "/sources": "sources",
    "/sources/{name}": "source",
    "/contradictions": "contradictions",
    "/contradictions/witness": "leads to a patient's page",
    "/patient/{handle}": "today",
    "/patient/{handle}/asked": "leads to today",
    "/patient/{handle}/form": "record: form",
    "/patient/{handle}/forget": "leads to the start",
    "/patient/{handle}/keep": "leads to a course",
    "/patient/{handle}/matrix": "matrix",
    "/patient/{handle}/why/{point}/{protocol}/{edition}": "why",
    "/patient/{handle}/plan": "plan",
    "/patient/{handle}/plan/expected": "expected",
    "/patient/{handle}/plan/levels.svg": "a picture, the same as on the page expected",
    "/patient/{handle}/plan/sebum.svg": "a picture, the same as on the page expected",
    "/patient/{handle}/plan.html": "paper",
    "/patient/{handle}/sheet.html": "sheet",
    "/patient/{handle}/plan.ics": "a file: tests/render/test_ics.py",
    "/patient/{handle}/plan.json": "data",
    "/patient/{handle}/slip": "slip",
    "/register": "register",
    "/register/find": "register, found",
    "/register/files": "files",
    "/register/import": "leads to the register",
    "/register/export": "a file",
    "/register/backup": "a file",
    "/register/restore": "leads to the page of files",
    "/trail": "trail",
    "/trail/find": "the page of the trail",
    "/trail/table": "a file",
    "/course/{course}": "course",
    "/course/{course}/fhir": "a file",
    "/course/{course}/further": "leads to a course",
    "/course/{course}/plan": "leads to the plan",
    "/course/{course}/visit": "visit",
    "/course/{course}/dispense": "dispense",
    "/course/{course}/dispense/undo": "leads to a course",
    "/course/{course}/change": "leads to a course",
    "/course/{course}/undo": "leads to a course",
    "/language": "leads back",
    "/knock": "the door",
    "/leave": "the door",
    "/alive": "a word for a program",
    "/static/{mark}/{name}": "a file",
    "/favicon.ico": "a file",
}
"""Every route, and the page above that shows it, or why none does."""

SUM = {
    "weight": "58",
    "dose": "0.5",
    "unit": "mg/kg/day",
    "product": "eu-conventional",
    "strengths": "",
    "times_a_day": "2",
    "weeks": "24",
    "target": "120",
}
CROWD = {
    "dose": "20",
    "times_a_day": "2",
    "weeks": "6",
    "weight": "70",
    "patients": "20",
    "seed": "1",
    "formulation": "conventional",
    "food": "meal",
    "sex": "mixed",
}


def _of_a_record(bench: Bench) -> Iterator[tuple[str, str]]:
    yield "enter, wrong", bench.send("/enter", birth="2030-13-45").text
    yield (
        "enter, not believed",
        _followed(bench, bench.send("/enter", visit="2026-11-24", **{"s.weight": "5800", "s.weight~unit": "kg"})),
    )
    yield "read, empty", bench.send("/read", text="").text
    for name, text in REFUSED.items():
        yield f"read, {name}", bench.send("/read", text=text).text
    for name, text in UNREADABLE.items():
        home = bench.send("/read", text=text).headers["location"]
        for rest in ("today", "plan", "paper", "why"):
            yield f"{name}: {rest}", bench.client.get(f"{home}{OF_A_PATIENT[rest]}").text
    home = bench.send("/read", text=RECORD).headers["location"]
    yield "record: today", bench.client.get(home).text
    yield "record: form", bench.client.get(f"{home}/form").text
    planned = bench.send(
        f"{home}/plan", dose="0.5 mg/kg/day", steps="", weights="2027-02-01: 60 kg", missed="2027-01-03"
    )
    assert planned.status_code == 303, planned.text[-300:]
    for name in ("plan", "paper", "sheet", "expected"):
        yield f"record: {name}", bench.client.get(f"{home}{OF_A_PATIENT[name]}").text


def _followed(bench: Bench, reply: httpx.Response) -> str:
    """The page that a form leads to."""
    shown = bench.client.get(reply.headers["location"]) if reply.status_code == 303 else reply
    return str(shown.text)


def _of_the_register(bench: Bench) -> Iterator[tuple[str, str]]:
    home = bench.send("/read", text=RECORD).headers["location"]
    course = bench.send(f"{home}/keep", name="Ivanova", number="A-17").headers["location"]
    yield "course", bench.client.get(course).text
    page = bench.client.get(f"{course}/visit").text
    yield "visit", page
    expected = re.findall(r'name="expected" value="(\d+)"', page)[0]
    yield "visit, saved", bench.send(f"{course}/visit", visit="2026-11-24", expected=expected, **RAISED).text
    yield "visit, too late", bench.send(f"{course}/visit", visit="2026-11-24", expected=expected, **RAISED).text
    yield "course, after", bench.client.get(course).text
    yield "register, after", bench.client.get("/register").text
    yield "register, found", bench.send("/register/find", words="ivanova").text
    for name in ("today", "plan", "why"):
        yield f"course: {name}", bench.client.get(f"/patient/{course.rpartition('/')[2]}{OF_A_PATIENT[name]}").text
    yield from _with_a_history(bench, course)


def _with_a_history(bench: Bench, course: str) -> Iterator[tuple[str, str]]:
    """Every kind of entry that a course can have, and what the register refuses."""

    def version(path: str) -> str:
        return str(re.findall(r'name="expected" value="(\d+)"', bench.client.get(f"{course}{path}").text)[0])

    yield "dispense", bench.client.get(f"{course}/dispense").text
    yield "dispense, closed", bench.send(f"{course}/dispense", expected=version("/dispense"), **SUPPLY).text
    yield (
        "dispense, wrong",
        bench.send(f"{course}/dispense", expected=version("/dispense"), **(SUPPLY | {"dispensed.strength": ""})).text,
    )
    handed = bench.send(
        f"{course}/dispense", expected=version("/dispense"), confirm="closed", reason="-", **SUPPLY
    ).text
    yield "dispense, saved", handed
    yield "undo, not one's own", bench.send(f"{course}/dispense/undo", seq="2", why="-").text
    entry = re.findall(r'name="seq" value="(\d+)"', handed)[0]
    bench.send(f"{course}/dispense/undo", seq=entry, why="-")
    yield "undo, twice", bench.send(f"{course}/undo", seq=entry, why="-").text
    yield "undo, nothing", bench.send(f"{course}/undo", seq="99999", why="-").text
    yield "undo, the opening", bench.send(f"{course}/undo", seq="1", why="-").text
    yield (
        "visit, not believed",
        bench.send(f"{course}/visit", visit="2026-11-24", expected=version("/visit"), **NOT_BELIEVED).text,
    )
    yield "visit, empty", bench.send(f"{course}/visit", visit="2026-11-24", expected=version("/visit")).text
    handed_out = {"expected": version(""), "dispensed_on": "2026-11-24"}
    yield "change, at the gate", bench.send(f"{course}/change", **handed_out).text
    yield "change, ahead", bench.send(f"{course}/change", **(handed_out | {"dispensed_on": "2027-11-24"})).text
    everything = {"visit": "2026-11-24", "expected": version("/visit"), **EVERYTHING}
    yield "visit, at the gate", bench.send(f"{course}/visit", **everything).text
    bench.send(f"{course}/visit", **everything, confirm="closed", reason="-")
    yield "change, wrong", bench.send(f"{course}/change", expected=version(""), last_dose="2026-02-31").text
    bench.send(f"{course}/change", expected=version(""), last_dose="2026-11-23", jurisdiction="UK")
    bench.send(f"/patient/{course.rpartition('/')[2]}/plan", dose="0.5 mg/kg/day")
    bench.send(f"{course}/plan")
    yield "course, with a history", bench.client.get(course).text
    home = bench.send("/read", text=RECORD).headers["location"]
    yield "keep, refused", bench.send(f"{home}/keep", name="Z" * 400).text
    yield "restore, refused", _sent(bench, "{}", "restore")
    yield "import, not believed", _sent(bench, RECORD.replace("58 kg", "5800 kg"))
    yield "import, refused", _sent(bench, RECORD.replace("stream: alt", "stream: alpha"))
    yield "import, no table", _sent(bench, "number,part,stream\n1,things,alt\n")
    yield "import, a short row", _sent(bench, "number,part,stream\n1,events\n")


def _sent(bench: Bench, text: str, how: str = "import") -> str:
    """The page after a file was brought in."""
    form = {"token": bench.token()}
    reply = bench.client.post(f"/register/{how}", data=form, files={"file": ("a", text.encode())}, headers=OURS)
    return str(reply.text)


def at_the_door(bench: Bench) -> str:
    """What stands at the door for somebody whose address was used before; the language is the browser's."""
    language = re.search(r'<html lang="(\w+)"', bench.client.get("/").text)
    assert language is not None
    held = dict(bench.client.cookies)
    bench.client.cookies.clear()
    page = bench.client.get("/start?key=used", headers={"accept-language": language[1]}).text
    bench.client.cookies.update(held)
    return page


class Reader(HTMLParser):
    """What somebody reads: the text of a page, drawings included, and what a screen reader says; by the language that it says it is in."""

    SILENT = ("script", "style", "code", "textarea")
    TOLD = ("aria-label", "title", "alt")
    VOID = ("area", "base", "br", "col", "hr", "img", "input", "link", "meta", "wbr")

    def __init__(self) -> None:
        super().__init__()
        self.stack: list[tuple[str, str]] = []
        self.said: dict[str, list[str]] = {}

    @property
    def language(self) -> str:
        """The language of where the reader is."""
        return self.stack[-1][1] if self.stack else ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Steps into an element."""
        told = dict(attrs)
        language = told.get("lang") or self.language
        self.said.setdefault(language, []).extend(told[name] or "" for name in self.TOLD if name in told)
        if tag not in self.VOID:
            self.stack.append((tag, language))

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """An element without anything in it."""
        self.handle_starttag(tag, attrs)
        if tag not in self.VOID:
            self.stack.pop()

    def handle_endtag(self, tag: str) -> None:
        """Steps out; an end that was left out is made good."""
        while self.stack and self.stack.pop()[0] != tag:
            pass

    def handle_data(self, data: str) -> None:
        """Text."""
        if data.strip() and not any(tag in self.SILENT for tag, _ in self.stack):
            self.said.setdefault(self.language, []).append(data)


def read(page: str) -> dict[str, list[str]]:
    """The texts of a page by language."""
    reader = Reader()
    reader.feed(page)
    return {language: [" ".join(part.split()) for part in parts] for language, parts in reader.said.items()}

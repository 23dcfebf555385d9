"""Every page that the workbench makes, with a sample patient, with a plan, and with a visit that was entered; for the tests that walk them all."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html.parser import HTMLParser

from tests.web.bench import Bench

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
RAISED = {"s.alt.now": "130", "s.alt.now~unit": "U/L", "s.alt.now~day": "2026-11-23", "s.alt.now~upper": "40"}
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
    yield "read, empty", bench.send("/read", text="").text
    home = bench.send("/read", text=RECORD).headers["location"]
    yield "record: today", bench.client.get(home).text
    yield "record: form", bench.client.get(f"{home}/form").text
    planned = bench.send(
        f"{home}/plan", dose="0.5 mg/kg/day", steps="", weights="2027-02-01: 60 kg", missed="2027-01-03"
    )
    assert planned.status_code == 303, planned.text[-300:]
    for name in ("plan", "paper", "sheet", "expected"):
        yield f"record: {name}", bench.client.get(f"{home}{OF_A_PATIENT[name]}").text


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

    SILENT = ("script", "style", "code")
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

"""English, Russian, Uzbek: no page of the workbench leaves a word of ours in English; what is English on purpose says so, and why stands here."""

from __future__ import annotations

import gzip
import re
from collections.abc import Iterator
from functools import cache

import pytest
from litestar.testing import TestClient

from isocourse.app.disagreement_words import shown
from isocourse.app.knowledge import load_library
from isocourse.app.translations import part_of
from isocourse.app.words import read_translations
from isocourse.library.translations import NOTES, Translations, keys
from isocourse.register.events import Stamp
from isocourse.register.register import init_register
from isocourse.render.language import MARKS, Translated
from isocourse.render.phrases import phrases
from isocourse.web.desk import Desk
from isocourse.web.server import server
from isocourse.web.settings import Limits, Settings
from isocourse.web.speech import speech_of
from tests.web.bench import BASE, DAY, Bench
from tests.web.catalogue import messages
from tests.web.every_page import GOT, OF_A_PATIENT, SHOWN, read, walk

pytestmark = pytest.mark.soak
OTHERS = ("ru", "uz")
INSTANT = "2026-11-24T09:30:00.000000Z"
Walked = dict[str, dict[str, str]]

QUOTED = (
    (r"\[[^\]]*\]", "a claim by its name, or where in the file a value stands"),
    (r"\b[A-Z][A-Za-z]+/[\w-]+|^Device:", "a FHIR resource by its kind and name"),
    (r'"[^"]*"', "what a file says or must say, in its own words"),
    (
        r"^(?:at least \d+ of .*?|always|not\(.*?|\(?[a-z_.]+ (?:>=|<=|=|<|>|in) .*?)(?=: |$)",
        "a condition as the row has it",
    ),
    (r"\b[a-z]+(?:[_.][a-z0-9]+)+\b", "a fact, a claim or a point by the name that conditions have for it"),
    (
        r"\b[a-z0-9]+(?:-[a-z0-9]+)+(?:/[\w-]+)*",
        "a protocol, a sample, an edition or an event of the calendar by its name",
    ),
    (r"(?:назначено|buyurilganidek): .*", "an order as the file has it"),
    (
        r"^(?:источник|manba): .*",
        "a claim and the title of its source, which stay English (docs/guide/translations.md)",
    ),
    (
        r"\d+(?:[.,]\d+)? mg/(?:kg/)?day(?: for \d+ weeks)?(?:, then \d.*)?",
        "a dose as it is typed, in every language alike",
    ),
    (r"\{score\}|\b[mu]mol/L\b", "a unit as a laboratory prints it"),
)
"""What stands in English in every language, as a pattern, and why."""

NAMES = {
    "isotretinoin": "the drug, as a file writes it",
    "doxycycline": "a drug, as a file writes it, and a sample",
    "relapse": "a sample",
    "may": "a month in Uzbek",
}
"""Single words that may stay, and why; the names of protocols and products besides."""


LISTS = {
    "contradictions, across": "kind=across",
    "contradictions, statement": "kind=statement",
    "contradictions, statement, more": "kind=statement&page=2",
    "contradictions, damaged": "kind=damaged",
}
"""The lists of contradictions besides the first, which holds opposed rules."""

IN_ENGLISH = re.compile(r'<details class="english">.*?</details>|<span class="who" lang="en">.*?</span>', re.DOTALL)
"""What is English on purpose on such a list: our own words of what is translated, one tap away, and titles of sources."""


@pytest.fixture(scope="module")
def walked(desk: Desk, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Walked]:
    """Every page in every other language, by language and name."""
    place = tmp_path_factory.mktemp("register")
    told: list[str] = []
    settings = Settings(
        "127.0.0.1", 8765, lambda: 1000.0, lambda: DAY, told.append, "a-program", lambda: INSTANT,
        limits=Limits(per_minute=100_000, heavy_per_minute=10_000, knocks_per_minute=1000),
    )  # fmt: skip
    register = init_register(str(place / "register.db"), place / "key.pem", Stamp("tests", INSTANT))
    app, _ = server(settings, desk, register)
    with TestClient(app, base_url=BASE, raise_server_exceptions=False) as client:
        bench = Bench(app, [1000.0], told, client)
        bench.come_in()
        desk._found.wait()  # so that the list of contradictions is walked, not the word that it is being made
        found: Walked = {}
        for language in ("en", *OTHERS):
            bench.send("/language", language=language, back="/")
            found[language] = dict(walk(bench))
            for name, rest in LISTS.items():
                found[language][name] = client.get(f"/contradictions?{rest}").text
        yield found
    register.close()


@pytest.fixture
def files_bytes(bench: Bench) -> int:
    """The scripts and sheets of style that a browser fetches with a first page, packed."""
    return sum(len(file.packed) for file in bench.house.files.values())


def words(text: str) -> set[str]:
    """The words of three Latin letters or more."""
    return {word.lower() for word in re.findall(r"[A-Za-zʻʼ]{3,}", text)}


def ours(language: str) -> set[str]:
    """The words of everything that is translated, in English, but for those that its translations have too."""
    library = load_library()
    english = {*keys(library, phrases()).values(), *_interface()}
    read_ = read_translations(language)
    speech = speech_of(language)
    told = [text for entry in read_.entries for _, text in entry.forms] + [speech(text) for text in _interface()]
    named = " ".join([*(each.protocol for each in library.editions), *(each.name for each in library.products)])
    return words(" ".join(english)) - words(" ".join(told)) - words(named) - set(NAMES)


def _interface() -> set[str]:
    return {part for message in messages() for part in ((message,) if isinstance(message, str) else message)}


def left(page: str, language: str, known: set[str]) -> dict[str, set[str]]:
    """The parts of a page that hold words of ours in English."""
    found = {}
    for part in read(page).get(language, []):
        bare = (
            part.removesuffix("…").rsplit(" ", 1)[0] if part.endswith("…") else part
        )  # a word that is cut short is none
        for pattern, _ in QUOTED:
            bare = re.sub(pattern, " ", bare)
        if here := words(bare) & known:
            found[part.strip()[:200]] = here
    return found


@pytest.mark.parametrize("language", OTHERS)
def test_no_page_leaves_a_word_of_ours_in_english(walked: Walked, language: str) -> None:
    known = ours(language)
    assert len(known) > 1000
    found = {name: left(page, language, known) for name, page in walked[language].items()}
    assert {name: parts for name, parts in found.items() if parts} == {}


@pytest.mark.parametrize("language", OTHERS)
def test_what_opposed_rules_say_and_for_whom_is_told_in_the_language_of_the_page(walked: Walked, language: str) -> None:
    page = walked[language]["contradictions"]
    assert page.count(f'<li lang="{language}">') > 100
    assert '<li lang="en">' not in page
    assert "kind = " not in page


@pytest.mark.parametrize("language", OTHERS)
@pytest.mark.parametrize("name", ["contradictions", *LISTS])
def test_our_notes_on_contradictions_are_told_in_the_language_with_the_english_one_tap_away(
    walked: Walked, language: str, name: str
) -> None:
    page, english = walked[language][name], walked["en"][name]
    assert read(IN_ENGLISH.sub("", page)).get("en", []) == ["English"]
    assert len(re.findall(r"<article", page)) == len(re.findall(r"<article", english)) > 10
    notes, told = _notes(), {part for part in read(page)["en"] if part != "English"}
    assert len(told & notes) > 5
    assert told >= notes.intersection(read(IN_ENGLISH.sub("", english))["en"])
    assert {"ru": "черновом", "uz": "qoralama"}[language] in page
    assert '<details class="english">' not in english


@cache
def _notes() -> set[str]:
    """The English of every note on the lists."""
    return {text for key, text in keys(load_library(), phrases()).items() if part_of(key) in NOTES}


@pytest.mark.parametrize("language", OTHERS)
def test_a_note_without_a_translation_is_found_on_the_list(walked: Walked, desk: Desk, language: str) -> None:
    """One translation taken away: the list tells the note in English, and the walk sees it."""
    found, _ = desk.disagreements()
    clash = next(each for each in found if each.id == "seed.x7")
    whole = read_translations(language)
    less = Translations(language, tuple(each for each in whole.entries if each.key != "clash.seed.x7"), whole.draft)
    poorer = shown(desk.library, clash, Translated(less)).why
    assert shown(desk.library, clash, Translated(whole)).why.language == language  # type: ignore[union-attr]  # it has one
    assert poorer is not None
    assert (poorer.language, poorer.english) == ("en", "")
    assert poorer.text.endswith(MARKS[language])
    page = f'<html lang="{language}"><p>{poorer.text}</p></html>'
    assert {"laboratory", "repeat", "values"} & set().union(*left(page, language, ours(language)).values())


@pytest.mark.parametrize("language", OTHERS)
def test_no_page_has_a_text_without_a_translation(walked: Walked, language: str) -> None:
    assert [name for name, page in walked[language].items() if MARKS[language] in page] == []


KNOWLEDGE = (
    "edition",
    "changes",
    "claim",
    "sources",
    "source",
    "contradictions",
    "protocols",
    "why",
    "sheet",
    "paper",
    "plan",
)
"""Pages that quote claims, titles and terms of documents, which stay English and say so."""


@pytest.mark.parametrize("language", OTHERS)
def test_what_is_marked_as_english_is_of_a_document_never_of_a_record_or_of_the_register(
    walked: Walked, language: str
) -> None:
    found = {
        name: [part for part in read(page).get("en", []) if part != "English"]
        for name, page in walked[language].items()
    }
    assert {
        name: parts
        for name, parts in found.items()
        if parts and not any(name.split(": ")[-1].startswith(each) for each in KNOWLEDGE)
    } == {}


@pytest.mark.parametrize("language", ["en", *OTHERS])
def test_no_page_tells_a_reader_to_type_an_option_of_the_command_line(walked: Walked, language: str) -> None:
    for name, page in walked[language].items():
        said = [part for parts in read(page).values() for part in parts if re.search(r"(?<!\w)--[a-z]", part)]
        assert said == [], name


MOST_BYTES = 150 * 1024
"""What a browser may fetch for one page, with every file of ours."""


@pytest.mark.parametrize("language", ["en", *OTHERS])
def test_no_page_weighs_more_than_150_kilobytes_on_its_way(walked: Walked, files_bytes: int, language: str) -> None:
    weighs = {name: len(gzip.compress(page.encode(), 5)) + files_bytes for name, page in walked[language].items()}
    assert {name: size for name, size in weighs.items() if size > MOST_BYTES} == {}
    assert len(weighs) > 100


def test_every_page_is_sent_packed(bench: Bench) -> None:
    for address in (*GOT.values(), *(f"/patient/alt-trebled{rest}" for rest in OF_A_PATIENT.values())):
        reply = bench.client.get(address, headers={"accept-encoding": "gzip"})
        assert reply.status_code != 200 or reply.headers.get("content-encoding") == "gzip", address


def test_the_walk_meets_what_cannot_be_read(walked: Walked) -> None:
    for name, least in (("values: today", 20), ("fhir: today", 12)):
        assert walked["en"][name].count("; ") > least, name
    for name in ("read, a stream", "visit, not believed", "undo, twice", "import, refused", "import, not believed"):
        assert walked["en"][name] != walked["ru"][name]
    assert walked["en"]["course, with a history"].count("<s>") >= 2


@pytest.mark.parametrize("language", OTHERS)
def test_every_page_says_its_language_and_that_the_words_are_a_draft_where_a_patient_is_shown(
    walked: Walked, language: str
) -> None:
    for name, page in walked[language].items():
        assert f'<html lang="{language}"' in page, name
    draft = {"ru": "черновик", "uz": "qoralama"}[language]
    for name in ("alt-trebled: today", "alt-trebled: paper", "alt-trebled: sheet", "alt-trebled: plan"):
        assert draft in walked[language][name], name


def test_a_key_that_is_missing_is_found_on_the_page(
    walked: Walked, desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One translation taken away: the pages of the plan say it in English, and the walk sees it."""
    from isocourse.app.plan import plan
    from isocourse.course.wanted import Wanted
    from isocourse.render.plan_page import plan_page
    from isocourse.web.pages.course import in_language

    whole = read_translations("ru")
    less = Translations("ru", tuple(each for each in whole.entries if each.key != "state.do.0"), whole.draft)
    patient = desk.samples["boy-of-16"]
    made = plan(desk.library, patient.record(patient.asked.as_of), patient.asked, Wanted())
    known = ours("ru")
    assert left(plan_page(in_language(made, Translated(whole))), "ru", known) == {}
    poorer = plan_page(in_language(made, Translated(less)))
    assert MARKS["ru"] in poorer
    assert {"early"} <= set().union(*left(poorer, "ru", known).values())


def test_every_route_that_makes_a_page_is_walked(bench: Bench) -> None:
    """A page that is added later has to be walked too."""
    paths = {route.path_format for route in bench.routes.routes}
    assert {path for path in paths if not path.startswith("/api")} - set(SHOWN) == set()

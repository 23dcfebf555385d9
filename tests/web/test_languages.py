"""English, Russian and Uzbek: every text of the interface is translated, none is left over, and pages speak one language."""

import html
import re
from datetime import date
from string import Formatter

import pytest
from babel.messages.catalog import Catalog

from isocourse.render.language import MARKS
from isocourse.web.speech import LANGUAGES, catalogue_of, speech_of
from tests.web.bench import Bench
from tests.web.catalogue import messages

OTHERS = [language for language in LANGUAGES if language != "en"]
PAGES = [
    "/",
    "/enter",
    "/patient/alt-trebled",
    "/patient/doxycycline",
    "/patient/alt-trebled/matrix",
    "/patient/alt-trebled/plan",
    "/patient/alt-trebled/why/lab_stop/seed-review/2025",
    "/calculator",
    "/simulate",
    "/protocols",
    "/sources",
    "/nothing",
    "/protocols/eu-label/2018",
    "/claims/seed.labs.threefold",
    "/contradictions",
]
SAME = {"acne", "lidose", "in"}
"""Words that may stay as they are, or that stand inside others."""


def keys(catalogue: Catalog) -> set[str]:
    """The English of every message."""
    return {each.id if isinstance(each.id, str) else each.id[0] for each in catalogue if each.id}


def first(message: str | tuple[str, str]) -> str:
    """The English by which a message is found."""
    return message if isinstance(message, str) else message[0]


@pytest.mark.parametrize("language", OTHERS)
def test_every_text_of_the_interface_is_translated_and_none_is_left_over(language: str) -> None:
    wanted = {first(message) for message in messages()}
    assert len(wanted) > 300
    assert keys(catalogue_of(language)) == wanted
    assert [text for text in wanted if not speech_of(language).knows(text)] == []


@pytest.mark.parametrize("language", OTHERS)
def test_a_translation_fills_in_what_the_english_fills_in(language: str) -> None:
    for message in catalogue_of(language):
        if message.id:
            english = message.id if isinstance(message.id, str) else message.id[0]
            forms = (message.string,) if isinstance(message.string, str) else tuple(message.string or ())
            for form in forms:
                assert placeholders(form) == placeholders(english), english
                assert not re.search(r"\d", re.sub(r"\{.*?\}", "", form)) or re.search(r"\d", english), english


def placeholders(text: str) -> set[str]:
    """The names that a text fills in."""
    return {name for _, name, _, _ in Formatter().parse(text) if name}


@pytest.mark.parametrize(
    ("count", "told"), [(1, "1 запись нужно"), (3, "3 записи нужно"), (5, "5 записей нужно"), (21, "21 запись нужно")]
)
def test_russian_counts_as_russian_does(count: int, told: str) -> None:
    one, several = "{n} entry needs correcting; nothing was lost.", "{n} entries need correcting; nothing was lost."
    assert speech_of("ru").count(one, several, count).startswith(told)


def test_days_and_numbers_are_written_as_their_readers_do() -> None:
    day = date(2026, 11, 24).toordinal()
    assert [speech_of(language).day(day) for language in LANGUAGES] == [
        "24 Nov 2026",
        "24 ноября 2026\u202fг.",
        "24-noyabr, 2026",
    ]
    assert [speech_of(language).number("0.50") for language in LANGUAGES] == ["0.50", "0,50", "0,50"]


def visible(page: str) -> str:
    """What a reader of the page's own language reads: parts that say they are of another language are left out."""
    page = re.sub(r"<(script|style|svg|desc)\b.*?</\1>", " ", page, flags=re.DOTALL)
    page = re.sub(r'<(\w+)[^>]*\blang="\w+"(?![^>]*data-theme)[^>]*>.*?</\1>', " ", page, flags=re.DOTALL)
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", page)).split())


@pytest.mark.parametrize("path", PAGES)
@pytest.mark.parametrize("language", OTHERS)
def test_no_text_of_the_interface_is_left_in_english(bench: Bench, language: str, path: str) -> None:
    bench.send("/language", language=language, back="/")
    page = bench.client.get(path).text
    assert f'<html lang="{language}"' in page
    told = visible(page)
    speech = speech_of(language)
    left = [
        text
        for text in map(first, messages())
        if len(text) > 6
        and "{" not in text
        and text not in SAME
        and speech(text) != text
        and re.search(rf"(?<![\w/]){re.escape(text)}(?![\w/])", told)
        and text[0].isupper()
    ]
    assert left == [], told[:200]


@pytest.mark.parametrize("language", OTHERS)
def test_what_is_red_is_told_in_the_language_of_the_page(bench: Bench, language: str) -> None:
    english = bench.client.get("/patient/doxycycline").text
    bench.send("/language", language=language, back="/")
    page = bench.client.get("/patient/doxycycline").text
    stop = page[page.index('id="stop"') : page.index('id="not"')]
    assert MARKS[language] not in stop
    assert "A tetracycline together with isotretinoin" in english
    assert "A tetracycline together" not in stop


def test_the_start_follows_the_browsers_language(bench: Bench) -> None:
    bench.client.cookies.clear()
    bench.routes.state.door.tell()
    address = bench.told[-1].removeprefix("http://127.0.0.1:8765")
    page = bench.client.get(address, headers={"accept-language": "uz-Latn;q=0.9,ru;q=0.8"}).text
    assert '<html lang="uz"' in page


def test_going_back_never_leads_elsewhere(bench: Bench) -> None:
    for back in ("//evil.example", "https://evil.example", "/\\evil.example", "evil"):
        assert bench.send("/language", language="ru", back=back).headers["location"] == "/"
    assert bench.send("/language", language="ru", back="/enter").headers["location"] == "/enter"


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_page_tells_a_reader_to_type_a_command(bench: Bench, language: str) -> None:
    bench.send("/language", language=language, back="/")
    for name in bench.house.desk.samples:
        page = visible(bench.client.get(f"/patient/{name}").text)
        assert re.search(r"(?<!\w)--[a-z]|`isocourse", page) is None, name

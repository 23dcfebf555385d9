"""A disagreement is told in the language of whoever reads, with our English at hand, and never half in another."""

from __future__ import annotations

from functools import cache

import pytest
from msgspec.structs import replace

from isocourse.app.disagreement import Disagreement
from isocourse.app.disagreement_words import Shown, shown
from isocourse.app.disagreements import disagreements
from isocourse.app.words import load_words, with_notes
from isocourse.decisions.wording import ENGLISH, Wording
from isocourse.library import Library
from isocourse.library.translations import LANGUAGES
from isocourse.render.language import MARKS

each_language = pytest.mark.parametrize("language", LANGUAGES)


@pytest.fixture(scope="module")
def listed(library: Library) -> dict[str, Disagreement]:
    """All that need no solver, by id."""
    return {each.id: each for each in disagreements(library, kinds=("across", "statement", "damaged"))}


@cache
def noted(language: str) -> Wording:
    return with_notes(load_words(language))


def texts(told: Shown) -> list[str]:
    """Everything that stands in an entry."""
    notes = [part for each in told.known for part in (each.say, each.hinges_on, each.note)]
    parts = (told.damaged, *told.sides[0], *told.sides[1], told.why, *notes)
    return [part.text for part in parts if part]


@each_language
def test_every_entry_is_told_in_the_language_and_keeps_our_english(
    library: Library, listed: dict[str, Disagreement], language: str
) -> None:
    assert len(listed) > 150
    for each in listed.values():
        told = shown(library, each, noted(language))
        assert MARKS[language] not in " ".join([*texts(told), told.topic]), each.id
        kept = set(texts(shown(library, each, ENGLISH)))
        mine = kept if each.kind != "across" else kept - {*each.one.says, *each.other.says}
        assert set(told.english) == mine, each.id


def test_english_needs_no_second_english(library: Library, listed: dict[str, Disagreement]) -> None:
    told = [shown(library, each, ENGLISH) for each in listed.values()]
    assert {each.english for each in told} == {()}
    assert {part.language for each in told for part in each.sides[0]} == {"en"}


@pytest.mark.parametrize(
    ("language", "asks", "never"),
    [
        pytest.param("en", "asks about marked leukopenia", "never orders blood count", id="english"),
        pytest.param(
            "ru", "спрашивает: выраженная лейкопения", "никогда не назначает: общий анализ крови", id="russian"
        ),
        pytest.param("uz", "soʻraydi: yaqqol leykopeniya", "hech qachon buyurmaydi: umumiy qon tahlili", id="uzbek"),
    ],
)
def test_what_a_source_asks_about_and_never_has_measured_is_named_in_words(
    library: Library, listed: dict[str, Disagreement], language: str, asks: str, never: str
) -> None:
    gap = next(each for each in listed.values() if each.about == ("conditions.marked_leukopenia",))
    told = shown(library, gap, ENGLISH if language == "en" else noted(language))
    assert [side[0].text for side in told.sides] == [asks, never]
    assert [side[0].language for side in told.sides] == [language, language]


@each_language
def test_a_note_of_ones_own_without_a_translation_stands_in_english_with_a_mark(
    library: Library, listed: dict[str, Disagreement], language: str
) -> None:
    own = replace(listed["seed.x7"], why="Written at a clinic of one's own.")
    why = shown(library, own, noted(language)).why
    assert why is not None
    assert (why.text, why.language, why.english) == (
        f"Written at a clinic of one's own. {MARKS[language]}",
        "en",
        "",
    )


def test_the_values_of_a_witness_are_told_with_the_decimal_mark_and_the_dates_of_the_language(
    library: Library, listed: dict[str, Disagreement]
) -> None:
    values = {"triglycerides_now": "1.8 mmol/L", "age": "24 years", "last_dose": "2026-11-24"}
    told = shown(library, replace(listed["seed.x7"], witness=values), noted("ru")).witness
    assert [each.partition(": ")[2] for each in told] == ["1,8 ммоль/л", "24 года", "24 ноября 2026\u202fг."]

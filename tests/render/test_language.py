"""Plurals, dates, decimals and the mark of what is not translated."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from functools import cache

import pytest
from hypothesis import given
from hypothesis import strategies as some

from isocourse.app.translations import figures
from isocourse.app.words import load_words as loaded
from isocourse.decisions.dates import counted, words
from isocourse.decisions.tables import Duty, Moment, Window
from isocourse.library import Library
from isocourse.render.conditions import value_words
from isocourse.render.language import MARKS

load_words = cache(loaded)
DAY = date(2026, 2, 2).toordinal()
TEST = Duty("do", "pregnancy_test", Moment("each_prescription"), Window(-7, 0))
KEPT_UP = Duty("keep_up", "contraception", begin=Moment("start", -1, "months"), until=Moment("last_dose", 1, "months"))


@pytest.mark.parametrize(
    ("number", "said"),
    [(1, "1 день"), (2, "2 дня"), (5, "5 дней"), (11, "11 дней"), (21, "21 день"), (22, "22 дня"), (30, "30 дней")],
)
def test_russian_counts_days_as_people_do(number: int, said: str) -> None:
    assert counted(number, "days", load_words("ru")) == said


@pytest.mark.parametrize(("number", "said"), [(1, "1 oy"), (5, "5 oy")])
def test_an_uzbek_noun_stays_as_it_is_after_a_number(number: int, said: str) -> None:
    assert counted(number, "months", load_words("uz")) == said


@pytest.mark.parametrize(
    ("language", "said"), [("en", "2 Feb 2026"), ("ru", "2 февраля 2026 г."), ("uz", "2-fevral, 2026")]
)
def test_a_day_is_written_as_people_of_the_language_read_it(language: str, said: str) -> None:
    assert load_words(language).day(DAY).replace("\u202f", " ").replace("\u00a0", " ") == said


@pytest.mark.parametrize(
    ("digits", "said"), [("0.5", "0,5"), ("1.0", "1,0"), ("0.50", "0,50"), ("20", "20"), ("150", "150")]
)
def test_a_decimal_keeps_every_digit_and_gets_a_comma(digits: str, said: str) -> None:
    assert load_words("ru").number(digits) == said
    assert load_words("uz").number(digits) == said
    assert load_words("en").number(digits) == digits


@pytest.mark.parametrize(
    ("language", "test", "kept_up"),
    [
        (
            "en",
            "within 7 days before the prescription",
            "from 1 month before the first dose until 1 month after the last dose",
        ),
        (
            "ru",
            "до назначения, но не ранее чем за 7 дней",
            "начиная за 1 месяц до первой дозы заканчивая через 1 месяц после последней дозы",
        ),
        (
            "uz",
            "retsept yozilgan kunidan oldingi 7 kun ichida",
            "birinchi doza kunidan 1 oy oldin boʻlgan kundan boshlab oxirgi doza kunidan 1 oy keyin boʻlgan kungacha",
        ),
    ],
)
def test_a_duty_keeps_its_window_and_its_unit(language: str, test: str, kept_up: str) -> None:
    w = load_words(language)
    assert words(TEST, w) == test
    assert words(KEPT_UP, w) == kept_up


def test_every_duty_of_the_knowledge_is_told_in_every_language(library: Library) -> None:
    duties = [
        row.duty
        for edition in library.editions
        for cell in edition.cells
        for position in cell.positions
        for reading in position.readings
        for row in reading.rows
        if row.duty is not None
    ]
    assert len(duties) > 100
    for language in ("ru", "uz"):
        w = load_words(language)
        assert [told for duty in duties if MARKS[language] in (told := words(duty, w))] == []


def test_a_text_that_nobody_translated_stands_in_english_with_a_mark() -> None:
    assert load_words("ru")("a sentence that nobody wrote down") == f"a sentence that nobody wrote down {MARKS['ru']}"
    assert not load_words("ru").translated("a sentence that nobody wrote down")
    assert load_words("en")("a sentence that nobody wrote down") == "a sentence that nobody wrote down"


@given(some.decimals(0, 100_000, places=2), some.sampled_from(["ru", "uz"]))
def test_a_number_is_the_same_number_in_every_language(number: Decimal, language: str) -> None:
    assert figures(load_words(language).number(str(number))) == figures(str(number))


@pytest.mark.parametrize(
    ("given_value", "russian", "uzbek"),
    [
        ("no", "нет", "yoʻq"),
        ("2026-02-02", "2 февраля 2026\u202fг.", "2-fevral, 2026"),
        ("conventional | lidose", "обычные или лидоза", "oddiy yoki lidoza"),
        ("0.5 kg", "0,5 kg", "0,5 kg"),
    ],
)
def test_a_value_that_would_turn_an_answer_is_told_in_the_language(given_value: str, russian: str, uzbek: str) -> None:
    assert value_words(given_value, load_words("ru")) == russian
    assert value_words(given_value, load_words("uz")) == uzbek

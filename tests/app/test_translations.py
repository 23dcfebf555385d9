"""Translated words: each fits the English of today, says the same numbers, and a stale one is never shown."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache

import pytest
from msgspec.structs import replace

from isocourse.app.translations import Flaw, figures, flaws, flaws_of, forbidden, part_of, sheet
from isocourse.app.words import load_words as loaded
from isocourse.app.words import read_translations as read_anew
from isocourse.app.words import with_notes
from isocourse.decisions.tables import Status
from isocourse.library import Library
from isocourse.library.translations import LANGUAGES, STRICT, Translation, Translations, hash_of, keys, terms
from isocourse.reading.words import read_words
from isocourse.reading.yaml_text import load_text
from isocourse.render.language import MARKS, Translated
from isocourse.render.phrases import phrases
from isocourse.render.words import FORCE, KEPT, STATUS, TRUTH

load_words = cache(loaded)
read_translations = cache(read_anew)
each_language = pytest.mark.parametrize("language", LANGUAGES)


def planted(library: Library, language: str, key: str, said: str, *, of: str = "") -> list[Flaw]:
    """What is found in the words of a language when one of them is replaced."""
    read = read_translations(language)
    entries = [
        replace(entry, forms=(("", said),), of=of or entry.of) if entry.key == key else entry for entry in read.entries
    ]
    assert entries != list(read.entries)
    return [flaw for flaw in flaws_of(library, Translations(language, tuple(entries))) if flaw.key == key]


def test_nothing_that_a_patient_or_a_status_says_is_left_in_english(library: Library) -> None:
    assert [flaw.line for flaw in flaws(library) if flaw.fails] == []


@each_language
def test_nearly_everything_that_a_clinician_sees_is_translated(library: Library, language: str) -> None:
    every = terms(library, phrases())
    held = read_translations(language).by_hash()
    left = [term.key for term in every if term.hash not in held]
    assert len(every) > 1000
    assert len(left) <= len(every) // 20, left


def test_no_two_texts_share_a_hash(library: Library) -> None:
    every = terms(library, phrases())
    assert len({term.hash for term in every}) == len(every)
    assert len({term.key for term in every}) == len(every)


@each_language
def test_a_translation_of_an_older_english_is_found_and_never_shown(library: Library, language: str) -> None:
    line = library.red[0]
    changed = replace(line, do=(("en", "Stop isotretinoin within the hour."),))
    later = replace(library, red=(changed, *library.red[1:]))
    read = read_translations(language)
    found = [flaw for flaw in flaws_of(later, read) if flaw.kind == "stale"]
    assert [flaw.key for flaw in found] == [f"red.{line.name}.do"]
    assert found[0].fails
    assert "words/" in found[0].where
    assert hash_of("Stop isotretinoin within the hour.") in found[0].line
    shown = Translated(read)(changed.do)
    assert shown == f"Stop isotretinoin within the hour. {MARKS[language]}"
    assert Translated(read)(line.do) not in shown


@each_language
def test_a_text_without_a_translation_is_missing(library: Library, language: str) -> None:
    read = read_translations(language)
    without = replace(read, entries=tuple(entry for entry in read.entries if entry.key != "point.food.title"))
    assert [(flaw.kind, flaw.key) for flaw in flaws_of(library, without)] == [("missing", "point.food.title")]
    assert Translated(without)(library.point("food").title).endswith(MARKS[language])


@each_language
@pytest.mark.parametrize(
    "key",
    [
        "contradiction.C-21.say",
        "contradiction.C-21.hinges_on",
        "contradiction.C-20.note",
        "clash.seed.x20",
        "topic.low_dose",
        "taken.seed.soya.reports.1",
        "damage.seed.soya.reports",
        "listed.draft",
        "claim.seed.labs.threefold",
    ],
)
def test_a_note_on_contradictions_without_a_translation_fails_the_check(
    library: Library, language: str, key: str
) -> None:
    read = read_translations(language)
    without = replace(read, entries=tuple(entry for entry in read.entries if entry.key != key))
    found = [flaw for flaw in flaws_of(library, without) if flaw.fails]
    assert [(flaw.kind, flaw.key) for flaw in found] == [("missing", key)]


def test_every_note_that_the_list_of_contradictions_shows_is_to_be_translated(library: Library) -> None:
    known = set(keys(library, phrases()).values())
    shown = [text for each in library.disagreements.known for text in (each.say, each.hinges_on, each.note) if text]
    shown += [text for pair in library.disagreements.pairs for text in (pair.why, pair.topic.replace("_", " "))]
    shown += [library.claim(name).says for pair in library.disagreements.pairs for name in (pair.one, pair.other)]
    for claim in library.claims:
        if claim.kind == "damaged":
            shown += [claim.says, claim.damage, *claim.readings[:2]]
    assert len(shown) > 700
    assert set(shown) - known == set()


@each_language
def test_whoever_judges_a_patient_does_not_read_the_notes_on_contradictions(library: Library, language: str) -> None:
    why = library.disagreements.pairs[0].why
    judging = load_words(language)
    assert not judging.translated(why)
    assert judging.translated(library.red[0].say)
    listing = with_notes(judging)
    assert listing.translated(why)
    assert listing(library.red[0].say) == judging(library.red[0].say)
    assert listing.draft


def test_a_note_in_another_file_than_its_own_is_found(library: Library) -> None:
    read = read_translations("ru")
    entries = [
        replace(entry, where=entry.where.replace("claims.yaml", "phrases.yaml"))
        if entry.key == "claim.seed.labs.threefold"
        else entry
        for entry in read.entries
    ]
    found = list(flaws_of(library, replace(read, entries=tuple(entries))))
    assert [(flaw.kind, flaw.key, flaw.wrong) for flaw in found] == [("misplaced", "claim.seed.labs.threefold", True)]
    assert "belongs in claims.yaml" in found[0].line


def test_an_entry_under_a_key_that_no_text_has_is_unknown(library: Library) -> None:
    read = read_translations("ru")
    more = Translation("point.no_such_point.title", "00000000", (("", "Нет"),), "words/ru/points.yaml:3")
    found = list(flaws_of(library, replace(read, entries=(*read.entries, more))))
    assert [(flaw.kind, flaw.where) for flaw in found] == [("unknown", "words/ru/points.yaml:3")]
    assert found[0].wrong


@pytest.mark.parametrize(
    ("said", "kind"),
    [
        pytest.param("Триглицериды выше 10 ммоль/л", "numbers", id="another-number"),
        pytest.param("Триглицериды слишком высоки", "numbers", id="a-number-lost"),
        pytest.param("Триглицериды выше 9 ммоль/л (2 раза)", "numbers", id="a-number-more"),
        pytest.param("Триглицериды выше 0,9 ммоль/л", "numbers", id="a-decimal-mark-more"),
    ],
)
def test_a_translation_with_other_numbers_is_caught(library: Library, said: str, kind: str) -> None:
    found = planted(library, "ru", "red.very_high_triglycerides.say", said)
    assert {flaw.kind for flaw in found} == {kind}
    assert all(flaw.wrong for flaw in found)


@pytest.mark.parametrize(
    ("english", "translated"),
    [
        ("0.5 to 1.0 mg/kg", "от 0,5 до 1,0 мг/кг"),
        ("1,743 patients", "1743 пациента"),
        ("1 in 10,000", "1 из 10 000"),
        ("6 to 8 weeks", "6–8 недель"),
        ("PHQ-9, item 9", "PHQ-9, пункт 9"),
    ],
)
def test_the_same_numbers_in_another_spelling_are_the_same(english: str, translated: str) -> None:
    assert sorted(figures(english)) == sorted(figures(translated))


def test_a_lost_placeholder_is_caught(library: Library) -> None:
    assert {flaw.kind for flaw in planted(library, "ru", "time.before", "за некоторое время до {anchor}")} == {"places"}


def test_an_apostrophe_in_an_uzbek_word_is_caught(library: Library) -> None:
    found = planted(library, "uz", "point.blood_donation.question", "Qachondan boshlab yana qon topshirish to'gʻri?")
    assert {flaw.kind for flaw in found} == {"letters"}


def test_two_translations_of_one_english_text_are_caught(library: Library) -> None:
    read = read_translations("ru")
    known, first = keys(library, phrases()), {entry.of: entry for entry in read.entries}
    again = next(key for key, text in known.items() if hash_of(text) in first and first[hash_of(text)].key != key)
    other = Translation(again, hash_of(known[again]), (("", "иначе"),), "words/ru/points.yaml:9")
    found = [
        flaw for flaw in flaws_of(library, replace(read, entries=(*read.entries, other))) if flaw.kind == "differs"
    ]
    assert [flaw.key for flaw in found] == [again]


@pytest.mark.parametrize(("language", "said"), [("ru", "Это безопасно."), ("uz", "Bu xavfsiz."), ("en", "It is safe.")])
def test_the_page_for_the_patient_may_not_call_anything_safe(language: str, said: str) -> None:
    assert forbidden(language, said)


def test_a_forbidden_word_on_the_page_is_caught(library: Library) -> None:
    assert "forbidden" in {flaw.kind for flaw in planted(library, "ru", "page.red_later", "Всё нормально.")}


def test_a_forbidden_word_on_the_sheet_for_the_patient_is_caught(library: Library) -> None:
    assert "forbidden" in {flaw.kind for flaw in planted(library, "ru", "sheet.with_food", "Это безопасно.")}


def test_every_text_of_the_sheet_for_the_patient_can_be_translated(library: Library) -> None:
    known, sheet_texts = keys(library, phrases()), library.sheet.texts()
    assert sheet_texts
    assert [known[f"sheet.{name}"] for name, _ in sheet_texts] == [dict(say)["en"] for _, say in sheet_texts]
    assert {part_of(f"sheet.{name}") for name, _ in sheet_texts} == {"patient"}


@pytest.mark.parametrize(
    ("language", "must_not"),
    [("ru", "Вы не должны забеременеть"), ("uz", "homilador boʻlmasligingiz shart")],
)
def test_that_she_must_not_become_pregnant_is_not_said_as_that_she_cannot(
    library: Library, language: str, must_not: str
) -> None:
    said = load_words(language)(keys(library, phrases())["page.never.no_pregnancy"])
    assert must_not in said
    assert "нельзя забеременеть" not in said.lower()


def test_to_keep_up_and_to_refrain_are_two_words_that_nobody_mixes_up() -> None:
    w = load_words("uz")
    assert "tiyilish" in w("avoid {what} {when}", what="qon topshirish", when="")
    assert "tiyilish" not in w("keep up {what} {when}", what="kontratsepsiya", when="")


def test_the_english_of_the_page_keeps_to_it_too(library: Library) -> None:
    said = [dict(text.say)["en"] for text in library.page.texts()]
    assert len(said) > 100
    assert [text for text in said if forbidden("en", text)] == []


@pytest.mark.parametrize("language", ["en", *LANGUAGES])
@pytest.mark.parametrize("told", [STATUS, FORCE, KEPT, TRUTH], ids=["status", "force", "kept", "truth"])
def test_no_two_statuses_are_called_alike_in_any_language(language: str, told: dict[object, str]) -> None:
    w = load_words(language)
    said = [w(text).lower() for text in told.values() if text]
    assert len(set(said)) == len(said)


@pytest.mark.parametrize(
    ("language", "silent", "silent_here", "not_read", "cannot_tell"),
    [
        (
            "ru",
            "ничего об этом не говорит",
            "говорит, но не об этом случае",
            "мы не прочли этот документ",
            "зависит от",
        ),
        (
            "uz",
            "bu haqda hech narsa demaydi",
            "gapiradi, ammo bu holat haqida emas",
            "biz bu hujjatni oʻqimaganmiz",
            "quyidagiga bogʻliq",
        ),
    ],
)
def test_each_status_is_called_by_its_own_words(
    language: str, silent: str, silent_here: str, not_read: str, cannot_tell: str
) -> None:
    w = load_words(language)
    told = [Status.SILENT, Status.SILENT_HERE, Status.NOT_READ, Status.CANNOT_TELL]
    assert [w(STATUS[status]) for status in told] == [silent, silent_here, not_read, cannot_tell]


def test_the_keys_that_may_not_be_missing_exist(library: Library) -> None:
    known = keys(library, phrases())
    assert all(any(key.startswith(start) for key in known) for start in STRICT)


@each_language
def test_the_sheet_of_a_translator_reads_back_as_what_it_was(library: Library, language: str) -> None:
    read = read_translations(language)
    parts = {part_of(term.key) for term in terms(library, phrases())}
    again = [entry for part in parts for entry in reread(sheet(library, read, part))]
    assert {entry.key: (entry.of, entry.forms) for entry in again} == {
        entry.key: (entry.of, entry.forms) for entry in read.entries
    }


def reread(text: str) -> Iterator[Translation]:
    yield from read_words(load_text(text, "sheet"), "sheet").entries


def test_the_sheet_offers_what_is_missing_to_be_filled_in(library: Library) -> None:
    lines = sheet(library, Translations("ru"), "patient").splitlines()
    first = library.red[0]
    text = dict(first.say)["en"]
    assert f"  # red.{first.name}.say: {{of: {hash_of(text)}, say: ''}}  # {text}" in lines

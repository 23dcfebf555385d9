"""The page for the patient, as it comes out of the command line, in three languages."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import cache
from pathlib import Path

import pytest

from isocourse.app.knowledge import shipped
from isocourse.app.translations import forbidden
from isocourse.app.words import load_words as loaded
from isocourse.library import Library
from isocourse.render.language import MARKS
from tests.conftest import Ran

Run = Callable[..., Ran]
PATIENTS = shipped() / "patients"
RED, WOMAN, BOY, LIGATION = "doxycycline", "alt-trebled", "boy-of-16", "tubal-ligation"
UNKNOWN = """
isocourse: '1'
patient: {birth: '2000-01-01'}
orders: [{state: draft, dose: 20 mg, times_a_day: '1', strength: 20 mg, capsules: '30', repeats: '0', reason: acne}]
"""

load_words = cache(loaded)
each_language = pytest.mark.parametrize("language", ["en", "ru", "uz"])


PAGES: dict[tuple[str | Path, str], Ran] = {}
"""The pages made so far: each takes a process of its own."""


def page_of(run: Run, patient: str | Path, language: str) -> Ran:
    """The page of a sample patient, or of a record, at 80 columns."""
    if (patient, language) not in PAGES:
        record = PATIENTS / f"{patient}.yaml" if isinstance(patient, str) else patient
        asked = ("--for", "patient", "--as-of", "2026-11-24", "--language", language, "--width", "80")
        PAGES[patient, language] = run("explain", record, *asked)
    return PAGES[patient, language]


def said(library: Library, name: str, language: str) -> str:
    """A text of the page in a language."""
    text = next(text for text in library.page.texts() if text.name == name)
    return load_words(language)(text.say)


def flat(text: str) -> str:
    """The page without its line ends."""
    return " ".join(text.split())


@each_language
@pytest.mark.parametrize("patient", [RED, WOMAN, BOY])
def test_the_page_is_whole_narrow_and_calls_nothing_safe(run: Run, language: str, patient: str) -> None:
    ran = page_of(run, patient, language)
    assert ran.code == (10 if patient == RED else 0)
    assert ran.err == ""
    assert max(len(line) for line in ran.out.split("\n")) <= 80
    assert MARKS.get(language, "[not translated]") not in ran.out
    assert forbidden(language, ran.out.lower()) == []


@each_language
def test_a_red_line_heads_the_page_and_says_to_stop_and_call(run: Run, library: Library, language: str) -> None:
    page = flat(page_of(run, RED, language).out)
    order = [
        page.index(said(library, name, language))
        for name in ("title", "red_head", "red.tetracycline_together.found", "red_later", "what.head", "sources")
    ]
    assert order == sorted(order)
    assert order[1] < 100
    for left_out in ("daily.head", "daily.food", "differ.head"):
        assert said(library, left_out, language) not in page


@each_language
def test_who_can_become_pregnant_reads_what_must_never_happen(run: Run, library: Library, language: str) -> None:
    page = flat(page_of(run, WOMAN, language).out)
    for name in ("never.no_pregnancy", "never.contraception", "never.methods", "red.pregnancy.sign"):
        assert said(library, name, language) in page
    assert said(library, "able_unless_shown", language) not in page


@each_language
def test_a_boy_reads_nothing_of_a_pregnancy_of_his_own(run: Run, library: Library, language: str) -> None:
    page = flat(page_of(run, BOY, language).out)
    for name in ("never.no_pregnancy", "never.contraception", "red.pregnancy.sign", "able_unless_shown"):
        assert said(library, name, language) not in page
    assert said(library, "never.share", language) in page
    w = load_words(language)
    for fact in ("pregnant", "last_pregnancy_test"):
        label = next(w(each.say) for each in library.facts if each.name == fact)
        assert re.search(rf"[:;] {re.escape(label)}[;.]", page) is None


@each_language
def test_who_is_not_shown_to_be_unable_counts_as_able(
    run: Run, library: Library, tmp_path: Path, language: str
) -> None:
    record = tmp_path / "unknown.yaml"
    record.write_text(UNKNOWN, encoding="utf-8")
    page = flat(page_of(run, record, language).out)
    for name in ("able_unless_shown", "never.no_pregnancy", "red.pregnancy.sign", "gate"):
        assert said(library, name, language) in page


def test_a_ligation_that_one_definition_passes_over_does_not_spare_the_warning(run: Run, library: Library) -> None:
    page = flat(page_of(run, LIGATION, "en").out)
    assert said(library, "never.no_pregnancy", "en") in page


def test_leaving_protocols_out_does_not_leave_the_warning_out(run: Run, library: Library) -> None:
    ran = run("explain", PATIENTS / f"{WOMAN}.yaml", "--for", "patient", "--protocol", "asds", "--as-of", "2026-11-24")
    assert said(library, "never.no_pregnancy", "en") in flat(ran.out)


@each_language
def test_every_mark_of_a_source_leads_to_one(run: Run, library: Library, language: str) -> None:
    page = flat(page_of(run, WOMAN, language).out)
    body, _, sources = page.partition(said(library, "sources", language))
    cited = {number for marks in re.findall(r"\[(\d+(?:, \d+)*)\]", body) for number in marks.split(", ")}
    listed = re.findall(r"\[(\d+)\]", sources)
    assert cited
    assert cited == set(listed)
    assert len(listed) == len(set(listed))


@pytest.mark.parametrize("language", ["ru", "uz"])
def test_a_page_that_nobody_checked_says_so(run: Run, library: Library, language: str) -> None:
    assert load_words(language).draft
    assert said(library, "draft", language) in flat(page_of(run, WOMAN, language).out)
    assert said(library, "draft", "en") not in flat(page_of(run, WOMAN, "en").out)


def test_every_red_line_has_plain_words(library: Library) -> None:
    assert [each.red for each in library.page.red] == [line.name for line in library.red]


def test_a_patient_and_a_point_are_not_asked_for_together(run: Run) -> None:
    record = PATIENTS / f"{WOMAN}.yaml"
    assert run("explain", record, "lab_stop", "--for", "patient").code == 1
    assert run("explain", record).code == 1


@pytest.mark.parametrize("language", ["ru", "uz"])
def test_an_assessment_is_told_in_the_language_asked_for(run: Run, language: str) -> None:
    ran = run("assess", PATIENTS / f"{WOMAN}.yaml", "--as-of", "2026-11-24", "--language", language, "--width", "80")
    w = load_words(language)
    assert ran.code == 0
    assert max(len(line) for line in ran.out.split("\n")) <= 80
    order = [ran.out.index(w(title)) for title in ("STOP NOW", "NOT TODAY, BECAUSE", "CANNOT TELL UNTIL", "THE REST")]
    assert order == sorted(order)
    assert MARKS[language] not in ran.out


def test_the_json_keeps_its_keys_and_tells_its_words_in_the_language(run: Run) -> None:
    ran = run("explain", PATIENTS / f"{WOMAN}.yaml", "lab_stop", "--json", "--language", "ru", "--as-of", "2026-11-24")
    assert '"status": "answered"' in ran.out
    assert "прекратить приём изотретиноина" in ran.out


def test_the_check_of_translations_counts_each_language(run: Run) -> None:
    ran = run("check", "--translations")
    assert ran.code == 0
    assert re.search(r"^ru: \d+ missing, \d+ stale, 0 wrong$", ran.out, flags=re.MULTILINE)
    assert re.search(r"^uz: \d+ missing, \d+ stale, 0 wrong$", ran.out, flags=re.MULTILINE)

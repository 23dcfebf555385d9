"""The page that explains the language holds only conditions that the language reads."""

import re
from pathlib import Path

import pytest

from tests.logic.small_book import ask

PAGE = (Path(__file__).parents[2] / "docs" / "guide" / "grammar.md").read_text(encoding="utf-8")
FORMS = PAGE.partition("## Forms")[2].partition("## Grammar")[0]
RULES = PAGE.partition("## Types and units")[2].partition("## What an author hears")[0]


def is_condition(text: str) -> bool:
    """Whether a piece of code on the page is a whole condition rather than a word or a sign of the language."""
    return (
        len(text) > 3
        and bool(re.search(r"[(.<>=]| or ", text))
        and not text.startswith((".", "window:", "let:", "a / b"))
    )


EXAMPLES = [
    row.split("|")[2].strip().strip("`")
    for row in FORMS.splitlines()
    if row.startswith("| ") and "`" in row.split("|")[2]
]
WITHIN = [text for text in re.findall(r"`([^`]+)`", FORMS + RULES) if is_condition(text)]


@pytest.mark.parametrize("text", sorted({*EXAMPLES, *WITHIN}))
def test_an_example_of_the_page_is_read(text: str) -> None:
    ask(text, file_reads=True)


def test_the_page_has_an_example_of_each_form() -> None:
    assert len(EXAMPLES) == FORMS.count("\n| ") - 1


def test_the_two_spellings_of_one_threshold_are_one_question() -> None:
    both = ask("triglycerides_now >= 500 mg/dL or triglycerides_now >= 5.645 mmol/L")
    assert len(both.program.nodes) == 1

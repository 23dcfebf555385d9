"""Every link in the documentation leads to a file of this repository or to the outside."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PAGES = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md"), *(ROOT / "changelog.d").glob("*.md")])
LINK = re.compile(r"\]\(([^)\s]+)\)")
NOTES = sorted(path.name for path in (ROOT / "docs" / "why").glob("*.md") if path.name != "README.md")


@pytest.mark.parametrize("page", PAGES, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_every_link_leads_somewhere(page: Path) -> None:
    targets = [target.partition("#")[0] for target in LINK.findall(page.read_text(encoding="utf-8"))]
    assert [each for each in targets if each and "://" not in each and not (page.parent / each).exists()] == []


def test_the_index_of_choices_names_every_note() -> None:
    index = (ROOT / "docs" / "why" / "README.md").read_text(encoding="utf-8")
    assert [note for note in NOTES if f"({note})" not in index] == []


@pytest.mark.parametrize("note", NOTES)
def test_a_note_answers_its_four_questions(note: str) -> None:
    text = (ROOT / "docs" / "why" / note).read_text(encoding="utf-8")
    headings = re.findall(r"^## (.+)$", text, flags=re.MULTILINE)
    assert headings == ["The question", "What was tried", "The choice", "What would change our mind"]

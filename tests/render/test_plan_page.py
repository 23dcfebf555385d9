"""The page of a plan: self-contained, without a script, headed by what is open, and nothing on it that a record could have planted."""

import re
from html.parser import HTMLParser
from pathlib import Path

import pytest
from msgspec.structs import replace

from isocourse.course import Plan
from isocourse.library import Library
from isocourse.render.plan_page import plan_page
from isocourse.render.terminal import TITLES
from isocourse.render.today import not_today_lines
from tests.render.browser import pages, printed, sizes
from tests.render.course_plans import judged, plan_of

PLANTED = '<script>alert(1)</script><img src="//x.invalid/a">'


class Tags(HTMLParser):
    """Every tag with its attributes, and the text."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.text = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.text += data


def parsed(page: str) -> Tags:
    """A page taken apart."""
    tags = Tags()
    tags.feed(page)
    return tags


@pytest.fixture(scope="module")
def page(plan: Plan) -> str:
    """The page of an ordinary plan."""
    return plan_page(plan)


@pytest.fixture(scope="module")
def red_page(plan: Plan, red: Plan) -> str:
    """The page of a plan that holds doses and a red line."""
    return plan_page(replace(plan, withheld=red.withheld, assessment=red.assessment))


def test_the_page_has_no_script_and_fetches_nothing(page: str) -> None:
    found = parsed(page)
    assert {tag for tag, _ in found.tags} & {
        "script",
        "link",
        "img",
        "iframe",
        "object",
        "embed",
        "form",
        "a",
        "base",
    } == set()
    for _, attributes in found.tags:
        assert [name for name in attributes if name.startswith("on") or name in ("src", "href", "action", "data")] == []
    style = page.partition("<style>")[2].partition("</style>")[0]
    assert "url(" not in style
    assert "@import" not in style
    assert (
        "meta",
        {"http-equiv": "Content-Security-Policy", "content": "default-src 'none'; style-src 'unsafe-inline'"},
    ) in found.tags


def test_the_page_stays_under_a_megabyte(page: str) -> None:
    assert len(page.encode()) < 1_000_000


def test_today_stands_on_the_page_in_the_words_of_the_terminal(page: str, plan: Plan) -> None:
    text = parsed(page).text
    places = [text.index(title) for title in TITLES]
    assert places == sorted(places)
    for line in not_today_lines(plan.assessment):
        assert line.strip().removeprefix("- ").partition("; --")[0] in text


def test_each_chart_has_its_words_beside_it_and_inside_it(page: str) -> None:
    for word in ("Dose. step 1", "Running total. planned, conventional", "Calendar on 24 Nov 2026"):
        assert page.count(f"<desc>{word}") == 1
        assert page.count(f'<figcaption class="small">{word}') == 1
    assert page.count("<svg") == page.count('role="img"') == 10


def test_who_sets_no_target_is_a_note_and_not_a_band(page: str) -> None:
    assert "NO TARGET is aimed at by: Global All. 18, Seed 2025 (body)" in page
    assert "no target: aims at no total" in page


def test_a_rise_stands_beside_its_value_and_its_upper_limit(page: str) -> None:
    assert "16 Nov 2026: 62 U/L, upper limit 40 U/L, 3.1 times the first value, 1.55 times the upper limit" in page


def test_the_matrix_puts_the_governing_protocol_first_and_a_word_beside_every_sign(page: str) -> None:
    matrix = page.partition('class="matrix"')[2]
    rows = re.findall(r"<tr><td>(.*?)</td><td>(.*?)</td></tr>", matrix)
    assert all(len(said.split(" ", 1)[1]) > 2 for said, _ in rows)
    assert rows[0][1].startswith("EU label 2018 (governing)")


def test_with_a_red_line_the_page_holds_no_dose_no_supply_and_no_calendar(red_page: str) -> None:
    text = parsed(red_page).text
    assert "STOP: A tetracycline together with isotretinoin" in text
    assert "no dose, no supply and no date" in text
    for word in ("45 capsules", "step 1", "Dose as planned", "Running total", "Calendar of the governing duties"):
        assert word not in text


def test_an_open_condition_is_in_the_head_that_every_printed_page_repeats(held: Plan) -> None:
    page = plan_page(held)
    head = page.partition("<thead>")[2].partition("</thead>")[0]
    assert "NOT TO BE STARTED UNTIL: a negative pregnancy test inside its window is on file" in head
    assert "24-year-old woman" in head
    assert "enrolment in the risk programme (iPLEDGE 2023, iPLEDGE 2026, US label 2026)" in page
    assert "No protocol is known to govern here" in page


def test_what_a_record_says_is_text_and_never_markup(library: Library, plan: Plan) -> None:
    record = plan.assessment.record
    orders = tuple(replace(order, reason=PLANTED, written=f"{order.written} {PLANTED}") for order in record.orders)
    events = tuple(
        replace(event, written=f"{event.written} {PLANTED}")
        if event.stream in ("alt", "weight", "triglycerides")
        else event
        for event in record.events
    )
    planted = plan_of(judged(library, replace(record, orders=orders, events=events)))
    page = plan_page(replace(planted, notes=(PLANTED,), choices=(replace(planted.choices[0], why=PLANTED),)))
    assert "<script" not in page
    assert "<img" not in page
    assert page.count("&lt;script&gt;alert(1)") >= 4


def test_the_words_that_would_clear_somebody_are_never_used(page: str) -> None:
    text = re.sub(r"(?i)upper limits? of normal|abnormal\w*|normally", "", parsed(page).text)
    assert [word for word in ("✓", "✔", " OK ", " is safe") if word in text] == []


def test_no_option_of_the_command_line_is_named_on_paper(page: str, held: Plan) -> None:
    for text in (parsed(page).text, parsed(plan_page(held)).text):
        assert re.findall(r"--[a-z]+|`[^`]*`", text) == []


@pytest.mark.slow
def test_on_paper_it_is_a4_and_every_page_repeats_who_and_what_is_open(held: Plan, tmp_path: Path) -> None:
    file = tmp_path / "plan.html"
    file.write_text(plan_page(held), encoding="utf-8")
    pdf = printed(file)
    assert sizes(pdf) == {"A4"}
    texts = pages(pdf)
    assert 5 < len(texts) < 60
    for number, text in enumerate(texts, 1):
        assert "24-year-old woman" in text, f"page {number} of {len(texts)} does not say whose it is"
        assert "NOT TO BE STARTED UNTIL" in text, f"page {number} of {len(texts)} does not say what is open"
        assert f"page {number} of {len(texts)}" in text

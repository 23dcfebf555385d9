"""A browser walks the workbench: the whole way by mouse, by keyboard, without scripts, on a narrow screen; no rule of accessibility is broken."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from tests.web.visitor import Visitor

pytestmark = pytest.mark.slow

PAGES = {
    "home": "/",
    "form": "/enter",
    "today": "/patient/alt-trebled",
    "red": "/patient/doxycycline",
    "matrix": "/patient/alt-trebled/matrix",
    "matrix-all": "/patient/alt-trebled/matrix?show=all",
    "why": "/patient/alt-trebled/why/lab_stop/seed-review/2025",
    "course": "/patient/alt-trebled/plan",
    "calculator": "/calculator",
    "simulation": "/simulate",
    "protocols": "/protocols",
    "edition": "/protocols/eu-label/2018",
    "claim": "/claims/seed.labs.threefold",
    "contradictions": "/contradictions?kind=statement",
    "refused": "/nothing",
}


@pytest.mark.parametrize("name", PAGES)
def test_no_page_breaks_a_serious_rule_of_accessibility(open_visitor: Callable[..., Visitor], name: str) -> None:
    visitor = open_visitor()
    visitor.go(PAGES[name])
    visitor.keep(name)
    assert visitor.broken_rules() == []
    if name == "refused":
        visitor.expects_refusal()


@pytest.mark.parametrize("name", PAGES)
def test_no_page_is_wider_than_a_telephone(open_visitor: Callable[..., Visitor], name: str) -> None:
    visitor = open_visitor(390)
    visitor.go(PAGES[name])
    visitor.keep(name)
    assert visitor.page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0
    if name == "refused":
        visitor.expects_refusal()


def walk(visitor: Visitor) -> None:
    """From the form to Today, to a reason, and to a plan."""
    page = visitor.page
    page.get_by_role("link", name="Open the form").click()
    page.get_by_label("Born (day, month or year)").fill("1999-04-17")
    page.locator('[name="recorded_gender"]').select_option("female")
    page.locator('[name="jurisdiction"]').select_option("EU")
    page.locator('[name="product"]').select_option("eu-conventional")
    page.locator('[name="first_dose"]').fill("2026-09-21")
    page.locator('[name="order.state"]').select_option("active")
    page.locator('[name="order.day"]').fill("2026-11-23")
    page.locator('[name="order.dose"]').fill("20")
    page.locator('[name="order.times_a_day"]').fill("2")
    page.locator('[name="order.reason"]').fill("acne")
    page.locator('[name="s.weight"]').fill("58")
    page.locator('[name="s.weight~unit"]').select_option("kg")
    for when, value, day in (("baseline", "20", "2026-09-14"), ("now", "62", "2026-11-16")):
        page.locator(f'[name="s.alt.{when}"]').fill(value)
        page.locator(f'[name="s.alt.{when}~unit"]').select_option("U/L")
        page.locator(f'[name="s.alt.{when}~day"]').fill(day)
    page.get_by_role("button", name="Judge it").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("27-year-old woman")
    visitor.keep("journey-today")
    page.get_by_role("link", name="Every question, every protocol", exact=True).click()
    visitor.keep("journey-matrix")
    page.locator('a[href*="/why/lab_stop/"]').first.click()
    expect(page.get_by_text("How it comes to this").first).to_be_visible()
    visitor.keep("journey-why")
    page.go_back()
    page.get_by_role("link", name="Course", exact=True).click()
    page.locator('[name="dose"]').fill("0.5 mg/kg/day")
    page.get_by_role("button", name="Draw the plan").click()
    expect(page.locator("#drawn")).to_contain_text("0.5 mg/kg/day")
    visitor.keep("journey-plan")


def test_the_whole_way_with_scripts(open_visitor: Callable[..., Visitor]) -> None:
    visitor = open_visitor()
    walk(visitor)
    page = visitor.page
    page.locator('[name="dose"]').fill("0,5 mg/kg/day")
    page.locator('[name="dose"]').press("Tab")
    expect(page.locator("#drawn")).to_contain_text("a comma can be read in two ways")
    visitor.expects_refusal()


def test_the_whole_way_without_scripts(open_visitor: Callable[..., Visitor]) -> None:
    walk(open_visitor(scripts=False))


def test_the_whole_way_on_a_telephone(open_visitor: Callable[..., Visitor]) -> None:
    walk(open_visitor(390))


def test_everything_is_reached_by_keyboard(open_visitor: Callable[..., Visitor]) -> None:
    visitor = open_visitor()
    page = visitor.page
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Skip to the page")).to_be_focused()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Open the form")).to_be_focused()
    reached = set()
    for _ in range(60):
        page.keyboard.press("Tab")
        here = page.evaluate("document.activeElement.outerHTML.slice(0, 200)")
        if here in reached:
            break
        reached.add(here)
    assert any('name="file"' in each for each in reached)
    assert any('name="text"' in each for each in reached)
    page.locator('[name="text"]').focus()
    page.keyboard.type("isocourse: '1'\npatient: {birth: '1999-04-17', recorded_gender: male}\n")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_contain_text("27-year-old man")
    outline = page.evaluate(
        "getComputedStyle(document.activeElement).outlineStyle + getComputedStyle(document.activeElement).boxShadow"
    )
    assert outline


LOOKS = """e => { const s = getComputedStyle(e);
  return [s.boxShadow, s.outline, s.textDecoration, s.borderColor, s.backgroundColor].join(" ") }"""


def test_focus_can_be_seen(open_visitor: Callable[..., Visitor]) -> None:
    page = open_visitor().page
    for selector in ("a.as-button", "main button[type=submit]", "textarea", "header a.name"):
        target = page.locator(selector).first
        before = target.evaluate(LOOKS)
        target.focus()
        page.keyboard.press("Shift+Tab")
        page.keyboard.press("Tab")
        page.wait_for_timeout(300)
        assert target.evaluate(LOOKS) != before, selector


def test_an_expired_session_leads_to_the_door_and_says_what_to_do(open_visitor: Callable[..., Visitor]) -> None:
    visitor = open_visitor()
    page = visitor.page
    page.get_by_role("button", name="Leave").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Come in")
    page.get_by_role("button", name="Print a new start address").click()
    expect(page.get_by_role("status")).to_contain_text("printed where the workbench was started")
    page.goto(visitor.live.told[-1])
    expect(page.get_by_role("heading", level=1)).to_have_text("Whom is it about?")
    visitor.expects_refusal()


def test_the_language_follows_the_browser_and_can_be_changed(open_visitor: Callable[..., Visitor]) -> None:
    visitor = open_visitor(language="ru-RU")
    page = visitor.page
    expect(page.locator("html")).to_have_attribute("lang", "ru")
    page.get_by_role("button", name="Oʻzbekcha").click()
    expect(page.locator("html")).to_have_attribute("lang", "uz")
    page.get_by_role("button", name="English").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Whom is it about?")


def test_nothing_in_the_history_holds_the_start_token(open_visitor: Callable[..., Visitor]) -> None:
    visitor = open_visitor()
    assert not re.search("token", visitor.page.url)

"""A browser walks the workbench: the whole way by mouse, by keyboard, without scripts, on a narrow screen; no rule of accessibility is broken."""

import os
import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect, sync_playwright

from isocourse.web.desk import Desk
from tests.web.bench import DAY
from tests.web.live import AXE, FLAGS, Live, chromium, running

pytestmark = pytest.mark.slow
WAIT_MS = 20_000
SHOTS = os.environ.get("ISOCOURSE_SCREENSHOTS", "")
"""A folder to keep the pictures in, for people to look at."""


@pytest.fixture(scope="module")
def live(desk: Desk) -> Iterator[Live]:
    """A running server."""
    with running(desk, DAY) as found:
        yield found


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Debian's Chromium."""
    path = chromium()
    with sync_playwright() as play:
        found = play.chromium.launch(executable_path=path, headless=True, args=FLAGS)
        yield found
        found.close()


class Visitor:
    """Somebody at a browser; what the browser complains of is kept."""

    def __init__(self, page: Page, live: Live) -> None:
        self.page, self.live = page, live
        self.complaints: list[str] = []
        page.set_default_timeout(WAIT_MS)
        page.on(
            "console", lambda said: self.complaints.append(said.text) if said.type in ("error", "warning") else None
        )
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        page.on(
            "request",
            lambda asked: None if asked.url.startswith((live.base, "data:")) else self.complaints.append(asked.url),
        )

    def come_in(self) -> None:
        """Opens the start address."""
        self.page.goto(self.live.start_address())

    def go(self, path: str) -> None:
        """Opens an address of ours."""
        self.page.goto(f"{self.live.base}{path}")

    def keep(self, name: str) -> None:
        """Keeps a picture, if somebody wants to look at it."""
        if SHOTS:
            width = (self.page.viewport_size or {"width": 0})["width"]
            Path(SHOTS).mkdir(parents=True, exist_ok=True)
            self.page.screenshot(path=str(Path(SHOTS) / f"{name}-{width}.png"), full_page=True)


@pytest.fixture
def open_visitor(browser: Browser, live: Live) -> Iterator[Callable[..., Visitor]]:
    """Makes visitors; a complaint of the browser fails the test."""
    made: list[Visitor] = []

    def opened(width: int = 1280, *, scripts: bool = True, language: str = "en-GB") -> Visitor:
        context = browser.new_context(
            viewport={"width": width, "height": 900}, java_script_enabled=scripts, locale=language
        )
        made.append(Visitor(context.new_page(), live))
        made[-1].come_in()
        return made[-1]

    yield opened
    for visitor in made:
        visitor.page.context.close()
        assert visitor.complaints == []


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
    visitor.page.evaluate(AXE.read_text(encoding="utf-8"))
    found = visitor.page.evaluate("async () => (await axe.run()).violations")
    told = [
        (each["impact"], each["id"], [node["html"][:160] for node in each["nodes"][:3]])
        for each in found
        if each["impact"] in ("serious", "critical")
    ]
    assert told == []
    if name == "refused":
        visitor.complaints = [each for each in visitor.complaints if "404" not in each]


@pytest.mark.parametrize("name", PAGES)
def test_no_page_is_wider_than_a_telephone(open_visitor: Callable[..., Visitor], name: str) -> None:
    visitor = open_visitor(390)
    visitor.go(PAGES[name])
    visitor.keep(name)
    assert visitor.page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0
    if name == "refused":
        visitor.complaints = [each for each in visitor.complaints if "404" not in each]


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
    visitor.complaints = [each for each in visitor.complaints if "422" not in each]


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
    visitor.complaints = [each for each in visitor.complaints if "401" not in each]


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

"""A browser walks the workbench: the whole way by mouse, by keyboard, without scripts, on a narrow screen; no rule of accessibility is broken."""

import os
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Literal

import pytest
from playwright.sync_api import Locator, Page, expect

from isocourse.register.events import Stamp
from isocourse.register.register import init_register
from isocourse.web.desk import Desk
from isocourse.web.judging import Judging
from isocourse.web.shelf import Shelf
from tests.web.bench import DAY, INSTANT, RECORD
from tests.web.live import Live, running
from tests.web.visitor import Visitor

pytestmark = pytest.mark.slow

WEIGHTS = os.environ.get("ISOCOURSE_PAGE_WEIGHTS", "")
"""A file to write the weight of each page to."""


@pytest.fixture(scope="module")
def with_patient(desk: Desk, signing_key: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Live, str]]:
    """A running server with a register that holds one patient; the course."""
    place = str(tmp_path_factory.mktemp("kept") / "register.db")
    register = init_register(place, signing_key, Stamp("tests", INSTANT))
    with running(desk, DAY, register) as found:
        course = Shelf(register, desk.library, Judging(register, desk.library)).add(
            Stamp("tests", INSTANT), RECORD, {"name": "Nilufar Karimova"}, DAY
        )
        yield found, course
    register.close()


@pytest.fixture
def empty(desk: Desk, signing_key: Path, tmp_path: Path) -> Iterator[Live]:
    """A running server with an empty register."""
    register = init_register(str(tmp_path / "register.db"), signing_key, Stamp("tests", INSTANT))
    with running(desk, DAY, register) as found:
        yield found
    register.close()


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
KEPT = {
    "register": "/register",
    "files": "/register/files",
    "kept": "/course/{course}",
    "visit": "/course/{course}/visit",
    "kept-today": "/patient/{course}",
    "kept-plan": "/patient/{course}/plan",
}
"""Pages of a server with a register that holds one patient."""


WEIGHT_KB, WITH_CHARTS_KB = 150, 1000
"""The most that a page may weigh on its first visit, as transferred: with and without charts that a script draws."""


@pytest.mark.parametrize("name", [*PAGES, *KEPT])
def test_a_page_keeps_to_accessibility_and_weight_and_fits_a_telephone(
    visitors: Callable[..., Visitor], live: Live, with_patient: tuple[Live, str], name: str
) -> None:
    at, course = (live, "") if name in PAGES else with_patient
    address = (PAGES | KEPT)[name].format(course=course)
    visitor = visitors(at)
    fetched = transferred(visitor, address)
    visitor.keep(name)
    assert visitor.broken_rules() == []
    note_weight(name, fetched)
    scripted = any("vega" in each for each in fetched)
    assert sum(fetched.values()) <= (WITH_CHARTS_KB if scripted else WEIGHT_KB) * 1000, fetched
    visitor.page.set_viewport_size({"width": 390, "height": 900})
    visitor.keep(name)
    assert visitor.page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0
    visitor.expects_refusal()


def transferred(visitor: Visitor, address: str) -> dict[str, int]:
    """What the browser fetched for a page with nothing kept from before: bytes on the wire by address."""
    wire = visitor.page.context.new_cdp_session(visitor.page)
    wire.send("Network.enable")
    wire.send("Network.setCacheDisabled", {"cacheDisabled": True})
    names: dict[str, str] = {}
    found: dict[str, int] = {}
    wire.on("Network.responseReceived", lambda told: names.update({told["requestId"]: told["response"]["url"]}))
    wire.on(
        "Network.loadingFinished",
        lambda told: found.update({names.get(told["requestId"], ""): int(told["encodedDataLength"])}),
    )
    visitor.go(address)
    visitor.page.wait_for_load_state("networkidle")
    wire.detach()
    return found


def note_weight(name: str, fetched: dict[str, int]) -> None:
    """Writes what a page weighed, if somebody asks for the table."""
    if WEIGHTS:
        with Path(WEIGHTS).open("a", encoding="utf-8") as table:
            table.write(f"{name}\t{sum(fetched.values())}\t{max(fetched.values())}\n")


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
    expect(page.locator("#drawn td", has_text=re.compile(r"^0.5 mg/kg/day = "))).to_be_visible()
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


# by keyboard alone ---------------------------------------------------------------------------------------------------------
class Typist:
    """Somebody who has no mouse: everything is reached with Tab, and pressed with Enter or Space."""

    def __init__(self, page: Page) -> None:
        self.page = page

    def reach(self, target: Locator) -> None:
        """Goes on with Tab until the target has the focus."""
        for _ in range(500):
            if target.evaluate("each => each === document.activeElement"):
                return
            self.page.keyboard.press("Tab")
        raise AssertionError(f"{target} cannot be reached")

    def write(self, name: str, text: str) -> None:
        """Types into a field, or chooses by typing."""
        field = self.page.locator(f'main [name="{name}"]').first
        self.reach(field)
        self.page.keyboard.type(text)
        if field.get_attribute("type") != "date":
            expect(field).to_have_value(re.compile(re.escape(text), re.IGNORECASE))

    def press(self, role: Literal["button", "link"], name: str) -> None:
        """Presses a button, or follows a link."""
        self.reach(self.page.get_by_role("main").get_by_role(role, name=name, exact=True).first)
        self.page.keyboard.press("Enter")
        self.page.wait_for_load_state()

    def unfold(self, name: str) -> None:
        """Opens a fold."""
        self.reach(self.page.locator("summary", has_text=name).first)
        self.page.keyboard.press("Space")


def test_a_patient_is_judged_kept_seen_and_corrected_by_keyboard_alone(
    visitors: Callable[..., Visitor], empty: Live
) -> None:
    visitor = visitors(empty)
    visitor.go("/register")
    page, hands = visitor.page, Typist(visitor.page)
    hands.press("link", "A new patient")
    hands.write("birth", "1999-04-17")
    hands.write("recorded_gender", "female")
    hands.write("jurisdiction", "EU")
    hands.press("button", "Judge it")
    expect(page.get_by_role("heading", level=1)).to_contain_text("27-year-old woman")
    hands.unfold("Keep this record in the register")
    hands.write("name", "Nilufar Karimova")
    hands.press("button", "Keep it")
    expect(page.get_by_role("heading", level=1)).to_have_text("Nilufar Karimova")
    hands.press("link", "Enter a visit")
    hands.write("s.weight", "58")
    hands.write("s.weight~unit", "kg")
    hands.press("button", "Write the visit")
    expect(page.get_by_role("heading", level=1)).to_have_text("The visit was written")
    hands.press("link", "What was written")
    hands.write("why", "the scales were wrong")
    page.keyboard.press("Enter")
    expect(page.get_by_role("main")).to_contain_text("undid entry")
    hands.press("link", "Course")
    hands.write("dose", "20 mg/day")
    hands.press("button", "Draw the plan")
    expect(page.locator("#drawn")).to_contain_text("20 mg/day")
    hands.press("button", "Keep this plan with the course")
    expect(page.get_by_role("main")).to_contain_text("plan, dose: 20 mg/day")


def test_a_table_is_exported_and_brought_in_again_without_scripts(
    visitors: Callable[..., Visitor], with_patient: tuple[Live, str], empty: Live, tmp_path: Path
) -> None:
    page = visitors(with_patient[0], scripts=False).page
    page.goto(f"{with_patient[0].base}/register/files")
    with page.expect_download() as told:
        page.get_by_role("button", name="Export the table").click()
    told.value.save_as(tmp_path / "courses.csv")
    other = visitors(empty, scripts=False)
    other.go("/register/files")
    other.page.locator('form[action="/register/import"] input[type="file"]').set_input_files(tmp_path / "courses.csv")
    other.page.get_by_role("button", name="Bring them in").click()
    expect(other.page.get_by_role("status")).to_contain_text("1 patient was added.")
    other.keep("brought-in")
    other.go("/register")
    expect(other.page.get_by_role("main")).to_contain_text("Nilufar Karimova")

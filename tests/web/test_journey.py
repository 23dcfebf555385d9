"""The whole way of a patient in a browser, on SQLite and on PostgreSQL: assess, plan, visits, a raised value, the end, a relapse, an entry undone."""

from collections.abc import Callable, Iterator
from datetime import date

import pytest
from playwright.sync_api import expect

from isocourse.register.register import Register
from isocourse.register.verify import verify
from isocourse.web.desk import Desk
from tests.register.conftest import Place, place
from tests.web.bench import DAY
from tests.web.live import Live, running
from tests.web.visitor import Visitor

__all__ = ["place"]  # a fixture
pytestmark = pytest.mark.slow

NAME = "Gulnora Sodiqova"


@pytest.fixture
def kept(place: Place) -> Iterator[Register]:
    """A new register, on each database in turn."""
    made = place.made()
    yield made
    made.close()


@pytest.fixture
def clinic(desk: Desk, kept: Register) -> Iterator[Live]:
    """A running server with that register."""
    with running(desk, DAY, kept) as found:
        yield found


class Journey:
    """One patient's way, a step at a time."""

    def __init__(self, visitor: Visitor, clinic: Live, kind: str) -> None:
        self.visitor, self.page, self.clinic, self.kind = visitor, visitor.page, clinic, kind
        self.course, self.shots = "", 0

    def on(self, day: str) -> None:
        """Another day."""
        self.clinic.today[0] = date.fromisoformat(day).toordinal()

    def keep(self, name: str) -> None:
        """A picture of where the journey is."""
        self.shots += 1
        self.visitor.keep(f"way-{self.kind}-{self.shots:02}-{name}")

    def tab(self, name: str) -> None:
        """One of the pages about this patient."""
        self.page.get_by_role("navigation", name="This patient").get_by_role("link", name=name, exact=True).click()

    def fold(self, name: str) -> None:
        """Opens a fold."""
        self.page.locator("summary", has_text=name).click()

    def press(self, name: str) -> None:
        """A button of the page."""
        self.page.get_by_role("main").get_by_role("button", name=name, exact=True).click()

    def visit(self, day: str, **fields: str) -> None:
        """Enters a visit; the page that tells what came of it is left open."""
        self.on(day)
        self.visitor.go(f"/course/{self.course}/visit")
        expect(self.page.get_by_role("heading", level=1)).to_have_text(f"Visit of {NAME}")
        self.visitor.fill(**fields)
        self.press("Write the visit")
        expect(self.page.get_by_role("heading", level=1)).to_have_text("The visit was written")
        expect(self.page.get_by_role("main")).to_contain_text(NAME)

    def says(self, *texts: str) -> None:
        """What the page must say."""
        for text in texts:
            expect(self.page.get_by_role("main")).to_contain_text(text)

    def part(self, head: str) -> str:
        """What stands under a heading."""
        return self.page.locator("section", has=self.page.get_by_role("heading", name=head)).first.inner_text()


def lab(name: str, value: str, unit: str, day: str, upper: str, when: str = "now") -> dict[str, str]:
    """The fields of a result."""
    field = f"s__{name}__{when}"
    return {field: value, f"{field}___unit": unit, f"{field}___day": day, f"{field}___upper": upper}


def supply(day: str) -> dict[str, str]:
    """An order for a month, and its capsules handed out."""
    order = {"state": "active", "day": day, "dose": "30", "times_a_day": "1", "days": "30", "reason": "acne"}
    given = {"dispensed_on": day, "dispensed__strength": "10", "dispensed__capsules": "90", "dispensed__days": "30"}
    return {f"order__{name}": text for name, text in order.items()} | given


def negative_test(day: str) -> dict[str, str]:
    """A pregnancy test of a day."""
    return {"s__pregnancy_test": "negative", "s__pregnancy_test___day": day}


def test_the_whole_way_of_a_patient(
    visitors: Callable[..., Visitor], clinic: Live, place: Place, kept: Register
) -> None:
    scripts = place.kind == "postgresql"
    way = Journey(visitors(clinic, scripts=scripts), clinic, place.kind)
    assess_and_keep(way)
    plan(way)
    first_visits(way)
    raised_value(way)
    missed_test(way)
    finish(way)
    relapse_and_second_course(way)
    undo(way)
    found = verify(kept)
    assert found.faults == []
    assert found.sound


def assess_and_keep(way: Journey) -> None:
    """A new patient through the form, judged, then kept."""
    page, visitor = way.page, way.visitor
    visitor.go("/register")
    way.says("The register is empty")
    way.keep("empty-register")
    page.get_by_role("link", name="A new patient").click()
    labs = lab("alt", "18", "U/L", "2026-11-20", "40", "baseline") | lab(
        "triglycerides", "1.1", "mmol/L", "2026-11-20", "1.7", "baseline"
    )
    visitor.fill(
        birth="1999-04-17",
        recorded_gender="female",
        jurisdiction="EU",
        product="eu-conventional",
        order__state="draft",
        order__day="2026-11-24",
        order__dose="30",
        order__times_a_day="1",
        order__reason="acne",
        s__acne_severity="severe",
        s__weight="60",
        s__weight___unit="kg",
        s__experienced_prescriber="yes",
        l__methods__user_independent="yes",
        l__methods__user_independent___day="2026-05-01",
        **labs,
        **negative_test("2026-11-23"),
    )
    way.keep("form")
    way.press("Judge it")
    expect(page.get_by_role("heading", level=1)).to_contain_text("27-year-old woman")
    way.keep("today")
    way.fold("Keep this record in the register")
    visitor.fill(name=NAME, number="A-101", contact="+998 90 000 00 00")
    way.press("Keep it")
    expect(page.get_by_role("heading", level=1)).to_have_text(NAME)
    way.course = page.url.rpartition("/")[2]
    way.says("Course 1 of 1", "triglycerides: 1.1 mmol/L, 20 Nov 2026")
    way.keep("kept")


def plan(way: Journey) -> None:
    """The plan is drawn, then kept with the course."""
    way.tab("Course")
    way.visitor.fill(dose="0.5 mg/kg/day", start="2026-11-25")
    way.press("Draw the plan")
    way.says("Drawn, and not kept", "0.5 mg/kg/day", "When it may end")
    way.keep("plan")
    way.press("Keep this plan with the course")
    way.says("plan, dose: 0.5 mg/kg/day", "plan, start: 25 Nov 2026")
    way.tab("Course")
    way.says("Drawn as it is kept with the course.")
    expect(way.page.locator('[name="dose"]')).to_have_value("0.5 mg/kg/day")


def first_visits(way: Journey) -> None:
    """The first dose, and the first month without anything new."""
    way.visit("2026-11-25", first_dose="2026-11-25", **supply("2026-11-25"), **negative_test("2026-11-25"))
    way.keep("first-visit")
    way.page.get_by_role("main").get_by_role("link", name="What was written").click()
    way.says("first dose 25 Nov 2026", "handed out: 90 capsules of 10 mg for 30 days, 25 Nov 2026")
    way.visit("2026-12-24", **supply("2026-12-24"), **negative_test("2026-12-23"))


def raised_value(way: Journey) -> None:
    """Triglycerides are raised at month 2: what became stricter, what closes, what is due."""
    raised = lab("triglycerides", "9.2", "mmol/L", "2027-01-21", "1.7")
    raised |= {"s__triglycerides__now___known": "2027-01-22"}
    way.visit("2027-01-22", **raised, **negative_test("2027-01-22"))
    way.keep("raised-triglycerides")
    assert "riglycerides" in way.part("Became stricter")
    way.says("Supply", "is not worked out below")
    expect(way.page.get_by_role("main")).not_to_contain_text("Nothing with a day falls due in these days.")
    way.says("Triglycerides above 9 mmol/L", "A red line holds")
    way.page.get_by_role("main").get_by_role("link", name="Today").click()
    assert "Triglycerides above 9 mmol/L" in way.part("Stop now")
    way.keep("raised-today")
    way.tab("Course")
    expect(way.page.get_by_role("heading", name="Dose", exact=True)).to_have_count(0)
    way.keep("raised-plan")
    again = lab("triglycerides", "2.1", "mmol/L", "2027-02-01", "1.7") | lab("alt", "24", "U/L", "2027-02-01", "40")
    way.visit("2027-02-02", **again)
    way.page.get_by_role("main").get_by_role("link", name="Today").click()
    assert "No red line is known to hold." in way.part("Stop now")
    way.keep("raised-no-more")


def missed_test(way: Journey) -> None:
    """No test was done for the next supply: the list of what is to be done, Today, and a visit without it say so; then it is done."""
    way.on("2027-02-22")
    way.visitor.go("/register")
    way.says(NAME, "a pregnancy is not excluded inside the window of a test")
    way.keep("missed-worklist")
    way.page.get_by_role("link", name=NAME).click()
    way.tab("Today")
    expect(way.page.get_by_role("heading", level=1)).to_contain_text("as of 22 Feb 2027")
    assert "pregnancy test" in way.part("Not today, because")
    way.keep("missed-today")
    way.tab("Course")
    way.says("a new negative pregnancy test is on file")
    way.visitor.fill(event="test-2", to="2027-04-20")
    way.press("Show what slips")
    way.says("Nothing was changed yet.")
    way.keep("slip")
    way.visit("2027-02-22", s__weight="61", s__weight___unit="kg")
    way.says("NO NEXT SUPPLY UNTIL", "a new negative pregnancy test is on file")
    way.keep("missed-visit")
    way.visit("2027-02-23", **supply("2027-02-23"), **negative_test("2027-02-23"))
    way.keep("missed-made-good")


def finish(way: Journey) -> None:
    """The last dose, and what is due after it."""
    way.visit("2027-05-23", last_dose="2027-05-23", **negative_test("2027-05-23"))
    way.keep("finished")
    way.on("2027-05-24")
    way.page.get_by_role("main").get_by_role("link", name="Course", exact=True).click()
    way.says("This course is over", "a further course may begin under EU label 2018: not before 18 Jul 2027")
    way.keep("finished-plan")


def relapse_and_second_course(way: Journey) -> None:
    """The acne comes back; a second course is opened, planned and begun."""
    way.visit(
        "2027-10-04",
        s__relapsed="yes",
        s__acne_severity="severe",
        s__weight="62",
        s__weight___unit="kg",
        **negative_test("2027-10-04"),
    )
    way.page.get_by_role("main").get_by_role("link", name="What was written").click()
    way.keep("relapse")
    way.fold("Open a further course")
    way.press("Open a further course")
    way.says("Course 2 of 2")
    way.course = way.page.url.rpartition("/")[2]
    way.keep("second-course")
    way.tab("Today")
    way.keep("second-today")
    assert "drafted" not in way.page.locator("ul.facts").inner_text()
    way.tab("Course")
    way.visitor.fill(dose="0.3 mg/kg/day", start="2027-10-05")
    way.press("Draw the plan")
    way.says("0.3 mg/kg/day", "Not until", "negative pregnancy test")
    way.keep("second-plan")
    way.press("Keep this plan with the course")
    way.visit("2027-10-05", first_dose="2027-10-05", **supply("2027-10-05"))
    way.keep("second-begun")
    way.page.get_by_role("main").get_by_role("link", name="Today").click()
    way.keep("second-begun-today")
    expect(way.page.get_by_role("main")).not_to_contain_text("does not fit together")


def undo(way: Journey) -> None:
    """One entry was of another patient: it is undone by a correcting entry, and stays."""
    way.visit("2027-10-06", s__weight="95", s__weight___unit="kg")
    way.page.get_by_role("main").get_by_role("link", name="What was written").click()
    row = way.page.get_by_role("row", name="weight: 95 kg")
    row.get_by_label("why").fill("the weight of another patient")
    row.get_by_role("button").click()
    way.says("undid entry", "the weight of another patient")
    expect(way.page.locator("s", has_text="weight: 95 kg")).to_be_visible()
    way.keep("undone")

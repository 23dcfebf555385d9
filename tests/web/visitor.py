"""Somebody at a browser: what the browser complains of is kept, and pictures, if somebody wants to look at them."""

import os
from pathlib import Path

from playwright.sync_api import Browser, Locator, Page, expect

from tests.web.live import AXE, Live

WAIT_MS = 20_000
expect.set_options(timeout=WAIT_MS)
SHOTS = os.environ.get("ISOCOURSE_SCREENSHOTS", "")
"""A folder to keep the pictures in, for people to look at."""

REFUSALS = ("401", "403", "404", "409", "422", "503")
"""What a browser notes of a refusal that a test asks for."""


class Visitor:
    """One person at one browser."""

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

    def path(self) -> str:
        """Where the browser is."""
        return self.page.url.removeprefix(self.live.base)

    def keep(self, name: str) -> None:
        """Keeps a picture, if somebody wants to look at it."""
        if SHOTS:
            width = (self.page.viewport_size or {"width": 0})["width"]
            Path(SHOTS).mkdir(parents=True, exist_ok=True)
            self.page.screenshot(path=str(Path(SHOTS) / f"{name}-{width}.png"), full_page=True)

    def fill(self, **fields: str) -> None:
        """Fills in fields by their names; `__` stands for a dot, as in `s__alt__now`, and `___` for a tilde."""
        for name, text in fields.items():
            put(self.page.locator(f'main [name="{name.replace("___", "~").replace("__", ".")}"]').first, text)

    def expects_refusal(self) -> None:
        """Takes what the browser notes of a refusal off its complaints: the test asked for it."""
        self.complaints = [each for each in self.complaints if not any(code in each for code in REFUSALS)]

    def broken_rules(self) -> list[tuple[str, str, list[str]]]:
        """Serious rules of accessibility that the page breaks."""
        self.page.evaluate(AXE.read_text(encoding="utf-8"))
        found = self.page.evaluate("async () => (await axe.run()).violations")
        return [
            (each["impact"], each["id"], [node["html"][:160] for node in each["nodes"][:3]])
            for each in found
            if each["impact"] in ("serious", "critical")
        ]


def put(field: Locator, text: str) -> None:
    """Fills in or chooses; a fold that hides the field is opened first, as a person would."""
    if not field.is_visible():
        for fold in field.locator("xpath=ancestor::details[not(@open)]").all():
            fold.locator("> summary").click()
    if field.evaluate("each => each.tagName") == "SELECT":
        field.select_option(text)
    else:
        field.fill(text)


def made_visitor(browser: Browser, live: Live, width: int, *, scripts: bool, language: str) -> Visitor:
    """Somebody who has come in."""
    context = browser.new_context(
        viewport={"width": width, "height": 900}, java_script_enabled=scripts, locale=language
    )
    visitor = Visitor(context.new_page(), live)
    visitor.come_in()
    return visitor

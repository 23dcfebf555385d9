"""A real server in a clinic's way of running it, a real provider beside it: people sign in, work, and sign out, and the trail says so."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest
from playwright.sync_api import Page, sync_playwright

from tests.conftest import COMMAND
from tests.web.bench import RECORD, TOKEN
from tests.web.live import AXE, FLAGS, chromium
from tests.web.real_provider import Served, at_the_provider, served
from tests.web.visitor import SHOTS


@pytest.fixture(scope="module", params=[True, False], ids=["groups-in-the-token", "groups-when-asked"])
def clinic(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """A clinic that runs."""
    with served(tmp_path_factory.mktemp("clinic"), groups_in_token=request.param) as found:
        yield found


@pytest.fixture
def browser(clinic: Served) -> Iterator[httpx.Client]:
    """A browser without cookies."""
    with httpx.Client(base_url=clinic.address, verify=False, timeout=30) as found:
        yield found


def come_back(clinic: Served, browser: httpx.Client, name: str) -> str:
    """Begins to sign in and does so at the provider; where that leads back to."""
    away = browser.get("/sign-in")
    assert away.status_code == 303, away.text
    assert away.headers["location"].startswith(clinic.issuer)
    return at_the_provider(browser, away.headers["location"], name, f"{clinic.address}/signed-in")


def sign_in(clinic: Served, browser: httpx.Client, name: str) -> httpx.Response:
    """Signs in."""
    return browser.get(come_back(clinic, browser, name))


def send(browser: httpx.Client, clinic: Served, path: str, **fields: str) -> httpx.Response:
    """Sends a form of ours."""
    token = TOKEN.search(browser.get("/").text)
    assert token is not None
    return browser.post(path, data={"token": token[1], **fields}, headers={"origin": clinic.address})


def test_a_clinician_signs_in_works_and_signs_out(clinic: Served, browser: httpx.Client) -> None:
    assert browser.get("/").status_code == 401
    assert sign_in(clinic, browser, "clinician-1").headers["location"] == "/"
    assert "Dr clinician-1" in browser.get("/").text
    home = send(browser, clinic, "/read", text=RECORD).headers["location"]
    course = send(browser, clinic, f"{home}/keep", name="Nilufar Karimova").headers["location"]
    assert "Nilufar Karimova" in browser.get(course).text
    assert browser.get("/trail").status_code == 403
    kept = browser.cookies["__Host-isocourse"]
    assert send(browser, clinic, "/leave").headers["location"] == "/signed-out"
    assert f'href="{clinic.issuer}/session/end?client_id=isocourse"' in browser.get("/signed-out").text
    browser.cookies.set("__Host-isocourse", kept)
    assert browser.get(course).status_code == 401


def test_an_auditor_reads_who_looked(clinic: Served, browser: httpx.Client) -> None:
    assert sign_in(clinic, browser, "auditor-1").status_code == 303
    browser.get("/register")
    page = browser.get("/trail").text
    assert "Dr auditor-1" in page
    assert "GET /register" in page
    assert browser.get("/enter").status_code == 403


def test_whoever_has_no_role_is_not_let_in(clinic: Served, browser: httpx.Client) -> None:
    reply = sign_in(clinic, browser, "stranger-1")
    assert reply.status_code == 403
    assert "have no role here" in reply.text
    assert browser.get("/").status_code == 401


def test_the_address_that_leads_back_opens_once_and_in_one_browser_only(clinic: Served, browser: httpx.Client) -> None:
    back = come_back(clinic, browser, "clinician-2")
    with httpx.Client(verify=False, timeout=30) as thief:
        assert thief.get(back).status_code == 401
    assert browser.get(back).status_code == 303
    assert browser.get(back).status_code == 401
    assert browser.get("/").status_code == 200


def test_a_code_put_into_another_sign_in_opens_nothing(clinic: Served, browser: httpx.Client) -> None:
    stolen = come_back(clinic, browser, "clinician-3")
    with httpx.Client(base_url=clinic.address, verify=False, timeout=30) as thief:
        theirs = parse_qs(urlsplit(come_back(clinic, thief, "stranger-3")).query)
        mixed = {
            "state": theirs["state"][0],
            "iss": theirs["iss"][0],
            "code": parse_qs(urlsplit(stolen).query)["code"][0],
        }
        assert thief.get("/signed-in", params=mixed).status_code == 401
        assert thief.get("/").status_code == 401


def test_the_register_verifies_and_the_log_names_nobody(clinic: Served, browser: httpx.Client) -> None:
    back = come_back(clinic, browser, "clinician-4")
    browser.get(back)
    words = [sys.executable, "-c", COMMAND, "register", "verify", "--json"]
    done = subprocess.run(words, env=clinic.environment, capture_output=True, text=True, check=False, timeout=60)
    found = json.loads(done.stdout)
    assert (done.returncode, found["faults"]) == (0, [])
    assert found["trail"] > 0
    said = clinic.said()
    assert "People sign in at" in said
    for secret in ("a-secret-of-the-clinic", "clinician-4", "Nilufar", parse_qs(urlsplit(back).query)["code"][0]):
        assert secret not in said
    assert "Traceback" not in said


@pytest.fixture
def page(clinic: Served) -> Iterator[Page]:
    """A page of Chromium; it must not complain of anything."""
    complaints: list[str] = []
    with sync_playwright() as play:
        found = play.chromium.launch(executable_path=chromium(), headless=True, args=FLAGS)
        context = found.new_context(ignore_https_errors=True, viewport={"width": 390, "height": 900})
        made = context.new_page()
        made.set_default_timeout(60_000)
        made.on("pageerror", lambda error: complaints.append(str(error)))
        made.on(
            "console", lambda said: complaints.append(said.text) if "Content Security Policy" in said.text else None
        )
        yield made
        found.close()
    assert complaints == []


def by_mouse(page: Page, clinic: Served, name: str) -> None:
    """Signs in as people do."""
    page.goto(clinic.address)
    looked_over(page, "sign-in")
    page.get_by_role("button", name="Sign in").click()
    page.locator('input[name="login"]').fill(name)
    page.locator('input[name="password"]').fill("any")
    page.get_by_role("button").first.click()
    page.get_by_role("button", name="Continue").click()
    page.wait_for_url(clinic.address + "/")


def looked_over(page: Page, name: str) -> None:
    """No serious rule of accessibility is broken, and nothing is wider than a telephone."""
    if SHOTS:
        Path(SHOTS).mkdir(parents=True, exist_ok=True)
        page.screenshot(path=str(Path(SHOTS) / f"clinic-{name}.png"), full_page=True)
    page.evaluate(AXE.read_text(encoding="utf-8"))
    found = page.evaluate("async () => (await axe.run()).violations")
    assert [each["id"] for each in found if each["impact"] in ("serious", "critical")] == []
    assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0


def test_a_browser_comes_in_and_goes_out(clinic: Served, page: Page) -> None:
    by_mouse(page, clinic, "clinician-5")
    assert page.get_by_text("Dr clinician-5").is_visible()
    [cookie] = [each for each in page.context.cookies() if each["name"] == "__Host-isocourse"]
    assert (cookie["secure"], cookie["httpOnly"], cookie["sameSite"]) == (True, True, "Lax")
    page.get_by_role("button", name="Leave").click()
    page.wait_for_url(clinic.address + "/signed-out")
    looked_over(page, "signed-out")
    page.get_by_role("link", name="Sign out there as well").click()
    page.wait_for_url(clinic.issuer + "/**")
    page.goto(clinic.address)
    assert page.get_by_role("heading", name="Sign in").is_visible()


def test_an_auditor_walks_the_trail_in_a_browser(clinic: Served, page: Page) -> None:
    by_mouse(page, clinic, "auditor-5")
    page.get_by_role("link", name="Trail").click()
    looked_over(page, "trail")
    page.get_by_label("Outcome").select_option("answered")
    page.get_by_role("button", name="Find").click()
    assert page.get_by_role("table").get_by_text("Dr auditor-5").first.is_visible()
    with page.expect_download() as taken:
        page.get_by_role("button", name="All of these as a table (CSV)").click()
    assert "GET /trail" in taken.value.path().read_text("utf-8")

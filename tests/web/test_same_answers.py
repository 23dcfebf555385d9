"""Page, JSON and command line give the same answers: they come from the same code, and this holds them to it."""

import html
import json
import re
from collections.abc import Callable
from pathlib import Path

import pytest

from isocourse.app.assess import assess
from isocourse.app.knowledge import shipped
from isocourse.app.samples import SAMPLE_DAY
from isocourse.decisions.tables import words
from isocourse.library import Asked
from isocourse.render.commands import without_commands
from isocourse.render.report import to_json
from isocourse.render.today import not_today_lines, partings_lines
from isocourse.web.entries import entries, today_view
from tests.conftest import Ran
from tests.web.bench import PROGRAM, Bench

SAMPLES = sorted(path.stem for path in (shipped() / "patients").glob("*.yaml"))


def plain(page: str) -> str:
    """The text of a page."""
    text = re.sub(r"<(?:script|style)\b.*?</(?:script|style)>", " ", page, flags=re.DOTALL)
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", text)).split())


@pytest.mark.parametrize("name", SAMPLES)
def test_page_and_json_say_what_the_assessment_says(bench: Bench, name: str) -> None:
    desk = bench.house.desk
    seen = assess(desk.library, desk.samples[name].record(SAMPLE_DAY), Asked(SAMPLE_DAY))
    told = bench.client.get(f"/api/samples/{name}/assessment", headers=PROGRAM)
    assert told.content == to_json(seen)
    page, today = plain(bench.client.get(f"/patient/{name}").text), json.loads(told.content)["today"]
    lines = [line for item in today["stop_now"] for line in item["text"]]
    lines += [today["verdict"], *partings_lines(seen, full=True), *not_today_lines(seen)]
    for line in lines:
        bare = line.strip().removeprefix("! ").removeprefix("- ")
        assert " ".join(without_commands(bare).split()) in page, bare


@pytest.mark.parametrize("name", ["alt-trebled", "doxycycline"])
def test_the_command_line_prints_the_same_json(bench: Bench, run: Callable[..., Ran], name: str) -> None:
    path = shipped() / "patients" / f"{name}.yaml"
    printed = run("assess", path, "--as-of", "2026-11-24", "--json").out
    assert json.loads(printed) == bench.client.get(f"/api/samples/{name}/assessment", headers=PROGRAM).json()


@pytest.mark.parametrize("name", SAMPLES)
def test_a_pasted_record_is_judged_like_the_file(bench: Bench, name: str) -> None:
    text = Path(shipped() / "patients" / f"{name}.yaml").read_text(encoding="utf-8")
    home = bench.send("/read", text=text).headers["location"]
    pasted, sample = (plain(bench.client.get(address).text) for address in (home, f"/patient/{name}"))
    begin = "Stop now"
    assert pasted[pasted.index(begin) :] == sample[sample.index(begin) :]


@pytest.mark.parametrize("name", SAMPLES)
def test_every_cell_of_the_matrix_opens(bench: Bench, name: str) -> None:
    page = bench.client.get(f"/patient/{name}/matrix?show=all").text
    cells = re.findall(rf'href="(/patient/{name}/why/[^"]+)"', page)
    assert len(cells) > 300
    for address in cells[:: len(cells) // 12]:
        assert bench.client.get(address).status_code == 200, address


def test_the_filter_leaves_only_questions_on_which_those_who_speak_part(bench: Bench) -> None:
    seen = bench.house.desk.judged(bench.house.desk.samples["alt-trebled"], "en")
    page = bench.client.get("/patient/alt-trebled/matrix").text
    said: dict[str, set[str]] = {}
    for answer in json.loads(to_json(seen))["answers"]:
        if answer["status"] in ("answered", "cannot_tell"):
            said.setdefault(answer["decision"], set()).add(answer["words"])
    for point, told in said.items():
        assert (f"/why/{point}/" in page) == (len(told) > 1), point


def test_no_entry_of_today_is_lost_between_the_terminal_and_the_page(bench: Bench) -> None:
    for name in SAMPLES:
        seen = bench.house.desk.judged(bench.house.desk.samples[name], "en")
        view = today_view(seen)
        assert len(view.stop_now) == len(seen.today.stop_now)
        heads = " ".join(entry.head for entry in view.disagreements)
        assert [each.point.name for each in seen.today.disagreements if words(each.point.title) not in heads] == []
        assert bool(view.not_today) == bool(seen.today.not_today)
        assert bool(view.cannot_tell) == bool(seen.today.cannot_tell)


def test_lines_are_gathered_under_their_heads() -> None:
    found = entries(["! red", "    why: x", "- held", "    a", "      b"])
    assert [(each.head, each.under) for each in found] == [("red", [(1, "why: x")]), ("held", [(1, "a"), (2, "b")])]

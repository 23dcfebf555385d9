"""Commands over the knowledge, through the real command line."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path

import pytest
import yaml

from isocourse.render.language import MARKS
from tests.conftest import REPOSITORY, Ran

CODE = re.compile(r"[a-z]_[a-z]|[<>=]|\.\.|\b(?:any|count|recorded|not)\(")
Run = Callable[..., Ran]


def test_contradictions_have_ids_kinds_both_sides_and_a_witness(run: Run) -> None:
    found = json.loads(run("contradictions", "lab_stop", "--json").out)
    assert [each["rank"] for each in found] == list(range(1, len(found) + 1))
    body = next(
        each for each in found if each["one"]["position"] in ("body", "conclusion") and each["between"] == "inside"
    )
    assert body["kind"] == "opposed"
    assert body["decision"] == "lab_stop"
    assert body["witness"]
    assert body["claims"]
    assert body["replayed"]
    assert "X-6b" in body["known_as"]


def test_a_witness_can_be_saved_and_judged(run: Run, tmp_path: Path) -> None:
    listed = json.loads(run("contradictions", "lab_stop", "--protocol", "seed-review", "--json").out)
    chosen = next(each for each in listed if each["between"] == "inside")
    saved = tmp_path / "witness.yaml"
    ran = run("contradictions", "lab_stop", "--protocol", "seed-review", "--witness", chosen["id"])
    assert yaml.safe_load(ran.out)["facts"]
    saved.write_text(ran.out, encoding="utf-8")
    seen = json.loads(run("assess", saved, "--as-of", "2026-11-24", "--json").out)
    sides = {
        answer["position"]: answer["stances"][0]["take"]
        for answer in seen["answers"]
        if answer["decision"] == "lab_stop" and answer["protocol"] == "seed-review"
    }
    assert not set(sides["body"]) & set(sides["conclusion"])


def test_contradictions_as_one_page_without_a_script(run: Run, tmp_path: Path) -> None:
    page = tmp_path / "page.html"
    assert run("contradictions", "lab_stop", "--html", page).code == 0
    text = page.read_text(encoding="utf-8")
    assert text.startswith("<!doctype html>")
    assert "<script" not in text
    assert "http" not in text
    assert 'lang="en"' in text


@pytest.mark.parametrize(
    ("language", "told", "draft"),
    [
        pytest.param("ru", "Расходы и тревога против редкого вреда", "черновом", id="russian"),
        pytest.param("uz", "Xarajat va xavotir kam uchraydigan zararga qarshi", "qoralama", id="uzbek"),
    ],
)
def test_the_printed_page_is_told_in_a_language_with_our_english_beside_it(
    run: Run, tmp_path: Path, language: str, told: str, draft: str
) -> None:
    page = tmp_path / "page.html"
    assert run("contradictions", "work_up", "--language", language, "--html", page).code == 0
    text = page.read_text(encoding="utf-8")
    assert f'<html lang="{language}">' in text
    assert told in text
    assert draft in text
    english = re.findall(r'<ul lang="en">(.*?)</ul>', text)
    assert any("Cost and worry against rare harm" in each for each in english)
    assert "Cost and worry against rare harm" not in re.sub(r"<details>.*?</details>", "", text)
    assert MARKS[language] not in text


def test_the_list_in_a_terminal_is_told_in_a_language(run: Run) -> None:
    ran = run("contradictions", "work_up", "--language", "ru")
    assert "Почему: Лейкопения говорит против лечения" in " ".join(ran.out.split())
    assert "Что измеряют, осматривают и спрашивают до первой дозы? — лейкопения" in " ".join(ran.out.split())
    assert MARKS["ru"] not in ran.out


def test_on_what_a_contradiction_hinges_is_written_out_on_demand(run: Run) -> None:
    asked = ("contradictions", "work_up", "--protocol", "delphi")
    assert "It hinges on" not in run(*asked).out
    assert "It hinges on: Cost and worry against rare harm" in " ".join(run(*asked, "--full").out.split())


def test_data_are_the_same_whatever_the_language(run: Run) -> None:
    asked = ("contradictions", "work_up", "--protocol", "delphi", "--json")
    assert run(*asked, "--language", "uz").out == run(*asked).out


def test_a_page_in_a_folder_that_is_not_there_yet_is_written(run: Run, tmp_path: Path) -> None:
    page = tmp_path / "not" / "there" / "page.html"
    assert run("contradictions", "overdose", "--html", page).code == 0
    assert page.exists()


def test_a_page_that_cannot_be_written_is_told_in_one_line(run: Run, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("", encoding="utf-8")
    ran = run("contradictions", "overdose", "--html", tmp_path / "file" / "page.html")
    assert ran.code == 2
    assert "cannot be written" in ran.err
    assert "Traceback" not in ran.err


def test_demands_on_points_that_were_not_read_stand_in_one_line(run: Run) -> None:
    ran = run("prove", "--at-least", "eu-label/2018", "--protocol", "india")
    lines = [line for line in ran.out.split("\n") if "was not read on this point" in line]
    assert ran.code == 2
    assert len(lines) == 1
    assert "demands: india/2018 was not read on this point: blood_donation, " in lines[0]
    full = run("prove", "--at-least", "eu-label/2018", "--protocol", "india", "--full").out
    assert len([line for line in full.split("\n") if "was not read on this point" in line]) > 20


def test_the_list_of_contradictions_shows_no_code(run: Run) -> None:
    told = run("contradictions", "contraindications", "--full", "--width", "300").out
    assert "asks about marked leukopenia" in told
    assert "never orders blood count" in told
    lines = [line for line in told.splitlines() if not line.strip().startswith(("id: ", "why: "))]
    assert [line for line in lines if CODE.search(line)] == []


def test_a_point_without_contradictions_says_so(run: Run) -> None:
    ran = run("contradictions", "overdose")
    assert ran.code == 0
    assert "No disagreement found here." in ran.out or "OVERDOSE" in ran.out.upper()


@pytest.mark.parametrize(
    ("words", "said"),
    [
        pytest.param(["contradictions", "lab_stp"], 'did you mean "lab_stop"', id="point"),
        pytest.param(["contradictions", "--protocol", "eu-labl"], 'did you mean "eu-label"', id="protocol"),
        pytest.param(["diff", "us-ipledge/2021", "us-ipledge/2027"], "us-ipledge/2026", id="edition"),
        pytest.param(["compare", "nobody"], "is not known", id="compare"),
        pytest.param(["adopt", "eu-label/2018", "x", "--as", "EU label"], "small letters", id="name"),
    ],
)
def test_a_misspelt_word_is_a_usage_error_with_a_suggestion(run: Run, words: list[str], said: str) -> None:
    ran = run(*words)
    assert ran.code == 1
    assert said in ran.err


def test_an_unknown_witness_is_named(run: Run) -> None:
    ran = run("contradictions", "lab_stop", "--witness", "nobody")
    assert ran.code == 2
    assert 'no contradiction with a witness is called "nobody"' in ran.err


def test_a_difference_of_editions_says_for_whom(run: Run) -> None:
    found = json.loads(run("diff", "uk-mhra/2023-10", "uk-mhra/2026-01", "--json").out)
    prescriber = [change for change in found["changes"] if change["point"] == "prescriber"]
    assert prescriber
    assert any(
        "age" in (change["patient"] or {}) or any(name == "age" for name, _ in change["patient"] or [])
        for change in prescriber
    )


@pytest.mark.parametrize(
    ("old", "new"), [("eu-label/2003", "eu-label/2018"), ("us-ipledge/2021", "us-ipledge/2026")], ids=["eu", "us"]
)
def test_whom_a_changed_rule_is_said_to_is_told_in_words_and_kept_as_code_in_the_json(
    run: Run, old: str, new: str
) -> None:
    told, data = run("diff", old, new).out, json.loads(run("diff", old, new, "--json").out)
    rows = [row for each in data["changes"] for row in (*each["before_rows"], *each["after_rows"])]
    assert sum(CODE.search(row["code"]) is not None for row in rows) > 5
    assert [line for line in told.splitlines() if line.startswith("  ") and CODE.search(line)] == []
    for each in data["changes"]:
        for row in (*each["before_rows"], *each["after_rows"]):
            assert f"{row['says']} — when {row['when']}" in told if row["when"] else row["says"] in told
            assert CODE.search(f"{row['position']} {row['says']} {row['when']}") is None
        for fact, value in each["patient_in_words"] or ():
            assert CODE.search(f"{fact} {value}") is None


def test_the_keys_of_a_difference_that_programs_read_stay(run: Run) -> None:
    found = json.loads(run("diff", "eu-label/2003", "eu-label/2018", "--json").out)
    (moved,) = [
        each
        for each in found["changes"]
        if each["what"] == "for others" and "isotretinoin may be offered" in each["before"][0]
    ]
    code = "female_organs and acne_severity = severe and oral_antibiotic_failed and topical_failed"
    assert moved["before"] == [f"should: isotretinoin may be offered — when {code}"]
    assert moved["patient"] == [["female_organs", "no"]]
    assert moved["before_rows"] == [
        {
            "position": "",
            "says": "should: isotretinoin may be offered",
            "when": "anatomy that can carry a pregnancy and severity of the acne is “severe” and an adequate course of an oral antibiotic "
            "has failed (judgement) and an adequate course of topical treatment has failed (judgement)",
            "code": code,
        }
    ]
    assert moved["patient_in_words"] == [["anatomy that can carry a pregnancy", "no"]]
    read = next(each for each in found["changes"] if each["what"] == "not_read -> answered")
    assert read["before"] == []
    assert [row["says"] for row in read["before_rows"]] == ["we have not read this text"]


def test_a_rule_that_two_rows_say_is_gone_for_whomever_either_speaks_of(run: Run) -> None:
    """The programme of 2021 has two rows for counselling, one of them for everybody: it is gone for the reference patient as she is."""
    found = json.loads(run("diff", "us-ipledge/2021", "us-ipledge/2026", "--json").out)
    (gone,) = [
        each
        for each in found["changes"]
        if each["what"] == "row gone" and "counselling on benefits and harms" in each["before"][0]
    ]
    assert len(gone["before_rows"]) == 2
    assert len(gone["before"]) == 1
    assert gone["patient"] == []


def test_an_edition_does_not_differ_from_itself(run: Run) -> None:
    ran = run("diff", "eu-label/2018", "eu-label/2018")
    assert ran.code == 0
    assert "Nothing found that" in ran.out
    assert "No sample patient gets another answer." in ran.out


def test_protocols_side_by_side(run: Run) -> None:
    ran = run("compare", "eu-label/2018", "us-label", "--point", "lab_stop")
    assert "opposed: some patient cannot satisfy both" in " ".join(ran.out.split())
    found = json.loads(run("compare", "eu-label/2018", "us-label", "--json").out)
    assert {edition["edition"] for edition in found["editions"]} == {"eu-label/2018", "us-label/2026-08"}
    assert len(found["points"]) == 41


def test_whom_each_edition_means_is_told_in_words_and_kept_as_code_in_the_json(run: Run) -> None:
    told = " ".join(run("compare", "us-label/2026-08", "eu-label/2018", "--point", "lab_stop").out.split())
    none = "none of the earlier conditions of this position holds"
    assert f"— when {none} and (liver enzymes do not settle (judgement) or hepatitis suspected (judgement))" in told
    assert "triglycerides_uncontrolled" not in told
    found = json.loads(run("compare", "us-label/2026-08", "eu-label/2018", "--point", "lab_stop", "--json").out)
    says = found["points"][0]["says"]["us-label/2026-08"]
    assert says["rows"][0] == "(main) must: stop isotretinoin — when triglycerides_uncontrolled"
    assert (
        says["rows_in_words"][0]
        == "(main) must: stop isotretinoin — when triglycerides cannot be controlled (judgement)"
    )
    assert len(says["rows"]) == len(says["rows_in_words"]) > 1


def test_every_statement_of_the_review_is_carried(run: Run) -> None:
    ran = run("coverage")
    assert ran.code == 0
    assert "168 statements, 168 carried" in ran.out
    assert len(json.loads(run("coverage", "S-LAB", "--json").out)) == 12


def test_the_coverage_page_is_up_to_date(run: Run) -> None:
    committed = (REPOSITORY / "docs" / "coverage.md").read_text(encoding="utf-8")
    assert run("coverage", "--markdown").out == committed, "run `isocourse coverage --markdown > docs/coverage.md`"


def test_a_protocol_of_ones_own_from_copy_to_proof(run: Run, tmp_path: Path) -> None:
    assert run("adopt", "eu-label/2018", tmp_path, "--as", "our-clinic").code == 0
    assert "no mistake found" in run("check", "--knowledge", tmp_path).out
    ran = run("prove", "--knowledge", tmp_path, "--at-least", "eu-label/2018", "--protocol", "our-clinic")
    assert ran.code == 0
    assert "no laxer" in ran.out
    again = run("adopt", "eu-label/2018", tmp_path, "--as", "our-clinic")
    assert again.code == 2
    assert "is there already; nothing was written" in again.err


def test_what_to_ask_first_is_listed(run: Run) -> None:
    sample = REPOSITORY / "src" / "isocourse" / "knowledge" / "patients" / "tubal-ligation.yaml"
    rows = json.loads(run("ask", sample, "--as-of", "2026-11-24", "--json").out)
    assert rows
    assert [row["settles"] for row in rows] == sorted((row["settles"] for row in rows), reverse=True)
    assert "surely" in run("ask", sample, "--as-of", "2026-11-24").out


def test_facts_stated_one_by_one_that_do_not_fit_are_named_and_nothing_is_lost(run: Run, tmp_path: Path) -> None:
    record = tmp_path / "record.yaml"
    record.write_text(
        "isocourse: '1'\npatient: {recorded_gender: female}\nfacts: {alt_nw: 62 U/L, weight: 1 kg, age: 24 years, pregnant: 'perhaps'}\n",
        encoding="utf-8",
    )
    ran = run("assess", record, "--as-of", "2026-11-24", "--json")
    assert ran.code == 3
    lines = [problem["text"] if "text" in problem else str(problem) for problem in json.loads(ran.out)["problems"]]
    assert len(lines) == 3
    assert any('did you mean "alt_now"' in line for line in lines)
    assert any("plausible range" in line for line in lines)


def test_a_folder_without_knowledge_is_not_taken_for_rules_of_ones_own(run: Run, tmp_path: Path) -> None:
    (tmp_path / "our-clinic").mkdir()  # the folder above or below the one that was meant
    for command in ("check", "protocols"):
        ran = run(command, "--knowledge", tmp_path)
        assert (ran.code, ran.out) == (1, ""), ran.err
        assert "holds no knowledge; name the folder that holds" in ran.err
    (tmp_path / "protocols").mkdir()
    assert run("protocols", "--knowledge", tmp_path).code == 0

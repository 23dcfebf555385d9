"""Looking things up on the command line: effects, interactions, products, instruments."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.conftest import Ran

Run = Callable[..., Ran]
COMMANDS = ["effects", "interactions", "products", "instruments"]


@pytest.mark.parametrize("command", COMMANDS)
@pytest.mark.parametrize("width", [60, 160])
def test_a_list_fits_the_width_and_names_everything(run: Run, command: str, width: int) -> None:
    ran = run(command, "--width", str(width))
    assert ran.code == 0
    assert max(len(line) for line in ran.out.split("\n")) <= width
    listed = json.loads(run(command, "--json").out)
    assert all(each["name"] in ran.out for each in listed[command])


@pytest.mark.parametrize(
    ("words", "said"),
    [
        pytest.param(["effects", "triglycerides"], ["44 % of those of 13,772", "us-label: stop", "eu-label: stop", "Sources"], id="effect"),
        pytest.param(["effects", "hearing"], ["us-label: stop and refer"], id="both-are-advised"),
        pytest.param(["effects", "liver_enzymes"], ["uk-bnf: reduce the dose or stop"], id="one-of-two-is-advised"),
        pytest.param(["interactions", "tetracyclines"], ["eu-label: must not be combined", "us-label: avoid together"], id="interaction"),
        pytest.param(["interactions", "tetracyclines"], ["sarecycline: any atc code that begins with J01AA"], id="class-code"),
        pytest.param(["interactions", "doxycycline"], ["Tetracycline antibiotics"], id="drug"),
        pytest.param(["interactions", "Vibramycin 100 mg"], ["Tetracycline antibiotics"], id="trade-name"),
        pytest.param(["interactions", "hormonal_contraceptive"], ["Hormonal contraception", "not adequate"], id="class"),
        pytest.param(["interactions", "methotrexate"], ["rule of acitretin"], id="nothing-was-read"),
        pytest.param(["products", "absorica-ld"], ["32 mg against 40 mg of absorica, fed: bioequivalent", "DISPUTED"], id="product"),
        pytest.param(["products", "acnecutan"], ["DISPUTED: 16 mg against 20 mg of conventional"], id="disputed-factor"),
        pytest.param(["products", "absorica"], ["tartrazine, in 25 mg"], id="excipient-of-one-strength"),
        pytest.param(["instruments", "gags"], ["39: no band", "chest and upper back together (weight 3)"], id="instrument"),
        pytest.param(["instruments", "phq9"], ["item 9: An answer of 1 or more", "better off dead", "Copyright Pfizer"], id="questionnaire"),
        pytest.param(["instruments", "dlqi"], ["is not stored here"], id="wording-not-ours"),
    ],
)  # fmt: skip
def test_a_page_says_what_is_known_and_by_whom(run: Run, words: list[str], said: list[str]) -> None:
    ran = run(*words, "--width", "200")
    assert ran.code == 0
    for each in said:
        assert each in ran.out


def test_a_drug_of_which_nothing_was_read_is_never_called_safe(run: Run) -> None:
    ran = run("interactions", "warfarin", "--width", "200")
    assert ran.code == 0
    assert "That does not say that the two may be taken together" in ran.out
    assert json.loads(run("interactions", "warfarin", "--json").out)["interactions"] == []


@pytest.mark.parametrize("command", COMMANDS)
def test_json_holds_every_claim_it_cites(run: Run, command: str) -> None:
    found = json.loads(run(command, "--json").out)
    text = json.dumps(found[command])
    assert found["claims"]
    for name, claim in found["claims"].items():
        assert f'"{name}"' in text
        assert claim["read"] in ("SEED", "SAW-P", "SAW-S", "CALC", "HOUSE")
        assert claim["found_at"]
    assert all(isinstance(each["say"], dict) for each in found[command])


def test_json_of_an_interaction_names_the_codes_of_its_drugs(run: Run) -> None:
    found = json.loads(run("interactions", "carbamazepine", "--json").out)
    codes = [code["code"] for drug in found["interactions"][0]["drugs"] for code in drug["codes"]]
    assert "N03AF01" in codes


@pytest.mark.parametrize(
    ("words", "said"),
    [
        pytest.param(["effects", "chelitis"], 'did you mean "cheilitis"?', id="effect"),
        pytest.param(["interactions", "doxycyclne"], 'did you mean "doxycycline"?', id="drug"),
        pytest.param(["products", "absorika"], 'did you mean "absorica"?', id="product"),
        pytest.param(["instruments", "phq8"], 'no instrument "phq8"', id="instrument"),
        pytest.param(["instruments", "--answers", "1"], "--answers needs the NAME", id="answers-to-nothing"),
        pytest.param(["instruments", "lesion_counts", "--answers", "1"], "has no items to answer", id="a-count"),
        pytest.param(["instruments", "phq2", "--answers", "1,x"], '"x" is not a whole number', id="not-a-number"),
    ],
)
def test_wrong_usage_ends_with_1_and_says_what_to_write(run: Run, words: list[str], said: str) -> None:
    ran = run(*words)
    assert ran.code == 1
    assert said in ran.err
    assert "Traceback" not in ran.err


@pytest.mark.parametrize(
    ("answers", "said"),
    [
        pytest.param("0,0,0,0,0,0,0,0,0", ["PHQ-9: 0 of 0 to 27", "Band: minimal"], id="nothing-at-all"),
        pytest.param("0,0,0,0,0,0,0,0,1", ["! Item 9", "is 1.", "assessing the risk of suicide", "PHQ-9: 1 of"], id="item-9-alone"),
        pytest.param("0,0,0,0,0,0,0,0,", ["! Item 9", "blank, so it is not known", "0 to 3", "Blank: 9"], id="item-9-blank"),
        pytest.param("2,2,2,2,,0,0,0,0", ["8 to 11", "Band: mild or moderate"], id="a-blank-between-two-bands"),
    ],
)  # fmt: skip
def test_answers_give_a_score_or_an_interval(run: Run, answers: str, said: list[str]) -> None:
    ran = run("instruments", "phq9", "--answers", answers, "--width", "200")
    assert ran.code == 0
    for each in said:
        assert each in ran.out
    assert ("! Item 9" in ran.out) == ("! Item 9" in said)


def test_answers_as_json_keep_what_is_not_known(run: Run) -> None:
    found = json.loads(run("instruments", "phq9", "--answers", "0,0,0,0,0,0,0,0,", "--json").out)["score"]
    assert (found["low"], found["high"], found["blank"]) == (0, 3, [9])
    assert found["watched"] == [{"item": 9, "answer": None, "counts": "not known"}]


def test_a_sheet_that_does_not_fit_gives_no_answer(run: Run) -> None:
    ran = run("instruments", "phq9", "--answers", "1,1")
    assert ran.code == 2
    assert "2 items answered or left blank; expected 9 items" in ran.err


@pytest.mark.parametrize("command", COMMANDS)
def test_knowledge_without_them_says_so(run: Run, command: str, tmp_path: Path) -> None:
    (tmp_path / "decisions").mkdir()  # a whole folder of one's own stands in the place of the shipped one
    ran = run(command, "--knowledge", str(tmp_path))
    assert ran.code in (0, 2)
    assert "Traceback" not in ran.err
    if ran.code == 0:
        assert f"This knowledge holds no {'unwanted effects' if command == 'effects' else command}." in ran.out

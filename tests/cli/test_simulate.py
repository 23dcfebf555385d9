"""The command `simulate` as a user has it."""

import csv
import json
from collections.abc import Callable
from pathlib import Path

import pytest

from isocourse.app.knowledge import shipped
from tests.conftest import Ran

Run = Callable[..., Ran]
SMALL = ("-n", "60", "--weeks", "3")
SAMPLE = shipped() / "patients" / "alt-trebled.yaml"


def test_a_question_is_answered_with_definitions_and_what_numbers_rest_on(run: Run) -> None:
    ran = run("simulate", "--dose", "40", "--times-a-day", "2", *SMALL, "--strengths", "20", "--above", "200")
    assert ran.code == 0, ran.err
    assert "40 mg twice a day = 80 mg a day (conventional, meal), 3 weeks" in ran.out
    assert "parent.hours_above_200" in ran.out
    assert "parent.half_life_24_72: half-life of isotretinoin, window 24 to 72 h after the last dose" in " ".join(
        ran.out.split()
    )
    assert "cohort association, not a forecast" in ran.out
    assert "Relapse from sebum: not computed" in ran.out
    assert "seed 1" in ran.out
    assert "Capsules: 84 as planned" in ran.out


def test_json_holds_seed_definitions_and_bands(run: Run) -> None:
    ran = run("simulate", "--dose", "0.5", "--per-kg", "--weight", "58", *SMALL, "--seed", "7", "--json")
    data = json.loads(ran.out)
    assert (data["schema"], data["seed"], data["patients"]) == ("isocourse/simulate/1", 7, 60)
    held = {each["name"]: each for each in data["regimens"][0]["quantities"]}
    assert held["dose_mg"]["mean"] == pytest.approx(0.5 * 58 * 21)
    assert all(each["definition"] and each["basis"] for each in held.values())
    assert {band["row"] for band in data["regimens"][0]["bands"]} >= {"parent", "oxo", "sebum"}
    assert data["unanswered"]


def test_the_schema_that_is_kept_is_the_one_printed(run: Run) -> None:
    kept = Path(__file__).parents[2] / "docs" / "schema" / "simulate-1.json"
    assert json.loads(run("simulate", "--schema").out) == json.loads(kept.read_text(encoding="utf-8"))


def test_a_record_gives_weight_and_dose_and_says_so(run: Run) -> None:
    ran = run("simulate", SAMPLE, *SMALL, "--as-of", "2026-11-24")
    assert ran.code == 0, ran.err
    text = " ".join(ran.out.split())
    assert "From the record: weight 58 kg of 2026-11-23" in text
    assert "40 mg a day, 2 times a day, conventional capsules" in text
    assert "an ordinary meal is assumed" in text
    assert "58 kg" in ran.out


def test_regimens_are_compared_and_drawn(run: Run, tmp_path: Path) -> None:
    file = tmp_path / "two.yaml"
    file.write_text(
        "regimens:\n"
        "  - {name: usual, dose: 20 mg, times_a_day: '2', weeks: '3', strengths: ['20']}\n"
        "  - {name: low, dose: 5 mg, weeks: '6', adherence: '0.8'}\n",
        encoding="utf-8",
    )
    table, charts = tmp_path / "t.csv", tmp_path / "charts"
    ran = run("simulate", "--regimens", file, "-n", "40", "--csv", table, "--charts", charts)
    assert ran.code == 0, ran.err
    assert "A: usual - 20 mg twice a day" in ran.out
    assert "each dose taken with a chance of 0.8" in ran.out
    assert "relapse within 1 y" in ran.out
    assert "capsules" in ran.out
    with table.open(encoding="utf-8") as held:
        rows = list(csv.DictReader(held))
    assert {row["regimen"] for row in rows} == {"usual", "low"}
    assert {path.name for path in charts.iterdir()} >= {
        "washout.svg",
        "sebum.svg",
        "dose.svg",
        "dose.txt",
        "dose.vl.json",
    }
    assert "<desc>" in (charts / "washout.svg").read_text(encoding="utf-8")


def test_doses_may_come_from_a_table_and_go_out_as_sbml_and_parquet(run: Run, tmp_path: Path) -> None:
    doses = tmp_path / "doses.csv"
    doses.write_text("ID,TIME,AMT,II,ADDL\n1,0,20,12,27\n", encoding="utf-8")
    model, patients, cube = tmp_path / "m.xml", tmp_path / "p.parquet", tmp_path / "c.npy"
    ran = run("simulate", "--events", doses, "-n", "20", "--sbml", model, "--parquet", patients, "--cube", cube)
    assert ran.code == 0, ran.err
    assert model.read_text(encoding="utf-8").count("<event ") == 28
    assert "(patients, days, species, steps) = (20, 42, 3, 24)" in ran.err
    pytest.importorskip("pyarrow", reason="pyarrow is not installed; Parquet was not read back")
    import pyarrow.parquet

    held = pyarrow.parquet.read_table(patients)
    assert held.num_rows == 20
    assert held.schema.metadata[b"seed"] == b"1"


def test_the_calibration_prints_two_scores_and_the_misses(run: Run) -> None:
    ran = run("simulate", "--calibration", "-n", "400")
    assert ran.code == 0, ran.err
    assert "FITTED (these numbers chose the parameters" in ran.out
    assert "\nNOT FITTED: " in ran.out
    assert "resting on a remembered number" in ran.out
    assert "Misses, not tuned away" in ran.out


@pytest.mark.parametrize(
    ("words", "said"),
    [
        pytest.param(("--statements", "-n", "200"), "S-MECH-13", id="statements"),
        pytest.param(("--unanswered",), "opened-capsules", id="unanswered"),
        pytest.param(
            ("--explain",), "disposition.clearance = 8.2 L/h, log-SD 0.17 [fitted; us-label-crossover]", id="explain"
        ),
    ],
)
def test_what_stands_behind_it_can_be_shown(run: Run, words: tuple[str, ...], said: str) -> None:
    ran = run("simulate", *words)
    assert ran.code == 0, ran.err
    assert said in " ".join(ran.out.split())


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        pytest.param((), 1, "no dose", id="no-dose"),
        pytest.param(("--dose", "20", "--weeks", "4", "--days", "9"), 1, "not both", id="two-lengths"),
        pytest.param(("--dose", "20", "--weight", "-5"), 2, "weight: -5 kg", id="negative-weight"),
        pytest.param(("--dose", "20", "--age-group", "child"), 2, "no parameters for children", id="a-child"),
        pytest.param(("--dose", "16", "--formulation", "lidose"), 2, "no published number", id="unread-pair"),
        pytest.param(("--dose", "20", "--break", "1-140"), 2, "no dose at all", id="nothing-left"),
        pytest.param(("--dose", "20", "--half-life", "x"), 1, "window in hours", id="window"),
        pytest.param(("--dose", "20", "--weeks", "nan"), 1, '"nan" is not a number', id="weeks-that-are-no-number"),
        pytest.param(("--dose", "20", "--weeks", "99999999"), 1, "0<=x<=521", id="a-course-without-end"),
        pytest.param(("--dose", "20", "--follow-up", "-5"), 1, "0<=x<=3650", id="watched-for-less-than-nothing"),
        pytest.param(("--dose", "20", "-n", "99999999999999"), 2, "more memory than there is", id="more-than-fit"),
        pytest.param(("--events", "nowhere.csv"), 2, "no such file", id="no-file"),
        pytest.param(("nowhere.yaml",), 2, "no such file", id="no-record"),
        pytest.param(
            ("--dose", "20", "-n", "5", "--csv", "no/such/folder/t.csv"), 2, "cannot be written", id="unwritable-table"
        ),
        pytest.param(
            ("--dose", "20", "-n", "5", "--cube", "no/such/folder/c.npy"), 2, "cannot be written", id="unwritable-cube"
        ),
        pytest.param(("--dose", "20", "--recycling", "-n", "5"), 2, "use --step 0.5", id="meals-off-the-grid"),
    ],
)
def test_a_question_that_cannot_be_answered_says_why(run: Run, words: tuple[str, ...], code: int, said: str) -> None:
    ran = run("simulate", *words)
    assert "Traceback" not in ran.err
    assert ran.code == code, ran.err
    assert said in ran.err

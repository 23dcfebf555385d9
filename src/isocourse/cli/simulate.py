"""The command `simulate`: kinetics, sebum and relapse of virtual patients on one regimen or several."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from math import isnan
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from isocourse.cli.options import AS_OF, JSON, KNOWLEDGE, WIDTH, NoAnswer

if TYPE_CHECKING:
    from isocourse.app.expected import Course
    from isocourse.kinetics import Population, Regimen
    from isocourse.kinetics.knowledge import KineticKnowledge
    from isocourse.kinetics.outcome import Outcome, Question
    from isocourse.render.charts import Reader

FORMULATIONS = ("conventional", "lidose", "micronised", "suspension")
FOODS = ("high_fat", "meal", "fasted")
NEEDS_A_BAR = 20_000
"""Patients from which a progress bar is shown."""
FILE = click.Path(path_type=Path, dir_okay=False)


LONGEST = 3650
"""Days of a course, and of the time after it; more is refused, as in the steps of a plan."""


class Weeks(click.FloatRange):
    """A number of weeks in a range; what is no number lies in none."""

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> float:  # noqa: ANN401 - click's signature
        """The weeks."""
        found = float(super().convert(value, param, ctx))
        if isnan(found):
            self.fail(f'"{value}" is not a number', param, ctx)
        return found


def _span(text: str, option: str, what: str) -> tuple[float, float]:
    low, dash, high = text.partition("-")
    try:
        return float(low), float(high if dash else low)
    except ValueError:
        raise click.BadParameter(f'"{text}" is not {what}', param_hint=option) from None


def _numbers(text: str, what: str) -> tuple[float, ...]:
    try:
        return tuple(float(each) for each in text.split(",") if each.strip())
    except ValueError:
        raise click.BadParameter(f'"{text}" is not a list of numbers such as 10,20', param_hint=what) from None


def _options(command: Callable[..., None]) -> Callable[..., None]:
    """All options, grouped as the help shows them."""
    for option in reversed(_OPTIONS):
        command = option(command)
    return command


_OPTIONS = (
    click.argument("record", type=click.Path(path_type=Path), required=False),
    # the regimen
    click.option("--dose", type=float, help="mg of one intake; with --times-a-day 2 it is taken twice a day."),
    click.option("--per-kg", is_flag=True, help="The dose is in mg per kg of body weight."),
    click.option("--times-a-day", type=click.IntRange(1, 24), help="Intakes a day, at equal intervals. [default: 1]"),
    click.option("--weeks", type=Weeks(0, LONGEST // 7), help="Length of the course. [default: 20]"),
    click.option("--days", type=click.IntRange(1, LONGEST), help="Length of the course, in place of --weeks."),
    click.option("--formulation", type=click.Choice(FORMULATIONS), help="What is taken. [default: conventional]"),
    click.option("--food", type=click.Choice(FOODS), help="With what food. [default: meal]"),
    click.option("--titrate", help="Doses of the first steps, such as 10,20."),
    click.option("--taper", help="Doses of the last steps, such as 20,10."),
    click.option(
        "--step-weeks", type=Weeks(0, LONGEST // 7), default=4.0, show_default=True, help="Length of each such step."
    ),
    click.option("--alternate", type=int, help="Only every second (third, ...) day."),
    click.option("--break", "breaks", multiple=True, help="Days without a dose, such as 29-42; may be given again."),
    click.option("--miss", help="Single days missed, such as 10,11,40."),
    click.option("--fast-days", help="Days taken on an empty stomach, such as 5,6."),
    click.option("--switch", help="Another formulation or food from a day on, such as 57:lidose:fasted or 57::fasted."),
    click.option("--adherence", type=float, help="The chance that a dose is taken, drawn for each patient and dose."),
    click.option("--strengths", help="Capsule strengths in mg, such as 10,20; by formulation where left out."),
    click.option(
        "--events", type=FILE, help="Doses from a table with TIME, AMT, and perhaps EVID, II, ADDL, SS, FORM, FOOD."
    ),
    click.option("--id", "patient", default="", help="The patient to take from --events."),
    click.option("--plan", "planned", is_flag=True, help="The plan of RECORD: its own `plan:` block, or the defaults."),
    click.option("--regimens", type=FILE, help="Compare the regimens of this file."),
    # the patients
    click.option("-n", "--patients", type=int, default=1000, show_default=True, help="Virtual patients."),
    click.option("--seed", type=int, default=1, show_default=True, help="Decides who they are."),
    click.option("--weight", type=float, help="Body weight in kg. [default: 70]"),
    click.option("--weight-spread", type=float, default=0.0, show_default=True, help="Log-SD of body weight."),
    click.option(
        "--variability",
        type=click.Choice(["healthy", "clinic", "none"]),
        default="healthy",
        show_default=True,
        help="How much patients differ.",
    ),
    click.option(
        "--age-group",
        type=click.Choice(["adult", "adolescent", "child"]),
        default="adult",
        show_default=True,
        help="Adolescents differ by weight alone.",
    ),
    click.option("--sex", type=click.Choice(["mixed", "female", "male"]), default="mixed", help="For relapse only."),
    # the question
    click.option("--half-life", multiple=True, help="Sampling window in hours after the last dose, such as 24-72."),
    click.option("--above", multiple=True, type=float, help="Hours above this level, in ng/mL."),
    click.option("--recovered", default="0.7,0.75,0.8,0.85,0.9", show_default=True, help="What counts as sebum back."),
    click.option("--relapse-years", default="1,3,9", show_default=True, help="Horizons for relapse."),
    click.option(
        "--days-after",
        default="7,10,14,21,28",
        show_default=True,
        help="Days after the last dose to tell who is washed out.",
    ),
    click.option(
        "--follow-up",
        type=click.IntRange(0, LONGEST),
        default=28,
        show_default=True,
        help="Days watched after the course.",
    ),
    click.option(
        "--step", type=float, default=1.0, show_default=True, help="Hours between the points of peaks and bands."
    ),
    click.option("--occasions", is_flag=True, help="Let the available share vary from dose to dose (assumed)."),
    click.option("--residual", is_flag=True, help="Add assay error to the bands (assumed)."),
    click.option("--endogenous", is_flag=True, help="Add each patient's own level to the bands."),
    click.option("--tretinoin", is_flag=True, help="Follow tretinoin too (low confidence)."),
    click.option("--recycling", is_flag=True, help="Bile recycling (low confidence); needs --step 0.5."),
    # the answer
    JSON,
    click.option("--csv", "csv_file", type=FILE, help="Write the table of quantities."),
    click.option("--parquet", type=FILE, help="Write one row for each patient."),
    click.option("--charts", type=click.Path(path_type=Path, file_okay=False), help="Draw charts into this folder."),
    click.option(
        "--cube", type=FILE, help="Store every level of every patient in this .npy file; its size is said first."
    ),
    click.option("--sbml", type=FILE, help="Write the typical patient's model and doses as SBML."),
    click.option("--calibration", is_flag=True, help="Show the model beside what was published."),
    click.option("--statements", is_flag=True, help="Show the review's statements on kinetics beside our figures."),
    click.option("--unanswered", is_flag=True, help="Show what the model cannot answer, and why."),
    click.option("--explain", "explained", is_flag=True, help="Show equations, parameters and their sources."),
    click.option("--schema", is_flag=True, help="Print the JSON Schema of --json."),
    click.option(
        "--backend",
        type=click.Choice(["auto", "numpy", "numba", "jax"]),
        default="auto",
        show_default=True,
        help="The engine; all give the same patients.",
    ),
    click.option("--threads", type=click.IntRange(1), default=1, show_default=True, help="Tiles at once."),
    AS_OF,
    WIDTH,
    KNOWLEDGE,
)


@click.command()
@_options
def simulate(**given: Any) -> None:  # noqa: ANN401 - click's options, all declared above
    """Simulate isotretinoin, 4-oxo, sebum and relapse of virtual patients.

    Without RECORD the regimen comes from the options, from --events or from --regimens. With RECORD (as for `assess`) its
    weight and ordered dose are taken where no option says otherwise, and the answer says what was taken.

    Every number is printed with its definition and with what it rests on. It is a model of published means: no advice, and no
    forecast for one patient.
    """
    from isocourse.facts.problem import ReadError
    from isocourse.kinetics import KineticsError

    try:
        _run(given)
    except ReadError as problem:
        raise NoAnswer(str(problem)) from None
    except KineticsError as problem:
        raise NoAnswer(str(problem)) from None
    except MemoryError:
        raise NoAnswer(
            "this takes more memory than there is; take fewer patients, a shorter time or a coarser step"
        ) from None
    except OSError as problem:
        where = problem.filename or "a file that was asked for"
        raise NoAnswer(
            f"{where}: it cannot be written ({problem.strerror or problem}); check the path and its permissions"
        ) from None


def _run(given: dict[str, Any]) -> None:
    from isocourse.app.simulate import load_kinetics
    from isocourse.render import simulation_text as text

    if given["schema"]:
        from isocourse.render.simulation_report import schema

        click.echo(schema().decode())
        return
    knowledge = load_kinetics(given["knowledge"])
    width = _columns(given["width"])
    if given["unanswered"]:
        click.echo(text.unanswered_page(knowledge, width), nl=False)
    elif given["explained"]:
        click.echo(text.parameters_page(knowledge.model, width), nl=False)
    elif given["calibration"]:
        _calibration(knowledge, given, width)
    elif given["statements"]:
        from isocourse.app.simulate import statement_figures

        found = statement_figures(knowledge, n=given["patients"], seed=given["seed"])
        click.echo(text.statements_page(knowledge, found, width), nl=False)
    else:
        _simulate(knowledge, given, width)


def _calibration(knowledge: KineticKnowledge, given: dict[str, Any], width: int) -> None:
    from isocourse.app.simulate import calibration
    from isocourse.render.simulation_report import calibration_report, to_json
    from isocourse.render.simulation_text import calibration_page

    found = calibration(knowledge, n=given["patients"], seed=given["seed"])
    if given["as_json"]:
        click.echo(to_json(calibration_report(found)))
    else:
        click.echo(calibration_page(found, width), nl=False)


def _simulate(knowledge: KineticKnowledge, given: dict[str, Any], width: int) -> None:
    from isocourse.kinetics.outcome import answered
    from isocourse.render.simulation_report import report, to_json
    from isocourse.render.simulation_text import page

    planned = _from_plan(given) if given["planned"] else None
    lines = planned.lines if planned else _from_record(given) if given["record"] else ()
    population = _population(knowledge, given)
    regimens = (planned.regimen,) if planned else _regimens(given)
    question = _question(given)
    if given["sbml"]:
        _write_sbml(population, regimens[0], given["sbml"])
    if given["cube"]:
        _write_cube(population, regimens[0], question, given["cube"])
    with _bar(population.n * len(regimens), quiet=given["as_json"]) as told:
        outcomes = answered(population, regimens, question, told)
    if given["csv_file"]:
        _write_csv(outcomes, given["csv_file"])
    if given["parquet"]:
        _write_parquet(outcomes, given["parquet"])
    if given["charts"]:
        reader = planned.reader(population.n) if planned else None
        _write_charts(outcomes, knowledge, given["charts"], reader)
    if given["as_json"]:
        click.echo(to_json(report(outcomes, knowledge, lines)))
    else:
        click.echo(page(outcomes, knowledge, width, lines), nl=False)


def _population(knowledge: KineticKnowledge, given: dict[str, Any]) -> Population:
    from isocourse.kinetics import KineticsError, Population

    if given["age_group"] == "child":
        raise KineticsError(
            "age group",
            "child",
            "adult or adolescent",
            "no parameters for children under 12 were seen, and doses for children with cancer are another matter; no answer is given",
        )
    return Population(
        knowledge.model,
        given["patients"],
        given["seed"],
        70.0 if given["weight"] is None else given["weight"],
        given["weight_spread"],
        given["variability"],
        given["age_group"],
        {"mixed": None, "female": True, "male": False}[given["sex"]],
    )


def _question(given: dict[str, Any]) -> Question:
    from isocourse.kinetics import Options
    from isocourse.kinetics.outcome import Question

    days = tuple(int(each) for each in _numbers(given["days_after"], "--days-after"))
    return Question(
        tuple(
            _span(each, "--half-life", "a window in hours such as 24-72") for each in given["half_life"] or ("24-72",)
        ),
        given["above"],
        _numbers(given["recovered"], "--recovered"),
        _numbers(given["relapse_years"], "--relapse-years"),
        days,
        max(given["follow_up"], *days, 0),
        given["step"],
        Options(given["occasions"], given["tretinoin"], given["recycling"]),
        given["residual"],
        given["endogenous"],
        bool(given["as_json"] or given["charts"]),
        given["backend"],
        given["threads"],
    )


def _regimens(given: dict[str, Any]) -> tuple[Regimen, ...]:
    from isocourse.app.record import read_text

    sources = [name for name in ("events", "regimens") if given[name]]
    if len(sources) + (given["dose"] is not None and not given.get("from_record", False)) > 1:
        raise click.UsageError("give one of --dose, --events and --regimens")
    if given["regimens"]:
        from isocourse.reading.regimens import read_regimens

        found = read_regimens(read_text(given["regimens"]), str(given["regimens"]))
    elif given["events"]:
        from isocourse.reading.event_table import read_event_table

        found = (
            read_event_table(
                read_text(given["events"]),
                str(given["events"]),
                patient=given["patient"],
                formulation=given["formulation"] or "conventional",
                food=given["food"] or "meal",
            ),
        )
    else:
        found = (_from_options(given),)
    return tuple(_with_strengths(each, given) for each in found)


def _from_options(given: dict[str, Any]) -> Regimen:
    from isocourse.kinetics import Regimen

    if given["dose"] is None:
        raise click.UsageError("no dose: give --dose, --events, --regimens, or a RECORD with an order")
    if given["weeks"] is not None and given["days"] is not None:
        raise click.UsageError("give --weeks or --days, not both")
    weeks = 20.0 if given["weeks"] is None and given["days"] is None else given["weeks"]
    course = Regimen.daily(
        given["dose"],
        times_a_day=given["times_a_day"] or 1,
        weeks=weeks,
        days=given["days"],
        formulation=given["formulation"] or "conventional",
        food=given["food"] or "meal",
        per_kg=given["per_kg"],
    )
    return _exceptions(course, given)


def _exceptions(course: Regimen, given: dict[str, Any]) -> Regimen:
    if given["titrate"]:
        course = course.titrated(_numbers(given["titrate"], "--titrate"), weeks_each=given["step_weeks"])
    if given["taper"]:
        course = course.tapered(_numbers(given["taper"], "--taper"), weeks_each=given["step_weeks"])
    if given["alternate"]:
        course = course.alternate(given["alternate"])
    for each in given["breaks"]:
        first, last = _span(each, "--break", "days such as 29-42")
        course = course.paused(int(first), int(last))
    if given["miss"]:
        course = course.missed(int(each) for each in _numbers(given["miss"], "--miss"))
    if given["fast_days"]:
        course = course.fasting(int(each) for each in _numbers(given["fast_days"], "--fast-days"))
    if given["switch"]:
        day, formulation, food = (*given["switch"].split(":"), "", "")[:3]
        if not day.isdigit() or (formulation and formulation not in FORMULATIONS) or (food and food not in FOODS):
            raise click.BadParameter(f'"{given["switch"]}" is not DAY:FORMULATION:FOOD', param_hint="--switch")
        course = course.switched(int(day), formulation=formulation, food=food)
    return course if given["adherence"] is None else course.adhered(given["adherence"])


def _with_strengths(regimen: Regimen, given: dict[str, Any]) -> Regimen:
    if given["strengths"]:
        return replace(regimen, strengths=_numbers(given["strengths"], "--strengths"))
    return regimen


def _from_plan(given: dict[str, Any]) -> Course:
    """The plan of a record as a regimen, at the latest weight, and what to say of it."""
    if not given["record"] or given["dose"] is not None or given["events"] or given["regimens"]:
        raise click.UsageError("--plan takes the plan of a RECORD, without --dose, --events or --regimens")
    from isocourse.app.expected import course_of
    from isocourse.app.plan import plan
    from isocourse.cli.options import read
    from isocourse.course.regimen import NoRegimenError
    from isocourse.course.wanted import Wanted, WantedError, wanted_of
    from isocourse.library import Asked

    library, record = read(given["record"], given["as_of"], (), "", "", given["knowledge"])
    try:
        made = plan(library, record, Asked(given["as_of"]), wanted_of(dict(record.plan), Wanted()))
        course = course_of(made, given["food"] or "meal")
    except (NoRegimenError, WantedError) as error:
        raise NoAnswer(f"{given['record']}: {error}") from None
    if given["weight"] is not None:
        return replace(course, weight_kg=given["weight"], weighed=True)
    given["weight"] = course.weight_kg
    return course


def _from_record(given: dict[str, Any]) -> tuple[str, ...]:
    """Fills what the options leave open from a record, and says what was taken."""
    from isocourse.app.knowledge import load_library
    from isocourse.app.record import read_record
    from isocourse.app.simulate import taken_from

    library = load_library(given["knowledge"])
    record = read_record(given["record"], library.catalogue, given["as_of"])
    taken = taken_from(record, library.catalogue, given["as_of"])
    lines = list(taken.lines)
    given["from_record"] = given["dose"] is None
    if given["weight"] is None:
        given["weight"] = taken.weight_kg
        if taken.weight_kg is None:
            lines.append("70 kg is assumed")
    if given["dose"] is None and not given["events"] and not given["regimens"]:
        if taken.daily_mg is None:
            raise NoAnswer(f"{given['record']}: {'; '.join(lines)}. Give --dose to say what is taken")
        times = given["times_a_day"] or taken.times_a_day or 1
        given["times_a_day"], given["dose"] = times, taken.daily_mg / times
        given["formulation"] = given["formulation"] or taken.formulation or None
    product = library.product(record.product)
    if product is not None and not given["strengths"] and not given["regimens"]:
        given["strengths"] = ",".join(product.strengths)
        lines.append(f"capsule strengths of {product.name}")
    if given["food"] is None:
        lines.append("food is not in the record: an ordinary meal is assumed")
    return tuple(lines)


@contextmanager
def _bar(total: int, *, quiet: bool) -> Iterator[Callable[[int, int], None] | None]:
    """A progress bar on the error stream, where a person sees it and it is worth it."""
    if quiet or total < NEEDS_A_BAR or not sys.stderr.isatty():
        yield None
        return
    from rich.console import Console
    from rich.progress import Progress

    with Progress(console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("patients", total=total)
        yield lambda done, _: bar.update(task, completed=done)


def _write_sbml(population: Population, regimen: Regimen, path: Path) -> None:
    from isocourse.kinetics.sbml import sbml

    path.write_text(sbml(population.model, regimen, weight_kg=population.weight_kg), encoding="utf-8")
    click.echo(f"wrote {path}", err=True)


def _write_cube(population: Population, regimen: Regimen, question: Question, path: Path) -> None:
    from isocourse.app.simulate import stored_cube

    for line in stored_cube(population, regimen, question, path):
        click.echo(line, err=True)


def _write_csv(outcomes: tuple[Outcome, ...], path: Path) -> None:
    import csv

    from isocourse.render.simulation_report import table

    heads, rows = table(outcomes)
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(heads)
        writer.writerows(["" if cell is None else cell for cell in row] for row in rows)
    click.echo(f"wrote {path}", err=True)


def _write_parquet(outcomes: tuple[Outcome, ...], path: Path) -> None:
    from isocourse.app.simulate import write_patients

    write_patients(outcomes, path)
    click.echo(f"wrote {path}", err=True)


def _write_charts(
    outcomes: tuple[Outcome, ...], knowledge: KineticKnowledge, folder: Path, reader: Reader | None
) -> None:
    import json

    from isocourse.render.charts import PLAIN, charts
    from isocourse.render.drawing import drawn

    folder.mkdir(parents=True, exist_ok=True)
    for chart in charts(outcomes, knowledge.model, reader or PLAIN):
        (folder / f"{chart.name}.vl.json").write_text(json.dumps(chart.spec), encoding="utf-8")
        (folder / f"{chart.name}.svg").write_text(drawn(chart), encoding="utf-8")
        (folder / f"{chart.name}.txt").write_text(chart.text + "\n", encoding="utf-8")
        click.echo(f"wrote {folder / chart.name}.svg: {chart.text}", err=True)


def _columns(width: int | None) -> int:
    import shutil

    return width or min(160, shutil.get_terminal_size((120, 24)).columns)

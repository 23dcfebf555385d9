"""Answers a question about kinetics: the annotated model, what a record says, and a crowd of virtual patients."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from importlib.util import find_spec
from pathlib import Path
from shutil import disk_usage

from msgspec import Struct

from isocourse import __version__
from isocourse.app.knowledge import kinetics_folder, shipped
from isocourse.facts.days import iso
from isocourse.facts.orders import DOSE_STEPS
from isocourse.facts.record import Order, Quantity, Record
from isocourse.facts.streams import Catalogue
from isocourse.kinetics import Cube, KineticsError, Population, Regimen, cube_bytes, simulate
from isocourse.kinetics.calibration import Calibration, calibrated, figures
from isocourse.kinetics.cube import cube_shape, mapped
from isocourse.kinetics.knowledge import KineticKnowledge
from isocourse.kinetics.outcome import Outcome, Question
from isocourse.kinetics.plan import laid_out
from isocourse.reading.kinetics import read_kinetics


class Taken(Struct, frozen=True):
    """What was taken from a record, in words, and what it gives."""

    weight_kg: float | None
    daily_mg: float | None
    times_a_day: int | None
    formulation: str
    female: bool | None
    lines: tuple[str, ...]


def load_kinetics(root: Path | None = None) -> KineticKnowledge:
    """The kinetic knowledge of a folder; the shipped one by default.

    Raises:
        ReadError: a mistake in the files.
    """
    return read_kinetics(kinetics_folder(root) or shipped())


def calibration(knowledge: KineticKnowledge, *, n: int, seed: int) -> Calibration:
    """The model beside what was published."""
    return calibrated(knowledge.model, knowledge.items, n=n, seed=seed)


def statement_figures(knowledge: KineticKnowledge, *, n: int, seed: int) -> dict[str, float]:
    """Our figure for each statement that has one, by the statement's id."""
    found = figures(knowledge.model, {each.computes for each in knowledge.statements if each.computes}, n=n, seed=seed)
    return {each.id: found[each.computes] for each in knowledge.statements if each.computes}


def taken_from(record: Record, catalogue: Catalogue, as_of: int) -> Taken:
    """Weight, sex and the order for isotretinoin that a record holds as of a day; what is not there is not made up."""
    lines: list[str] = []
    weight = _weight(record, catalogue, as_of, lines)
    orders = [order for order in record.orders if order.state != "ended" and order.daily_dose is not None]
    order = max(orders, key=lambda each: each.day.last if each.day else 0, default=None)
    if order is None:
        lines.append("no order with a daily dose is in the record")
        return Taken(weight, None, None, "", None, tuple(lines))
    daily = _exact(order.daily_dose)
    times = _exact(order.times_a_day)
    mg = None if daily is None else daily / DOSE_STEPS
    form = order.formulation[0] if len(order.formulation) == 1 else ""
    lines.append(_order_line(order, mg, times, form))
    return Taken(weight, mg, times, form, None, tuple(lines))


def _weight(record: Record, catalogue: Catalogue, as_of: int, lines: list[str]) -> float | None:
    stream = next((each for each in catalogue.streams if each.name == "weight"), None)
    found = [
        event
        for event in record.events
        if event.stream == "weight" and isinstance(event.value, Quantity) and event.happened.last <= as_of
    ]
    if not found or stream is None:
        lines.append("no weight is in the record")
        return None
    last = max(found, key=lambda event: event.happened.last)
    assert isinstance(last.value, Quantity)
    steps = next(rule.steps for rule in stream.units if rule.unit == stream.unit)
    lines.append(f"weight {last.written} of {iso(last.happened.last)} ({last.origin})")
    return (last.value.low + last.value.high) / 2 / steps


def _exact(quantity: Quantity | None) -> int | None:
    return quantity.low if quantity is not None and quantity.low == quantity.high else None


def _order_line(order: Order, mg: float | None, times: int | None, form: str) -> str:
    parts = [
        f"{mg:g} mg a day" if mg is not None else "a daily dose that may be several values (give --dose)",
        f"{times} times a day" if times else "times a day not stated",
        f"{form} capsules" if form else "formulation not stated",
    ]
    return f"order {order.written} ({order.origin}): {', '.join(parts)}"


def stored_cube(population: Population, regimen: Regimen, question: Question, path: Path) -> Iterator[str]:
    """Stores every level of every patient; its size is told before anything is written.

    Raises:
        KineticsError: the disk has no room for it.
    """
    plan = laid_out(regimen, follow_days=question.follow_days, step_h=question.step_h)
    size = cube_bytes(population.n, plan, options=question.options)
    shape = cube_shape(population.n, plan, question.options)
    yield f"{path}: {size / 1e6:,.1f} MB, (patients, days, species, steps) = {shape}, float64, ng/mL"
    free = disk_usage(path.absolute().parent).free
    if size > free * 0.9:
        raise KineticsError(
            "cube", f"{size / 1e9:.2f} GB", f"at most {free * 0.9e-9:.2f} GB free", "take fewer patients"
        )
    out = mapped(str(path), shape)
    simulate(
        population,
        plan,
        [Cube(out, question.residual)],
        options=question.options,
        backend=question.backend,
        threads=question.threads,
    )
    out.flush()
    yield f"wrote {path}"


def write_patients(outcomes: Sequence[Outcome], path: Path) -> None:
    """One row for each regimen and patient, as Parquet; the seed and the definitions stand in the metadata.

    Raises:
        KineticsError: pyarrow is not installed.
    """
    if find_spec("pyarrow") is None:
        raise KineticsError(
            "Parquet",
            "pyarrow is not installed",
            "an installed pyarrow",
            "pip install 'isocourse[parquet]', or use --csv",
        )
    import pyarrow
    import pyarrow.parquet

    tables = []
    for outcome in outcomes:
        n = outcome.simulation.population.n
        columns = {"regimen": pyarrow.array([outcome.regimen.name] * n), "patient": pyarrow.array(range(n))}
        columns |= {each.name: pyarrow.array(each.values) for each in outcome.simulation.columns}
        tables.append(pyarrow.table(columns))
    first = outcomes[0].simulation
    told = {"isocourse": __version__, "seed": str(first.population.seed)}
    told |= {each.name: f"{each.unit}; {each.definition}; {each.basis}" for each in first.columns}
    pyarrow.parquet.write_table(pyarrow.concat_tables(tables).replace_schema_metadata(told), path)

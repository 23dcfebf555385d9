"""Other programs from PyPI on the same patients: each a function from a tile to patients a second of a core, and its error."""

from __future__ import annotations

from collections.abc import Callable
from time import process_time
from typing import Any

import numpy as np

Peer = tuple[str, str, Callable[[Any, Any], tuple[float, float]]]


def _expected(tile: Any, plan: Any, patients: int) -> np.ndarray[Any, Any]:  # noqa: ANN401
    return tile.hours(0, plan.days, slice(0, patients)).transpose(0, 1, 3, 2).reshape(patients, -1, 3)


def _error(found: np.ndarray[Any, Any], expected: np.ndarray[Any, Any]) -> float:
    """Largest error relative to each patient's and species' own peak."""
    return float((np.abs(found - expected) / expected.max(axis=1, keepdims=True)).max())


def with_diffrax(tile: Any, plan: Any) -> tuple[float, float]:  # noqa: ANN401
    """diffrax, Tsit5, float64, all patients in one compiled batch; compilation is not counted."""
    import diffrax
    import jax
    import jax.numpy as jnp

    jax.config.update("jax_enable_x64", True)
    n = 200
    people, how = tile.people, tile.absorbed[0]
    columns = (people.clearance_l_h, people.central_l, people.exchange_l_h, people.peripheral_l, people.oxo_loss_per_h)
    given = jnp.array(np.stack([*columns, how.rate_per_h, how.share, how.lag_h])[:, :n].T)
    scale = np.stack(tile.body.scale)[:, :n].T
    times = jnp.array([dose.time_h for dose in plan.regimen.doses])
    amounts = jnp.array([dose.amount for dose in plan.regimen.doses])
    controller = diffrax.PIDController(rtol=1e-7, atol=1e-7)

    def slope(t: Any, y: Any, p: Any) -> Any:  # noqa: ANN401
        cl, vc, q, vp, km, ka = p[0], p[1], p[2], p[3], p[4], p[5]
        c, per, m, g = y
        return jnp.array(
            [ka * g - (cl + q) / vc * c + q / vp * per, q / vc * c - q / vp * per, cl / vc * c - km * m, -ka * g]
        )

    def one(p: Any) -> Any:  # noqa: ANN401
        def dose(y: Any, at: Any) -> Any:  # noqa: ANN401
            time, amount = at[0] + p[7], at[1]
            y = y.at[3].add(amount * p[6])
            hours = jnp.floor(time) + 1.0 + jnp.arange(12.0)
            ends = jnp.append(hours, time + 12.0)
            found = diffrax.diffeqsolve(
                diffrax.ODETerm(slope),
                diffrax.Tsit5(),
                time,
                time + 12.0,
                0.2,
                y,
                p,
                saveat=diffrax.SaveAt(ts=jnp.minimum(ends, time + 12.0)),
                stepsize_controller=controller,
                max_steps=4096,
            ).ys
            return found[-1], (hours, found[:-1])

        return jax.lax.scan(dose, jnp.zeros(4), jnp.stack([times, amounts], axis=1))[1]

    batch = jax.jit(jax.vmap(one))
    hours, levels = jax.block_until_ready(batch(given))
    start = process_time()
    jax.block_until_ready(batch(given))
    took = process_time() - start
    hours, levels = np.asarray(hours).reshape(n, -1), np.asarray(levels).reshape(n, -1, 4)[:, :, :3] * scale[:, None]
    found = np.zeros((n, plan.days * 24, 3))
    for patient in range(n):
        inside = hours[patient] <= plan.days * 24
        found[patient, hours[patient, inside].astype(int) - 1] = levels[patient, inside]
    return n / took, _error(found, _expected(tile, plan, n))


def with_roadrunner(tile: Any, plan: Any) -> tuple[float, float]:  # noqa: ANN401
    """libRoadRunner on our SBML; loading is not counted."""
    import roadrunner
    from speed import POPULATION

    from isocourse.kinetics.sbml import sbml_of

    n = 10
    found, took = [], 0.0
    for patient in range(n):
        model = roadrunner.RoadRunner(sbml_of(POPULATION, patient, plan.regimen))
        model.integrator.relative_tolerance, model.integrator.absolute_tolerance = 1e-7, 1e-9
        model.timeCourseSelections = ["parent", "tissue", "oxo"]
        start = process_time()
        rows = np.array(model.simulate(0, plan.days * 24, plan.days * 24 + 1))
        took += process_time() - start
        found.append(rows[1:])
    return n / took, _error(np.array(found), _expected(tile, plan, n))


def with_copasi(tile: Any, plan: Any) -> tuple[float, float]:  # noqa: ANN401
    """COPASI through basico on our SBML; loading is not counted."""
    import basico
    from speed import POPULATION

    from isocourse.kinetics.sbml import sbml_of

    n = 5
    found, took = [], 0.0
    for patient in range(n):
        model = basico.load_model_from_string(sbml_of(POPULATION, patient, plan.regimen))
        hours = plan.days * 24
        start = process_time()
        frame = basico.run_time_course(
            start_time=0, duration=hours, intervals=hours, r_tol=1e-7, a_tol=1e-9, max_steps=10_000_000
        )
        took += process_time() - start
        found.append(
            np.stack([frame[f"Values[{name}]"].to_numpy()[1:] for name in ("parent", "tissue", "oxo")], axis=1)
        )
        basico.remove_datamodel(model)
    return n / took, _error(np.array(found), _expected(tile, plan, n))


def with_scipy(tile: Any, plan: Any) -> tuple[float, float]:  # noqa: ANN401
    """scipy's LSODA, begun again at each dose."""
    from scipy.integrate import solve_ivp

    n = 3
    people, how = tile.people, tile.absorbed[0]
    found = np.zeros((n, plan.days * 24, 3))
    start = process_time()
    for i in range(n):
        cl, vc, q, vp = (
            float(each[i])
            for each in (people.clearance_l_h, people.central_l, people.exchange_l_h, people.peripheral_l)
        )
        km, ka = float(people.oxo_loss_per_h[i]), float(how.rate_per_h[i])
        a = np.array([[-(cl + q) / vc, q / vp, 0, ka], [q / vc, -q / vp, 0, 0], [cl / vc, 0, -km, 0], [0, 0, 0, -ka]])
        state = np.zeros(4)
        times = [dose.time_h + float(how.lag_h[i]) for dose in plan.regimen.doses]
        for at, end, dose in zip(times, [*times[1:], plan.days * 24.0], plan.regimen.doses, strict=True):
            state[3] += dose.amount * float(how.share[i])
            hours = np.arange(
                np.floor(at) + 1, np.ceil(end)
            )  # the last stretch ends on an hour, which `end` below gives
            made = solve_ivp(
                lambda t, y, a=a: a @ y, (at, end), state, "LSODA", np.append(hours, end), rtol=1e-8, atol=1e-9
            )
            hours = np.append(hours, end) if end == np.floor(end) else hours
            for column, hour in enumerate(hours):
                found[i, int(hour) - 1] = made.y[:3, column] * [float(each[i]) for each in tile.body.scale]
            state = made.y[:, -1]
    return n / (process_time() - start), _error(found, _expected(tile, plan, n))


PEERS: tuple[Peer, ...] = (
    ("diffrax, Tsit5", "diffrax", with_diffrax),
    ("libRoadRunner, CVODE", "roadrunner", with_roadrunner),
    ("COPASI, LSODA", "basico", with_copasi),
    ("scipy, LSODA", "scipy", with_scipy),
)

"""Simulation over JSON: what `isocourse simulate --json` prints, for one regimen."""

from __future__ import annotations

from typing import Annotated, Literal

import msgspec
from litestar import MediaType, Response, post
from litestar.openapi.datastructures import ResponseSpec
from litestar.params import JSONBody

from isocourse.render.simulation_report import JsonSimulation, report, to_json
from isocourse.web.api.assess import REFUSALS
from isocourse.web.refusals import RefusalError
from isocourse.web.roles import Needs
from isocourse.web.simulation import MOST_PATIENTS, MOST_WEEKS, Crowd, simulated
from isocourse.web.strict import Body, StrictBody

Share = Annotated[float, msgspec.Meta(gt=0, le=200)]


class SimulateBody(Body, frozen=True):
    """A regimen, and the virtual patients who take it."""

    dose_mg: Share
    """mg of one intake; mg per kg with `per_kg`."""
    times_a_day: Annotated[int, msgspec.Meta(ge=1, le=4)] = 1
    weeks: Annotated[int, msgspec.Meta(ge=1, le=MOST_WEEKS)] = 20
    per_kg: bool = False
    formulation: Literal["conventional", "lidose", "micronised"] = "conventional"
    food: Literal["meal", "high_fat", "fasted"] = "meal"
    weight_kg: Annotated[float, msgspec.Meta(ge=30, le=200)] = 70.0
    patients: Annotated[int, msgspec.Meta(ge=1, le=MOST_PATIENTS)] = 300
    seed: Annotated[int, msgspec.Meta(ge=0, le=2**31)] = 1
    sex: Literal["mixed", "female", "male"] = "mixed"


@post(
    "/api/simulate",
    opt={"needs": Needs.KNOWLEDGE, "heavy": True},
    dto=StrictBody[SimulateBody],
    return_dto=None,
    status_code=200,
    responses={200: ResponseSpec(JsonSimulation, generate_examples=False, description="The simulation.")} | REFUSALS,
    sync_to_thread=True,
)
def simulate_regimen(data: JSONBody[SimulateBody]) -> Response[str]:
    """Simulates levels, washout, sebum and relapse of virtual patients. No advice, and no forecast for one patient."""
    from isocourse.kinetics import KineticsError

    try:
        found = simulated(Crowd(**msgspec.structs.asdict(data)), curves=False)
    except KineticsError as problem:
        raise RefusalError(f"{problem}. Nothing was simulated.", 422) from None
    return Response(to_json(report(found.outcomes, found.knowledge)), media_type=MediaType.JSON)


HANDLERS = (simulate_regimen,)

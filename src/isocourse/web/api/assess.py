"""Judging over JSON: a record goes in, and what `isocourse assess --json` prints comes out."""

from __future__ import annotations

from typing import Annotated

import msgspec
from litestar import MediaType, Response, get, post
from litestar.openapi.datastructures import ResponseSpec
from litestar.params import FromPath, JSONBody

from isocourse.app.assess import assess
from isocourse.facts.days import whole_day
from isocourse.facts.problem import ReadError
from isocourse.library import Asked
from isocourse.render.report import JsonAssessment, to_json
from isocourse.web.refusals import RefusalError
from isocourse.web.roles import Needs
from isocourse.web.strict import Body, StrictBody
from isocourse.web.visit import Visit, Visiting

DAY = r"^\d{4}-\d{2}-\d{2}$"


class Refusal(msgspec.Struct, frozen=True):
    """What is sent in place of an answer."""

    status: int
    line: str


class AssessBody(Body, frozen=True):
    """A record and how to judge it."""

    record: msgspec.Raw
    """Kept as it was sent, so that every digit stands as it was written. A native record, a FHIR resource or Bundle, or a CDS Hooks request."""
    as_of: Annotated[str, msgspec.Meta(pattern=DAY, examples=["2026-11-24"])]
    protocols: Annotated[list[str], msgspec.Meta(max_length=100)] = msgspec.field(default_factory=list)
    jurisdiction: str = ""
    product: str = ""
    presume: bool = False


ANSWER = {200: ResponseSpec(JsonAssessment, generate_examples=False, description="The assessment.")}
REFUSALS = {
    400: ResponseSpec(Refusal, generate_examples=False, description="The request is not what this address takes."),
    401: ResponseSpec(Refusal, generate_examples=False, description="Nobody is signed in."),
    403: ResponseSpec(Refusal, generate_examples=False, description="Not allowed."),
    413: ResponseSpec(Refusal, generate_examples=False, description="Too large."),
    415: ResponseSpec(Refusal, generate_examples=False, description="Not JSON."),
    422: ResponseSpec(Refusal, generate_examples=False, description="Well formed, and not to be answered."),
    429: ResponseSpec(Refusal, generate_examples=False, description="Too many requests."),
}
MISSING = {404: ResponseSpec(Refusal, generate_examples=False, description="There is no such thing.")}


@post(
    "/api/assess",
    opt={"needs": Needs.PATIENT},
    dto=StrictBody[AssessBody],
    return_dto=None,
    status_code=200,
    responses=ANSWER | REFUSALS,
    sync_to_thread=True,
)
def assess_record(visit: Visiting, data: JSONBody[AssessBody]) -> Response[bytes]:
    """Judges a record."""
    asked = asked_of(visit, data)
    text = bytes(data.record).decode()
    if not text.startswith("{"):
        raise RefusalError("the record is not a JSON object. Nothing was judged.", 422)
    try:
        record = visit.desk.read(text, "record", asked.as_of)
    except ReadError as problem:
        raise RefusalError(f"the record: {problem.message}. Nothing was judged.", 422) from None
    seen = assess(visit.desk.library, record, asked, run=visit.desk.run)
    return Response(to_json(seen), media_type=MediaType.JSON)


@get("/api/samples", opt={"needs": Needs.KNOWLEDGE}, sync_to_thread=False, responses=REFUSALS)
def samples(visit: Visiting) -> list[str]:
    """The sample patients by name: invented, each made to show something."""
    return list(visit.desk.samples)


@get(
    "/api/samples/{name:str}/assessment",
    opt={"needs": Needs.KNOWLEDGE},
    responses=ANSWER | REFUSALS | MISSING,
    sync_to_thread=True,
)
def sample(visit: Visiting, name: FromPath[str]) -> Response[bytes]:
    """A sample patient, judged."""
    patient = visit.desk.samples.get(name)
    if patient is None:
        raise RefusalError("there is no sample of this name; see /api/samples. Nothing was judged.", 404)
    return Response(to_json(visit.desk.judged(patient, "en")), media_type=MediaType.JSON)


def asked_of(visit: Visit, data: JSONBody[AssessBody]) -> Asked:
    """How to judge, if everything named is known.

    Raises:
        RefusalError: a day that is none, or a name that nobody here knows.
    """
    library = visit.desk.library
    try:
        day = whole_day(data.as_of)
    except ValueError:
        raise RefusalError("as_of: there is no such day; write it as 2026-11-24. Nothing was judged.", 422) from None
    keys = {name for edition in library.editions for name in (edition.protocol, edition.key)}
    if not keys.issuperset(data.protocols):
        raise RefusalError("protocols: one of them is not known; see /api/protocols. Nothing was judged.", 422)
    if data.jurisdiction and data.jurisdiction not in visit.desk.jurisdictions:
        raise RefusalError(
            f"jurisdiction: not known; known: {', '.join(visit.desk.jurisdictions)}. Nothing was judged.", 422
        )
    if data.product and library.product(data.product) is None:
        raise RefusalError("product: not known; see /api/products. Nothing was judged.", 422)
    return Asked(day, tuple(data.protocols), data.jurisdiction, data.product, data.presume)


HANDLERS = (assess_record, samples, sample)

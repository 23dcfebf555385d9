"""Whose record it is: one patient, and only what is about her or him."""

from __future__ import annotations

from collections import Counter

from isocourse.decisions.sentence import of_day
from isocourse.facts.days import FIRST_DAY, Span, reason_of
from isocourse.facts.frames import said
from isocourse.facts.problem import Problem, ReadError
from isocourse.facts.record import Event
from isocourse.fhir.documents import Met
from isocourse.fhir.elements import Resource, maps, one, origin, printable, reference_of, span_of, text

GENDERS = ("male", "female", "other")
SEXES = {"F": ("female",), "248152002": ("female",), "M": ("male",), "248153007": ("male",)}
"""Codes of sex at birth; any other code leaves every answer possible."""


def of_one_patient(met: list[Met], path: str, asked: str, problems: list[Problem]) -> tuple[Resource, list[Met]]:
    """The patient, and the resources that are about her or about nobody named.

    Args:
        met: every resource.
        path: the file, for the message.
        asked: the patient that a CDS Hooks request names, or "".
        problems: where what is left out is noted.

    Raises:
        ReadError: it speaks of several patients, and nothing says which is meant.
    """
    patients = {origin(each.resource): each.resource for each in met if each.resource.get("resourceType") == "Patient"}
    aliases = {
        each.full_url: origin(each.resource) for each in met if each.full_url and origin(each.resource) in patients
    }
    subjects = [_subject(each.resource, aliases) for each in met]
    chosen = asked or _chosen(patients, Counter(each for each in subjects if each), path)
    kept = []
    for each, subject in zip(met, subjects, strict=True):
        about = origin(each.resource) if origin(each.resource) in patients else subject
        if chosen and about and about != chosen:
            what = "another patient" if origin(each.resource) in patients else said("fhir.about", whom=about[:80])
            problems.append(
                Problem(origin(each.resource), what, chosen, "send one patient's record", "It was left out.")
            )
        else:
            kept.append(each)
    return patients.get(chosen, {}), kept


def _chosen(patients: dict[str, Resource], subjects: Counter[str], path: str) -> str:
    """The one patient; "" where none is named."""
    spoken_of = [subject for subject in subjects if subject in patients] or list(patients) or list(subjects)
    if len(spoken_of) > 1:
        named = ", ".join(sorted(spoken_of)[:4])
        raise ReadError(path, 0, 0, said("form.patients", n=len(spoken_of), named=named))
    if spoken_of == ["Patient/(no id)"] and len(subjects) == 1:
        return ""
    return spoken_of[0] if spoken_of else ""


def _subject(resource: Resource, aliases: dict[str, str]) -> str:
    """Whom a resource is about; "" where it does not say."""
    for key in ("subject", "patient"):
        if named := reference_of(one(resource.get(key))):
            return aliases.get(named, named)
    return ""


# the person ------------------------------------------------------------------------------------------------------------
def birth_of(patient: Resource, as_of: int, problems: list[Problem]) -> Span | None:
    """The days of birth that are possible."""
    if patient.get("birthDate") is None:
        return None
    try:
        span = span_of(patient["birthDate"])
    except ValueError as problem:
        problems.append(
            Problem(origin(patient), reason_of(problem), "a birth date", "correct it", "The age counts as not known.")
        )
        return None
    if span.first > as_of:
        late = said("date.born_after", text=text(patient["birthDate"]), day=of_day(as_of))
        problems.append(
            Problem(origin(patient), late, "a day up to then", "correct it", "The age counts as not known.")
        )
        return None
    return Span(span.first, min(span.last, as_of))


def died(patient: Resource) -> bool:
    """Whether the file says that the patient has died."""
    return patient.get("deceasedBoolean") is True or patient.get("deceasedDateTime") is not None


def sexes(patient: Resource, as_of: int, problems: list[Problem]) -> list[Event]:
    """Recorded gender, which is administrative, and sex at birth where an extension states it."""
    found = []
    whenever = Span(FIRST_DAY, as_of)
    gender = patient.get("gender")
    if text(gender) in GENDERS:
        found.append(Event("recorded_gender", (text(gender),), whenever, None, origin(patient), text(gender)))
    elif gender not in (None, "unknown"):
        wrong, now = said("fhir.gender", shown=printable(gender)), "It counts as not known."
        problems.append(Problem(origin(patient), wrong, "male, female, other or unknown", "correct it", now))
    for extension in maps(patient.get("extension")):
        if text(extension.get("url")).endswith(("us-core-birthsex", "us-core-sex", "individual-recordedSexOrGender")):
            code = text(extension.get("valueCode"))
            born = SEXES.get(code, GENDERS)
            found.append(Event("sex_at_birth", born, whenever, None, origin(patient), code or "not told"))
    return found

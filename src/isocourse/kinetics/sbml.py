"""The model of one patient with its doses as SBML Level 3, so that other programs can run it and check us."""

from __future__ import annotations

from collections.abc import Iterator

import isocourse
from isocourse.kinetics.blocks import NG_ML
from isocourse.kinetics.parameters import Model
from isocourse.kinetics.plan import laid_out
from isocourse.kinetics.population import Population
from isocourse.kinetics.problem import KineticsError
from isocourse.kinetics.regimen import Regimen
from isocourse.kinetics.tile import Options, prepared

_MATH = 'xmlns="http://www.w3.org/1998/Math/MathML"'


def sbml(model: Model, regimen: Regimen, *, weight_kg: float = 70.0) -> str:
    """The typical patient on a regimen; time in hours, amounts in mg, `parent` and `oxo` in ng/mL.

    Raises:
        KineticsError: a regimen that begins in steady state or has random doses, which SBML cannot hold.
    """
    return sbml_of(Population.typical(model, weight_kg=weight_kg), 0, regimen)


def sbml_of(population: Population, patient: int, regimen: Regimen) -> str:
    """One patient of a population on a regimen."""
    if any(dose.steady_every_h for dose in regimen.doses) or regimen.adherence < 1:
        raise KineticsError(
            "SBML", "a steady state at the start, or doses missed by chance", "written doses", "write the doses out"
        )
    plan = laid_out(regimen)
    people, absorbed, _, _ = prepared(population, plan, patient, patient + 1, Options())
    values = {
        "CL": people.clearance_l_h,
        "Vc": people.central_l,
        "Q": people.exchange_l_h,
        "Vp": people.peripheral_l,
        "km": people.oxo_loss_per_h,
        "Vm": people.oxo_l,
    }
    constants = {name: float(value[0]) for name, value in values.items()}
    constants["mass_ratio"] = population.model.disposition.oxo_mass_ratio.value
    constants["ng_ml"] = NG_ML
    for gut in range(len(absorbed)):
        constants[f"ka{gut}"] = float(absorbed[gut].rate_per_h[0])
    events = []
    scale = float(people.weight_kg[0]) if regimen.per_kg else 1.0
    for dose in regimen.doses:
        gut = plan.absorptions.index((dose.formulation, dose.food))
        how = absorbed[gut]
        events.append((dose.time_h + float(how.lag_h[0]), gut, dose.amount * scale * float(how.share[0])))
    return "\n".join(_document(constants, len(absorbed), events)) + "\n"


def _document(constants: dict[str, float], guts: int, events: list[tuple[float, int, float]]) -> Iterator[str]:
    yield '<?xml version="1.0" encoding="UTF-8"?>'
    yield '<sbml xmlns="http://www.sbml.org/sbml/level3/version1/core" level="3" version="1">'
    yield f"<!-- written by isocourse {isocourse.__version__}; apparent volumes (per F) -->"
    yield '<model id="isotretinoin" timeUnits="hour" substanceUnits="mg" extentUnits="mg">'
    yield "<listOfUnitDefinitions>"
    yield '<unitDefinition id="hour"><listOfUnits><unit kind="second" exponent="1" scale="0" multiplier="3600"/></listOfUnits></unitDefinition>'
    yield '<unitDefinition id="mg"><listOfUnits><unit kind="gram" exponent="1" scale="-3" multiplier="1"/></listOfUnits></unitDefinition>'
    yield "</listOfUnitDefinitions>"
    yield '<listOfCompartments><compartment id="body" spatialDimensions="3" size="1" constant="true"/></listOfCompartments>'
    yield "<listOfSpecies>"
    for name in (*(f"gut{gut}" for gut in range(guts)), "central", "peripheral", "metabolite"):
        yield (
            f'<species id="{name}" compartment="body" initialAmount="0" substanceUnits="mg" hasOnlySubstanceUnits="true" '
            'boundaryCondition="false" constant="false"/>'
        )
    yield "</listOfSpecies>"
    yield "<listOfParameters>"
    for name, value in constants.items():
        yield f'<parameter id="{name}" value="{value!r}" constant="true"/>'
    for name in ("parent", "tissue", "oxo"):
        yield f'<parameter id="{name}" constant="false"/>'
    yield "</listOfParameters>"
    yield "<listOfRules>"
    yield _rule("parent", "<times/>", "<ci>ng_ml</ci>", _apply("<divide/>", "<ci>central</ci>", "<ci>Vc</ci>"))
    yield _rule("tissue", "<times/>", "<ci>ng_ml</ci>", _apply("<divide/>", "<ci>peripheral</ci>", "<ci>Vp</ci>"))
    ratio = _apply("<divide/>", "<ci>metabolite</ci>", "<ci>Vm</ci>")
    yield _rule("oxo", "<times/>", "<ci>ng_ml</ci>", "<ci>mass_ratio</ci>", ratio)
    yield "</listOfRules>"
    yield "<listOfReactions>"
    for gut in range(guts):
        yield _reaction(f"absorption{gut}", f"gut{gut}", "central", f"<ci>ka{gut}</ci>")
    yield _reaction("elimination", "central", "metabolite", _apply("<divide/>", "<ci>CL</ci>", "<ci>Vc</ci>"))
    yield _reaction("outward", "central", "peripheral", _apply("<divide/>", "<ci>Q</ci>", "<ci>Vc</ci>"))
    yield _reaction("inward", "peripheral", "central", _apply("<divide/>", "<ci>Q</ci>", "<ci>Vp</ci>"))
    yield _reaction("loss", "metabolite", "", "<ci>km</ci>")
    yield "</listOfReactions>"
    yield "<listOfEvents>"
    for number, event in enumerate(events):
        yield _event(number, *event)
    yield "</listOfEvents>"
    yield "</model>"
    yield "</sbml>"


def _apply(*parts: str) -> str:
    return f"<apply>{''.join(parts)}</apply>"


def _rule(name: str, *parts: str) -> str:
    return f'<assignmentRule variable="{name}"><math {_MATH}>{_apply(*parts)}</math></assignmentRule>'


def _reaction(name: str, source: str, target: str, rate: str) -> str:
    reference = '<speciesReference species="{}" stoichiometry="1" constant="true"/>'
    made = f"<listOfProducts>{reference.format(target)}</listOfProducts>" if target else ""
    law = f"<kineticLaw><math {_MATH}>{_apply('<times/>', rate, f'<ci>{source}</ci>')}</math></kineticLaw>"
    return (
        f'<reaction id="{name}" reversible="false" fast="false">'
        f"<listOfReactants>{reference.format(source)}</listOfReactants>{made}{law}</reaction>"
    )


def _event(number: int, time_h: float, gut: int, amount_mg: float) -> str:
    clock = '<csymbol encoding="text" definitionURL="http://www.sbml.org/sbml/symbols/time">time</csymbol>'
    due = f"<math {_MATH}>{_apply('<geq/>', clock, f'<cn>{time_h!r}</cn>')}</math>"
    more = _apply("<plus/>", f"<ci>gut{gut}</ci>", f"<cn>{amount_mg!r}</cn>")
    return (
        f'<event id="dose{number}" useValuesFromTriggerTime="false">'
        f'<trigger initialValue="false" persistent="true">{due}</trigger>'
        f'<listOfEventAssignments><eventAssignment variable="gut{gut}"><math {_MATH}>{more}</math></eventAssignment></listOfEventAssignments></event>'
    )

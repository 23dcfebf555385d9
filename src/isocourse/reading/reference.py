"""Reads the reference patient: knowledge/facts/reference.yaml."""

from __future__ import annotations

from isocourse.library.knowledge import ReferencePatient
from isocourse.reading.forms import Form
from isocourse.reading.yaml_text import Node


def read_reference(root: Node, path: str) -> ReferencePatient:
    """The one patient that witnesses are measured against; what is given is checked when it is used."""
    whole = Form(root, path, "the reference patient", required=("reference",))
    form = Form(whole.get("reference"), path, "the reference patient", required=("say", "given"), optional=("grid",))
    return ReferencePatient(
        form.say("say"),
        tuple((name, form.as_text(node)) for name, node in form.pairs("given")),
        tuple((unit, form.as_text(node)) for unit, node in form.pairs("grid")),
    )

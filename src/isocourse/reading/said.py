"""Reads sentences with their claims, and checks that every number in them stands in a claim they cite."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from isocourse.library.knowledge import Claim
from isocourse.library.said import Said
from isocourse.logic.problems import did_you_mean
from isocourse.reading.forms import Form
from isocourse.reading.sources import cited
from isocourse.reading.yaml_text import Node

Claims = Mapping[str, Claim]

_NUMBER = re.compile(r"\d+(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?")


def said_list(form: Form, key: str, claims: Claims) -> tuple[Said, ...]:
    """The sentences under a key, each with claims."""
    return tuple(said(form, node, key, claims) for node in form.list_of(key))


def said(form: Form, node: Node, what: str, claims: Claims) -> Said:
    """One sentence with its claims."""
    each = Form(node, form.path, f"a line of {what}", required=("says", "claims"))
    return Said(backed(each, "says", claims), each.texts("claims"))


def backed(form: Form, key: str, claims: Claims, default: str | None = None) -> str:
    """The text under a key, every number of which stands in a claim that the same form cites.

    Raises:
        ReadError: no claim is cited, one that does not exist, or none that holds the number.
    """
    cited(form, claims)
    text = form.text(key, default)
    held = {number for name in form.texts("claims") for number in held_numbers(claims[name])}
    for number in numbers(text):
        if number not in held:
            raise form.fail(form.get(key), f"the number {number} stands in no claim that this line cites")
    return text


def numbers(text: str) -> list[str]:
    """The numbers of a text, written plainly.

    >>> numbers("1,743 patients, 0.5 mg/kg, 5-11 %")
    ['1743', '0.5', '5', '11']
    """
    return [hit.group().replace(",", "") for hit in _NUMBER.finditer(text)]


def named(form: Form, key: str) -> str:
    """The name of what a file holds, which is also the name of the file.

    Raises:
        ReadError: the two differ.
    """
    name, stem = form.text(key), form.path.rpartition("/")[2].removesuffix(".yaml")
    if name != stem:
        raise form.fail(form.get(key), f'the file is named {stem} but holds "{name}"')
    return name


def known(form: Form, key: str, names: Iterable[str], what: str) -> str:
    """The text under a key, which is one of the names or is left out.

    Raises:
        ReadError: it is something else.
    """
    found = form.text(key, "")
    every = list(names)
    if found and found not in every:
        raise form.fail(form.get(key), f'no {what} "{found}"{did_you_mean(found, every)}')
    return found


def speaker(form: Form, protocols: Iterable[str]) -> tuple[str, str]:
    """The protocol that speaks, or in words who does.

    Raises:
        ReadError: neither or both are named, or no such protocol is here.
    """
    if form.has("by") == form.has("who"):
        raise form.fail(form.node, "either `by:` with a protocol or `who:` in words is needed")
    return known(form, "by", protocols, "protocol"), form.text("who", "")


def held_numbers(claim: Claim) -> list[str]:
    """The numbers that a claim holds, in its sentence and in the figures of its study."""
    study = f" {claim.study.n} {claim.study.effect} {claim.study.interval} {claim.study.limits}" if claim.study else ""
    return numbers(claim.says + study)

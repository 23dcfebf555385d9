"""Reads interactions: knowledge/interactions."""

from __future__ import annotations

from collections.abc import Collection

from isocourse.facts.streams import Catalogue
from isocourse.library.interactions import STANCES, Interaction, Stance
from isocourse.logic.problems import did_you_mean
from isocourse.reading.forms import Form
from isocourse.reading.said import Claims, backed, known, named, said_list, speaker
from isocourse.reading.yaml_text import Node


def read_interaction(
    root: Node, path: str, claims: Claims, catalogue: Catalogue, protocols: Collection[str]
) -> Interaction:
    """One interaction."""
    form = Form(
        root,
        path,
        "an interaction",
        required=("interaction", "say"),
        optional=("drug", "stances", "mechanism", "silent", "open"),
    )
    stances = tuple(_stance(node, path, claims, protocols) for node in form.list_of("stances"))
    if not stances and not form.has("open"):
        raise form.fail(root, "without a stance, `open:` says where one looked")
    silent = form.texts("silent")
    for name, node in zip(silent, form.list_of("silent"), strict=True):
        if name not in protocols:
            raise form.fail(node, f'no protocol "{name}"{did_you_mean(name, protocols)}')
        if name in {stance.by for stance in stances}:
            raise form.fail(node, f"{name} has a stance above, so it is not silent")
    return Interaction(
        named(form, "interaction"),
        form.say("say"),
        known(form, "drug", catalogue.vocabulary("drugs").kinds(), "drug or class of drugs"),
        stances,
        said_list(form, "mechanism", claims),
        silent,
        form.texts("open"),
    )


def _stance(node: Node, path: str, claims: Claims, protocols: Collection[str]) -> Stance:
    form = Form(node, path, "a stance", required=("says", "claims"), optional=("by", "who", "note"))
    return Stance(
        *speaker(form, protocols),
        form.one_of("says", STANCES),
        backed(form, "note", claims, ""),
        form.texts("claims"),
    )

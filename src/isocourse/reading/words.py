"""Reads translated words: knowledge/words/LANGUAGE. Each stands under a key, with the hash of the English it was made from."""

from __future__ import annotations

import re

from isocourse.library.translations import LANGUAGES, NEEDED, Translation, Translations
from isocourse.reading.forms import Form
from isocourse.reading.yaml_text import Node

_HASH = re.compile(r"[0-9a-f]{8}")


def read_words(root: Node, path: str) -> Translations:
    """The translations of one file; a reviewed file names who reviewed it.

    Raises:
        ReadError: the language, the status or an entry is not as it has to be.
    """
    form = Form(root, path, "a file of words", required=("language", "status", "words"), optional=("reviewed_by",))
    language = form.one_of("language", LANGUAGES)
    reviewed = form.one_of("status", ("draft", "reviewed")) == "reviewed"
    if reviewed != bool(form.text("reviewed_by", "")):
        raise form.fail(form.get("status"), "a reviewed file says `reviewed_by:`, and a draft does not")
    entries = tuple(_entry(key, node, path, language) for key, node in form.pairs("words"))
    return Translations(language, entries, draft=not reviewed)


def _entry(key: str, node: Node, path: str, language: str) -> Translation:
    plural = NEEDED[language]
    each = Form(node, path, f"the translation of {key}", required=("of",), optional=("say", *plural))
    of = each.text("of")
    if not _HASH.fullmatch(of):
        raise each.fail(
            each.get("of"), f'"{of}" is not a hash; `isocourse words {language}` prints each key with its own'
        )
    given = ("say",) if each.has("say") else plural
    if each.has("say") == any(each.has(form) for form in plural):
        raise each.fail(node, f"either `say:` or all of {', '.join(plural)}")
    forms = tuple(("" if name == "say" else name, each.text(name)) for name in given)
    if any(not text.strip() for _, text in forms):
        raise each.fail(node, f"the translation of {key} is empty; leave the entry out until it is written")
    return Translation(key, of, forms, f"{path}:{node.line}")

"""Pages to look things up: unwanted effects, interactions, products, instruments, each line with its sources."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import msgspec

from isocourse.decisions.tables import words
from isocourse.facts.instruments import score_interval
from isocourse.facts.problem import Problem
from isocourse.facts.streams import Item as Drug
from isocourse.library import Claim, Effect, Instrument, Interaction, Library, Product, Said
from isocourse.library.effects import Advice
from isocourse.library.instruments import Band
from isocourse.library.interactions import STANCES, Stance
from isocourse.library.products import Equivalence, Excipient
from isocourse.render.page import Page
from isocourse.render.words import claim_line

DO_WORDS = {
    "care": "care for it",
    "keep_dose": "keep the dose",
    "test": "test",
    "ask": "ask",
    "avoid": "avoid",
    "refer": "refer",
    "reduce": "reduce the dose",
    "hold": "hold",
    "stop": "stop",
}
FOOD_WORDS = {"with_food": "with food", "any": "with or without food", "": "open"}


class _Notes:
    """A page with numbered sources: a claim keeps the number of its first mention."""

    def __init__(self, library: Library, width: int) -> None:
        self.library, self.page = library, Page(width)
        self.numbers: dict[str, int] = {}

    def say(self, text: str, claims: Iterable[str], indent: int = 2) -> None:
        """A line with the numbers of its sources."""
        marks = ", ".join(str(self.numbers.setdefault(name, len(self.numbers) + 1)) for name in claims)
        self.page.put(f"{text} [{marks}]" if marks else text, indent)

    def part(self, title: str, lines: Sequence[tuple[str, tuple[str, ...]]]) -> None:
        """A part of the page, if there is anything in it."""
        if lines:
            self.page.head(title)
            for text, claims in lines:
                self.say(text, claims)

    def done(self) -> str:
        """The page with its sources."""
        if self.numbers:
            self.page.head("Sources")
            for name, number in self.numbers.items():
                self.page.put(f"{number}. {claim_line(self.library, name)}", 2, 3)
        return self.page.text()


def _lines(said: Sequence[Said]) -> list[tuple[str, tuple[str, ...]]]:
    return [(each.text, each.claims) for each in said]


def _open(texts: Sequence[str]) -> list[tuple[str, tuple[str, ...]]]:
    return [(text, ()) for text in texts]


def _table(width: int, rows: Sequence[tuple[str, str]], empty: str) -> str:
    """Names with what they are; the names are never folded."""
    page = Page(width)
    if not rows:
        page.put(empty)
    for name, text in rows:
        page.put(f"{name}  {text}", 0, 4)
    return page.text()


# effects -------------------------------------------------------------------------------------------------------------------
def effects_page(library: Library, width: int) -> str:
    """Every effect with how often it comes, and how many documents say stop."""
    rows = [
        (each.name, f"{words(each.say)}; {_often(each)}{_who_stops(each)}")
        for each in sorted(library.effects, key=lambda effect: effect.name)
    ]
    return _table(width, rows, "This knowledge holds no unwanted effects.")


def _often(effect: Effect) -> str:
    return effect.frequencies[0].words if effect.frequencies else "frequency not read"


def _who_stops(effect: Effect) -> str:
    who = dict.fromkeys(each.by or each.who for each in effect.stops)
    return f"; stop, says {', '.join(who)}" if who else ""


def effect_page(library: Library, effect: Effect, width: int) -> str:
    """All that is known of one effect."""
    out = _Notes(library, width)
    out.page.put(f"{words(effect.say)} ({effect.name})")
    often = [(f"{each.words}{_note(each.note)}", each.claims) for each in effect.frequencies]
    out.part("How often", often or [("not read", ())])
    if link := effect.dose_link:
        out.part("Does it follow the dose", [(f"{link.link}: {link.text}", link.claims)])
    out.part("When it comes", _lines(effect.onset))
    out.part("How it goes on", _lines(effect.course))
    out.part("What helps", _lines(effect.care))
    out.part("What documents advise", [(_advice(each), each.claims) for each in effect.advice])
    out.part("Red flags", _lines(effect.red_flags))
    for grading in effect.gradings:
        lines = [(f"grade {grade}: {text}", grading.claims) for grade, text in grading.grades]
        out.part(
            f"Severity (CTCAE): {grading.term}", lines + ([(grading.note, grading.claims)] if grading.note else [])
        )
    if effect.gradings:
        out.say("Grades say how severe it is; no protocol here stops by them.", ())
    out.part("Also", _lines(effect.notes))
    out.part("Not read", _open(effect.open))
    return out.done()


def _advice(advice: Advice) -> str:
    do = (" or " if advice.one_of else " and ").join(DO_WORDS[word] for word in advice.do)
    return f"{advice.by or advice.who}: {do} ({advice.when})"


def _note(note: str) -> str:
    return f" ({note.rstrip('.')})" if note else ""


# interactions --------------------------------------------------------------------------------------------------------------
def drug_names(library: Library) -> list[str]:
    """Every drug and class of drugs by its own name."""
    return list(library.catalogue.vocabulary("drugs").kinds())


def interactions_of(library: Library, drug: str) -> tuple[Interaction, ...] | None:
    """The interactions of a drug, a class or a name in plain text; all if none is asked; None if nobody knows the word."""
    if not drug:
        return library.interactions
    named = tuple(each for each in library.interactions if each.name == drug)
    if named:
        return named
    item = library.catalogue.item("drugs", drug) or library.catalogue.item_of_text("drugs", drug)
    if item is None:
        return None
    drugs = [each for each in library.catalogue.vocabulary("drugs").items if item.name in each.kinds]
    kinds = {kind for each in (item, *drugs) for kind in each.kinds}
    return tuple(each for each in library.interactions if each.kind in kinds)


def interactions_page(library: Library, width: int) -> str:
    """Every interaction with what is said of it."""
    rows = [
        (each.name, f"{words(each.say)}; {_strictest(each)}")
        for each in sorted(library.interactions, key=lambda interaction: interaction.name)
    ]
    return _table(width, rows, "This knowledge holds no interactions.")


def _strictest(interaction: Interaction) -> str:
    """What is said, the strictest first, with who says it."""
    told = []
    for says, text in STANCES.items():
        who = dict.fromkeys(each.by or each.who for each in interaction.stances if each.says == says)
        if who:
            told.append(f"{text}: {', '.join(who)}")
    return "; ".join(told) or "nothing was read that speaks of it"


def interaction_page(library: Library, drug: str, found: Sequence[Interaction], width: int) -> str:
    """What each document says of a drug beside isotretinoin."""
    out = _Notes(library, width)
    if not found:
        out.page.put(
            f"No document read here speaks of {drug} beside isotretinoin. That does not say that the two may be taken together."
        )
        return out.page.text()
    for interaction in found:
        out.page.put(f"{words(interaction.say)} ({interaction.name})")
        out.part("What each says", [(_stance(each), each.claims) for each in _ranked(interaction)])
        out.part("Why", _lines(interaction.mechanism))
        out.part("Reads and does not name it", _open(interaction.silent))
        out.part("Not read", _open(interaction.open))
        out.part("Drugs", [(_drug(library, item), ()) for item in _drugs(library, interaction)])
        out.page.put("")
    return out.done()


def _ranked(interaction: Interaction) -> list[Stance]:
    return sorted(interaction.stances, key=lambda stance: list(STANCES).index(stance.says))


def _stance(stance: Stance) -> str:
    return f"{stance.by or stance.who}: {STANCES[stance.says]}{_note(stance.note)}"


def _drugs(library: Library, interaction: Interaction) -> list[Drug]:
    items = library.catalogue.vocabulary("drugs").items
    return [item for item in items if interaction.kind and interaction.kind in item.kinds]


def _drug(library: Library, item: Drug) -> str:
    """A drug, and the codes by which a record may name it: its own, or those of a class that it belongs to."""
    systems: dict[str, int] = {}
    for coding in item.codes:
        systems[coding.system] = systems.get(coding.system, 0) + 1
    told = [f"{count} {system} code{'s' if count > 1 else ''}" for system, count in systems.items()]
    if not told:
        classes = [each for each in library.catalogue.vocabulary("drugs").classes if each.name in item.kinds]
        told = [
            f"any {coding.system} code that begins with {coding.code}"
            for each in classes
            for coding in each.codes
            if coding.prefix
        ]
    return f"{words(item.say)}: {', '.join(told) or 'known by name only'}"


# products ------------------------------------------------------------------------------------------------------------------
def products_page(library: Library, width: int) -> str:
    """Every product: formulation, strengths, markets, food."""
    rows = [
        (
            each.name,
            f"{each.formulation}; {', '.join(each.strengths)} mg; {', '.join(each.markets)}; {FOOD_WORDS[each.food]}"
            + (f"; {each.withdrawn.rstrip('.')}" if each.withdrawn else ""),
        )
        for each in sorted(library.products, key=lambda product: product.name)
    ]
    return _table(width, rows, "This knowledge holds no products.")


def product_page(library: Library, product: Product, width: int) -> str:
    """All that is known of one product."""
    out = _Notes(library, width)
    out.page.put(f"{words(product.say)} ({product.name})")
    strengths = ", ".join(product.strengths)
    out.say(f"{product.formulation}; {strengths} mg; {', '.join(product.markets)}", product.claims)
    out.say(f"label: {product.label or 'none named here'}; food: {FOOD_WORDS[product.food]}", ())
    if product.withdrawn:
        out.say(product.withdrawn, product.claims)
    out.part("Food", _lines(product.food_said))
    held = [(_excipient(each), each.claims) for each in product.excipients]
    out.part("What the capsule holds", held or [("not read", ())])
    equal = [(_equivalence(each), each.claims) for each in product.equivalences]
    out.part("What its milligrams are said to equal", equal or [("nothing was read; its milligrams are its own", ())])
    out.part("Not read", _open(product.open))
    return out.done()


def _excipient(excipient: Excipient) -> str:
    where = {"all": "", "some": ", in some", "named": f", in {', '.join(excipient.strengths)} mg"}[excipient.found]
    matters = f"; matters in allergy to or intolerance of {excipient.allergy}" if excipient.allergy else ""
    return f"{excipient.name}{where}{matters}{_note(excipient.note)}"


def _equivalence(each: Equivalence) -> str:
    against = f"{each.other_amount} of {each.other}" if each.other_amount else each.other
    state = "" if each.state == "unstated" else f", {each.state}"
    doubt = "DISPUTED: " if each.disputed else ""
    return f"{doubt}{each.amount} against {against}{state}: {each.finding}{_note(each.note)}"


# instruments ---------------------------------------------------------------------------------------------------------------
def instruments_page(library: Library, width: int) -> str:
    """Every instrument: what it measures and its range."""
    rows = [
        (each.name, f"{words(each.say)}; {each.measures}; {_range(each)}")
        for each in sorted(library.instruments, key=lambda instrument: instrument.name)
    ]
    return _table(width, rows, "This knowledge holds no instruments.")


def _range(instrument: Instrument) -> str:
    if instrument.scale is None:
        return "a count"
    low, high = instrument.scale.range
    return f"{low} to {high}"


def instrument_page(library: Library, instrument: Instrument, width: int) -> str:
    """All that is known of one instrument."""
    out = _Notes(library, width)
    out.page.put(f"{words(instrument.say)} ({instrument.name})")
    out.say(f"{instrument.measures}; filled in by the {instrument.filled_by}; {_range(instrument)}", ())
    out.say(f"entered as {instrument.stream}", ())
    out.part("Scoring", _lines(instrument.scoring))
    out.part("Items", _open([_item(instrument, number) for number in range(len(instrument.items))]))
    out.part("Bands", [(_band(band), band.claims) for band in instrument.bands])
    out.part(
        "Watched whatever the total", [(f"item {each.item}: {each.text}", each.claims) for each in instrument.watches]
    )
    out.part("Also", _lines(instrument.notes))
    out.part("Licence", [(instrument.licence.text, instrument.licence.claims)])
    out.part("Not read", _open(instrument.open))
    return out.done()


def _item(instrument: Instrument, number: int) -> str:
    item = instrument.items[number]
    weight = f" (weight {item.weight})" if item.weight != 1 else ""
    return f"{number + 1}. {item.name}{weight}{f': {item.text}' if item.text else ''}"


def _band(band: Band) -> str:
    if band.high is None:
        return f"{band.low} or more: {band.name}"
    scores = str(band.low) if band.low == band.high else f"{band.low} to {band.high}"
    return f"{scores}: {band.name or f'no band. {band.note}'}"


def scored(instrument: Instrument, answers: Sequence[int | None]) -> dict[str, object]:
    """The score that answers leave possible, as data."""
    assert instrument.scale is not None
    total = score_interval(instrument.scale, answers)
    assert not isinstance(total, Problem)
    bands = instrument.bands_within(*total)
    watched = [
        {"item": each.item, "answer": answers[each.item - 1], "counts": _counts(answers[each.item - 1], each.at_least)}
        for each in instrument.watches
    ]
    return {
        "low": total[0],
        "high": total[1],
        "blank": [number for number, answer in enumerate(answers, start=1) if answer is None],
        "bands": [band.name for band in bands if band.name],
        "may_have_no_band": any(not band.name for band in bands),
        "watched": watched,
    }


def _counts(answer: int | None, at_least: int) -> str:
    return "not known" if answer is None else "yes" if answer >= at_least else "no"


def score_page(instrument: Instrument, answers: Sequence[int | None], width: int) -> str:
    """The score that answers leave possible, in words; a watched item first."""
    assert instrument.scale is not None
    total = score_interval(instrument.scale, answers)
    assert not isinstance(total, Problem)
    page = Page(width)
    for each in instrument.watches:
        counts = _counts(answers[each.item - 1], each.at_least)
        if counts != "no":
            name = instrument.items[each.item - 1].name
            given = "blank, so it is not known" if counts == "not known" else f"{answers[each.item - 1]}"
            page.put(f"! Item {each.item} ({name}) is {given}. {each.text}")
    low, high = total
    page.put(f"{words(instrument.say)}: {low if low == high else f'{low} to {high}'} of {_range(instrument)}")
    blank = [str(number) for number, answer in enumerate(answers, start=1) if answer is None]
    if blank:
        page.put(f"Blank: {', '.join(blank)}. A blank item may have been any answer.", 2)
    told = [band.name or f"no band at {band.low}" for band in instrument.bands_within(low, high)]
    if told:
        page.put(f"Band: {' or '.join(told)}", 2)
    return page.text()


# data ----------------------------------------------------------------------------------------------------------------------
def data(library: Library, key: str, things: Sequence[object], score: object = None) -> dict[str, object]:
    """Things as plain data, with every claim they cite; for interactions, also the codes of their drugs."""
    made = [_plain(msgspec.to_builtins(thing)) for thing in things]
    if key == "interactions":
        for plain, thing in zip(made, things, strict=True):
            assert isinstance(plain, dict)
            assert isinstance(thing, Interaction)
            plain["drugs"] = [_plain(msgspec.to_builtins(item)) for item in _drugs(library, thing)]
    cited = sorted(set(_cited(made)))
    found: dict[str, object] = {key: made, "claims": {name: _claim(library, library.claim(name)) for name in cited}}
    return found if score is None else {**found, "score": score}


def _plain(value: object) -> object:
    """Data with texts by language as a mapping."""
    if isinstance(value, dict):
        return {
            key: dict(part) if key == "say" and isinstance(part, list | tuple) else _plain(part)
            for key, part in value.items()
        }
    if isinstance(value, list | tuple):
        return [_plain(part) for part in value]
    return value


def _cited(value: object) -> Iterable[str]:
    if isinstance(value, dict):
        for key, part in value.items():
            if key == "claims" and isinstance(part, list):
                yield from part
            else:
                yield from _cited(part)
    elif isinstance(value, list):
        for part in value:
            yield from _cited(part)


def _claim(library: Library, claim: Claim) -> dict[str, str]:
    work = library.work(claim.work)
    return {
        "says": claim.says,
        "source": work.title,
        "where": claim.where,
        "read": claim.read,
        "found_at": work.found_at,
    }

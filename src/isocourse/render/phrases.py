"""The fixed words of every page, each under a key, so that a translator finds them all in one place."""

from __future__ import annotations

from isocourse.course.frames import FIXED as COURSE
from isocourse.course.proposal_frames import FIXED as PROPOSAL
from isocourse.decisions import binding, dates
from isocourse.facts.frames import FIXED as RECORDS
from isocourse.library.effects import FREQUENCY_WORDS
from isocourse.library.interactions import STANCES
from isocourse.render import ranges, words
from isocourse.render.carried_text import FIXED as CARRIED
from isocourse.render.chart_frames import FIXED as CHARTS
from isocourse.render.conditions import FIXED as CONDITIONS
from isocourse.render.disagreements import FIXED as LISTED
from isocourse.render.dispensing_text import FIXED as DISPENSING
from isocourse.render.explanation import FIXED as EXPLAIN
from isocourse.render.flips import FIXED as FLIPS
from isocourse.render.frames import FIXED as TODAY
from isocourse.render.history_frames import FIXED as HISTORY
from isocourse.render.paper_frames import FIXED as PAPER
from isocourse.render.plan_frames import FIXED as PLAN
from isocourse.render.simulation_words import FIXED as SIMULATION
from isocourse.render.steps import FIXED as STEPS
from isocourse.render.terminal import FIXED as TERMINAL
from isocourse.render.written import FIXED as WRITTEN
from isocourse.render.written import OR

WORDY = ("months", "courses", "lesions", "points")
"""Units that are words."""

UNITS = (
    "mg/kg/day",
    "mg/kg",
    "mg/day",
    "mg",
    "mmol/L",
    "mg/dL",
    "percent",
    "conventional",
    "lidose",
    "micronised",
    "month",
    *WORDY,
)
"""Units and formulations as rows write them."""

PARTS = (
    "drugs",
    "allergies",
    "conditions",
    "methods",
    "procedures",
    "symptoms",
    "upper limit",
    "day",
    "known",
    "setting",
)
"""Lists, and parts of a fact, as conditions write them."""


def phrases() -> dict[str, str]:
    """Every fixed text by its key."""
    found = {f"status.{status.value}": text for status, text in words.STATUS.items()}
    found |= {f"force.{force}": text for force, text in words.FORCE.items()}
    found |= {f"kept.{kept.value}": text for kept, text in words.KEPT.items() if text}
    found |= {f"truth.{truth.word}": text for truth, text in words.TRUTH.items()}
    found |= {f"anchor.{anchor}": text for anchor, text in dates.ANCHOR_WORDS.items()}
    found |= {
        f"count.{unit}.{('one', 'several')[place]}": told
        for unit, both in dates.COUNTS.items()
        for place, told in enumerate(both)
    }
    found |= _times() | _answers()
    found |= {f"unit.{unit}": unit for unit in UNITS} | {f"part.{part}": part for part in PARTS}
    found |= {f"frequency.{name}": text for name, text in FREQUENCY_WORDS.items()}
    found |= {f"combination.{name}": text for name, text in STANCES.items()}
    return (
        found
        | TODAY
        | TERMINAL
        | STEPS
        | EXPLAIN
        | FLIPS
        | COURSE
        | PROPOSAL
        | PLAN
        | DISPENSING
        | HISTORY
        | CARRIED
        | RECORDS
        | PAPER
        | CHARTS
        | SIMULATION
        | WRITTEN
        | CONDITIONS
        | LISTED
        | dates_of_editions()
    )


def dates_of_editions() -> dict[str, str]:
    """Why it is not certain that an edition binds."""
    return {f"doubt.{name}": text for name, text in binding.DOUBTS.items()}


def _times() -> dict[str, str]:
    return {
        "time.unstated": dates.NO_PERIOD,
        "time.every": dates.EVERY,
        "time.from": dates.FROM,
        "time.from_anchor": dates.FROM_ANCHOR,
        "time.from_day": dates.FROM_DAY,
        "time.until": dates.UNTIL,
        "time.until_anchor": dates.UNTIL_ANCHOR,
        "time.until_day": dates.UNTIL_DAY,
        "time.before": dates.BEFORE,
        "time.after": dates.AFTER,
        "time.at": dates.AT,
        "time.within": dates.WITHIN,
        "time.following": dates.FOLLOWING,
        "time.around": dates.AROUND,
        "time.span": dates.SPAN,
        "time.depends": dates.DEPENDS,
        "time.both": dates.BOTH,
    }


def _answers() -> dict[str, str]:
    found = {f"duty.{verb}": text for verb, text in words.VERBS.items()}
    found |= {f"one.{each}": text for each, text in words.ONE_OF.items()}
    found |= {f"note.{name}": text for name, text in words.NOTES.items()}
    return found | {
        "answer.said": words.SAID,
        "answer.of_find": words.OF_FIND,
        "answer.no_figure": ranges.NO_FIGURE,
        "answer.one": ranges.ONE,
        "answer.one_of": ranges.ONE_OF,
        "answer.range": ranges.CLOSED,
        "answer.range_of": ranges.CLOSED_OF,
        "answer.below": ranges.BELOW,
        "answer.below_of": ranges.BELOW_OF,
        "answer.open": words.OPEN,
        "answer.open_for": words.OPEN_FOR,
        "answer.more": words.MORE,
        "answer.or": OR,
        "answer.several": words.SEVERAL,
        "answer.on_file": words.ON_FILE,
        "answer.covers": words.COVERS,
        "answer.part_of": words.PART_OF,
        "answer.how_many": words.HOW_MANY,
        "answer.how_many_of": words.HOW_MANY_OF,
        "answer.of_list": words.OF_LIST,
        "answer.times": words.TIMES,
        "answer.since": words.SINCE,
        "answer.since_next": words.SINCE_NEXT,
        "answer.recorded": words.RECORDED[True],
        "answer.not_recorded": words.RECORDED[False],
    }

"""The frames of a plan that is handed on as proposals: what a reader finds in each of them, in their language."""

from __future__ import annotations

FIXED = {
    "proposal.title": "Course of oral isotretinoin",
    "proposal.patient": "the patient of this record",
    "proposal.nothing_open": "Nothing open was found against it; see the notes for what that rests on.",
    "proposal.not_until": "Not until: {what}",
    "proposal.governing": "Governing protocol: {title}, edition {edition} ({key}).",
    "proposal.no_governing": "No governing protocol is known or read, and none takes its place: no duty is proposed.",
    "proposal.drawn_to": "Drawn to {day}; the course need not end then.",
    "proposal.no_capsules": "No prescription is proposed: no capsules are laid out for the dose that was asked.",
    "proposal.made_by": "Made by Isocourse as a proposal for clinicians, who can see the basis of every answer. It orders nothing.",
    "proposal.about": "{who} ({key}), {force}; the source counts: {counted}",
    "proposal.may": "may",
    "proposal.not_sure": "whether it applies then is not sure today",
    "proposal.no_day": "No day yet: {why}.",
    "proposal.no_period": "the source states no period",
    "proposal.drug": "isotretinoin {mg} mg oral capsule",
    "proposal.formulation": "{drug} ({formulation})",
    "proposal.supply": "Supply {n}, planned for {day}, for {first} to {last}.",
    "proposal.together": "Only together with the capsules of {others} of the same supply: neither is the dose by itself.",
    "proposal.mg": "{mg} mg",
    "proposal.capsule": "{n} capsule of {mg} mg",
    "proposal.capsules": "{n} capsules of {mg} mg",
    "proposal.times": "{what}, {n} times a day",
    "proposal.intake": "{what} at intake {place} of {all}",
    "proposal.on_day": "{what}, on {day}",
    "proposal.every_day": "{what}, every day from {first} to {last}",
    "proposal.every_days": "{what}, every {n} days from {first} to {last}",
    "proposal.by_mouth": "by mouth",
}
"""Every frame by its key."""

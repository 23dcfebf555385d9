"""The frames of the lines of Today, each under its key: what stands around the facts, the documents and the dates."""

from __future__ import annotations

DRAFT = "The words of this language are a draft: no second person has checked them."
"""What every page says in a language whose words are a draft."""

OBTAIN = {"look": "look in the file", "ask": "ask", "measure": "measure", "refer": "refer"}
PARTING = {
    "opposed": "cannot both be satisfied",
    "split": "kept under one, broken under another",
    "possible": "may part, depending on what is missing",
}


FIXED = {
    **{f"obtain.{how}": text for how, text in OBTAIN.items()},
    "obtain.judge": "judge",
    "judgement": "(judgement)",
    **{f"parting.{kind}": text for kind, text in PARTING.items()},
    "parting.windows": "their windows do not meet",
    "parting.open": "still open: {who}; {status}: {facts}",
    "parting.more": "and {n} more, written out with --full: {points}",
    "person.years": "{n}-year-old {who}",
    "person.no_age": "{who} of unknown age",
    **{f"person.{who}": who for who in ("woman", "man", "girl", "boy", "patient")},
    "red.why": "why: {reason}",
    "red.source": "source: {claim}",
    "gate.held": "{who} with {order}: {test}, {methods}. The patient {able}; no start and no supply is unqualified {ask}.",
    "gate.order": "an isotretinoin order",
    "gate.order_ended": "an isotretinoin order that has ended",
    "gate.no_order": "no isotretinoin order on file",
    "gate.test": "last pregnancy test on file: {test}",
    "gate.no_test": "no pregnancy test on file",
    "gate.methods": "contraception on file: {methods}",
    "gate.no_methods": "no contraception on file",
    "gate.able": "can become pregnant",
    "gate.able_unknown": "is not shown to be unable to become pregnant",
    "gate.unable": "counts as unable to become pregnant",
    "gate.contradict": "the last pregnancy tests contradict each other, and the positive one may hold: a new test settles it, and until then "
    "nothing is free",
    "able.part": "Able to become pregnant (each protocol's own definition): they part",
    "able.cannot_tell": "cannot tell",
    "held.lapsed": "{what}: so it stood on file, too old to count today, and nothing newer is there. Find out before a start or a supply.",
    "held.milder": "milder: {who}: {what}",
    "look.up": "look up: {list} on file that no rule here knows: {told}. Until it is told what they are, nothing asked about {list} counts as a no",
    "asked.confirm": "confirm that it is done, for no file can show it:",
    "gate.negative": "until the file shows a negative test inside its window",
    "gate.window": "until the file shows that the test lies inside its window",
    "gate.suspected": "while an entry of a pregnancy, or a positive test of the last 60 days, is neither confirmed nor refuted",
    "gate.renewal": "without a new test: the supply of the order on file is over, or may be, and its test says nothing of today",
    "gate.not_shown": "not shown for {who}: {duty}",
    "gate.missing": "missing: {facts}",
    "able.yes": "able to become pregnant",
    "able.unknown": "cannot tell whether able to become pregnant",
    "held.papers": "Not seen on file, and asked for:",
    "held.papers_unheard": "Not seen on file. No governing text read on this point; asked for under every protocol that speaks:",
    "held.unheard": "No governing text read on this point; broken under every protocol that speaks",
    "held.unheard_milder": "No governing text read on this point; broken under every protocol that speaks, but for the milder",
    "held.choice": "{point}: broken under {who}. {file}They say: {said}.",
    "held.file": "The file: {dose}. ",
    "held.rows": "{point}: {said}. Broken under {who}.",
    "held.on_file": "on file: {what}",
    "held.order": "order: {order}",
    "missing.list": "{how} about {list}, present or not: {kinds}",
    "missing.fact": "{how}: {facts} (for {points}; {protocols})",
    "missing.protocol": "{n} protocol",
    "missing.protocols": "{n} protocols",
    "missing.more": "and {n} more facts; --full lists them, `isocourse ask` says which settle most",
    "list.signs": "signs",
    "list.methods": "contraceptive methods",
    "look.against": "advises against it: {claim}",
    "look.for": "allows it, or speaks for it: {claim}",
    "look.because": "because: {claim}",
    "look.folded": "because: {claims}; --full writes them out",
    "look.points": "what each protocol says: see {points}",
    "rest.answers": "{n} answers: {counts}. --matrix writes out every question under every protocol.",
    "rest.answered": "answered",
    "list.elsewhere": "Read elsewhere",
    "list.lapsed": "red until its value grew too old, and nothing newer is on file: {what}",
    "list.gate": "a pregnancy is not excluded inside the window of a test",
    "rest.open": "cannot be told yet",
}
"""Every frame under its key."""

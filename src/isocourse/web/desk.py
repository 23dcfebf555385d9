"""What every request shares: the knowledge, compiled once, the sample patients, and judging with answers kept while they hold."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Mapping, Sequence
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Generic, TypeVar

from msgspec.structs import replace

from isocourse.app.assess import assess
from isocourse.app.knowledge import cache_folder, load_library, shipped
from isocourse.app.record import read_record, record_of_text
from isocourse.app.samples import SAMPLE_DAY
from isocourse.app.words import load_words, with_notes
from isocourse.decisions.tables import Edition
from isocourse.decisions.wording import ENGLISH, Wording
from isocourse.facts.frames import said
from isocourse.facts.problem import ReadError
from isocourse.facts.record import Record
from isocourse.library import Asked, Assessment, Library
from isocourse.logic.compiled import compile_program
from isocourse.web.entries import TodayView, today_view
from isocourse.web.fields import sections
from isocourse.web.patients import Patient, remember

if TYPE_CHECKING:
    from isocourse.app.disagreement import Disagreement
    from isocourse.render.changes import Change

T = TypeVar("T")
LOG = logging.getLogger("isocourse.web")


class Desk:
    """The knowledge at hand."""

    def __init__(self, knowledge: Path | None = None, keep: Path | None = None) -> None:
        self.knowledge, self._keep = knowledge, keep or cache_folder()
        self.library: Library = load_library(knowledge)
        self.run = compile_program(self.library.program)
        self._words: dict[str, Wording] = {"en": ENGLISH}
        self._notes: dict[str, Wording] = {"en": ENGLISH}
        self.sections = sections(self.library)
        self.samples: Mapping[str, Patient] = {name: self._sample(path) for name, path in _sample_files().items()}
        self.jurisdictions = sorted(
            {place for edition in self.library.editions for place in edition.jurisdictions}
            | {member for _, members in self.library.regions for member in members}
        )
        self.strengths = {product.name: product.strengths for product in self.library.products}
        """By product, the strengths of its capsules in mg."""
        self.solver = find_spec("z3") is not None
        """Whether contradictions can be worked out here."""
        self._found: Later[Sequence[Disagreement]] = Later(self._solve)
        self._changes: dict[tuple[str, str], list[Change]] = {}
        self._solvers = threading.Lock()
        """Editions are compared one pair at a time: each is a process of its own."""

    def judged(self, patient: Patient, language: str) -> Assessment:
        """The patient judged; kept with the patient until something else is asked."""
        kept = patient.worked.judged
        seen = kept.get(patient.asked)
        if seen is None:
            seen = assess(self.library, patient.record(patient.asked.as_of), patient.asked, run=self.run)
            remember(kept, patient.asked, seen)
        return replace(seen, words=self.words(language))

    def today(self, patient: Patient, language: str) -> TodayView:
        """Today of the patient in words, kept in the same way."""
        kept, key = patient.worked.today, (patient.asked, language)
        view = kept.get(key)
        if view is None:
            view = today_view(self.judged(patient, language))
            remember(kept, key, view)
        return view

    def words(self, language: str) -> Wording:
        """The clinical words of a language, with those of one's own knowledge laid over the shipped ones."""
        if language not in self._words:
            self._words[language] = load_words(language, self.knowledge)
        return self._words[language]

    def notes(self, language: str) -> Wording:
        """The same, with our notes on claims and contradictions; only the list of contradictions needs them."""
        if language not in self._notes:
            self._notes[language] = with_notes(self.words(language), self.knowledge)
        return self._notes[language]

    def read(self, text: str, name: str, as_of: int) -> Record:
        """The record in a text.

        Raises:
            ReadError: it cannot be read, or it names a product that nobody here knows.
        """
        if not text.strip():
            raise ReadError(name, 0, 0, "it is empty; give a record, a FHIR bundle or a CDS Hooks request")
        record = record_of_text(text, name, self.library.catalogue, as_of)
        products = [each.name for each in self.library.products]
        if record.product and record.product not in products:
            raise ReadError(name, 0, 0, said("form.product", known=", ".join(products)))
        return record

    def disagreements(self) -> tuple[Sequence[Disagreement], bool]:
        """Those found so far, and whether that is all of them; the first to ask starts the search."""
        if not self.solver:
            return (), True
        found = self._found.ask()
        return (found or ()), found is not None

    def changes(self, before: Edition, after: Edition) -> list[Change]:
        """What another edition says otherwise, and for whom; kept, since the solver needs a while.

        Raises:
            SolverEndedError: the solver ended without an answer.
        """
        from isocourse.app.solving import changes_apart

        key = (before.key, after.key)
        if key not in self._changes:
            with self._solvers:
                if key not in self._changes:  # whoever waited may find it done
                    self._changes[key] = changes_apart(self.library, self.knowledge, *key)
        return self._changes[key]

    def _solve(self) -> Sequence[Disagreement]:
        from isocourse.app.solving import disagreements_apart

        return disagreements_apart(self.library, self.knowledge, self._keep)

    def _sample(self, path: Path) -> Patient:
        def read(as_of: int) -> Record:
            return read_record(path, self.library.catalogue, as_of)

        return Patient(
            path.stem, read, Asked(SAMPLE_DAY), by_today=False, text=path.read_text(encoding="utf-8"), handle=path.stem
        )


class Later(Generic[T]):
    """Something that takes long: worked out once, in the background, when it is first asked for."""

    def __init__(self, work: Callable[[], T]) -> None:
        self._work, self._lock = work, threading.Lock()
        self._thread: threading.Thread | None = None
        self._done: T | None = None

    def ask(self) -> T | None:
        """What was found, or None while it is being worked out."""
        with self._lock:
            if self._thread is None:
                self._thread = threading.Thread(target=self._run, name="solver", daemon=True)
                self._thread.start()
        return self._done

    def wait(self) -> T | None:
        """What was found, once it is."""
        self.ask()
        thread = self._thread
        if thread is not None:
            thread.join()
        return self._done

    def _run(self) -> None:
        try:
            self._done = self._work()
        except Exception:
            LOG.exception("what was to be worked out in the background was not")
            with self._lock:
                self._thread = None  # the next to ask begins anew


def _sample_files() -> dict[str, Path]:
    return {path.stem: path for path in sorted((shipped() / "patients").glob("*.yaml"))}

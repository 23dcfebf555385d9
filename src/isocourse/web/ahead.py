"""Works out Today ahead of the click, for courses on a list that somebody is looking at and for one that was just written to."""

from __future__ import annotations

import logging
import threading
import time
from collections import deque
from collections.abc import Sequence

from isocourse.facts.problem import ReadError
from isocourse.register.problem import RegisterError
from isocourse.web.courses import at_hand
from isocourse.web.desk import Desk
from isocourse.web.shelf import Shelf

FIRST = 20
"""Courses of a list that are worked out ahead: what a screen shows without scrolling far."""
WAITING = 200
"""Courses that wait at most; the lists shown last come first, what waits longest goes."""

LOG = logging.getLogger("isocourse.web")


class Ahead:
    """One background task, idle for as long as it worked, so that those who wait for a page come first."""

    def __init__(self, desk: Desk, shelf: Shelf) -> None:
        self._desk, self._shelf = desk, shelf
        self._waiting: deque[tuple[str, int, str, bool]] = deque(maxlen=WAITING)
        self._lock = threading.Lock()
        self._task: threading.Thread | None = None

    def of(self, courses: Sequence[str], day: int, language: str, *, at_hand: bool = False) -> None:
        """Has Today made for the first of these courses, in their order.

        Args:
            courses: the courses.
            day: the day to judge by.
            language: the language of whoever is looking.
            at_hand: whether somebody has opened them, so that the judgement itself is kept for the pages behind Today.
        """
        with self._lock:
            for course in reversed(courses[:FIRST]):
                self._waiting.appendleft((course, day, language, at_hand))
            if self._waiting and self._task is None:
                self._task = threading.Thread(target=self._work, name="ahead", daemon=True)
                self._task.start()

    def wait(self) -> None:
        """Until what was begun is done."""
        task = self._task
        if task is not None:
            task.join()

    def _work(self) -> None:
        while (wanted := self._next()) is not None:
            began = time.monotonic()
            try:
                self._make(*wanted)
            except (RegisterError, ReadError) as problem:  # whoever opens the course is told why
                LOG.info("not worked out ahead: %s", type(problem).__name__)
            time.sleep(min(1.0, time.monotonic() - began))

    def _next(self) -> tuple[str, int, str, bool] | None:
        with self._lock:
            if self._waiting:
                return self._waiting.popleft()
            self._task = None
            return None

    def _make(self, course: str, day: int, language: str, keep: bool) -> None:
        if self._shelf.has_today(course, day, language):
            return
        patient = at_hand(self._shelf, course, None, day)
        looked_at = keep or bool(patient.worked.judged)
        self._desk.today(patient, language)
        if not looked_at:
            patient.worked.lighten()  # the words are what a click asks for first, and a tenth of the size

"""Works out Today ahead of the click: for courses on a list that somebody looks at, for one that was just written to, then for those seen last."""

from __future__ import annotations

import logging
import threading
import time
from collections import deque
from collections.abc import Callable, Sequence
from functools import partial

from isocourse.facts.problem import ReadError
from isocourse.register.problem import RegisterError
from isocourse.web.courses import at_hand
from isocourse.web.desk import Desk
from isocourse.web.shelf import Shelf

FIRST = 20
"""Courses of a list that are worked out ahead: what a screen shows without scrolling far."""
WAITING = 200
"""Courses that wait at most; the lists shown last come first, what waits longest goes."""
SEEN_LAST = 800
"""Courses that stand on no list and are worked out all the same, each day anew, once somebody is there: whoever follows a link from another
program or a bookmark opens one of these. Some 30 KB and 0.1 s of the processor each."""
RESTS = 3
"""How many times as long as it worked the background rests after one of these."""

LOG = logging.getLogger("isocourse.web")


class Ahead:
    """One background task, idle for as long as it worked or longer, so that those who wait for a page come first."""

    def __init__(self, desk: Desk, shelf: Shelf) -> None:
        self._desk, self._shelf = desk, shelf
        self._waiting: deque[tuple[str, int, str, bool]] = deque(maxlen=WAITING)
        self._begun: tuple[int, frozenset[str]] = (0, frozenset())
        """The day, and the languages in which those seen last were begun on it."""
        self._to_list: deque[tuple[int, str]] = deque()
        self._seen_last: deque[tuple[str, int, str]] = deque()
        self._lock, self._called = threading.Lock(), threading.Event()
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
            self._called.set()
            self._begin()

    def of_seen_last(self, day: int, language: str) -> None:
        """Has Today made for the courses seen last, when nothing else is to be done; once for each day and language."""
        if self._begun[0] == day and language in self._begun[1]:
            return
        with self._lock:
            begun = self._begun[1] if self._begun[0] == day else frozenset()
            if language not in begun:
                self._begun = (day, begun | {language})
                self._to_list.append((day, language))
                self._begin()

    def wait(self) -> None:
        """Until what was begun is done."""
        task = self._task
        if task is not None:
            task.join()

    def _begin(self) -> None:
        busy = (
            self._task is not None and self._task.is_alive()
        )  # a fault of ours ends a task, and the next call begins another
        if not busy and (self._waiting or self._to_list or self._seen_last):
            self._task = threading.Thread(target=self._work, name="ahead", daemon=True)
            self._task.start()

    def _work(self) -> None:
        while (work := self._next()) is not None:
            began = time.monotonic()
            try:
                rests = work()
            except (RegisterError, ReadError) as problem:  # whoever opens the course is told why
                LOG.info("not worked out ahead: %s", type(problem).__name__)
                rests = 1
            self._called.wait(min(1.0, rests * (time.monotonic() - began)))

    def _next(self) -> Callable[[], int] | None:
        """What to do next; it returns how many times as long the background rests after it."""
        with self._lock:
            self._called.clear()
            if self._waiting:
                return partial(self._make, *self._waiting.popleft(), rests=1)
            if self._to_list:
                return partial(self._list, *self._to_list.popleft())
            if self._seen_last:
                return partial(self._make, *self._seen_last.popleft(), keep=False, rests=RESTS)
            self._task = None
            return None

    def _list(self, day: int, language: str) -> int:
        found = self._shelf.seen_last(day, SEEN_LAST)
        self._seen_last = deque(
            [*(each for each in self._seen_last if each[1] == day), *((c, day, language) for c in found)]
        )
        return 1

    def _make(self, course: str, day: int, language: str, keep: bool, rests: int) -> int:
        if self._shelf.has_today(course, day, language):
            return 0
        patient = at_hand(self._shelf, course, None, day)
        looked_at = keep or bool(patient.worked.judged)
        self._desk.today(patient, language)
        if not looked_at:
            patient.worked.lighten()  # the words are what a click asks for first, and a tenth of the size
        return rests

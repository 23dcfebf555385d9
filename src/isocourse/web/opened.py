"""What was worked out for the courses of the register that were looked at last; everybody who looks at one shares it."""

from __future__ import annotations

import threading
from collections import OrderedDict

from isocourse.web.patients import Worked

MOST = 1000
"""Courses whose Today is kept in words: some 50 KB each."""
HEAVY = 64
"""Courses whose judgements, matrices and plans are kept too: some 2 MB each."""


class Opened:
    """The courses looked at last, each as of its patient's last entry: one entry more, and all of it is worked out anew."""

    def __init__(self, most: int = MOST, heavy: int = HEAVY) -> None:
        self._most, self._heavy = most, heavy
        self._kept: OrderedDict[str, tuple[int, Worked]] = OrderedDict()
        self._lock = threading.Lock()

    def of(self, course: str, last_seq: int) -> Worked:
        """What was worked out for a course as of an entry; empty where that is nothing yet, or of another entry."""
        with self._lock:
            seq, worked = self._kept.get(course, (last_seq, Worked()))
            if seq != last_seq:
                worked = Worked()
            self._kept[course] = (last_seq, worked)
            self._kept.move_to_end(course)
            if len(self._kept) > self._most:
                self._kept.popitem(last=False)
            self._lighten()
            return worked

    def _lighten(self) -> None:
        heavy = [worked for _, worked in reversed(self._kept.values()) if worked.heavy]
        for worked in heavy[self._heavy :]:
            worked.lighten()

"""The courses of the register that were looked at last, with what was worked out for them; everybody who looks at one shares it."""

from __future__ import annotations

import threading
from collections import OrderedDict

from isocourse.web.patients import Patient

MOST = 1000
"""Courses whose Today is kept in words: some 30 KB each, in one language and of one day."""
HEAVY = 64
"""Courses whose records, judgements, matrices and plans are kept too: some 2 MB each."""


class Opened:
    """The courses looked at last, each as of its patient's last entry: with one entry more all of it is worked out anew."""

    def __init__(self, most: int = MOST, heavy: int = HEAVY) -> None:
        self._most, self._heavy = most, heavy
        self._kept: OrderedDict[str, Patient] = OrderedDict()
        self._lock = threading.Lock()

    def find(self, course: str, last_seq: int) -> Patient | None:
        """The course, if it was looked at as of this entry."""
        with self._lock:
            found = self._kept.get(course)
            if found is None or found.version != last_seq:
                return None
            self._kept.move_to_end(course)
            return found

    def keep(self, patient: Patient) -> Patient:
        """Keeps a course in place of what was kept of it; the one looked at longest ago goes where there are too many."""
        with self._lock:
            self._kept[patient.handle] = patient
            self._kept.move_to_end(patient.handle)
            if len(self._kept) > self._most:
                self._kept.popitem(last=False)
            heavy = [each.worked for each in reversed(self._kept.values()) if each.worked.heavy]
        for worked in heavy[self._heavy :]:
            worked.lighten()
        return patient

"""Judges the courses of a register beside the pages: a few at once where somebody waits, many in the background, with pauses for others."""

from __future__ import annotations

import logging
import threading
import time

from isocourse.app.register_worklist import refresh, waiting
from isocourse.library import Library
from isocourse.register.problem import RegisterError
from isocourse.register.register import Register

AT_ONCE = 10
"""Courses judged while somebody waits for the page; more would make the page slow."""

PAUSE_S = 0.1
"""Between two courses judged in the background; about as long as judging one takes, so that pages are not held up."""

LOG = logging.getLogger("isocourse.web")


class Judging:
    """One register, judged by one background task at a time."""

    def __init__(self, register: Register, library: Library, pause_s: float = PAUSE_S) -> None:
        self._register, self._library, self._pause_s = register, library, pause_s
        self._lock = threading.Lock()
        self._task: threading.Thread | None = None

    def bring_up(self, day: int) -> None:
        """Judges what is out of date: at once where that is little, else from now on in the background."""
        if waiting(self._register, self._library, day, AT_ONCE + 1) <= AT_ONCE:
            refresh(self._register, self._library, day)
            return
        with self._lock:
            if self._task is None or not self._task.is_alive():
                self._task = threading.Thread(target=self._judge, args=(day,), name="judging", daemon=True)
                self._task.start()

    def wait(self) -> None:
        """Until what was begun in the background is done."""
        if self._task is not None:
            self._task.join()

    def _judge(self, day: int) -> None:
        try:
            refresh(self._register, self._library, day, lambda _: time.sleep(self._pause_s))
        except RegisterError as problem:  # what was judged until now is kept; the next who looks begins again
            LOG.warning("judging in the background ended: %s", type(problem).__name__)

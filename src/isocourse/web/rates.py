"""How often somebody may ask: a bucket that fills up steadily and from which each request takes one."""

from __future__ import annotations

from collections.abc import Callable

MOST_BUCKETS = 10_000
"""Beyond so many, those that are full again are forgotten."""


class Rates:
    """One bucket for each asker and kind of request."""

    def __init__(self, now: Callable[[], float]) -> None:
        self._now = now
        self._buckets: dict[tuple[str, int], tuple[float, float]] = {}

    def wait_s(self, asker: str, per_minute: int) -> float:
        """Takes one from the asker's bucket; 0, or the seconds until there is one to take."""
        now, key = self._now(), (asker, per_minute)
        level, then = self._buckets.get(key, (float(per_minute), now))
        level = min(float(per_minute), level + (now - then) * per_minute / 60)
        if len(self._buckets) > MOST_BUCKETS:
            self._forget(now)
        if level < 1:
            self._buckets[key] = (level, now)
            return (1 - level) * 60 / per_minute
        self._buckets[key] = (level - 1, now)
        return 0.0

    def _forget(self, now: float) -> None:
        self._buckets = {key: (level, then) for key, (level, then) in self._buckets.items() if now - then < 60}

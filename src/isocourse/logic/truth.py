"""Three-valued truth: yes, no, and not known yet."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from enum import IntEnum


class Truth(IntEnum):
    """The answers still possible, as two bits: 1 may be no, 2 may be yes, 3 may be either.

    The bits make every operator a handful of integer operations in every lowering.
    """

    NO = 1
    YES = 2
    UNKNOWN = 3

    @property
    def word(self) -> str:
        """The word that people read."""
        return self.name.lower()

    @staticmethod
    def of(answer: bool) -> Truth:
        """The truth of something known."""
        return Truth.YES if answer else Truth.NO

    @staticmethod
    def of_known(sure: bool) -> Truth:
        """Yes if it is sure, else not known."""
        return Truth.YES if sure else Truth.UNKNOWN


def negate(answer: Truth) -> Truth:
    """The opposite; not known stays not known."""
    return Truth(((answer & 1) << 1) | (answer >> 1))


def all_of(answers: Iterable[Truth]) -> Truth:
    """Whether every one is yes, as far as can be told.

    >>> all_of([Truth.YES, Truth.UNKNOWN]).word, all_of([Truth.NO, Truth.UNKNOWN]).word
    ('unknown', 'no')
    """
    listed = list(answers)
    if Truth.NO in listed:
        return Truth.NO
    return Truth.UNKNOWN if Truth.UNKNOWN in listed else Truth.YES


def any_of(answers: Iterable[Truth]) -> Truth:
    """Whether at least one is yes, as far as can be told."""
    listed = list(answers)
    if Truth.YES in listed:
        return Truth.YES
    return Truth.UNKNOWN if Truth.UNKNOWN in listed else Truth.NO


def at_least(k: int, answers: Sequence[Truth]) -> Truth:
    """Whether `k` or more of `answers` are yes, as far as can be told today.

    >>> at_least(2, [Truth.YES, Truth.NO, Truth.UNKNOWN]).word
    'unknown'
    """
    yes = sum(answer is Truth.YES for answer in answers)
    open_ = sum(answer is Truth.UNKNOWN for answer in answers)
    if yes >= k:
        return Truth.YES
    return Truth.UNKNOWN if yes + open_ >= k else Truth.NO

"""Folds all patients in one process or in several, a share of the patients each; what comes of it is the same.

As a program (`python -m isocourse.register.workers`) it folds one share, read from its input, and writes what came of it.
"""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from itertools import pairwise
from select import select as ready
from typing import IO, final

import msgspec
from sqlalchemy import Connection

from isocourse.register.database import open_engine, reading
from isocourse.register.fold import Folded
from isocourse.register.journal import all_keys, end_of_chain
from isocourse.register.problem import RegisterError
from isocourse.register.replay import Progress, Share, replayed, uncollected
from isocourse.register.seal import SealError

WORTH_IT = 500_000
"""Events from which it takes several processes: each needs half a second to start."""

MOST = 4
"""Processes at once: each holds the patients of a reading in memory."""

BATCH = 500
"""Patients handed over together."""


class Work(msgspec.Struct, frozen=True):
    """What a process is told to do."""

    register: str
    share: Share


class Read(msgspec.Struct, frozen=True, tag="read"):
    """So many more events were read."""

    events: int


class Made(msgspec.Struct, frozen=True, tag="made"):
    """Some patients, in the order of their pseudonyms."""

    folded: list[Folded]


class Shut(msgspec.Struct, frozen=True, tag="shut"):
    """An event does not open with the patient's key; that was the end."""

    seq: int


class Failed(msgspec.Struct, frozen=True, tag="failed"):
    """Something else was the end."""

    line: str


class Done(msgspec.Struct, frozen=True, tag="done"):
    """That was all."""


Word = Read | Made | Shut | Failed | Done
_said = msgspec.msgpack.Decoder(Word).decode


def all_folded(
    connection: Connection, progress: Progress, unread: Collection[str] = (), workers: int | None = 1
) -> Iterator[Folded]:
    """Every patient of whom something was written, in the order of their pseudonyms.

    Args:
        connection: one view of the register. Other processes have views of their own, which know nothing of what this one wrote.
        progress: told how many events were read.
        unread: kinds of event whose bodies are not asked for; they stay shut.
        workers: processes; None: as many as this machine has processors, if there is enough to do.

    Raises:
        SealError: a body does not open with the patient's key.
        RegisterError: a process ended before it was done.
    """
    whole = Share(all_keys(connection), end_of_chain(connection)[0], unread=tuple(unread))
    several = _fitting(whole) if workers is None else workers
    if several < 2:
        yield from replayed(connection, whole, progress)
    else:
        address = connection.engine.url.render_as_string(hide_password=False)
        yield from _together([Work(address, share) for share in _shares(whole, several)], progress)


def _fitting(whole: Share) -> int:
    """As many as there are processors to run on; one where a process cannot wait for several."""
    if whole.last < WORTH_IT or os.name != "posix" or not sys.executable:
        return 1
    processors = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    return min(processors, MOST)


def _shares(whole: Share, several: int) -> Iterator[Share]:
    names = sorted(whole.keys)
    step = max(1, -(-len(names) // several))
    for low, high in pairwise((whole.low, *names[step::step], whole.high)):
        keys = {name: key for name, key in whole.keys.items() if name >= low and (not high or name < high)}
        yield msgspec.structs.replace(whole, keys=keys, low=low, high=high)


# whoever hands out -----------------------------------------------------------------------------------------------------------
@final
class _Worker:
    """One process, and the last word of it that nobody has taken yet."""

    def __init__(self) -> None:
        command = [sys.executable, "-m", "isocourse.register.workers"]
        told = os.environ | {"PYTHONPATH": os.pathsep.join(filter(None, sys.path))}
        self.process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, bufsize=0, env=told)
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        self._ear, self.mouth = self.process.stdin, self.process.stdout
        self.word: Word | None = None

    def tell(self, work: Work) -> None:
        try:
            with self._ear as pipe:
                _all_of(pipe, msgspec.msgpack.encode(work))
        except BrokenPipeError:
            return  # what it says, or that it says nothing, tells why

    def listen(self, progress: Progress) -> None:
        """Takes the next word; one that only tells of progress is passed on."""
        size = _exactly(self.mouth, 4)
        text = _exactly(self.mouth, int.from_bytes(size, "big"))
        word = _said(text) if text else Failed("a process ended before it was done")
        if isinstance(word, Read):
            progress(word.events)
        else:
            self.word = word

    def end(self) -> None:
        self.process.kill()
        self.process.wait()
        self._ear.close()
        self.mouth.close()


@contextmanager
def _working(work: Sequence[Work]) -> Iterator[list[_Worker]]:
    workers = [_Worker() for _ in work]
    try:
        for worker, theirs in zip(workers, work, strict=True):
            worker.tell(theirs)
        yield workers
    finally:
        for worker in workers:
            worker.end()


def _together(work: Sequence[Work], progress: Progress) -> Iterator[Folded]:
    with _working(work) as workers:
        for worker in workers:
            while not isinstance(word := _next(worker, workers, progress), Done):
                if isinstance(word, Made):
                    yield from word.folded
                elif isinstance(word, Shut):
                    raise SealError(word.seq)
                elif isinstance(word, Failed):
                    raise RegisterError(f"{word.line}; try again. Nothing of this was written.")


def _next(one: _Worker, workers: Sequence[_Worker], progress: Progress) -> Word:
    """The next word of one of them; the others are heard as far as they tell of progress."""
    while one.word is None:
        heard = {worker.mouth: worker for worker in workers if worker.word is None}
        for pipe in ready(list(heard), [], [])[0]:
            heard[pipe].listen(progress)
    word, one.word = one.word, None
    return word


def _exactly(pipe: IO[bytes], size: int) -> bytes:
    """So many bytes; fewer only where nothing more comes."""
    found = bytearray()
    while len(found) < size and (some := pipe.read(size - len(found))):
        found += some
    return bytes(found)


def _all_of(pipe: IO[bytes], text: bytes) -> None:
    left = memoryview(text)
    while left:
        left = left[pipe.write(left) :]


# whoever folds ---------------------------------------------------------------------------------------------------------------
def main() -> None:
    """Folds one share."""
    out = sys.stdout.buffer
    try:
        work = msgspec.msgpack.decode(sys.stdin.buffer.read(), type=Work)
        with uncollected():
            _fold(work, out)
        _say(out, Done())
    except SealError as problem:
        _say(out, Shut(problem.seq))
    except RegisterError as problem:
        _say(out, Failed(str(problem)))
    except BrokenPipeError:
        os._exit(1)  # nobody listens any more


def _fold(work: Work, out: IO[bytes]) -> None:
    engine = open_engine(work.register)
    waiting: list[Folded] = []
    with reading(engine) as connection:
        for each in replayed(connection, work.share, lambda events: _say(out, Read(events))):
            waiting.append(each)
            if len(waiting) == BATCH:
                _say(out, Made(waiting))
                waiting = []
    _say(out, Made(waiting))
    engine.dispose()


def _say(out: IO[bytes], word: Word) -> None:
    text = msgspec.msgpack.encode(word)
    out.write(len(text).to_bytes(4, "big") + text)
    out.flush()


if __name__ == "__main__":
    main()

"""The workbench is ready soon: what few pages need is loaded by the first who asks, and the start itself is set aside from the collector."""

import gc
import os
import subprocess
import sys
import threading

import pytest

from isocourse.web.ready import hurry, settle
from tests.conftest import REPOSITORY
from tests.web.bench import Bench

LATE = ("alembic", "authlib", "cryptography", "numpy", "rich", "sqlalchemy", "vl_convert", "z3")


def test_a_workbench_without_a_register_loads_no_database_and_no_arrays() -> None:
    said = "import sys, isocourse.web.desk, isocourse.web.server; print(*sys.modules)"
    told = os.environ | {"PYTHONPATH": str(REPOSITORY / "src")}
    done = subprocess.run([sys.executable, "-c", said], capture_output=True, text=True, check=True, env=told)
    assert sorted(set(LATE) & set(done.stdout.split())) == []


def test_what_was_loaded_is_set_aside_and_a_first_page_is_made(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    made: list[object] = []
    monkeypatch.setattr("isocourse.web.ready.warm", made.append)
    settle(bench.house)
    assert made == [], "without a hurried start nothing is done"
    hurry()
    try:
        assert not gc.isenabled()
        settle(bench.house)
        assert gc.isenabled()
        assert gc.get_freeze_count() > 0
        for thread in threading.enumerate():
            if thread.name == "warm":
                thread.join()
    finally:
        gc.enable()
        gc.unfreeze()
    assert made == [bench.house]

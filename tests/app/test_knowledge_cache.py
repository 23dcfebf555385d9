"""The knowledge is read once and kept; what changed on the disk is never answered from what was kept before."""

from __future__ import annotations

from pathlib import Path
from shutil import copytree

import pytest

from isocourse.app import knowledge
from isocourse.app.knowledge import cache_folder, load_library, shipped
from isocourse.facts.problem import ReadError
from isocourse.library import Library


@pytest.fixture(autouse=True)
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "kept"))
    return cache_folder()


@pytest.fixture
def own(tmp_path: Path) -> Path:
    """A small folder laid over the shipped knowledge."""
    folder = tmp_path / "own"
    copytree(shipped() / "protocols" / "seed-review", folder / "protocols" / "seed-review")
    return folder


def test_a_second_start_reads_no_knowledge_files(library: Library, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(knowledge, "_read", lambda roots: library)
    assert load_library() is library
    monkeypatch.setattr(knowledge, "_read", lambda roots: pytest.fail("the files were read again"))
    assert load_library() == library


@pytest.mark.parametrize("spoilt", [b"", b"\x00" * 50, None], ids=["empty", "other", "cut"])
def test_a_cache_that_is_no_cache_is_made_anew(
    library: Library, cache: Path, monkeypatch: pytest.MonkeyPatch, spoilt: bytes | None
) -> None:
    monkeypatch.setattr(knowledge, "_read", lambda roots: library)
    load_library()
    [kept] = cache.iterdir()
    whole = kept.read_bytes()
    kept.write_bytes(whole[:-9] if spoilt is None else spoilt)
    assert load_library() is library
    assert kept.read_bytes() == whole


def test_a_file_that_changed_is_read_and_its_mistake_told(own: Path) -> None:
    before = load_library(own)
    assert load_library(own) == before
    file = next(own.rglob("titration.yaml"))
    file.write_text(file.read_text("utf-8") + "\nnonsense: true\n", "utf-8")
    with pytest.raises(ReadError, match="nonsense"):
        load_library(own)


def test_without_a_place_to_keep_it_the_knowledge_is_read(
    library: Library, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "kept").write_text("a file where the folder should be")
    monkeypatch.setattr(knowledge, "_read", lambda roots: library)
    assert load_library() is library
    assert load_library() is library

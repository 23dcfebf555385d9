"""A backup restored is the same register, on either database; what is not a whole backup is refused."""

from __future__ import annotations

from collections.abc import Callable
from hashlib import sha256
from pathlib import Path

import pytest

from isocourse.register.backup import back_up, restore
from isocourse.register.database import open_engine
from isocourse.register.problem import RegisterError
from isocourse.register.register import Register, empty_register, open_register
from isocourse.register.verify import verify
from isocourse.register.versions import version_of
from tests.register.conftest import STAMP, Place
from tests.register.invented import admit, visit, weight


@pytest.fixture
def saved(register: Register, tmp_path: Path) -> Path:
    """A backup of a register with one patient erased and two there."""
    for name in ("Ann", "Bo", "Cy"):
        admit(register, [weight(60), weight(61)], name=name)
    register.erase(STAMP, admit(register, [weight(77)], name="Zebedee")[0].patient, "asked")
    place = tmp_path / "all.jsonl"
    assert back_up(register, place, STAMP) == 18
    return place


def test_a_restored_register_has_the_same_events_identities_and_rows(
    register: Register, saved: Path, tmp_path: Path
) -> None:
    other = empty_register(str(tmp_path / "other.db"), register.key)
    head = register.head()
    assert head is not None
    assert restore(other, saved, STAMP) == head.seq
    assert verify(other, (head,), own_key=other.signer().public).faults == []
    with register.reading() as one, other.reading() as two:
        for table in ("identity", "patient", "course", "latest"):
            asked = f"SELECT * FROM {table} ORDER BY 1, 2, 3, 4"
            assert [tuple(map(_plain, row)) for row in one.exec_driver_sql(asked)] == [
                tuple(map(_plain, row)) for row in two.exec_driver_sql(asked)
            ]
    visit(other, admit(other)[1], weight(70))
    assert verify(other).faults == []
    other.close()


def _plain(value: object) -> object:
    return bytes(value) if isinstance(value, memoryview) else value


def test_a_sqlite_register_can_move_to_the_clinic(place: Place, tmp_path: Path, signing_key: Path) -> None:
    desk = Place("sqlite", str(tmp_path / "desk.db"), signing_key, None).made()
    admit(desk, [weight(60)])
    saved = tmp_path / "all.jsonl"
    back_up(desk, saved, STAMP)
    clinic = empty_register(place.url, tmp_path / "another-key.pem")
    restore(clinic, saved, STAMP)
    assert verify(clinic, own_key=clinic.signer().public).faults == []
    assert clinic.signer().public != desk.signer().public
    clinic.close()
    desk.close()


def test_a_backup_can_be_read_by_its_owner_only(saved: Path) -> None:
    assert saved.stat().st_mode & 0o077 == 0
    assert b"Ann" in saved.read_bytes()
    assert b"Zebedee" not in saved.read_bytes()


def test_a_backup_of_before_there_was_a_trail_is_still_read(register: Register, saved: Path, tmp_path: Path) -> None:
    *body, _ = saved.read_bytes().replace(b"register backup 2", b"register backup 1").splitlines(keepends=True)
    saved.write_bytes(b"".join(body) + b'{"sha256":"%b"}\n' % sha256(b"".join(body)).hexdigest().encode())
    other = empty_register(str(tmp_path / "other.db"), register.key)
    assert restore(other, saved, STAMP) == 18
    assert verify(other, own_key=other.signer().public).faults == []
    other.close()


@pytest.mark.parametrize(
    ("spoil", "said"),
    [
        pytest.param(lambda text: text[: len(text) // 2], "not a whole backup", id="cut-off"),
        pytest.param(lambda text: text.replace(b'"Ann"', b'"Eve"'), "checksum does not fit", id="changed"),
        pytest.param(lambda text: b"", "not a whole backup", id="empty"),
        pytest.param(lambda text: b"[]\n" + text, "not a whole backup", id="something-before-it"),
        pytest.param(
            lambda text: text.replace(b"backup 2", b"backup 9", 1), 'backup 9" cannot be read', id="of-another-kind"
        ),
    ],
)
def test_what_is_not_a_whole_backup_is_refused_and_nothing_is_written(
    register: Register, saved: Path, tmp_path: Path, spoil: Callable[[bytes], bytes], said: str
) -> None:
    bad = tmp_path / "bad.jsonl"
    bad.write_bytes(spoil(saved.read_bytes()))
    other = empty_register(str(tmp_path / "other.db"), register.key)
    with pytest.raises(RegisterError, match=said):
        restore(other, bad, STAMP)
    assert verify(other).events == 0
    other.close()


def test_a_backup_is_restored_into_an_empty_register_only(register: Register, saved: Path) -> None:
    before = verify(register).last
    with pytest.raises(RegisterError, match="something is in it already"):
        restore(register, saved, STAMP)
    assert verify(register).last == before


def test_a_backup_never_overwrites_a_file(register: Register, saved: Path) -> None:
    before = saved.read_bytes()
    with pytest.raises(RegisterError, match="left as it is"):
        back_up(register, saved, STAMP)
    assert saved.read_bytes() == before


def test_a_backup_that_cannot_be_written_leaves_no_half_file(register: Register, tmp_path: Path) -> None:
    with pytest.raises(RegisterError, match="cannot be written"):
        back_up(register, tmp_path / "nowhere" / "all.jsonl", STAMP)
    assert not (tmp_path / "nowhere").exists()


def test_an_empty_place_is_not_taken_for_a_register(place: Place, tmp_path: Path) -> None:
    if place.server is None:
        Path(place.url).touch()
    with pytest.raises(RegisterError, match="no register here yet"):
        open_register(place.url, place.key)
    engine = open_engine(place.url)
    assert version_of(engine) == ""
    engine.dispose()

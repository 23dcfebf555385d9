"""The tables of a register: events, which are the truth; identities with their keys; signed heads; projections; who looked at what."""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, Index, Integer, LargeBinary, MetaData, String, Table, Text, UniqueConstraint

SEQ = BigInteger().with_variant(Integer, "sqlite")

METADATA = MetaData()

EVENT = Table(
    "event",
    METADATA,
    Column("seq", SEQ, primary_key=True, autoincrement=False),
    Column("patient", String(20), nullable=False),
    Column("course", String(20), nullable=False),
    Column("version", Integer, nullable=False),
    Column("kind", String(40), nullable=False),
    Column("actor", Text, nullable=False),
    Column("at", String(40), nullable=False),
    Column("knowledge", String(64), nullable=False),
    Column("body", LargeBinary, nullable=False),
    Column("prev", LargeBinary(32), nullable=False),
    Column("hash", LargeBinary(32), nullable=False),
    UniqueConstraint("patient", "course", "version", name="event_version"),
)
"""Append-only. An empty patient and course: about the register itself. `version` counts the events of one patient and course."""

IDENTITY = Table(
    "identity",
    METADATA,
    Column("patient", String(20), primary_key=True),
    Column("key", LargeBinary(32), nullable=False),
    Column("name", Text, nullable=False),
    Column("name_key", Text, nullable=False),
    Column("birth", String(10), nullable=False),
    Column("number", Text, nullable=False),
    Column("contact", Text, nullable=False),
    Index("identity_number", "number"),
    Index("identity_name_key", "name_key"),
)
"""Who stands behind a pseudonym, and the key that opens the patient's events. Deleting the row erases both."""


def _heads(name: str) -> Table:
    """Signed heads of a chain: number and hash of its last entry, when, by which key."""
    return Table(
        name,
        METADATA,
        Column("seq", SEQ, primary_key=True, autoincrement=False),
        Column("hash", String(64), nullable=False),
        Column("at", String(40), nullable=False),
        Column("key", String(64), nullable=False),
        Column("signature", String(128), nullable=False),
    )


HEAD = _heads("head")

TRAIL = Table(
    "trail",
    METADATA,
    Column("seq", SEQ, primary_key=True, autoincrement=False),
    Column("at", String(40), nullable=False),
    Column("who", Text, nullable=False),
    Column("called", Text, nullable=False),
    Column("roles", Text, nullable=False),
    Column("what", Text, nullable=False),
    Column("courses", Text, nullable=False),
    Column("outcome", Integer, nullable=False),
    Column("prev", LargeBinary(32), nullable=False),
    Column("hash", LargeBinary(32), nullable=False),
    Index("trail_at", "at"),
)
"""Who looked at or wrote what, in a clinic; append-only, a chain of its own. Courses by their pseudonyms; nothing of a patient."""

TRAIL_HEAD = _heads("trail_head")

TRAIL_COURSE = Table(
    "trail_course",
    METADATA,
    Column("course", String(20), primary_key=True),
    Column("seq", SEQ, primary_key=True, autoincrement=False),
    sqlite_with_rowid=False,
)
"""Which entries of the trail name a course; append-only too, and compared with the trail."""

PATIENT = Table(
    "patient",
    METADATA,
    Column("patient", String(20), primary_key=True),
    Column("recorded_gender", Text, nullable=False),
    Column("sex_at_birth", Text, nullable=False),
    Column("courses", Integer, nullable=False),
    Column("last_seq", SEQ, nullable=False),
    sqlite_with_rowid=False,
)

TOLD = ("first_dose", "last_dose", "jurisdiction", "product", "streams")
"""What lists ask of a course, beside its newest day. An index holds all of it, so that a page is found there alone."""

COURSE = Table(
    "course",
    METADATA,
    Column("course", String(20), primary_key=True),
    Column("patient", String(20), nullable=False),
    Column("version", Integer, nullable=False),
    Column("jurisdiction", Text, nullable=False),
    Column("product", Text, nullable=False),
    Column("first_dose", String(10), nullable=False),
    Column("last_dose", String(10), nullable=False),
    Column("last_day", String(10), nullable=False),
    Column("entries", Integer, nullable=False),
    Column("last_seq", SEQ, nullable=False),
    Column("streams", Text, nullable=False),
    Index("course_patient", "patient"),
    Index("course_last_day", "last_day", "course", "patient", *TOLD),
    sqlite_with_rowid=False,
)
"""`streams`: the streams and lists of which something is on file, with a space before and after each; `*` where they are too many."""

LATEST = Table(
    "latest",
    METADATA,
    Column("patient", String(20), primary_key=True),
    Column("course", String(20), primary_key=True),
    Column("stream", Text, primary_key=True),
    Column("item", Text, primary_key=True),
    Column("day", String(10), nullable=False),
    Column("value", Text, nullable=False),
    Column("seq", SEQ, nullable=False),
    sqlite_with_rowid=False,
)
"""The newest entry of each stream, or item of a list, in each course."""

WORKLIST = Table(
    "worklist",
    METADATA,
    Column("course", String(20), primary_key=True),
    Column("patient", String(20), nullable=False),
    Column("as_of", String(10), nullable=False),
    Column("knowledge", String(64), nullable=False),
    Column("last_seq", SEQ, nullable=False),
    Column("behind", Integer, nullable=False),
    Column("rank", Integer, nullable=False),
    Column("red", Integer, nullable=False),
    Column("held", Integer, nullable=False),
    Column("overdue", Integer, nullable=False),
    Column("closes_on", String(10), nullable=False),
    Column("asks", Integer, nullable=False),
    Column("told", Text, nullable=False),
    Column("last_day", String(10), nullable=False),
    Column("first_dose", String(10), nullable=False),
    Column("last_dose", String(10), nullable=False),
    Column("jurisdiction", Text, nullable=False),
    Column("product", Text, nullable=False),
    Column("streams", Text, nullable=False),
    Index("worklist_reasons", "rank", "closes_on", "course", "held", "overdue", "asks", "patient", "last_day", *TOLD),
    Index("worklist_last_day", "last_day", "course", "rank", "closes_on", "held", "overdue", "asks", "patient", *TOLD),
    Index("worklist_patient", "patient"),
    Index("worklist_age", "as_of", "knowledge", "behind"),
)
"""What judging a course gave: as of which day, by which knowledge, after which event of the patient; `behind` once more was written.

From `last_day` on it is what the course's row tells now, kept in step with it: a page is found without reading two tables.
"""

COPIED = ("last_day", *TOLD)
"""The columns of the worklist that are the course's own."""

PROJECTIONS = (PATIENT, COURSE, LATEST)
"""Made from the events alone; they may be dropped and rebuilt. The worklist is made by judging."""

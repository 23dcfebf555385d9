"""Version 5: a page of a list is found in one index, whatever is asked of a course, and the trail is found by course.

Rows of a projection lie in the order of their names, a course's row tells its streams, and a line of the worklist what its course's row tells.
"""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"

SEQ = sa.BigInteger().with_variant(sa.Integer, "sqlite")

SQLITE = (
    "CREATE TRIGGER trail_course_no_update BEFORE UPDATE ON trail_course BEGIN SELECT RAISE(ABORT, 'append-only'); END",
    "CREATE TRIGGER trail_course_no_delete BEFORE DELETE ON trail_course BEGIN SELECT RAISE(ABORT, 'append-only'); END",
)
POSTGRESQL = (
    """CREATE TRIGGER trail_course_no_change BEFORE UPDATE OR DELETE ON trail_course
       FOR EACH ROW EXECUTE FUNCTION event_append_only()""",
    """CREATE TRIGGER trail_course_no_truncate BEFORE TRUNCATE ON trail_course
       FOR EACH STATEMENT EXECUTE FUNCTION event_append_only()""",
)


def upgrade() -> None:
    """Makes the projections anew, empty, and one more table beside the trail, filled from it."""
    for name in ("patient", "course", "latest"):
        op.drop_table(name)
    _projections()
    _worklist()
    _trail_course()


def _projections() -> None:
    """Without row numbers of SQLite's own: each row is written once, where its name belongs. The register fills them afterwards."""
    op.create_table(
        "patient",
        sa.Column("patient", sa.String(20), primary_key=True),
        sa.Column("recorded_gender", sa.Text, nullable=False),
        sa.Column("sex_at_birth", sa.Text, nullable=False),
        sa.Column("courses", sa.Integer, nullable=False),
        sa.Column("last_seq", SEQ, nullable=False),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "course",
        sa.Column("course", sa.String(20), primary_key=True),
        sa.Column("patient", sa.String(20), nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("jurisdiction", sa.Text, nullable=False),
        sa.Column("product", sa.Text, nullable=False),
        sa.Column("first_dose", sa.String(10), nullable=False),
        sa.Column("last_dose", sa.String(10), nullable=False),
        sa.Column("last_day", sa.String(10), nullable=False),
        sa.Column("entries", sa.Integer, nullable=False),
        sa.Column("last_seq", SEQ, nullable=False),
        sa.Column("streams", sa.Text, nullable=False),
        sqlite_with_rowid=False,
    )
    op.create_index("course_patient", "course", ["patient"])
    told = ["first_dose", "last_dose", "jurisdiction", "product", "streams"]
    op.create_index("course_last_day", "course", ["last_day", "course", "patient", *told])
    op.create_table(
        "latest",
        sa.Column("patient", sa.String(20), primary_key=True),
        sa.Column("course", sa.String(20), primary_key=True),
        sa.Column("stream", sa.Text, primary_key=True),
        sa.Column("item", sa.Text, primary_key=True),
        sa.Column("day", sa.String(10), nullable=False),
        sa.Column("value", sa.Text, nullable=False),
        sa.Column("seq", SEQ, nullable=False),
        sqlite_with_rowid=False,
    )


def _worklist() -> None:
    """What is asked of a course, on its line too: what was judged stays, and the register fills the rest afterwards."""
    told = ["last_day", "first_dose", "last_dose", "jurisdiction", "product", "streams"]
    for name in told:
        kind = sa.String(10) if name in ("last_day", "first_dose", "last_dose") else sa.Text()
        op.add_column("worklist", sa.Column(name, kind, nullable=False, server_default=""))
    op.drop_index("worklist_reasons", "worklist")
    order = ["rank", "closes_on", "course"]
    op.create_index("worklist_reasons", "worklist", [*order, "held", "overdue", "asks", "patient", *told])


def _trail_course() -> None:
    table = op.create_table(
        "trail_course",
        sa.Column("course", sa.String(20), primary_key=True),
        sa.Column("seq", SEQ, primary_key=True, autoincrement=False),
        sqlite_with_rowid=False,
    )
    told = op.get_bind().execute(sa.text("SELECT seq, courses FROM trail WHERE courses <> '' ORDER BY seq")).fetchall()
    op.bulk_insert(table, [{"course": course, "seq": seq} for seq, courses in told for course in set(courses.split())])
    for statement in SQLITE if op.get_bind().dialect.name == "sqlite" else POSTGRESQL:
        op.execute(statement)


def downgrade() -> None:
    """There is no way back: a backup is restored instead.

    Raises:
        NotImplementedError: always.
    """
    raise NotImplementedError("restore a backup instead")

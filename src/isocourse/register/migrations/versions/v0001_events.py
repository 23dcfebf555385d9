"""Version 1: events that can only be appended, identities with their keys, signed heads, and the first projections."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None

SEQ = sa.BigInteger().with_variant(sa.Integer, "sqlite")

SQLITE = (
    "CREATE TRIGGER event_no_update BEFORE UPDATE ON event BEGIN SELECT RAISE(ABORT, 'append-only'); END",
    "CREATE TRIGGER event_no_delete BEFORE DELETE ON event BEGIN SELECT RAISE(ABORT, 'append-only'); END",
    # REPLACE would remove the old row without asking the trigger above
    """CREATE TRIGGER event_next BEFORE INSERT ON event
       WHEN NEW.seq <> (SELECT coalesce(max(seq), 0) + 1 FROM event)
         OR EXISTS (SELECT 1 FROM event WHERE patient = NEW.patient AND course = NEW.course AND version = NEW.version)
       BEGIN SELECT RAISE(ABORT, 'append-only: not the next event'); END""",
)
POSTGRESQL = (
    """CREATE FUNCTION event_append_only() RETURNS trigger LANGUAGE plpgsql AS
       $$ BEGIN RAISE EXCEPTION 'append-only'; END $$""",
    "CREATE TRIGGER event_no_change BEFORE UPDATE OR DELETE ON event FOR EACH ROW EXECUTE FUNCTION event_append_only()",
    "CREATE TRIGGER event_no_truncate BEFORE TRUNCATE ON event FOR EACH STATEMENT EXECUTE FUNCTION event_append_only()",
)


def upgrade() -> None:
    """Makes the tables."""
    op.create_table(
        "event",
        sa.Column("seq", SEQ, primary_key=True, autoincrement=False),
        sa.Column("patient", sa.String(20), nullable=False),
        sa.Column("course", sa.String(20), nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("kind", sa.String(40), nullable=False),
        sa.Column("actor", sa.Text, nullable=False),
        sa.Column("at", sa.String(40), nullable=False),
        sa.Column("knowledge", sa.String(64), nullable=False),
        sa.Column("body", sa.LargeBinary, nullable=False),
        sa.Column("prev", sa.LargeBinary(32), nullable=False),
        sa.Column("hash", sa.LargeBinary(32), nullable=False),
        sa.UniqueConstraint("patient", "course", "version", name="event_version"),
    )
    for statement in SQLITE if op.get_bind().dialect.name == "sqlite" else POSTGRESQL:
        op.execute(statement)
    op.create_table(
        "identity",
        sa.Column("patient", sa.String(20), primary_key=True),
        sa.Column("key", sa.LargeBinary(32), nullable=False),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("name_key", sa.Text, nullable=False),
        sa.Column("birth", sa.String(10), nullable=False),
        sa.Column("number", sa.Text, nullable=False),
        sa.Column("contact", sa.Text, nullable=False),
    )
    op.create_index("identity_number", "identity", ["number"])
    op.create_index("identity_name_key", "identity", ["name_key"])
    op.create_table(
        "head",
        sa.Column("seq", SEQ, primary_key=True, autoincrement=False),
        sa.Column("hash", sa.String(64), nullable=False),
        sa.Column("at", sa.String(40), nullable=False),
        sa.Column("key", sa.String(64), nullable=False),
        sa.Column("signature", sa.String(128), nullable=False),
    )
    op.create_table(
        "patient",
        sa.Column("patient", sa.String(20), primary_key=True),
        sa.Column("recorded_gender", sa.Text, nullable=False),
        sa.Column("sex_at_birth", sa.Text, nullable=False),
        sa.Column("courses", sa.Integer, nullable=False),
        sa.Column("last_seq", SEQ, nullable=False),
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
    )
    op.create_index("course_patient", "course", ["patient"])


def downgrade() -> None:
    """There is no way back: a backup is restored instead.

    Raises:
        NotImplementedError: always.
    """
    raise NotImplementedError("restore a backup instead")

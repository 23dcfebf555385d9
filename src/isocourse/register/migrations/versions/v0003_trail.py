"""Version 3: who looked at or wrote what, append-only, with signed heads of its own."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"

SEQ = sa.BigInteger().with_variant(sa.Integer, "sqlite")

SQLITE = (
    "CREATE TRIGGER trail_no_update BEFORE UPDATE ON trail BEGIN SELECT RAISE(ABORT, 'append-only'); END",
    "CREATE TRIGGER trail_no_delete BEFORE DELETE ON trail BEGIN SELECT RAISE(ABORT, 'append-only'); END",
    # REPLACE would remove the old row without asking the trigger above
    """CREATE TRIGGER trail_next BEFORE INSERT ON trail
       WHEN NEW.seq <> (SELECT coalesce(max(seq), 0) + 1 FROM trail)
       BEGIN SELECT RAISE(ABORT, 'append-only: not the next entry'); END""",
)
POSTGRESQL = (
    "CREATE TRIGGER trail_no_change BEFORE UPDATE OR DELETE ON trail FOR EACH ROW EXECUTE FUNCTION event_append_only()",
    "CREATE TRIGGER trail_no_truncate BEFORE TRUNCATE ON trail FOR EACH STATEMENT EXECUTE FUNCTION event_append_only()",
)


def upgrade() -> None:
    """Makes the two tables; both begin empty."""
    op.create_table(
        "trail",
        sa.Column("seq", SEQ, primary_key=True, autoincrement=False),
        sa.Column("at", sa.String(40), nullable=False),
        sa.Column("who", sa.Text, nullable=False),
        sa.Column("called", sa.Text, nullable=False),
        sa.Column("roles", sa.Text, nullable=False),
        sa.Column("what", sa.Text, nullable=False),
        sa.Column("courses", sa.Text, nullable=False),
        sa.Column("outcome", sa.Integer, nullable=False),
        sa.Column("prev", sa.LargeBinary(32), nullable=False),
        sa.Column("hash", sa.LargeBinary(32), nullable=False),
    )
    op.create_index("trail_at", "trail", ["at"])
    for statement in SQLITE if op.get_bind().dialect.name == "sqlite" else POSTGRESQL:
        op.execute(statement)
    op.create_table(
        "trail_head",
        sa.Column("seq", SEQ, primary_key=True, autoincrement=False),
        sa.Column("hash", sa.String(64), nullable=False),
        sa.Column("at", sa.String(40), nullable=False),
        sa.Column("key", sa.String(64), nullable=False),
        sa.Column("signature", sa.String(128), nullable=False),
    )


def downgrade() -> None:
    """There is no way back: a backup is restored instead.

    Raises:
        NotImplementedError: always.
    """
    raise NotImplementedError("restore a backup instead")

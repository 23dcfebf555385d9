"""Version 2: the newest entry of each stream, what judging gave, and an index of the newest days."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"

SEQ = sa.BigInteger().with_variant(sa.Integer, "sqlite")


def upgrade() -> None:
    """Makes two more projections; the register fills them afterwards."""
    op.create_table(
        "latest",
        sa.Column("patient", sa.String(20), primary_key=True),
        sa.Column("course", sa.String(20), primary_key=True),
        sa.Column("stream", sa.Text, primary_key=True),
        sa.Column("item", sa.Text, primary_key=True),
        sa.Column("day", sa.String(10), nullable=False),
        sa.Column("value", sa.Text, nullable=False),
        sa.Column("seq", SEQ, nullable=False),
    )
    op.create_table(
        "worklist",
        sa.Column("course", sa.String(20), primary_key=True),
        sa.Column("patient", sa.String(20), nullable=False),
        sa.Column("as_of", sa.String(10), nullable=False),
        sa.Column("knowledge", sa.String(64), nullable=False),
        sa.Column("last_seq", SEQ, nullable=False),
        sa.Column("behind", sa.Integer, nullable=False),
        sa.Column("rank", sa.Integer, nullable=False),
        sa.Column("red", sa.Integer, nullable=False),
        sa.Column("held", sa.Integer, nullable=False),
        sa.Column("overdue", sa.Integer, nullable=False),
        sa.Column("closes_on", sa.String(10), nullable=False),
        sa.Column("asks", sa.Integer, nullable=False),
        sa.Column("told", sa.Text, nullable=False),
    )
    op.create_index("worklist_rank", "worklist", ["rank", "closes_on", "course"])
    op.create_index("worklist_patient", "worklist", ["patient"])
    op.create_index("worklist_age", "worklist", ["as_of", "knowledge", "behind"])
    op.create_index("course_last_day", "course", ["last_day", "course", "first_dose", "last_dose"])


def downgrade() -> None:
    """There is no way back: a backup is restored instead.

    Raises:
        NotImplementedError: always.
    """
    raise NotImplementedError("restore a backup instead")

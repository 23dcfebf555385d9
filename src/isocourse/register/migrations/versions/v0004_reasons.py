"""Version 4: the order of the worklist with every reason to be on it, so that a page is found without reading lines that it does not show."""

from alembic import op

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    """Makes one index in place of another."""
    op.drop_index("worklist_rank", "worklist")
    op.create_index(
        "worklist_reasons", "worklist", ["rank", "closes_on", "course", "held", "overdue", "asks", "patient"]
    )


def downgrade() -> None:
    """There is no way back: a backup is restored instead.

    Raises:
        NotImplementedError: always.
    """
    raise NotImplementedError("restore a backup instead")

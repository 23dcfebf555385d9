"""Version 6: a search among lines of the worklist, newest first, is walked in an index of its own."""

from alembic import op

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    """Makes the index."""
    told = ["first_dose", "last_dose", "jurisdiction", "product", "streams"]
    asked = ["rank", "closes_on", "held", "overdue", "asks", "patient"]
    op.create_index("worklist_last_day", "worklist", ["last_day", "course", *asked, *told])


def downgrade() -> None:
    """There is no way back: a backup is restored instead.

    Raises:
        NotImplementedError: always.
    """
    raise NotImplementedError("restore a backup instead")

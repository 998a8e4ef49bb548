"""Which thread a run is in, what was said there, and how it stands."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """Make the tables of the threads."""
    op.add_column("runs", sa.Column("thread", sa.Text, nullable=False, server_default=""))
    op.create_index("runs_by_thread", "runs", ["thread", "asked_at"])
    op.create_table(
        "entries",
        sa.Column("run_id", sa.Text, primary_key=True),
        sa.Column("ts", sa.Text, primary_key=True),
        sa.Column("ours", sa.Boolean, primary_key=True),
        sa.Column("author", sa.Text, nullable=False),
        sa.Column("at", sa.Float, nullable=False),
        sa.Column("verdict", sa.Text, nullable=False),
        sa.Column("document", sa.Text, nullable=False),
    )
    op.create_index("entries_by_author", "entries", ["author", "at"])
    op.create_table(
        "threads",
        sa.Column("run_id", sa.Text, primary_key=True),
        sa.Column("document", sa.Text, nullable=False),
    )

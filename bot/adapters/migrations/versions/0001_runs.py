"""Runs as people know them, and a row to see whether anything can be kept at all."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None


def upgrade() -> None:
    """Make the first tables."""
    op.create_table(
        "runs",
        sa.Column("id", sa.Text, primary_key=True),
        sa.Column("team", sa.Text, nullable=False),
        sa.Column("channel", sa.Text, nullable=False),
        sa.Column("asker", sa.Text, nullable=False),
        sa.Column("asked_at", sa.Float, nullable=False),
        sa.Column("phase", sa.Text, nullable=False),
        sa.Column("document", sa.Text, nullable=False),
    )
    op.create_index("runs_by_place", "runs", ["team", "channel", "asked_at"])
    op.create_index("runs_by_time", "runs", ["asked_at"])
    pulse = op.create_table("pulse", sa.Column("at", sa.Float, nullable=False))
    op.bulk_insert(pulse, [{"at": 0.0}])

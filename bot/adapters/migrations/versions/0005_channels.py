"""Channels that got a new id."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    """Of an earlier release nothing is known: it was not told of such changes."""
    op.create_table(
        "channels",
        sa.Column("former", sa.Text, primary_key=True),
        sa.Column("current", sa.Text, nullable=False),
        sa.Column("at", sa.Float, nullable=False),
    )

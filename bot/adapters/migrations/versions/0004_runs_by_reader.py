"""Runs that everybody may read, and runs by who asked for them: for the Home tab."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    """Of an earlier run it is not known who may read it: it counts as not public."""
    op.add_column("runs", sa.Column("public", sa.Boolean, nullable=False, server_default=sa.false()))
    op.create_index("runs_by_asker", "runs", ["team", "asker", "asked_at"])
    op.create_index("runs_in_public", "runs", ["team", "public", "asked_at"])

"""What runs and answers cost a month."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    """What was spent before is not counted: there was no budget yet."""
    op.create_table(
        "costs",
        sa.Column("run_id", sa.Text, primary_key=True),
        sa.Column("name", sa.Text, primary_key=True),
        sa.Column("month", sa.Text, primary_key=True),
        sa.Column("dollars", sa.Float, nullable=False),
    )
    op.create_index("costs_by_month", "costs", ["month", "dollars"])

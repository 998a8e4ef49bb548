"""What runs took, deep ones apart: for estimates that read no run's texts."""

import json

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"

LATEST = 50  # runs that an estimate is made of


def upgrade() -> None:
    """Earlier runs were not deep; how long the latest took stands in their documents."""
    op.add_column("runs", sa.Column("deep", sa.Boolean, nullable=False, server_default=sa.false()))
    op.add_column("runs", sa.Column("seconds", sa.Float))
    op.add_column("runs", sa.Column("calls", sa.Integer))
    op.add_column("runs", sa.Column("dollars", sa.Text))
    op.create_index("runs_by_depth", "runs", ["deep", "asked_at"])
    runs = sa.table("runs", *(sa.column(name) for name in ("id", "asked_at", "phase", "document", "seconds", "calls")))
    reported = sa.select(runs.c.id, runs.c.document).where(runs.c.phase.in_(["done", "partial"]))
    for run_id, document in op.get_bind().execute(reported.order_by(runs.c.asked_at.desc()).limit(LATEST)).all():
        run = json.loads(document)
        if run.get("attempt", 1) == 1 and not run.get("resumed_at"):
            op.execute(runs.update().where(runs.c.id == run_id).values(seconds=run["seconds"], calls=0))

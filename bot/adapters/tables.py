"""Our tables: what is kept of runs and channels. One that is added to KEPT is moved and forgotten with the others."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import SQLAlchemyError

from bot.adapters.causes import down
from bot.adapters.database import Database

ONE_GO = 100  # rows that are read together: the server waits for the next ones only so long
_METADATA = sa.MetaData()

RUNS = sa.Table(
    "runs",
    _METADATA,
    sa.Column("id", sa.Text, primary_key=True),
    sa.Column("asked_at", sa.Float),
    sa.Column("public", sa.Boolean),
    sa.Column("deep", sa.Boolean),
    sa.Column("seconds", sa.Float),
    sa.Column("calls", sa.Integer),
    *(sa.Column(name, sa.Text) for name in ("team", "channel", "asker", "phase", "thread", "dollars", "document")),
)
ENTRIES = sa.Table(
    "entries",
    _METADATA,
    sa.Column("run_id", sa.Text, primary_key=True),
    sa.Column("ts", sa.Text, primary_key=True),
    sa.Column("ours", sa.Boolean, primary_key=True),
    sa.Column("author", sa.Text),
    sa.Column("at", sa.Float),
    *(sa.Column(name, sa.Text) for name in ("verdict", "document")),
)
THREADS = sa.Table(
    "threads",
    _METADATA,
    sa.Column("run_id", sa.Text, primary_key=True),
    sa.Column("document", sa.Text),
)
EXPORTS = sa.Table(
    "exports",
    _METADATA,
    sa.Column("run_id", sa.Text, primary_key=True),
    sa.Column("kind", sa.Text, primary_key=True),
    sa.Column("attempt", sa.Integer, primary_key=True),
    sa.Column("link", sa.Text),
    sa.Column("failures", sa.Integer),
)
FEEDBACK = sa.Table(
    "feedback",
    _METADATA,
    sa.Column("run_id", sa.Text, primary_key=True),
    sa.Column("user", sa.Text, primary_key=True),
    *(sa.Column(name, sa.Text) for name in ("verdict", "reasons", "comment")),
    sa.Column("at", sa.Float),
)
CHANNELS = sa.Table(
    "channels",
    _METADATA,
    sa.Column("former", sa.Text, primary_key=True),
    sa.Column("current", sa.Text),
    sa.Column("at", sa.Float),
)
COSTS = sa.Table(
    "costs",
    _METADATA,
    *(sa.Column(name, sa.Text, primary_key=True) for name in ("run_id", "name", "month")),
    sa.Column("dollars", sa.Float),
)
MARKS = sa.Table(
    "marks",
    _METADATA,
    sa.Column("name", sa.Text, primary_key=True),
    sa.Column("value", sa.Text),
    sa.Column("at", sa.Float),
)
# Each table that belongs to runs, with the column that holds the run's id.
KEPT: tuple[tuple[sa.Table, sa.Column[str]], ...] = (
    (RUNS, RUNS.c.id),
    (ENTRIES, ENTRIES.c.run_id),
    (THREADS, THREADS.c.run_id),
    (EXPORTS, EXPORTS.c.run_id),
    (FEEDBACK, FEEDBACK.c.run_id),
)


def upsert(connection: sa.Connection, table: sa.Table, row: dict[str, object]) -> None:
    """Put a row in place of the one with the same key."""
    new = _insert(connection, table, row)
    keys = [column.name for column in table.primary_key]
    connection.execute(new.on_conflict_do_update(index_elements=keys, set_={name: new.excluded[name] for name in row}))


def insert(connection: sa.Connection, table: sa.Table, row: dict[str, object]) -> bool:
    """Put a row there unless one with the same key is; give whether it was put."""
    keys = list(table.primary_key)
    return connection.scalar(_insert(connection, table, row).on_conflict_do_nothing().returning(*keys)) is not None


def _insert(connection: sa.Connection, table: sa.Table, row: dict[str, object]) -> sqlite.Insert | postgresql.Insert:
    kind = sqlite if connection.dialect.name == "sqlite" else postgresql
    new: sqlite.Insert | postgresql.Insert = kind.insert(table).values(row)
    return new


def forget(connection: sa.Connection, run_ids: Sequence[str]) -> None:
    """Delete all that is kept of these runs; what they cost stays, but no longer says which they were."""
    _sum_up(connection, run_ids)
    for table, run_id in KEPT:
        connection.execute(sa.delete(table).where(run_id.in_(run_ids)))


def _sum_up(connection: sa.Connection, run_ids: Sequence[str]) -> None:
    """Add what these runs cost to the row of each month that belongs to no run; another process may do so as well."""
    gone = sa.delete(COSTS).where(COSTS.c.run_id.in_(run_ids)).returning(COSTS.c.month, COSTS.c.dollars)
    sums: defaultdict[str, float] = defaultdict(float)
    for month, dollars in connection.execute(gone):
        sums[month] += dollars
    for month, dollars in sorted(sums.items()):
        insert(connection, COSTS, {"run_id": "", "name": "", "month": month, "dollars": 0})
        of_none = (COSTS.c.run_id == "") & (COSTS.c.month == month)
        connection.execute(sa.update(COSTS).where(of_none).values(dollars=COSTS.c.dollars + dollars))


def copy(source: Database, target: Database) -> int:
    """Copy all that is kept of runs and channels, in place of rows with the same key; give how many runs there are."""
    copied: dict[str, int] = {}
    try:
        with source.engine.connect() as one, target.engine.begin() as other:
            for table in (*(table for table, _ in KEPT), CHANNELS, COSTS):
                copied[table.name] = _copy(one, other, table)
    except SQLAlchemyError as error:
        raise down(error) from error
    return copied[RUNS.name]


def _copy(one: sa.Connection, other: sa.Connection, table: sa.Table) -> int:
    copied = 0
    for rows in one.execution_options(yield_per=ONE_GO).execute(sa.select(table)).mappings().partitions():
        for row in rows:
            upsert(other, table, dict(row))
        copied += len(rows)
    return copied

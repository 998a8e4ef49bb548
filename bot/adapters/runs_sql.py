"""The Runs port on the database: one row a run, its document whole, its columns for looking it up."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

import sqlalchemy as sa
import structlog
from pydantic import ValidationError

from bot.adapters.costs_sql import SqlCosts
from bot.adapters.database import Database
from bot.adapters.tables import RUNS, forget, upsert
from bot.research.run_state import Run
from bot.service.channels import ChannelIds
from bot.service.estimates import Took, took

log = structlog.get_logger(__name__)


class SqlRuns:
    """Runs in a table, found by any id of their channel; every method raises StoreDown if the database is down."""

    def __init__(self, database: Database, channels: ChannelIds | None = None, costs: SqlCosts | None = None) -> None:
        self._database, self._channels = database, channels or ChannelIds()
        self._costs = costs or SqlCosts(database)

    async def save(self, run: Run) -> None:
        """Keep a run as it stands, in place of how it stood before."""

        def keep(connection: sa.Connection) -> None:
            upsert(connection, RUNS, _row(run))
            self._costs.book(connection, run.id, "", run.usage)

        await self._database.run(keep)

    async def spent(self) -> Decimal:
        """What runs and answers have cost this month (UTC), in dollars."""
        return await self._costs.spent()

    async def find(self, run_id: str) -> Run | None:
        """The run as it was saved last."""
        found = await self._read(sa.select(RUNS.c.document).where(RUNS.c.id == run_id))
        return found[0] if found else None

    async def in_thread(self, thread: str) -> Run | None:
        """The newest run whose thread this is, as Run.thread has it."""
        here = sa.select(RUNS.c.document).where(RUNS.c.thread.in_(self._channels.threads(thread)))
        found = await self._read(here.order_by(RUNS.c.asked_at.desc()).limit(1))
        return found[0] if found else None

    async def latest(self, team: str, channel: str, most: int) -> list[Run]:
        """Runs that were asked for in a channel, the newest first."""
        in_it = RUNS.c.channel.in_(self._channels.same(channel))
        here = sa.select(RUNS.c.document).where(RUNS.c.team == team, in_it)
        return await self._read(here.order_by(RUNS.c.asked_at.desc()).limit(most))

    async def by_asker(self, team: str, asker: str, most: int) -> tuple[list[Run], int]:
        """Runs that somebody asked for, the newest first, and how many there are in all."""
        return await self._newest(sa.and_(RUNS.c.team == team, RUNS.c.asker == asker), most)

    async def public(self, team: str, most: int) -> tuple[list[Run], int]:
        """The same of runs that everybody in a workspace is known to be able to read."""
        return await self._newest(sa.and_(RUNS.c.team == team, RUNS.c.public), most)

    async def took(self, deep: bool, most: int) -> list[Took]:
        """What the latest runs took, deep ones or the others, the oldest of them first."""
        such = sa.select(RUNS.c.seconds, RUNS.c.calls, RUNS.c.dollars).where(RUNS.c.deep.is_(deep))
        latest = such.where(RUNS.c.seconds.is_not(None)).order_by(RUNS.c.asked_at.desc()).limit(most)
        rows = await self._database.run(lambda connection: connection.execute(latest).all())
        return [Took(seconds, calls, Decimal(dollars) if dollars else None) for seconds, calls, dollars in rows[::-1]]

    async def since(self, moment: float) -> list[Run]:
        """Runs that were asked for since then, in seconds since the epoch."""
        return await self._read(sa.select(RUNS.c.document).where(RUNS.c.asked_at >= moment))

    async def older(self, moment: float) -> list[str]:
        """The ids of runs that were asked for before then."""
        query = sa.select(RUNS.c.id).where(RUNS.c.asked_at < moment)
        return await self._database.run(lambda connection: list(connection.scalars(query)))

    async def forget(self, run_ids: Sequence[str]) -> None:
        """Delete all that is kept of these runs, their threads too."""
        await self._database.run(lambda connection: forget(connection, run_ids))

    async def _newest(self, wanted: sa.ColumnElement[bool], most: int) -> tuple[list[Run], int]:
        counted = sa.select(sa.func.count()).select_from(RUNS).where(wanted)
        total = await self._database.run(lambda connection: connection.scalar(counted))
        query = sa.select(RUNS.c.document).where(wanted).order_by(RUNS.c.asked_at.desc()).limit(most)
        return await self._read(query), total or 0

    async def _read(self, query: sa.Select[Any]) -> list[Run]:
        documents = await self._database.run(lambda connection: list(connection.scalars(query)))
        return [run for run in map(_run, documents) if run]


def _run(document: str) -> Run | None:
    """A run as it was kept; None for one that a newer release kept in a way that this one cannot read."""
    try:
        return Run.model_validate_json(document)
    except ValidationError as error:
        log.error("run.unreadable", errors=error.error_count())
        return None


def _row(run: Run) -> dict[str, object]:
    question, what = run.question, took(run)
    dollars = what.dollars if what else None
    return {
        "id": run.id,
        "team": question.place.team,
        "channel": question.place.channel,
        "asker": question.asker,
        "asked_at": question.asked_at,
        "public": question.place.public,
        "phase": run.phase.value,
        "thread": run.thread,
        "deep": question.deep,
        "seconds": what.seconds if what else None,
        "calls": what.calls if what else None,
        "dollars": None if dollars is None else str(dollars),
        "document": run.model_dump_json(),
    }

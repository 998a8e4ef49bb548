"""The Peers port on Postgres: the engine's own table says what others have taken up, a table of ours holds marks."""

from __future__ import annotations

import asyncio
import time
from collections import defaultdict
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from typing import Any

import sqlalchemy as sa
import structlog
from pydantic import ValidationError

from bot.adapters.causes import down
from bot.adapters.database import Database
from bot.adapters.engine_dbos import ONLY
from bot.adapters.journal_dbos import Json
from bot.adapters.seat_postgres import CHANNEL, Seat
from bot.adapters.tables import MARKS, insert
from bot.research.run_state import Phase
from bot.service.errors import StoreDown
from bot.service.jobs import JOBS, Job, RunJob
from bot.service.peers import Alone, Heard, Peers, Taken, TakeOver

log = structlog.get_logger(__name__)

MARK_SECONDS = 7 * 86_400  # for which a mark is found: nobody delivers an event again after an hour
ONE_TRY = 0.05  # seconds for something that another process does as well
REMEMBERED = 10_000  # jobs that are not read again, more than a busy day has
ENDS = [phase.value for phase in Phase if phase.ended]
UNDONE = ("PENDING", "ENQUEUED")

_TAKEN = sa.text(
    # An attempt that is kept as ended is done, though the engine may not have noted that yet.
    "SELECT workflow_uuid, executor_id, status, CASE WHEN status IN ('PENDING', 'ENQUEUED') "
    "AND runs.phase = ANY(:ends) THEN coalesce((runs.document::json ->> 'attempt')::int, 1) END AS ended "
    "FROM dbos.workflow_status "
    "LEFT JOIN runs ON runs.id = split_part(workflow_uuid, '.', 1) "
    "WHERE starts_with(workflow_uuid, :run) AND (status IN ('PENDING', 'ENQUEUED') OR created_at >= :since)"
)
_KEPT = sa.text(
    "SELECT workflow_uuid, coalesce(input.inputs, status.inputs) AS inputs FROM dbos.workflow_status AS status "
    "LEFT JOIN dbos.workflow_input AS input USING (workflow_uuid) WHERE workflow_uuid = ANY(:names)"
)
SEAT = "seat/"  # the marks of processes that have not said goodbye

_LEFT = sa.text(
    "SELECT executor_id FROM dbos.workflow_status WHERE status = 'PENDING' AND executor_id <> :own "
    "UNION SELECT substr(name, length(:seat) + 1) FROM marks WHERE starts_with(name, :seat) AND name <> :seat || :own"
)
_RING = sa.text("SELECT pg_notify(:channel, :name)")


class PostgresPeers:
    """The other processes on a Postgres, as seen from a seat at it."""

    shared = True

    def __init__(self, database: Database, seat: Seat) -> None:
        self._database, self._seat = database, seat
        self._read: dict[str, Job | None] = {}  # jobs never change once they are kept
        self.takeovers = self.lock_losses = 0
        self._waiting: dict[str, set[asyncio.Event]] = defaultdict(set)
        self._heeding: list[Heard] = []

    async def taken(self, run_id: str = "", since: float | None = None) -> list[Taken]:
        """What was taken up and is not done yet, about one run or all; with all that was since a moment."""
        moment = (1 << 62) if since is None else int(since * 1000)
        which = {"run": run_id, "since": moment, "ends": ENDS}
        found = await self._database.run(lambda connection: self._look(connection, which))
        return [each for each in found if run_id in ("", each.job.run_id)]

    def _look(self, connection: sa.Connection, which: dict[str, object]) -> list[Taken]:
        """Jobs as they stand; those that were never seen are read. Several threads look at once."""
        rows = connection.execute(_TAKEN, which).all()
        read = self._read
        if unread := [row.workflow_uuid for row in rows if row.workflow_uuid not in read]:
            more = {row.workflow_uuid: _job(row.inputs) for row in connection.execute(_KEPT, {"names": unread})}
            read = read | more
            self._read = dict(list(read.items())[-REMEMBERED:])
        return [self._taken(row, job) for row in rows if (job := read.get(row.workflow_uuid))]

    def _taken(self, row: sa.Row[Any], job: Job) -> Taken:
        ended = isinstance(job, RunJob) and row.ended is not None and row.ended >= job.attempt
        return Taken(job, ended or row.status not in UNDONE, row.executor_id == self._seat.name)

    async def left(self) -> list[str]:
        """The names of processes that are gone and left something undone, or left without a goodbye."""
        query = {"own": self._seat.name, "seat": SEAT}
        names = await self._database.run(lambda connection: list(connection.scalars(_LEFT, query)))
        return [name for name in names if await self._seat.is_gone(name)]

    @asynccontextmanager
    async def watching(self, take_over: TakeOver) -> AsyncIterator[None]:
        """Hear what is rung, and have taken over what processes left that are gone, while this is open."""

        async def beat() -> None:
            with suppress(StoreDown):
                for name in await self.left():
                    async with self.hold(f"takeover/{name}", ONE_TRY):  # whoever has it takes all over
                        if name in await self.left():
                            await self._take_over(name, take_over)

        await self.mark(f"{SEAT}{self._seat.name}")
        watch = asyncio.create_task(self._seat.watch(self.heard, beat))
        try:
            yield
        finally:
            watch.cancel()
            await asyncio.wait([watch])
            with suppress(StoreDown):
                await self._unmark(f"{SEAT}{self._seat.name}")

    async def _take_over(self, name: str, take_over: TakeOver) -> None:
        """Go on with what a process left that is gone, and count it."""
        jobs = await take_over(name)
        lost = await self._unmark(f"{SEAT}{name}")
        self.takeovers += bool(jobs)
        self.lock_losses += lost
        if jobs or lost:
            log.warning("process.gone", process=name, jobs=jobs)

    @asynccontextmanager
    async def hold(self, name: str, seconds: float) -> AsyncIterator[None]:
        """Have something of this name to oneself, as soon as nobody else has it, within so many seconds."""
        held = False
        try:
            async with self._seat.hold(name, seconds):
                held = True
                yield
        except TimeoutError as error:
            if held:
                raise
            raise down(error) from error

    async def mark(self, name: str, value: str = "") -> bool:
        """Leave a mark that every process finds; False where one of this name was left before, which stays."""
        row: dict[str, object] = {"name": name, "value": value, "at": time.time()}
        aged, of_a_seat = MARKS.c.at < time.time() - MARK_SECONDS, MARKS.c.name.startswith(SEAT)
        old = sa.delete(MARKS).where(aged, ~of_a_seat)

        def leave(connection: sa.Connection) -> bool:
            connection.execute(old)
            return insert(connection, MARKS, row)

        return await self._database.run(leave)

    async def marked(self, name: str) -> str | None:
        """The value of a mark, None without one."""
        query = sa.select(MARKS.c.value).where(MARKS.c.name == name)
        return await self._database.run(lambda connection: connection.scalar(query))

    async def _unmark(self, name: str) -> bool:
        """Take a mark away; whether there was one."""
        query = sa.delete(MARKS).where(MARKS.c.name == name)
        return await self._database.run(lambda connection: bool(connection.execute(query).rowcount))

    def heed(self, heard: Heard) -> None:
        """Be told each name that is rung, by this process too."""
        self._heeding.append(heard)

    def heard(self, name: str) -> None:
        """A name was rung."""
        for event in self._waiting.get(name, ()):
            event.set()
        for heard in self._heeding:
            heard(name)

    async def ring(self, name: str) -> None:
        """Let every process know that something about this has changed."""
        await self._database.run(lambda connection: connection.execute(_RING, {"channel": CHANNEL, "name": name}))

    async def rung(self, name: str, seconds: float) -> None:
        """Wait until this is rung, so many seconds at most."""
        event = asyncio.Event()
        self._waiting[name].add(event)
        try:
            with suppress(TimeoutError):
                await asyncio.wait_for(event.wait(), seconds)
        finally:
            self._waiting[name].discard(event)
            if not self._waiting[name]:
                del self._waiting[name]


def _job(kept: str) -> Job | None:
    """A job as it was kept; None for one that a newer release kept in a way that this one cannot read."""
    try:
        return JOBS.validate_json(Json().deserialize(kept)["args"][0])
    except (ValidationError, ValueError, KeyError, IndexError, TypeError):
        return None


@asynccontextmanager
async def sharing(database: Database, lost: Callable[[str], None]) -> AsyncIterator[tuple[Peers, str]]:
    """The other processes on a database, and what this one is called among them; ``lost`` is as for a Seat.

    Raises StoreDown, Pooled.
    """
    if database.is_file:
        yield Alone(), ONLY
        return
    async with Seat(database, lost).taken() as seat:
        yield PostgresPeers(database, seat), seat.name

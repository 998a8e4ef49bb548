"""The Home tab and the first words under Messages: shown when somebody opens them, and when a run of theirs ends."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from functools import partial
from typing import Any

import structlog
from slack_bolt.context.ack.async_ack import AsyncAck

from bot.research.run_state import Run
from bot.service.desk import Desk
from bot.service.errors import StoreDown
from bot.service.ports import Runs
from bot.slack.listeners.visibility import Visibility
from bot.slack.messages import welcome
from bot.slack.messages.home import MOST, Shelf, home_view
from bot.slack.transport.client import SLACK_ERRORS, Workspace, cause

log = structlog.get_logger(__name__)

LOOKED_AT = 50  # runs among which those that may be shown to everybody are looked for
PAUSE = 0.5  # seconds between two of somebody's: a hundred of their runs that end together are shown a few times

Work = Callable[[], Awaitable[None]]


class HomeTab:
    """Publishes everybody's Home; it owns the tasks in which it does so."""

    def __init__(self, desk: Desk, runs: Runs, workspace: Workspace) -> None:
        self._desk, self._runs, self._workspace = desk, runs, workspace
        self._openness = Visibility(workspace)
        self._welcomed: set[str] = set()
        self._due: dict[str, Work] = {}
        self._tasks: dict[str, asyncio.Task[None]] = {}

    async def opened(self, ack: AsyncAck, event: dict[str, Any]) -> None:
        """Somebody opened one of our tabs."""
        await ack()
        user = event.get("user", "")
        if event.get("tab") == "home":
            self._begin(user, partial(self._publish, user))
        elif event.get("tab") == "messages" and user not in self._welcomed:
            self._welcomed.add(user)
            self._begin(f"welcome/{user}", partial(self._welcome, user, event.get("channel", "")))

    def ended(self, run: Run) -> None:
        """A run has ended: whoever asked for it shall see that."""
        if run.question.asker:
            self._begin(run.question.asker, partial(self._publish, run.question.asker))

    async def close(self) -> None:
        """Publish nothing more."""
        tasks = list(self._tasks.values())
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    def _begin(self, name: str, work: Work) -> None:
        """Do something for somebody after what is being done for them; what still waits gives way to it."""
        self._due[name] = work
        if name not in self._tasks:
            self._tasks[name] = asyncio.create_task(self._do(name))

    async def _do(self, name: str) -> None:
        try:
            while work := self._due.pop(name, None):
                await work()
                await asyncio.sleep(PAUSE)
        except (*SLACK_ERRORS, StoreDown) as error:
            log.warning("home.unshown", cause=str(error) if isinstance(error, StoreDown) else cause(error))
        except Exception:
            log.exception("home.crashed")
        finally:
            self._due.pop(name, None)
            del self._tasks[name]

    async def _publish(self, user: str) -> None:
        team, desk = self._workspace.team, self._desk
        running = desk.active_runs.running(team)
        own = _shelf(
            [run for run in running if run.question.asker == user], *await self._runs.by_asker(team, user, MOST)
        )
        everybody = await self._everybodys([run for run in running if run.question.place.public])
        allowance = await desk.allowance(team, user)
        view = home_view(user, own, everybody, allowance, self._workspace.url)
        await self._workspace.client.views_publish(user_id=user, view=view)

    async def _everybodys(self, running: list[Run]) -> Shelf:
        """Runs of channels that everybody may read now, of the latest that were asked for in public ones."""
        kept, total = await self._runs.public(self._workspace.team, LOOKED_AT)
        public = await self._openness.public(run.question.place.channel for run in [*running, *kept])
        shown, open_now = ([run for run in runs if run.question.place.channel in public] for runs in (kept, running))
        return _shelf(open_now, shown, len(shown) if len(shown) < len(kept) else total)

    async def _welcome(self, user: str, channel: str) -> None:
        """Say the first word in direct messages where nothing was said yet."""
        client = self._workspace.client
        said = await client.conversations_history(channel=channel, limit=1)
        if not said["messages"]:
            await client.chat_postMessage(channel=channel, **welcome.message(user))


def _shelf(running: list[Run], kept: list[Run], total: int) -> Shelf:
    """Runs under way and runs that are kept; one that is both is shown as it stands now."""
    known = {run.id: run for run in [*kept, *running]}
    # A first attempt that is under way is not kept yet, a later one is: it was counted.
    unkept = sum(run.attempt == 1 and run.id not in {each.id for each in kept} for run in running)
    newest = sorted(known.values(), key=lambda run: run.question.asked_at, reverse=True)
    return Shelf(tuple(newest[:MOST]), total + unkept)

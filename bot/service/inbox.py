"""Replies as they come in: heard once, judged, and those that ask something kept, so that they are answered."""

from __future__ import annotations

import asyncio
from collections import Counter, OrderedDict
from contextlib import suppress

from bot.service.background import Background
from bot.service.channels import channel_of
from bot.service.errors import AskedTooOften, ChannelOff, Closed, Forgotten, StoreDown, TooLate, UserOff
from bot.service.jobs import ReplyJob
from bot.service.muting import Muting
from bot.service.ports import Engine
from bot.service.quotas import QUESTION_LIMITS
from bot.service.reply_rules import Intent, judge
from bot.service.threads import Threads

HOUR, DAY = 3_600, 86_400  # seconds
REMEMBERED = 10_000  # replies of which this process knows that it has decided


class Inbox:
    """Decides about replies; ``refusals`` are how many questions were one too many, by limit."""

    def __init__(self, threads: Threads, muting: Muting, engine: Engine) -> None:
        self._desk, self._transcript, self._dialogue = threads.desk, threads.transcript, threads.dialogue
        self._pending, self._settings = threads.pending, threads.settings
        self._muting, self._engine, self._elsewhere = muting, engine, threads.desk.elsewhere
        self.refusals = Counter(dict.fromkeys(QUESTION_LIMITS, 0))
        self._deciding: dict[str, asyncio.Future[None]] = {}
        self._heard: OrderedDict[str, None] = OrderedDict()  # what this process has decided on, the newest last
        self._background = Background()

    async def hear(self, reply: ReplyJob, active_at: float) -> None:
        """Take a reply up if it is for the bot: it is kept then. Raises Closed, StoreDown.

        ``active_at`` is when the run of this thread ended, or was at work, in seconds since the epoch.
        """
        if self._desk.closed:
            raise Closed
        if reply.id in self._heard:  # two events bring each mention
            return
        if reply.id not in self._deciding:
            self._deciding[reply.id] = asyncio.ensure_future(self._decide(reply, active_at))
        await asyncio.shield(self._deciding[reply.id])

    def forgotten(self, reply: ReplyJob) -> None:
        """Tell somebody who asks in a thread of ours whose run is not kept any more."""
        if f"{reply.thread}/{reply.ts}" not in self._heard:
            self._remember(f"{reply.thread}/{reply.ts}")
            self._background.do(self._forgotten(reply))

    async def _forgotten(self, reply: ReplyJob) -> None:
        with suppress(StoreDown):
            if not await self._elsewhere.first(f"forgotten/{reply.thread}/{reply.ts}"):
                return
        await self._dialogue.refuse(reply, Forgotten())

    async def start(self, reply: ReplyJob) -> bool:
        """Keep a reply, then have it answered; False if it was kept before. Raises Closed, StoreDown."""
        if self._desk.closed:
            raise Closed
        if self._desk.draining:
            self._desk.intake.put_off(reply.id)
        if self._pending.was_left(reply):
            return False
        known, begun = self._pending.is_fresh(reply), False
        self._pending.take_up(reply)
        try:
            begun = await self._engine.start(reply)
        finally:
            if not begun and not known:
                self._pending.put_down(reply)
        return begun

    async def _decide(self, reply: ReplyJob, active_at: float) -> None:
        """Take a reply up or leave it; whoever hears it meanwhile waits for the same outcome."""
        new, begun = self._pending.enter(reply), False
        try:
            with reply.logged():
                begun = await self._take(reply, active_at)
            self._remember(reply.id)
        finally:
            del self._deciding[reply.id]
            if new and not begun:
                await self._pending.leave(reply)

    def _remember(self, name: str) -> None:
        self._heard[name] = None
        while len(self._heard) > REMEMBERED:
            self._heard.popitem(last=False)

    async def _take(self, reply: ReplyJob, active_at: float) -> bool:
        """Keep what a reply asks for; False if there is nothing to be done, or it was kept before."""
        state = await self._transcript.state(reply.run_id)
        fresh = [each for each in self._pending if each.run_id == reply.run_id and self._pending.is_fresh(each)]
        fresh += await self._elsewhere.replies(reply.run_id)  # what was taken up is kept once it is answered
        active_at = max(active_at, *(each.asked_at for each in fresh), 0)
        under_way = self._desk.active_runs.is_under_way(reply.run_id) or await self._elsewhere.has(reply.run_id)
        match judge(reply, state, self._settings.follow_ups, under_way, active_at):
            case Intent.STOP:
                with suppress(TooLate):
                    await self._desk.stop(reply.run_id, reply.asker)
            case Intent.ASIDE:
                await self._muting.aside(reply)
            case Intent.ASK if reply.word:
                return await self.start(reply)
            case Intent.ASK:
                return await self._ask(reply)
        return False

    async def _ask(self, reply: ReplyJob) -> bool:
        """Keep a question that may be asked; the asker is told why one may not."""
        try:
            self._desk.admission.ask(reply.asker, channel_of(reply.thread))
            async with self._elsewhere.asking():
                await self._count(reply)
                return await self.start(reply)
        except (UserOff, ChannelOff, AskedTooOften) as refusal:
            await self._refuse(reply, refusal)
        return False

    async def _refuse(self, reply: ReplyJob, refusal: UserOff | ChannelOff | AskedTooOften) -> None:
        """Tell whoever asked, once, however many processes hear of it."""
        told = reply.addressed or isinstance(refusal, AskedTooOften) or self._is_first(reply)
        if told and await self._elsewhere.first(f"refused/{reply.id}"):
            self._background.do(self._dialogue.refuse(reply, refusal))

    def _is_first(self, reply: ReplyJob) -> bool:
        """Whether this is the first of somebody's replies in a thread: whoever talks to others there is told once."""
        name = f"{reply.run_id}/{reply.asker}"
        known = name in self._heard
        self._remember(name)
        return not known

    async def _count(self, reply: ReplyJob) -> None:
        """Raise AskedTooOften where there are as many questions as there may be."""
        for per, most, seconds in (
            ("user", self._settings.limits.per_user_hour, HOUR),
            ("thread", self._settings.limits.per_thread_day, DAY),
        ):
            who = {"author": reply.asker} if per == "user" else {"run_id": reply.run_id}
            asked = await self._asked(reply, reply.asked_at - seconds, who) if most else []
            if most and len(asked) >= most:
                self.refusals["user_hour" if per == "user" else "thread_day"] += 1
                raise AskedTooOften(per, most, asked[-most] + seconds)

    async def _asked(self, reply: ReplyJob, since: float, who: dict[str, str]) -> list[float]:
        """When questions were asked by the same person or in the same thread, answered or not, oldest first."""
        here = [each for each in self._pending if each.asked_at < reply.asked_at or self._pending.is_fresh(each)]
        others = [*here, *await self._elsewhere.replies()]
        earlier = [each for each in others if each.id != reply.id and since <= each.asked_at]
        by_person = "author" in who
        own = {
            each.asked_at
            for each in earlier
            if (each.asker == reply.asker if by_person else each.run_id == reply.run_id)
        }
        own |= set(await self._transcript.asked(since, **who))
        return sorted(own - {reply.asked_at})  # another process may have heard of it, and answered it

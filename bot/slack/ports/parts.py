"""Messages in a thread, in order: some in place of what stands there, cut smaller where Slack takes them no larger."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from bot.research.errors import NotPosted, Refused
from bot.slack.format.blocks import Message, linked, permalink
from bot.slack.messages.thread import PAGE_LIMITS, withdrawn_message
from bot.slack.transport.client import Workspace
from bot.slack.transport.outbox import Rank, Sending
from bot.slack.transport.posting import Poster


@dataclass(frozen=True)
class Text:
    """A text for a thread: ``cut`` gives its messages of so many characters at most; ``part`` names the first one."""

    part: str
    cut: Callable[[int], list[Message]]


@dataclass(frozen=True)
class Spot:
    """A thread that takes messages; ``since`` is as for Poster.post, ``watch`` is told of all that is on its way."""

    poster: Poster
    workspace: Workspace
    channel: str
    thread_ts: str
    rank: Rank
    since: float | None = None
    watch: Callable[[Sending[Any]], None] = lambda sending: None

    async def show(self, text: Text, links: tuple[str, ...] = ()) -> tuple[str, ...]:
        """Show the parts in order, the first ones in place of what stands at the ``links``; give the links to all.

        Raises NotPosted; what stands of a text that Slack refuses whatever its size gives way to a sentence.
        """
        tried: list[Message] = []
        for limit in PAGE_LIMITS:
            messages = await asyncio.to_thread(text.cut, limit)  # of a hostile text that may take a moment
            if messages == tried:  # it cannot be cut smaller
                continue
            try:
                return await self.put(messages, links)
            except Refused as error:
                refused, links, tried = error, error.links, messages
        for link, message in zip(links, tried, strict=False):
            await self._withdraw(link, message)
        raise refused

    async def put(self, messages: list[Message], links: tuple[str, ...]) -> tuple[str, ...]:
        """The same with these very messages; a Refused knows the links to what of them stands already."""
        places = dict.fromkeys(range(len(messages)), "")
        refused: BaseException | None = None
        for place, (link, message) in enumerate(zip(links, messages, strict=False)):
            try:
                places[place] = link if await self.replaced(link, message) else ""
            except Refused as error:
                places[place], refused = link, error
        new = [place for place, link in places.items() if not link]
        queued = [self._posted(messages[place]) for place in new]
        stamps = await asyncio.gather(*queued, return_exceptions=True)
        for place, stamp in zip(new, stamps, strict=True):
            if isinstance(stamp, BaseException):
                refused = refused or stamp
            else:
                places[place] = permalink(self.workspace.url, self.channel, stamp, self.thread_ts)
        if isinstance(refused, Refused):
            refused.links = tuple(link for link in places.values() if link)
        if refused:
            raise refused
        return tuple(places.values())

    async def replaced(self, link: str, message: Message) -> bool:
        """Show a message in place of what stands at ``link``; False if nothing does, or somebody deleted it."""
        channel, ts = linked(link)
        if channel != self.channel:
            return False
        edit = self.poster.replace(channel, ts, message, self.rank)
        self.watch(edit)
        try:
            await edit
        except NotPosted as error:
            if str(error) != "message_not_found":
                raise
            return False
        return True

    async def corrected(self, message: Message, since: float) -> None:
        """Show a message in place of itself, should it stand here since then; raises NotPosted."""
        await self.poster.correct(self.channel, message, self.rank, self.thread_ts, since)

    def _posted(self, message: Message) -> Sending[str]:
        sending = self.poster.post(self.channel, message, self.rank, self.thread_ts, self.since)
        self.watch(sending)
        return sending

    async def _withdraw(self, link: str, message: Message) -> None:
        """Half a text must not stand as if it were one."""
        try:
            await self.replaced(link, withdrawn_message(message))
        except Refused:
            return

"""Messages in a thread, in order: some in place of what stands there, cut smaller where Slack takes them no larger."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any

from bot.research.beside import beside
from bot.research.errors import NotPosted, Refused
from bot.research.model import Ref
from bot.slack.format.blocks import Message
from bot.slack.format.refs import made_ref, read_ref
from bot.slack.messages.thread import PAGE_LIMITS, withdrawn_message
from bot.slack.transport.outbox import Rank, Sending
from bot.slack.transport.posting import Poster


@dataclass(frozen=True)
class Text:
    """A text for a thread: ``cut`` gives its messages of so many characters at most; ``part`` names the first one.

    ``size`` is how many characters there are to cut.
    """

    part: str
    cut: Callable[[int], list[Message]]
    size: int


@dataclass(frozen=True)
class Spot:
    """A thread that takes messages; ``since`` is as for Poster.post, ``watch`` is told of all that is on its way."""

    poster: Poster
    channel: str
    thread_ts: str
    rank: Rank
    since: float | None = None
    watch: Callable[[Sending[Any]], None] = lambda sending: None

    async def show(self, text: Text, refs: tuple[Ref, ...] = ()) -> tuple[Ref, ...]:
        """Show the parts in order, the first ones in place of what ``refs`` refer to; refer to all.

        Raises NotPosted; what stands of a text that Slack refuses whatever its size gives way to a sentence.
        """
        tried: list[Message] = []
        for limit in PAGE_LIMITS:
            messages = await beside(text.size, partial(text.cut, limit))
            if messages == tried:  # it cannot be cut smaller
                continue
            try:
                return await self.put(messages, refs)
            except Refused as error:
                refused, refs, tried = error, error.refs, messages
        for ref, message in zip(refs, tried, strict=False):
            await self._withdraw(ref, message)
        raise refused

    async def put(self, messages: list[Message], refs: tuple[Ref, ...]) -> tuple[Ref, ...]:
        """The same with these very messages; a Refused knows what of them stands already."""
        places = dict.fromkeys(range(len(messages)), "")
        refused: BaseException | None = None
        for place, (ref, message) in enumerate(zip(refs, messages, strict=False)):
            try:
                places[place] = ref if await self.replaced(ref, message) else ""
            except Refused as error:
                places[place], refused = ref, error
        new = [place for place, ref in places.items() if not ref]
        queued = [self._posted(messages[place]) for place in new]
        stamps = await asyncio.gather(*queued, return_exceptions=True)
        for place, stamp in zip(new, stamps, strict=True):
            if isinstance(stamp, BaseException):
                refused = refused or stamp
            else:
                places[place] = made_ref(self.channel, self.thread_ts, stamp)
        if isinstance(refused, Refused):
            refused.refs = tuple(ref for ref in places.values() if ref)
        if refused:
            raise refused
        return tuple(places.values())

    async def replaced(self, ref: Ref, message: Message) -> bool:
        """Show a message in place of what ``ref`` refers to; False if that is nothing here, or somebody deleted it."""
        channel, ts = read_ref(ref)
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

    async def _withdraw(self, ref: Ref, message: Message) -> None:
        """Half a text must not stand as if it were one."""
        try:
            await self.replaced(ref, withdrawn_message(message))
        except Refused:
            return

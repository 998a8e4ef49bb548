"""Whether a run may be shown in a place that somebody chose, found out before it is accepted."""

from __future__ import annotations

import asyncio

import structlog

from bot.research.errors import Misasked, NotPosted
from bot.research.model import Place
from bot.slack.transport.client import SLACK_ERRORS, Workspace, cause
from bot.slack.transport.posting import Poster

log = structlog.get_logger(__name__)

LOOK_SECONDS = 1.5  # a form must be answered within three; who is slower than this is believed


class ChannelAccess:
    """Looks at channels without reading them: joining one tells whether it is open, and lets the bot in."""

    def __init__(self, workspace: Workspace, poster: Poster) -> None:
        self._workspace, self._poster = workspace, poster

    async def at(self, channel: str, user: str) -> Place:
        """The place that somebody chose; raises Misasked."""
        if not channel:
            raise Misasked("place_missing", "place")
        place = Place(team=self._workspace.team, channel=channel, direct=channel.startswith("D"))
        try:
            async with asyncio.timeout(LOOK_SECONDS):
                public = await (self._own(channel, user) if place.direct else self._joined(channel))
        except TimeoutError:
            log.warning("place.unseen", cause="timeout")
            return place
        return place.model_copy(update={"public": public})

    async def _own(self, channel: str, user: str) -> bool:
        """False, for direct messages are never public; raises Misasked where they are not ours with this person."""
        try:
            if await self._poster.direct(user) != channel:
                raise Misasked("place_between_people", "place")
        except NotPosted as error:
            log.warning("place.unseen", cause=str(error))
        return False

    async def _joined(self, channel: str) -> bool:
        """Whether everybody may come there; raises Misasked where the bot may not."""
        try:
            await self._workspace.client.conversations_join(channel=channel)
        except SLACK_ERRORS as error:
            if isinstance(error, TimeoutError):
                raise
            if cause(error) == "channel_not_found":
                raise Misasked("place_unjoined", "place") from error
            if cause(error) == "is_archived":
                raise Misasked("place_archived", "place") from error
            return False  # a private channel that the bot is in cannot be joined; all else is found out in posting
        return True

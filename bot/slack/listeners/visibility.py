"""Whether everybody may read a channel now: it may have become private since something was asked there."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Iterable

import structlog

from bot.slack.transport.client import SLACK_ERRORS, Workspace, cause

log = structlog.get_logger(__name__)

KEPT_SECONDS = 60.0  # for which an answer of Slack's is believed
REMEMBERED = 1_000  # channels


class Visibility:
    """Asks Slack about channels; the clock gives seconds."""

    def __init__(self, workspace: Workspace, clock: Callable[[], float] = time.monotonic) -> None:
        self._workspace, self._clock = workspace, clock
        self._known: dict[str, tuple[float, bool]] = {}

    async def public(self, channels: Iterable[str]) -> set[str]:
        """Those that are public now; what cannot be known counts as private."""
        wanted = sorted(set(channels))
        told = await asyncio.gather(*map(self._is_public, wanted))
        return {channel for channel, public in zip(wanted, told, strict=True) if public}

    async def _is_public(self, channel: str) -> bool:
        until, public = self._known.get(channel, (0.0, False))
        if self._clock() < until:
            return public
        public = await self._asked(channel)
        if len(self._known) >= REMEMBERED:
            self._known.clear()
        self._known[channel] = self._clock() + KEPT_SECONDS, public
        return public

    async def _asked(self, channel: str) -> bool:
        try:
            told = (await self._workspace.client.conversations_info(channel=channel))["channel"]
        except SLACK_ERRORS as error:
            log.info("channel.unseen", cause=cause(error))
            return False
        private = any(told.get(trait) for trait in ("is_private", "is_group", "is_im", "is_mpim"))
        return bool(told.get("is_channel")) and not private

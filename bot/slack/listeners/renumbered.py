"""Hears that a channel got a new id: Slack takes the old one no more, and tells of the channel under the new one."""

from __future__ import annotations

from typing import Any

import structlog
from slack_bolt.response import BoltResponse

from bot.service.channels import ChannelChange, ChannelIds
from bot.service.errors import StoreDown
from bot.service.peers import CHANNELS, Peers
from bot.service.ports import ChannelChanges
from bot.slack.listeners.messages import UNAVAILABLE, Next

log = structlog.get_logger(__name__)


class Renumbered:
    """Keeps each change before it is acknowledged; ``ids`` know of it from then on, in other processes too."""

    def __init__(self, ids: ChannelIds, kept: ChannelChanges, peers: Peers) -> None:
        self._ids, self._kept, self._peers = ids, kept, peers

    async def heard(self, body: dict[str, Any], next: Next) -> BoltResponse:  # noqa: A002  Bolt's own name
        """Take a change up, then let Bolt acknowledge it; what cannot be kept now is delivered again."""
        change = _change(body["event"], body.get("event_time") or 0)
        if change:
            try:
                await self._kept.save(change)
                await self._peers.ring(CHANNELS)
            except StoreDown as error:
                log.warning("event.refused", cause=str(error))
                return BoltResponse(status=UNAVAILABLE)
            self._ids.learn(change)
            log.info("channel.renumbered", former=change.former, current=change.current)
        return await next()


def _change(event: dict[str, Any], told_at: float) -> ChannelChange | None:
    """What an event tells; None if it names no two channels."""
    former, current = (str(event.get(name) or "") for name in ("old_channel_id", "new_channel_id"))
    at = float(event.get("event_ts") or told_at)
    return ChannelChange(former=former, current=current, at=at) if former and current and former != current else None

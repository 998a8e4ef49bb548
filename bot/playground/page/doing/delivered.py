"""What was done, until the app has heard of it."""

from __future__ import annotations

from collections.abc import Awaitable

from bot.playground.page.refusals import Refused
from bot.playground.slack.delivery import Delivery

CHANGED = Refused(409, "This button belongs to an older version of the message.")
NO_ANSWER = Refused(502, "Research did not respond. Try again in a moment.")


async def acknowledged(done: Awaitable[Delivery]) -> None:
    """Wait until the app has heard; raises Refused where there is nothing to use any more, or no answer."""
    try:
        delivery = await done
    except AssertionError:
        raise CHANGED from None
    if not delivery.acked:
        raise NO_ANSWER

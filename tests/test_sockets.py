"""Sockets that Slack refreshes, closes, or that a network cuts."""

from __future__ import annotations

import asyncio

import pytest

from tests.story import Story, story


async def both_open(told: Story, opened: int) -> None:
    """Wait until both sockets stand again, ``opened`` having been opened in all."""
    await told.slack.until(lambda: told.slack.sockets.opened >= opened and len(told.slack.sockets) == 2)


@pytest.mark.parametrize("reason", ["warning", "refresh_requested", "link_disabled"])
@pytest.mark.parametrize("how_many", [1, 2])
async def test_no_command_is_lost_while_sockets_are_refreshed(reason: str, how_many: int) -> None:
    """Slack refreshes every socket every few hours, and a command is delivered once."""
    async with story("socket") as told:
        refreshing = asyncio.create_task(told.slack.sockets.announce(reason, how_many))
        acks = [await told.slack.command(f"topic {number}", told.channel.id) for number in range(20)]
        await refreshing
        await both_open(told, 2 + how_many)
        assert all(ack.acked for ack in acks)
        await told.slack.until(lambda: len(told.slack.messages(told.channel.id)) == 20)


async def test_a_new_socket_is_open_before_the_old_one_is_closed() -> None:
    """Between the two there would be nobody to hear a command."""
    async with story("socket") as told:
        fewest = 2
        refreshing = asyncio.create_task(told.slack.sockets.announce("warning"))

        def watched() -> bool:
            nonlocal fewest
            fewest = min(fewest, len(told.slack.sockets))
            return told.slack.sockets.opened == 4 and len(told.slack.sockets) == 2

        await told.slack.until(watched)
        await refreshing
        assert fewest == 2


@pytest.mark.parametrize("how_many", [1, 2])
async def test_a_cut_socket_is_opened_again_within_seconds(how_many: int) -> None:
    """A network that blinks must not need an operator."""
    async with story("socket") as told:
        told.slack.sockets.cut(how_many)
        if how_many == 1:
            assert (await told.slack.command("tea", told.channel.id)).acked
        await both_open(told, 2 + how_many)
        assert (await told.slack.command("milk", told.channel.id)).acked
        assert await told.bot.lacking() == ""


async def test_without_a_socket_the_bot_says_that_it_is_not_ready() -> None:
    """The platform and the operator look there first."""
    async with story("socket") as told:
        told.slack.fault("apps.connections.open", error="internal_error", times=4)
        told.slack.sockets.cut()
        await told.slack.until(lambda: told.bot.sockets and told.bot.sockets.open_count == 0)
        assert await told.bot.lacking() == "no socket to Slack"
        await both_open(told, 4)
        assert (await told.slack.command("tea", told.channel.id)).acked
        assert await told.bot.lacking() == ""


async def test_a_limited_open_waits_as_long_as_slack_says() -> None:
    """Opening sockets is the tightest limit that Slack has."""
    async with story("socket") as told:
        told.slack.fault("apps.connections.open", retry_after=1)
        told.slack.sockets.cut(1)
        await both_open(told, 3)
        limited, again = [c for c in told.slack.calls if c.method == "apps.connections.open"][-2:]
        assert again.at - limited.at >= 1


@pytest.mark.parametrize("text", ["", "{", "[]", "null", '{"type": "brand_new"}', '{"type": 1, "envelope_id": {}}'])
async def test_what_nobody_understands_does_no_harm(text: str) -> None:
    """Slack adds kinds of messages as it likes."""
    async with story("socket") as told:
        await told.slack.sockets.say(text)
        assert (await told.slack.command("tea", told.channel.id)).acked

"""Sockets that Slack refreshes, closes, or that a network cuts."""

from __future__ import annotations

import asyncio
from functools import partial
from itertools import product

import pytest

from bot.playground.model import ModelServer
from bot.playground.slack import Playground
from bot.playground.slack.delivery import Fate
from bot.playground.slack.workspace import PATIENCE
from bot.serve import app_token_told
from bot.slack.transport import socket_mode
from bot.slack.transport.client import APP_TOKEN_REFUSED
from tests.support.pages import page
from tests.support.processes import run
from tests.support.serving import environment
from tests.support.story import Story, story


async def both_open(told: Story, opened: int) -> None:
    """Wait until both sockets stand again, ``opened`` having been opened in all."""
    await told.slack.until(lambda: told.slack.sockets.opened >= opened and len(told.slack.sockets) == 2)


async def says(told: Story, lacking: str) -> None:
    """Wait until the bot says that it lacks this, "" for nothing."""
    async with asyncio.timeout(PATIENCE):
        while await told.bot.lacking() != lacking:
            await page(told.bot.port, "/healthz")


async def test_no_command_is_lost_while_sockets_are_refreshed(monkeypatch: pytest.MonkeyPatch) -> None:
    """Slack refreshes every socket every few hours, and a command is delivered once."""
    monkeypatch.setattr(socket_mode, "FIRST_PAUSE", 0.01)
    monkeypatch.setattr(socket_mode, "LONGEST_PAUSE", 0.01)
    opened = sent = 2
    async with story("socket", runs_per_workspace=0) as told:  # on a busy machine all of them may run at once
        for reason, how_many in product(("warning", "refresh_requested", "link_disabled"), (1, 2)):
            assert (await told.slack.command("before", told.channel.id)).acked  # over a socket that was of use
            refreshing = asyncio.create_task(told.slack.sockets.announce(reason, how_many))
            acks = [await told.slack.command(f"topic {number}", told.channel.id) for number in range(5)]
            await refreshing
            opened, sent = opened + how_many, sent + 6
            await both_open(told, opened)
            assert all(ack.acked for ack in acks)
        await told.slack.until(lambda: len(told.slack.messages(told.channel.id)) == sent - 2)


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
        await says(told, "")


async def test_without_a_socket_the_bot_says_that_it_is_not_ready() -> None:
    """The platform and the operator look there first."""
    async with story("socket") as told:
        told.slack.fault("apps.connections.open", error="internal_error", times=4)
        told.slack.sockets.cut()
        await told.slack.until(lambda: told.bot.sockets and told.bot.sockets.open_count == 0)
        await says(told, "no socket to Slack: internal_error")
        await both_open(told, 4)
        assert (await told.slack.command("tea", told.channel.id)).acked
        await says(told, "")


async def test_a_limited_open_waits_as_long_as_slack_says() -> None:
    """Opening sockets is the tightest limit that Slack has."""
    async with story("socket") as told:
        told.slack.fault("apps.connections.open", retry_after=1)
        told.slack.sockets.cut(1)
        await both_open(told, 3)
        limited, again = [c for c in told.slack.calls if c.method == "apps.connections.open"][-2:]
        assert again.at - limited.at >= 1


async def test_what_nobody_understands_does_no_harm() -> None:
    """Slack adds kinds of messages as it likes."""
    async with story("socket") as told:
        for text in ("", "{", "[]", "null", '{"type": "brand_new"}', '{"type": 1, "envelope_id": {}}'):
            await told.slack.sockets.say(text)
            assert (await told.slack.command(f"tea {len(text)}", told.channel.id)).acked


def opens(told: Story) -> list[float]:
    """When sockets were asked for, so far."""
    return [call.at for call in told.slack.calls if call.method == "apps.connections.open"]


def opened_often(told: Story, times: int) -> bool:
    return len(opens(told)) >= times


FATES = [
    (Fate("too_many_websockets"), "too_many_websockets"),
    (Fate("link_disabled"), "link_disabled"),
    (Fate("refresh_requested"), "refresh_requested"),
    (Fate("warning", after=0.05), "warning"),
    (Fate("socket_going_away"), "socket_going_away"),
    (Fate(after=0.05), "cut"),
    (Fate(greeted=False), "cut"),
    (Fate("too_many_websockets", greeted=False), "too_many_websockets"),
    (Fate("link_disabled", greeted=False), "link_disabled"),
    (Fate("refresh_requested", greeted=False), "refresh_requested"),
    (Fate(after=0.05, code=1013), "cut"),
    (Fate(status=403), "HTTP 403 where another answer was expected"),
    (Fate(status=503), "HTTP 503 where another answer was expected"),
]


async def test_sockets_that_die_young_are_opened_ever_more_rarely_and_told(monkeypatch: pytest.MonkeyPatch) -> None:
    """Slack takes few openings a minute, and a bot that asks without a pause is shut out for longer."""
    monkeypatch.setattr(socket_mode, "FIRST_PAUSE", 0.02)
    monkeypatch.setattr(socket_mode, "LONGEST_PAUSE", 0.08)
    async with story("socket") as told:
        assert (await told.slack.command("tea", told.channel.id)).acked
        for fate, why in FATES:
            before = len(opens(told))
            told.slack.sockets.fate = fate
            told.slack.sockets.cut()
            wanted = len(opens(told)) + 2 * 4
            await told.slack.until(partial(opened_often, told, wanted))
            assert opens(told)[-1] - opens(told)[before] >= 0.02 * (1 + 2 + 4) / 2
            await says(told, f"no socket to Slack: {why}")

            told.slack.sockets.fate = None
            await told.slack.until(lambda: len(told.slack.sockets) == 2)
            assert (await told.slack.command("milk", told.channel.id)).acked
            await says(told, "")


def test_pauses_grow_to_their_limit_and_begin_anew_once_a_socket_has_lived() -> None:
    """An hour of trouble at Slack must not cost an hour of openings, nor minutes after it is over."""
    pace = socket_mode._Pace()
    for longest in (0.5, 1, 2, 4, 8, 16, 30, 30, 30):
        assert longest / 2 <= pace.next() <= longest
    pace.reset()
    assert pace.next() <= 0.5


async def test_a_socket_after_two_that_died_young_counts_once_it_has_lived_or_delivered(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A probe that says yes and no in turn makes a platform send commands to a bot that loses them."""
    monkeypatch.setattr(socket_mode, "FIRST_PAUSE", 0.01)
    async with story("socket") as told:
        told.slack.sockets.fate = Fate(after=0.01)
        before = len(opens(told))
        told.slack.sockets.cut()
        await told.slack.until(lambda: len(opens(told)) >= before + 8)
        told.slack.sockets.fate = None
        await both_open(told, 4)
        assert (await told.bot.lacking()).startswith("no socket to Slack")
        monkeypatch.setattr(socket_mode, "STEADY_SECONDS", 0)
        await says(told, "")


async def test_a_token_that_is_refused_later_is_tried_again(monkeypatch: pytest.MonkeyPatch) -> None:
    """Somebody is about to mend it, and what runs needs no socket."""
    code = "missing_scope"
    monkeypatch.setattr(socket_mode, "FIRST_PAUSE", 0.05)
    async with story("socket") as told:
        told.slack.fault("apps.connections.open", error=code, times=6)
        told.slack.sockets.cut()
        await told.slack.until(lambda: told.bot.sockets and code in told.bot.sockets.lacking)
        await says(told, f"no socket to Slack: {code}")
        await both_open(told, 4)
        assert (await told.slack.command("tea", told.channel.id)).acked
        assert told.bot.refusal == ""


REFUSED = {
    "missing_scope": "SLACK_APP_TOKEN lacks the scope connections:write (missing_scope). Make a new one",
    "not_allowed_token_type": "SLACK_APP_TOKEN is a token of another kind (not_allowed_token_type).",
    "socket_mode_not_enabled": "Socket Mode is off for this app (socket_mode_not_enabled). Turn it on",
    **{
        code: f"Slack does not accept SLACK_APP_TOKEN ({code}). Make one"
        for code in (
            "invalid_auth",
            "token_revoked",
            "account_inactive",
            "not_authed",
            "team_disabled",
            "user_removed_from_team",
            "token_expired",
        )
    },
}


def test_what_is_wrong_with_an_app_token_is_told_with_what_to_do() -> None:
    """Each of these is mended in another place."""
    for code, words in REFUSED.items():
        assert code in APP_TOKEN_REFUSED
        assert app_token_told(code).startswith(words)


async def test_a_start_without_a_socket_to_be_had_ends_with_a_sentence() -> None:
    """A bot that hears nothing looks healthy."""
    async with Playground() as slack, ModelServer() as model:
        slack.fault("apps.connections.open", error="missing_scope", times=100)
        unscoped = await run(**environment(slack, model, "socket"))
    async with Playground() as slack, ModelServer() as model:
        slack.sockets.fate = Fate("link_disabled")
        off = await run(**environment(slack, model, "socket"))
    assert (unscoped.code, off.code) == (1, 1)
    assert REFUSED["missing_scope"] in unscoped.err
    assert "bot.started" not in unscoped.err
    assert "Socket Mode is off for this app (link_disabled). Turn it on" in off.err

"""A channel that got another id: what is called, and what is heard of it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any

import aiohttp
import pytest
from slack_bolt.response import BoltResponse
from slack_sdk.errors import SlackApiError

from bot.playground.slack import Playground
from bot.service.channels import ChannelChange, ChannelIds
from bot.service.errors import StoreDown
from bot.service.peers import Alone
from bot.slack.listeners.renumbered import Renumbered
from bot.slack.transport import client as clients
from bot.slack.transport.client import Client, cause, web_client

FORMER, CURRENT = "G012Y48650T", "C012Y48650T"
CHANGE = ChannelChange(former=FORMER, current=CURRENT, at=1612206778.0)
EVENT = {
    "type": "channel_id_changed",
    "old_channel_id": FORMER,
    "new_channel_id": CURRENT,
    "event_ts": "1612206778.000000",
}
LINK = f"https://acme.slack.com/archives/{FORMER}/p1?thread_ts=1.2&cid={FORMER}"
BUTTON = {"type": "button", "action_id": "a", "text": {"type": "plain_text", "text": "Open"}, "url": LINK}
FORM = {"type": "modal", "private_metadata": f'{{"channel_id": "{FORMER}"}}', "blocks": [{"initial": FORMER}]}

CALLS: list[Callable[[Client], Awaitable[Any]]] = [
    lambda slack: slack.chat_postMessage(
        channel=FORMER, text="tea", blocks=[{"type": "actions", "elements": [BUTTON]}]
    ),
    lambda slack: slack.chat_update(channel=FORMER, ts="1.2", text=f"<{LINK}|tea> in <#{FORMER}>"),
    lambda slack: slack.chat_postEphemeral(channel=FORMER, user="U1", text="tea"),
    lambda slack: slack.reactions_add(channel=FORMER, timestamp="1.2", name="eyes"),
    lambda slack: slack.conversations_join(channel=FORMER),
    lambda slack: slack.conversations_info(channel=FORMER),
    lambda slack: slack.conversations_history(channel=FORMER),
    lambda slack: slack.conversations_replies(channel=FORMER, ts="1.2"),
    lambda slack: slack.assistant_threads_setStatus(channel_id=FORMER, thread_ts="1.2", status="is looking"),
    lambda slack: slack.files_completeUploadExternal(files=[{"id": "F1"}], channel_id=FORMER, thread_ts="1.2"),
    lambda slack: slack.canvases_access_set(canvas_id="F1", access_level="read", channel_ids=["C1", FORMER]),
    lambda slack: slack.views_open(trigger_id="1", view=FORM),
    lambda slack: slack.views_publish(user_id="U1", view=FORM),
]


@pytest.fixture
def ids() -> ChannelIds:
    return ChannelIds()


@pytest.fixture
async def slack() -> AsyncIterator[Playground]:
    async with Playground() as slack:
        yield slack


@pytest.fixture
async def client(slack: Playground, ids: ChannelIds) -> AsyncIterator[Client]:
    async with aiohttp.ClientSession() as session:
        yield web_client(slack.bot_token, slack.api_url, session, lambda method, outcome: None, ids)


async def refusal(call: Awaitable[Any]) -> str:
    with pytest.raises(SlackApiError) as refused:
        await call
    return cause(refused.value)


async def test_whatever_is_called_names_the_channel_by_the_id_that_it_has_now(
    slack: Playground, client: Client, ids: ChannelIds, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Slack knows the former id nowhere: one call that was forgotten is a message, a sign or an export that is lost."""
    monkeypatch.setattr(clients, "NEWS_SECONDS", 0)
    for known in (False, True):
        for call in CALLS:
            await refusal(call(client))  # the playground knows neither id
            told = str(slack.calls[-1].arguments)
            assert (FORMER in told, CURRENT in told) == (not known, known), told
        ids.learn(CHANGE)


@pytest.mark.parametrize("thread_ts", ["", "1.2"])
async def test_a_channel_that_is_nowhere_is_waited_for_only_where_a_thread_stands(
    thread_ts: str, slack: Playground, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whoever asks where the bot is not shall hear that at once; a bot that was put out shall not wait for ever."""
    monkeypatch.setattr(clients, "NEWS_SECONDS", 0.01 if thread_ts else 3600)
    posting = client.chat_postMessage(channel=FORMER, text="tea", thread_ts=thread_ts)
    assert await refusal(posting) == "channel_not_found"
    assert len(slack.calls) == 1


async def test_news_that_came_while_a_call_was_under_way_are_heeded(
    slack: Playground, client: Client, ids: ChannelIds
) -> None:
    """The call was sent with the former id and refused, and by then everything is known."""
    channel = slack.workspace.add("energy", "private")
    root = str((await client.chat_postMessage(channel=channel.id, text="tea"))["ts"])
    former = slack.workspace.renumber(channel)
    slack.fault("chat.update", error="channel_not_found", fits=lambda sent: learn(sent["channel"]))

    def learn(named: str) -> bool:
        ids.learn(ChannelChange(former=former, current=channel.id, at=1))
        return named == former

    await client.chat_update(channel=former, ts=root, text="coffee")
    assert [message.text for message in channel.messages] == ["coffee"]


class Kept:
    """Keeps changes unless it is ``down``."""

    def __init__(self) -> None:
        self.changes: list[ChannelChange] = []
        self.down = False

    async def save(self, change: ChannelChange) -> None:
        """Keep it."""
        if self.down:
            raise StoreDown
        self.changes.append(change)

    async def all(self) -> list[ChannelChange]:
        """All of them."""
        return self.changes


async def status(renumbered: Renumbered, event: dict[str, Any]) -> int:
    """What Slack is answered."""

    async def acknowledged() -> BoltResponse:
        await asyncio.sleep(0)
        return BoltResponse(status=200)

    return (await renumbered.heard({"event": event, "event_time": 1612206778}, acknowledged)).status


async def test_a_change_is_acknowledged_once_it_is_kept_and_known_no_sooner(ids: ChannelIds) -> None:
    """Slack tells of it again where the database was down; what only the memory knew, a restart would lose."""
    kept = Kept()
    renumbered, kept.down = Renumbered(ids, kept, Alone()), True
    assert (await status(renumbered, EVENT), ids.unchanged) == (503, True)
    kept.down = False
    assert [await status(renumbered, EVENT) for _ in range(2)] == [200, 200]
    assert (kept.changes, ids.current(FORMER)) == ([CHANGE, CHANGE], CURRENT)


@pytest.mark.parametrize(
    ("event", "learned"),
    [
        ({name: EVENT[name] for name in EVENT if name != "event_ts"}, True),
        (EVENT | {"event_ts": ""}, True),
        (EVENT | {"event_ts": None}, True),
        (EVENT | {"channel_type": "group", "is_ext_shared_channel": True}, True),
        ({"type": "channel_id_changed"}, False),
        (EVENT | {"new_channel_id": ""}, False),
        (EVENT | {"old_channel_id": None}, False),
        (EVENT | {"new_channel_id": FORMER}, False),
    ],
)
async def test_an_event_that_names_no_two_channels_is_acknowledged_and_changes_nothing(
    event: dict[str, Any], learned: bool, ids: ChannelIds
) -> None:
    """Slack would tell of it again and again."""
    kept = Kept()
    assert await status(Renumbered(ids, kept, Alone()), event) == 200
    assert kept.changes == ([CHANGE] if learned else [])

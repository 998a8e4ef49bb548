"""What Bolt takes for unheard."""

from __future__ import annotations

import asyncio
from typing import Any

from slack_bolt.async_app import AsyncApp
from slack_bolt.authorization import AuthorizeResult
from slack_bolt.request.async_request import AsyncBoltRequest

from bot.research import words
from bot.research.presets import packaged
from bot.service.jobs import Job
from bot.service.permissions import Action
from bot.slack.listeners.clicks import Actions, Click
from bot.slack.listeners.command import ResearchCommand
from bot.slack.listeners.names import Names
from bot.slack.listeners.unknown import Unknown
from bot.slack.messages.ephemeral import Payload, private
from bot.slack.ports.directory import Directory
from bot.slack.transport.client import Client, Workspace
from tests.support.fakes import MemoryEngine
from tests.support.office import Office

PRESSED: dict[str, Any] = {
    "type": "block_actions",
    "user": {"id": "U1"},
    "team": {"id": "T1"},
    "response_url": "https://slack",
    "actions": [{"type": "button", "action_id": "press", "block_id": "b", "value": "r_1"}],
}


async def authorize() -> AuthorizeResult:
    """A workspace that has the bot."""
    return AuthorizeResult(enterprise_id=None, team_id="T1", bot_token="xoxb-1", bot_id="B1", bot_user_id="U0")


async def test_a_press_that_takes_longer_than_bolt_waits_is_not_told_to_be_of_an_older_version() -> None:
    """A database that is slow for a moment makes no button old: it is pressed again, or given up, for nothing."""
    told: asyncio.Queue[str] = asyncio.Queue()
    begun, done = asyncio.Event(), asyncio.Event()

    async def answer(url: str, payload: Payload) -> None:
        told.put_nowait(payload["text"])

    async def slow(click: Click) -> Payload:
        begun.set()
        await done.wait()
        return private(words.RUN_STOPPED)

    app = AsyncApp(authorize=authorize, signing_secret="x", raise_error_for_unhandled_request=True)
    Unknown(answer).register(app)
    app.action("press")(Actions(answer).on(slow, Action.STOP))
    for listener in app._async_listeners:
        listener.ack_timeout = 1
    response = await app.async_dispatch(AsyncBoltRequest(mode="socket_mode", body=PRESSED))
    assert begun.is_set()
    assert (response.status, told.empty()) == (200, True)
    done.set()
    assert await asyncio.wait_for(told.get(), 60) == words.RUN_STOPPED


class SlowEngine(MemoryEngine):
    """Keeps a job once it may."""

    def __init__(self) -> None:
        super().__init__()
        self.asked, self.may = asyncio.Event(), asyncio.Event()

    async def start(self, job: Job) -> bool:
        self.asked.set()
        await self.may.wait()
        return await super().start(job)


async def test_a_command_that_takes_longer_than_bolt_waits_is_answered_all_the_same() -> None:
    """What is kept is said to be kept, through the address that a command brings along."""
    told: asyncio.Queue[tuple[str, str]] = asyncio.Queue()

    async def answer(url: str, payload: Payload) -> None:
        told.put_nowait((url, payload["text"]))

    engine = SlowEngine()
    office = await Office(engine=engine).open()
    app = AsyncApp(authorize=authorize, signing_secret="x", raise_error_for_unhandled_request=True)
    Unknown(answer).register(app)
    client = Client(called=lambda method, outcome: None)
    workspace = Workspace(client)
    command = ResearchCommand(office.desk, office.runs, workspace, Names(Directory(workspace)), packaged(), answer)
    app.command("/research")(command.__call__)
    for listener in app._async_listeners:
        listener.ack_timeout = 1
    typed = {"command": "/research", "text": "tea", "user_id": "U1", "team_id": "T1", "channel_id": "C1"}
    typed |= {"channel_name": "tea", "response_url": "https://slack", "trigger_id": "1.1"}
    response = await app.async_dispatch(AsyncBoltRequest(mode="socket_mode", body=typed))
    assert engine.asked.is_set()
    assert (response.status, response.body, told.empty()) == (200, "", True)
    engine.may.set()
    url, text = await asyncio.wait_for(told.get(), 60)
    assert (url, text[:28]) == ("https://slack", "Starting research on “tea”. ")
    await office.idle()

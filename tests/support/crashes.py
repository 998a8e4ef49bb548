"""A story whose bot dies and is started again, on the same database and before the same Slack."""

from __future__ import annotations

import signal
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass

from bot.playground.model import ModelServer
from bot.playground.slack import Playground
from bot.playground.slack.workspace import Channel, Message
from tests.support.processes import Process, started
from tests.support.serving import environment
from tests.support.slackblocks_check import second_opinion
from tests.support.story import Mode

REPLIES = {"angle/historical", "angle/technical", "angle/societal", "report"}


@dataclass
class Crashing:
    """Everybody who takes part."""

    slack: Playground
    model: ModelServer
    channel: Channel
    processes: AsyncExitStack
    wanted: dict[str, str]
    mode: Mode
    port: int = 0

    def __post_init__(self) -> None:
        self.process: Process

    async def start(self) -> None:
        """Start a bot; wait until it takes commands."""
        self.process = await self.processes.enter_async_context(started(**self.wanted))
        self.port = (await self.process.said("bot.started"))["port"]
        self.slack.events_url = f"http://127.0.0.1:{self.port}/slack/events"
        if self.mode == "socket":
            await self.slack.until(lambda: len(self.slack.sockets) == 2)

    async def kill(self) -> None:
        """Kill -9: no word, no last note."""
        self.process.send(signal.SIGKILL)
        await self.process.ended()
        await self.slack.until(lambda: len(self.slack.sockets) == 0)

    async def ask(self, topic: str = "tea") -> None:
        """Type the command; it is acknowledged."""
        assert (await self.slack.command(topic, self.channel.id)).acked
        assert self.slack.answers[-1].text.startswith(f"Starting research on “{topic}”.")

    async def ended(self, topic: str = "tea") -> Message:
        """Wait for the last state of a run; give its root message."""
        ends = (f"Research on {topic} is done", f"Research on {topic} is partly done")
        await self.slack.until(lambda: any(root.text.startswith(ends) for root in self.roots(topic)))
        (root,) = self.roots(topic)
        return root

    def roots(self, topic: str) -> list[Message]:
        """The root messages of this topic: more than one is one too many."""
        return [root for root in self.slack.messages(self.channel.id) if root.title == f"Research: {topic}"]

    async def stand(self, root: Message, count: int) -> None:
        """Wait until so many messages stand in a thread."""
        await self.slack.until(lambda: len(self.slack.thread(root)) >= count)

    async def shown(self, count: int, topic: str = "tea") -> Message:
        """Wait until so many messages stand in a run's thread; give its root message."""
        await self.slack.until(lambda: any(len(self.slack.thread(root)) >= count for root in self.roots(topic)))
        (root,) = self.roots(topic)
        return root

    def assert_whole(self, root: Message) -> None:
        """Nothing is missing in its thread, nothing stands twice, and the report stands last."""
        parts = [message.part for message in self.slack.thread(root)]
        assert Counter(parts) == Counter(REPLIES)
        assert parts[-1] == "report"


def answered(model: ModelServer) -> Counter[str]:
    """How often each call was answered by the model."""
    return Counter(call.name for call in model.requests if call.ended and not call.cut)


@asynccontextmanager
async def crashing(database_url: str, mode: Mode = "socket", **more: str) -> AsyncIterator[Crashing]:
    """A bot that takes commands; nothing that any of its lives posts may be against Slack's rules."""
    async with Playground([second_opinion]) as slack, ModelServer() as model, AsyncExitStack() as processes:
        slack.answers_commands = True
        more = {"DATABASE_URL": database_url, "SLACK_MESSAGES_PER_SECOND": "0", "REPORT": "sections"} | more
        wanted = environment(slack, model, mode, **more)
        channel = slack.workspace.add("energy")
        told = Crashing(slack, model, channel, processes, wanted, mode)
        await told.start()
        yield told
        assert slack.violations == []

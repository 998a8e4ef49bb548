"""Several bots on one Postgres before one Slack, each a process of its own; a test says which of them hears what."""

from __future__ import annotations

import asyncio
import signal
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field

from bot.playground.model import ModelServer
from bot.playground.slack import Playground
from bot.playground.slack.delivery import Delivery
from bot.playground.slack.workspace import Channel, Message
from tests.support.crashes import REPLIES
from tests.support.pages import page
from tests.support.processes import Process, started
from tests.support.serving import environment
from tests.support.slackblocks_check import second_opinion
from tests.support.story import Mode


@dataclass
class Replica:
    """One of the bots, and the port that it listens on."""

    process: Process
    port: int
    name: str

    async def metric(self, line: str) -> bool:
        """Whether its page of numbers has such a line."""
        return line in (await page(self.port, "/metrics"))[1]


@dataclass
class Replicas:
    """Everybody who takes part."""

    slack: Playground
    model: ModelServer
    channel: Channel
    processes: AsyncExitStack
    wanted: dict[str, str]
    all: list[Replica] = field(default_factory=list)

    async def start(self) -> Replica:
        """Start one more; wait until it takes commands."""
        process = await self.processes.enter_async_context(started(**self.wanted))
        said = await process.said("bot.started")
        replica = Replica(process, said["port"], said["process"])
        self.all.append(replica)
        return replica

    async def start_together(self, count: int) -> list[Replica]:
        """Start so many at the same time."""
        return list(await asyncio.gather(*(self.start() for _ in range(count))))

    def turn_to(self, replica: Replica) -> None:
        """Whatever Slack tells goes to this one from now on."""
        self.slack.events_url = f"http://127.0.0.1:{replica.port}/slack/events"

    async def kill(self, replica: Replica) -> None:
        """Kill -9, for good."""
        replica.process.send(signal.SIGKILL)
        await replica.process.ended()

    async def ask(self, topic: str, replica: Replica, user: str = "U0ASKER") -> Message:
        """Type the command, which this one gets; give the run's root message."""
        self.turn_to(replica)
        assert (await self.slack.command(topic, self.channel.id, user)).acked
        await self.slack.until(lambda: self.roots(topic))
        return self.roots(topic)[0]

    async def command(self, text: str, replica: Replica, user: str = "U0ASKER") -> Delivery:
        """Type a command, which this one gets."""
        self.turn_to(replica)
        return await self.slack.command(text, self.channel.id, user)

    async def click(self, message: Message, action_id: str, replica: Replica, user: str = "U0ASKER") -> None:
        """Press a button as soon as it is there; this one hears of it."""
        await self.slack.until(lambda: action_id in str(message.blocks))
        self.turn_to(replica)
        assert (await self.slack.click(message, action_id, user)).acked

    async def say(
        self, text: str, replica: Replica, root: Message | None = None, user: str = "U0ASKER", channel: str = ""
    ) -> Message:
        """Write a message, in a thread if there is a root; this one hears of it."""
        self.turn_to(replica)
        thread = root.ts if root else None
        message = await self.slack.say(channel or self.channel.id, text, user, thread_ts=thread)
        await asyncio.sleep(0)  # it leaves for this one
        return message

    async def shown(self, root: Message, count: int) -> None:
        """Wait until so many messages stand in a thread."""
        await self.slack.until(lambda: len(self.slack.thread(root)) >= count)

    def parts(self, root: Message, kind: str) -> list[str]:
        """What of this kind stands in a thread, in order."""
        return [message.part for message in self.slack.thread(root) if message.part.startswith(f"{kind}/")]

    def roots(self, topic: str) -> list[Message]:
        """The root messages of this topic: more than one is one too many."""
        return [root for root in self.slack.messages(self.channel.id) if root.title == f"Research: {topic}"]

    def is_done(self, topic: str) -> bool:
        """Whether a root message says that the research on this topic is done."""
        return any(" is done" in root.text for root in self.roots(topic))

    async def ended(self, root: Message, words: str = "is done") -> None:
        """Wait for a run's last state."""
        await self.slack.until(lambda: words in root.text)

    def assert_whole(self, root: Message) -> None:
        """Nothing is missing in its thread, nothing stands twice, and no answer of the model was asked for again."""
        parts = [message.part for message in self.slack.thread(root)]
        assert Counter(parts) == Counter(REPLIES)
        assert parts[-1] == "report"


@asynccontextmanager
async def replicas(database_url: str, count: int = 2, mode: Mode = "http", **more: str) -> AsyncIterator[Replicas]:
    """So many bots that take commands; nothing that any of them posts may be against Slack's rules."""
    async with Playground([second_opinion]) as slack, ModelServer() as model, AsyncExitStack() as processes:
        slack.answers_commands = True
        more = {"DATABASE_URL": database_url, "SLACK_MESSAGES_PER_SECOND": "0", "REPORT": "sections"} | more
        wanted = environment(slack, model, mode, **more)
        told = Replicas(slack, model, slack.workspace.add("energy"), processes, wanted)
        await told.start_together(count)
        yield told
        assert slack.violations == []

"""Print the table of figures; exit code 1 if one does not hold."""

from __future__ import annotations

import asyncio
import statistics
import sys
from collections.abc import AsyncIterator
from tempfile import TemporaryDirectory

from bench.commits import commits_in
from bench.comparison import comparison, plain
from bench.evidence import evidence, late
from bench.figures import Figure, p95, p99, table
from bench.follow_ups import follow_ups
from bench.kills import kills
from bench.latency import ideal, topic_of
from bench.stage import SPREAD, Burst, Stage, stage
from bot.playground.slack.workspace import Message

ROUNDS = 2  # single runs, one after another
MANY, CHANNELS = 100, 10
IDLE_SECONDS = 10
DEFAULT_PACE = 1
BURST_SECONDS = 4
FEW_RUNS, FEW_CALLS = 10, 6
FEW_KILLS = 10


async def seconds_of(url: str, topics: list[str]) -> list[float]:
    """The same calls by the plain script: seconds of each run."""
    return [taken for taken, _ in await plain("at-once", url, topics)]


def over_ideal(topics: list[str], taken: list[float]) -> list[float]:
    """How many times the ideal each took, the quickest first."""
    return sorted(each / ideal(topic) for topic, each in zip(topics, taken, strict=True))


def post_delays(here: Stage, root: Message) -> list[float]:
    """Seconds from the end of each angle's model call to its post."""
    topic = root.title.removeprefix("Research: ")
    calls = [call for call in here.model.asked("angle/*") if call.name.startswith("r_")]  # the bot's, not the script's
    ends = {call.step: call.ended for call in calls if topic_of(call) == topic and call.ended}
    return [reply.versions[0].at - ends[reply.part] for reply in here.slack.thread(root) if reply.part in ends]


def crossed(here: Stage, burst: Burst) -> int:
    """How many replies stand in somebody else's thread, or twice, or not at all."""
    wrong = 0
    for root in burst.roots:
        topic, thread = root.title.removeprefix("Research: "), here.slack.thread(root)
        wrong += sum(f" on {topic}" not in reply.text for reply in thread) + abs(len(thread) - 4)
    return wrong


async def idle(here: Stage) -> AsyncIterator[Figure]:
    """What the bot takes when nobody asks it anything."""
    yield Figure("ready after start", here.bot.ready, 3, unit="s")
    yield Figure("idle memory", here.bot.megabytes(), 150, unit="MB")
    used, made = here.bot.cpu(), len(here.slack.calls)
    await asyncio.sleep(IDLE_SECONDS)
    yield Figure("idle, connected: of a core", (here.bot.cpu() - used) / IDLE_SECONDS * 100, 1, unit="%")
    yield Figure(f"idle, connected: Slack calls in {IDLE_SECONDS} s", len(here.slack.calls) - made, 5, unit="calls")


async def unpaced(here: Stage, theirs_at_once: asyncio.Task[list[float]]) -> AsyncIterator[Figure]:
    """As fast as it goes; the plain script's many runs were made while the bot was idle."""
    singles = [f"topic s{number}" for number in range(ROUNDS)]
    ours, theirs, posts = list[float](), list[float](), list[float]()
    await here.bot.idle()
    before = commits_in(here.file)
    for topic in singles:
        burst, beside = await asyncio.gather(here.runs([topic], 1), seconds_of(here.model.url, [topic]))
        ours += burst.reports
        theirs += beside
        posts += post_delays(here, burst.roots[0])
    its = statistics.median(over_ideal(singles, theirs))
    yield Figure("one run, command to report", statistics.median(over_ideal(singles, ours)), 1.05, its)
    beyond = [mine - plainly for mine, plainly in zip(ours, theirs, strict=True)]
    yield Figure("one run, what all that is kept and shown adds", max(beyond) * 1000, 100, unit="ms")
    await here.bot.idle()
    commits = commits_in(here.file) - before
    assert commits > 0, "the write-ahead log was begun anew"
    yield Figure("commits of one run", commits / ROUNDS, 12, unit="commits")
    yield Figure("an angle's post after its model call", max(posts) * 1000, 100, unit="ms")
    many = [f"topic m{number}" for number in range(MANY)]
    burst = await here.runs(many, MANY)
    theirs = over_ideal(many, await theirs_at_once)
    ours = over_ideal(many, burst.reports)
    yield Figure(f"{MANY} runs at once, median", statistics.median(ours), 1.15, statistics.median(theirs))
    few = [f"topic f{number}" for number in range(MANY)]
    burst = await here.runs(few, CHANNELS, SPREAD)
    yield Figure(f"{MANY} within a second in {CHANNELS} channels, p95", p95(over_ideal(few, burst.reports)), 1.3)


async def durable(here: Stage) -> AsyncIterator[Figure]:
    """What keeping everything costs where many come at once."""
    numbers = await here.bot.numbers()
    many = [f"topic e{number}" for number in range(MANY)]
    burst = await here.runs(many, MANY, BURST_SECONDS)
    beyond = [taken - ideal(topic) for topic, taken in zip(many, burst.reports, strict=True)]
    name = f"{MANY} runs within {BURST_SECONDS} s"
    yield Figure(f"{name}: beyond the ideal, p95", p95(beyond), 8, unit="s")
    yield Figure(f"{name}: ack, p99", p99(burst.acks), 1.5, unit="s")
    yield Figure(f"{name}: event loop later than 50 ms", late(numbers, await here.bot.numbers()), 1, unit="%")


async def paced(here: Stage) -> AsyncIterator[Figure]:
    """At the pace that Slack likes, with Slack's limits in force."""
    burst = await here.runs(["topic p"], 1)
    yield Figure("one run at default pace", over_ideal(["topic p"], burst.reports)[0], 1.1)
    many = [f"topic q{number}" for number in range(MANY)]
    burst = await here.runs(many, CHANNELS, SPREAD)
    name = f"{MANY} within a second in {CHANNELS} channels at default pace"
    yield Figure(f"{name}: slowest ack", max(burst.acks), 1, unit="s")
    yield Figure(f"{name}: lost or crossed", crossed(here, burst), 0, unit="messages")


async def queued() -> AsyncIterator[Figure]:
    """What it is like to ask while somebody else's runs wait for their model calls."""
    async with stage(pace=0, more={"MAX_MODEL_CALLS": str(FEW_CALLS)}) as here:
        many = asyncio.create_task(here.runs([f"topic t{number}" for number in range(FEW_RUNS)], FEW_RUNS))
        await here.model.until(lambda: len(here.model.requests) == FEW_CALLS)
        burst = await here.runs(["topic u"], 1, who="U0TWO")
        name = f"a first run beside {FEW_RUNS} of somebody else, {FEW_CALLS} calls at once"
        yield Figure(name, over_ideal(["topic u"], burst.reports)[0], 2)
        await many


async def figures() -> AsyncIterator[Figure]:
    """Measure all of them."""
    async with stage(pace=0) as here:
        theirs = asyncio.create_task(seconds_of(here.model.url, [f"topic m{number}" for number in range(MANY)]))
        for part in (idle(here), unpaced(here, theirs), durable(here), follow_ups(here)):
            async for figure in part:
                yield figure
    async with stage(DEFAULT_PACE, rated=True) as here:
        async for figure in paced(here):
            yield figure
    async for figure in queued():
        yield figure
    async for figure in comparison(MANY):
        yield figure
    async for figure in evidence():
        yield figure
    with TemporaryDirectory() as folder:
        async for figure in kills("SQLite", f"sqlite:///{folder}/research.sqlite", FEW_KILLS):
            yield figure


if __name__ == "__main__":
    sys.exit(0 if asyncio.run(table(figures())) else 1)

"""What it is like to ask on: how soon a reply is seen to be heard, how soon its answer stands, many at once."""

from __future__ import annotations

import asyncio
import time
from collections import Counter
from collections.abc import AsyncIterator

from bench.figures import Figure
from bench.stage import Stage
from bot.playground.slack.workspace import BOT_USER, Message

THREADS, REPLIES, WITHIN = 20, 10, 10.0  # threads, replies in each, seconds over which they are written
TWICE = 4  # every so manieth reply is delivered a second time


async def follow_ups(here: Stage) -> AsyncIterator[Figure]:
    """Mentions, replies during a run, many replies in many threads."""
    roots = [root for channel in here.slack.workspace.channels for root in here.slack.messages(channel)][-THREADS:]
    await here.slack.until(lambda: all(" is done" in root.text for root in roots), 60)
    yield Figure("eyes at a mention", await eyes(here, roots[0], f"<@{BOT_USER}> why?"), 1, unit="s")
    yield Figure("an answer's post after its model call", await answer_delay(here, roots[0]) * 1000, 150, unit="ms")
    running = await begun(here, "topic u1")
    yield Figure("eyes at a reply during the run", await eyes(here, running, "And in Kenya?"), 1, unit="s")
    cut, shown = await stopped(here, running)
    yield Figure("stop: the model calls are cut", cut, 0.5, unit="s")
    yield Figure("stop: the root message shows it", shown, 2, unit="s")
    asked = await many(here, roots)
    wrong, late = answered_wrongly(here, roots, asked)
    name = f"{THREADS * REPLIES} replies in {THREADS} threads within {WITHIN:.0f} s"
    yield Figure(f"{name}: unanswered or answered twice", wrong, 0, unit="replies")
    yield Figure(f"{name}: out of order", late, 0, unit="threads")


async def begun(here: Stage, topic: str) -> Message:
    """A run that has just posted its root message."""
    room = here.slack.workspace.add(topic.replace(" ", "-"))
    assert (await here.slack.command(topic, room.id)).acked
    await here.slack.until(lambda: here.slack.messages(room.id))
    return here.slack.messages(room.id)[0]


async def stopped(here: Stage, root: Message) -> tuple[float, float]:
    """Seconds from a click on Stop until the run's calls are cut, and until its root message says so."""
    calls = [call for call in here.model.asked("angle/*") if not call.ended]
    began = time.monotonic()
    await here.slack.click(root, "research.run.stop")
    await here.model.until(lambda: all(call.cut for call in calls))
    cut = time.monotonic() - began
    await here.slack.until(lambda: "Stopped" in root.text)
    return cut, root.versions[-1].at - began


async def eyes(here: Stage, root: Message, text: str) -> float:
    """Seconds until a reply shows that it was seen."""
    began = time.monotonic()
    said = await here.slack.say(root.channel, text, thread_ts=root.ts)
    await here.slack.until(lambda: said.reactions)
    return time.monotonic() - began


async def answer_delay(here: Stage, root: Message) -> float:
    """Seconds from the end of a follow-up's model call to its post."""
    said = await here.slack.say(root.channel, "What was first?", thread_ts=root.ts)
    await here.slack.until(lambda: answers(here, root)[f"answer/{said.ts}"], 60)
    (call,) = here.model.asked(f"follow-up/{said.ts}")
    (answer,) = [message for message in here.slack.thread(root) if message.part == f"answer/{said.ts}"]
    return answer.versions[0].at - (call.ended or 0)


async def many(here: Stage, roots: list[Message]) -> dict[str, list[str]]:
    """Write all replies, some of which Slack delivers twice; wait for their answers; give their parts by thread."""
    asked: dict[str, list[str]] = {root.ts: [] for root in roots}
    for number in range(REPLIES):
        for root in roots:
            said = await here.slack.say(root.channel, f"Question {number}?", thread_ts=root.ts)
            asked[root.ts].append(f"answer/{said.ts}")
            if number % TWICE == 0:
                for event in here.slack.events.about(said.ts):
                    await here.slack.redeliver(event, same_id=False)
            await asyncio.sleep(WITHIN / (THREADS * REPLIES))
    await here.slack.until(lambda: all(set(asked[root.ts]) <= set(answers(here, root)) for root in roots), 240)
    return asked


def answers(here: Stage, root: Message) -> Counter[str]:
    """The answers in a thread, in order, and how often each stands there."""
    return Counter(message.part for message in here.slack.thread(root) if message.part.startswith("answer/"))


def answered_wrongly(here: Stage, roots: list[Message], asked: dict[str, list[str]]) -> tuple[int, int]:
    """Replies that are not answered once; threads whose answers stand in another order than their questions."""
    wrong = late = 0
    for root in roots:
        given = answers(here, root)
        wrong += sum(given[part] != 1 for part in asked[root.ts])
        late += [part for part in given if part in asked[root.ts]] != asked[root.ts]
    return wrong, late

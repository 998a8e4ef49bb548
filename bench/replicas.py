"""Several bots on one Postgres before one Slack: killed for good, frozen, in a rush, how many runs a second they do."""

from __future__ import annotations

import asyncio
import os
import signal
import statistics
import sys
import time
from collections.abc import AsyncIterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import psycopg

from bench.figures import Figure, p95, table
from bench.kills import Siege, siege
from bench.latency import Pace, answer, ideal
from bench.stage import Crowd, Serving, processor_seconds, serving
from bot.playground.model import ModelServer
from bot.playground.postgres import Postgres, served
from bot.playground.slack import Playground

KILLED, BOTS = 20, 3
FROZEN_SECONDS = 30
RUSH, RUSH_BOTS, RUSH_SECONDS = 300, 2, 4
CUT = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = %s"
FLOW, FLOW_SECONDS = 240, 4  # runs whose model answers at once, and in which they are asked for: more than is done


@dataclass
class Replicas(Crowd):
    """Everybody who takes part."""

    model: ModelServer
    bots: list[Serving]


@asynccontextmanager
async def replicas(url: str, count: int, model: ModelServer) -> AsyncIterator[Replicas]:
    """So many bots on this database, each a process of its own that takes commands, between a Slack and a model."""
    async with Playground() as slack, model, AsyncExitStack() as stack:
        model.answer("*", answer)
        begun = [stack.enter_async_context(serving(slack, model, 0, url, "whole", "off")) for _ in range(count)]
        yield Replicas(slack, model, [await each for each in begun])


async def killed_for_good(url: str) -> AsyncIterator[Figure]:
    """Kill one of them in the midst of its runs, again and again, while others are there; start another one."""
    async with siege("replicas", url) as here, AsyncExitStack() as stack:

        async def start() -> Serving:
            return await stack.enter_async_context(serving(here.slack, here.model, 0, url))

        bots = [await start() for _ in range(BOTS)]
        async with here.asking():
            for _ in range(KILLED):
                await here.life()
                victim = bots.pop(here.luck.randrange(BOTS))
                await victim.working()
                await here.kill(victim)
                bots.append(await start())
        await here.over()
        title = f"{BOTS} replicas, {KILLED} times one killed"
        for figure in here.figures(title):
            yield figure
        stood = stood_still(here)
        yield Figure(f"{title}: until all runs go on, median", statistics.median(stood), 10, unit="s")
        yield Figure(f"{title}: until all runs go on, worst", max(stood), 10, unit="s")


async def frozen(url: str) -> AsyncIterator[Figure]:
    """Let one of two stand still amid its runs: it keeps them, or leaves them if its lock is lost meanwhile."""
    async with siege("frozen", url) as here, AsyncExitStack() as stack:

        async def start() -> Serving:
            return await stack.enter_async_context(serving(here.slack, here.model, 0, url))

        bots = [await start(), await start()]
        async with here.asking():
            for loses in (False, True):
                await here.life()
                victim = bots.pop(0)
                await victim.working()
                await freeze(victim, url, loses)
                bots.append(await start() if loses else victim)
        await here.over()
        code = await victim.child.wait()
        for figure in here.figures(f"2 replicas, each frozen for {FROZEN_SECONDS} s"):
            yield figure
        yield Figure(
            "frozen and without its lock: did not end at once with code 75", code != os.EX_TEMPFAIL, 0, unit=""
        )


async def freeze(bot: Serving, url: str, loses: bool) -> None:
    """Let a bot stand still for a while; ``loses`` lets the server end its sessions meanwhile."""
    name = next(each for each in await bot.numbers() if each.startswith("research_process_info")).split('"')[1]
    bot.child.send_signal(signal.SIGSTOP)
    if loses:
        with psycopg.connect(url, autocommit=True) as server:
            server.execute(CUT, (name,))
    await asyncio.sleep(FROZEN_SECONDS)
    bot.child.send_signal(signal.SIGCONT)


def stood_still(here: Siege) -> list[float]:
    """Of each kill, seconds until every run that was under way then had shown a sign of life."""
    signs = signs_of_life(here)
    return [max(silences(signs, kill), default=0) for kill in here.killed]


def silences(signs: Mapping[str, list[float]], moment: float) -> list[float]:
    """How long the runs under way at a moment then did nothing."""
    under_way = [each for each in signs.values() if each[0] < moment < each[-1]]
    return [min(sign for sign in each if sign > moment) - moment for each in under_way]


def signs_of_life(here: Siege) -> dict[str, list[float]]:
    """When something was seen of each run that was acknowledged: calls of the model, posts, edits."""
    signs = {topic: [at] for topic, at in here.accepted.items()}
    names = dict[str, str]()  # topics by the names of runs
    for topic, roots in here.roots().items():
        shown = [message for root in roots for message in (root, *here.slack.thread(root))]
        names |= {str((root.metadata or {})["event_payload"]["run_id"]): topic for root in roots}
        signs.setdefault(topic, []).extend(version.at for message in shown for version in message.versions)
    for call in here.model.requests:
        if topic := names.get(call.name.partition("/")[0], ""):
            signs[topic].append(call.began)
    return {topic: sorted(each) for topic, each in signs.items()}


async def rush(url: str) -> AsyncIterator[Figure]:
    """Many commands within seconds."""
    async with replicas(url, RUSH_BOTS, ModelServer(Pace().whole, Pace().first)) as here:
        topics = [f"topic r{number}" for number in range(RUSH)]
        burst = await here.runs(topics, RUSH, RUSH_SECONDS)
        beyond = [taken - ideal(topic) for topic, taken in zip(topics, burst.reports, strict=True)]
        name = f"{RUSH} runs within {RUSH_SECONDS} s on {RUSH_BOTS} replicas"
        yield Figure(f"{name}: not done", RUSH - len(burst.reports), 0, unit="runs")
        yield Figure(f"{name}: ack, p95", p95(burst.acks), 2, unit="s")
        yield Figure(f"{name}: beyond the ideal, p95", p95(beyond), 8, unit="s")


async def throughput(postgres: Postgres) -> None:
    """Print how many runs a second one, two and three replicas do where the model answers at once, and on what."""
    print("", "| replicas | runs a second | a run: bots | Postgres | Slack and model | processors busy |", sep="\n")
    print("|---|---|---|---|---|---|")
    for count in range(1, BOTS + 1):
        async with replicas(postgres.fresh(), count, ModelServer()) as here:
            await here.runs(["topic warm"], 1)
            before, began = used(here, postgres), time.monotonic()
            await here.runs([f"topic f{number}" for number in range(FLOW)], FLOW, FLOW_SECONDS)
            taken = time.monotonic() - began
            spent = [after - then for after, then in zip(used(here, postgres), before, strict=True)]
        per_run = " | ".join(f"{1000 * each / FLOW:.0f} ms" for each in spent)
        print(f"| {count} | {FLOW / taken:.1f} | {per_run} | {sum(spent) / taken:.2f} |", flush=True)
    print()


def used(here: Replicas, postgres: Postgres) -> tuple[float, float, float]:
    """Seconds of processor time so far: of the bots, of Postgres, of what plays Slack and the model."""
    connections = Path(f"/proc/{postgres.pid}/task/{postgres.pid}/children").read_text(encoding="utf-8").split()
    server = sum(map(processor_seconds, [postgres.pid, *map(int, connections)]))
    return sum(bot.cpu() for bot in here.bots), server, time.process_time()


async def figures() -> AsyncIterator[Figure]:
    """Measure all of them."""
    with served() as postgres:
        for part in (killed_for_good(postgres.fresh()), frozen(postgres.fresh()), rush(postgres.fresh())):
            async for figure in part:
                yield figure
        await throughput(postgres)


if __name__ == "__main__":
    sys.exit(0 if asyncio.run(table(figures())) else 1)

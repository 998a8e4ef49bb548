"""The ways to make one report of three angles, on the same luck: one after another, fanned out, section by section."""

from __future__ import annotations

import asyncio
import json
import statistics
import sys
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass

from bench.commits import commits_in
from bench.figures import Figure, p95
from bench.latency import TOKENS_PER_WORD, delay, ideal_by_section, words_of
from bench.latency import answer as answers
from bench.stage import stage
from bot.playground.model import ModelServer, Request

COMMITS_BY_SECTION, COMMITS_WHOLE = 16, 12
SPREAD_SECONDS = 20


@dataclass(frozen=True)
class Way:
    """What a run costs in one way: calls, tokens as words tell them, seconds of each run and until its first angle."""

    name: str
    calls: float
    tokens_in: float
    tokens_out: float
    walls: list[float]
    firsts: list[float]

    @classmethod
    def of(cls, name: str, requests: Sequence[Request], walls: list[float], firsts: list[float]) -> Way:
        """The way that these requests went, for so many runs."""
        runs = len(walls)
        sent = sum(len(str(request.body.get("messages")).split()) for request in requests)
        got = sum(words_of(request.step) for request in requests)
        per_run = (len(requests) / runs, sent * TOKENS_PER_WORD / runs, got * TOKENS_PER_WORD / runs)
        return cls(name, *per_run, walls, firsts)

    @property
    def times(self) -> tuple[float, float, float]:
        """Seconds of a run, the middle one and the 95th of a hundred; until the first angle, the middle one."""
        return statistics.median(self.walls), p95(self.walls), statistics.median(self.firsts)

    def beside(self, plain: Way) -> str:
        """The row of a Markdown table, each time also as a share of what plain takes."""
        times = [f"{own:.1f} s ({own / its:.2f})" for own, its in zip(self.times, plain.times, strict=True)]
        numbers = [f"{self.calls:.0f}", f"{self.tokens_in:,.0f}", f"{self.tokens_out:,.0f}"]
        return f"| {' | '.join([self.name, *numbers, *times])} |"


HEAD = ("way", "model calls", "tokens in", "tokens out", "wall p50", "wall p95", "first angle p50")


async def plain(way: str, url: str, topics: list[str]) -> list[tuple[float, float]]:
    """The plain script: seconds of each run, and until its first angle."""
    script = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "bench.plain", way, url, *topics, stdout=asyncio.subprocess.PIPE
    )
    out, _ = await script.communicate()
    told: list[tuple[float, float]] = json.loads(out)
    return told


async def in_turn(topics: list[str]) -> Way:
    """One call after another, by the plain script."""
    async with ModelServer(delay) as model:
        model.answer("*", answers)
        taken = await plain("in-turn", model.url, topics)
        return Way.of("one after another", model.requests, [wall for wall, _ in taken], [first for _, first in taken])


async def served(name: str, report: str, topics: list[str], rush: list[str]) -> tuple[Way, float, list[float]]:
    """By the bot, spread so that nobody waits for a processor; commits of one run; seconds of those in a rush."""
    async with stage(pace=0, report=report) as here:
        await here.bot.idle()
        before = commits_in(here.file)
        await here.runs(["topic one"], 1)
        await here.bot.idle()
        commits, begun = commits_in(here.file) - before, len(here.model.requests)
        burst = await here.runs(topics, len(topics), SPREAD_SECONDS)
        way = Way.of(name, here.model.requests[begun:], burst.reports, burst.firsts)
        return way, commits, (await here.runs(rush, len(rush))).reports if rush else []


async def comparison(count: int) -> AsyncIterator[Figure]:
    """Print the ways side by side for so many topics; give what section by section must reach."""
    topics, rush = ([f"topic {letter}{number}" for number in range(count)] for letter in "cr")
    sequential = await in_turn(topics)
    whole, commits_whole, _ = await served("fan-out, then one report (`REPORT=whole`)", "whole", topics, [])
    sections, commits, at_once = await served(
        "fan-out, section by section (`REPORT=sections`)", "sections", topics, rush
    )
    print("", f"| {' | '.join(HEAD)} |", f"|{'---|' * len(HEAD)}", sep="\n")
    print(*(way.beside(whole) for way in (sequential, whole, sections)), "", sep="\n", flush=True)
    (middle, slowest, _), (its_middle, its_slowest, _) = sections.times, whole.times
    yield Figure("section by section, wall p50", middle / its_middle, 0.60, unit="× whole")
    yield Figure("section by section, wall p95", slowest / its_slowest, 0.80, unit="× whole")
    yield Figure("section by section, commits of one run", commits, COMMITS_BY_SECTION, unit="commits")
    yield Figure("written whole, commits of one run", commits_whole, COMMITS_WHOLE, unit="commits")
    own = statistics.median(taken / ideal_by_section(topic) for topic, taken in zip(rush, at_once, strict=True))
    yield Figure(f"section by section, {count} runs at once, median", own, 1.15)

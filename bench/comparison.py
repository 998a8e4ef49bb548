"""The ways to make one report of three angles, on the same luck: one after another, fanned out, section by section."""

from __future__ import annotations

import asyncio
import json
import statistics
import sys
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass

from bench.commits import commits_in
from bench.figures import Figure, p95
from bench.latency import TAIL, TAIL_FACTOR, TOKENS_PER_WORD, Pace, ideal_by_section, seconds, slowest_answer, words_of
from bench.latency import answer as answers
from bench.stage import Stage, stage
from bot.playground.model import ModelServer, Request

COMMITS_BY_SECTION, COMMITS_WHOLE = 16, 12
RUNS_PER_SECOND = 5  # as many as two cores do without anybody waiting for one
TAILED_TIMES = 4  # as many topics where a tail's p95 is compared: of 100, five decide it, and luck moves it by a tenth
WARM = 10  # runs after which it is known when a call is late
DEEP = 2.2
TURNS = 3  # rushes of each way whose processor time is compared


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
        got = sum(words_of(request.step, request.prompt) for request in requests if not request.cut)
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
    async with ModelServer(Pace().whole) as model:
        model.answer("*", answers)
        taken = await plain("in-turn", model.url, topics)
        return Way.of("one after another", model.requests, [wall for wall, _ in taken], [first for _, first in taken])


@dataclass(frozen=True)
class Served:
    """What the bot did: the way, commits of one run, seconds of each run of a rush."""

    way: Way
    commits: int
    rush: list[float]


async def served(
    name: str, report: str, topics: list[str], rush: list[str], more: str = "", hedge: str = "off", tail: float = 0
) -> Served:
    """By the bot, spread so that nobody waits for a processor, then in a rush; with hedging it has seen some calls."""
    async with stage(pace=0, report=report, hedge=hedge, tail=tail) as here:
        if hedge == "on":
            await here.runs([f"topic w{number}" for number in range(WARM)], WARM)
        await here.bot.idle()
        before = commits_in(here.file)
        await here.runs(["topic one"], 1, more=more)
        await here.bot.idle()
        commits, begun = commits_in(here.file) - before, len(here.model.requests)
        burst = await here.runs(topics, len(topics), len(topics) / RUNS_PER_SECOND, more)
        way = Way.of(name, here.model.requests[begun:], burst.reports, burst.firsts)
        await here.bot.idle()
        return Served(way, commits, (await here.runs(rush, len(rush))).reports if rush else [])


async def processor_times(count: int) -> list[list[float]]:
    """Milliseconds of processor time a run in rushes of so many: written whole, by section, with late calls twice.

    The three take turns, for a processor that is shared with strangers is quicker in one minute than in the next.
    """
    async with AsyncExitStack() as stages:
        ways = (("whole", "off"), ("sections", "off"), ("sections", "on"))
        here = [await stages.enter_async_context(stage(pace=0, report=report, hedge=hedge)) for report, hedge in ways]
        return [[await _processor_time(each, turn, count) for each in here] for turn in range(TURNS)]


async def _processor_time(here: Stage, turn: int, count: int) -> float:
    await here.bot.idle()
    used = here.bot.cpu()
    await here.runs([f"topic p{turn}x{number}" for number in range(count)], count)
    await here.bot.idle()
    return 1000 * (here.bot.cpu() - used) / count


async def comparison(count: int) -> AsyncIterator[Figure]:
    """Print the ways side by side for so many topics; give what each must reach beside plain fan-out."""
    topics, rush = ([f"topic {letter}{number}" for number in range(count)] for letter in "cr")
    many = [f"topic c{number}" for number in range(TAILED_TIMES * count)]
    sequential = await in_turn(topics)
    whole = await served("fan-out, then one report (`REPORT=whole`)", "whole", topics, rush)
    sections = await served("fan-out, section by section (`REPORT=sections`)", "sections", topics, rush)
    deep = await served("the same in depth (`--deep`), three questions an angle", "sections", topics, [], " --deep")
    _print(whole.way, sequential, whole.way, sections.way, deep.way)
    tailed = await served("fan-out, then one report", "whole", many, [], tail=TAIL)
    slow = await served("section by section", "sections", many, [], tail=TAIL)
    hedged = await served("section by section, late calls twice (`HEDGE=on`)", "sections", many, [], "", "on", TAIL)
    times = await processor_times(count)
    print(f"One first token in {1 / TAIL:.0f} takes {TAIL_FACTOR} times as long, for {len(many)} topics:")
    _print(tailed.way, tailed.way, slow.way, hedged.way)
    for figure in (
        *_by_section(sections, whole, rush),
        Figure("deep, three questions an angle, wall p50", *_beside_leaves(deep.way, topics), unit="s"),
        Figure(
            "late calls twice, wall p95 under a tail", hedged.way.times[1] / tailed.way.times[1], 0.58, unit="× whole"
        ),
        Figure("late calls twice, calls more", 100 * (hedged.way.calls / slow.way.calls - 1), 10, unit="%"),
        Figure("section by section, processor time more a run", _more(times, 1, 0), 15, unit="ms"),
        Figure("late calls twice, processor time more a run", _more(times, 2, 1), 15, unit="ms"),
    ):
        yield figure


def _print(plain: Way, *ways: Way) -> None:
    print("", f"| {' | '.join(HEAD)} |", f"|{'---|' * len(HEAD)}", sep="\n")
    print(*(way.beside(plain) for way in ways), "", sep="\n", flush=True)


def _by_section(sections: Served, whole: Served, rush: list[str]) -> Iterator[Figure]:
    (middle, slowest, _), (its_middle, its_slowest, _) = sections.way.times, whole.way.times
    yield Figure("section by section, wall p50", middle / its_middle, 0.60, unit="× whole")
    yield Figure("section by section, wall p95", slowest / its_slowest, 0.80, unit="× whole")
    yield Figure("section by section, commits of one run", sections.commits, COMMITS_BY_SECTION, unit="commits")
    yield Figure("written whole, commits of one run", whole.commits, COMMITS_WHOLE, unit="commits")
    own = statistics.median(taken / ideal_by_section(topic) for topic, taken in zip(rush, sections.rush, strict=True))
    yield Figure(f"section by section, {len(rush)} runs at once, median", own, 1.15)


def _more(times: list[list[float]], way: int, than: int) -> float:
    """How much more one way takes than another, in the middle turn."""
    return statistics.median(turn[way] - turn[than] for turn in times)


def _beside_leaves(deep: Way, topics: list[str]) -> tuple[float, float]:
    """What a run in depth takes, and the most that it may: 2.2 times its slowest answer, and a plain report."""
    most = statistics.median(DEEP * slowest_answer(topic) + seconds(topic, "report") for topic in topics)
    return deep.times[0], most

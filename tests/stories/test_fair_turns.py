"""Where the model takes few calls at once, people take turns: whoever asks for much makes nobody else wait."""

from __future__ import annotations

import asyncio

from tests.support.pages import page
from tests.support.story import Mode, Story, story

MANY = ("coffee", "cocoa", "milk")  # three angles and a report each


async def queued(told: Story, calls: int) -> None:
    """Wait until so many calls wait for their turn."""
    while f'research_model_calls_queued{{rank="angle"}} {calls}.0' not in (await page(told.bot.port, "/metrics"))[1]:
        pass


async def test_a_first_run_goes_call_by_call_beside_the_runs_of_somebody_else(mode: Mode) -> None:
    """Its angles are done long before theirs, though all of theirs came before."""
    async with story(mode, max_model_calls=1) as told:
        gate = asyncio.Event()
        told.model.answer("angle/*", gate=gate)
        others = [await told.research(topic) for topic in MANY]
        await queued(told, 8)
        first = await told.research("tea", user="U0TWO")
        await queued(told, 11)
        gate.set()
        for root in (first, *others):
            await told.ended(root)
        asked = [request for request in told.model.requests if request.step != "report"]
        assert ["tea" in request.prompt for request in asked] == [False, True] * 3 + [False] * 6

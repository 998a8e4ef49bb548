"""What many do at once does not keep others waiting."""

from __future__ import annotations

import asyncio

from bot.research.beside import in_turn


async def test_of_many_who_go_on_at_once_one_does_so_in_each_pass_of_the_loop() -> None:
    """A click that comes meanwhile waits for one of them, not for all."""
    passes, seen = 0, list[int]()

    async def work() -> None:
        await in_turn()
        seen.append(passes)

    tasks = [asyncio.create_task(work()) for _ in range(20)]
    while not all(task.done() for task in tasks):
        passes += 1
        await asyncio.sleep(0)
    assert len(set(seen)) == 20


async def test_whoever_no_longer_waits_takes_no_turn_and_holds_up_nobody() -> None:
    """A run that is stopped leaves the line."""
    first, second, third = (asyncio.create_task(in_turn()) for _ in range(3))
    await asyncio.sleep(0)
    first.cancel()
    second.cancel()
    async with asyncio.timeout(10):
        await third
    assert first.cancelled()
    assert second.cancelled()

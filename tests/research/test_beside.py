"""What many do at once does not keep others waiting."""

from __future__ import annotations

import asyncio
from collections import Counter

from bot.research.beside import AT_ONCE, take_turn


async def test_of_many_who_go_on_at_once_only_a_few_do_so_in_one_pass_of_the_loop() -> None:
    """A click that comes meanwhile waits for a few of them, not for all."""
    passes, seen = 0, list[int]()

    async def work() -> None:
        await take_turn()
        seen.append(passes)

    tasks = [asyncio.create_task(work()) for _ in range(20)]
    while not all(task.done() for task in tasks):
        passes += 1
        await asyncio.sleep(0)
    assert max(Counter(seen).values()) == AT_ONCE


async def test_whoever_no_longer_waits_takes_no_turn_and_holds_up_nobody() -> None:
    """A run that is stopped leaves the line."""
    first, second, third = (asyncio.create_task(take_turn()) for _ in range(3))
    await asyncio.sleep(0)
    first.cancel()
    second.cancel()
    async with asyncio.timeout(10):
        await third
    assert first.cancelled()
    assert second.cancelled()


async def test_what_is_paid_for_goes_before_what_only_begins() -> None:
    """An answer that waits behind a hundred new requests is lost with the process."""
    seen = list[str]()

    async def work(name: str, ahead: bool) -> None:
        await take_turn(ahead)
        seen.append(name)

    async with asyncio.TaskGroup() as tasks:
        for name in ("new", "answered"):
            for _ in range(2 * AT_ONCE):
                tasks.create_task(work(name, name == "answered"))
    assert seen == ["answered"] * 2 * AT_ONCE + ["new"] * 2 * AT_ONCE

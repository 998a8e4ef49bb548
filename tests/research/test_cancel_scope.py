"""The scope: it ends what goes on inside with our own error, and only what goes on inside."""

from __future__ import annotations

import asyncio

import pytest

from bot.research.cancel_scope import CancelScope
from bot.research.errors import Stopped


class Body:
    """A task that waits inside a scope; it writes down how far it came."""

    def __init__(self, error: Exception | None = None) -> None:
        self.line, self.done = CancelScope(), list[str]()
        self._inside, self._go, self._error = asyncio.Event(), asyncio.Event(), error
        self.task = asyncio.create_task(self._live())

    async def _live(self) -> None:
        async with self.line:
            self._inside.set()
            await self._go.wait()
            self.done.append("inside")
            if self._error:
                raise self._error
        await asyncio.sleep(0)
        self.done.append("after")

    async def entered(self) -> Body:
        await self._inside.wait()
        return self

    async def let_go(self) -> None:
        self._go.set()
        await self.task


async def test_cut_before_it_is_entered_nothing_inside_is_begun() -> None:
    """A run that was stopped while it waited for its place must not ask a model."""
    body = Body()
    body.line.cut(Stopped("U1"))
    with pytest.raises(Stopped):
        await body.let_go()
    assert body.done == []


async def test_cut_inside_it_raises_the_error_that_it_was_cut_with() -> None:
    """Who stopped the run is told by it."""
    body = await Body().entered()
    body.line.cut(Stopped("U1"))
    with pytest.raises(Stopped) as stopped:
        await body.task
    assert stopped.value.by == "U1"
    assert body.done == []


async def test_the_first_cut_counts() -> None:
    """Two people stop a run: it is named after one of them, and is not cancelled twice."""
    body = await Body().entered()
    body.line.cut(Stopped("U1"))
    body.line.cut(Stopped("U2"))
    with pytest.raises(Stopped) as stopped:
        await body.task
    assert stopped.value.by == "U1"
    assert body.task.cancelling() == 0


async def test_cut_after_it_was_left_it_does_nothing() -> None:
    """What comes after the run, keeping it, must go on."""
    body = await Body().entered()
    await body.let_go()
    body.line.cut(Stopped("U1"))
    assert body.done == ["inside", "after"]
    assert body.task.cancelling() == 0


@pytest.mark.parametrize("first", ["cut", "cancel"])
async def test_a_cancellation_by_somebody_else_is_not_swallowed(first: str) -> None:
    """A bot that stops must not wait for a run whose asker stopped it in the same moment."""
    body = await Body().entered()
    if first == "cancel":
        body.task.cancel()
    body.line.cut(Stopped("U1"))
    if first == "cut":
        body.task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await body.task
    assert body.done == []


async def test_a_cancellation_before_it_was_entered_is_left_to_whoever_made_it() -> None:
    """Only what is cancelled from here is turned into our error."""
    inside = asyncio.Event()
    line = CancelScope()

    async def cleaning_up() -> None:
        try:
            await asyncio.Event().wait()
        finally:
            async with line:
                inside.set()
                await asyncio.Event().wait()

    task = asyncio.create_task(cleaning_up())
    await asyncio.sleep(0)
    task.cancel()
    await inside.wait()
    line.cut(Stopped("U1"))
    with pytest.raises(Stopped):
        await task


async def test_an_error_of_the_body_comes_out_as_it_is() -> None:
    """A bug of ours must not pass for somebody's wish."""
    body = await Body(ZeroDivisionError()).entered()
    with pytest.raises(ZeroDivisionError):
        await body.let_go()


async def test_an_error_of_the_body_while_it_is_cut_wins() -> None:
    """It is the one to be found in the log."""
    line, inside = CancelScope(), asyncio.Event()

    async def crashing() -> None:
        async with line:
            try:
                inside.set()
                await asyncio.Event().wait()
            finally:
                raise ZeroDivisionError

    task = asyncio.create_task(crashing())
    await inside.wait()
    line.cut(Stopped("U1"))
    with pytest.raises(ZeroDivisionError):
        await task
    assert task.cancelling() == 0

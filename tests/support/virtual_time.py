"""Time that passes only when nobody has anything left to do: an hour of pauses takes a millisecond."""

from __future__ import annotations

import asyncio
import functools
import selectors
from collections.abc import Callable, Coroutine
from typing import Any, ParamSpec

P = ParamSpec("P")

DAWN = 1_000.0  # seconds that the clock has run before a test begins, as a machine's has


class NothingWillHappen(AssertionError):
    """Everybody waits and no timer is set: a real loop would hang."""


class _Leaping(selectors.SelectSelector):
    """Where a loop would sleep, its clock is put forward instead."""

    def __init__(self) -> None:
        super().__init__()
        self.now = DAWN

    def select(self, timeout: float | None = None) -> list[tuple[selectors.SelectorKey, int]]:
        ready = super().select(0)
        if timeout is None and not ready:
            raise NothingWillHappen
        if not ready:
            self.now += max(timeout or 0, 0)
        return ready


class VirtualLoop(asyncio.SelectorEventLoop):
    """An event loop whose clock leaps to the next timer as soon as nothing else is left to do."""

    def __init__(self) -> None:
        self._leaping = _Leaping()
        super().__init__(self._leaping)

    def time(self) -> float:
        return self._leaping.now

    def hold_up(self, seconds: float) -> None:
        self._leaping.now += seconds

    def run_in_executor(self, executor: Any, func: Callable[..., Any], *args: Any) -> asyncio.Future[Any]:  # type: ignore[override]
        """What others do in threads is done at once: no thread knows of this clock."""
        done = self.create_future()
        done.set_result(func(*args))  # what it raises ends the test
        return done


def in_virtual_time(test: Callable[P, Coroutine[Any, Any, None]]) -> Callable[P, None]:
    """Run an async test on a loop of its own in which no pause takes any time."""

    @functools.wraps(test)
    def run(*args: P.args, **kwargs: P.kwargs) -> None:
        with asyncio.Runner(loop_factory=VirtualLoop) as runner:
            runner.run(test(*args, **kwargs))

    return run


def hold_up(seconds: float) -> None:
    """Let time pass in which the loop can do nothing, as if something computed."""
    loop = asyncio.get_running_loop()
    assert isinstance(loop, VirtualLoop)
    loop.hold_up(seconds)


def now() -> float:
    """Seconds since the test began."""
    return round(asyncio.get_running_loop().time() - DAWN, 6)

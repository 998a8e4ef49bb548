"""How long work keeps the event loop from others: what foreign texts make long goes beside it, what many do in turn."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar
from weakref import WeakKeyDictionary

T = TypeVar("T")

# Characters: the most hostile text of that length takes some 7 ms to read and to cut, an ordinary one a tenth of what a
# trip to another thread and back takes.
SHORT = 2_000
# One thread for all of it: each that is at work takes as much of the interpreter's time as the event loop gets.
_READER = ThreadPoolExecutor(max_workers=1, thread_name_prefix="beside")
# How many take their turn in one pass of the event loop: each does 2 to 7 ms, and a pass has a price of its own.
AT_ONCE = 3
Line = deque[asyncio.Future[None]]
# Who waits for a turn, by event loop: those who go ahead, and the others.
_LINES: WeakKeyDictionary[asyncio.AbstractEventLoop, tuple[Line, Line]] = WeakKeyDictionary()


async def beside(size: int, work: Callable[[], T], short: int = SHORT) -> T:
    """Do the work on a text of this size: at once where it is ``short``, else in another thread."""
    return work() if size <= short else await asyncio.get_running_loop().run_in_executor(_READER, work)


async def take_turn(ahead: bool = False) -> None:
    """Wait until only a few who wait here go on in one pass of the event loop; ``ahead`` goes before all who are not.

    What takes a millisecond or two takes half a second where a hundred runs do it in one pass, and all that came after
    waits as long: a click that wants its answer, a message that could leave. What is paid for and not stored yet goes
    ahead, for it is lost if the process dies now.
    """
    loop = asyncio.get_running_loop()
    lines = _LINES.setdefault(loop, (deque(), deque()))
    turn = loop.create_future()
    if not any(lines):
        loop.call_soon(_next, loop, lines)
    lines[0 if ahead else 1].append(turn)
    await turn


def _next(loop: asyncio.AbstractEventLoop, lines: tuple[Line, Line]) -> None:
    """Let the first few go on, and the others in the passes that follow."""
    going = 0
    for line in lines:
        while line and going < AT_ONCE:
            turn = line.popleft()
            if not turn.done():  # nobody waits any more for one that was cancelled
                turn.set_result(None)
                going += 1
    if any(lines):
        loop.call_soon(_next, loop, lines)

"""Reading that foreign texts make long, beside the event loop; what is short is read at once."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

T = TypeVar("T")

# Characters: the most hostile text of that length takes some 7 ms to read and to cut, an ordinary one a tenth of what a
# trip to another thread and back takes.
SHORT = 2_000
# One thread for all of it: each that is at work takes as much of the interpreter's time as the event loop gets.
_READER = ThreadPoolExecutor(max_workers=1, thread_name_prefix="beside")


async def beside(size: int, work: Callable[[], T], short: int = SHORT) -> T:
    """Do the work on a text of this size: at once where it is ``short``, else in another thread."""
    return work() if size <= short else await asyncio.get_running_loop().run_in_executor(_READER, work)

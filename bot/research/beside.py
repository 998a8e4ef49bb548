"""Reading that foreign texts make long, beside the event loop; what is short is read at once."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import TypeVar

T = TypeVar("T")

# Characters: the most hostile text of that length takes some 7 ms to read and to cut, an ordinary one a tenth of what a
# trip to another thread and back takes.
SHORT = 2_000


async def beside(size: int, work: Callable[[], T], short: int = SHORT) -> T:
    """Do the work on a text of this size: at once where it is ``short``, else in another thread."""
    return work() if size <= short else await asyncio.to_thread(work)

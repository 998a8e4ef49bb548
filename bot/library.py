"""Where workers search and read: what the environment chose, put together."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

import aiohttp

from bot.adapters.web.pages_http import WebPages
from bot.adapters.web.pages_http import untold as untold_page
from bot.adapters.web.search import Told, searches, untold
from bot.adapters.web.search_openai import Used, unpaid
from bot.adapters.web.searching import Searching
from bot.research.evidence.reading import Library


@asynccontextmanager
async def library(
    searching: Searching,
    allowed: tuple[str, ...],
    session: aiohttp.ClientSession,
    searched: Told = untold,
    read: Callable[[str, float], None] = untold_page,
    used: Used = unpaid,
) -> AsyncIterator[Library | None]:
    """The library until this is left, None where nothing is searched; ``searched``, ``read`` and ``used`` count.

    ``allowed`` are the hosts of an intranet that may be read; searches go through the ``session``.
    """
    search = searches(searching, session, searched, used)
    if not search:
        yield None
        return
    async with WebPages(searching.contact, allowed, read) as pages:
        yield Library(search, pages, searching.seconds)

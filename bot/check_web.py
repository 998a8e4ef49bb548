"""Whether searches find something and pages can be read; a line each, and what to do."""

from __future__ import annotations

import time
from collections.abc import AsyncIterator

import aiohttp

from bot import network
from bot.adapters.web.pages_http import WebPages
from bot.adapters.web.search import Searches, provider
from bot.adapters.web.searching import Searching
from bot.check_line import Line
from bot.research.errors import PageError, SearchError
from bot.research.ports import Candidate
from bot.settings import SEARCH_VARIABLES, ModelSettings

SEARCHED = "tea"  # whatever can be searched knows of it
SEARCHES = {
    "tavily": "Tavily",
    "brave": "Brave",
    "exa": "Exa",
    "searxng": "SearXNG",
    "wikipedia": "Wikipedia",
    "openai": "OpenAI's search",
    "ddgs": "ddgs",
}
NOT_SEARCHED = {
    "off": "Nothing is searched, as SEARCH says; reports are written from what the model knows.",
    "private": "Nothing is searched: the model's address is private, so no topic leaves it unasked. To have reports "
    "rest on pages of the web, set SEARCH=wikipedia, or SEARXNG_URL, or another search's key.",
}
UNFOUND = {
    "search_key": "does not take our key. Copy {variable} anew from its page of keys.",
    "search_credit": "has no credit left for us. Add some there, or name another search in SEARCH.",
    "search_rate": "wants fewer requests. Try again in a few minutes.",
    "search_refused": "does not take our request ({why}). {todo}",
    "search_down": "does not answer: {why}. See that this machine reaches it.",
    "search_unintelligible": "answers what is no search: {why}. {todo}",
    "search_late": "does not answer in time. Try again, or set a longer SEARCH_TIMEOUT.",
}
SEARCH_TODO = {
    "searxng": "See that SEARXNG_URL is right and that its settings.yml has json in search.formats.",
    "wikipedia": "Set CONTACT to an address at which whoever runs the bot is reached.",
    "openai": "See that OPENAI_MODEL can search, or name another search in SEARCH.",
}
NO_CONTACT = " Set CONTACT: Wikipedia wants to know whom to write to, and counts its limits by that."
TRIED = 3  # pages: any one of them may be one that lets no program read it
UNREAD = {
    "page_address": "its address is not public; name its host in FETCH_ALLOW if it may be read all the same",
    "page_status": "its site refuses us",
    "page_down": "nobody answers; pages are asked from this machine without a proxy: see that it reaches the web",
    "page_late": "it takes too long; pages are asked from this machine without a proxy: see that it reaches the web",
}


async def web_lines(settings: ModelSettings) -> AsyncIterator[Line]:
    """A line for each search that is chosen, and one for the pages that were found; why, where none is."""
    chosen, pages = settings.searching(settings.endpoint), list[Candidate]()
    if chosen.reason:
        yield Line(True, "Search", NOT_SEARCHED[chosen.reason])
    async with network.session() as session:
        for name in chosen.names:
            yield await _searched(name, chosen, session, pages)
    if pages:
        yield await _read(pages[:TRIED], settings)


async def _searched(name: str, chosen: Searching, session: aiohttp.ClientSession, pages: list[Candidate]) -> Line:
    """Whether a search finds what every one of them knows; what it finds is put with the ``pages``."""
    who, began = SEARCHES[name], time.monotonic()
    try:
        found = await Searches([provider(name, chosen, session)], chosen.seconds).find(SEARCHED, "en")
    except SearchError as error:
        todo = SEARCH_TODO.get(name, "If it stays so, ask the provider.")
        variable = SEARCH_VARIABLES[name] or "OPENAI_API_KEY"
        return Line(False, "Search", f"{who} {UNFOUND[error.cause].format(variable=variable, why=error, todo=todo)}")
    if not found:
        return Line(False, "Search", f"{who} answers, but finds nothing about {SEARCHED}. See what it searches.")
    pages += found
    results = f"{len(found)} result{'s' * (len(found) > 1)} in {time.monotonic() - began:.1f} s"
    wanted = NO_CONTACT if name == "wikipedia" and not chosen.contact else ""
    return Line(True, "Search", f"{who} answers: {results}.{wanted}")


async def _read(found: list[Candidate], settings: ModelSettings) -> Line:
    """Whether one of these pages can be read."""
    async with WebPages(settings.contact or "", settings.allowed_hosts) as pages:
        for candidate in found:
            began = time.monotonic()
            try:
                page = await pages.read(candidate.url)
            except PageError as error:
                told = f"{candidate.url} cannot be read: {UNREAD.get(error.cause, 'there is no article on it')}."
            else:
                words = f"{len(page.text.split()):,} words in {time.monotonic() - began:.1f} s"
                return Line(True, "Pages", f"{page.publisher} can be read: {words}.")
    return Line(False, "Pages", told)

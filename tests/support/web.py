"""A web for stories: sites with articles about tea, and a search that finds them."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

from bot.playground.web.search import Document, SearchServer
from bot.playground.web.sites import Sites, article

# What a page says that each angle's queries find: a publisher, a title and its paragraphs.
Articles = dict[str, tuple[tuple[str, str], list[str]]]
ARTICLES: Articles = {
    "history": (
        ("The Harbour Museum", "The history of tea"),
        [
            "Tea was brought to the harbour in 1657, says the register of the port. Its origin was unknown.",
            "The timeline of the museum names 1784 as the year in which the duty on tea fell from 119 percent to 12.",
        ],
    ),
    "milestones": (
        ("Open Almanac", "Milestones of the tea trade"),
        ["A milestone in the history of tea was the auction of 1839, at which eight chests from Assam were sold."],
    ),
    "technology": (
        ("Institute for Leaves", "How tea works"),
        [
            "How it works: the leaf of tea loses about 40 percent of its water before it is rolled by a machine.",
            "The technology of rolling breaks the cells, and oxidation at 26 degrees takes one to three hours.",
        ],
    ),
    "challenges": (
        ("Review of Machines", "Technology and challenges of tea"),
        ["The mechanism of a roller from 1872 is still in use, and its main challenge is heat, as 14 engineers found."],
    ),
    "society": (
        ("Ministry of Works", "The impact of tea on society"),
        ["The impact of tea on society was counted in 2021: 13 million people live from it, most on small farms."],
    ),
    "economy": (
        ("The Evening Ledger", "Tea: economy, benefits and risks"),
        ["The economy of tea has benefits and risks: 9 billion dollars of trade in 2022, wages of 3 dollars a day."],
    ),
}


@dataclass
class Web:
    """Everybody out there."""

    sites: Sites
    search: SearchServer

    @property
    def wanted(self) -> dict[str, Any]:
        """What the settings say, by their names."""
        allowed = {"fetch_allow": self.sites.allowed, "search_timeout": 60}  # on a machine that has much else to do
        return {"search": "searxng", "searxng_url": self.search.searxng_url} | allowed

    @property
    def hosted(self) -> dict[str, Any]:
        """The same where the model searches by itself."""
        return self.wanted | {"search": "openai", "openai_api": "responses"}

    def find(self, title: str, url: str, text: str) -> None:
        """Let the search find one more page."""
        self.search.documents.append(Document(title, url, text))

    def trap(self, name: str, about: str) -> None:
        """Let the search find one of the traps when it is asked for these words."""
        self.find(about, self.sites.url(f"trap/{name}", host=4), about)


@asynccontextmanager
async def web(articles: Articles = ARTICLES) -> AsyncIterator[Web]:
    """The sites and the search until this is left."""
    async with Sites() as sites, SearchServer() as search:
        told = Web(sites, search)
        for host, (name, ((publisher, title), paragraphs)) in enumerate(articles.items()):
            sites.put(name, article(title, paragraphs, publisher, filler=4))
            told.find(title, sites.url(name, host % 4), " ".join([title, *paragraphs]))
        yield told

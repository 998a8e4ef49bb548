"""Which model is at hand where none need be set: the one that is, else one on this machine, else the tiny one."""

from __future__ import annotations

import os
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass

from bot.adapters.endpoint import Endpoint
from bot.adapters.model_embedded import NAME, embedded
from bot.adapters.model_local import PORTS, LocalServer, find
from bot.research import words
from bot.settings import ModelSettings
from bot.text.english import foreign

MOST_THREADS = 8  # so small a model gains little from more, and a container may show cores that it may not use


@dataclass(frozen=True)
class AtHand:
    """A model that answers at its endpoint, and what has to be said of it."""

    endpoint: Endpoint
    told: tuple[str, ...] = ()


async def at_hand(settings: ModelSettings, ports: Mapping[int, str] = PORTS) -> AtHand | None:
    """The model that is set, else one of a server that listens at one of the ``ports`` of this machine."""
    if settings.has_model:
        return AtHand(settings.endpoint)
    server = await find(settings.openai_model or "", ports)
    told = words.using_server(server.model, server.name, server.address) if server else ""
    return AtHand(_endpoint(server, settings), (told,)) if server else None


@asynccontextmanager
async def tiny(settings: ModelSettings) -> AsyncIterator[Endpoint]:
    """The tiny model that comes along, until this is left. Raises NotInstalledError."""
    threads = min(os.cpu_count() or 1, MOST_THREADS)
    async with embedded(threads, settings.model_timeout) as endpoint:
        yield endpoint


def about_the_tiny_one(topic: str, wanted: str, chosen: bool) -> tuple[str, ...]:
    """What is said of the tiny model; no server lists the model ``wanted``, ``chosen`` says that nobody was asked."""
    told = [words.using_tiny(NAME, wanted, chosen), words.TINY_SHOWS_THE_FLOW]
    return tuple(told + [words.NOT_ENGLISH] * foreign(topic))


def _endpoint(server: LocalServer, settings: ModelSettings) -> Endpoint:
    """A call may take as long as a run, unless that is set: a large model takes minutes on a laptop."""
    patience = settings.model_timeout if "model_timeout" in settings.model_fields_set else settings.run_timeout
    return Endpoint(server.model, server.base_url, "none", "chat", patience, local=bool(server.name))

"""The model of a trial: the one that is set, else one that runs on this machine, else the tiny one that comes along."""

from __future__ import annotations

import asyncio
import os
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass

from bot.adapters.encyclopedia_offline import Article, article
from bot.adapters.endpoint import Endpoint
from bot.adapters.hedging import Hedging
from bot.adapters.model_embedded import NAME, embedded
from bot.adapters.model_local import PORTS, LocalServer, find
from bot.adapters.model_openai import OpenAIModel
from bot.adapters.model_queue import ModelQueue
from bot.research import words
from bot.research.simple_voice import simple_voice
from bot.research.voice import VOICES, WHOLE, Voice
from bot.settings import ModelSettings
from bot.text.english import foreign

MOST_THREADS = 8  # so small a model gains little from more, and a container may show cores that it may not use


@dataclass(frozen=True)
class Speaker:
    """A model, the voice that suits it, and what has to be said of it.

    ``label`` stands with each of its texts; ``told`` are sentences for the first lines of a run.
    ``article`` is what an encyclopedia says of the topic beside a model that knows nothing, None where that has none.
    """

    model: OpenAIModel
    endpoint: Endpoint
    voice: Voice = WHOLE
    label: str = ""
    told: tuple[str, ...] = ()
    article: Article | None = None


@asynccontextmanager
async def speaker(
    topic: str, settings: ModelSettings, tiny: bool = False, ports: Mapping[int, str] = PORTS
) -> AsyncIterator[Speaker]:
    """The model for a topic, until this is left; ``tiny`` passes all others by. Raises NotInstalledError.

    Without a model in the settings a server is looked for at the ``ports`` of this machine.
    """
    turns, wanted = ModelQueue(settings.max_model_calls), settings.openai_model or ""
    server = None if tiny or settings.has_model else await find(wanted, ports)
    if server or (settings.has_model and not tiny):
        endpoint = _endpoint(server, settings) if server else settings.endpoint
        hedging = Hedging() if settings.hedge == "on" and not endpoint.local else None  # a copy would slow this machine
        async with OpenAIModel(endpoint, turns, hedging=hedging) as model:
            yield Speaker(model, endpoint, VOICES[settings.report], told=_about(server) if server else ())
        return
    looked_up = asyncio.create_task(asyncio.to_thread(article, topic))  # while the model is loaded
    threads = min(os.cpu_count() or 1, MOST_THREADS)
    async with embedded(threads, settings.model_timeout) as endpoint, OpenAIModel(endpoint, turns) as model:
        yield Speaker(
            model,
            endpoint,
            simple_voice(words.TINY_SYNTHESIS),
            words.TINY_LABEL,
            about_the_tiny_one(topic, wanted, tiny),
            await looked_up,
        )


def _endpoint(server: LocalServer, settings: ModelSettings) -> Endpoint:
    """A call may take as long as a run, unless that is set: a large model takes minutes on a laptop."""
    patience = settings.model_timeout if "model_timeout" in settings.model_fields_set else settings.run_timeout
    return Endpoint(server.model, server.base_url, "none", "chat", patience, local=bool(server.name))


def _about(server: LocalServer) -> tuple[str, ...]:
    return (words.using_server(server.model, server.name, server.address),)


def about_the_tiny_one(topic: str, wanted: str, chosen: bool) -> tuple[str, ...]:
    """What is said of the tiny model; no server lists the model ``wanted``, ``chosen`` says that nobody was asked."""
    told = [words.using_tiny(NAME, wanted, chosen), words.TINY_SHOWS_THE_FLOW]
    return tuple(told + [words.NOT_ENGLISH] * foreign(topic))

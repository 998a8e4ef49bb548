"""The model of a trial, with the voice that suits it and what an encyclopedia says beside the tiny one."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass

from bot.adapters.encyclopedia_offline import Article, article
from bot.adapters.endpoint import Endpoint
from bot.adapters.hedging import Hedging
from bot.adapters.model_local import PORTS
from bot.adapters.model_openai import OpenAIModel
from bot.adapters.model_queue import ModelQueue
from bot.model_choice import about_the_tiny_one, at_hand
from bot.model_choice import tiny as the_tiny_one
from bot.research import words
from bot.research.simple_voice import simple_voice
from bot.research.voice import WHOLE, Voice
from bot.settings import ModelSettings


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
    turns = ModelQueue(settings.max_model_calls)
    if chosen := None if tiny else await at_hand(settings, ports):
        local = chosen.endpoint.local  # a second copy would slow this machine
        hedging = Hedging() if settings.hedge == "on" and not local else None
        async with OpenAIModel(chosen.endpoint, turns, hedging=hedging) as model:
            yield Speaker(model, chosen.endpoint, settings.voice, told=chosen.told)
        return
    looked_up = asyncio.create_task(asyncio.to_thread(article, topic))  # while the model is loaded
    async with the_tiny_one(settings) as endpoint, OpenAIModel(endpoint, turns) as model:
        yield Speaker(
            model,
            endpoint,
            simple_voice(words.TINY_SYNTHESIS),
            words.TINY_LABEL,
            about_the_tiny_one(topic, settings.openai_model or "", tiny),
            await looked_up,
        )

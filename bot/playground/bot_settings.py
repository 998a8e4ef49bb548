"""What the playground's bot is told: the model that is at hand, our Slack, and of the surroundings nothing else."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import quote

from pydantic import SecretStr

from bot.adapters.endpoint import Endpoint
from bot.model_choice import about_the_tiny_one, at_hand, tiny
from bot.playground.model_proxy import ModelProxy
from bot.playground.slack import Playground
from bot.settings import ModelSettings


@dataclass(frozen=True)
class Chosen:
    """The model at its endpoint, whether it is the tiny one, and what has to be said of it."""

    endpoint: Endpoint
    told: tuple[str, ...]
    tiny: bool = False


@asynccontextmanager
async def chosen(settings: ModelSettings, tiny_wanted: bool) -> AsyncIterator[Chosen]:
    """The model that is set, or at hand on this machine, or else the tiny one; raises NotInstalledError."""
    if found := None if tiny_wanted else await at_hand(settings):
        yield Chosen(found.endpoint, found.told)
        return
    async with tiny(settings) as endpoint:
        yield Chosen(endpoint, about_the_tiny_one("", settings.openai_model or "", tiny_wanted), tiny=True)


def told(
    settings: ModelSettings, database: Path, slack: Playground, model: Chosen, proxy: ModelProxy
) -> dict[str, Any]:
    """The settings of the bot by their names, as JSON has them."""
    kept = {name: _plain(getattr(settings, name)) for name in settings.model_fields_set}
    endpoint = model.endpoint
    here = {
        "database_url": f"sqlite:///{quote(str(database))}",
        "slack_bot_token": slack.bot_token,
        "slack_app_token": slack.app_token,
        "slack_api_url": slack.api_url,
        "port": 0,
        "listen": "127.0.0.1",
    }
    of_model = {
        "openai_model": endpoint.model,
        "openai_base_url": endpoint.base_url,
        "openai_api": endpoint.api,
        "openai_api_key": proxy.token,
        "model_timeout": endpoint.timeout,
        "model_through": proxy.address,
        "model_local": endpoint.local,
        "tiny": model.tiny,
    }
    # A second copy of a call would slow this machine; the tiny model's texts shall not look as if they had sources.
    quiet = ({"hedge": "off"} if endpoint.local else {}) | ({"search": "off"} if model.tiny else {})
    return kept | here | of_model | quiet


def _plain(value: object) -> object:
    if isinstance(value, SecretStr):
        return value.get_secret_value()
    return value if isinstance(value, int | float | str | None) else str(value)

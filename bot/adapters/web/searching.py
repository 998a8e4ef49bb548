"""Which searches are chosen, and what they need."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from bot.adapters.endpoint import Endpoint


@dataclass(frozen=True)
class Searching:
    """Which providers are asked, in their order, and what they need; ``reason`` is why none is: "off" or "private".

    ``seconds`` are for the searches and the reading of one angle; ``endpoint`` is where the model answers.
    """

    names: tuple[str, ...]
    endpoint: Endpoint
    seconds: float = 8
    contact: str = ""
    keys: Mapping[str, str] = field(default_factory=dict, repr=False)
    searxng_url: str = ""
    reason: str = ""

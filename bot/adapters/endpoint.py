"""Where a model answers."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal


@dataclass(frozen=True)
class Endpoint:
    """Which model answers, where, and how it is spoken to; ``timeout`` is in seconds for one whole call.

    ``local`` says that it runs on this machine and costs nothing.
    """

    model: str
    base_url: str
    api_key: str = field(repr=False)
    api: Literal["responses", "chat"]
    timeout: float
    local: bool = False

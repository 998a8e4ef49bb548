"""What an answer used, as far as its numbers make sense: a count that is none never costs a text."""

from __future__ import annotations

import math
from decimal import Decimal
from typing import Any

from bot.adapters.endpoint import Endpoint
from bot.adapters.prices import price
from bot.research.model import Usage

MOST_TOKENS = 1_000_000_000  # of one answer; more is a fault of the server's


def usage(body: Any, endpoint: Endpoint, calls: int, searches: int = 0) -> Usage:
    """The tokens and the price of an answer to ``calls`` requests; unmetered where a number is missing or no count.

    ``searches`` are those that were made for it at the provider, which cost something of their own.
    """
    used = _used(body)
    come, gone = (_first(used, "input_tokens", "prompt_tokens"), _first(used, "output_tokens", "completion_tokens"))
    metered = come is not None and gone is not None and bool(come or gone)
    tokens_in, tokens_out = (come or 0, gone or 0) if metered else (0, 0)
    if endpoint.local:
        dollars: Decimal | None = Decimal(0)
    else:
        dollars = price(endpoint.model, endpoint.base_url, tokens_in, tokens_out, searches) if metered else None
    return Usage(
        calls=calls,
        input_tokens=tokens_in,
        output_tokens=tokens_out,
        price=dollars,
        metered=metered,
        local=endpoint.local,
    )


def thought(body: Any) -> tuple[int, int]:
    """How many tokens went into thinking that nobody sees, and how many came out in all; 0 where it is not said."""
    used = _used(body)
    details = used.get("completion_tokens_details") or used.get("output_tokens_details")
    reasoning = _first(details if isinstance(details, dict) else used, "reasoning_tokens")
    return reasoning or 0, _first(used, "output_tokens", "completion_tokens") or 0


def _used(body: Any) -> dict[str, Any]:
    used = body.get("usage") if isinstance(body, dict) else None
    return used if isinstance(used, dict) else {}


def _first(used: dict[str, Any], *names: str) -> int | None:
    """The first of these that is there, rounded; 0 if none is, None if it is no sane count."""
    given = next((used[name] for name in names if used.get(name) is not None), 0)
    if isinstance(given, bool):
        return None
    try:
        number = float(given)
    except (TypeError, ValueError, OverflowError):
        return None
    return round(number) if math.isfinite(number) and 0 <= number <= MOST_TOKENS else None

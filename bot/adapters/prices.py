"""What a model's tokens cost; an unknown model has an unknown price, never none."""

from __future__ import annotations

from decimal import Decimal


def price(model: str, base_url: str, input_tokens: int, output_tokens: int, searches: int = 0) -> Decimal | None:
    """Dollars for these tokens, and searches that its provider makes for a model; None if either is unknown.

    The provider is the one that answers under ``base_url``.
    """
    from genai_prices import Usage, calc_price  # the tables are large and not everybody pays

    try:
        usage = Usage(input_tokens=input_tokens, output_tokens=output_tokens, web_searches=searches)
        return calc_price(usage, model_ref=model, provider_api_url=base_url).total_price
    except LookupError:
        return None

"""What a model's tokens cost; an unknown model has an unknown price, never none."""

from __future__ import annotations

from decimal import Decimal


def price(model: str, base_url: str, input_tokens: int, output_tokens: int) -> Decimal | None:
    """Dollars for these tokens at the provider that answers under ``base_url``; None if either is unknown."""
    from genai_prices import Usage, calc_price  # the tables are large and not everybody pays

    try:
        usage = Usage(input_tokens=input_tokens, output_tokens=output_tokens)
        return calc_price(usage, model_ref=model, provider_api_url=base_url).total_price
    except LookupError:
        return None

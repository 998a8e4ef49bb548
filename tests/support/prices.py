"""Prices of the model servers on loopback: without them nobody knows what their answers cost."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from decimal import Decimal

from genai_prices.data_snapshot import DataSnapshot, set_custom_snapshot
from genai_prices.types import ClauseEquals, ModelInfo, ModelPrice, Provider


@contextmanager
def priced(dollars: str) -> Iterator[None]:
    """A million tokens of the model ``local`` cost so many dollars, in or out; its usual answer takes 300.

    A search that it makes costs a cent beside them.
    """
    price = ModelPrice(input_mtok=Decimal(dollars), output_mtok=Decimal(dollars), web_searches_kcount=Decimal(10))
    model = ModelInfo(id="local", match=ClauseEquals("local"), prices=price)
    here = Provider(id="here", name="Here", api_pattern=r"http://127\.0\.0\.1", models=[model])
    set_custom_snapshot(DataSnapshot([here], from_auto_update=False))
    try:
        yield
    finally:
        set_custom_snapshot(None)

"""Refusals are told in sentences, and nothing is left of them."""

from __future__ import annotations

import traceback

from bot.playground.page.seeing.routes import NOT_THERE
from tests.playground.page.visitor import visitor


async def test_a_refusal_that_is_made_again_and_again_keeps_nothing_of_the_requests() -> None:
    """A page that is left open over a restart asks each second for what is no more."""
    async with visitor() as here:
        for _ in range(3):
            status, _ = await here.get("/shown/c/nowhere")
            assert status == 404
    assert traceback.extract_tb(NOT_THERE.__traceback__) == []


async def test_an_encoding_that_nobody_knows_is_no_failure_of_the_playground() -> None:
    """What is sent as JSON is read as JSON, whatever it says of itself."""
    async with visitor() as here:
        body, headers = b'{"as": "U0ASKER", "tab": "home"}', {"Content-Type": "application/json; charset=no"}
        async with here.session.post("/open", data=body, headers=headers) as response:
            assert response.status == 200

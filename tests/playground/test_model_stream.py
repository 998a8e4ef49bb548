"""How the model server streams: as the SDK of those who stream reads it."""

from __future__ import annotations

from collections.abc import AsyncIterator

import openai
import pytest

from bot.playground import model_stream as streams
from bot.playground.model import Fault, ModelServer

TEXT = "Tea is a drink."
MANNERS = [streams.plainly, streams.like_azure, streams.like_openrouter, streams.thinking, streams.without_done]


@pytest.fixture
async def server() -> AsyncIterator[ModelServer]:
    async with ModelServer() as server:
        server.answer("*", TEXT)
        yield server


async def chunks(server: ModelServer) -> list[openai.types.chat.ChatCompletionChunk]:
    async with openai.AsyncOpenAI(api_key="none", base_url=server.url, max_retries=0) as client:
        asked = await client.chat.completions.create(
            model="local",
            messages=[{"role": "user", "content": "Tea?"}],
            stream=True,
            stream_options={"include_usage": True},
        )
        return [chunk async for chunk in asked]


@pytest.mark.parametrize("manner", MANNERS)
async def test_a_client_reads_the_text_and_what_it_used(server: ModelServer, manner: streams.Manner) -> None:
    """A double that nobody else can read would prove nothing."""
    server.manner = manner
    got = await chunks(server)
    assert "".join(chunk.choices[0].delta.content or "" for chunk in got if chunk.choices) == TEXT
    assert got[-1].usage
    assert (got[-1].choices, got[-1].usage.total_tokens) == ([], 300)


async def test_events_of_responses_end_with_the_whole_of_it(server: ModelServer) -> None:
    """Usage and text stand in the last event."""
    async with openai.AsyncOpenAI(api_key="none", base_url=server.url, max_retries=0) as client:
        events = [event async for event in await client.responses.create(model="local", input="Tea?", stream=True)]
    assert events[0].type == "response.created"
    assert "".join(event.delta for event in events if event.type == "response.output_text.delta") == TEXT
    assert events[-1].type == "response.completed"
    assert events[-1].response.output_text == TEXT


async def test_an_error_in_the_middle_is_one(server: ModelServer) -> None:
    """Status 200 says nothing of how a stream ends."""
    server.answer("*", TEXT, Fault(manner=streams.failing))
    with pytest.raises(openai.APIError, match="The server had an error"):
        await chunks(server)


async def test_tokens_come_in_their_time() -> None:
    """What is measured on it must be what was asked for."""
    async with ModelServer(lambda request, text: 0.2, lambda request, text: 0.1) as server:
        server.answer("*", TEXT)
        await chunks(server)
        (request,) = server.requests
        assert request.ended
        assert request.ended - request.began >= 0.2

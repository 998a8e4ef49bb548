"""Answers that come in streams: whole or not at all, whoever streams them and however badly."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from dataclasses import replace
from typing import Any, Literal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.adapters.endpoint import Endpoint
from bot.adapters.hedging import Hedging
from bot.adapters.model_openai import OpenAIModel
from bot.adapters.model_openai_shapes import parsed
from bot.adapters.model_openai_transport import FEW, FIRST_TOKEN
from bot.adapters.model_openai_wire import Wire
from bot.adapters.model_queue import ModelQueue
from bot.playground import model as ms
from bot.playground import model_stream as streams
from bot.playground.model import Fault, ModelServer
from bot.research.errors import AnswerIncomplete, ModelTimeout
from bot.research.ports import Call, Priority

CALL = Call("r_1", "angle/technical", "You are technical.", "Tea?", Priority.ANGLE, max_tokens=3200)
API = Literal["responses", "chat"]
TEXT = "Tea is a drink. People have made it for five thousand years, and still do."
MANNERS = [streams.plainly, streams.like_azure, streams.like_openrouter, streams.thinking, streams.without_done]
MANNERS += [streams.with_usage_in_each]


@pytest.fixture
async def server() -> AsyncIterator[ModelServer]:
    async with ModelServer() as server:
        server.answer("*", TEXT)
        yield server


@pytest.fixture(params=["chat", "responses"])
def api(request: pytest.FixtureRequest) -> API:
    name: API = request.param
    return name


async def _at_once(seconds: float) -> None:
    """No pause between attempts."""


def model(server: ModelServer, api: API = "chat", timeout: float = 30, most: int = 10) -> OpenAIModel:
    endpoint = Endpoint("local", server.url, "sk-x", api, timeout)
    return OpenAIModel(endpoint, ModelQueue(most), sleep=_at_once, hedging=Hedging())


def streamed(server: ModelServer) -> list[bool]:
    return [bool(request.body.get("stream")) for request in server.requests]


@pytest.mark.parametrize("manner", MANNERS)
async def test_a_stream_gives_the_whole_text_and_what_it_used(server: ModelServer, manner: streams.Manner) -> None:
    """Providers stream in ways of their own."""
    server.manner = manner
    async with model(server) as asked:
        answer = await asked.write(CALL)
        assert asked.learned == []
    assert (answer.text, answer.usage.tokens, answer.usage.calls) == (TEXT, 300, 1)
    assert streamed(server) == [True]


async def test_events_of_responses_give_the_whole_text(server: ModelServer) -> None:
    """OpenAI's own models stream typed events."""
    async with model(server, "responses") as asked:
        answer = await asked.write(CALL)
    assert (answer.text, answer.usage.tokens) == (TEXT, 300)
    assert streamed(server) == [True]


def refusing(status: int, message: str, param: str | None = None) -> Fault:
    return Fault(status=status, body={"error": {"message": message, "param": param}})


REFUSALS = [
    refusing(400, "Streaming is not supported by this model."),
    refusing(400, "Unrecognized request argument supplied: stream_options"),
    refusing(422, "Extra inputs are not permitted", "stream_options"),
    refusing(404, "Not Found"),
    refusing(501, "Not implemented"),
]


@pytest.mark.parametrize("refusal", REFUSALS, ids=lambda fault: f"{fault.status}-{fault.body['error']['message']}")
async def test_an_endpoint_that_refuses_streams_is_spoken_to_whole_from_then_on(
    server: ModelServer, api: API, refusal: Fault
) -> None:
    """No server needs a setting of its own, and no call fails for it."""

    def judge(body: dict[str, Any]) -> Fault | None:
        return refusal if "stream" in body else None

    server.judge = judge
    async with model(server, api) as asked:
        assert (await asked.write(CALL)).text == TEXT
        assert (await asked.write(CALL)).usage.calls == 1
        assert asked.learned == ["takes no streams"]
    assert streamed(server) == [True, False, False]


@pytest.mark.parametrize("manner", [streams.garbled, streams.without_end, streams.without_usage])
async def test_an_endpoint_that_garbles_streams_is_spoken_to_whole_from_then_on(
    server: ModelServer, manner: streams.Manner
) -> None:
    """What cannot be read, or lacks its end or its usage, is worth less than a whole answer."""
    server.manner = manner
    async with model(server) as asked:
        assert [(await asked.write(CALL)).text for _ in range(2)] == [TEXT, TEXT]
        assert asked.learned == ["takes no streams"]
    assert streamed(server)[-1] is False
    assert sum(streamed(server)) == 1


@pytest.mark.parametrize("fault", [ms.CUT_WITHIN, Fault(manner=streams.failing)])
async def test_a_stream_that_fails_in_the_middle_is_tried_again(server: ModelServer, fault: Fault) -> None:
    """Half an answer is none, and one bad moment says nothing of the endpoint."""
    server.answer("*", TEXT, fault)
    async with model(server) as asked:
        answer = await asked.write(CALL)
    assert (answer.text, answer.usage.calls) == (TEXT, 2)
    assert streamed(server) == [True, True]


async def test_a_stream_that_stands_still_ends_with_the_time_of_the_call(server: ModelServer, api: API) -> None:
    """A first token is no promise of a last one."""
    server.answer("*", TEXT, *[Fault(hang_within=True)] * 2)
    async with model(server, api, timeout=0.6) as asked:
        with pytest.raises(ModelTimeout):
            await asked.write(CALL)
    await server.until(lambda: all(request.cut for request in server.requests))


async def test_an_endpoint_that_only_streams_keeps_its_streams(server: ModelServer) -> None:
    """There is no other way to speak to it."""
    server.judge = lambda body: (
        None if "stream" in body else refusing(400, "This model requires streaming: stream=true")
    )
    server.manner = streams.without_usage
    async with model(server) as asked:
        assert (await asked.write(CALL)).text == TEXT
        assert (await asked.write(CALL)).text == TEXT
        assert asked.learned == ["takes streams only"]


@pytest.mark.parametrize("manner", [*MANNERS, streams.without_end])
async def test_the_first_token_is_heard_while_the_rest_is_not_written(
    server: ModelServer, manner: streams.Manner
) -> None:
    """Whether a call is late is known long before its end."""
    heard = asyncio.Event()
    server.manner = manner
    server.answer("*", TEXT, Fault(hang_within=True))
    wire = Wire(Endpoint("local", server.url, "sk-x", "chat", 30), streamed=True)
    asking = asyncio.create_task(wire.ask(CALL, heard.set))
    async with asyncio.timeout(60):
        await heard.wait()
    assert not asking.done()
    asking.cancel()
    with pytest.raises(asyncio.CancelledError):
        await asking
    await wire.close()


async def test_nothing_but_text_and_thinking_is_a_first_token(server: ModelServer, api: API) -> None:
    """A role, a comment or a verdict comes at once, however late the model is."""
    heard = asyncio.Event()

    def silent(stream: streams.Stream) -> streams.Stream:
        return streams.Stream(streams.like_openrouter(streams.like_azure(stream)).opening, (), ())

    server.manner = silent
    wire = Wire(Endpoint("local", server.url, "sk-x", api, 30), streamed=True)
    with pytest.raises(AnswerIncomplete):
        await wire.ask(CALL, heard.set)
    assert not heard.is_set()
    await wire.close()


@pytest.mark.parametrize(
    "event",
    [
        rb'{"choices":[{"delta":{"content":"Tea"}}]}',
        rb'{"choices": [{"delta": {"reasoning_content": "Hm"}}]}',
        rb'{"choices":[{"delta":{"reasoning":"Hm"}}]}',
        rb'{"choices":[{"delta":{"content":[{"type":"text","text":"Tea"}]}}]}',
        rb'{"type":"response.output_text.delta","delta":"Tea"}',
        rb'{"type":"response.reasoning_summary_text.delta","delta":"Hm"}',
    ],
)
def test_text_and_thinking_are_seen_in_every_form(event: bytes) -> None:
    """Providers name them differently."""
    assert FIRST_TOKEN.search(event)


@pytest.mark.parametrize(
    "event",
    [
        rb'{"choices":[{"delta":{"role":"assistant","content":""}}]}',
        rb'{"choices":[],"prompt_filter_results":[{"content_filter_results":{"hate":{"severity":"safe"}}}]}',
        rb'{"type":"response.created","response":{"instructions":"\"content\":\"x\"","text":{"format":{}}}}',
        rb'{"type":"response.output_item.added","item":{"type":"message","content":[]}}',
        b": OPENROUTER PROCESSING",
    ],
)
def test_what_comes_before_is_not(event: bytes) -> None:
    """It would hide how late the model is."""
    assert not FIRST_TOKEN.search(event)


@pytest.mark.parametrize("choices", [["text"], [None], {"text": "tea"}, 5])
async def test_an_answer_of_another_form_is_tried_again(server: ModelServer, choices: object) -> None:
    """Whatever comes in place of choices, it is a fault of the endpoint and none of ours."""
    server.answer("*", TEXT, Fault(body={"choices": choices, "usage": {"total_tokens": 3}}))
    async with model(server) as asked:
        assert (await asked.write(CALL)).text == TEXT


TOKENS = st.text() | st.sampled_from(['"', "\\", '", "content": "', '"}'])


@given(st.lists(st.tuples(TOKENS, st.booleans()), min_size=1), st.booleans())
def test_tokens_are_joined_whatever_stands_in_them(tokens: list[tuple[str, bool]], counted: bool) -> None:
    """Events that differ in their token alone are read together, which must not change what they say."""
    deltas = [{"content": token} | ({"voice": "low"} if voiced else {}) for token, voiced in tokens]
    chunks: list[dict[str, Any]] = [{"choices": [{"delta": delta}], "usage": None} for delta in deltas]
    if counted:  # no two events are alike then
        chunks = [chunk | {"usage": {"completion_tokens": number}} for number, chunk in enumerate(chunks)]
    body = parsed(b"".join(b"data: %b\n\n" % json.dumps(chunk).encode() for chunk in [*chunks, {"choices": []}]))
    assert "".join(body["choices"][0]["message"].get("content", [])) == "".join(token for token, _ in tokens)


async def test_many_streams_at_once_come_whole_as_few_do() -> None:
    """With many under way their tokens are left to the system for a while, of which no text may show anything."""
    async with ModelServer(lambda request, text: 0.3) as server:
        server.answer("*", lambda request: f"{request.step} {TEXT}", gate=(gate := asyncio.Event()))
        calls = [replace(CALL, step=f"angle/{number}") for number in range(FEW + 10)]
        async with model(server, most=len(calls)) as asked:
            answering = asyncio.gather(*map(asked.write, calls))
            await server.until(lambda: len(server.requests) == len(calls))
            gate.set()
            answers = await answering
    assert [answer.text for answer in answers] == [f"{call.step} {TEXT}" for call in calls]

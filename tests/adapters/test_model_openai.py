"""Every way in which a model's server can misbehave, on real sockets."""

from __future__ import annotations

import asyncio
import gzip
import socket
from collections.abc import AsyncIterator
from dataclasses import replace
from decimal import Decimal
from typing import Literal

import pytest

from bot.adapters.endpoint import Endpoint
from bot.adapters.hedging import Hedging
from bot.adapters.model_openai import OpenAIModel
from bot.adapters.model_openai_transport import MOST_BYTES
from bot.adapters.model_queue import ModelQueue
from bot.playground import model as ms
from bot.playground.model import Fault, ModelServer
from bot.research.budget import Budget, RunLimits
from bot.research.errors import (
    AnswerIncomplete,
    ContextTooLong,
    KeyRejected,
    ModelError,
    ModelRefused,
    ModelTimeout,
    OutOfCredit,
    ProviderDown,
    RateLimited,
    RequestRejected,
    Unintelligible,
    Unreachable,
)
from bot.research.model import Usage
from bot.research.model_call import TimeLimit, ask
from bot.research.ports import Call, Completion, Permission, Priority
from bot.research.words.en import NBSP, sentence

CALL = Call("r_1", "angle/technical", "You are technical.", "<topic>R&D</topic>", Priority.ANGLE, max_tokens=3200)
API = Literal["responses", "chat"]
PACKED = {"Content-Encoding": "gzip"}
ENDLESS = Fault(raw=gzip.compress(bytes(MOST_BYTES + 1)), headers=PACKED)
NO_GZIP = Fault(raw=b'{"error": {"message": "no"}}', headers=PACKED)


@pytest.fixture
async def server() -> AsyncIterator[ModelServer]:
    async with ModelServer() as server:
        yield server


@pytest.fixture(params=["chat", "responses"])
def api(request: pytest.FixtureRequest) -> API:
    name: API = request.param
    return name


@pytest.fixture(params=["streamed", "whole"], autouse=True)
def streamed(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> bool:
    """Whether answers are asked for in streams: what comes of them is the same."""
    monkeypatch.setattr(Client, "hedge", request.param == "streamed")
    return bool(request.param == "streamed")


class Client:
    """A model adapter whose waiting is written down instead of waited."""

    hedge = False

    @property
    def hedging(self) -> Hedging | None:
        return Hedging() if self.hedge else None

    def __init__(self, url: str, api: API, timeout: float = 5, model: str = "local") -> None:
        self.endpoint = Endpoint(model, url, "sk-secret", api, timeout)
        self.pauses: list[float] = []
        self.outcomes: list[str] = []
        self.turns = ModelQueue(10)

    async def write(self, call: Call = CALL) -> Completion:
        told = lambda outcome, usage, seconds: self.outcomes.append(outcome)  # noqa: E731
        async with OpenAIModel(self.endpoint, self.turns, told, self.pause, self.hedging) as model:
            return await model.write(call)

    async def fail(self, kind: type[ModelError]) -> ModelError:
        with pytest.raises(kind) as caught:
            await self.write()
        assert type(caught.value) is kind
        return caught.value

    async def pause(self, seconds: float) -> None:
        self.pauses.append(seconds)


async def test_a_call_reaches_the_server_whole_and_its_answer_comes_back_whole(server: ModelServer, api: API) -> None:
    """The usual case, in both APIs."""
    server.answer("*", "Text of the angle.")
    text = await Client(server.url, api).write()
    (request,) = server.requests
    assert (request.api, request.name) == (api, "r_1/angle/technical")
    assert request.prompt == "<topic>R&D</topic>"
    assert text.text == "Text of the angle."
    assert (text.usage.calls, text.usage.tokens) == (1, 300)


async def test_what_bounds_the_cost_is_sent_along(server: ModelServer, api: API) -> None:
    """A model that runs away must not run on at our expense."""
    await Client(server.url, api).write()
    body = server.requests[0].body
    assert (body.get("max_output_tokens") or body.get("max_tokens")) == 3200
    assert body.get("store") is (False if api == "responses" else None)


@pytest.mark.parametrize(
    ("fault", "error", "requests", "told"),
    [
        (ms.limited(), RateLimited, 4, None),
        (ms.OUT_OF_CREDIT, OutOfCredit, 1, "our account with the model provider has no credit left"),
        (Fault(status=500), ProviderDown, 4, "the model provider had an error (tried 4 times)"),
        (Fault(status=502), ProviderDown, 4, "the model provider had an error (tried 4 times)"),
        (Fault(status=503), ProviderDown, 4, "the model provider had an error (tried 4 times)"),
        (ms.CUT_BEFORE, Unreachable, 4, "the model provider could not be reached (tried 4 times)"),
        (ms.CUT_WITHIN, AnswerIncomplete, 2, "the model's answer was incomplete (tried 2 times)"),
        (ms.MALFORMED, AnswerIncomplete, 2, "the model's answer was incomplete (tried 2 times)"),
        (ms.HTML, AnswerIncomplete, 2, "the model's answer was incomplete (tried 2 times)"),
        (ENDLESS, Unintelligible, 2, "the model provider sent an answer that cannot be read (tried 2 times)"),
        (NO_GZIP, AnswerIncomplete, 2, "the model's answer was incomplete (tried 2 times)"),
        (Fault(status=101, raw=b""), AnswerIncomplete, 2, "the model's answer was incomplete (tried 2 times)"),
        (replace(NO_GZIP, status=401), KeyRejected, 1, "the model provider rejected our key"),
        (replace(NO_GZIP, status=429), RateLimited, 4, None),
        (ms.EMPTY, AnswerIncomplete, 2, "the model's answer was incomplete (tried 2 times)"),
        (ms.BLANK, AnswerIncomplete, 2, "the model's answer was incomplete (tried 2 times)"),
        (ms.TRUNCATED, AnswerIncomplete, 2, "the model's answer was incomplete (tried 2 times)"),
        (ms.FILTERED, AnswerIncomplete, 2, "the model's answer was incomplete (tried 2 times)"),
        (ms.NO_CHOICES, AnswerIncomplete, 2, "the model's answer was incomplete (tried 2 times)"),
        (Fault(text="<think>never ends"), AnswerIncomplete, 2, "the model's answer was incomplete (tried 2 times)"),
        (Fault(raw=b"null"), AnswerIncomplete, 2, "the model's answer was incomplete (tried 2 times)"),
        (Fault(raw=b"\xff\xfe"), AnswerIncomplete, 2, "the model's answer was incomplete (tried 2 times)"),
        (ms.REFUSED, ModelRefused, 1, "the model declined to write about this topic. Rewording it may help"),
        (ms.BAD_KEY, KeyRejected, 1, "the model provider rejected our key. Ask your admin to check it"),
        (Fault(status=403), KeyRejected, 1, "the model provider rejected our key. Ask your admin to check it"),
        (ms.NO_MODEL, RequestRejected, 1, "the model provider did not accept our request"),
        (Fault(status=422), RequestRejected, 1, "the model provider did not accept our request"),
        (ms.TOO_LONG, ContextTooLong, 1, "the topic and its instructions are too long for the model"),
    ],
    ids=lambda value: getattr(value, "__name__", None) or (value.code if isinstance(value, Fault) else None),
)
async def test_every_failure_is_tried_as_often_as_may_help_and_then_named(
    server: ModelServer, api: API, fault: Fault, error: type[ModelError], requests: int, told: str | None
) -> None:
    """Half an answer, or an answer to a wrong question about its cause, costs trust and money."""
    server.answer("*", "never reached", *[fault] * 9)
    client = Client(server.url, api)
    raised = await client.fail(error)
    assert len(server.requests) == requests
    assert raised.usage.calls == requests
    assert client.outcomes == [error.cause] * requests
    if told:
        assert sentence(raised.failure).replace(NBSP, " ").startswith(told)
    assert client.turns.in_flight == 0


@pytest.mark.parametrize("fault", [ms.limited("1"), Fault(status=500), ms.CUT_BEFORE, ms.MALFORMED, ms.TRUNCATED])
async def test_a_failure_that_passes_costs_an_attempt_and_nothing_else(
    server: ModelServer, api: API, fault: Fault
) -> None:
    """A hiccup of the provider must not become a gap in the report."""
    server.answer("*", "Recovered.", fault)
    text = await Client(server.url, api).write()
    assert text.text == "Recovered."
    assert text.usage.calls == 2


async def test_tokens_of_an_attempt_that_failed_are_counted_too(server: ModelServer, api: API) -> None:
    """The provider bills a truncated answer as well."""
    server.answer("*", "Whole.", ms.TRUNCATED)
    assert (await Client(server.url, api).write()).usage.tokens == 600


async def test_a_server_that_is_not_there_is_named_after_four_attempts(unused_tcp_port: int, api: API) -> None:
    """The operator must learn that it is the address."""
    client = Client(f"http://127.0.0.1:{unused_tcp_port}/v1", api)
    await client.fail(Unreachable)
    assert len(client.outcomes) == 4
    assert len(client.pauses) == 3


@pytest.fixture
def unused_tcp_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port: int = free.getsockname()[1]
        return port


async def test_a_server_that_hangs_is_left_after_the_time_limit_and_tried_once_more(
    server: ModelServer, api: API
) -> None:
    """ "In 2 attempts" is what the asker reads."""
    server.answer("*", "x", *[ms.HANG] * 9)
    raised = await Client(server.url, api, timeout=0.6).fail(ModelTimeout)
    assert len(server.requests) == 2
    assert sentence(raised.failure) == f"the model did not answer within under 1{NBSP}s (tried 2 times)"
    await server.until(lambda: all(request.cut for request in server.requests))


async def test_retry_after_is_obeyed(server: ModelServer, api: API) -> None:
    """Coming back too early makes it worse for everybody."""
    server.answer("*", "ok", ms.limited("7"), Fault(status=429, headers={"retry-after-ms": "1500"}))
    client = Client(server.url, api)
    await client.write()
    assert client.pauses == [7, 1.5]


async def test_a_wait_longer_than_a_minute_in_all_is_not_begun(server: ModelServer, api: API) -> None:
    """The asker would rather know now."""
    server.answer("*", "ok", ms.limited("40"), ms.limited("40"))
    client = Client(server.url, api)
    raised = await client.fail(RateLimited)
    assert client.pauses == [40]
    assert sentence(raised.failure).replace(NBSP, " ") == (
        "the model provider is limiting our requests. We waited 40 s and tried 2 times"
    )


@pytest.mark.parametrize("header", ["soon", "Thu, 01 Jan 1970 00:00:00 GMT", "-5"])
async def test_a_retry_after_that_makes_no_sense_does_no_harm(server: ModelServer, api: API, header: str) -> None:
    """A lying server is no reason to fall over."""
    server.answer("*", "ok", ms.limited(header))
    client = Client(server.url, api)
    await client.write()
    assert all(0 <= pause <= 4 for pause in client.pauses)


async def test_different_failures_share_four_attempts(server: ModelServer, api: API) -> None:
    """A call has an end, whatever mixture it meets."""
    server.answer("*", "ok", Fault(status=500), ms.limited("0"), ms.TRUNCATED, Fault(status=500))
    await Client(server.url, api).fail(ProviderDown)
    assert len(server.requests) == 4


async def test_thinking_aloud_is_removed_from_the_front(server: ModelServer, api: API) -> None:
    """Nobody asked how the model talks to itself."""
    server.answer("*", "<think>Hmm, tea.</think>\n\nTea is a drink.")
    assert (await Client(server.url, api).write()).text == "Tea is a drink."


async def test_half_a_character_does_not_cost_the_answer(server: ModelServer, api: API) -> None:
    """Some servers cut in the middle of an emoji; what cannot be stored would end the whole run."""
    server.answer("*", "Tea \ud83d is a drink.")
    assert (await Client(server.url, api).write()).text == "Tea ? is a drink."


async def test_an_endpoint_that_reports_no_usage_has_no_price(server: ModelServer, api: API) -> None:
    """Unknown is not free."""
    server.answer("*", "ok", ms.UNMETERED)
    usage = (await Client(server.url, api).write()).usage
    assert (usage.tokens, usage.price) == (None, None)


async def test_a_local_model_costs_nothing_and_says_so(server: ModelServer) -> None:
    """The embedded model is free, not unknown."""
    client = Client(server.url, "chat")
    client.endpoint = Endpoint("tiny", server.url, "none", "chat", 5, local=True)
    usage = (await client.write()).usage
    assert (usage.price, usage.local) == (Decimal(0), True)


@pytest.mark.parametrize(
    ("option", "api", "other"),
    [
        ("max_tokens", "chat", "max_completion_tokens"),
        ("max_output_tokens", "responses", None),
        ("store", "responses", None),
    ],
)
async def test_an_option_that_the_model_does_not_take_is_left_out_from_then_on(
    server: ModelServer, option: str, api: API, other: str | None
) -> None:
    """Servers differ, and none of them should need a setting of its own."""
    server.answer("*", "ok", Fault(status=400, code="unsupported_parameter", param=option))
    client = Client(server.url, api)
    async with OpenAIModel(client.endpoint, client.turns, hedging=client.hedging) as model:
        assert (await model.write(CALL)).usage.calls == 2
        assert (await model.write(CALL)).usage.calls == 1
    assert [option in request.body for request in server.requests] == [True, False, False]
    assert other is None or server.requests[-1].body[other] == 3200


OPTION = {"chat": "max_tokens", "responses": "store"}


class Once(Permission):
    """Lets no request follow the first one; writes down what each is said to have used."""

    def __init__(self) -> None:
        self.used: list[int | None] = []

    async def again(self, call: Call) -> bool:
        return False

    def spent(self, used: Usage | None) -> None:
        self.used.append(used.tokens if used else None)


@pytest.mark.parametrize(
    ("fault", "kind", "used"),
    [
        (Fault(status=503), ProviderDown, 0),
        (ms.TRUNCATED, AnswerIncomplete, 300),
        (ms.HANG, ModelTimeout, None),  # nobody knows what it wrote meanwhile
    ],
)
async def test_no_request_follows_the_first_one_without_permission(
    server: ModelServer, fault: Fault, kind: type[ModelError], used: int | None
) -> None:
    """A run's budget holds for repeats, and for requests without an option that was rejected."""
    server.answer("*", "", *[fault] * 9)
    once = Once()
    with pytest.raises(kind) as caught:
        await Client(server.url, "chat", timeout=0.5).write(replace(CALL, permission=once))
    assert (len(server.requests), caught.value.usage.calls, once.used) == (1, 1, [used])


async def test_a_request_without_a_rejected_option_needs_permission_too(server: ModelServer) -> None:
    """Each counts as a call."""
    server.answer("*", "", *[Fault(status=400, code="unsupported_parameter", param="max_tokens")] * 9)
    with pytest.raises(RequestRejected) as caught:
        await Client(server.url, "chat").write(replace(CALL, permission=Once()))
    assert (len(server.requests), caught.value.usage.calls) == (1, 1)


async def test_what_a_whole_answer_used_is_told_too(server: ModelServer, api: API) -> None:
    """What was kept for it is there for other calls."""
    once = Once()
    await Client(server.url, api).write(replace(CALL, permission=once))
    assert once.used == [300]


@pytest.mark.parametrize(("calls", "made"), [(1, 1), (2, 2), (9, 3)])
async def test_a_run_makes_as_many_requests_as_its_budget_has_calls(
    server: ModelServer, api: API, calls: int, made: int
) -> None:
    """Repeats and rejected options count as any other request."""
    client = Client(server.url, api)
    rejected = Fault(status=400, code="unsupported_parameter", param=OPTION[api])
    server.answer("*", "Whole.", rejected, Fault(status=503))
    async with OpenAIModel(client.endpoint, client.turns, sleep=client.pause, hedging=client.hedging) as model:
        answer = await ask(model, CALL, TimeLimit(5, Budget(RunLimits(calls=calls))))
    assert (len(server.requests), answer.usage.calls) == (made, made)
    assert isinstance(answer, Completion) == (made == 3)


async def test_a_cancelled_call_leaves_the_server_at_once_and_gives_its_turn_back(
    server: ModelServer, api: API
) -> None:
    """A stopped run must not go on costing."""
    server.answer("*", "x", ms.HANG)
    client = Client(server.url, api, timeout=60)
    writing = asyncio.create_task(client.write())
    await server.until(lambda: bool(server.requests))
    writing.cancel()
    with pytest.raises(asyncio.CancelledError):
        await writing
    await server.until(lambda: server.requests[0].cut)
    assert client.turns.in_flight == 0


async def test_an_outer_time_limit_is_not_taken_for_the_models(server: ModelServer, api: API) -> None:
    """The run's limit and the call's limit are told apart in what people read."""
    server.answer("*", "x", ms.HANG)
    with pytest.raises(TimeoutError):
        async with asyncio.timeout(0.05):
            await Client(server.url, api, timeout=60).write()


def test_the_key_is_not_in_what_an_endpoint_shows_of_itself() -> None:
    """A repr ends up in logs."""
    assert "sk-secret" not in repr(Endpoint("m", "http://x/v1", "sk-secret", "chat", 90))

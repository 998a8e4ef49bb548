"""Which options a model takes is learned from how real endpoints reject them."""

from __future__ import annotations

import asyncio
import socket
import ssl
import subprocess
from collections.abc import AsyncIterator, Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import aiohttp
import httpx2
import openai
import pytest
from aiohttp import http_exceptions
from aiohttp.client_reqrep import ConnectionKey

from bot.adapters.endpoint import Endpoint
from bot.adapters.model_openai import OpenAIModel
from bot.adapters.model_openai_network import TooLarge, trouble
from bot.adapters.model_openai_options import Options
from bot.adapters.model_openai_said import Said
from bot.adapters.model_queue import ModelQueue
from bot.playground import model as ms
from bot.playground.model import Fault, ModelServer
from bot.research.errors import AnswerIncomplete, ContextTooLong, ModelError, Unintelligible, Unreachable, Untrusted
from bot.research.model import Usage
from bot.research.ports import Call, Permission, Priority
from bot.research.words.en import sentence

CALL = Call("r_1", "angle/technical", "You are technical.", "Tea", Priority.ANGLE, max_tokens=3200)
NEWER = "Unsupported parameter: 'max_tokens' is not supported with this model. Use 'max_completion_tokens' instead."


def error(message: str, param: str | None = None, code: str | None = None) -> dict[str, Any]:
    return {"error": {"message": message, "type": "invalid_request_error", "param": param, "code": code}}


def forbidden(*names: str) -> list[dict[str, Any]]:
    return [
        {"type": "extra_forbidden", "loc": ["body", name], "msg": "Extra inputs are not permitted"} for name in names
    ]


def options(api: str = "chat", url: str = "http://localhost:8000/v1") -> Options:
    return Options(Endpoint("local", url, "none", "chat" if api == "chat" else "responses", 5))


REJECTIONS = [
    (400, error(NEWER, "max_tokens", "unsupported_parameter"), {"max_completion_tokens": 3200}),
    (400, error(NEWER), {"max_completion_tokens": 3200}),
    (400, {"error": {"message": NEWER, "code": "invalid_request_body"}}, {"max_completion_tokens": 3200}),
    (422, {"detail": forbidden("max_tokens")}, {"max_completion_tokens": 3200}),
    (422, {"object": "error", "message": {"detail": forbidden("max_tokens")}}, {"max_completion_tokens": 3200}),
    (400, {"detail": "Unrecognized request argument supplied: max_tokens"}, {"max_completion_tokens": 3200}),
    (200, error(NEWER, "max_tokens"), {"max_completion_tokens": 3200}),
    (400, error("max_tokens is too large: 3200. This model supports at most 2048 tokens."), {"max_tokens": 2048}),
    (400, error("Invalid max_tokens value, the valid range of max_tokens is [1, 2048]"), {"max_tokens": 2048}),
    (400, error("max_tokens must be ≤ 2048"), {"max_tokens": 2048}),
    (400, error("`max_tokens` must be less than or equal to `2048`, see `context_window`"), {"max_tokens": 2048}),
    (400, error("max_tokens: 3200 > 2048, which is the maximum allowed number of output tokens"), {"max_tokens": 2048}),
    (400, {"message": "The maximum tokens you requested exceeds the model limit of 2,048."}, {"max_tokens": 2048}),
    (
        422,
        {"detail": [{"loc": ["body", "max_tokens"], "msg": "Input should be less than or equal to 2048"}]},
        {"max_tokens": 2048},
    ),
    (416, error("max_completion_tokens is limited for this model"), {}),
    (400, {"error": {"code": "1210", "message": "max_tokens参数非法：限制数值范围[1,1024]"}}, {"max_tokens": 1024}),
    (400, {"error": {"code": "1214", "message": "max_tokens参数非法。请检查文档。"}}, {}),
    (
        400,
        {"code": 400, "message": "max_tokens (current value: 3200) must be between 0 and 2000 "},
        {"max_tokens": 2000},
    ),
    (400, {"message": "max tokens must be less than or equal to 1024 - received 3200."}, {"max_tokens": 1024}),
]
TOGETHER = [
    (400, error("Please reduce the length of the messages or completion.", "messages", "context_length_exceeded")),
    (400, error("Please reduce the length of the messages or completion. Current length is 5000 while limit is 4096")),
    (400, error("maximum context length is 4097, you requested 5000 (1800 in your prompt; 3200 for the completion)")),
    (400, error("Requested generation length 3200 is not possible! The prompt is 1800 long, the maximum just 4096!")),
    (413, error("Request too large: Limit 2500, Requested 3208")),
    (429, error("Request too large: Limit 2500, Requested 3208")),
    (
        400,
        error("maximum context length is 4096. You requested 4300 (1100 in the messages, 3200 in the completion)"),
    ),
    (400, error("maximum context length is 4096, you requested 3200 output tokens and your prompt has 1000")),
    (422, {"error": "`inputs` tokens + `max_new_tokens` must be <= 4096. Given: 1000 and 3200"}),
    (400, error("input length and `max_tokens` exceed context limit: 198000 + 3200 > 200000")),
]  # fmt: skip


@pytest.mark.parametrize(("status", "body", "cap"), REJECTIONS)
def test_a_rejected_length_is_asked_for_by_another_name_or_as_the_server_names_it(
    status: int, body: Any, cap: dict[str, int]
) -> None:
    """Servers differ, and none of them should need a setting of its own."""
    taken = options()
    assert taken.learn(Said(status, {}, body), taken.body(CALL), CALL) == CALL
    assert {name: value for name, value in taken.body(CALL).items() if name.startswith("max_")} == cap


@pytest.mark.parametrize(("status", "body"), TOGETHER)
def test_a_prompt_that_does_not_fit_with_the_bound_of_its_answer_is_sent_without_it(status: int, body: Any) -> None:
    """Of this call alone: the next one may be shorter, and what bounds its cost must stay."""
    taken = options()
    rejected = Said(status, {}, body)
    sent = taken.body(CALL)
    again = taken.learn(rejected, sent, CALL)
    assert again
    assert sent == taken.body(again) | {"max_tokens": 3200}
    assert "max_tokens" not in taken.body(again)
    assert taken.learn(rejected, taken.body(again), again) is None
    assert taken.body(CALL) == sent
    assert taken.learned == []


@pytest.mark.parametrize(
    ("status", "body"),
    [
        (400, error("System role not supported")),
        (500, {"error": {"code": 500, "message": "Only user and assistant roles are supported!"}}),
        (400, {"object": "error", "message": "Conversation roles must alternate user/assistant/user/assistant/..."}),
        (400, [{"error": {"code": 400, "message": "Developer instruction is not enabled for models/gemma-3"}}]),
        (
            400,
            error(
                "Unsupported value: 'messages[0].role' does not support 'system' with this model.", "messages[0].role"
            ),
        ),
        (424, {"error": "Request failed during generation: Server error: Conversation roles must alternate"}),
        (400, error("Only user, assistant and tool roles are supported, got system")),
        (400, {"message": "This model doesn't support system messages. Unsupported."}),
        (500, {"error": {"message": "Jinja Exception: System message is not supported by this template"}}),
    ],
)
@pytest.mark.parametrize("api", ["chat", "responses"])
def test_a_system_role_that_is_not_taken_goes_with_the_question(api: str, status: int, body: Any) -> None:
    """Instructions that are dropped would make another product."""
    taken = options(api)
    assert taken.learn(Said(status, {}, body), taken.body(CALL), CALL)
    sent = taken.body(CALL)
    assert sent.get("input") == ("You are technical.\n\nTea" if api == "responses" else None)
    assert sent.get("messages") in (None, [{"role": "user", "content": "You are technical.\n\nTea"}])
    assert "instructions" not in sent
    assert not taken.learn(Said(status, {}, body), sent, CALL)
    assert taken.learned == ["takes its instructions with the question"]


@pytest.mark.parametrize(
    "body",
    [
        error("Unsupported parameter: 'reasoning.effort' is not supported with this model.", "reasoning.effort"),
        error("Unsupported parameter: 'reasoning.effort' is not supported with this model."),
        {"detail": forbidden("reasoning", "store")},
        error("Unknown parameter: 'reasoning'.", "reasoning", "unknown_parameter"),
        error("Unsupported value: 'low' is not supported.", "reasoning.effort", "unsupported_value"),
    ],
)
def test_other_options_are_left_out_once_they_are_rejected(body: Any) -> None:
    """A model that does not think takes no effort."""
    taken = options("responses", "https://api.openai.com/v1")
    assert taken.learn(Said(400, {}, body), taken.body(CALL), CALL)
    assert "reasoning" not in taken.body(CALL)


@pytest.mark.parametrize(
    ("status", "body"),
    [
        (400, error("The model `x` does not exist", code="model_not_found")),
        (401, error("max_tokens is not supported")),
        (400, error("This model's maximum context length is 8192 tokens. Your messages resulted in 9000 tokens.")),
        (
            400,
            error("maximum context length is 4096. You requested 8200 (5000 in the messages, 3200 in the completion)"),
        ),
        (402, error("This request requires more credits, or fewer max_tokens. You can only afford 500")),
        (400, error("Restore the store")),
        (429, error("max_tokens is too large for your limit of 2048")),
        (400, {"detail": [{"loc": ["body", "model"], "msg": "Unknown model", "input": "max_tokens unsupported"}]}),
    ],
)
def test_what_names_no_option_that_was_sent_teaches_nothing(status: int, body: Any) -> None:
    """A second request for nothing is a second wait."""
    taken = options()
    sent = taken.body(CALL)
    assert not taken.learn(Said(status, {}, body), sent, CALL)
    assert taken.body(CALL) == sent


@pytest.fixture
async def server() -> AsyncIterator[ModelServer]:
    async with ModelServer() as server:
        yield server


def model(url: str, api: str = "chat", pauses: list[float] | None = None) -> OpenAIModel:
    endpoint = Endpoint("local", url, "none", "chat" if api == "chat" else "responses", 30)

    async def pause(seconds: float) -> None:
        if pauses is not None:
            pauses.append(seconds)

    return OpenAIModel(endpoint, ModelQueue(10), sleep=pause)


@pytest.mark.parametrize(
    "message",
    [
        "This model only support stream mode, please enable the stream parameter to access the model.",
        "parameter.enable_thinking must be set to false for non-streaming calls",
        "enable thinking can not be support when `stream=False`.",
        "Requests with max_tokens > 4096 must have stream=true",
        "Stream must be set to true",
        "Streaming is required for operations that may take longer than 10 minutes.",
        "parameter.enable_thinking必须设置为false才能进行非流式调用",
    ],
)
def test_a_model_that_only_streams_is_asked_for_a_stream(message: str) -> None:
    """Its options are taken as they are: only the way in which it answers is another."""
    learning = options()
    sent = learning.body(CALL)
    assert learning.learn(Said(400, {}, error(message)), sent, CALL)
    again = learning.body(CALL)
    assert again == {**sent, "stream": True, "stream_options": {"include_usage": True}}
    assert learning.learned == ["takes streams only"]


async def test_three_calls_that_start_together_all_come_through(server: ModelServer) -> None:
    """The first run of every process would otherwise lose two of its angles."""
    together = asyncio.Barrier(3)

    def judge(body: dict[str, Any]) -> Fault | None:
        return Fault(400, body=error(NEWER, "max_tokens", "unsupported_parameter")) if "max_tokens" in body else None

    server.judge = judge
    async with model(server.url) as asked:

        async def one() -> int:
            await together.wait()
            return (await asked.write(CALL)).usage.calls

        assert max(await asyncio.gather(one(), one(), one())) == 2
        assert asked.learned == ["takes max_completion_tokens"]
        assert (await asked.write(CALL)).usage.calls == 1


class Refusing(Permission):
    """Lets no request follow another; writes down what it is told of each."""

    def __init__(self) -> None:
        self.told: list[Usage | None] = []

    async def again(self, call: Call) -> bool:
        return False

    def spent(self, used: Usage | None) -> None:
        self.told.append(used)


async def test_a_request_whose_lesson_may_not_be_followed_is_counted_once(server: ModelServer) -> None:
    """Counted twice, it would stand for the copy that is still under way, and the budget would not hold."""
    server.judge = lambda body: Fault(status=400, body=error(NEWER, "max_tokens")) if "max_tokens" in body else None
    refusing = Refusing()
    async with model(server.url) as asked:
        with pytest.raises(ModelError):
            await asked.write(replace(CALL, permission=refusing))
    assert refusing.told == [Usage()]
    assert len(server.requests) == 1


async def test_a_server_that_takes_hardly_anything_is_learned_step_by_step(server: ModelServer) -> None:
    """One that rejects everything in turn is asked as barely as it wants, and one that never has enough is left."""

    def judge(body: dict[str, Any]) -> Fault | None:
        carried = [name for name in ("store", "max_output_tokens", "instructions") if name in body]
        return Fault(422, body={"detail": forbidden(carried[0])}) if carried else None

    server.judge = judge
    server.answer("*", "Tea.")
    async with model(server.url, "responses") as asked:
        assert (await asked.write(CALL)).text == "Tea."
    assert set(server.requests[-1].body) == {"model", "input"}


async def test_a_prompt_that_does_not_fit_without_its_answer_either_is_too_long(server: ModelServer) -> None:
    """Asked once more without a length, and no more: the second time it is the prompt."""
    window = "maximum context length is 4096 tokens, you requested too many output tokens. Reduce your prompt."
    server.answer("*", "x", *[Fault(400, body=error(window, code="context_length_exceeded"))] * 9)
    async with model(server.url) as asked:
        with pytest.raises(ContextTooLong):
            await asked.write(CALL)
    assert ["max_tokens" in request.body for request in server.requests] == [True, False]


THOUGHT_TOO_LONG = Fault(body={"choices": [{"message": {"content": ""}, "finish_reason": "length"}]})


async def test_a_model_whose_thinking_took_all_room_gets_twice_of_it(server: ModelServer) -> None:
    """The same budget would end the same way; if more does not help either, the sentence says what happened."""
    server.answer("*", "Tea.", THOUGHT_TOO_LONG)
    async with model(server.url) as asked:
        assert (await asked.write(CALL)).text == "Tea."
        assert [request.body["max_tokens"] for request in server.requests] == [3200, 6400]
        server.answer("*", "Tea.", THOUGHT_TOO_LONG, THOUGHT_TOO_LONG)
        with pytest.raises(AnswerIncomplete) as caught:
            await asked.write(CALL)
    assert sentence(caught.value.failure).endswith("(tried 2 times): its thinking left no room for an answer")
    assert server.requests[-2].body["max_tokens"] == 3200


async def test_a_failure_within_an_answer_is_waited_for_like_any_other(server: ModelServer) -> None:
    """A gateway that has said 200 already cannot take it back."""
    late = {"error": {"message": "Provider returned error. Please try again in 3s.", "code": 429}}
    server.answer("*", "Tea.", Fault(body=late), Fault(529), ms.NO_CHOICES)
    pauses: list[float] = []
    async with model(server.url, pauses=pauses) as asked:
        assert (await asked.write(CALL)).text == "Tea."
    assert pauses[0] == 3
    assert len(server.requests) == 4


HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nConnection: close\r\n"
NO_HTTP = "the answer does not keep to HTTP"
FOREIGN = [
    (HEAD + b"X-Long: " + b"x" * 90_000 + b"\r\n\r\n{}", Unintelligible, NO_HTTP),
    (b"SSH-2.0-OpenSSH_9.6\r\n", Unintelligible, NO_HTTP),
    (b"220 mail.example.com ESMTP Postfix\r\n", Unintelligible, NO_HTTP),
    (b"-ERR unknown command\r\n", Unintelligible, NO_HTTP),
    (b"\x15\x03\x01\x00\x02\x02\x46", Unintelligible, NO_HTTP),
    (b"HTTP/9.9 what\r\n\r\n", Unintelligible, NO_HTTP),
    (b"HTTP/1.1 2000 OK\r\n\r\n", Unintelligible, NO_HTTP),
    (HEAD + b"No colon here\r\n\r\n{}", Unintelligible, NO_HTTP),
    (HEAD + b"A b: c\r\n\r\n{}", Unintelligible, NO_HTTP),
    (HEAD + b"Content-Length: many\r\n\r\n{}", Unintelligible, NO_HTTP),
    (HEAD + b"Transfer-Encoding: chunked\r\nContent-Length: 2\r\n\r\n{}", Unintelligible, NO_HTTP),
    (HEAD + b"Content-Encoding: gzip\r\nContent-Length: 5\r\n\r\nhello", AnswerIncomplete, "cut"),
    (HEAD + b"Transfer-Encoding: chunked\r\n\r\n5\r\nhel", AnswerIncomplete, "cut"),
    (HEAD + b"Content-Length: 500\r\n\r\n{", AnswerIncomplete, "cut"),
    (HEAD + b"\r\n[" + b"[" * 60_000, AnswerIncomplete, "malformed body"),
    (b"", Unreachable, "the connection was closed before an answer came"),
]


@pytest.mark.parametrize(
    ("answer", "kind", "detail"), FOREIGN, ids=lambda value: value[:20] if isinstance(value, bytes) else ""
)
async def test_whatever_comes_over_the_wire_is_one_of_our_failures(
    answer: bytes, kind: type[ModelError], detail: str
) -> None:
    """A port may belong to anything; a traceback helps nobody, the name of a class hardly anybody."""

    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(answer)
        await writer.drain()
        writer.close()

    foreign = await asyncio.start_server(talk, "127.0.0.1", 0)
    async with foreign, model(f"http://127.0.0.1:{foreign.sockets[0].getsockname()[1]}/v1") as asked:
        with pytest.raises(kind) as caught:
            await asked.write(CALL)
    assert type(caught.value) is kind
    assert str(caught.value) == detail


HOST = ConnectionKey("tea.test", 443, True, True, None, None, None)
REFUSED = ConnectionRefusedError(111, "secret")
WRONG = ssl.SSLCertVerificationError(1, "secret")
WRONG.verify_code, WRONG.verify_message = 18, "self-signed certificate"


@pytest.mark.parametrize(
    ("error", "detail"),
    [
        (REFUSED, "connection refused (errno 111)"),
        (aiohttp.ClientConnectorError(HOST, REFUSED), "connection refused (errno 111)"),
        (ConnectionResetError(104, "secret"), "connection reset by peer (errno 104)"),
        (BrokenPipeError(32, "secret"), "broken pipe (errno 32)"),
        (OSError(113, "secret"), "no route to host (errno 113)"),
        (OSError(101, "secret"), "network is unreachable (errno 101)"),
        (OSError(24, "secret"), "too many open files (errno 24)"),
        (OSError("secret"), "the connection broke"),
        (TimeoutError(), "timeout"),
        (TimeoutError(110, "secret"), "connection timed out (errno 110)"),
        (aiohttp.ConnectionTimeoutError("secret"), "timeout"),
        (aiohttp.ServerDisconnectedError("secret"), "the connection was closed before an answer came"),
        (aiohttp.ClientConnectionError("secret"), "the connection broke"),
        (aiohttp.ClientConnectionResetError("secret"), "the connection broke"),
        (
            aiohttp.ClientConnectorDNSError(HOST, socket.gaierror(-2, "Name or service not known")),
            "the name tea.test is not known (name or service not known (errno -2))",
        ),
        (socket.gaierror(-3, "Temporary failure"), "temporary failure (errno -3)"),
        (ssl.SSLError(1, "[SSL: WRONG_VERSION_NUMBER] secret"), "no secure connection: TLS failed"),
        (ssl.SSLZeroReturnError(6, "secret"), "no secure connection: TLS failed"),
        (WRONG, "a certificate is not trusted: self-signed certificate"),
        (
            aiohttp.ClientConnectorCertificateError(HOST, WRONG),
            "the certificate of tea.test is not trusted: self-signed certificate",
        ),
        (http_exceptions.LineTooLong(b"secret"), NO_HTTP),
        (http_exceptions.InvalidHeader("secret"), NO_HTTP),
        (http_exceptions.BadStatusLine("secret"), NO_HTTP),
        (http_exceptions.BadHttpMessage("secret"), NO_HTTP),
        (http_exceptions.TransferEncodingError("secret"), NO_HTTP),
        (http_exceptions.DecompressSizeError("secret"), NO_HTTP),
        (httpx2.RemoteProtocolError("secret"), NO_HTTP),
        (httpx2.ReadError("secret"), "the connection broke"),
        (TooLarge("secret"), "the body is larger than any answer can be"),
    ],
    ids=lambda value: type(value).__name__ if isinstance(value, Exception) else "",
)
def test_what_is_logged_of_a_failure_is_its_reason_in_words_with_the_systems_number(
    error: Exception, detail: str
) -> None:
    """It is read at night by somebody who knows networks, and no library of ours."""
    raised = openai.APIConnectionError(message="secret", request=httpx2.Request("POST", "http://secret"))
    raised.__cause__ = error
    assert str(trouble(raised)) == detail


async def test_a_certificate_that_proves_nothing_is_said_as_that(tmp_path: Path) -> None:
    """ "Could not be reached" sends the admin to the firewall."""
    key, certificate = tmp_path / "key.pem", tmp_path / "certificate.pem"
    command = ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"]
    command += ["-keyout", str(key), "-out", str(certificate), "-subj", "/CN=localhost", "-days", "9"]
    await asyncio.to_thread(subprocess.run, command, capture_output=True, check=True)
    tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    tls.load_cert_chain(certificate, key)
    quiet: Callable[..., None] = lambda reader, writer: None  # noqa: E731
    server = await asyncio.start_server(quiet, "127.0.0.1", 0, ssl=tls)
    async with server, model(f"https://localhost:{server.sockets[0].getsockname()[1]}/v1") as asked:
        with pytest.raises(Untrusted) as caught:
            await asked.write(CALL)
    assert caught.value.usage.calls == 1
    assert sentence(caught.value.failure) == (
        "the model provider's certificate was not accepted: it is self-signed. Ask your admin to check it"
    )


@pytest.mark.parametrize(
    ("number", "because"),
    [
        (10, "it has expired"),
        (62, "it is for another host"),
        (20, "it is signed by an authority"),
        (9, "not valid yet"),
    ],
)
def test_what_is_wrong_with_a_certificate_is_told_by_its_number(number: int, because: str) -> None:
    """Each of these is mended in another place."""
    wrong = ssl.SSLCertVerificationError(1, "certificate verify failed")
    wrong.verify_code = number
    assert because in sentence(trouble(wrong).failure)


async def test_a_name_that_nobody_knows_and_an_address_that_leads_nowhere_are_said_as_that(server: ModelServer) -> None:
    """Each of these has its own place to look at."""
    async with model("http://no-such-host.invalid/v1") as asked:
        with pytest.raises(Unreachable, match="is not known") as caught:
            await asked.write(CALL)
    assert "the name of its host was not found" in sentence(caught.value.failure)
    circle = Fault(307, headers={"Location": f"{server.url}/chat/completions"}, raw=b"")
    server.answer("*", "x", *[circle] * 99)
    async with model(server.url) as asked:
        with pytest.raises(ModelError, match="redirects"):
            await asked.write(CALL)

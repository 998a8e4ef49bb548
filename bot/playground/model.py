"""A local OpenAI-compatible server that answers, or misbehaves, as it is told; it records every request."""

from __future__ import annotations

import asyncio
import json
import re
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from fnmatch import fnmatch
from typing import Any

from aiohttp import web
from yarl import URL

from bot.playground.model_citing import Citing, Mistake, stated, statements
from bot.playground.model_stream import Manner, Stream, chat_stream, plainly, responses_stream
from bot.playground.slack.workspace import PATIENCE
from bot.playground.web.search import Document, hosted, ranked, wanted

RIGHTLY = Citing()

Answer = str | Callable[["Request"], str]
Delay = Callable[["Request", str], float]


@dataclass
class Request:
    """One request as it came in; ``ended`` is None while it is under way, ``cut`` if the client went away."""

    name: str
    api: str
    body: dict[str, Any]
    began: float
    ended: float | None = None
    cut: bool = False

    @property
    def step(self) -> str:
        """Which step of a run it belongs to; a second copy of a call ends with "/hedge"."""
        return self.name.partition("/")[2]

    @property
    def wanted(self) -> str:
        """The step whose answer it asks for, of a copy that of the first."""
        return self.step.removesuffix("/hedge")

    @property
    def prompt(self) -> str:
        """What the model is asked, without its instructions."""
        return str(self.body["input"]) if self.api == "responses" else str(self.body["messages"][-1]["content"])


@dataclass
class Fault:
    """One way to misbehave: a status with a body, a finish reason, or something done to the connection."""

    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    code: str = ""
    param: str = ""
    finish: str = "stop"
    text: str | None = None
    refusal: str = ""
    raw: bytes | None = None
    body: Any = None  # the whole body as JSON, with any status
    cut: str = ""  # "before" any answer, or "within" it
    hang: bool = False
    hang_within: bool = False  # after some tokens of a stream
    manner: Manner | None = None  # of a stream, in place of the server's
    usage: bool = True
    no_choices: bool = False


BREATH = 1 / 30  # seconds between the writes of a stream, at least

HANG = Fault(hang=True)
CUT_BEFORE = Fault(cut="before")
CUT_WITHIN = Fault(cut="within")
MALFORMED = Fault(raw=b'{"id": "x", "choices": [{')
HTML = Fault(raw=b"<html>Bad gateway</html>", headers={"Content-Type": "text/html"})
EMPTY = Fault(text="")
BLANK = Fault(text=" \n ")
TRUNCATED = Fault(finish="length")
FILTERED = Fault(finish="content_filter")
REFUSED = Fault(refusal="I cannot help with that.")
NO_CHOICES = Fault(no_choices=True)
UNMETERED = Fault(usage=False)
OUT_OF_CREDIT = Fault(status=429, code="insufficient_quota")
BAD_KEY = Fault(status=401, code="invalid_api_key")
NO_MODEL = Fault(status=404, code="model_not_found")
TOO_LONG = Fault(status=400, code="context_length_exceeded")


def limited(after: str | None = None) -> Fault:
    """Too many requests; ``after`` is the Retry-After header."""
    return Fault(status=429, code="rate_limit_exceeded", headers={"Retry-After": after} if after is not None else {})


PLAN = (
    ("Licensing and regulation", "Which permits are needed, who grants them, and how long that takes."),
    ("Fuel supply", "Where the material comes from, who makes it, and what could interrupt it."),
    ("Cost per unit", "What building and running one costs today, compared with the alternatives."),
    ("Public acceptance", "How people nearby see it, and what changed their minds elsewhere."),
)

QUERIES = ("{topic} figures", "{topic} study")

QUESTIONS = ("How did {place} begin?", "What does {place} come to today?", "What will become of {place}?")


def default_text(request: Request, citing: Citing = RIGHTLY) -> str:
    """What a model would write: a plan, an angle that names itself, a report or a part of it that quotes its input.

    Where it is given passages, it writes what they say, with their ids.
    """
    step = request.wanted
    if listed := _listed(request):
        return json.dumps(listed)
    if step.endswith("/repair"):
        return citing.repair(request.prompt)
    if step in ("report", "report/synthesis"):
        return _report(_quoted(request, citing), whole=step == "report")
    return citing.text(request.prompt) or _from_memory(request, citing)


def _listed(request: Request) -> list[Any]:
    """What is asked for as a list: angles, questions or queries; empty for all other steps."""
    step = request.wanted
    if step in ("plan", "plan/repair"):
        return [{"title": title, "brief": brief} for title, brief in PLAN]
    if step.endswith(("/plan", "/plan/repair")):
        place = step.removesuffix("/repair").removesuffix("/plan").removeprefix("angle/")
        return [question.format(place=place) for question in QUESTIONS]
    topic = re.search(r"<topic>\n(.+?)\n</topic>", request.prompt)
    return [query.format(topic=topic[1]) for query in QUERIES] if topic and step.endswith("/queries") else []


def _from_memory(request: Request, citing: Citing) -> str:
    if request.wanted.startswith("report"):
        return f"In short: {_quoted(request, citing).popitem()[1]}."
    slug = request.wanted.rpartition("/")[2]
    return f"The {slug} view begins here. {' '.join(f'{slug}-{n}' for n in range(1, 31))}. **It ends well.**"


def _report(quoted: dict[str, str], whole: bool) -> str:
    said = " ".join(f"The {name.lower()} angle says: {text}." for name, text in quoted.items())
    opening, synthesis = "The views agree. They differ in detail.", f"## Synthesis\n{said}"
    sections = [
        ("Historical Overview", "Historical"),
        ("Technical Mechanisms", "Technical"),
        ("Societal Impact", "Societal"),
    ]
    written = [f"## {title}\nAs found: {quoted.get(name, 'nothing')}." for title, name in sections] if whole else []
    return "\n\n".join([opening, *written, synthesis])


def citing(*mistakes: Mistake | None, stubborn: bool = False) -> Answer:
    """An answer as any other, whose first cited sentences have these mistakes, one each; see ``Citing``."""
    return lambda request: default_text(request, Citing(mistakes, stubborn))


def _quoted(request: Request, citing: Citing) -> dict[str, str]:
    """A sentence of each finding that the model is given, by its angle: one that cites something, or the first."""
    found = re.findall(r'<finding angle="([^"]*)"[^>]*>\n(.+?)\n</finding>', request.prompt, re.DOTALL)
    cited = {name: said for name, text in found if (said := stated(text))}
    written = citing.written(list(cited.values()), statements(request.prompt) or list(cited.values()))
    quoted = dict(zip(cited, (each.rstrip(".") for each in written), strict=True))
    return {name: quoted.get(name) or text.split(".")[0] for name, text in found} or {"": "nothing"}


@dataclass
class _Rule:
    pattern: str
    answer: Answer = default_text
    faults: list[Fault] = field(default_factory=list)
    gate: asyncio.Event | None = None


class ModelServer:
    """Speaks chat completions and Responses on a free port of loopback, streamed to those who ask for that.

    ``delay`` gives the seconds of a whole answer, ``first`` those until its first token, where it is streamed.
    """

    host = "127.0.0.1"

    def __init__(self, delay: Delay = lambda request, text: 0, first: Delay = lambda request, text: 0) -> None:
        self.requests: list[Request] = []
        self.models: list[str] = []
        self.owner = "library"  # as Ollama has it
        self.judge: Callable[[dict[str, Any]], Fault | None] = lambda body: None  # what it does not take of a request
        self.documents: list[Document] = []  # what it finds whoever has it search
        self.listed = 0  # how often somebody asked which models there are
        self.manner: Manner = plainly  # how it streams
        self._delay, self._first = delay, first
        self._rules: list[_Rule] = []
        self._changed = asyncio.Condition()
        self._stop = asyncio.Event()

    async def __aenter__(self) -> ModelServer:
        app = web.Application()
        app.router.add_post("/v1/chat/completions", self.chat)
        app.router.add_post("/v1/responses", self.responses)
        app.router.add_get("/v1/models", self._listing)
        self._runner = web.AppRunner(app, handler_cancellation=True, shutdown_timeout=0.1, access_log=None)
        await self._runner.setup()
        await web.TCPSite(self._runner, self.host, 0).start()
        self.port: int = self._runner.addresses[0][1]
        self.url = str(URL.build(scheme="http", host=self.host, port=self.port, path="/v1"))
        return self

    async def __aexit__(self, *failure: object) -> None:
        self._stop.set()
        await self._runner.cleanup()

    def answer(
        self, pattern: str, answer: Answer = default_text, *faults: Fault, gate: asyncio.Event | None = None
    ) -> None:
        """Calls whose step fits the pattern get these faults in turn, then the answer, once the gate opens."""
        self._rules.insert(0, _Rule(pattern, answer, list(faults), gate))

    def asked(self, pattern: str) -> list[Request]:
        """The requests whose step fits the pattern."""
        return [request for request in self.requests if fnmatch(request.step, pattern)]

    async def until(self, holds: Callable[[], bool]) -> None:
        """Wait until this holds; looked at whenever a request comes or ends."""
        async with asyncio.timeout(PATIENCE), self._changed:
            await self._changed.wait_for(holds)

    async def chat(self, http: web.Request) -> web.StreamResponse:
        """Answer a request for a chat completion."""
        return await self._serve(http, "chat", _completion)

    async def responses(self, http: web.Request) -> web.StreamResponse:
        """Answer a request for a response."""
        return await self._serve(http, "responses", _response)

    async def _listing(self, http: web.Request) -> web.StreamResponse:
        self.listed += 1
        entries = [{"id": model, "object": "model", "created": 1, "owned_by": self.owner} for model in self.models]
        return web.json_response({"object": "list", "data": entries})

    async def _serve(
        self, http: web.Request, api: str, wrap: Callable[[str, Fault], dict[str, Any]]
    ) -> web.StreamResponse:
        request = Request(http.headers.get("X-Client-Request-Id", ""), api, await http.json(), time.monotonic())
        await self._note(lambda: self.requests.append(request))
        try:
            return await self._reply(http, request, wrap)
        except asyncio.CancelledError:
            request.cut = True
            raise
        finally:
            request.ended = time.monotonic()
            await asyncio.shield(self._note(lambda: None))

    async def _reply(
        self, http: web.Request, request: Request, wrap: Callable[[str, Fault], dict[str, Any]]
    ) -> web.StreamResponse:
        rule = next((rule for rule in self._rules if fnmatch(request.step, rule.pattern)), _Rule("*"))
        fault = self.judge(request.body) or (rule.faults.pop(0) if rule.faults else Fault())
        if rule.gate:
            await rule.gate.wait()
        if fault.hang:
            await self._stop.wait()
        if fault.cut == "before":
            _connection(http).abort()
            return web.Response()
        if fault.body is not None or fault.status != 200:
            return _refusal(fault)
        if request.body.get("tools"):  # it has one: to search
            return web.json_response(hosted(ranked(self.documents, wanted(request.prompt))))
        text = rule.answer if isinstance(rule.answer, str) else rule.answer(request)
        whole = wrap(text if fault.text is None else fault.text, fault)
        if request.body.get("stream") and fault.raw is None:
            times = (self._first(request, text), self._delay(request, text))
            return await self._streamed(http, (fault.manner or self.manner)(_stream_of(request, whole)), times, fault)
        await asyncio.sleep(self._delay(request, text))
        body = fault.raw or json.dumps(whole).encode()
        if fault.cut == "within":
            return await _cut_within(http, body)
        return web.Response(body=body, headers={"Content-Type": "application/json"} | fault.headers)

    async def _streamed(
        self, http: web.Request, stream: Stream, times: tuple[float, float], fault: Fault
    ) -> web.StreamResponse:
        """The answer token by token: what opens it at once, its first token and its last each in its time."""
        response = web.StreamResponse(headers={"Content-Type": "text/event-stream"} | fault.headers)
        await response.prepare(http)
        await response.write(b"".join(stream.opening))
        half = len(stream.tokens) // 2
        await _paced(response, stream.tokens[:half] if fault.cut or fault.hang_within else stream.tokens, *times)
        if fault.cut:
            _connection(http).close()
            return response
        if fault.hang_within:
            await self._stop.wait()
        await response.write(b"".join(stream.closing))
        await response.write_eof()
        return response

    async def _note(self, change: Callable[[], Awaitable[None] | None]) -> None:
        async with self._changed:
            change()
            self._changed.notify_all()


def _refusal(fault: Fault) -> web.Response:
    """What comes in place of an answer."""
    if fault.body is None and fault.raw is not None:
        return web.Response(body=fault.raw, status=fault.status, headers=fault.headers)
    error = {"message": "no", "type": "error", "code": fault.code or None, "param": fault.param or None}
    body = {"error": error} if fault.body is None else fault.body
    return web.json_response(body, status=fault.status, headers=fault.headers)


def _stream_of(request: Request, whole: dict[str, Any]) -> Stream:
    if request.api == "responses":
        return responses_stream(whole)
    return chat_stream(whole, bool(request.body.get("stream_options", {}).get("include_usage")))


async def _paced(response: web.StreamResponse, tokens: tuple[bytes, ...], first: float, last: float) -> None:
    """Write the first token after ``first`` seconds and the last one after ``last``, the others evenly between.

    Those that are due within a moment are written together, so that hundreds of streams do not wait for the writer.
    """
    began, sent = time.monotonic(), 0
    step = max(last - first, 0) / max(len(tokens) - 1, 1)
    while sent < len(tokens):
        passed = time.monotonic() - began
        await asyncio.sleep(max(first + sent * step - passed, min(BREATH, last - passed) if sent else 0))
        passed = time.monotonic() - began - first
        due = len(tokens) if not step else min(max(int(passed / step), sent) + 1, len(tokens))
        await response.write(b"".join(tokens[sent:due]))
        sent = due


def _connection(http: web.Request) -> asyncio.Transport:
    """The way back to whoever asked."""
    if http.transport is None:
        raise ConnectionResetError
    return http.transport


async def _cut_within(http: web.Request, body: bytes) -> web.StreamResponse:
    response = web.StreamResponse(headers={"Content-Type": "application/json", "Content-Length": str(len(body))})
    await response.prepare(http)
    await response.write(body[: len(body) // 2])
    _connection(http).close()
    return response


def _completion(text: str, fault: Fault) -> dict[str, Any]:
    message = {"role": "assistant", "content": None if fault.refusal else text, "refusal": fault.refusal or None}
    choice = {"index": 0, "finish_reason": fault.finish, "message": message}
    usage = {"prompt_tokens": 100, "completion_tokens": 200, "total_tokens": 300}
    return {
        "id": "c1",
        "object": "chat.completion",
        "created": 1,
        "model": "local",
        "choices": [] if fault.no_choices else [choice],
        **({"usage": usage} if fault.usage else {}),
    }


def _response(text: str, fault: Fault) -> dict[str, Any]:
    part = {"type": "output_text", "text": text, "annotations": []}
    if fault.refusal:
        part = {"type": "refusal", "refusal": fault.refusal}
    message = {"id": "m1", "type": "message", "role": "assistant", "status": "completed", "content": [part]}
    reason = {"length": "max_output_tokens", "content_filter": "content_filter"}.get(fault.finish)
    usage = {"input_tokens": 100, "output_tokens": 200, "total_tokens": 300}
    return {
        "id": "r1",
        "object": "response",
        "created_at": 1,
        "model": "local",
        "status": "incomplete" if reason else "completed",
        "incomplete_details": {"reason": reason} if reason else None,
        "output": [] if fault.no_choices else [message],
        **({"usage": usage} if fault.usage else {}),
    }

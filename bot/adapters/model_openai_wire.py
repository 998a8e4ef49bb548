"""One request to an OpenAI-compatible endpoint, and what its answer or its failure means in our words."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from email.utils import parsedate_to_datetime
from typing import Any
from urllib.parse import urlsplit

import aiohttp
import httpx2
import openai
from openai._vendor.httpx_aiohttp.transport import AiohttpTransport
from openai.types.chat import ChatCompletion
from openai.types.responses import Response

from bot import network
from bot.adapters.endpoint import Endpoint
from bot.adapters.prices import price
from bot.research.errors import (
    AnswerIncomplete,
    ContextTooLong,
    KeyRejected,
    ModelError,
    ModelRefused,
    OutOfCredit,
    ProviderDown,
    RateLimited,
    RequestRejected,
    Unreachable,
)
from bot.research.model import Usage
from bot.research.ports import Call

CONNECT_SECONDS = 10  # more than any network that works takes; the whole call has its own limit
CONNECTIONS = 3_000  # three a run, for a thousand runs at once: the turns are the limit, never the pool
# What a model may not take, and what is said instead of it, if anything.
OPTIONAL = {"reasoning": None, "store": None, "max_output_tokens": None, "max_tokens": "max_completion_tokens"}


@dataclass(frozen=True)
class Answer:
    """A whole text and what it used."""

    text: str
    usage: Usage


class Wire:
    """The client for one endpoint; it learns which options its model does not take."""

    def __init__(self, endpoint: Endpoint) -> None:
        self._endpoint = endpoint
        self._refused: set[str] = set()
        self._client = openai.AsyncOpenAI(
            api_key=endpoint.api_key,
            base_url=endpoint.base_url,
            max_retries=0,
            timeout=httpx2.Timeout(None, connect=CONNECT_SECONDS),
            http_client=openai.DefaultAioHttpClient(
                timeout=httpx2.Timeout(None, connect=CONNECT_SECONDS), transport=_transport()
            ),
        )

    async def close(self) -> None:
        """Close all connections."""
        await self._client.close()

    async def ask(self, call: Call) -> Answer:
        """Make one request; raises the ModelError that says why there is no whole text."""
        calls = 1
        while True:
            try:
                return await self._request(call, calls)
            except openai.BadRequestError as error:
                option = (error.param or "").partition(".")[0]
                if option not in OPTIONAL or option in self._refused:
                    raise _bad_request(error) from error
                self._refused.add(option)
                calls += 1
            except openai.APIError as error:
                raise _failure(error) from error
            except (json.JSONDecodeError, UnicodeDecodeError, aiohttp.ClientPayloadError) as error:
                raise AnswerIncomplete("malformed body") from error

    async def _request(self, call: Call, calls: int) -> Answer:
        headers = {"X-Client-Request-Id": call.name}
        if self._endpoint.api == "responses":
            options = self._options({"max_output_tokens": call.max_tokens, "store": False, **self._effort()})
            response = await self._client.responses.create(
                model=self._endpoint.model,
                instructions=call.system,
                input=call.prompt,
                extra_headers=headers,
                **options,
            )
            return self._read(response, _response_text, calls)
        completion = await self._client.chat.completions.create(
            model=self._endpoint.model,
            messages=[{"role": "system", "content": call.system}, {"role": "user", "content": call.prompt}],
            extra_headers=headers,
            **self._options({"max_tokens": call.max_tokens}),
        )
        return self._read(completion, _completion_text, calls)

    def _effort(self) -> dict[str, Any]:
        """Little hidden thinking, where a model thinks: three hundred words want speed."""
        at_openai = urlsplit(self._endpoint.base_url).hostname == "api.openai.com"
        return {"reasoning": {"effort": "low"}} if at_openai else {}

    def _options(self, wanted: dict[str, Any]) -> dict[str, Any]:
        """The options without those that the model has refused, each under the name that it takes."""
        named = {OPTIONAL[name] if name in self._refused else name: value for name, value in wanted.items()}
        return {name: value for name, value in named.items() if name}

    def _read(self, answer: Response | ChatCompletion, text_of: Callable[[Any], str], calls: int) -> Answer:
        """The whole text of an answer; what is cut, empty, malformed or refused is raised with what it used."""
        usage = self._usage(answer, calls)
        try:
            text = _without_thoughts(text_of(answer)).strip().encode(errors="replace").decode()  # no lone surrogates
        except (AttributeError, IndexError, TypeError) as error:
            raise AnswerIncomplete("malformed answer", usage=usage) from error
        except ModelError as error:
            error.usage = usage
            raise
        if not any(map(str.isalnum, text)):  # marks alone, or characters that nobody can see
            raise AnswerIncomplete("empty", usage=usage)
        return Answer(text, usage)

    def _usage(self, answer: object, calls: int) -> Usage:
        used = getattr(answer, "usage", None)
        come = getattr(used, "input_tokens", None) or getattr(used, "prompt_tokens", None) or 0
        gone = getattr(used, "output_tokens", None) or getattr(used, "completion_tokens", None) or 0
        endpoint, metered = self._endpoint, bool(come or gone)
        if endpoint.local:
            dollars: Decimal | None = Decimal(0)
        else:
            dollars = price(endpoint.model, endpoint.base_url, come, gone) if metered else None
        return Usage(
            calls=calls, input_tokens=come, output_tokens=gone, price=dollars, metered=metered, local=endpoint.local
        )


def _transport() -> AiohttpTransport:
    """The SDK's way over aiohttp, on a session of ours: its own reads proxies in another way than all else here."""

    def opened() -> aiohttp.ClientSession:
        return network.session(connector=aiohttp.TCPConnector(limit=CONNECTIONS, ssl=transport.ssl_context))

    transport = AiohttpTransport(client=opened)
    return transport


def _completion_text(completion: ChatCompletion) -> str:
    choice = completion.choices[0]
    if choice.message.refusal:
        raise ModelRefused
    if choice.finish_reason != "stop":
        raise AnswerIncomplete(str(choice.finish_reason))
    return choice.message.content or ""


def _response_text(response: Response) -> str:
    parts = [part for item in response.output if item.type == "message" for part in item.content]
    if any(part.type == "refusal" for part in parts):
        raise ModelRefused
    if response.status == "failed":
        code = response.error.code if response.error else ""
        raise RateLimited if code == "rate_limit_exceeded" else ProviderDown
    if response.status != "completed":
        raise AnswerIncomplete(str(response.status))
    return "".join(part.text for part in parts if part.type == "output_text")


def _without_thoughts(text: str) -> str:
    """The text behind a model's thinking aloud; thoughts that never end are no answer."""
    text = text.lstrip()
    if not text.startswith("<think>"):
        return text
    _, closed, rest = text.partition("</think>")
    if not closed:
        raise AnswerIncomplete("thoughts without end")
    return rest


def _failure(error: openai.APIError) -> ModelError:
    """What an error of the SDK means."""
    if isinstance(error, openai.APIConnectionError):
        # The SDK calls a connection that was cut a time-out; a real one is ours to raise. Cut in the middle of an
        # answer is another matter than no connection: the answer may have been paid for.
        return AnswerIncomplete("cut") if _caused_by(error, aiohttp.ClientPayloadError) else Unreachable()
    if isinstance(error, openai.APIStatusError):
        return _bad_status(error)
    return AnswerIncomplete("malformed body")


def _bad_status(error: openai.APIStatusError) -> ModelError:
    status, wait = error.status_code, _retry_after(error.response.headers)
    if status == 429:
        return OutOfCredit() if error.code == "insufficient_quota" else RateLimited(retry_after=wait)
    if status >= 500 or status in (408, 409):
        return ProviderDown(f"http {status}", retry_after=wait)
    if status in (401, 403):
        return KeyRejected(f"http {status}")
    return RequestRejected(f"http {status}")


def _bad_request(error: openai.BadRequestError) -> ModelError:
    if error.code == "context_length_exceeded":
        return ContextTooLong()
    refused = error.code in ("content_filter", "content_policy_violation")
    return ModelRefused() if refused else RequestRejected("http 400")


def _caused_by(error: BaseException | None, kind: type[BaseException]) -> bool:
    while error:
        if isinstance(error, kind):
            return True
        error = error.__cause__ or error.__context__
    return False


def _retry_after(headers: Mapping[str, str]) -> float | None:
    """Seconds that the provider asks us to wait: in milliseconds, seconds or as a date; None if it does not say."""
    try:
        if milliseconds := headers.get("retry-after-ms"):
            return max(float(milliseconds) / 1000, 0)
        said = headers.get("retry-after", "")
        if not said:
            return None
        return max(float(said) if said.replace(".", "", 1).isdigit() else _until(said), 0)
    except ValueError:
        return None


def _until(date: str) -> float:
    return parsedate_to_datetime(date).timestamp() - time.time()

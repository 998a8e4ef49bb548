"""One request to an OpenAI-compatible endpoint, and what its answer or its failure means in our words."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import aiohttp
import httpx2
import openai
import structlog
from openai._vendor.httpx_aiohttp.transport import AiohttpTransport

from bot import network
from bot.adapters.endpoint import Endpoint, next_address, without_login
from bot.adapters.model_openai_answer import whole_text
from bot.adapters.model_openai_failure import meaning
from bot.adapters.model_openai_network import TROUBLES, trouble
from bot.adapters.model_openai_options import Options
from bot.adapters.model_openai_said import Said, said
from bot.adapters.model_openai_shapes import is_stream, joined
from bot.adapters.model_openai_usage import usage
from bot.research.errors import AnswerIncomplete, ModelError
from bot.research.model import Usage
from bot.research.ports import Call

log = structlog.get_logger(__name__)

CONNECT_SECONDS = 10  # more than any network that works takes; the whole call has its own limit
CONNECTIONS = 3_000  # three a run, for a thousand runs at once: the turns are the limit, never the pool
MOST_LESSONS = 8  # rejected options that one call may meet; each costs a moment, and is learned for all
PATHS = {"chat": "/chat/completions", "responses": "/responses"}


@dataclass(frozen=True)
class Answer:
    """A whole text and what it used."""

    text: str
    usage: Usage


class Wire:
    """The client for one endpoint; it learns which options its model does not take."""

    def __init__(self, endpoint: Endpoint) -> None:
        self._endpoint = endpoint
        self._options = Options(endpoint)
        self._doubted = False
        self._client = openai.AsyncOpenAI(
            api_key=endpoint.api_key,
            base_url=endpoint.base_url,
            max_retries=0,
            timeout=httpx2.Timeout(None, connect=CONNECT_SECONDS),
            http_client=openai.DefaultAioHttpClient(
                timeout=httpx2.Timeout(None, connect=CONNECT_SECONDS), transport=_transport()
            ),
        )

    @property
    def learned(self) -> list[str]:
        """What the model does not take, or takes instead, as clauses for an operator."""
        return self._options.learned

    async def close(self) -> None:
        """Close all connections."""
        await self._client.close()

    async def ask(self, call: Call) -> Answer:
        """Make one request; raises the ModelError that says why there is no whole text."""
        for calls in range(1, MOST_LESSONS + 1):
            sent = self._options.body(call)
            response = await self._send(sent, call.name, calls)
            self._doubt(response)
            if not response.failed:
                return self._read(response, calls)
            if not self._options.learn(response, sent):
                break
        raise _with(meaning(response), usage(response.body, self._endpoint, calls))

    def _doubt(self, response: Said) -> None:
        """Say once for all runs that the address leads to no model, and which one likely does."""
        if response.leads_elsewhere and not self._doubted:
            self._doubted = True
            url = self._endpoint.base_url
            likely = without_login(next_address(url))
            hint = {"likely": likely} if likely != without_login(url.rstrip("/")) else {}
            log.warning("model.address_wrong", setting="OPENAI_BASE_URL", api=self._endpoint.api, **hint)

    async def _send(self, body: dict[str, Any], name: str, calls: int) -> Said:
        """The response to one request, whatever its status."""
        headers = {"X-Client-Request-Id": name}
        path = PATHS[self._endpoint.api]
        try:
            response = await self._client.post(path, cast_to=httpx2.Response, body=body, options={"headers": headers})
            content = response.content
            if is_stream(response.headers.get("content-type", ""), content):
                content = joined(content)
            return said(response.status_code, response.headers, content)
        except openai.APIStatusError as error:
            return said(error.status_code, error.response.headers, error.response.content)
        except TROUBLES as error:
            raise _with(trouble(error), Usage(calls=calls)) from error

    def _read(self, response: Said, calls: int) -> Answer:
        """The whole text of an answer; what is cut, empty, malformed or refused is raised with what it used."""
        used = usage(response.body, self._endpoint, calls)
        try:
            if response.is_page:
                raise AnswerIncomplete("page", because="a web page came instead")
            return Answer(whole_text(response.body), used)
        except ModelError as error:
            raise _with(error, used) from error.__cause__


def _transport() -> AiohttpTransport:
    """The SDK's way over aiohttp, on a session of ours: its own reads proxies in another way than all else here."""

    def opened() -> aiohttp.ClientSession:
        return network.session(connector=aiohttp.TCPConnector(limit=CONNECTIONS, ssl=transport.ssl_context))

    transport = AiohttpTransport(client=opened)
    return transport


def _with(error: ModelError, used: Usage) -> ModelError:
    error.usage = used
    return error

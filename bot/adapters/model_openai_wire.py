"""One request to an OpenAI-compatible endpoint, and what its answer or its failure means in our words."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import Any

import httpx2
import openai
import structlog

from bot.adapters.endpoint import Endpoint, next_address, without_login
from bot.adapters.model_openai_answer import whole_text
from bot.adapters.model_openai_failure import meaning
from bot.adapters.model_openai_network import TROUBLES, UNREACHED, passed_on, trouble
from bot.adapters.model_openai_options import Options
from bot.adapters.model_openai_said import Said, said
from bot.adapters.model_openai_shapes import is_told
from bot.adapters.model_openai_transport import Heard, Transport, listener
from bot.adapters.model_openai_usage import usage
from bot.research.beside import beside, take_turn
from bot.research.errors import AnswerIncomplete, ModelError
from bot.research.model import Usage
from bot.research.ports import Call

log = structlog.get_logger(__name__)

CONNECT_SECONDS = 10  # more than any network that works takes; the whole call has its own limit
LARGE = 100_000  # bytes of a body whose reading takes longer than others shall wait: it is read beside them
MOST_LESSONS = 8  # rejected options that one call may meet; each costs a moment, and is learned for all
PATHS = {"chat": "/chat/completions", "responses": "/responses"}


@dataclass(frozen=True)
class RawAnswer:
    """A whole text and what it used."""

    text: str
    usage: Usage


class Wire:
    """The client for one endpoint; it learns which options its model does not take.

    With ``streamed`` answers come in streams, where the endpoint has them, so that it is known when one begins.
    """

    def __init__(self, endpoint: Endpoint, streamed: bool = False) -> None:
        self._endpoint = endpoint
        self._options = Options(endpoint, streamed)
        self._doubted = False
        self._client = openai.AsyncOpenAI(
            api_key=endpoint.api_key,
            base_url=endpoint.address,
            max_retries=0,
            timeout=httpx2.Timeout(None, connect=CONNECT_SECONDS),
            http_client=openai.DefaultAioHttpClient(
                timeout=httpx2.Timeout(None, connect=CONNECT_SECONDS), transport=Transport()
            ),
        )

    @property
    def learned(self) -> list[str]:
        """What the model does not take, or takes instead, as clauses for an operator."""
        return self._options.learned

    async def close(self) -> None:
        """Close all connections."""
        await self._client.close()

    @property
    def streams(self) -> bool:
        """Whether answers come in streams."""
        return self._options.streams

    async def ask(self, call: Call, heard: Heard | None = None) -> RawAnswer:
        """Make one request; raises the ModelError that says why there is no whole text.

        ``heard`` is told when the first token of a stream is there.
        """
        listener.set(heard)
        asked = call
        for calls in range(1, MOST_LESSONS + 1):
            sent = self._options.body(call)
            response = await self._send(sent, call.name, calls)
            self._doubt(response)
            if not response.failed:
                if "stream" in sent and not is_told(response.body):
                    self._options.garbled()
                return await beside(response.size, partial(self._read, response, calls), LARGE)
            if (learned := self._options.learn(response, sent, call)) is None:
                break
            call.permission.spent(Usage())
            if not await call.permission.again(asked):  # whatever was learned to be left out of it
                raise self._failure(response, calls, counted=True)
            call = learned
        raise self._failure(response, calls)

    def _failure(self, response: Said, calls: int, counted: bool = False) -> ModelError:
        error = _with(meaning(response), usage(response.body, self._endpoint, calls))
        error.counted = counted
        return error

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
        path = PATHS[self._endpoint.api]
        await take_turn()
        try:
            try:
                response = await self._client.post(
                    path,
                    cast_to=httpx2.Response,
                    body=body,
                    # Without a key of ours the SDK draws a random one, which takes half a millisecond here and there.
                    options={"headers": {"X-Client-Request-Id": name}, "idempotency_key": name},
                )
            except openai.APIStatusError as error:
                response = error.response
            if self._endpoint.through and (told := response.headers.get(UNREACHED)):
                raise _with(passed_on(told), Usage(calls=calls))
            content = response.content
            await take_turn(ahead=True)
            return await beside(len(content), lambda: said(response.status_code, response.headers, content), LARGE)
        except TROUBLES as error:
            if isinstance(error, ValueError) and "stream" in body:
                self._options.garbled()
            raise _with(trouble(error), Usage(calls=calls)) from error

    def _read(self, response: Said, calls: int) -> RawAnswer:
        """The whole text of an answer; what is cut, empty, malformed or refused is raised with what it used."""
        used = usage(response.body, self._endpoint, calls)
        try:
            if response.is_page:
                raise AnswerIncomplete("page", because="a web page came instead")
            return RawAnswer(whole_text(response.body), used)
        except ModelError as error:
            raise _with(error, used) from error.__cause__


def _with(error: ModelError, used: Usage) -> ModelError:
    error.usage = used
    return error

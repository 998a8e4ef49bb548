"""What Slack delivers, handed to Bolt: envelopes from a socket, requests over HTTP."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from typing import Any

from aiohttp import web
from slack_bolt.adapter.aiohttp import to_aiohttp_response, to_bolt_request
from slack_bolt.async_app import AsyncApp
from slack_bolt.request.async_request import AsyncBoltRequest
from slack_sdk.signature import SignatureVerifier

UNAVAILABLE = 503
TIMESTAMP_DIGITS = 12  # of seconds since the epoch, for the next thirty thousand years
LONGEST_SSL_CHECK = 200  # characters; it holds an old token and one field
RETRIES = {"retry_attempt": "x-slack-retry-num", "retry_reason": "x-slack-retry-reason"}


async def envelope(bolt: AsyncApp, delivered: dict[str, Any]) -> dict[str, Any] | None:
    """The body of the ack for an envelope, None if nobody took it."""
    headers: dict[str, str | Sequence[str]] = {
        header: str(delivered[key]) for key, header in RETRIES.items() if delivered.get(key) is not None
    }
    request = AsyncBoltRequest(mode="socket_mode", body=delivered.get("payload") or {}, headers=headers)
    response = await bolt.async_dispatch(request)
    if response.status != 200:
        return None
    if not response.body:
        return {}
    kind = response.headers.get("content-type", [""])[0]
    body: dict[str, Any] = json.loads(response.body) if kind.startswith("application/json") else {"text": response.body}
    return body


def is_ssl_check(body: str) -> bool:
    """Whether a body is only there to see whether somebody answers; nothing comes of it."""
    fields = body[:LONGEST_SSL_CHECK].split("&")
    return len(body) <= LONGEST_SSL_CHECK and "ssl_check=1" in fields and not any("command=" in each for each in fields)


class Gate:
    """Lets signed requests through to Bolt, and nothing else: Bolt reads a body before it checks who sent it.

    While it is not ``is_open`` nothing is taken: a command is answered with ``refusal``, the rest
    Slack delivers again.
    """

    def __init__(
        self, bolt: AsyncApp, signing_secret: str, is_open: Callable[[], bool], refusal: dict[str, Any]
    ) -> None:
        self._bolt, self._verifier = bolt, SignatureVerifier(signing_secret)
        self._is_open, self._refusal = is_open, refusal

    async def __call__(self, sent: web.Request) -> web.Response:
        """Bolt's answer; 401 for what Slack did not sign or signed too long ago, 400 for what cannot be read."""
        try:
            body = await sent.text()
            if is_ssl_check(body):  # Slack looks at our certificate, and need not sign that
                return web.Response()
            if not self._signed(sent, body):
                return web.json_response({"error": "invalid request"}, status=401)
            asked = await to_bolt_request(sent)
        except (ValueError, TypeError, AttributeError, KeyError, RecursionError):  # signed, yet no form and no object
            return web.json_response({"error": "unreadable request"}, status=400)
        if not self._is_open():
            is_command = "command" in asked.body
            return web.json_response(self._refusal) if is_command else web.Response(status=UNAVAILABLE)
        return await to_aiohttp_response(await self._bolt.async_dispatch(asked))

    def _signed(self, sent: web.Request, body: str) -> bool:
        timestamp = sent.headers.get("X-Slack-Request-Timestamp", "")
        signature = sent.headers.get("X-Slack-Signature", "")
        readable = timestamp.isascii() and timestamp.isdigit() and len(timestamp) <= TIMESTAMP_DIGITS
        if not (readable and signature.isascii()):  # the verifier would break on it
            return False
        return self._verifier.is_valid(body, timestamp, signature)

"""Requests over HTTP: what Slack did not sign is turned away before anything begins."""

from __future__ import annotations

import hashlib
import hmac
import io
import time
from typing import Any
from urllib.parse import urlencode

import aiohttp
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.playground.slack import Playground
from tests.support.story import Story, story

COMMAND = urlencode({"command": "/research", "text": "tea", "channel_id": "C1", "user_id": "U1", "trigger_id": "1.1"})
FORM = "application/x-www-form-urlencoded"
NOW = int(time.time())


def signed(body: str | bytes, timestamp: object = None, secret: str = Playground.signing_secret) -> dict[str, str]:
    """The headers of a request with this body."""
    at = str(int(time.time()) if timestamp is None else timestamp)
    digest = hmac.new(secret.encode(), f"v0:{at}:".encode() + _bytes(body), hashlib.sha256).hexdigest()
    signature = f"v0={digest}"
    return {"X-Slack-Request-Timestamp": at, "X-Slack-Signature": signature, "Content-Type": FORM}


def _bytes(body: str | bytes) -> bytes:
    return body.encode() if isinstance(body, str) else body


async def sent(told: Story, body: str | bytes, headers: dict[str, str]) -> tuple[int, str]:
    async with (
        aiohttp.ClientSession() as session,
        session.post(told.slack.events_url, data=io.BytesIO(_bytes(body)), headers=headers) as response,
    ):
        return response.status, await response.text()


BAD: list[tuple[str, dict[str, str]]] = [
    ("forged", signed(COMMAND, secret="somebody else's")),
    ("of another body", signed(COMMAND + "&more=1")),
    ("unsigned", {"Content-Type": FORM}),
    ("without a signature", {"X-Slack-Request-Timestamp": str(NOW), "Content-Type": FORM}),
    ("old", signed(COMMAND, NOW - 3_600)),
    ("from the future", signed(COMMAND, NOW + 3_600)),
    ("without a number", signed(COMMAND, "yesterday")),
    ("with another script's digits", signed(COMMAND, "١٧٠٠")),
    ("with half a number", signed(COMMAND, f"{NOW}.5")),
    ("beyond all time", signed(COMMAND, "9" * 400)),
    ("negative", signed(COMMAND, f"-{NOW}")),
    ("with a strange signature", signed(COMMAND) | {"X-Slack-Signature": "v0=ä"}),
]


@pytest.mark.parametrize("headers", [headers for _, headers in BAD], ids=[name for name, _ in BAD])
async def test_what_slack_did_not_sign_is_turned_away(headers: dict[str, str]) -> None:
    """The address is public: anybody may try."""
    async with story("http") as told:
        status, _ = await sent(told, COMMAND, headers)
        assert status == 401
        assert told.slack.calls[1:] == []
        assert len(told.bot.desk.active_runs) == 0


async def test_a_request_that_is_too_large_is_turned_away() -> None:
    """Reading it would cost memory before anybody is known."""
    async with story("http") as told:
        body = "x" * 2_000_000
        assert (await sent(told, body, signed(body)))[0] == 413


@pytest.mark.parametrize("body", ["{", "[]", '{"payload": 1', "payload=[1", "payload=1", b"\xff\xfe", ""])
async def test_a_signed_request_that_makes_no_sense_is_no_fault_of_ours(body: Any) -> None:
    """4xx ends it; 5xx would have it delivered again and again."""
    async with story("http") as told:
        status, _ = await sent(told, body, signed(body))
        assert 400 <= status < 500


@pytest.mark.parametrize("body", ["[" * 100_000, '{"a":' * 100_000, "null", "{"])
async def test_a_body_that_cannot_be_read_is_turned_away(body: str) -> None:
    """Signed or not, it must not look like a fault of ours."""
    async with story("http") as told:
        status, _ = await sent(told, body, signed(body) | {"Content-Type": "application/json"})
        assert status == 400


async def test_slack_may_verify_the_address() -> None:
    """Else the app cannot be set up."""
    async with story("http") as told:
        body = '{"type": "url_verification", "challenge": "3eZbrw1a"}'
        status, text = await sent(told, body, signed(body) | {"Content-Type": "application/json"})
        assert (status, "3eZbrw1a" in text) == (200, True)


async def test_a_command_delivered_again_with_a_retry_header_is_taken_once() -> None:
    """The first delivery may have been lost, or only its answer."""
    async with story("http") as told:
        before = len(told.slack.messages(told.channel.id))
        for retry in ({}, {"X-Slack-Retry-Num": "1", "X-Slack-Retry-Reason": "http_timeout"}):
            body = COMMAND.replace("C1", told.channel.id)
            assert (await sent(told, body, signed(body) | retry))[0] == 200
        root = await told.newest(before)
        await told.ended(root)
        assert len(told.slack.messages(told.channel.id)) == 1


bodies = st.binary(max_size=200) | st.dictionaries(
    st.sampled_from(["a", "payload", "command"]), st.text(max_size=20)
).map(lambda form: urlencode(form, errors="replace").encode())


@settings(max_examples=5)
@given(st.lists(bodies, min_size=30, max_size=60))
async def test_no_signed_body_breaks_the_gate(several: list[bytes]) -> None:
    """Whatever comes, it is answered."""
    async with story("http") as told:
        for body in several:
            assert (await sent(told, body, signed(body)))[0] < 500

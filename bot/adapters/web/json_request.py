"""One request to a provider of searches, whose answer is JSON of a bounded size."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

import aiohttp

from bot.network import network_cause
from bot.research.errors import SearchError

MOST = 2_000_000  # bytes of an answer
CHUNK = 65_536
USUAL = {401: "search_key", 402: "search_credit", 403: "search_key", 408: "search_late", 429: "search_rate"}
CODE = re.compile(rb'"(?:code|tag)"\s{0,9}:\s{0,9}"([A-Za-z_-]{3,60})"')
MOST_CODES = 3


class Refusal(SearchError):
    """A provider has answered that it does not search."""


async def asked(
    session: aiohttp.ClientSession, method: str, url: str, causes: Mapping[int, str] | None = None, **sent: Any
) -> dict[str, Any]:
    """The JSON object that is answered. Raises SearchError, a Refusal where a status says no.

    ``causes`` are those of statuses of unusual meaning.
    """
    try:
        async with session.request(method, url, allow_redirects=False, **sent) as response:
            body = await _body(response)
    except TimeoutError as error:
        raise SearchError("search_late") from error
    except (aiohttp.ClientError, OSError, ValueError) as error:
        raise SearchError("search_down", network_cause(error)) from error
    if response.status != 200:
        cause = (causes or {}).get(response.status) or _cause(response.status)
        raise Refusal(cause, _said(response, body), _retry_after(response.headers))
    return _read(body)


async def _body(response: aiohttp.ClientResponse) -> bytes:
    body = bytearray()
    async for chunk in response.content.iter_chunked(CHUNK):
        body += chunk
        if len(body) > MOST:
            raise SearchError("search_unintelligible", f"more than {MOST:,} bytes")
    return bytes(body)


def _cause(status: int) -> str:
    if status >= 500:
        return "search_down"
    return USUAL.get(status, "search_refused" if status >= 400 else "search_unintelligible")


def _said(response: aiohttp.ClientResponse, body: bytes) -> str:
    """The status, with the codes that came with it or the host that we are sent to: never words, which may be ours."""
    codes = [code.decode() for code in CODE.findall(body[:CHUNK])]
    host = urlsplit(response.headers.get("Location", "")).netloc.rpartition("@")[2]
    return " ".join([f"HTTP {response.status}", *codes[:MOST_CODES], *([f"to {host}"] if host else [])])


def _retry_after(headers: Mapping[str, str]) -> float | None:
    """Seconds until we may ask again, None where that is not said; Brave says it for the second and the month."""
    for name in ("Retry-After", "X-RateLimit-Reset"):
        value = headers.get(name, "").partition(",")[0].strip()
        if value.isdecimal() and value.isascii():
            return float(value)
    return None


def _read(body: bytes) -> dict[str, Any]:
    try:
        answer = json.loads(body)
    except (ValueError, RecursionError) as error:
        raise SearchError("search_unintelligible", "what it answers is no JSON") from error
    if not isinstance(answer, dict):
        raise SearchError("search_unintelligible", "what it answers is no JSON object")
    return answer


def listed(answer: Mapping[str, Any], *path: str) -> list[dict[str, Any]]:
    """The objects of a list within an answer; none where there is no such list."""
    found: Any = answer
    for name in path:
        found = found.get(name) if isinstance(found, dict) else None
    return [each for each in found if isinstance(each, dict)] if isinstance(found, list) else []


def text(entry: Mapping[str, Any], *names: str) -> str:
    """The first of these values that is a text, "" if none is."""
    return next((value for name in names if isinstance(value := entry.get(name), str) and value.strip()), "")

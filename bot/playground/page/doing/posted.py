"""What the page's script posts: read with care, refused in sentences."""

from __future__ import annotations

import json
from typing import Any

from aiohttp import web

from bot.playground.page.refusals import Refused

Body = dict[str, Any]
MOST_BYTES = 256 * 1024
MALFORMED = Refused(400, "The page sent something that the playground does not understand. Load it again.")


async def body(request: web.Request) -> Body:
    """The JSON object that was sent; raises Refused."""
    if request.content_type != "application/json":
        raise Refused(415, "Send JSON.")
    try:
        told = json.loads(await request.read())
    except (ValueError, RecursionError):
        raise MALFORMED from None
    if not isinstance(told, dict):
        raise MALFORMED
    return told


def text(told: Body, name: str) -> str:
    """A text of it, "" if it is not there; raises Refused for anything else."""
    value = told.get(name, "")
    if not isinstance(value, str):
        raise MALFORMED
    return str(_whole(value))


def values(told: Body) -> dict[str, Any]:
    """What fields hold, by action id: a text, an id, the value of an option, a list of those, None for nothing."""
    given = told.get("values", {})
    if not isinstance(given, dict) or not all(_is_value(each) for each in given.values()):
        raise MALFORMED
    return {name: _whole(value) for name, value in given.items()}


def _whole(value: Any) -> Any:
    """A text in which half characters, which JSON can hold and UTF-8 cannot, are question marks; else as it is."""
    return value.encode(errors="replace").decode() if isinstance(value, str) else value


def _is_value(value: object) -> bool:
    if isinstance(value, list):
        return all(isinstance(each, str) for each in value)
    return value is None or isinstance(value, str)

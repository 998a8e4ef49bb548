"""What the page's script sends: read with care, refused in sentences."""

from __future__ import annotations

import json
from typing import Any

from aiohttp import web

from bot.playground.page.people import PEOPLE

Body = dict[str, Any]
MOST_BYTES = 256 * 1024


class Refused(Exception):
    """What was asked for cannot be done; ``said`` tells why, ``status`` is HTTP's."""

    def __init__(self, status: int, said: str) -> None:
        super().__init__(said)
        self.status, self.said = status, said


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


def speaker(name: str | None) -> str:
    """The id of one of the people; raises Refused."""
    if name not in PEOPLE:
        raise Refused(400, "Nobody of that name speaks here.")
    return name


def values(told: Body) -> dict[str, Any]:
    """What fields hold, by action id: a text, an id, the value of an option, a list of those, None for nothing."""
    given = told.get("values", {})
    if not isinstance(given, dict) or not all(_is_value(each) for each in given.values()):
        raise MALFORMED
    return {
        name: value.encode(errors="replace").decode() if isinstance(value, str) else value
        for name, value in given.items()
    }


def _whole(value: Any) -> Any:
    """A text in which half characters, which JSON can hold and UTF-8 cannot, are question marks; else as it is."""
    return value.encode(errors="replace").decode() if isinstance(value, str) else value


def _is_value(value: object) -> bool:
    if isinstance(value, list):
        return all(isinstance(each, str) for each in value)
    return value is None or isinstance(value, str)

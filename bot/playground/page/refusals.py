"""What cannot be done on the page, told in sentences."""

from __future__ import annotations

from collections.abc import Callable

import structlog
from aiohttp import web
from aiohttp.typedefs import Handler, Middleware

log = structlog.get_logger(__name__)

SENTENCES = {
    404: "There is no such page here.",
    405: "That cannot be done here.",
    413: "That is more than the playground takes at once.",
}


class Refused(Exception):
    """What was asked for cannot be done; ``said`` tells why, ``status`` is HTTP's."""

    def __init__(self, status: int, said: str) -> None:
        super().__init__(said)
        self.status, self.said = status, said


def in_sentences(sorry: Callable[[str], str]) -> Middleware:
    """Tell refusals and failures in a sentence: people on a page that ``sorry`` makes, the page's script as JSON."""

    def told(request: web.Request, status: int, said: str) -> web.Response:
        if request.method == "GET" and not request.path.startswith("/shown/"):
            return web.Response(status=status, text=sorry(said), content_type="text/html")
        return web.json_response({"said": said}, status=status)

    @web.middleware
    async def plainly(request: web.Request, handler: Handler) -> web.StreamResponse:
        try:
            return await handler(request)
        except Refused as refused:
            refused.__traceback__ = None  # the same one is raised each time: it would keep every request
            return told(request, refused.status, refused.said)
        except web.HTTPException as answer:
            if answer.status not in SENTENCES:
                raise
            return told(request, answer.status, SENTENCES[answer.status])
        except Exception:
            log.exception("page.crashed", path=request.path)
            return told(request, 500, "Something went wrong in the playground itself. Its terminal says what.")

    return plainly

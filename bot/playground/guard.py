"""Who may speak to a server on loopback: whoever names it by its own address, and no page of another origin.

Any web page may send forms and open sockets to this machine, or have its own name lead here; browsers say so in Host,
Origin and Sec-Fetch-Site, which no page can change.
"""

from __future__ import annotations

from aiohttp import web
from aiohttp.typedefs import Handler, Middleware

NAMES = ("127.0.0.1", "localhost", "[::1]")
REFUSED = "This address of the playground answers only its own pages, opened on this machine."
OWN = ("same-origin", "none", None)  # where a browser says that a request comes from; none is a person
HTTP_PORT = 80
TOO_MANY = "So many pages of the playground are open already. Close some."


@web.middleware
async def guarded(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Refuse with a 403 what is sent under another name, or by a page of another origin; a link may lead here."""
    if not _is_named(request) or not _is_from_here(request):
        return web.Response(status=403, text=REFUSED)
    return await handler(request)


def bounded(path: str, most: int) -> Middleware:
    """Let at most so many requests of this path be under way at once; others are refused with a 503."""
    under_way = 0

    @web.middleware
    async def within(request: web.Request, handler: Handler) -> web.StreamResponse:
        nonlocal under_way
        if request.path != path:
            return await handler(request)
        if under_way >= most:
            refusal = web.Response(status=503, text=TOO_MANY)
            refusal.force_close()  # an idle connection would take as much as one in use
            return refusal
        under_way += 1
        try:
            return await handler(request)
        finally:
            under_way -= 1

    return within


def _is_named(request: web.Request) -> bool:
    """Whether it is addressed to this very server by a name that can only be this machine's."""
    return request.headers.get("Host", "").lower() in _addresses(request)


def _is_from_here(request: web.Request) -> bool:
    origin, site = request.headers.get("Origin"), request.headers.get("Sec-Fetch-Site")
    if origin is not None:
        return origin.lower() == f"http://{request.headers['Host'].lower()}"
    is_link = request.method == "GET" and request.headers.get("Sec-Fetch-Mode") == "navigate"
    return site in OWN or (is_link and request.headers.get("Sec-Fetch-Dest") == "document")


def _addresses(request: web.Request) -> list[str]:
    socket = request.transport.get_extra_info("sockname") if request.transport else None
    port = socket[1] if socket else 0
    return [f"{name}:{port}" for name in NAMES] + [*NAMES] * (port == HTTP_PORT)

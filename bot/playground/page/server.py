"""The page's server: what people see, what they do, and that something changed."""

from __future__ import annotations

from datetime import UTC, datetime, tzinfo
from pathlib import Path

from aiohttp import web
from aiohttp.typedefs import Middleware
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from bot.playground.controls import Controls
from bot.playground.page.doing.posted import MOST_BYTES
from bot.playground.page.doing.routes import Doing
from bot.playground.page.headers import secured
from bot.playground.page.people import PEOPLE, settle
from bot.playground.page.refusals import in_sentences
from bot.playground.page.seeing.routes import Looking
from bot.playground.page.seeing.window import Window
from bot.playground.page.stream import Stream
from bot.playground.slack import Playground

HERE = Path(__file__).parent
TYPES = {"css": "text/css", "js": "text/javascript", "svg": "image/svg+xml"}


def pages(slack: Playground, controls: Controls, guarded: Middleware, zone: tzinfo | None = None) -> web.Application:
    """The page of a workspace, in which people and channels are there from now on.

    ``guarded`` refuses callers from elsewhere; ``zone`` is that of the readers' clock, by default this machine's.
    """
    settle(slack.workspace)
    templates = Environment(loader=FileSystemLoader(HERE / "templates"), autoescape=True, undefined=StrictUndefined)
    templates.globals |= {"people": PEOPLE, "controls": controls}

    def sorry(said: str) -> str:
        return templates.get_template("sorry.html").render(said=said)

    app = web.Application(middlewares=[guarded, in_sentences(sorry)], client_max_size=MOST_BYTES)
    app.on_response_prepare.append(secured)
    window = Window(slack, controls, templates.get_template("parts.html").module, zone or _own_zone())
    Looking(slack, window, templates).register(app.router)
    Doing(slack, controls).register(app.router)
    stream = Stream(slack.workspace)
    app.router.add_get("/events", stream.serve)
    app.on_shutdown.append(stream.end)
    app.router.add_get("/static/{name}", _static)
    return app


def _own_zone() -> tzinfo:
    return datetime.now(UTC).astimezone().tzinfo or UTC


async def _static(request: web.Request) -> web.Response:
    """One of the files beside the templates."""
    name = request.match_info["name"]
    path = HERE / "static" / name
    kind = TYPES.get(path.suffix.lstrip("."))
    if "/" in name or not kind or not path.is_file():
        raise web.HTTPNotFound
    return web.Response(body=path.read_bytes(), content_type=kind, charset="utf-8")

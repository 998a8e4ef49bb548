"""What can be looked at: places as pages and as what changed in them, permalinks, files."""

from __future__ import annotations

from typing import NoReturn

from aiohttp import web
from jinja2 import Environment

from bot.playground.page.people import ASKER, FIRST, direct, open_to, speaker
from bot.playground.page.refusals import Refused
from bot.playground.page.seeing.documents import Stored
from bot.playground.page.seeing.place import Place, permalink
from bot.playground.page.seeing.window import NotThere, Shown, Sight, Window
from bot.playground.slack import Playground

NOT_THERE = Refused(404, "There is no such conversation here, or it is not yours to read.")


class Looking:
    """Answers with what people see."""

    def __init__(self, slack: Playground, window: Window, templates: Environment) -> None:
        self._workspace, self._window, self._templates = slack.workspace, window, templates
        self._stored = Stored(slack, templates)

    def register(self, routes: web.UrlDispatcher) -> None:
        """Answer these addresses."""
        routes.add_get("/", self._first)
        routes.add_get("/archives/{tail:.+}", self._permalink)
        for path in ("/c/{channel}", "/c/{channel}/t/{thread}", "/home", "/dm"):
            routes.add_get(path, self._page)
            routes.add_get(f"/shown{path}", self._shown)
        for kind in ("files", "canvases"):
            routes.add_get(f"/{kind}/{{id}}", self._opened)
            routes.add_get(f"/{kind}/{{id}}/download", self._downloaded)

    async def _first(self, request: web.Request) -> NoReturn:
        channels = open_to(self._workspace, ASKER).values()
        raise web.HTTPFound(Place(next(each.id for each in channels if each.name == FIRST)).path)

    async def _permalink(self, request: web.Request) -> NoReturn:
        if path := permalink(request.path, request.query_string):
            raise web.HTTPFound(path)
        raise NOT_THERE

    async def _page(self, request: web.Request) -> web.Response:
        since = self._workspace.next_ts()
        sight = self._sight(request, since)
        page = self._templates.get_template("page.html")
        html = page.render(shown=self._look(sight), since=since, who=sight.user)
        return web.Response(text=html, content_type="text/html")

    async def _shown(self, request: web.Request) -> web.Response:
        return web.json_response(self._look(self._sight(request, request.query.get("since", ""))).as_sent())

    def _sight(self, request: web.Request, since: str) -> Sight:
        """Who looks at what by this address; raises Refused."""
        user, channel = speaker(request.query.get("as", ASKER)), request.match_info.get("channel")
        if channel is None:
            is_home = request.path.endswith("/home")
            return Sight(user, Place(direct(self._workspace, user).id, home=is_home), since)
        return Sight(user, Place(channel, request.match_info.get("thread", "")), since)

    def _look(self, sight: Sight) -> Shown:
        try:
            return self._window.shown(sight)
        except NotThere:
            raise NOT_THERE from None

    async def _opened(self, request: web.Request) -> web.Response:
        return self._stored.opened(request.match_info["id"], request.path, self._window.names(ASKER))

    async def _downloaded(self, request: web.Request) -> web.Response:
        return self._stored.downloaded(request.match_info["id"])

"""The server of the playground: one address for all of Slack, and the ways from Slack to the app."""

from __future__ import annotations

import itertools
import time
from collections import Counter
from collections.abc import Callable
from typing import Any, Self

from aiohttp import web
from yarl import URL

from bot.playground.guard import guarded
from bot.playground.slack.answers import Asked, PrivateAnswer
from bot.playground.slack.canvases import Canvas
from bot.playground.slack.chat import Chat
from bot.playground.slack.checks import Check
from bot.playground.slack.delivery import Delivery, Kind, Sockets, post
from bot.playground.slack.events import Events
from bot.playground.slack.faults import Fault
from bot.playground.slack.files import Files, Upload
from bot.playground.slack.methods import Methods
from bot.playground.slack.news import News
from bot.playground.slack.triggers import Triggers
from bot.playground.slack.views import Views
from bot.playground.slack.webapi import ApiCall, WebApi
from bot.playground.slack.workspace import PATIENCE, Message, Payload, Workspace

RESPONSE_URL_USES = 5


class Server:
    """A Slack workspace on a free port of loopback; an async context manager.

    Socket Mode from the first open socket on, else HTTP to ``events_url``. ``checks`` are further opinions on payloads,
    ``scopes`` those of the bot token (None: all); with ``rated`` Slack's rate limits hold. ``subscribed`` are the
    events of the manifest (None: all); with ``echo`` the app is also told of its own messages, as Slack does.
    """

    host = "127.0.0.1"  # where it listens; "::1" for IPv6
    bot_token = "xoxb-playground"
    app_token = "xapp-playground"
    signing_secret = "0123456789abcdef0123456789abcdef"
    ticket = "ticket"  # stands in every address that Slack gives out: who knows one needs no token there

    def __init__(
        self,
        checks: list[Check] | None = None,
        scopes: set[str] | None = None,
        rated: bool = False,
        subscribed: set[str] | None = None,
        echo: bool = False,
    ) -> None:
        self.workspace = Workspace()
        self.sockets = Sockets(self.workspace)
        self.triggers = Triggers(time.monotonic)
        self.views = Views(self.workspace, self.triggers)
        self.events = Events(self.workspace, self.deliver, self._reachable, subscribed, scopes)
        self.events_url = ""
        self._news = News(self.workspace, self.events)
        chat = Chat(self.workspace, checks or [], self._news if echo else None)
        self._files = Files(self.workspace, chat)
        self._methods = Methods(self.workspace, chat, self._files, self.views, scopes)
        self._api = WebApi(self.workspace, self._methods, (self.bot_token, self.app_token), rated)
        self._reply_uses: Counter[str] = Counter()
        self._replied: set[str] = set()
        self._reply_askers: dict[str, Asked] = {}
        self._reply_numbers = itertools.count(1)

    async def __aenter__(self) -> Self:
        app = web.Application(middlewares=[guarded])
        app.router.add_route("*", "/api/{method}", self._api.serve)
        app.router.add_get(f"/link/{self.ticket}", self.sockets.serve)
        app.router.add_post(f"/response/{self.ticket}/{{name}}", self._response)
        app.router.add_post(f"/upload/{self.ticket}/{{file}}", self._upload)
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
        await self._runner.setup()
        await web.TCPSite(self._runner, self.host, 0).start()
        address = URL.build(scheme="http", host=self.host, port=self._runner.addresses[0][1])
        self._address = str(address.host_port_subcomponent)
        self._api.socket_url = f"ws://{self._address}/link/{self.ticket}"
        self._files.address = f"http://{self._address}/upload/{self.ticket}/"
        return self

    async def __aexit__(self, *failure: object) -> None:
        self._api.end()
        await self.events.close()
        await self.sockets.close()
        await self._runner.cleanup()

    @property
    def api_url(self) -> str:
        """What the bot takes for SLACK_API_URL."""
        return f"http://{self._address}/api/"

    @property
    def calls(self) -> list[ApiCall]:
        """All calls of the Web API, in order."""
        return self._api.calls

    @property
    def refusal(self) -> str:
        """Slack's code once it takes our bot token no more, "" as long as it does."""
        return self._api.refusal

    @refusal.setter
    def refusal(self, code: str) -> None:
        self._api.refusal = code

    @property
    def violations(self) -> list[str]:
        """Why messages, views and acks would not have been taken by Slack."""
        return self.workspace.violations

    @property
    def answers(self) -> list[PrivateAnswer]:
        """What only one person saw."""
        return self.workspace.answers

    @property
    def uploads(self) -> list[Upload]:
        """The files that the bot announced, in order."""
        return list(self._files.uploads.values())

    @property
    def canvases(self) -> list[Canvas]:
        """The canvases that the bot made, in order."""
        return list(self._methods.canvases.pages.values())

    def restore(self, uploads: list[Upload], canvases: list[Canvas]) -> None:
        """Let these files and canvases be there again."""
        self._files.uploads.update((upload.id, upload) for upload in uploads)
        self._methods.canvases.pages.update((canvas.id, canvas) for canvas in canvases)

    def fault(self, method: str, **how: Any) -> None:
        """Let something go wrong; see Fault."""
        self._api.faults.add(Fault(method, **how))

    def messages(self, channel: str) -> list[Message]:
        """The messages of a channel that are not replies, as they stand."""
        return [m for m in self.workspace.channels[channel].messages if not m.thread_ts and not m.deleted]

    def thread(self, root: Message) -> list[Message]:
        """The replies to a message, in order."""
        return self.workspace.channels[root.channel].replies(root.ts)

    async def until(self, holds: Callable[[], Any], seconds: float = PATIENCE) -> None:
        """Wait until this holds; looked at with every change. Raises AssertionError that tells what happened."""
        await self.workspace.until(holds, seconds, lambda: "\n".join([*self._api.told(), *self.violations]))

    async def deliver(self, kind: Kind, payload: Payload, **retry: Any) -> Delivery:
        """Deliver a payload the way the app wants it; what the ack of a command says, only the asker sees.

        It stands where the command was typed, before what the app says in the channel meanwhile.
        """
        typed_at = self.workspace.next_ts()
        if self.sockets.opened:
            delivery = await self.sockets.deliver(kind, payload, retry)
        else:
            delivery = await post(self.events_url, self.signing_secret, kind, payload, retry)
        if delivery.payload and kind == "slash_commands":
            self._answered(Asked(payload["user_id"], payload["channel_id"]), delivery.payload, typed_at)
        return delivery

    async def _reachable(self) -> None:
        while self.sockets.opened and not len(self.sockets):
            await self.workspace.change()

    def _reply_url(self, asked: Asked) -> str:
        name = str(next(self._reply_numbers))
        self._reply_askers[name] = asked
        return f"http://{self._address}/response/{self.ticket}/{name}"

    def replied(self, reply_url: str) -> bool:
        """Whether this response_url has taken an answer."""
        return reply_url.rpartition("/")[2] in self._replied

    def _answered(self, asked: Asked, payload: Payload, at: str = "") -> None:
        self.answers.append(asked.answered(payload, at or self.workspace.next_ts()))
        self.workspace.changed()

    async def _response(self, request: web.Request) -> web.Response:
        name = request.match_info["name"]
        self._reply_uses[name] += 1
        if self._reply_uses[name] > RESPONSE_URL_USES:
            return web.Response(status=404, text="used_url")
        answer = await request.json()
        if (fault := self._api.faults.take("response_url", answer)).error:
            return web.Response(status=400, text=fault.error)
        self._replied.add(name)
        self._answered(self._reply_askers[name], answer)
        return web.Response(text="ok")

    async def _upload(self, request: web.Request) -> web.Response:
        content = await request.read()
        if not self._files.take(request.match_info["file"], content):
            return web.Response(status=400, text="the file was not announced, or not with this length")
        return web.Response(text=f"OK - {len(content)}")

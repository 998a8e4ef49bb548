"""What can be done on the page, each thing by whoever speaks: taken from the page's script, told to our Slack."""

from __future__ import annotations

import inspect
from collections.abc import Awaitable, Callable

from aiohttp import web
from aiohttp.typedefs import Handler

from bot.playground.controls import Controls
from bot.playground.page.doing.clicks import Clicks
from bot.playground.page.doing.composer import Composer
from bot.playground.page.doing.forms import Forms
from bot.playground.page.doing.posted import MALFORMED, Body, body, text
from bot.playground.page.people import open_to, speaker
from bot.playground.page.refusals import Refused
from bot.playground.slack import Playground

Do = Callable[[Body, str], Awaitable[None]]


class Doing:
    """Does what people do."""

    def __init__(self, slack: Playground, controls: Controls) -> None:
        self._slack, self._workspace, self._controls = slack, slack.workspace, controls
        self._composer, self._forms = Composer(slack), Forms(slack)
        self._clicks = Clicks(slack, self._forms)

    def register(self, routes: web.UrlDispatcher) -> None:
        """Answer these addresses, to which the page's script posts."""
        clicks, forms = self._clicks, self._forms
        things: dict[str, Do] = {"say": self._say, "click": clicks.click, "shortcut": clicks.shortcut}
        things |= {"submit": forms.submit, "close": forms.close, "open": self._open}
        things |= {"apply": self._apply, "restart": self._restart}
        for name, do in things.items():
            routes.add_post(f"/{name}", _by_somebody(do))

    async def _say(self, told: Body, user: str) -> None:
        """Send what was typed; raises Refused."""
        channel = open_to(self._workspace, user).get(text(told, "channel"))
        thread_ts = text(told, "thread")
        if not channel or (thread_ts and not any(each.ts == thread_ts for each in channel.messages)):
            raise Refused(404, "There is no such conversation any more.")
        await self._composer.send(text(told, "text"), user, channel, thread_ts)

    async def _open(self, told: Body, user: str) -> None:
        """Open one of the app's tabs, of which the app hears."""
        tab = text(told, "tab")
        if tab not in ("home", "messages"):
            raise MALFORMED
        await self._slack.open_home(user, tab)

    async def _apply(self, told: Body, user: str) -> None:
        """Let something go wrong; raises Refused."""
        named = text(told, "fault")
        fault = next((each for each in self._controls.faults if each.name == named), None)
        if not fault:
            raise Refused(404, "There is no such fault.")
        begun = fault.apply()
        if inspect.isawaitable(begun):
            await begun
        self._workspace.changed()

    async def _restart(self, told: Body, user: str) -> None:
        """Kill the bot and start it again; raises Refused where it does not start."""
        await self._controls.bot.restart()
        self._workspace.changed()
        if self._controls.bot.state == "stopped":
            raise Refused(502, "The bot was killed and did not start again: its log says why.")


def _by_somebody(do: Do) -> Handler:
    async def done(request: web.Request) -> web.StreamResponse:
        told = await body(request)
        await do(told, speaker(text(told, "as")))
        return web.json_response({})

    return done

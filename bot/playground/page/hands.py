"""What people do with messages, forms and the Home tab: found again as it stands now, pressed, told to the app."""

from __future__ import annotations

from collections.abc import Awaitable
from dataclasses import replace
from typing import Any

from bot.playground.page.filled import fitting, known, missing
from bot.playground.page.people import open_to
from bot.playground.page.told import Body, Refused, text, values
from bot.playground.slack import Playground
from bot.playground.slack.answers import PrivateAnswer, standing
from bot.playground.slack.delivery import Delivery
from bot.playground.slack.elements import find
from bot.playground.slack.messages import Message
from bot.playground.slack.views import View

SHORTCUTS = {"research.shortcut": "Research this"}  # as the app's manifest has them

GONE = Refused(409, "This message was deleted meanwhile.")
CHANGED = Refused(409, "This button belongs to an older version of the message.")
CLOSED = Refused(409, "This form is closed.")
NO_ANSWER = Refused(502, "Research did not respond. Try again in a moment.")
TROUBLE = "We had some trouble connecting. Try again?"


class Hands:
    """Presses, chooses and fills in for the person who speaks."""

    def __init__(self, slack: Playground) -> None:
        self._slack, self._workspace = slack, slack.workspace

    async def click(self, told: Body, user: str) -> None:
        """Press a button or choose an option, where it was seen; raises Refused."""
        kind, _, rest = text(told, "where").partition("/")
        action_id, block = text(told, "action"), text(told, "block")
        option = told.get("option") if isinstance(told.get("option"), str) else None
        if kind == "view":
            await self._use_in_view(self._view(rest, user), told)
            return
        if kind == "answer":
            pressed = self._slack.press(self._answer(rest, user), action_id, user, option)
        else:
            message = self._message(rest, user)
            if text(told, "thread") == message.ts:  # pressed in its thread: what is answered is shown there
                message = replace(message, thread_ts=message.ts)
            pressed = self._slack.click(message, action_id, user, option, block)
        await _acknowledged(pressed)

    async def shortcut(self, told: Body, user: str) -> None:
        """Choose something in the menu of a message; raises Refused."""
        callback = text(told, "shortcut")
        if callback not in SHORTCUTS:
            raise CHANGED
        message = self._message(text(told, "where").removeprefix("message/"), user)
        await _acknowledged(self._slack.shortcut(callback, message, user))

    async def submit(self, told: Body, user: str) -> None:
        """Send a form; what is missing is said at its fields. Raises Refused."""
        view = self._view(text(told, "where").removeprefix("view/"), user)
        filled = known(view, values(told))
        if errors := missing(view, filled):
            view.errors = errors
            self._workspace.changed()
            return
        try:
            delivery = await self._slack.submit(view, filled)
        except AssertionError:
            raise CHANGED from None
        if not delivery.acked:
            view.errors = {"": TROUBLE}
        self._workspace.changed()

    async def close(self, told: Body, user: str) -> None:
        """Close a form, or all that lie on each other; one that is closed already stays so. Raises Refused."""
        view = self._view(text(told, "where").removeprefix("view/"), user)
        await self._slack.close(view, cleared=told.get("all") is True)
        self._workspace.changed()

    async def _use_in_view(self, view: View, told: Body) -> None:
        """Choose something in a form, whose app hears of it if it wants to, or in the Home tab."""
        action_id, block = text(told, "action"), text(told, "block")
        option: Any = told.get("option")
        try:
            holder, _ = find(view.blocks, action_id, block)
            self._slack.fill(view, fitting(view, values(told)))
        except AssertionError:
            raise CHANGED from None
        if holder["type"] != "input" or holder.get("dispatch_action"):
            await _acknowledged(self._slack.click(view, action_id, option=option, block=block))

    def _message(self, where: str, user: str) -> Message:
        channel, _, ts = where.partition("/")
        seen = open_to(self._workspace, user)
        message = seen[channel].find(ts) if channel in seen else None
        if not message:
            raise GONE
        return message

    def _answer(self, number: str, user: str) -> PrivateAnswer:
        for at, answer in standing(self._slack.answers):
            if str(at) == number and answer.user == user and answer.payload.get("blocks"):
                return answer
        raise CHANGED

    def _view(self, id_: str, user: str) -> View:
        views = [*self._slack.views.modals, *self._slack.views.homes.values()]
        view = next((each for each in views if each.id == id_ and each.user == user), None)
        if not view or not view.is_open:
            raise CLOSED
        return view


async def _acknowledged(pressed: Awaitable[Delivery]) -> None:
    """Wait until the app has heard; raises Refused where there is nothing to press any more, or no answer."""
    try:
        delivery = await pressed
    except AssertionError:
        raise CHANGED from None
    if not delivery.acked:
        raise NO_ANSWER

"""What people press and choose in messages and private answers: found again as it stands now, told to the app."""

from __future__ import annotations

from dataclasses import replace

from bot.playground.page.doing.delivered import CHANGED, acknowledged
from bot.playground.page.doing.forms import Forms
from bot.playground.page.doing.posted import Body, text
from bot.playground.page.people import open_to
from bot.playground.page.refusals import Refused
from bot.playground.slack import Playground
from bot.playground.slack.answers import PrivateAnswer, standing
from bot.playground.slack.messages import Message

SHORTCUTS = {"research.shortcut": "Research this"}  # as the app's manifest has them

GONE = Refused(409, "This message was deleted meanwhile.")


class Clicks:
    """Presses and chooses for the person who speaks; what stands in a view is for ``forms``."""

    def __init__(self, slack: Playground, forms: Forms) -> None:
        self._slack, self._workspace, self._forms = slack, slack.workspace, forms

    async def click(self, told: Body, user: str) -> None:
        """Press a button or choose an option, where it was seen; raises Refused."""
        kind, _, rest = text(told, "where").partition("/")
        if kind == "view":
            await self._forms.use(told, user)
            return
        action_id, block = text(told, "action"), text(told, "block")
        option = told.get("option") if isinstance(told.get("option"), str) else None
        if kind == "answer":
            pressed = self._slack.press(self._answer(rest, user), action_id, user, option)
        else:
            message = self._message(rest, user)
            if text(told, "thread") == message.ts:  # pressed in its thread: what is answered is shown there
                message = replace(message, thread_ts=message.ts)
            pressed = self._slack.click(message, action_id, user, option, block)
        await acknowledged(pressed)

    async def shortcut(self, told: Body, user: str) -> None:
        """Choose something in the menu of a message; raises Refused."""
        callback = text(told, "shortcut")
        if callback not in SHORTCUTS:
            raise CHANGED
        message = self._message(text(told, "where").removeprefix("message/"), user)
        await acknowledged(self._slack.shortcut(callback, message, user))

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

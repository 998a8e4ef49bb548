"""Forms and the Home tab: filled in, sent and closed by whoever has them before them."""

from __future__ import annotations

from typing import Any

from bot.playground.page.doing.delivered import CHANGED, acknowledged
from bot.playground.page.doing.posted import Body, text, values
from bot.playground.page.refusals import Refused
from bot.playground.slack import Playground, forms
from bot.playground.slack.elements import FIELDS, find, standing
from bot.playground.slack.views import View

CLOSED = Refused(409, "This form is closed.")
TROUBLE = "We had some trouble connecting. Try again?"


class Forms:
    """Fills in, sends and closes for the person who speaks."""

    def __init__(self, slack: Playground) -> None:
        self._slack, self._workspace = slack, slack.workspace

    async def submit(self, told: Body, user: str) -> None:
        """Send a form; what it lacks is said at its fields. Raises Refused."""
        view = self._view(text(told, "where"), user)
        filled = _known(view, values(told))
        if errors := forms.lacking(view, filled):
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
        await self._slack.close(self._view(text(told, "where"), user), cleared=told.get("all") is True)
        self._workspace.changed()

    async def use(self, told: Body, user: str) -> None:
        """Choose something in a form, whose app hears of it if it wants to, or in the Home tab; raises Refused."""
        view = self._view(text(told, "where"), user)
        action_id, block = text(told, "action"), text(told, "block")
        option: Any = told.get("option")
        try:
            holder, _ = find(view.blocks, action_id, block)
            self._slack.fill(view, _fitting(view, values(told)))
        except AssertionError:
            raise CHANGED from None
        if holder["type"] != "input" or holder.get("dispatch_action"):
            await acknowledged(self._slack.click(view, action_id, option=option, block=block))

    def _view(self, where: str, user: str) -> View:
        id_ = where.removeprefix("view/")
        views = [*self._slack.views.modals, *self._slack.views.homes.values()]
        view = next((each for each in views if each.id == id_ and each.user == user), None)
        if not view or not view.is_open:
            raise CLOSED
        return view


def _known(view: View, filled: dict[str, Any]) -> dict[str, Any]:
    """Of what was filled in, what there are fields for; an empty text is none."""
    fields = {element["action_id"]: element for _, element in standing(view.blocks) if element["type"] in FIELDS}
    return {name: value or (None if value == "" else value) for name, value in filled.items() if name in fields}


def _fitting(view: View, filled: dict[str, Any]) -> dict[str, Any]:
    """Of what is filled in so far, what a form would take: the rest is still being typed."""
    taken = _known(view, filled)
    wrong = forms.lacking(view, taken)
    blocks = {element["action_id"]: block["block_id"] for block, element in standing(view.blocks)}
    return {name: value for name, value in taken.items() if blocks[name] not in wrong}
